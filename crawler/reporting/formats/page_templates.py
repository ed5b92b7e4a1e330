"""The templates of the formats that are HTML: every value is escaped unless it is `Markup`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def templates(**filters: Callable[..., Any]) -> Environment:
    """The templates of the package, with the filters that they use by name."""
    environment = Environment(
        loader=PackageLoader("crawler.reporting.formats"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(filters)
    return environment

"""Patterns of addresses, as `linkhealth ignore` and `exclude_urls` write them: only `*` is special."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate


def url_glob(glob: str) -> re.Pattern[str]:
    """A pattern as an expression that matches whole URLs. `?` and `[` are characters of URLs."""
    return re.compile(_expression(glob))


def any_url_glob(globs: Iterable[str]) -> re.Pattern[str]:
    """Several patterns as one expression, which matches what one of them matches."""
    return re.compile("|".join(f"(?:{_expression(glob)})" for glob in globs) or r"(?!)")


def _expression(glob: str) -> str:
    return translate(glob.replace("[", "[[]").replace("?", "[?]"))

"""A provider: who published an article, as its file says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NAME_AT: Final = "provider/name"
DOMAIN_AT: Final = "provider/domain"
"""The YAML pointers of the two values."""


@dataclass(frozen=True, slots=True)
class Provider:
    """The name and the domain under `provider`, as they stand in the file; None for a value that is not there.

    The lines count from 1, and are 0 for a value that is not there.
    """

    name: str | None = None
    domain: str | None = None
    name_line: int = 0
    domain_line: int = 0

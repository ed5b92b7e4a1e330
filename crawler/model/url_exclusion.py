"""An entry of the configuration that leaves addresses out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class UrlExclusion:
    """The links whose URL matches `pattern` are left out, until a time (aware, UTC) where one is given.

    `line` is where it stands in the file of the configuration, `place` the same with the file's name. `owner` is who has to
    look at it again.
    """

    pattern: str
    reason: str
    line: int
    place: str
    owner: str | None = None
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it still leaves links out."""
        return self.until is None or now < self.until

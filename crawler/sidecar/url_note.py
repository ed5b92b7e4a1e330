"""One entry of the sidecar: what a site's data files say of one URL (rule W6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crawler.model.check import Size
from crawler.model.verdict import VerdictKind


@dataclass(frozen=True, slots=True)
class UrlNote:
    """The facts on a URL for templates. `suggestion` is a new address, `image` the measured size, in pixels.

    `since` is the day since which the verdict holds, or since which the URL has been failing.
    """

    verdict: VerdictKind
    reason: str
    since: date | None = None
    suggestion: str | None = None
    image: Size | None = None

    @property
    def lists_dead(self) -> bool:
        """Whether the URL is dead, not only broken."""
        return self.verdict is VerdictKind.DEAD

    def is_worse_than(self, before: UrlNote | None) -> bool:
        """Whether the URL is newly broken, or newly dead."""
        if before is None:
            return self.verdict.is_gone
        newly_broken = self.verdict.is_gone and not before.verdict.is_gone
        return newly_broken or (self.lists_dead and not before.lists_dead)

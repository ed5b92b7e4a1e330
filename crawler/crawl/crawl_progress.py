"""How far a crawl has come, in one line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CrawlProgress:
    """A look at a crawl. `next_look` is seconds until the network is looked at again, None where it is not in doubt.
    `waiting_again` failures wait for a second look, the last of which may be made in `asked_again_in` seconds."""

    files_read: int = 0
    has_begun: bool = False
    visited: int = 0
    planned: int = 0
    in_flight: int = 0
    waiting_hosts: int = 0
    next_look: float | None = None
    waiting_again: int = 0
    asked_again_in: float = 0.0

    def sentence(self, gone: int) -> str:
        """The line; `gone` links are broken or dead."""
        if not self.has_begun:
            return f"{self.files_read:,} files read"
        if self.next_look is not None:
            return f"the network seems to be down, next look in {self.next_look:,.0f} s"
        if self.waiting_again and not self.in_flight and self.visited >= self.planned:
            return (
                f"{self.visited:,} of {self.planned:,} links visited, {gone:,} broken; {self.waiting_again:,} new failures "
                f"are asked again in {self.asked_again_in:,.0f} s"
            )
        return (
            f"{self.visited:,} of {self.planned:,} links visited, {gone:,} broken, "
            f"{self.in_flight} under way, {self.waiting_hosts:,} hosts waiting"
        )

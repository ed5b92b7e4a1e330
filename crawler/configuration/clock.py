"""The run's clock: real time, or time that an operator made up."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Tells the time of a run.

    With `start` (aware), the clock was set to it when it was made and has gone on at real speed;
    without, it is the computer's clock. `monotonic` gives the seconds that it goes on by.
    """

    __slots__ = ("_made", "_monotonic", "start")

    def __init__(
        self, start: datetime | None = None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        if start is not None and start.tzinfo is None:
            raise ValueError("a clock's start needs a time zone")
        self.start = None if start is None else start.astimezone(UTC)
        self._monotonic = monotonic
        self._made = monotonic()

    def now(self) -> datetime:
        """The time, aware, UTC."""
        if self.start is None:
            return datetime.now(UTC)
        return self.start + timedelta(seconds=self._monotonic() - self._made)

    def __repr__(self) -> str:
        return f"Clock({self.start!r})"

"""The clock of a run: real time, or a start time that the operator sets."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """The time of a run.

    With `start` (aware), the clock begins there when it is made and runs at real speed; without, it is the
    computer's clock. `monotonic` returns the seconds by which it runs on.
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

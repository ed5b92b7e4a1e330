"""Waiting for answers, with an eye on the run lock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

_LONGEST_UNWATCHED: Final = 1.0
"""Seconds until the run lock is looked at where nothing else happens, and whether the run goes on."""


class Arrivals:
    """Tells that something came in. `watch` looks at the run lock, and raises where it is lost."""

    def __init__(self, watch: Callable[[], None]) -> None:
        self._watch = watch
        self._came_in = asyncio.Event()

    def note(self) -> None:
        """Something came in."""
        self._came_in.set()

    async def wait(self, seconds: float | None) -> None:
        """Wait until something comes in, for so many seconds at most; None for no end. It ends after a second all the same: who
        waits has to look whether the run goes on."""
        self._watch()
        left = _LONGEST_UNWATCHED if seconds is None else min(seconds, _LONGEST_UNWATCHED)
        with suppress(TimeoutError):
            async with asyncio.timeout(max(left, 0.0)):
                await self._came_in.wait()
        self._came_in.clear()

"""Waiting for answers, with an eye on the run lock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Final

_LONGEST_UNWATCHED: Final = 1.0
"""Seconds until the run lock is looked at where nothing else happens."""


class Arrivals:
    """Tells that something came in. `watch` looks at the run lock, and raises where it is lost."""

    def __init__(self, watch: Callable[[], None]) -> None:
        self._watch = watch
        self._came_in = asyncio.Event()

    def note(self) -> None:
        """Something came in."""
        self._came_in.set()

    async def wait(self, seconds: float | None) -> None:
        """Wait until something comes in, for so many seconds at most; None for no end."""
        until = None if seconds is None else monotonic() + seconds
        while not self._came_in.is_set():
            self._watch()
            left = _LONGEST_UNWATCHED if until is None else until - monotonic()
            if left <= 0:
                break
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, _LONGEST_UNWATCHED)):
                    await self._came_in.wait()
        self._came_in.clear()

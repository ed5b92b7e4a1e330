"""Waiting for something to come in: an answer or a failure."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Arrivals:
    """Tells one waiter that something has come in since it last waited."""

    def __init__(self) -> None:
        self._came_in = asyncio.Event()

    def note(self) -> None:
        """Something has come in."""
        self._came_in.set()

    async def wait(self, seconds: float | None) -> None:
        """Wait until something has, for `seconds` at most; None for ever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._came_in.wait()
        self._came_in.clear()

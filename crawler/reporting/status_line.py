"""The line that shows progress and elapsed time: a live one on a terminal, a plain one every 30 s elsewhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from time import monotonic
from typing import TextIO

ON_TERMINAL = 0.5
ELSEWHERE = 30.0
"""Seconds between two lines."""

_CLEAN = "\r\x1b[2K"


class StatusLine:
    """Writes `linkhealth: TEXT, m:ss` to `stream`. `now` gives monotonic seconds.

    The text is trusted: callers escape what comes from outside.
    """

    def __init__(self, stream: TextIO, now: Callable[[], float] = monotonic) -> None:
        self._stream = stream
        self._now = now
        # CI systems often offer a pseudo-terminal and then keep every line of it.
        self._live = stream.isatty() and not os.environ.get("CI")
        self.start()

    def start(self) -> None:
        """Count the time from now. The first line comes after one interval, so that short work writes none."""
        self._started = self._written = self._now()

    @property
    def interval(self) -> float:
        """Seconds between two lines."""
        return ON_TERMINAL if self._live else ELSEWHERE

    def write(self, text: str) -> None:
        """Write a line now."""
        self._written = self._now()
        line = f"linkhealth: {text}, {_clock(self._written - self._started)}"
        if self._live:
            width = shutil.get_terminal_size().columns - 1
            self._stream.write(f"{_CLEAN}{line[:width]}")
        else:
            self._stream.write(f"{line}\n")
        self._stream.flush()

    def write_if_due(self, text: str) -> None:
        """Write a line if it is time for one."""
        if self._now() - self._written >= self.interval:
            self.write(text)

    def end(self) -> None:
        """Clear the line on a terminal."""
        if self._live:
            self._stream.write(_CLEAN)
            self._stream.flush()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"

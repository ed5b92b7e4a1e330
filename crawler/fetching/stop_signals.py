"""SIGINT and SIGTERM: the first ends a run in order, within a time; the second ends the process at once, whatever is under way.

A handler of Python's runs between two steps of the main thread, and Scrapy's only asks the reactor: neither comes to its turn
while a database, a file system or a look-up of a name keeps the process. So the signals are blocked, and a thread of its own
waits for them. To end at once loses nothing: a run may be killed at any moment (docs/state.md).

One for each process, because signals are the process's.
"""

from __future__ import annotations

import os
import select
import signal
import threading
from collections.abc import Callable
from typing import NoReturn

from crawler.model.exit_code import ExitCode

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_STDERR = 2
GOES_ON = "what was visited is kept, and the same command goes on where this run stopped"

Stop = Callable[[int], None]
"""Asks the work under way to end; called with the signal's number, in a thread of its own."""


class StopSignals:
    """What the two signals do. `asked` says that one has come."""

    def __init__(self) -> None:
        self.asked = False
        self._stop: Stop | None = None
        self._grace = 0.0
        self._is_told = True
        self._waiter: threading.Thread | None = None

    def begin(self) -> None:
        """Wait for the signals from now on, in the place of all handlers.

        Until `cooperate` the first one ends the process. Does nothing outside the main thread, or where it has begun.
        """
        is_main = threading.current_thread() is threading.main_thread()
        if self._waiter is not None or not is_main:
            return
        # Threads inherit it, so that no other one takes the signals.
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        self._waiter = threading.Thread(target=self._wait, name="stop-signals", daemon=True)
        self._waiter.start()

    def end(self) -> None:
        """Give the signals back to their handlers, unless one has come: then the process is about to end."""
        waiter = self._waiter
        if waiter is None or self.asked:
            return
        self._waiter = None
        signal.pthread_kill(waiter.ident or 0, signal.SIGTERM)
        waiter.join()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)

    def cooperate(self, stop: Stop, grace: float, *, is_told: bool = True) -> None:
        """From now on the first signal calls `stop`, and the work has `grace` seconds to end by itself. `is_told` says what
        happens on stderr."""
        self._stop, self._grace, self._is_told = stop, grace, is_told

    def withdraw(self) -> None:
        """From now on the first signal ends the process: nothing is under way that an end at once would spoil."""
        self._stop = None

    def _wait(self) -> None:
        while True:
            number = signal.sigwait(_SIGNALS)
            if self._waiter is not threading.current_thread():
                return
            stop = self._stop
            if self.asked or stop is None:
                self._end_now("stopped at once")
            self.asked = True
            late = threading.Timer(self._grace, self._end_now, ["stopped, because it did not end"])
            late.daemon = True
            late.start()
            self._say(
                f"stopping; what is under way may end, for {self._grace:.0f} s at most, "
                "and a second signal ends it at once"
            )
            stop(number)

    def _end_now(self, how: str) -> NoReturn:
        self._say(f"{how}: {GOES_ON}")
        # Not even exit handlers are run: any of them may wait for what hangs.
        os._exit(ExitCode.STOPPED_EARLY)

    def _say(self, text: str) -> None:
        """A line on stderr, where that does not have to be waited for, and past Python's own buffer: the main thread may
        hold it."""
        _, ready, _ = select.select([], [_STDERR], [], 0)
        if ready and self._is_told:
            start = "\n" if os.isatty(_STDERR) else ""
            os.write(_STDERR, f"{start}linkhealth: {text}\n".encode())


STOP_SIGNALS = StopSignals()
"""This process's."""

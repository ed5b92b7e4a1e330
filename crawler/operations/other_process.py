"""One other process that makes a result of each item: what is handed out to it, and what comes back, by pipes that nobody waits for.

It is a process of `crawler.operations.work_program`, and may end at any time for whatever reason.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pickle
import subprocess
from typing import Any, Final

from crawler.operations.work_program import LENGTH

_ROOM: Final = 1 << 20
"""Bytes of results that a pipe may hold, where the system allows."""


class OtherProcess:
    """Its two pipes. `to` and `source` are their descriptors here, to be waited for by who uses it.

    Results come in the order of the items. `waiting` items were handed out and their results not taken.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.process = process
        self.to, self.source = process.stdin.fileno(), process.stdout.fileno()
        self.waiting = 0
        self.has_ended = False
        self._unsent = bytearray()
        self._come = bytearray()
        os.set_blocking(self.to, False)
        with contextlib.suppress(OSError, AttributeError):
            fcntl.fcntl(self.source, fcntl.F_SETPIPE_SZ, _ROOM)

    @property
    def has_unsent(self) -> bool:
        """Whether `send` is to be called when `to` takes more."""
        return bool(self._unsent)

    def hand_out(self, item: object) -> None:
        """Have the work done for an item, which can be pickled."""
        self.waiting += 1
        self._unsent += pickle.dumps(item, pickle.HIGHEST_PROTOCOL)
        self.send()

    def send(self) -> None:
        """Send on what has not been taken yet, as far as it is taken now."""
        try:
            while self._unsent:
                del self._unsent[: os.write(self.to, self._unsent)]
        except BlockingIOError:
            return
        except OSError:
            # It has ended; what it had made by then is still in the other pipe.
            self._unsent.clear()

    def receive(self) -> None:
        """Take what has come, or wait for it; `has_ended` says that nothing will any more."""
        if more := os.read(self.source, _ROOM):
            self._come += more
        else:
            self.has_ended = True

    @property
    def has_result(self) -> bool:
        """Whether the next result has come as a whole."""
        come = len(self._come)
        return come >= LENGTH and come >= LENGTH + int.from_bytes(self._come[:LENGTH])

    def result(self) -> Any:
        """The next result, which has come (`has_result`)."""
        self.waiting -= 1
        end = LENGTH + int.from_bytes(self._come[:LENGTH])
        packed = bytes(self._come[LENGTH:end])
        del self._come[:end]
        return pickle.loads(packed)  # noqa: S301 - from our own program

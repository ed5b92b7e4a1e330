"""Article files read by several processes at a time (ADR 36).

Reading is four fifths of a first load, and one file follows from no other. This process walks through the folders, hands
files out and takes what they are in the order of the walk, so that the state becomes the same as with one process. It is only
faster: where another process ends for whatever reason, this one reads the files that were left to it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pickle
import select
import subprocess
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from crawler.content import Candidate, Read, Repository, ScanResult
from crawler.operations.files_program import LENGTH
from crawler.operations.own_programs import started
from crawler.state import StoredArticle, stored_article

WORTH_IT: Final = 200
"""Files to read from which on other processes are faster: each takes a third of a second to start."""
MOST_READERS: Final = 6
"""With more of them this process, which writes the state, would not keep up."""
_PROGRAM: Final = Path(__file__).with_name("files_program.py")
_AHEAD: Final = 100
"""Files handed out to one process and not taken back: enough to go on while this one writes the state."""
_MOST_WAITING: Final = 2_000
"""Files that wait for one before them; most need no reading."""
_ROOM: Final = 1 << 20
"""Bytes of results that a pipe may hold, where the system allows."""

Looked = StoredArticle | ScanResult | None
"""What a file is: an article in the state's own form, or something else; None for a file that is ignored."""


class FilesApart:
    """Files of a repository, read. To be used as a context: at its end the other processes end.

    At most `processes` read at a time; with one, or for fewer files than `worth`, this process reads them itself. `program` is
    what the others run.
    """

    def __init__(
        self,
        repository: Repository,
        processes: int,
        *,
        program: Path = _PROGRAM,
        worth: int = WORTH_IT,
    ) -> None:
        self._repository = repository
        self._processes = processes
        self._program = program
        self._worth = worth
        self._readers: deque[_Reader] = deque()
        self._is_begun = processes < 2
        self._held = contextlib.ExitStack()

    @property
    def processes(self) -> list[subprocess.Popen[bytes]]:
        """The other processes, once they were started."""
        return [reader.process for reader in self._readers]

    def looked_at(self, found: Iterable[Candidate | ScanResult]) -> Iterator[Looked]:
        """What each file is, in order. What needs no reading passes through."""
        waiting: deque[_Waiting] = deque()
        unread: deque[_Waiting] = deque()
        for one in found:
            waiting.append(_Waiting(one))
            if isinstance(one, Candidate):
                unread.append(waiting[-1])
            if not self._is_begun and len(unread) >= self._worth:
                self._begin()
            self._hand_out(unread)
            while waiting and self._is_to_be_taken(waiting, unread):
                yield self._taken(waiting, unread)
        while waiting:
            yield self._taken(waiting, unread)

    def _is_to_be_taken(self, waiting: deque[_Waiting], unread: deque[_Waiting]) -> bool:
        """Whether the first file must not wait: it needs no reading, or no more can be handed out."""
        is_full = bool(unread) if self._is_begun else False
        needs_reading = isinstance(waiting[0].found, Candidate)
        return not needs_reading or is_full or len(waiting) >= _MOST_WAITING

    def _taken(self, waiting: deque[_Waiting], unread: deque[_Waiting]) -> Looked:
        """What the first file is."""
        first = waiting.popleft()
        if not isinstance(first.found, Candidate):
            return first.found
        if first.reader is None:
            assert unread[0] is first
            unread.popleft()
            return self._read_here(first.found)
        try:
            result = first.reader.result()
        except _EndedError:
            result = self._read_here(first.found)
        self._hand_out(unread)
        return result

    def _read_here(self, file: Candidate) -> Looked:
        found = self._repository.look_at(file)
        return stored_article(found.article, found.stamp) if isinstance(found, Read) else found

    def _begin(self) -> None:
        self._is_begun = True
        with contextlib.suppress(OSError):
            for _ in range(min(self._processes, MOST_READERS)):
                made = started(self._program, self._repository, made=subprocess.PIPE)
                self._readers.append(_Reader(self._held.enter_context(made)))

    def _hand_out(self, unread: deque[_Waiting]) -> None:
        """Give each reader in turn the next file, as long as they take more."""
        for _ in range(len(self._readers)):
            while unread and self._readers[0].takes_more:
                first = unread.popleft()
                assert isinstance(first.found, Candidate)
                self._readers[0].hand_out(first.found)
                first.reader = self._readers[0]
                self._readers.rotate(-1)
            self._readers.rotate(-1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._held.close()


@dataclass(slots=True)
class _Waiting:
    """A file that was met, and who reads it."""

    found: Candidate | ScanResult
    reader: _Reader | None = None


class _EndedError(Exception):
    """Another process has ended."""


class _Reader:
    """Another process. Nothing waits for a pipe that is full: then two might wait for each other."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.process = process
        self._to, self._from = process.stdin.fileno(), process.stdout.fileno()
        self._unsent = bytearray()
        self._come = bytearray()
        self._ahead = 0
        self._has_ended = False
        os.set_blocking(self._to, False)
        with contextlib.suppress(OSError, AttributeError):
            fcntl.fcntl(self._from, fcntl.F_SETPIPE_SZ, _ROOM)
        self._ready = select.poll()
        self._ready.register(self._from, select.POLLIN)

    @property
    def takes_more(self) -> bool:
        return self._ahead < _AHEAD and not self._has_ended

    def hand_out(self, file: Candidate) -> None:
        """Have a file read."""
        self._ahead += 1
        self._unsent += pickle.dumps(file, pickle.HIGHEST_PROTOCOL)
        self._send()

    def result(self) -> Looked:
        """What the next file is, in the order in which they were handed out. Raises _EndedError."""
        self._ahead -= 1
        length = int.from_bytes(self._taken(LENGTH))
        found: Looked = pickle.loads(self._taken(length))  # noqa: S301 - from our own program
        return found

    def _taken(self, length: int) -> bytes:
        while len(self._come) < length:
            self._receive()
        taken = bytes(self._come[:length])
        del self._come[:length]
        return taken

    def _receive(self) -> None:
        if self._has_ended:
            raise _EndedError
        if self._unsent:
            self._ready.register(self._to, select.POLLOUT)
        for descriptor, _ in self._ready.poll():
            if descriptor == self._to:
                self._send()
            elif more := os.read(self._from, _ROOM):
                self._come += more
            else:
                self._has_ended = True
        if not self._unsent:
            with contextlib.suppress(KeyError):
                self._ready.unregister(self._to)

    def _send(self) -> None:
        try:
            while self._unsent:
                del self._unsent[: os.write(self._to, self._unsent)]
        except BlockingIOError:
            return
        except OSError:
            # It has ended; what it had read by then is still in the other pipe.
            self._unsent.clear()

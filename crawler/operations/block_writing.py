"""The planned blocks on their way into the files: several at a time, and noted in the state by groups.

Most of the work is the proof that an edit has no other effect, which any process can do; the rest is waiting for the disk,
which threads do. This process alone changes files and the state, and a kill at any moment leaves each file old or new: of a
file that is new and not noted yet the next run sees that it holds what it should.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from crawler.content import Spliced, SpliceRefused, WriteRefused, read_bytes, splice
from crawler.content import replace as put_in_place
from crawler.model.article import FileStamp, Problem
from crawler.operations.work_apart import WorkApart
from crawler.session import Session
from crawler.state import DoneWrite, PendingWrite

_FLUSHED_AT_ONCE: Final = 4
"""Files that wait for the disk at a time: it flushes several as fast as one."""
_GROUP: Final = 32
"""Files that are noted together. After a kill the next run reads so many again."""
_MOST_BYTES: Final = 16 << 20
"""Of the files that wait to be noted."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not written; where it `stays` planned, the next run tries again."""

    problem: Problem
    stays: bool = False

    @classmethod
    def of(cls, error: WriteRefused) -> Refused:
        """What stands behind an error."""
        problem = error.problem()
        if not error.may_pass:
            return cls(problem)
        message = f"{problem.message}; the next run tries again"
        return cls(replace(problem, message=message), stays=True)


@dataclass(frozen=True, slots=True)
class Splicing:
    """Makes the new bytes of a file, and changes nothing."""

    root: Path

    def __call__(self, write: PendingWrite) -> Spliced | Refused:
        """Splice a block in, or say why not."""
        try:
            return splice(read_bytes(self.root, write.path), write.block)
        except SpliceRefused as error:
            return Refused(error.problem(write.path))
        except WriteRefused as error:
            return Refused.of(error)


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a planned write; `refused` is None where its file is written."""

    path: str
    refused: Problem | None = None


def write_blocks(
    session: Session, pending: Sequence[PendingWrite]
) -> Generator[Written, None, None]:
    """Write the files, and note it; yields each that is noted, in order. To be closed: what is in place is noted then too."""
    root = session.content.root
    under_way: deque[_UnderWay] = deque()
    splicing = WorkApart[PendingWrite, Spliced | Refused](
        Splicing(root), PendingWrite, session.configuration.processes
    )
    with splicing as apart, ThreadPoolExecutor(_FLUSHED_AT_ONCE) as threads:
        try:
            for write, made in zip(pending, apart.results(pending), strict=True):
                # Notes come by groups: whoever has lost the run lock must not write on until the next one.
                session.state.watch()
                under_way.append(_UnderWay(write, made, threads.submit(_put, root, write, made)))
                while len(under_way) >= 2 * _GROUP or _bytes(under_way) > _MOST_BYTES:
                    yield from _noted(session, _first(under_way, _GROUP))
            while under_way:
                yield from _noted(session, _first(under_way, _GROUP))
        finally:
            for one in under_way:
                one.put.cancel()
            _noted(session, [one for one in under_way if not one.put.cancelled()])


@dataclass(frozen=True, slots=True)
class _UnderWay:
    write: PendingWrite
    made: Spliced | Refused
    put: Future[FileStamp | Refused]


def _put(root: Path, write: PendingWrite, made: Spliced | Refused) -> FileStamp | Refused:
    if isinstance(made, Refused):
        return made
    try:
        return put_in_place(root, write.path, write.sha256, made.data)
    except WriteRefused as error:
        return Refused.of(error)


def _first(under_way: deque[_UnderWay], most: int) -> list[_UnderWay]:
    return [under_way.popleft() for _ in range(min(most, len(under_way)))]


def _bytes(under_way: Iterable[_UnderWay]) -> int:
    return sum(len(one.made.data) for one in under_way if isinstance(one.made, Spliced))


def _noted(session: Session, group: Sequence[_UnderWay]) -> list[Written]:
    """What became of a group, once it is noted."""
    done: list[DoneWrite] = []
    dropped: list[str] = []
    found: list[Written] = []
    for one in group:
        path, ended = one.write.path, one.put.result()
        if isinstance(ended, Refused):
            found.append(Written(path, ended.problem))
            if not ended.stays:
                dropped.append(path)
            continue
        assert isinstance(one.made, Spliced)
        done.append(DoneWrite(path, ended, one.write.block, one.made.line, one.made.shift))
        found.append(Written(path))
    if dropped:
        session.state.drop_writes(dropped)
    if done:
        session.state.complete_writes(done)
    return found

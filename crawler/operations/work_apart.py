"""Work that several processes share: one item follows from no other, and results come in the order of the items (ADR 36).

It is only faster: where another process ends for whatever reason, this one does what was left to it, with the same results.
"""

from __future__ import annotations

import contextlib
import select
import subprocess
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar

from crawler.operations.other_process import OtherProcess
from crawler.operations.own_programs import started

WORTH_IT: Final = 200
"""Items from which on other processes are faster: each takes a third of a second to start."""
MOST_WORKERS: Final = 6
"""With more of them this process, which writes what they find, would not keep up."""
_PROGRAM: Final = Path(__file__).with_name("work_program.py")
_AHEAD: Final = 100
"""Items handed out to one process and not taken back: enough to go on while this one writes."""
_MOST_WAITING: Final = 2_000
"""Items that wait for one before them; most are no work."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class WorkApart(Generic[Item, Result]):
    """The work of one function, done by several processes. To be used as a context: at its end the other processes end.

    `work` makes a result of an item of the kind `of`; both, and itself, can be pickled. At most `processes` work at a time; with
    one, or for fewer items than `worth`, this process does all itself. `program` is what the others run.
    """

    def __init__(
        self,
        work: Callable[[Item], Result],
        of: type[Item],
        processes: int,
        *,
        program: Path = _PROGRAM,
        worth: int = WORTH_IT,
    ) -> None:
        self._work = work
        self._kind = of
        self._wanted = processes
        self._program = program
        self._worth = worth
        self._workers: deque[_Worker] = deque()
        self._is_begun = processes < 2
        self._held = contextlib.ExitStack()

    @property
    def processes(self) -> list[subprocess.Popen[bytes]]:
        """The other processes, once they were started."""
        return [worker.process for worker in self._workers]

    def results(self, items: Iterable[Item | Result]) -> Iterator[Result]:
        """The result for each item, in order. What is a result already passes through."""
        waiting: deque[_Waiting] = deque()
        undone: deque[_Waiting] = deque()
        for one in items:
            waiting.append(_Waiting(one))
            if isinstance(one, self._kind):
                undone.append(waiting[-1])
            if not self._is_begun and len(undone) >= self._worth:
                self._begin()
            self._hand_out(undone)
            while waiting and self._is_to_be_taken(waiting, undone):
                yield self._taken(waiting, undone)
        while waiting:
            yield self._taken(waiting, undone)

    def _is_to_be_taken(self, waiting: deque[_Waiting], undone: deque[_Waiting]) -> bool:
        """Whether the first item must not wait: it is no work, or no more can be handed out."""
        is_full = self._is_begun and bool(undone)
        is_work = isinstance(waiting[0].item, self._kind)
        return not is_work or is_full or len(waiting) >= _MOST_WAITING

    def _taken(self, waiting: deque[_Waiting], undone: deque[_Waiting]) -> Any:
        """The result for the first item."""
        first = waiting.popleft()
        if not isinstance(first.item, self._kind):
            return first.item
        if first.worker is None:
            assert undone[0] is first
            undone.popleft()
            return self._work(first.item)
        try:
            result = first.worker.next_result()
        except _EndedError:
            result = self._work(first.item)
        self._hand_out(undone)
        return result

    def _begin(self) -> None:
        self._is_begun = True
        with contextlib.suppress(OSError):
            for _ in range(min(self._wanted, self._worth, MOST_WORKERS)):
                made = started(self._program, self._work, made=subprocess.PIPE)
                self._workers.append(_Worker(self._held.enter_context(made)))

    def _hand_out(self, undone: deque[_Waiting]) -> None:
        """Give each worker in turn the next item, as long as one takes more."""
        idle = 0
        while undone and idle < len(self._workers):
            worker = self._workers[0]
            self._workers.rotate(-1)
            if not worker.takes_more:
                idle += 1
                continue
            idle = 0
            first = undone.popleft()
            worker.hand_out(first.item)
            first.worker = worker

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
    """An item that was met, and who works on it."""

    item: Any
    worker: _Worker | None = None


class _EndedError(Exception):
    """Another process has ended."""


class _Worker(OtherProcess):
    """Another process, waited for here. Nothing waits for a pipe that is full: then two might wait for each other."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        super().__init__(process)
        self._ready = select.poll()
        self._ready.register(self.source, select.POLLIN)

    @property
    def takes_more(self) -> bool:
        return self.waiting < _AHEAD and not self.has_ended

    def next_result(self) -> Any:
        """The result for the next item, in the order in which they were handed out. Raises _EndedError."""
        while not self.has_result:
            if self.has_ended:
                raise _EndedError
            self._move_on()
        return self.result()

    def _move_on(self) -> None:
        if self.has_unsent:
            self._ready.register(self.to, select.POLLOUT)
        for descriptor, _ in self._ready.poll():
            if descriptor == self.to:
                self.send()
            else:
                self.receive()
        if not self.has_unsent:
            with contextlib.suppress(KeyError):
                self._ready.unregister(self.to)

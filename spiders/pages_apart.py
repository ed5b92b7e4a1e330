"""Pages that other processes read while this one asks, judges and commits (docs/adr/0048).

It is only faster: what is read there is what would be read here, and where a process ends for whatever reason its pages are
read by another one.
"""

from __future__ import annotations

import asyncio
import logging
import subprocess
from collections import deque
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

from crawler.fetching.page_reading import PageAsked, PageRead, read_page
from crawler.model.page_depth import Depth
from crawler.operations import work_program
from crawler.operations.other_process import OtherProcess
from crawler.operations.own_programs import started

logger = logging.getLogger(__name__)

WORTH_IT: Final = 200
"""Answers of a run from which on another process is faster: it takes half a second to start."""
MOST_READERS: Final = 3
"""With more of them this process, which does everything else, would not keep up."""
MOST_WAITING: Final = 128
"""Pages that wait for one process. With 24 it often had nothing to do: each takes some milliseconds, and as long does this process
turn to other things. Those beyond wait for any process that has room, this one too where it has nothing else to do."""
IDLE_TURN: Final = 0.004
"""Seconds: a turn of the loop that is over sooner had little to do."""
MOST_DEATHS: Final = 10
"""Processes that ended before their time, after which no other is started."""
LONGEST_READING: Final = 60.0
"""Seconds: a page that takes longer is given up. The slowest of 1,300 real ones takes a fifth of one."""
_LOOKS: Final = 4
"""Looks at a process within that time."""
TRIES: Final = 3
"""Processes that a page may be given to: at one or two it may have been chance that they ended."""
ENDED: Final = PageRead(fault="reading it ended the process that did")
_FIRST: Final = PageAsked(b"<p>", "", "", None, None, Depth.WHOLE)
"""What a process is given first: with its result it is ready, and everything is loaded."""
_PROGRAM: Final = Path(work_program.__file__)


@dataclass(slots=True, eq=False)
class _Waiting:
    """A page that waits. `deaths` counts the processes that ended while they read it."""

    asked: PageAsked
    read: asyncio.Future[PageRead | None]
    deaths: int = 0

    def settle(self, read: PageRead | None) -> None:
        """Tell who waits, if anybody does any more."""
        if not self.read.done():
            self.read.set_result(read)


class PagesApart:
    """The readers of one crawl; with one process there are none, and every page is read here."""

    def __init__(self, processes: int) -> None:
        self._wanted = min(processes - 1, MOST_READERS)
        self._met = 0
        self._deaths = 0
        self._readers: list[_Reader] = []
        self._held: list[_Waiting] = []
        self._beyond: deque[_Waiting] = deque()
        self._next_here: asyncio.Handle | None = None

    @property
    def pids(self) -> list[int]:
        """The processes that read."""
        return [reader.pid for reader in self._readers]

    def takes_more(self) -> bool:
        """Whether a page may be read by another process now. To be asked at each answer: it counts them, and starts the processes
        in time."""
        if self._wanted < 1:
            return False
        self._met += 1
        if self._met == WORTH_IT:
            for _ in range(self._wanted):
                self._start()
        return any(reader.is_ready for reader in self._readers)

    async def read(self, asked: PageAsked) -> PageRead | None:
        """What a page says; None where this process has to read it."""
        waiting = _Waiting(asked, asyncio.get_running_loop().create_future())
        self._hand_out(waiting)
        return await waiting.read

    def close(self) -> None:
        """End the other processes. Who waits for a page is told that its wait was cancelled."""
        self._wanted = 0
        left = [waiting for reader in self._readers for waiting in reader.close()]
        for waiting in (*left, *self._held, *self._beyond):
            waiting.read.cancel()
        for each in (self._readers, self._held, self._beyond):
            each.clear()
        if self._next_here is not None:
            self._next_here.cancel()

    def _start(self) -> None:
        try:
            self._readers.append(_Reader(self))
        except (OSError, MemoryError) as error:
            logger.debug("no process to read pages: %s", error)

    def _hand_out(self, waiting: _Waiting) -> None:
        ready = [reader for reader in self._readers if reader.takes_more]
        if ready:
            min(ready, key=lambda one: one.waiting).hand_out(waiting)
        elif not waiting.deaths and any(reader.is_ready for reader in self._readers):
            self._beyond.append(waiting)
            if self._next_here is None:
                self._look_at_next_turn()
        elif not waiting.deaths:
            waiting.settle(None)
        elif self._readers:
            # Never read here what may have ended another process.
            self._held.append(waiting)
        else:
            waiting.settle(ENDED)

    def _look_at_next_turn(self) -> None:
        loop = asyncio.get_running_loop()
        self._next_here = loop.call_soon(self._read_one_if_idle, monotonic())

    def _read_one_if_idle(self, turn_began: float) -> None:
        """Let one page be read here where the loop's last turn was a short one."""
        self._next_here = None
        if self._beyond and monotonic() - turn_began < IDLE_TURN:
            self._beyond.popleft().settle(None)
        if self._beyond:
            self._look_at_next_turn()

    def _hand_out_again(self, more: Iterable[_Waiting] = ()) -> None:
        held, self._held = self._held, []
        beyond, self._beyond = self._beyond, deque()
        for waiting in (*held, *more, *beyond):
            self._hand_out(waiting)

    def has_room(self, reader: _Reader) -> None:
        """A process can read, or has read some: it is given what has waited for that."""
        if self._held:
            self._hand_out_again()
        while self._beyond and reader.takes_more:
            reader.hand_out(self._beyond.popleft())

    def ended(self, reader: _Reader, *, gave_up: bool) -> None:
        """A process ended before its time: its pages go to another one. The one that it was reading may be at fault: it is tried
        again, and then it is one that cannot be read; at once where it took too long (`gave_up`)."""
        self._readers.remove(reader)
        left = reader.close()
        self._deaths += 1
        if left:
            left[0].deaths += 1
            if gave_up or left[0].deaths >= TRIES:
                left.popleft().settle(ENDED)
        if self._deaths < MOST_DEATHS:
            self._start()
        self._hand_out_again(left)


class _Reader:
    """One other process. `of` is told when it has ended. Raises OSError where it cannot be started."""

    def __init__(self, of: PagesApart) -> None:
        self._of = of
        self._queue: deque[_Waiting] = deque()
        self._held = ExitStack()
        process = self._held.enter_context(started(_PROGRAM, read_page, made=subprocess.PIPE))
        self._other = OtherProcess(process)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._other.source, self._take)
        self._moved = monotonic()
        self.is_ready = False
        """Whether it has begun."""
        self._gave_up = self._is_sending = False
        self._next_look = self._loop.call_later(LONGEST_READING / _LOOKS, self._look)
        self._other.hand_out(_FIRST)

    @property
    def pid(self) -> int:
        """Its number."""
        return self._other.process.pid

    @property
    def waiting(self) -> int:
        """Pages that wait for it."""
        return len(self._queue)

    @property
    def takes_more(self) -> bool:
        """Whether it takes a further page."""
        return self.is_ready and len(self._queue) < MOST_WAITING

    def hand_out(self, waiting: _Waiting) -> None:
        """Have it read a page."""
        if not self._queue:
            self._moved = monotonic()
        self._queue.append(waiting)
        self._other.hand_out(waiting.asked)
        self._mind_sending()

    def close(self) -> deque[_Waiting]:
        """End it. Returns the pages that it has not read."""
        self._next_look.cancel()
        self._loop.remove_reader(self._other.source)
        self._loop.remove_writer(self._other.to)
        self._held.close()
        return self._queue

    def _take(self) -> None:
        """Pass on what was read."""
        self._other.receive()
        while self._other.has_result:
            self._moved = monotonic()
            result = self._other.result()
            if self.is_ready:
                self._queue.popleft().settle(result)
            self.is_ready = True
        if self._other.has_ended:
            self._of.ended(self, gave_up=self._gave_up)
        elif self.is_ready:
            self._of.has_room(self)

    def _send(self) -> None:
        self._other.send()
        self._mind_sending()

    def _mind_sending(self) -> None:
        """Go on when the pipe takes more, as long as there is something to send."""
        if self._other.has_unsent == self._is_sending:
            return
        self._is_sending = self._other.has_unsent
        if self._is_sending:
            self._loop.add_writer(self._other.to, self._send)
        else:
            self._loop.remove_writer(self._other.to)

    def _look(self) -> None:
        """Give up a page that takes too long: the process is ended, which `_take` hears of."""
        self._next_look = self._loop.call_later(LONGEST_READING / _LOOKS, self._look)
        if self._queue and monotonic() - self._moved > LONGEST_READING:
            self._gave_up = True
            self._other.process.kill()

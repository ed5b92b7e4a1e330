"""Pages that another process reads: the same as here, whatever becomes of the process."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from crawler.fetching.page_reading import PageAsked, PageRead, read_page
from crawler.model.page_depth import Depth
from spiders import pages_apart
from spiders.pages_apart import ENDED, MOST_WAITING, TRIES, PagesApart
from tests.time_limits import HANG

pytestmark = pytest.mark.process

MORE = MOST_WAITING + 30
GOLDEN = Path(__file__).parents[1] / "extractors" / "golden"


def asked(body: bytes, number: int = 0, depth: Depth = Depth.WHOLE) -> PageAsked:
    url = f"https://a.example/{number}"
    return PageAsked(body, url, url, "text/html; charset=utf-8", None, depth)


def story(number: int) -> bytes:
    return f"<html lang=en><title>Story {number}</title><h1>Story {number}</h1><p>{'words ' * number}".encode()


@asynccontextmanager
async def begun(processes: int = 2) -> AsyncIterator[PagesApart]:
    """Readers that have started."""
    pages = PagesApart(processes)
    try:
        async with asyncio.timeout(HANG):
            while not pages.takes_more():  # noqa: ASYNC110 - it is to be asked again and again
                await asyncio.sleep(0.01)
        yield pages
    finally:
        pages.close()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_apart, "WORTH_IT", 1)


def test_golden_pages_are_read_as_here() -> None:
    given = [
        asked((folder / "page.html").read_bytes(), number, depth)
        for number, folder in enumerate(sorted(one for one in GOLDEN.iterdir() if one.is_dir()))
        for depth in Depth
    ]

    async def read() -> list[PageRead | None]:
        async with begun() as pages:
            return [await pages.read(one) for one in given]

    assert len(given) > 50
    assert asyncio.run(read()) == [read_page(one) for one in given]


def test_what_is_beyond_is_read_here_or_there_and_each_gets_its_own() -> None:
    async def read() -> list[PageRead | None]:
        async with begun() as pages:
            (pid,) = pages.pids
            os.kill(pid, signal.SIGSTOP)
            waits = [
                asyncio.ensure_future(pages.read(asked(story(one), one))) for one in range(MORE)
            ]
            await asyncio.sleep(0.05)
            # One at each turn of the loop: as it has nothing else to do, all that is beyond by now.
            assert [wait.done() for wait in waits] == [one >= MOST_WAITING for one in range(MORE)]
            os.kill(pid, signal.SIGCONT)
            return list(await asyncio.wait_for(asyncio.gather(*waits), HANG))

    found = asyncio.run(read())
    assert found[MOST_WAITING:] == [None] * (MORE - MOST_WAITING)
    assert found[:MOST_WAITING] == [
        read_page(asked(story(one), one)) for one in range(MOST_WAITING)
    ]


def test_a_process_that_has_room_is_given_what_waits_beyond() -> None:
    async def read() -> list[PageRead | None]:
        async with begun() as pages:
            waits = [
                asyncio.ensure_future(pages.read(asked(story(one), one))) for one in range(MORE)
            ]
            await asyncio.sleep(0)
            (reader,) = pages._readers
            # This process is busy meanwhile, with one long turn of its loop.
            end = time.monotonic() + 1
            while (
                time.monotonic() < end and not select.select([reader._other.source], [], [], 0.1)[0]
            ):
                pass
            reader._take()
            return list(await asyncio.wait_for(asyncio.gather(*waits), HANG))

    found = asyncio.run(read())
    for number, one in enumerate(found):
        assert one in (None, read_page(asked(story(number), number)))
    assert sum(one is None for one in found) < MORE - MOST_WAITING


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_process_that_is_killed_costs_no_page(sent: signal.Signals) -> None:
    async def read() -> list[PageRead | None]:
        async with begun() as pages:
            (before,) = pages.pids
            os.kill(before, signal.SIGSTOP)
            reading = asyncio.gather(*(pages.read(asked(story(one), one)) for one in range(10)))
            await asyncio.sleep(0.1)
            os.kill(before, sent)
            os.kill(before, signal.SIGCONT)
            found = list(await asyncio.wait_for(reading, HANG))
            assert pages.pids != [before]
            return found

    found = asyncio.run(read())
    assert found[0] is not None, "what may have ended a process is never read here"
    for number, one in enumerate(found):
        assert one in (None, read_page(asked(story(number), number)))


async def ended_at(pages: PagesApart, read: asyncio.Future[Any]) -> None:
    """End the process that has pages waiting, while it stands still."""
    (pid,) = pages.pids
    os.kill(pid, signal.SIGSTOP)
    await asyncio.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    while pid in pages.pids and not read.done():  # noqa: ASYNC110 - until this process has heard of it
        await asyncio.sleep(0.001)


def test_a_page_at_which_processes_end_is_one_that_cannot_be_read() -> None:
    async def read() -> tuple[PageRead | None, PageRead | None]:
        async with begun() as pages:
            (first,) = pages.pids
            os.kill(first, signal.SIGSTOP)
            one = asyncio.ensure_future(pages.read(asked(story(1))))
            other = asyncio.ensure_future(pages.read(asked(story(2))))
            await asyncio.sleep(0.02)
            for _ in range(TRIES):
                await ended_at(pages, one)
                while not one.done() and not pages.takes_more():
                    await asyncio.sleep(0.001)
                    for pid in pages.pids if pages.takes_more() else ():
                        os.kill(pid, signal.SIGSTOP)
            return await asyncio.wait_for(one, HANG), await asyncio.wait_for(other, HANG)

    one, other = asyncio.run(read())
    # It may have been read in the moment between a start and a stop.
    assert one in (ENDED, read_page(asked(story(1))))
    assert other in (None, read_page(asked(story(2))))


def test_a_page_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def read() -> PageRead | None:
        async with begun() as pages:
            assert await pages.read(asked(story(2))) == read_page(asked(story(2)))
            (reader,) = pages._readers
            os.kill(reader.pid, signal.SIGSTOP)
            reading = asyncio.ensure_future(pages.read(asked(story(1))))
            await asyncio.sleep(0.05)
            reader._look()
            await asyncio.sleep(0.05)
            assert pages.pids == [reader.pid], "it has a minute"
            monkeypatch.setattr(pages_apart, "LONGEST_READING", 0.04)
            reader._look()
            return await asyncio.wait_for(reading, HANG)

    assert asyncio.run(read()) == ENDED


def test_where_processes_end_again_and_again_pages_are_read_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All but the one that may have ended them."""
    monkeypatch.setattr(pages_apart, "MOST_DEATHS", 1)

    async def read() -> list[PageRead | None]:
        async with begun() as pages:
            (pid,) = pages.pids
            os.kill(pid, signal.SIGSTOP)
            reading = asyncio.gather(*(pages.read(asked(story(one), one)) for one in range(3)))
            await asyncio.sleep(0.05)
            os.kill(pid, signal.SIGKILL)
            found = await asyncio.wait_for(reading, HANG)
            assert not pages.takes_more()
            return list(found)

    assert asyncio.run(read()) == [ENDED, None, None]


def test_with_one_process_there_is_no_other() -> None:
    pages = PagesApart(1)
    assert not any(pages.takes_more() for _ in range(10))


def test_a_program_that_cannot_be_started_is_done_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "nothing"))

    async def tried() -> bool:
        pages = PagesApart(2)
        assert not pages.takes_more()
        await asyncio.sleep(0.2)
        return pages.takes_more()

    assert asyncio.run(tried()) is False


def test_the_end_of_a_run_waits_for_no_page() -> None:
    async def read() -> bool:
        async with begun() as pages:
            (pid,) = pages.pids
            os.kill(pid, signal.SIGSTOP)
            reading = asyncio.ensure_future(pages.read(asked(story(1))))
            await asyncio.sleep(0.05)
            pages.close()
            await asyncio.wait([reading], timeout=HANG)
            return reading.cancelled()

    assert asyncio.run(read())

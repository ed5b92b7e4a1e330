"""Faults of our own, without Scrapy: visits are given back, made again, and counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.crawl.crawl import MOST_IN_VAIN
from crawler.crawl.unrecorded import HOPELESS, Unrecorded, said
from crawler.model.observation import FailureKind
from tests.crawl.own_clock import crawl, page, write

URL = "https://a.example/news/1-a-title"
OTHER = "https://b.example/news/1-a-title"
FULL = FailureKind.OWN_MACHINE


def told(unrecorded: Unrecorded) -> str | None:
    return unrecorded.sentence


def test_a_request_that_our_machine_could_not_make_is_made_again(tmp_path: Path) -> None:
    with crawl(write(tmp_path, [URL]), {URL: [FULL, FULL, page()]}) as run:
        assert run.verdict(URL) == ("alive", "http-200")
        assert run.crawl.unrecorded.sentence is None
        first, second, third = run.asked(URL)
        assert second - first >= 1
        assert third - second >= 2


def test_a_robots_txt_that_our_machine_could_not_ask_for_is_asked_again(tmp_path: Path) -> None:
    robots = "https://a.example/robots.txt"
    with crawl(write(tmp_path, [URL]), {robots: [FULL, page()]}) as run:
        assert len(run.asked(robots)) == 2
        assert run.verdict(URL) == ("alive", "http-200")


def test_one_that_it_never_can_is_given_back_and_stays_due(tmp_path: Path) -> None:
    folder = write(tmp_path, [URL, OTHER])
    with crawl(folder, {URL: FULL}) as run:
        assert len(run.asked(URL)) == MOST_IN_VAIN + 1
        assert run.committed == [OTHER]
        assert run.verdict(URL)[0] == "unchecked"
        sentence = run.crawl.unrecorded.sentence or ""
        assert sentence.startswith("1 visit could not be recorded: OwnMachineError")
        assert run.seconds >= 31
    with crawl(folder, begins=60) as run:
        assert run.committed == [URL]
        assert run.crawl.unrecorded.sentence is None


def test_it_is_no_evidence_on_later_runs_either(tmp_path: Path) -> None:
    folder = write(tmp_path, [URL])
    with crawl(folder) as run:
        before = run.link(URL)
    with crawl(folder, {URL: FULL}, begins=90 * 86_400.0) as run:
        assert run.asked(URL)
        after = run.link(URL)
    assert (after.verdict, after.checked_at) == (before.verdict, before.checked_at)


def test_the_sentence_counts_and_quotes_the_first() -> None:
    unrecorded = Unrecorded()
    assert told(unrecorded) is None
    unrecorded.note("https://a.example/\n", ValueError("the first.\nof two lines"))
    unrecorded.note("https://b.example/", KeyError("second"))
    assert told(unrecorded) == (
        "2 visits could not be recorded: ValueError: the first. of two lines. "
        "The next run makes them again."
    )
    with unrecorded.at_end():
        Path("/dev/full").write_text("x")
    assert (told(unrecorded) or "").endswith(
        "The end of the run failed: OSError: [Errno 28] No space left on device."
    )


def test_visits_that_came_to_no_end_are_told() -> None:
    unrecorded = Unrecorded()
    unrecorded.note_unended(0)
    assert told(unrecorded) is None
    unrecorded.note_unended(3)
    assert "3 visits could not be recorded: they began" in (told(unrecorded) or "")


def test_only_the_first_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    unrecorded = Unrecorded()
    for number in range(5):
        unrecorded.note(f"https://a.example/{number}", ValueError("x"))
    assert len(caplog.records) == 1
    assert caplog.records[0].exc_info is not None


def test_hope_is_lost_by_a_row() -> None:
    unrecorded = Unrecorded()
    for _ in range(HOPELESS - 1):
        unrecorded.note("https://a.example/", ValueError())
    unrecorded.went_well()
    unrecorded.note("https://a.example/", ValueError())
    assert not unrecorded.is_hopeless
    for _ in range(HOPELESS - 1):
        unrecorded.note("https://a.example/", ValueError())
    assert unrecorded.is_hopeless


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (MemoryError(), "MemoryError"),
        (KeyError("a"), "KeyError: 'a'"),
        (ValueError("x" * 1000), "ValueError: " + "x" * 300),
        (ValueError("  a \n\t b. "), "ValueError: a b"),
    ],
)
def test_an_error_in_one_line(error: BaseException, text: str) -> None:
    assert said(error) == text

"""A host that leads all of its deep links to its home page (rule O15)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.model.observation import Hop, Inconclusive, Observation, PageFacts
from crawler.rules.outage.release import HostInRun, as_inconclusive, is_event_of_host, release
from crawler.rules.outage.windows import WindowVerdict
from crawler.rules.policy import OutagePolicy
from crawler.rules.verdict.page_state import find

NOW = datetime(2026, 1, 30, tzinfo=UTC)
SITE = "https://news.example"
FIRST, SECOND = f"{SITE}/2020/a-first-story", f"{SITE}/2020/a-second-story"
POLICY = OutagePolicy()
RUN = 50


def visit(url: str = FIRST, days: float = 0, status: int = 200) -> Observation:
    """A visit that got an answer of its own, so many days ago."""
    run = RUN if not days else RUN - 1
    return Observation(url, NOW - timedelta(days=days), run, status, page=PageFacts(title="x"))


def home(url: str = FIRST, days: float = 0, status: int = 302) -> Observation:
    """A visit that was led to the home page."""
    run = RUN if not days else RUN - 1
    at = NOW - timedelta(days=days)
    return Observation(url, at, run, 200, hops=(Hop(url, status),), final_url=f"{SITE}/")


def ended(url: str, days: float) -> Observation:
    return as_inconclusive(home(url, days), Inconclusive.HOST_LEADS_HOME)


@pytest.mark.parametrize(
    "before",
    [
        pytest.param([visit(FIRST, 9), visit(SECOND, 9), home(SECOND)], id="both, well before"),
        pytest.param([home(SECOND, status=301)], id="both at their first visit"),
        pytest.param([visit(SECOND, 20)], id="the other is not due"),
        pytest.param([visit(FIRST, 9)], id="one alone that was well"),
        pytest.param([ended(FIRST, 6), ended(SECOND, 6), home(SECOND)], id="for six days"),
        pytest.param([ended(FIRST, 20), visit(FIRST, 10), ended(SECOND, 3)], id="again after it was well"),
        pytest.param([visit(SECOND, 9), visit(f"{SITE}/")], id="the home page is there"),
        pytest.param([visit(SECOND, 9, 503), visit(SECOND, 0, 503)], id="beside errors"),
    ],
)  # fmt: skip
def test_an_event_of_the_host(before: list[Observation]) -> None:
    seen = home()
    assert find(seen).reason == "soft-404-home"
    assert is_event_of_host(seen, HostInRun((*before, seen), finished=True), POLICY)


def test_a_link_of_long_ago_is_one_of_the_hosts_too() -> None:
    seen = home()
    assert is_event_of_host(seen, HostInRun((seen,), finished=True, links=2), POLICY)
    assert not is_event_of_host(seen, HostInRun((seen,), finished=True, links=1), POLICY)


@pytest.mark.parametrize(
    ("seen", "before"),
    [
        pytest.param(home(), [], id="one alone at its first visit"),
        pytest.param(home(status=301), [visit(FIRST, 9)], id="one alone, moved for good"),
        pytest.param(home(), [visit(SECOND)], id="the other is there"),
        pytest.param(home(), [visit(SECOND, 0, 404)], id="the other is gone by itself"),
        pytest.param(home(), [ended(FIRST, 8), ended(SECOND, 8)], id="for a week"),
        pytest.param(home(), [visit(SECOND, 30), home(SECOND, 7), home(SECOND)], id="for seven days"),
    ],
)  # fmt: skip
def test_no_event(seen: Observation, before: list[Observation]) -> None:
    assert not is_event_of_host(seen, HostInRun((*before, seen), finished=True), POLICY)


@pytest.mark.parametrize(
    ("others", "finished", "reason"),
    [
        ([home(SECOND)], True, "host-leads-home"),
        ([visit(SECOND)], True, "soft-404-home"),
        ([home(SECOND)], False, None),
    ],
)
def test_a_link_that_leads_home_waits_for_the_rest_of_its_host(
    others: list[Observation], finished: bool, reason: str | None
) -> None:
    seen = home()
    hosts = {"news.example": HostInRun((*others, seen), finished)}
    released = release([seen], WindowVerdict.TRUSTED, hosts, POLICY)
    assert [find(one).reason for one in released.committed] == ([reason] if reason else [])
    assert released.held == (() if reason else (seen,))

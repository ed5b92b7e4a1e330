"""Visits that are judged together come out as visits that are judged one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.model.link import Link
from crawler.model.observation import FailureKind, Observation, PageFacts
from crawler.model.role import CRAWLED
from crawler.operations.intake import take_in
from crawler.operations.judging import judge_visit, judge_visits
from crawler.session import Session
from crawler.state import StateError
from tests.end_to_end.collection import article
from tests.strategies.examples import examples

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
URLS = tuple(f"https://a.example/news/{number}-a-title" for number in range(6))

seen = st.builds(
    lambda status, failure, title: Observation(
        "",
        NOW,
        0,
        status=None if failure else status,
        failure=failure,
        page=PageFacts(title=title) if title and not failure else None,
    ),
    status=st.sampled_from((200, 301, 304, 403, 404, 410, 429, 500, 503)),
    failure=st.sampled_from((None, None, None, *FailureKind)),
    title=st.sampled_from((None, "A title", "Another title")),
)


def opened(stack: ExitStack) -> Session:
    folder = Path(stack.enter_context(TemporaryDirectory()))
    for number, url in enumerate(URLS[:4]):
        (folder / f"{number}.md").write_text(article("A title", web=url))
    (folder / "9.md").write_text(article("A title", web=URLS[4], related=[URLS[5]]))
    session = stack.enter_context(Session.open({"content": str(folder)}, {}, CRAWLED))
    for _ in take_in(session):
        pass
    return session


def links(session: Session) -> list[Link]:
    found = [session.state.link_by_url(url) for url in URLS]
    return [link for link in found if link is not None]


@settings(max_examples=examples(15), deadline=None)
@given(nights=st.lists(st.lists(seen, min_size=6, max_size=6), min_size=1, max_size=3))
def test_together_or_apart(nights: list[list[Observation]]) -> None:
    with ExitStack() as stack:
        together, apart = opened(stack), opened(stack)
        for night, observed in enumerate(nights):
            at = NOW + timedelta(days=night)
            results = []
            for session in (together, apart):
                run = session.state.start_run(at)
                visits = [
                    (link.id, replace(one, url=link.url, at=at, run=run.id))
                    for link, one in zip(links(session), observed, strict=True)
                ]
                if session is together:
                    results.append(judge_visits(session, visits))
                else:
                    results.append([judge_visit(session, *visit) for visit in visits])
            assert results[0] == results[1]
        assert links(together) == links(apart)
        for one, other in zip(links(together), links(apart), strict=True):
            assert together.state.history(one.id) == apart.state.history(other.id)


@pytest.fixture
def session() -> Iterator[Session]:
    with closing(ExitStack()) as stack:
        yield opened(stack)


def test_nothing_of_a_batch_is_kept_where_one_link_is_gone(session: Session) -> None:
    run = session.state.start_run(NOW)
    visits = [(link.id, Observation(link.url, NOW, run.id, status=404)) for link in links(session)]
    with pytest.raises(StateError, match="one of 7 links is gone"):
        judge_visits(session, [*visits, (9_999, Observation("https://b.example/", NOW, run.id))])
    assert all(link.checked_at is None for link in links(session))


def test_no_visits_are_no_work(session: Session) -> None:
    assert judge_visits(session, []) == []

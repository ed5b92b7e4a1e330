"""What is new for a channel: the net changes since it was told, of the links that are for it, by owner."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.model.alarm import Alarm, AlarmCode
from crawler.model.change import Change
from crawler.model.held import HeldLink
from crawler.model.notification import About, Channel, Told
from crawler.notifications.news import News, Newsroom, is_for
from crawler.session import Session
from tests.notifications.three_runs import (
    ALIVE,
    BACK,
    DEAD,
    GONE,
    LOST,
    NEXT,
    Opened,
    a_run,
)
from tests.state.samples import link

NEW, CONFIRMED, WELL = Change.NEW_BROKEN, Change.CONFIRMED_DEAD, Change.RECOVERED


def news_of(session: Session, channel: Channel = Channel("any"), told: Told = Told(2)) -> News:  # noqa: B008 - frozen
    last = session.state.last_run()
    assert last is not None
    return Newsroom(session, last).news(channel, told)


def named(news: News) -> dict[tuple[str, ...], dict[str, Change]]:
    """The links that are named, by their owners."""
    return {
        group.owners: {one.url: one.change for links in group.links.values() for one in links}
        for group in news.groups
    }


def test_what_the_last_run_changed_by_owner(opened: Opened) -> None:
    with opened() as session:
        news = news_of(session)
    assert named(news) == {
        ("@example/desk", "Ada"): {NEXT: NEW, LOST: CONFIRMED},
        ("@example/desk", "Ada", "Bob"): {BACK: WELL},
    }
    assert (news.after, news.until, news.content) == (2, 3, "news")
    assert dict(news.totals) == {NEW: 1, CONFIRMED: 1, WELL: 1}


@pytest.mark.parametrize(
    ("run", "found"),
    [
        # BACK broke and came back: no news for who was told nothing of it.
        (0, {NEXT: NEW, LOST: CONFIRMED, GONE: NEW}),
        (1, {NEXT: NEW, LOST: CONFIRMED, BACK: WELL}),
        (3, {}),
    ],
)
def test_each_link_counts_by_its_net_effect_since_then(
    opened: Opened, run: int, found: dict[str, Change]
) -> None:
    with opened() as session:
        news = news_of(session, told=Told(run))
    assert {url: change for links in named(news).values() for url, change in links.items()} == found
    assert news.is_empty is (not found)


@pytest.mark.parametrize(
    ("about", "found"),
    [
        ((About.NEWLY_BROKEN,), {NEXT}),
        ((About.NEWLY_DEAD, About.RECOVERED), {LOST, BACK}),
        ((About.HELD,), set()),
    ],
)
def test_a_channel_hears_what_it_is_about(
    opened: Opened, about: tuple[About, ...], found: set[str]
) -> None:
    with opened() as session:
        news = news_of(session, Channel("some", about))
    assert {url for links in named(news).values() for url in links} == found
    assert set(news.totals) == {one.change for one in about} - {None}
    assert news.is_empty is (not found)


@pytest.mark.parametrize(
    ("channel", "told", "codes"),
    [
        (Channel("any"), 2, ["disk-low"]),
        (Channel("any"), 0, ["slow-run", "disk-low"]),
        (Channel("any"), 3, []),
        (Channel("any", about=(About.NEWLY_DEAD,)), 0, []),
        (Channel("any", owners=("Ada",)), 0, []),
        (Channel("any", owners=("Ada", "(none)")), 2, ["disk-low"]),
    ],
)
def test_alarms_are_told_that_began_since_to_who_runs_it(
    opened: Opened, channel: Channel, told: int, codes: list[str]
) -> None:
    with opened() as session:
        session.state.note_alarms(
            [Alarm(AlarmCode.SLOW_RUN, 1, 9000, 60), Alarm(AlarmCode.DISK_LOW, 3, 1, 100)]
        )
        news = news_of(session, channel, Told(told))
        assert [one.code.value for one in news.alarms] == codes


@pytest.mark.parametrize(
    ("globs", "found"),
    [
        (("Ada",), {NEXT, LOST, BACK}),
        (("bob",), {BACK}),
        (("@EXAMPLE/*",), {NEXT, LOST, BACK}),
        (("Ad",), set()),
        (("A?a",), {NEXT, LOST, BACK}),
        (("(none)",), set()),
        (("nobody", "Bob"), {BACK}),
    ],
)
def test_a_channel_hears_of_links_of_its_owners(
    opened: Opened, globs: tuple[str, ...], found: set[str]
) -> None:
    with opened() as session:
        news = news_of(session, Channel("some", owners=globs))
    assert {url for links in named(news).values() for url in links} == found
    assert sum(news.totals.values()) == len(found)


def test_links_of_nobody_are_for_who_asks_for_them() -> None:
    assert is_for(Channel("a"), ())
    assert is_for(Channel("a", owners=("(none)",)), ())
    assert is_for(Channel("a", owners=("*",)), ())
    assert not is_for(Channel("a", owners=("Ada",)), ())
    assert not is_for(Channel("a", owners=("(none)",)), ("Ada",))


def test_most_links_of_each_kind_are_named_and_all_are_counted(opened: Opened, root: Path) -> None:
    a_run(root, {LOST: ALIVE, NEXT: ALIVE, BACK: DEAD, GONE: DEAD})
    with opened() as session:
        news = news_of(session, Channel("some", most=1), Told(3))
    assert dict(news.totals) == {NEW: 0, CONFIRMED: 2, WELL: 2}
    # The one in most places comes first: its priority is higher.
    links = [one for group in news.groups for named in group.links.values() for one in named]
    assert [(one.url, one.change) for one in links if one.change is CONFIRMED] == [
        (BACK, CONFIRMED)
    ]
    assert sum(one.change is WELL for one in links) == 1
    assert sum(sum(group.totals.values()) for group in news.groups) == 4
    assert news.shortened(0).totals == news.totals
    assert not any(named(news.shortened(0)).values())


def test_a_held_group_is_new_until_it_was_told(opened: Opened) -> None:
    channel = Channel("some", (About.HELD,))
    with opened() as session:
        lost = link(session.state, LOST)
        session.state.hold([HeldLink("news/lost.md", lost.id, is_first=False)])
        (held,) = news_of(session, channel).held
        assert (held.host, held.cause) == ("lost.example", "http-410")
        told = Told(3, held=frozenset({("lost.example", "http-410")}))
        assert news_of(session, channel, told).is_empty
        assert news_of(session, Channel("other")).all_held == 0
        another = Told(3, held=frozenset({("lost.example", "http-404")}))
        assert len(news_of(session, channel, another).held) == 1


def test_a_run_that_did_not_end_is_told_with_the_next(opened: Opened, root: Path) -> None:
    a_run(root, {NEXT: DEAD}, ended="shutdown")
    a_run(root, {GONE: ALIVE, LOST: ALIVE})
    with opened() as session:
        assert session.state.told_until() == 3
        news = news_of(session, told=Told(3))
    found = {url: change for links in named(news).values() for url, change in links.items()}
    assert found == {NEXT: CONFIRMED, GONE: WELL, LOST: WELL}

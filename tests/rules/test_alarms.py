"""When a run raises an alarm about itself (rules G1 to G8), and when it does not: each with its near misses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.alarm import Alarm, AlarmCode, DownHost, RunFigures
from crawler.rules.alarms import alarms

MB = 1_000_000
USUAL = RunFigures(
    run=1,
    finished=True,
    planned=200,
    visited=200,
    seconds=100,
    least_seconds=40,
    urls=1000,
    unverifiable=50,
    waits=10,
    articles=300,
    free=10_000 * MB,
    stored=40 * MB,
)
BEFORE = tuple(replace(USUAL, run=number) for number in range(1, 6))
NOW = replace(USUAL, run=6)


def raised(now: RunFigures, before: tuple[RunFigures, ...] = BEFORE) -> list[str]:
    return [one.code.value for one in alarms(now, before, ())]


def test_a_usual_run_raises_none() -> None:
    assert raised(NOW) == []
    assert raised(replace(NOW, run=1), ()) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        # G1
        ({"visited": 99}, "few-checked"),
        ({"visited": 100}, None),
        ({"planned": 20, "visited": 9}, "few-checked"),
        ({"planned": 19, "visited": 0}, None),
        ({"planned": 0, "visited": 0}, None),
        ({"visited": 0, "finished": False}, None),
        # G2
        ({"unverifiable": 150}, "unverifiable-rises"),
        ({"unverifiable": 149}, None),
        ({"unverifiable": 100}, None),
        ({"unverifiable": 0}, None),
        ({"unverifiable": 900, "finished": False}, None),
        ({"urls": 100, "unverifiable": 25}, "unverifiable-rises"),
        ({"urls": 100, "unverifiable": 24}, None),
        # G3
        ({"waits": 60}, "waits-rise"),
        ({"waits": 59}, None),
        ({"urls": 100, "unverifiable": 5, "waits": 21}, "waits-rise"),
        ({"urls": 100, "unverifiable": 5, "waits": 20}, None),
        # G4
        ({"down": (DownHost("a.example", 50, 3),)}, "host-down"),
        ({"down": (DownHost("a.example", 50, 2),)}, None),
        ({"down": (DownHost("a.example", 49, 49),)}, None),
        ({"down": (DownHost("a.example", 50, 50),), "finished": False}, None),
        ({"down": (DownHost("a.example", 10, 3),), "urls": 200, "unverifiable": 9}, "host-down"),
        ({"down": (DownHost("a.example", 9, 9),), "urls": 100, "unverifiable": 9}, None),
        # G5
        ({"articles": 149}, "articles-missing"),
        ({"articles": 150}, None),
        ({"articles": 0, "finished": False}, "articles-missing"),
        # G6
        ({"marked": 300}, None),
        # G7
        ({"free": 100 * MB - 1}, "disk-low"),
        ({"free": 100 * MB}, None),
        ({"free": None}, None),
        ({"free": 0}, "disk-low"),
        ({"free": 399 * MB, "stored": 400 * MB}, "disk-low"),
        ({"free": 400 * MB, "stored": 400 * MB}, None),
        # G8: 3 times the usual pace of half a second, and half an hour
        ({"seconds": 2101}, "slow-run"),
        ({"seconds": 2100}, None),
        ({"seconds": 2101, "least_seconds": 101}, None),
        ({"seconds": 1801, "planned": 0, "visited": 0, "least_seconds": 0}, "slow-run"),
        ({"seconds": 5000, "planned": 3000, "visited": 3000}, None),
    ],
)
def test_what_raises_which(changed: dict[str, object], code: str | None) -> None:
    assert raised(replace(NOW, **changed)) == ([code] if code else [])  # type: ignore[arg-type]


def test_a_lost_state_is_told_by_its_first_run_alone() -> None:
    assert raised(replace(NOW, run=1, marked=3), ()) == ["state-lost"]
    assert raised(replace(NOW, run=2, marked=3), ()) == []


def test_a_small_collection_may_lose_half_of_its_articles() -> None:
    small = tuple(replace(one, articles=19) for one in BEFORE)
    assert raised(replace(NOW, articles=1), small) == []
    assert raised(replace(NOW, articles=0), small) == ["articles-missing"]


def test_a_rise_needs_two_runs_before_it_that_came_to_their_end() -> None:
    worse = replace(NOW, unverifiable=400, waits=400)
    stopped = tuple(replace(one, finished=False) for one in BEFORE)
    assert raised(worse, ()) == []
    assert raised(worse, BEFORE[:1]) == []
    assert raised(worse, stopped) == []
    assert raised(worse, (*stopped, *BEFORE[:2])) == ["unverifiable-rises", "waits-rise"]


def test_a_first_look_at_fifty_links_is_no_measure_for_a_thousand() -> None:
    """The way that the documents recommend: `--limit 50` a few times, then everything."""
    looks = tuple(replace(one, urls=50, unverifiable=0, waits=0) for one in BEFORE)
    whole = replace(NOW, unverifiable=250, waits=250)
    assert raised(whole, looks) == []
    assert raised(replace(whole, run=7), (*looks, whole)) == []
    assert raised(replace(whole, urls=100), looks) != []


def test_a_collection_that_grows_or_shrinks_keeps_its_shares() -> None:
    grown = replace(NOW, urls=2000, unverifiable=100, waits=20)
    assert raised(grown) == []
    assert raised(replace(grown, unverifiable=299)) == []
    assert raised(replace(grown, unverifiable=300)) == ["unverifiable-rises"]
    # What stays is what cannot be verified: as many as before, of far fewer.
    assert raised(replace(NOW, urls=500, unverifiable=50)) == []
    assert raised(replace(NOW, urls=200, unverifiable=50)) == ["unverifiable-rises"]


def test_a_rise_that_lasts_becomes_usual() -> None:
    worse = [replace(NOW, run=run, unverifiable=400) for run in range(6, 30)]
    told = []
    for number, now in enumerate(worse):
        told.append(bool(raised(now, (*BEFORE, *worse[:number]))))
    assert told[0]
    assert told.index(False) <= 10
    assert not any(told[told.index(False) :])


def test_one_night_that_was_worse_does_not_hide_the_next() -> None:
    before = (*BEFORE[:4], replace(BEFORE[4], unverifiable=900))
    assert raised(replace(NOW, unverifiable=400), before) == ["unverifiable-rises"]


def test_each_host_is_an_alarm_of_its_own() -> None:
    down = (DownHost("a.example", 60, 9), DownHost("b.example", 5, 5), DownHost("c.example", 70, 9))
    found = alarms(replace(NOW, down=down), BEFORE, ())
    assert [(one.host, one.usual) for one in found] == [("a.example", 60), ("c.example", 70)]


def test_what_lasts_keeps_the_run_that_raised_it() -> None:
    low = replace(NOW, free=0)
    standing = (Alarm(AlarmCode.DISK_LOW, 4, 5, 100 * MB),)
    (again,) = alarms(low, BEFORE, standing)
    assert (again.since, again.seen) == (4, 0)
    (new,) = alarms(low, BEFORE, (Alarm(AlarmCode.DISK_LOW, 4, 5, 100 * MB, "other"),))
    assert new.since == 6


_AMOUNTS = st.integers(0, 10**6)


@given(
    st.builds(
        RunFigures,
        run=st.integers(2, 50),
        finished=st.booleans(),
        **dict.fromkeys(
            ("planned", "visited", "seconds", "least_seconds", "urls", "unverifiable", "waits"),
            _AMOUNTS,
        ),
        articles=_AMOUNTS,
    )
)
def test_any_run_that_is_as_the_ones_before_raises_none_but_of_itself(now: RunFigures) -> None:
    """What is compared with runs before is never raised where nothing has changed."""
    before = tuple(
        replace(now, run=run, finished=True) for run in range(max(1, now.run - 3), now.run)
    )
    compared = {"unverifiable-rises", "waits-rise", "articles-missing", "host-down", "state-lost"}
    assert not compared & set(raised(now, before))

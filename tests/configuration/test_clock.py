"""`Clock` gives real time, or time from a start that is set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from crawler.configuration import Clock


def test_without_a_start_it_is_the_computers_clock() -> None:
    before = datetime.now(UTC)
    now = Clock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_with_a_start_time_goes_on_from_there() -> None:
    start = datetime(2031, 5, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    clock = Clock(start)
    first = clock.now()
    second = clock.now()
    assert start <= first <= second < start + timedelta(minutes=5)
    assert first.utcoffset() == timedelta(0)
    assert repr(clock).startswith("Clock(datetime.datetime(2031, 5, 1, 10")


def test_a_start_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Clock(datetime(2031, 5, 1))  # noqa: DTZ001 - the case itself

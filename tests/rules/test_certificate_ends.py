"""Rule C6: certificates that should have been replaced by now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.host_certificate import HostCertificate, Validity
from crawler.rules.certificate_ends import ends_soon

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def certificate(left: timedelta, whole: timedelta, seen: timedelta = 0 * DAY) -> HostCertificate:
    """One that is valid for `whole`, still for `left` from now on, and was seen so long ago."""
    end = NOW + left
    return HostCertificate("a.example", Validity(end - whole, end), NOW - seen)


@pytest.mark.parametrize(
    ("left", "whole", "seen", "expected"),
    [
        # of a year, and of 90 days that are renewed with 30 left
        (22 * DAY, 365 * DAY, 0 * DAY, False),
        (21 * DAY, 365 * DAY, 0 * DAY, True),
        (30 * DAY, 90 * DAY, 0 * DAY, False),
        (21 * DAY, 90 * DAY, 0 * DAY, True),
        # of 45 days, renewed with 15 left, and of six days, renewed with two to three left
        (21 * DAY, 45 * DAY, 0 * DAY, False),
        (15 * DAY, 45 * DAY, 0 * DAY, False),
        (11 * DAY, 45 * DAY, 0 * DAY, True),
        (3 * DAY, 6 * DAY, 0 * DAY, False),
        (1 * DAY, 6 * DAY, 0 * DAY, True),
        # seen long before its end: replaced since, most likely
        (5 * DAY, 90 * DAY, 40 * DAY, False),
        (5 * DAY, 90 * DAY, 16 * DAY, True),
        (5 * DAY, 90 * DAY, 17 * DAY, False),
        # at its end, and after it
        (SECOND, 90 * DAY, 0 * DAY, True),
        (0 * DAY, 90 * DAY, 0 * DAY, False),
        (-1 * DAY, 90 * DAY, 3 * DAY, False),
        # one that no browser would take
        (1 * DAY, 0 * DAY, 0 * DAY, False),
    ],
)
def test_what_should_have_been_replaced(
    left: timedelta, whole: timedelta, seen: timedelta, expected: bool
) -> None:
    assert ends_soon(certificate(left, whole, seen), NOW) is expected


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
def test_nothing_is_told_of_what_has_ended_or_has_time(left: int, whole: int, seen: int) -> None:
    told = ends_soon(certificate(left * DAY, whole * DAY, seen * DAY), NOW)
    assert not told or 0 < left <= 21
    assert not told or left + seen <= 21

"""Times and dates as reports write them: ISO 8601 for machines, words for people, always in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def as_utc(moment: datetime) -> datetime:
    """`moment` in UTC. A time without a zone is read as UTC; a time at the edge of the calendar, which the
    conversion would lead out of it, keeps its clock."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)


def iso_time(moment: datetime | None) -> str | None:
    """`2026-11-22T10:00:00Z`, whole seconds."""
    if moment is None:
        return None
    return as_utc(moment).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def iso_date(day: date | None) -> str | None:
    """`2026-11-22`; of a time, its day in UTC."""
    if day is None:
        return None
    return (as_utc(day).date() if isinstance(day, datetime) else day).isoformat()


def date_in_words(day: date) -> str:
    """`22 November 2026`, in no locale but English."""
    if isinstance(day, datetime):
        day = as_utc(day).date()
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def time_in_words(moment: datetime) -> str:
    """`22 November 2026, 10:00 UTC`."""
    return f"{date_in_words(moment)}, {as_utc(moment):%H:%M} UTC"

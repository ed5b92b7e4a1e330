"""Single values that a collection notes under a name, in the table `meta`."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, select

from crawler.state.schema import meta


def noted(connection: Connection, key: str) -> str | None:
    """The value of a name; None where none was noted."""
    return connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar_one_or_none()


def note(connection: Connection, values: Mapping[str, str]) -> None:
    """Note values, in place of those before."""
    connection.execute(delete(meta).where(meta.c.key.in_(values)))
    rows = [{"key": key, "value": value} for key, value in values.items()]
    connection.execute(meta.insert(), rows)

"""Another verdict for links that were not visited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, literal, or_, select, update

from crawler.state.schema import links, runs, verdict_changes


def revise_links(
    connection: Connection, which: ColumnElement[bool], columns: Mapping[str, Any], now: datetime
) -> None:
    """Give links other values, `kind` and `reason` among them. A change of these is noted with the latest run, if any, so
    that the changes of that run stay right."""
    kind, reason = columns["kind"], columns["reason"]
    latest = select(func.max(runs.c.id)).scalar_subquery()
    change = select(
        links.c.id,
        latest,
        literal(now, verdict_changes.c.at.type),
        links.c.kind,
        links.c.reason,
        literal(kind),
        literal(reason),
    ).where(which, or_(links.c.kind != kind, links.c.reason != reason), latest.is_not(None))
    names = ("link_id", "run_id", "at", "old_kind", "old_reason", "new_kind", "new_reason")
    connection.execute(insert(verdict_changes).from_select(names, change))
    connection.execute(update(links).where(which).values(**columns))

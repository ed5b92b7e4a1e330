"""The statements that record visits, and the values that they take.

Each does nothing where the link is gone. SQLite runs each of them for all visits of a batch, one after the other in a
transaction; a server runs all of them as one statement for each visit: the round trips to it are what a visit costs there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ClauseElement,
    ColumnElement,
    Table,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeDecorator, TypeEngine

from crawler.model.observation import Observation
from crawler.model.verdict import Verdict, VerdictKind
from crawler.rules.article.updates import first_baseline
from crawler.rules.verdict.page_evidence import shows_page
from crawler.state.columns import microseconds, storable
from crawler.state.json_columns import baseline_to_json
from crawler.state.rows import observation_columns, verdict_columns
from crawler.state.schema import links, observations, staged_observations, verdict_changes

if TYPE_CHECKING:
    from sqlalchemy import Connection

_NOT_MODIFIED = 304
_VERDICT = (
    "kind",
    "reason",
    "rule",
    "strikes",
    "since",
    "failing_since",
    "warnings",
    "suggestion",
)


def _values(table: Table, names: tuple[str, ...], prefix: str) -> dict[str, BindParameter[object]]:
    """A parameter for each column. Its name has a prefix, because both tables have a `status`.

    Values must have the form that the driver takes (`stored`): most of them go into two statements.
    """
    return {name: bindparam(prefix + name, type_=_plain(table.c[name].type)) for name in names}


def _plain(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def stored(value: object) -> object:
    """A value in the form that the driver takes."""
    if isinstance(value, str):
        return storable(value)
    return microseconds(value) if isinstance(value, datetime) else value


_SEEN = _values(
    observations,
    tuple(name for name in observations.c.keys() if name not in ("id", "link_id")),  # noqa: SIM118
    "seen_",
)
_KEPT = _values(links, ("page", "page_mark", "image", "baseline"), "kept_")
_NEW = _values(links, (*_VERDICT, "due_at"), "new_")
_OF_LINK = links.c.id == bindparam("visited", type_=links.c.id.type)


def _where(flag: str, seen: str, name: str = "") -> ColumnElement[Any]:
    """The value of the observation where the parameter `flag` is true, else the link's."""
    return case((bindparam(flag, type_=Boolean()), _SEEN[seen]), else_=links.c[name or seen])


NOTE_CHANGE = insert(verdict_changes).from_select(
    ("link_id", "run_id", "at", "old_kind", "old_reason", "new_kind", "new_reason"),
    select(
        links.c.id,
        _SEEN["run_id"],
        _SEEN["at"],
        links.c.kind,
        links.c.reason,
        _NEW["kind"],
        _NEW["reason"],
    ).where(_OF_LINK, or_(links.c.kind != _NEW["kind"], links.c.reason != _NEW["reason"])),
)
"""Inserts only where kind or reason differ from those in `links`: it runs before `UPDATE_LINK`."""

UPDATE_LINK = (
    update(links)
    .where(_OF_LINK)
    .values(
        **_NEW,
        last_run=_SEEN["run_id"],
        page=func.coalesce(_KEPT["page"], links.c.page),
        page_mark=case((_KEPT["page"].is_not(None), _KEPT["page_mark"]), else_=links.c.page_mark),
        image=func.coalesce(_KEPT["image"], links.c.image),
        baseline=func.coalesce(links.c.baseline, _KEPT["baseline"]),
        checked_at=_where("replace_answer", "at", "checked_at"),
        **{name: _where("replace_answer", name) for name in ("status", "final_url", "hops")},
        **{name: _where(f"replace_{name}", name) for name in ("etag", "last_modified")},
    )
)

_SEEN_BEFORE = exists(literal_column("1")).where(
    observations.c.link_id == links.c.id,
    observations.c.at == _SEEN["at"],
    observations.c.run_id == _SEEN["run_id"],
)
OBSERVE = insert(observations).from_select(
    ("link_id", *_SEEN), select(links.c.id, *_SEEN.values()).where(_OF_LINK, ~_SEEN_BEFORE)
)
"""A run sees a link once at a time: a visit that is recorded twice is one observation (docs/adr/0026)."""

UNSTAGE = delete(staged_observations).where(
    staged_observations.c.link_id == bindparam("visited", type_=links.c.id.type)
)

_updated = UPDATE_LINK.returning(links.c.id).cte("updated")
RECORD_AT_ONCE = select(_updated.c.id).add_cte(
    NOTE_CHANGE.cte("noted"), OBSERVE.cte("observed"), UNSTAGE.cte("unstaged")
)
"""PostgreSQL only. All parts see the old rows; returns no row where the link is gone."""


def visit_values(
    link_id: int, observation: Observation, verdict: Verdict, due_at: datetime | None
) -> dict[str, object]:
    """The parameters of all statements, in the form that the driver takes.

    A link keeps its `page` and `image` where this visit has none of the site's own, `page` also where the visit got
    another page in its place. Its validators are those of the last good answer whose page was read. A visit during our own outage
    leaves the answer and the time of the last check as they were.
    """
    ours = observation.inconclusive is not None and observation.inconclusive.is_ours
    good = verdict.kind in (VerdictKind.ALIVE, VerdictKind.MOVED) and observation.is_the_sites
    # A 304 may omit validators that are still valid.
    whole = good and observation.status != _NOT_MODIFIED and not observation.is_unread
    values = {
        "visited": link_id,
        "new_due_at": stored(due_at),
        "replace_answer": not ours,
        "replace_etag": whole or (good and observation.etag is not None),
        "replace_last_modified": whole or (good and observation.last_modified is not None),
    }
    for name, value in verdict_columns(verdict).items():
        values["new_" + name] = stored(value)
    for name, value in observation_columns(observation).items():
        values["seen_" + name] = stored(value)
    its_own = observation.is_the_sites
    is_page = its_own and observation.inconclusive is None and shows_page(verdict)
    values["kept_page"] = values["seen_page"] if is_page else None
    values["kept_page_mark"] = values["seen_page_mark"]
    baseline = first_baseline(observation.page) if is_page and observation.page else None
    values["kept_baseline"] = baseline_to_json(baseline)
    values["kept_image"] = values["seen_image"] if its_own else None
    return values


def record_in_steps(connection: Connection, visits: Sequence[Mapping[str, object]]) -> bool:
    """Record visits, each of another link, in the caller's transaction; false where one of the links is gone.

    SQLite only. It bypasses SQLAlchemy's handling of values, which would take as long as SQLite itself.
    """
    _, updated, *_ = [
        connection.exec_driver_sql(
            statement, [tuple(visit[name] for name in names) for visit in visits]
        ).rowcount
        for statement, names in _steps()
    ]
    return updated == len(visits)


def record_at_once(connection: Connection, visits: Sequence[Mapping[str, object]]) -> bool:
    """The same on PostgreSQL."""
    return all(
        connection.execute(RECORD_AT_ONCE, visit).one_or_none() is not None for visit in visits
    )


def positional(statement: ClauseElement) -> tuple[str, tuple[str, ...]]:
    """A statement as SQL of SQLite, with the names of its parameters in order."""
    compiled = statement.compile(dialect=sqlite.dialect(paramstyle="qmark"))
    return str(compiled), tuple(getattr(compiled, "positiontup", None) or ())


@cache
def _steps() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(map(positional, (NOTE_CHANGE, UPDATE_LINK, OBSERVE, UNSTAGE)))

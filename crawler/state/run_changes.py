"""What runs changed: the first state of a link in some runs against its last one there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, select

from crawler.model.change import Change, Opinion, Transition
from crawler.model.reference import Reference, Scope
from crawler.model.report import ChangedLink
from crawler.rules.verdict.transitions import change_of
from crawler.state.part import ONE, Part, among, is_reported, is_within, stream
from crawler.state.rows import REFERENCE_COLUMNS, reference_from, verdict_kind
from crawler.state.schema import files, links, references, verdict_changes

_LINKS_AT_ONCE = 200


class Changes(Part):
    """Read-only views over what runs changed."""

    def changed_links(
        self, after: int, until: int, path: str | None = None
    ) -> Iterator[ChangedLink]:
        """What the runs after `after`, up to `until`, changed, by URL; what changed and changed back is left out.

        With `path` only links that this file refers to.
        """
        first, last = verdict_changes.alias(), verdict_changes.alias()
        statement = (
            _transitions(first, last, _between(after, until))
            .add_columns(links.c.id, links.c.url)
            .join(links, links.c.id == last.c.link_id)
            .where(
                exists(ONE).where(
                    references.c.link_id == links.c.id, is_within(path), is_reported()
                )
            )
            .order_by(links.c.url)
        )
        with self._database.read() as connection:
            for rows in stream(connection, statement, _LINKS_AT_ONCE):
                told = [
                    (row[4], row[5], transition, change)
                    for row in rows
                    if (change := change_of(transition := _transition(row))) is not None
                ]
                places = places_of(connection, [link_id for link_id, *_ in told], path)
                for link_id, url, transition, change in told:
                    here = places.get(link_id, ())
                    yield ChangedLink(url, change, transition, next(iter(here), None), len(here))


def changes_in_run(
    connection: Connection, run_id: int, ids: Sequence[int]
) -> dict[int, Transition]:
    """How a run changed some links, by id; the others are as they were."""
    first, last = verdict_changes.alias(), verdict_changes.alias()
    in_run = and_(
        verdict_changes.c.run_id == run_id, among(connection, verdict_changes.c.link_id, ids)
    )
    statement = _transitions(first, last, in_run).add_columns(last.c.link_id)
    return {row[4]: _transition(row) for row in connection.execute(statement)}


def count_changes(
    connection: Connection, run_id: int, referred: ColumnElement[bool]
) -> dict[Change, int]:
    """How many links a run changed, by change; `referred` is a condition on the link."""
    first, last = verdict_changes.alias(), verdict_changes.alias()
    columns = _sides(first, last)
    statement = (
        _transitions(first, last, verdict_changes.c.run_id == run_id)
        .add_columns(func.count())
        .join(links, links.c.id == last.c.link_id)
        .where(referred)
        .group_by(*columns)
    )
    counts = dict.fromkeys(Change, 0)
    for row in connection.execute(statement):
        change = change_of(_transition(row))
        if change is not None:
            counts[change] += row[4]
    return counts


def _between(after: int, until: int) -> ColumnElement[bool]:
    return and_(verdict_changes.c.run_id > after, verdict_changes.c.run_id <= until)


def _sides(first: Any, last: Any) -> tuple[Any, ...]:
    return first.c.old_kind, first.c.old_reason, last.c.new_kind, last.c.new_reason


def _transitions(first: Any, last: Any, chosen: ColumnElement[bool]) -> Select[Any]:
    """The first old state of each link among the `chosen` changes, and its last new one."""
    ends = (
        select(
            func.min(verdict_changes.c.id).label("first"),
            func.max(verdict_changes.c.id).label("last"),
        )
        .where(chosen)
        .group_by(verdict_changes.c.link_id)
        .subquery()
    )
    return (
        select(*_sides(first, last))
        .select_from(ends)
        .join(first, first.c.id == ends.c.first)
        .join(last, last.c.id == ends.c.last)
    )


def _transition(row: Sequence[Any]) -> Transition:
    """A transition from the columns of `_sides`."""
    return Transition(Opinion(verdict_kind(row[0]), row[1]), Opinion(verdict_kind(row[2]), row[3]))


def places_of(
    connection: Connection, ids: Sequence[int], path: str | None
) -> dict[int, list[Reference]]:
    """The articles' own references to some links, by link, path and place."""
    statement = (
        select(*REFERENCE_COLUMNS, files.c.path, links.c.url)
        .select_from(references.join(files).join(links))
        .where(
            among(connection, references.c.link_id, ids),
            references.c.scope == Scope.OWN.value,
            is_within(path),
            is_reported(),
        )
        .order_by(references.c.link_id, files.c.path, references.c.ordinal)
    )
    found: dict[int, list[Reference]] = {}
    for row in connection.execute(statement):
        found.setdefault(row[1], []).append(reference_from(row, row[-2], row[-1]))
    return found

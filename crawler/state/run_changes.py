"""What runs changed: the first state of a link in some runs against its last one there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, select

from crawler.model.change import Change, Opinion, Transition
from crawler.model.portion import Within
from crawler.model.reference import Reference, Scope
from crawler.model.report import ChangedLink, RunCounts
from crawler.model.run import Run
from crawler.model.verdict import VerdictKind
from crawler.rules.verdict.transitions import change_of
from crawler.state.part import ONE, Part, among, is_reported, is_within, stream, transaction
from crawler.state.rows import REFERENCE_COLUMNS, reference_from, verdict_kind
from crawler.state.runs import RUN_COLUMNS
from crawler.state.schema import files, links, references, runs, verdict_changes

_LINKS_AT_ONCE = 200


class Changes(Part):
    """Read-only views over what runs changed."""

    def changed_links(self, after: int, until: int, asked: Within = None) -> Iterator[ChangedLink]:
        """What the runs after `after`, up to `until`, changed, by URL; what changed and changed back is left out.

        With `asked` only links that this file refers to.
        """
        first, last = verdict_changes.alias(), verdict_changes.alias()
        statement = (
            _transitions(first, last, _between(after, until))
            .add_columns(links.c.id, links.c.url)
            .join(links, links.c.id == last.c.link_id)
            .where(
                exists(ONE).where(
                    references.c.link_id == links.c.id, is_within(asked), is_reported()
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
                places = places_of(connection, [link_id for link_id, *_ in told], asked)
                for link_id, url, transition, change in told:
                    here = places.get(link_id, ())
                    paths = tuple(dict.fromkeys(one.path for one in here))
                    yield ChangedLink(
                        url, change, transition, next(iter(here), None), len(here), paths
                    )

    @transaction
    def run_counts(self, limit: int, asked: Within = None) -> tuple[RunCounts, ...]:
        """What the last runs changed, the oldest first, and how many links were how after each.

        The latter follow from how the links are now and from what later runs changed, so links that have been
        pruned are in none of them.
        """
        referred = exists(ONE).where(
            references.c.link_id == links.c.id, is_within(asked), is_reported()
        )
        now = select(links.c.kind, func.count()).where(referred).group_by(links.c.kind)
        latest = select(*RUN_COLUMNS).order_by(runs.c.id.desc()).limit(limit)
        found: list[RunCounts] = []
        with self._database.read() as connection:
            after = Counter(
                {verdict_kind(kind): amount for kind, amount in connection.execute(now)}
            )
            for row in connection.execute(latest).all():
                run = Run(*row)
                changes: Counter[Change] = Counter()
                before = after.copy()
                for transition, amount in _count_transitions(connection, run.id, referred):
                    before[transition.before.kind] += amount
                    before[transition.after.kind] -= amount
                    change = change_of(transition)
                    if change is not None:
                        changes[change] += amount
                found.append(
                    RunCounts(
                        run,
                        newly_broken=changes[Change.NEW_BROKEN],
                        newly_dead=changes[Change.CONFIRMED_DEAD],
                        recovered=changes[Change.RECOVERED],
                        broken=after[VerdictKind.BROKEN],
                        dead=after[VerdictKind.DEAD],
                        unverifiable=after[VerdictKind.UNVERIFIABLE],
                    )
                )
                after = before
        return tuple(reversed(found))


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
    counts = dict.fromkeys(Change, 0)
    for transition, amount in _count_transitions(connection, run_id, referred):
        change = change_of(transition)
        if change is not None:
            counts[change] += amount
    return counts


def _count_transitions(
    connection: Connection, run_id: int, referred: ColumnElement[bool]
) -> Iterator[tuple[Transition, int]]:
    """Each transition that a run made of links, and of how many."""
    first, last = verdict_changes.alias(), verdict_changes.alias()
    columns = _sides(first, last)
    statement = (
        _transitions(first, last, verdict_changes.c.run_id == run_id)
        .add_columns(func.count())
        .join(links, links.c.id == last.c.link_id)
        .where(referred)
        .group_by(*columns)
    )
    for row in connection.execute(statement):
        yield _transition(row), row[4]


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
    connection: Connection, ids: Sequence[int], asked: Within
) -> dict[int, list[Reference]]:
    """The articles' own references to some links, by link, path and place."""
    statement = (
        select(*REFERENCE_COLUMNS, files.c.path, links.c.url)
        .select_from(references.join(files).join(links))
        .where(
            among(connection, references.c.link_id, ids),
            references.c.scope == Scope.OWN.value,
            is_within(asked),
            is_reported(),
        )
        .order_by(references.c.link_id, files.c.path, references.c.ordinal)
    )
    found: dict[int, list[Reference]] = {}
    for row in connection.execute(statement):
        found.setdefault(row[1], []).append(reference_from(row, row[-2], row[-1]))
    return found

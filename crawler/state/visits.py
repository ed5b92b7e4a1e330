"""Visits and what they came to: observations, verdicts, and the links themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, insert, select, update

from crawler.model.link import Link
from crawler.model.observation import Observation
from crawler.model.verdict import Verdict, VerdictKind
from crawler.state.columns import digest
from crawler.state.errors import StateError
from crawler.state.part import Part
from crawler.state.rows import (
    LINK_COLUMNS,
    OBSERVATION_COLUMNS,
    REFERENCE_COLUMNS,
    link_from,
    observation_columns,
    observation_from,
    reference_from,
    verdict_columns,
)
from crawler.state.schema import files, links, observations, references, verdict_changes
from crawler.state.values import KnownReference

_NOT_MODIFIED = 304

# Built once: building a statement takes longer than running it.
_VERDICT_BEFORE = select(links.c.kind, links.c.reason).where(links.c.id == bindparam("visited"))
_OBSERVE = insert(observations)
_UPDATE_LINK = update(links).where(links.c.id == bindparam("visited"))
_NOTE_CHANGE = insert(verdict_changes)
_CHANGE = ("old_kind", "old_reason", "new_kind", "new_reason")


class Visits(Part):
    """The memory of a crawl."""

    def link(self, link_id: int) -> Link | None:
        """The link of this id."""
        return self._link(links.c.id == link_id)

    def link_by_url(self, url: str) -> Link | None:
        """The link of this URL, as references identify it."""
        return self._link(links.c.key == digest(url))

    def history(self, link_id: int) -> tuple[Observation, ...]:
        """All observations of a link that are kept, oldest first."""
        statement = (
            select(*OBSERVATION_COLUMNS)
            .select_from(observations.join(links))
            .where(observations.c.link_id == link_id)
            .order_by(observations.c.at, observations.c.id)
        )
        with self._database.read() as connection:
            return tuple(observation_from(row) for row in connection.execute(statement))

    def own_references(self, link_id: int) -> list[KnownReference]:
        """The references of articles themselves (not of `related`) to a link, by path and place."""
        statement = (
            select(*REFERENCE_COLUMNS, files.c.title, files.c.excerpt, files.c.published_at)
            .select_from(references.join(files).join(links))
            .where(references.c.link_id == link_id, references.c.scope == "own")
            .order_by(files.c.path, references.c.ordinal)
        )
        count = len(REFERENCE_COLUMNS)
        with self._database.read() as connection:
            return [
                KnownReference(reference_from(row[:count]), *row[count:])
                for row in connection.execute(statement)
            ]

    def record(
        self, link_id: int, observation: Observation, verdict: Verdict, due_at: datetime | None
    ) -> None:
        """Commit one visit with its verdict and the next due time (None: never), all or nothing.

        `page`, `image` and the validators of the last good answer stay where this visit has none.
        """
        columns = observation_columns(observation)
        with self._database.write() as connection:
            before = connection.execute(_VERDICT_BEFORE, {"visited": link_id}).one_or_none()
            if before is None:
                raise StateError(
                    f"{self._database.name}: link {link_id} is gone; another program changed the "
                    "state while the run went on: start again"
                )
            connection.execute(_OBSERVE, {**columns, "link_id": link_id})
            changes = _link_changes(observation, verdict, columns)
            connection.execute(_UPDATE_LINK, {**changes, "due_at": due_at, "visited": link_id})
            after = (verdict.kind.value, verdict.reason)
            if after != tuple(before):
                change = dict(zip(_CHANGE, (*before, *after), strict=True))
                facts = {"link_id": link_id, "run_id": observation.run, "at": observation.at}
                connection.execute(_NOTE_CHANGE, {**facts, **change})

    def _link(self, condition: ColumnElement[bool]) -> Link | None:
        with self._database.read() as connection:
            row = connection.execute(select(*LINK_COLUMNS).where(condition)).one_or_none()
        return None if row is None else link_from(row)


def _link_changes(
    observation: Observation, verdict: Verdict, columns: dict[str, object]
) -> dict[str, Any]:
    changes: dict[str, Any] = {
        **verdict_columns(verdict),
        "status": observation.status,
        "final_url": observation.final_url,
        "hops": columns["hops"],
        "checked_at": observation.at,
        "last_run": observation.run,
    }
    replaced = [name for name in ("page", "image") if columns[name] is not None]
    if verdict.kind in (VerdictKind.ALIVE, VerdictKind.MOVED):
        validators = ["etag", "last_modified"]
        if observation.status == _NOT_MODIFIED:  # it may leave validators out that still hold
            validators = [name for name in validators if columns[name] is not None]
        replaced += validators
    return changes | {name: columns[name] for name in replaced}

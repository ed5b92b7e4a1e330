"""Visits and their results: observations, verdicts, and the links themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, bindparam, select

from crawler.model.link import Link
from crawler.model.observation import Observation, PageFacts
from crawler.model.page_depth import PageMark
from crawler.model.reference import Scope
from crawler.model.verdict import Verdict
from crawler.state.columns import digest
from crawler.state.errors import StateError
from crawler.state.json_columns import page_from_json
from crawler.state.known import KnownReference, RecordedVisit
from crawler.state.part import Part, among, transaction
from crawler.state.recording import (
    RECORD_AT_ONCE,
    record_at_once,
    record_in_steps,
    visit_values,
)
from crawler.state.rows import (
    LINK_COLUMNS,
    OBSERVATION_COLUMNS,
    REFERENCE_COLUMNS,
    link_from,
    observations_from,
    page_mark_to_text,
    reference_from,
)
from crawler.state.schema import files, links, observations, references

# Statements are built once: building one takes longer than running it.
_VISITED = bindparam("visited", type_=links.c.id.type)
_LINK = select(*LINK_COLUMNS).where(links.c.id == _VISITED)
_LINK_BY_KEY = select(*LINK_COLUMNS).where(links.c.key == bindparam("key"))
_PAGE = select(links.c.page).where(
    links.c.id == _VISITED, links.c.page_mark == bindparam("mark", type_=links.c.page_mark.type)
)
_HISTORY = (
    select(*OBSERVATION_COLUMNS)
    .select_from(observations.join(links))
    .where(observations.c.link_id == _VISITED)
    .order_by(observations.c.at, observations.c.id)
)
_OWN_REFERENCES = (
    select(
        *REFERENCE_COLUMNS,
        files.c.path,
        links.c.url,
        files.c.title,
        files.c.excerpt,
        files.c.published_at,
    )
    .select_from(references.join(files).join(links))
    .where(references.c.scope == Scope.OWN.value)
    .order_by(references.c.link_id, files.c.path, references.c.ordinal)
)
_REFERENCE_WIDTH = len(REFERENCE_COLUMNS)
_LINK_OF_REFERENCE = 1
"""The place of the link's id in `REFERENCE_COLUMNS`."""


class Visits(Part):
    """The part of the state that a crawl reads and writes at each visit."""

    def link(self, link_id: int) -> Link | None:
        """The link with this id, None where there is none."""
        return self._link(_LINK, {"visited": link_id})

    def link_by_url(self, url: str) -> Link | None:
        """The link of this URL, as references identify it."""
        return self._link(_LINK_BY_KEY, {"key": digest(url)})

    @transaction
    def kept_page(self, link_id: int, mark: PageMark) -> PageFacts | None:
        """The facts that are kept of a link's page, None where they are not those that were read under this mark."""
        with self._database.at_once() as connection:
            row = connection.execute(
                _PAGE, {"visited": link_id, "mark": page_mark_to_text(mark)}
            ).one_or_none()
        return None if row is None else page_from_json(row[0])

    @transaction
    def history(self, link_id: int) -> tuple[Observation, ...]:
        """All stored observations of a link, oldest first."""
        with self._database.at_once() as connection:
            rows = connection.execute(_HISTORY, {"visited": link_id}).all()
        return observations_from(rows)

    @transaction
    def histories(self, link_ids: Sequence[int]) -> dict[int, tuple[Observation, ...]]:
        """The observations of some links (a few hundred at most), oldest first, by link; one query."""
        with self._database.at_once() as connection:
            statement = (
                select(observations.c.link_id, *OBSERVATION_COLUMNS)
                .select_from(observations.join(links))
                .where(among(connection, observations.c.link_id, link_ids))
                .order_by(observations.c.link_id, observations.c.at, observations.c.id)
            )
            rows = connection.execute(statement).all()
        return {
            link_id: observations_from(row[1:] for row in found)
            for link_id, found in groupby(rows, key=itemgetter(0))
        }

    @transaction
    def own_references(self, link_id: int) -> list[KnownReference]:
        """The references of articles themselves (not of `related`) to a link, by path and place."""
        return list(self.own_references_of([link_id])[link_id])

    @transaction
    def own_references_of(self, link_ids: Sequence[int]) -> dict[int, tuple[KnownReference, ...]]:
        """The same for some links (a few hundred at most), none left out, by link; one query."""
        with self._database.at_once() as connection:
            statement = _OWN_REFERENCES.where(among(connection, references.c.link_id, link_ids))
            rows = connection.execute(statement).all()
        held = {
            link_id: tuple(
                KnownReference(reference_from(row, path, url), *article)
                for row in found
                for path, url, *article in (row[_REFERENCE_WIDTH:],)
            )
            for link_id, found in groupby(rows, key=itemgetter(_LINK_OF_REFERENCE))
        }
        return {link_id: held.get(link_id, ()) for link_id in link_ids}

    def record(
        self, link_id: int, observation: Observation, verdict: Verdict, due_at: datetime | None
    ) -> None:
        """Commit one visit with its verdict and the next due time (None: never), as `record_all`."""
        self.record_all([RecordedVisit(link_id, observation, verdict, due_at)])

    @transaction
    def record_all(self, visits: Sequence[RecordedVisit]) -> None:
        """Commit visits, each of another link, in one transaction, all or nothing.

        A link keeps `page`, `image` and validators of the last good answer where its visit has none.
        """
        if not visits:
            return
        values = [
            visit_values(each.link_id, each.observation, each.verdict, each.due_at)
            for each in visits
        ]
        if self._database.file is None and len(values) == 1:
            self._check(self._database.put(RECORD_AT_ONCE, values[0]) is not None, visits)
            return
        record = record_in_steps if self._database.file is not None else record_at_once
        with self._database.write() as connection:
            self._check(record(connection, values), visits)

    def _check(self, found: bool, visits: Sequence[RecordedVisit]) -> None:
        if found:
            return
        which = f"link {visits[0].link_id}" if len(visits) == 1 else f"one of {len(visits)} links"
        raise StateError(
            f"{self._database.name}: {which} is gone; another program changed the "
            "state while the run went on: start again"
        )

    @transaction
    def _link(self, statement: Select[Any], key: dict[str, object]) -> Link | None:
        with self._database.at_once() as connection:
            row = connection.execute(statement, key).one_or_none()
        return None if row is None else link_from(row)

"""A fingerprint of everything that a report shows: equal fingerprints, equal reports."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from crawler.state.columns import microseconds
from crawler.state.part import Part, stream, transaction
from crawler.state.pruning import PRUNED

_ROWS: Final = (
    # All that a visit or an editor may change of a link, but for what only the next visit needs.
    (
        "SELECT id, kind, reason, rule, strikes, since, failing_since, due_at, warnings, suggestion, status,"
        " checked_at, url, final_url, hops, image, page, baseline FROM links ORDER BY id"
    ),
    # References follow from the file, which its hash stands for.
    "SELECT id, key, sha256, readable, listed, block, labels FROM files ORDER BY id",
    "SELECT file_id, line, code, message FROM problems ORDER BY id",
    "SELECT key, note, decided_at, until, against_reason, against_since FROM decisions ORDER BY key",
    "SELECT file_id, link_id, is_first FROM held_links ORDER BY file_id, link_id",
    "SELECT key, failing_since FROM accepted_links ORDER BY key",
    "SELECT key, begins_at, ends_at, seen_at FROM host_certificates ORDER BY key",
    "SELECT count(*) FROM article_references",
    # Rows of these are never changed. Counting them would take longer with each run: what pruning deletes has a mark of its
    # own, and with anything else that goes its link goes.
    "SELECT max(id) FROM observations",
    "SELECT max(id) FROM verdict_changes",
)
_PRUNED: Final = "SELECT value FROM meta WHERE key = :pruned"
_OF_RUN: Final = "SELECT count(*), min(id), max(id) FROM verdict_changes WHERE run_id = :run"
_NEWS: Final = (
    "SELECT count(*) FROM links WHERE warnings LIKE '%image-changed%' AND last_run > :told"
)
"""Pictures that were replaced are news of one report (rule I20)."""
_DUE: Final = "SELECT count(*) FROM links WHERE due_at <= :now"
"""What is due is told in other words."""


class Fingerprints(Part):
    """Whether anything has changed since reports were written."""

    @transaction
    def fingerprint(self, run_id: int | None, told_until: int, now: datetime) -> str:
        """64 hexadecimal digits. Two runs that changed nothing have the same: their reports differ in nothing but the
        number of the run and its times.

        `run_id` is the run whose changes are told, `told_until` the last one before it that had a report.
        """
        found = hashlib.sha256()
        with self._database.read() as connection:
            for query in _ROWS:
                _take_in(found, connection, query)
            _take_in(found, connection, _PRUNED, pruned=PRUNED)
            _take_in(found, connection, _OF_RUN, run=run_id or 0)
            _take_in(found, connection, _NEWS, told=told_until)
            _take_in(found, connection, _DUE, now=microseconds(now))
        return found.hexdigest()


def _take_in(found: hashlib._Hash, connection: Connection, query: str, **values: int | str) -> None:
    statement = text(query).bindparams(**values)
    for rows in stream(connection, statement):
        for row in rows:
            found.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
    found.update(b"\n")

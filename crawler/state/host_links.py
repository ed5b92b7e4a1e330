"""The URLs of hosts, and how many of them were gone after each run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from sqlalchemy import case, exists, func, select

from crawler.model.host_overview import HostLink
from crawler.model.portion import Within
from crawler.model.reference import Scope
from crawler.model.role import COMPARED
from crawler.model.verdict import VerdictKind
from crawler.state.json_columns import suggestion_from_json, warnings_from_json
from crawler.state.part import GONE, ONE, Part, is_reported, is_within, stream, transaction
from crawler.state.rows import verdict_kind
from crawler.state.schema import files, links, references, verdict_changes


class HostLinks(Part):
    """Read-only views over hosts."""

    def links_by_host(
        self, asked: Within = None, host: str | None = None
    ) -> Iterator[tuple[str, list[HostLink]]]:
        """Each host with its URLs, by name; of one host alone if asked. With `asked` only what this file refers to."""
        within = is_within(asked)
        is_of_link = references.c.link_id == links.c.id
        is_own = exists(ONE).where(is_of_link, within, references.c.scope == Scope.OWN.value)
        columns = (links.c.url, links.c.kind, links.c.reason, links.c.suggestion, links.c.warnings)
        statement = (
            select(links.c.host, *columns, is_own)
            .where(
                links.c.host != "" if host is None else links.c.host == host,
                exists(ONE).where(is_of_link, within, is_reported()),
            )
            .order_by(links.c.host, links.c.id)
        )
        with self._database.read() as connection:
            rows = (row for some in stream(connection, statement) for row in some)
            for name, found in groupby(rows, key=itemgetter(0)):
                yield name, [_link(*row[1:]) for row in found]

    def pages_of_articles(self, asked: Within = None) -> Iterator[tuple[str, str]]:
        """Host and path of each article's own page, in no order."""
        statement = (
            select(links.c.host, files.c.path)
            .select_from(references.join(links).join(files, files.c.id == references.c.file_id))
            .where(
                is_within(asked),
                references.c.scope == Scope.OWN.value,
                references.c.role.in_([role.value for role in COMPARED]),
            )
            .distinct()
        )
        with self._database.read() as connection:
            for rows in stream(connection, statement):
                yield from ((host, article) for host, article in rows)

    @transaction
    def gone_changes(self, asked: Within = None) -> dict[str, dict[int, int]]:
        """By how many each run changed the number of a host's URLs that are broken or dead; 0 is left out."""
        change = func.sum(
            case((verdict_changes.c.new_kind.in_(GONE), 1), else_=0)
            - case((verdict_changes.c.old_kind.in_(GONE), 1), else_=0)
        )
        referred = exists(ONE).where(
            references.c.link_id == links.c.id, is_within(asked), is_reported()
        )
        statement = (
            select(links.c.host, verdict_changes.c.run_id, change)
            .select_from(verdict_changes.join(links))
            .where(referred)
            .group_by(links.c.host, verdict_changes.c.run_id)
        )
        found: defaultdict[str, dict[int, int]] = defaultdict(dict)
        with self._database.read() as connection:
            for host, run, number in connection.execute(statement):
                if number:
                    found[host][run] = int(number)
        return dict(found)


def _link(
    url: str, kind: str, reason: str, suggestion: str | None, warnings: str | None, is_own: bool
) -> HostLink:
    verdict, suggested = verdict_kind(kind), suggestion_from_json(suggestion)
    has_moved = verdict is VerdictKind.MOVED and suggested is not None
    return HostLink(
        url,
        verdict,
        reason,
        suggested.value if has_moved and suggested else None,
        warnings_from_json(warnings),
        bool(is_own),
    )

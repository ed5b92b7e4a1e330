"""What is asked about a single URL."""

from __future__ import annotations

from sqlalchemy import func, select

from crawler.model.reference import Scope
from crawler.state.part import Part
from crawler.state.schema import links, references


class Lookups(Part):
    """Small questions, answered by an index each."""

    def related_count(self, link_id: int) -> int:
        """How many references of `related` articles point at a link."""
        statement = select(func.count()).where(
            references.c.link_id == link_id, references.c.scope == Scope.RELATED.value
        )
        with self._database.at_once() as connection:
            return int(connection.execute(statement).scalar_one())

    def urls_of_host(self, host: str, limit: int) -> list[str]:
        """At most `limit` known URLs of a host, those that have been known longest first."""
        statement = select(links.c.url).where(links.c.host == host).order_by(links.c.id)
        with self._database.at_once() as connection:
            return list(connection.execute(statement.limit(limit)).scalars())

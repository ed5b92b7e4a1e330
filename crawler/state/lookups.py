"""What is asked about a single URL."""

from __future__ import annotations

from sqlalchemy import case, func, select

from crawler.model.reference import Role, Scope
from crawler.state.part import Part
from crawler.state.schema import files, links, references

_PAGE_ROLES = [role.value for role in (Role.WEB, Role.ORIGINAL, Role.AMP, Role.AMP_CACHE)]
"""Their URLs are the article's own page, so that its title is theirs."""


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

    def stored_titles(self, link_id: int, limit: int) -> list[str]:
        """At most `limit` different titles of the articles, related ones too, whose page a link is."""
        title = case(
            (references.c.scope == Scope.OWN.value, files.c.title), else_=references.c.title
        )
        statement = (
            select(title.label("title"))
            .select_from(references.join(files))
            .where(
                references.c.link_id == link_id,
                references.c.role.in_(_PAGE_ROLES),
                title.is_not(None),
            )
            .distinct()
            .limit(limit)
        )
        with self._database.at_once() as connection:
            return list(connection.execute(statement).scalars())

    def ending_at(self, host: str, final_url: str, limit: int) -> list[str]:
        """At most `limit` URLs of a host that redirects led to `final_url` at their last visit."""
        statement = (
            select(links.c.url)
            .where(links.c.host == host, links.c.final_url == final_url, links.c.hops.is_not(None))
            .order_by(links.c.id)
        )
        with self._database.at_once() as connection:
            return list(connection.execute(statement.limit(limit)).scalars())

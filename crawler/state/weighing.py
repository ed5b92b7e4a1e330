"""What priorities and groups are made of: articles by their labels, and links that need an editor, without their pages."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import exists, or_, select

from crawler.model.article_labels import LabelledArticle
from crawler.model.link import TroubledLink
from crawler.model.portion import Within
from crawler.model.reference import Scope
from crawler.model.role import Role
from crawler.model.verdict import VerdictKind
from crawler.state.json_columns import labels_from_json, provider_from_json
from crawler.state.part import CHUNK, ONE, Part, among, is_part, is_reported, is_within, stream
from crawler.state.reports import count_related
from crawler.state.rows import VERDICT_COLUMNS, role_from, verdict_from
from crawler.state.schema import files, links, references

_NO_TROUBLE = (VerdictKind.ALIVE.value, VerdictKind.UNCHECKED.value, VerdictKind.EXCLUDED.value)


class Weighing(Part):
    """Read-only views for the order of reports."""

    def labelled_articles(self, asked: Within = None) -> Iterator[LabelledArticle]:
        """Every article that could be read, or the one of a path, with what its file says of the article itself."""
        columns = (files.c.path, files.c.listed, files.c.labels, files.c.provider)
        statement = select(*columns).where(files.c.readable).order_by(files.c.path)
        if asked is not None:
            statement = statement.where(is_part(asked))
        with self._database.read() as connection:
            for rows in stream(connection, statement):
                for article_path, listed, labels, provider in rows:
                    yield LabelledArticle(
                        article_path,
                        listed,
                        labels_from_json(labels),
                        provider_from_json(provider),
                    )

    def troubled_links(self, asked: Within = None) -> Iterator[TroubledLink]:
        """Every link with a reference of which reports tell more than that it works, in no order.

        With `asked` only references in that file count.
        """
        within = is_within(asked)
        is_troubled = or_(
            links.c.kind.not_in(_NO_TROUBLE),
            links.c.suggestion.is_not(None),
            links.c.warnings.is_not(None),
        )
        referred = exists(ONE).where(references.c.link_id == links.c.id, within, is_reported())
        statement = select(links.c.id, links.c.url, *VERDICT_COLUMNS).where(is_troubled, referred)
        with self._database.read() as connection:
            for rows in stream(connection, statement, CHUNK):
                of_links = among(connection, references.c.link_id, [row[0] for row in rows])
                places = (
                    select(references.c.link_id, references.c.role, files.c.path)
                    .select_from(references.join(files).join(links))
                    .where(of_links, within, is_reported(), references.c.scope == Scope.OWN.value)
                )
                own: dict[int, list[tuple[Role, str]]] = {}
                for link_id, role, article_path in connection.execute(places):
                    own.setdefault(link_id, []).append((role_from(role), article_path))
                related = count_related(connection, of_links, within)
                for link_id, url, *verdict in rows:
                    uses = tuple(own.get(link_id, ()))
                    found = related.get(link_id, 0)
                    yield TroubledLink(link_id, url, verdict_from(verdict), uses, found)

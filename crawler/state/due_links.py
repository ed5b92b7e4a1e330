"""Due links: the state database is the queue of a crawl, read page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    update,
)

from crawler.model.link import DueLink
from crawler.model.page_depth import Depth
from crawler.model.reference import Scope
from crawler.model.role import COMPARED, IMAGES, PAGES, Role
from crawler.model.selection import ALL_ROLES, ALL_SCOPES, Selection
from crawler.model.verdict import HOST_ASKS_TO_WAIT
from crawler.rules.anchors import names_a_part
from crawler.state.article_files import HAS_ANCHORS, link_row
from crawler.state.columns import digest
from crawler.state.json_columns import warnings_from_json
from crawler.state.known import Extent, HostDue, KnownFile
from crawler.state.part import (
    DECIDED,
    NEVER_VISITED,
    ONE,
    Part,
    among,
    insert_on_conflict,
    is_part,
    is_reported,
    is_within,
    transaction,
)
from crawler.state.rows import page_mark_from_text
from crawler.state.schema import decisions, files, links, references
from crawler.state.stored_articles import PART_ROLES

_MOST_PARTS = 100
_PLAIN = frozenset({("alive", "http-200"), ("alive", "http-304"), ("unchecked", "not-visited")})
"""Kind and reason of links whose pages may be left unread: no sign in a page has ever spoken for or against them."""
_IMAGE_ROLES = [role.value for role in IMAGES]
_PAGE_ROLES = [role.value for role in PAGES]


class Frontier(Part):
    """Links whose visit is due, host by host."""

    @transaction
    def due_hosts(self, selection: Selection, now: datetime, run_id: int) -> list[HostDue]:
        """Every host with a link to visit, the one with most first. The caller applies `selection.limit`."""
        with self._database.read() as connection:
            return [
                HostDue(host, count, images_only=not int(other))
                for host, count, other in connection.execute(
                    _hosts(selection), {"now": now, "run": run_id}
                )
                if selection.meets_host(host)
            ]

    @transaction
    def extent(self, selection: Selection) -> Extent:
        """What reports list, together with what they would list after a run of the selection: links of the body are in
        none before that."""
        own = case((references.c.scope == Scope.OWN.value, references.c.file_id))
        counts = (func.count(), func.count(links.c.id.distinct()), func.count(own.distinct()))
        statement = (
            select(*counts)
            .select_from(references.join(links).join(files))
            .where(
                is_within(selection.asked),
                or_(is_reported(), and_(*_of_reference(selection), *_of_file(selection))),
            )
        )
        with self._database.read() as connection:
            return Extent(*connection.execute(statement).one())

    @transaction
    def image_files(self, selection: Selection, now: datetime) -> list[KnownFile]:
        """The files of the collection that articles of the selection show as images or link to in their texts, by path,
        without those that an editor has left out until a later date."""
        roles = frozenset(one for one in selection.roles if one.is_image or one is Role.BODY)
        if not roles or not selection.meets_host(""):
            return []
        statement = (
            select(
                links.c.id,
                links.c.url,
                _is_of_image(),
                links.c.etag,
                links.c.reason,
                links.c.due_at,
            )
            .where(
                links.c.host == "",
                or_(links.c.kind.not_in(NEVER_VISITED), links.c.reason.in_(DECIDED)),
                links.c.key.not_in(select(decisions.c.key).where(decisions.c.until > now)),
                referred_to(replace(selection, roles=roles)),
            )
            .order_by(links.c.url)
        )
        with self._database.read() as connection:
            return [
                KnownFile(DueLink(row[0], row[1], "", bool(row[2]), etag=row[3]), *row[4:])
                for row in connection.execute(statement)
            ]

    @transaction
    def note_unvisitable(self, selection: Selection, now: datetime) -> None:
        """Mark the links of the selection that cannot be visited as checked.

        Without that, links of the body are not in reports.
        """
        statement = update(links).where(
            links.c.kind.in_(NEVER_VISITED), links.c.checked_at.is_(None), referred_to(selection)
        )
        with self._database.write() as connection:
            connection.execute(statement.values(checked_at=now))

    @transaction
    def due_links(
        self,
        host: str,
        selection: Selection,
        now: datetime,
        run_id: int,
        after_id: int,
        limit: int,
    ) -> list[DueLink]:
        """The next `limit` links of a host by id; `after_id` is the last one of the page before, or 0.

        A link that this run has visited is not due again, whatever its schedule says; nor is one that an
        editor has left out until a later date.
        """
        if not selection.meets_host(host):
            return []
        place = {"host": host, "after": after_id, "count": limit}
        with self._database.read() as connection:
            rows = connection.execute(_page(selection), {"now": now, "run": run_id, **place})
            found = [_due_link(row, reads=selection.reads_pages) for row in rows]
            return _with_parts(connection, found)

    @transaction
    def due_candidate(self, url: str, now: datetime, run_id: int) -> DueLink | None:
        """The link of a candidate image, which no article has to hold; it is inserted where there is none.

        None where it is not due, or is left out.
        """
        key = digest(url)
        with self._database.write() as connection:
            statement = insert_on_conflict(connection, links)
            connection.execute(
                statement.on_conflict_do_nothing(index_elements=["key"]),
                [link_row(key, url, None, now)],
            )
            row = connection.execute(
                _CANDIDATE, {"key": key, "now": now, "run": run_id}
            ).one_or_none()
        return DueLink(row[0], row[1], row[2], True, row[3], row[4]) if row else None


def _due_link(row: Sequence[Any], *, reads: bool) -> DueLink:
    """A link of `_page`. Where more of its page is needed now than was read, the page is asked for whole: without validators.

    Of a link that is plainly well, or that nobody has visited, no page is read unless the run `reads` pages (rule M21).
    """
    depth = Depth.WHOLE if row[7] else Depth.RELATED
    if not reads and tuple(row[8:10]) in _PLAIN and not warnings_from_json(row[10]):
        depth = Depth.STATUS
    mark = page_mark_from_text(row[6])
    is_enough = mark is None or mark.serves(depth)
    etag, last_modified = row[4:6] if is_enough else (None, None)
    return DueLink(
        row[0], row[1], row[2], bool(row[3]), etag, last_modified, depth=depth, page_mark=mark
    )


def _with_parts(connection: Connection, found: Sequence[DueLink]) -> list[DueLink]:
    """The links with the parts of their pages that texts and fields name. A page whose parts were never read is asked for
    whole: without validators."""
    parts: dict[int, list[str]] = {}
    ids = [link.id for link in found if not link.wants_image]
    if ids:
        statement = (
            select(references.c.link_id, references.c.raw)
            .where(
                among(connection, references.c.link_id, ids),
                references.c.role.in_([role.value for role in PART_ROLES]),
                references.c.raw.like("%#%"),
            )
            .distinct()
        )
        for link_id, raw in connection.execute(statement):
            if names_a_part(raw) and len(known := parts.setdefault(link_id, [])) < _MOST_PARTS:
                known.append(raw)
    if not parts:
        return list(found)
    statement = select(links.c.id).where(
        among(connection, links.c.id, list(parts)), links.c.page.like(HAS_ANCHORS)
    )
    read = set(connection.execute(statement).scalars())
    return [
        replace(
            link,
            parts=tuple(sorted(parts[link.id])),
            depth=Depth.WHOLE if link.depth is Depth.STATUS else link.depth,
            etag=link.etag if link.id in read else None,
            last_modified=link.last_modified if link.id in read else None,
        )
        if link.id in parts
        else link
        for link in found
    ]


# Built once for a selection: a crawl asks for a page thousands of times, and building a statement
# takes longer than running it.
@lru_cache(maxsize=16)
def _hosts(selection: Selection) -> Select[Any]:
    pages = func.sum(case((_wants_image(), 0), else_=1))
    return (
        select(links.c.host, func.count(), pages)
        .where(_due(selection))
        .group_by(links.c.host)
        .order_by(func.count().desc(), links.c.host)
    )


@lru_cache(maxsize=16)
def _page(selection: Selection) -> Select[Any]:
    return (
        select(
            links.c.id,
            links.c.url,
            links.c.host,
            _wants_image(),
            links.c.etag,
            links.c.last_modified,
            links.c.page_mark,
            _is_own(),
            links.c.kind,
            links.c.reason,
            links.c.warnings,
        )
        .where(
            links.c.host == bindparam("host"),
            links.c.id > bindparam("after"),
            _due(selection),
        )
        .order_by(links.c.id)
        .limit(bindparam("count", type_=Integer))
    )


def _wants_image() -> ColumnElement[bool]:
    """Whether a link is an image's: some role is an image's and none a page's. The role of body links does not count,
    because a text may show an image or link to it."""
    of_link = references.c.link_id == links.c.id
    return and_(_is_of_image(), ~exists(ONE).where(of_link, references.c.role.in_(_PAGE_ROLES)))


def _is_of_image() -> ColumnElement[bool]:
    """Whether a link is an image's at one of its places."""
    of_link = references.c.link_id == links.c.id
    return exists(ONE).where(of_link, references.c.role.in_(_IMAGE_ROLES))


def _is_own() -> ColumnElement[bool]:
    """Whether an article holds a link as its own, in whatever role."""
    of_link = references.c.link_id == links.c.id
    return exists(ONE).where(of_link, references.c.scope == Scope.OWN.value)


def _due(selection: Selection) -> ColumnElement[bool]:
    conditions = [*_may_be_visited(), referred_to(selection)]
    if not selection.ignore_schedule:
        conditions.append(_is_time())
    return and_(*conditions)


def _may_be_visited() -> list[ColumnElement[bool]]:
    ignored = select(decisions.c.key).where(decisions.c.until > bindparam("now"))
    return [
        # A file of the collection has no host, and is not visited over the network.
        links.c.host != "",
        or_(links.c.kind.not_in(NEVER_VISITED), links.c.reason.in_(DECIDED)),
        links.c.key.not_in(ignored),
        or_(links.c.last_run.is_(None), links.c.last_run != bindparam("run")),
    ]


def _is_time() -> ColumnElement[bool]:
    """Whether a link is due by time. One that was never visited is always due, even with a clock that was wrong
    now or at intake, unless its host asked to wait (rule P10)."""
    never = and_(links.c.checked_at.is_(None), links.c.reason != HOST_ASKS_TO_WAIT)
    return or_(never, links.c.due_at <= bindparam("now"))


_CANDIDATE = select(
    links.c.id, links.c.url, links.c.host, links.c.etag, links.c.last_modified
).where(links.c.key == bindparam("key"), *_may_be_visited(), _is_time())


def referred_to(selection: Selection) -> ColumnElement[bool]:
    """Whether some place of the selection refers to a link."""
    conditions = [references.c.link_id == links.c.id, *_of_reference(selection)]
    of_file = _of_file(selection)
    if of_file:
        conditions += [files.c.id == references.c.file_id, *of_file]
    return exists(ONE).where(*conditions)


def _of_reference(selection: Selection) -> list[ColumnElement[bool]]:
    """What a row of references has to be for the selection."""
    conditions: list[ColumnElement[bool]] = []
    if selection.roles != ALL_ROLES:
        conditions.append(references.c.role.in_(sorted(role.value for role in selection.roles)))
    if selection.scopes != ALL_SCOPES:
        conditions.append(references.c.scope.in_(sorted(scope.value for scope in selection.scopes)))
    if selection.own_texts and Role.BODY in selection.roles:
        conditions.append(or_(references.c.role != Role.BODY.value, ~_names_its_page()))
    return conditions


def _of_file(selection: Selection) -> list[ColumnElement[bool]]:
    """What its file has to be; nothing where any will do."""
    of_file: list[ColumnElement[bool]] = []
    if selection.asked is not None:
        of_file.append(is_part(selection.asked))
    if selection.published_since is not None:
        of_file.append(files.c.published_at >= selection.published_since)
    if selection.listed_only:
        of_file.append(files.c.listed)
    return of_file


def _names_its_page() -> ColumnElement[bool]:
    """Whether the front matter of a reference's article names the page that the article is of."""
    other = references.alias()
    return exists(ONE).where(
        other.c.file_id == references.c.file_id,
        other.c.scope == Scope.OWN.value,
        other.c.role.in_([role.value for role in COMPARED]),
    )

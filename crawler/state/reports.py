"""The queries of reports. Every iterator reads chunk by chunk: memory does not grow with the collection.

All follow one pattern: a stream of ids in the order wanted, small enough to be sorted by the database, and
for each chunk of ids one query for the whole rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    text,
    type_coerce,
)

from crawler.model.change import Change, Opinion, Transition
from crawler.model.check import KnownArticle, LinkedReference
from crawler.model.link import Link
from crawler.model.portion import Within
from crawler.model.reference import Declared, Reference, Scope
from crawler.model.report import RelatedPlace, Summary, UrlEntry
from crawler.model.role import IMAGES, Role
from crawler.model.verdict import VerdictKind
from crawler.rules.verdict.transitions import change_of
from crawler.state.columns import original
from crawler.state.json_columns import provider_from_json
from crawler.state.part import (
    ONE,
    WRITTEN_BACK,
    Part,
    among,
    chunks,
    is_on_request,
    is_part,
    is_reported,
    is_within,
    stream,
    transaction,
)
from crawler.state.rows import LINK_COLUMNS, REFERENCE_COLUMNS, link_from, reference_from
from crawler.state.run_changes import changes_in_run, count_changes
from crawler.state.schema import files, links, references

_FILES_AT_ONCE = 100
_LINKS_AT_ONCE = 400
_LINKS_KEPT = 4000
_PLACES_AT_ONCE = 5000

# Literal text, so that the planner sees that it can use the partial index.
_OWN = text("article_references.scope = 'own'")
_RELATED = references.c.scope == Scope.RELATED.value
_IMAGES = tuple(role.value for role in IMAGES)
_RELATED_FINDING = and_(
    _RELATED,
    or_(
        links.c.kind.in_(WRITTEN_BACK),
        and_(references.c.role.in_(_IMAGES), links.c.image.is_not(None)),
    ),
)


_OF_FILE = references.c.file_id == files.c.id
_ARTICLES = (
    select(
        files.c.id,
        files.c.path,
        files.c.title,
        files.c.excerpt,
        files.c.published_at,
        files.c.block,
        files.c.provider,
    )
    .where(
        or_(
            exists(ONE).where(_OF_FILE, _OWN, ~is_on_request()),
            exists(ONE).where(_OF_FILE, _OWN, references.c.link_id == links.c.id, is_reported()),
        )
    )
    .order_by(files.c.path)
)


class Reports(Part):
    """Read-only views over everything that is known."""

    def known_articles(
        self, asked: Within = None, *, related: bool = False
    ) -> Iterator[KnownArticle]:
        """Every article that has references of its own, by path, each with its links.

        `related` adds the references of related articles whose link is broken, dead or invalid, or whose
        image has been measured.
        """
        statement = _ARTICLES if asked is None else _ARTICLES.where(is_part(asked))
        with self._database.read() as connection:
            known = _KnownLinks(connection)
            for rows in stream(connection, statement, _FILES_AT_ONCE):
                paths = {row[0]: row[1] for row in rows}
                own = _linked_references(connection, paths, and_(_OWN, is_reported()), known)
                others = (
                    _linked_references(connection, paths, _RELATED_FINDING, known)
                    if related
                    else {}
                )
                for file_id, article_path, title, excerpt, published, block, provider in rows:
                    day = published.date() if published else None
                    yield KnownArticle(
                        article_path,
                        title,
                        excerpt,
                        day,
                        block,
                        tuple(own[file_id]),
                        tuple(others.get(file_id, ())),
                        provider_from_json(provider),
                    )

    def link_entries(
        self,
        asked: Within = None,
        all_references: bool = False,
        run_id: int | None = None,
        first: Sequence[int] = (),
    ) -> Iterator[UrlEntry]:
        """Every link with a reference, by URL, with its own references, a count of the related ones, and what the run
        `run_id` changed.

        With `asked` only references in that file count. `all_references` lists the related ones too:
        hundreds of thousands in a real collection. The links with the ids `first` come before all others, in their order.
        """
        within, before = is_within(asked), frozenset(first)
        statement = (
            select(links.c.id)
            .where(exists(ONE).where(references.c.link_id == links.c.id, within, is_reported()))
            .order_by(links.c.url)
        )
        with self._database.read() as connection:
            for ids in chunks(first, _LINKS_AT_ONCE):
                yield from _url_entries(connection, ids, within, all_references, run_id)
            for rows in stream(connection, statement, _LINKS_AT_ONCE):
                ids = [row[0] for row in rows if row[0] not in before]
                yield from _url_entries(connection, ids, within, all_references, run_id)

    @transaction
    def related_dead_links(self) -> dict[str, int]:
        """How many `related` references of each file point at broken, dead or invalid links."""
        statement = (
            select(files.c.path, func.count())
            .select_from(references.join(files).join(links))
            .where(links.c.kind.in_(WRITTEN_BACK), _RELATED)
            .group_by(files.c.id, files.c.path)
        )
        with self._database.read() as connection:
            return dict(connection.execute(statement).all())

    def related_images(self, asked: Within = None) -> Iterator[LinkedReference]:
        """Every `related` image reference whose image has been measured, by path and place."""
        is_image = references.c.role.in_(_IMAGES)
        return self._references_that(and_(_RELATED, is_image, links.c.image.is_not(None)), asked)

    def related_places(self, asked: Within = None) -> Iterator[RelatedPlace]:
        """Every place in a related article, by file and in the order of each file."""
        statement = (
            select(
                references.c.link_id,
                references.c.file_id,
                references.c.line,
                type_coerce(references.c.pointer, Text),
                type_coerce(references.c.role, Text),
            )
            .where(_RELATED, is_within(asked))
            .order_by(references.c.file_id, references.c.ordinal)
        )
        roles = {role.value: role for role in Role}
        # Pointers repeat: each is read as the exact text once.
        pointers: dict[str, str] = {}
        with self._database.read() as connection:
            paths: dict[int, str] = dict(connection.execute(select(files.c.id, files.c.path)).all())
            for rows in stream(connection, statement, _PLACES_AT_ONCE):
                for link_id, file_id, line, stored, role in rows:
                    pointer = pointers.get(stored)
                    if pointer is None:
                        pointer = pointers[stored] = original(stored)
                    place = link_id, paths[file_id], line, pointer, roles.get(role, Role.BODY)
                    # Of hundreds of thousands, naming the fields once more would be a third of the time.
                    yield tuple.__new__(RelatedPlace, place)

    def related_image_sums(
        self, amount: Callable[[LinkedReference], int], asked: Within = None
    ) -> dict[str, int]:
        """The sum of `amount` over the same, by the path of the file; files without any are left out.

        A collection has hundreds of thousands of them and a few thousand images: `amount` is asked once for each image,
        role and declared size, of a reference without a place.
        """
        own = references.c
        is_image = own.role.in_(_IMAGES)
        alike = (own.link_id, type_coerce(own.role, Text), own.width, own.height)
        statement = select(own.file_id, *alike).where(_RELATED, is_image, is_within(asked))
        known: dict[tuple[int, str, int | None, int | None], int] = {}
        sums: Counter[int] = Counter()
        with self._database.read() as connection:
            of_link = _KnownLinks(connection)
            for rows in stream(connection, statement, _PLACES_AT_ONCE):
                found = list(map(itemgetter(slice(1, None)), rows))
                new = set(found) - known.keys()
                linked = of_link.of({one[0] for one in new})
                for one in new:
                    link = linked[one[0]]
                    image = _image_of(link.url, *one[1:])
                    known[one] = amount(LinkedReference(image, link)) if link.image else 0
                for row, one in zip(rows, found, strict=True):
                    sums[row[0]] += known[one]
            paths: dict[int, str] = dict(connection.execute(select(files.c.id, files.c.path)).all())
        return {paths[file_id]: total for file_id, total in sums.items() if total}

    def moved_references(
        self, asked: Within = None, *, related: bool = False
    ) -> Iterator[LinkedReference]:
        """Every reference whose link has moved for good, by path and place; `related` ones too if asked."""
        moved = and_(links.c.kind == VerdictKind.MOVED.value, is_reported())
        return self._references_that(moved if related else and_(_OWN, moved), asked)

    def _references_that(
        self, condition: ColumnElement[bool], asked: Within
    ) -> Iterator[LinkedReference]:
        """The references that meet a condition on themselves or their links, file by file."""
        statement = select(files.c.id, files.c.path).where(
            exists(ONE).where(
                references.c.file_id == files.c.id, references.c.link_id == links.c.id, condition
            )
        )
        with self._database.read() as connection:
            known = _KnownLinks(connection)
            for rows in stream(connection, _by_path(statement, asked), _FILES_AT_ONCE):
                paths = {row[0]: row[1] for row in rows}
                found = _linked_references(connection, paths, condition, known)
                for file_id in paths:
                    yield from found[file_id]

    def texts_of_links(self, asked: Within = None) -> Iterator[LinkedReference]:
        """Every link under each raw URL by which the files (or one) name it, by id and raw URL.

        It comes once for pages, and once for each declared size for images. The references have no other fields.
        """
        is_image = references.c.role.in_(_IMAGES)
        size = [case((is_image, column)) for column in (references.c.width, references.c.height)]
        columns = (references.c.link_id, references.c.raw, is_image, *size)
        statement = (
            select(*columns)
            .select_from(references.join(links))
            .where(is_within(asked), is_reported())
            .distinct()
            .order_by(references.c.link_id, references.c.raw, *size)
        )
        with self._database.read() as connection:
            known = _KnownLinks(connection)
            for rows in stream(connection, statement):
                of_link = known.of({row[0] for row in rows})
                for link_id, raw, as_image, width, height in rows:
                    yield LinkedReference(
                        _reference_of_text(of_link[link_id].url, raw, as_image, width, height),
                        of_link[link_id],
                    )

    def broken_links(self, asked: Within = None) -> Iterator[int]:
        """The ids of all links that are broken and not yet dead, with a reference, in the order of their ids."""
        referred = exists(ONE).where(
            references.c.link_id == links.c.id, is_within(asked), is_reported()
        )
        statement = (
            select(links.c.id)
            .where(links.c.kind == VerdictKind.BROKEN.value, referred)
            .order_by(links.c.id)
        )
        with self._database.read() as connection:
            for rows in stream(connection, statement):
                yield from (row[0] for row in rows)

    @transaction
    def summary(self, run_id: int | None, asked: Within = None) -> Summary:
        """The counts at the top of a report, and what `run_id` changed, each link by its net effect."""
        within = is_within(asked)
        referred = exists(ONE).where(references.c.link_id == links.c.id, within, is_reported())
        kinds = select(links.c.kind, func.count()).where(referred).group_by(links.c.kind)
        articles = select(func.count()).select_from(files).where(files.c.readable)
        if asked is not None:
            articles = articles.where(is_part(asked))
        with self._database.read() as connection:
            by_kind: dict[str, int] = dict(connection.execute(kinds).all())
            changed = {} if run_id is None else count_changes(connection, run_id, referred)
            return Summary(
                articles=connection.execute(articles).scalar_one(),
                references=_count_references(connection, within),
                urls=sum(by_kind.values()),
                by_verdict={kind: by_kind.get(kind.value, 0) for kind in VerdictKind},
                newly_broken=changed.get(Change.NEW_BROKEN, 0),
                newly_dead=changed.get(Change.CONFIRMED_DEAD, 0),
                recovered=changed.get(Change.RECOVERED, 0),
            )


def _image_of(url: str, role: str, width: int | None, height: int | None) -> Reference:
    """A related image with its declared size, but without a place."""
    return Reference(
        "", 0, "", Role(role), Scope.RELATED, url, url, declared=Declared(width, height)
    )


def _reference_of_text(
    url: str, raw: str | None, is_image: bool, width: int | None, height: int | None
) -> Reference:
    """A reference with a raw URL and a declared size, but without a place."""
    return Reference(
        path="",
        line=0,
        pointer="",
        role=Role.IMAGE if is_image else Role.WEB,
        scope=Scope.OWN,
        raw=url if raw is None else raw,
        url=url,
        declared=Declared(width, height),
    )


def _count_references(connection: Connection, within: ColumnElement[bool]) -> int:
    """The number of references that reports list. The hundreds of thousands that always count need no join."""
    on_request = is_on_request()
    always = select(func.count()).select_from(references).where(within, ~on_request)
    asked = (
        select(func.count())
        .select_from(references.join(links))
        .where(within, on_request, is_reported())
    )
    return int(connection.execute(always).scalar_one() + connection.execute(asked).scalar_one())


def _by_path(statement: Select[Any], asked: Within) -> Select[Any]:
    if asked is not None:
        statement = statement.where(is_part(asked))
    return statement.order_by(files.c.path)


class _KnownLinks:
    """A cache of links by id, which keeps the last ones.

    A link has dozens of references, and making it (it holds a page) takes longer than making all of these.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[int, Link] = {}

    def of(self, ids: set[int]) -> dict[int, Link]:
        """The links of these ids, good until the next call."""
        missing = ids - self._known.keys()
        if len(self._known) + len(missing) > _LINKS_KEPT:
            self._known = {link_id: self._known[link_id] for link_id in ids - missing}
        for chunk in chunks(missing):
            wanted = among(self._connection, links.c.id, chunk)
            for row in self._connection.execute(select(*LINK_COLUMNS).where(wanted)):
                self._known[row[0]] = link_from(row)
        return self._known


def _linked_references(
    connection: Connection, paths: Mapping[int, str], condition: Any, known: _KnownLinks
) -> dict[int, list[LinkedReference]]:
    """The references of these files that meet a condition, in file order, with their links.

    `paths` are the files by id; the condition may be about the reference and its link.
    """
    found: dict[int, list[LinkedReference]] = {file_id: [] for file_id in paths}
    statement = (
        select(*REFERENCE_COLUMNS)
        .select_from(references.join(links))
        .where(among(connection, references.c.file_id, paths), condition)
        .order_by(references.c.file_id, references.c.ordinal)
    )
    rows = connection.execute(statement).all()
    of_link = known.of({row[1] for row in rows})
    for row in rows:
        file_id, link = row[0], of_link[row[1]]
        reference = reference_from(row, paths[file_id], link.url)
        found[file_id].append(LinkedReference(reference, link))
    return found


def _url_entries(
    connection: Connection,
    ids: Sequence[int],
    within: Any,
    all_references: bool,
    run_id: int | None,
) -> Iterator[UrlEntry]:
    rows = connection.execute(select(*LINK_COLUMNS).where(among(connection, links.c.id, ids)))
    known = {row[0]: link_from(row) for row in rows}
    of_links = among(connection, references.c.link_id, ids)
    listed = (
        select(*REFERENCE_COLUMNS, files.c.path)
        .select_from(references.join(files).join(links))
        .where(of_links, within, is_reported())
        .order_by(references.c.link_id, files.c.path, references.c.ordinal)
    )
    if not all_references:
        listed = listed.where(references.c.scope == Scope.OWN.value)
    shown = {
        link_id: tuple(reference_from(row, row[-1], known[link_id].url) for row in rows)
        for link_id, rows in groupby(connection.execute(listed), key=itemgetter(1))
    }
    related = count_related(connection, of_links, within)
    changed = changes_in_run(connection, run_id, ids) if run_id is not None else {}
    for link_id in ids:
        link = known[link_id]
        yield UrlEntry(
            link,
            shown.get(link_id, ()),
            related.get(link_id, 0),
            change=change_of(changed.get(link_id) or _as_it_was(link)),
        )


def count_related(
    connection: Connection, of_links: ColumnElement[bool], within: ColumnElement[bool]
) -> dict[int, int]:
    """How many related references links have, by their ids; both conditions are about `article_references`."""
    counted = (
        select(references.c.link_id, func.count())
        .where(of_links, _RELATED, within)
        .group_by(references.c.link_id)
    )
    return dict(connection.execute(counted).all())


def _as_it_was(link: Link) -> Transition:
    here = Opinion.of(link.verdict)
    return Transition(here, here)

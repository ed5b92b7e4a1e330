"""Reading the front matter of an article file: fields, references with their places, problems."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import islice
from typing import Final

from crawler.content import nodes
from crawler.content.article_document import Document, UnreadableArticle
from crawler.content.labels import read_labels
from crawler.content.nodes import Mapping, Node, Scalar, Sequence, collector_paused
from crawler.content.notations import MARKDOWN, Notation
from crawler.content.other_names import OtherNames
from crawler.content.own_files import OwnFiles
from crawler.content.site import Site
from crawler.content.yaml_dates import instant_of, moment_of
from crawler.model.article import Article, Problem, ProblemCode
from crawler.model.field_map import OWN_FIELDS, FieldMap, TextField
from crawler.model.provider import DOMAIN_AT, NAME_AT, Provider
from crawler.model.reference import NOTHING_DECLARED, Declared, Reference, Scope
from crawler.model.role import Role
from crawler.rules.credentials import url_without_credentials, without_credentials
from crawler.rules.field_names import is_address
from crawler.rules.typed_sizes import pixels_of
from crawler.rules.typed_urls import is_data_url
from crawler.rules.urls import ExaminedUrl

__all__ = ["UnreadableArticle", "read_article"]

MOST_PROBLEMS: Final = 100
"""Problems that are listed per file; a hostile file could have hundreds of thousands."""

_Places = dict[str, "Role | _Places"]
"""By key of a mapping: the role of the URL there, or the keys below it; `*` means the entries of a list."""
_EACH: Final = "*"


def _places() -> _Places:
    """The places of URLs in an article, from the table of roles."""
    root: _Places = {}
    for role in Role:
        if role.traits.place is not None:
            *way, last = role.traits.place.split("/")
            below = root
            for part in way:
                step = below.setdefault(part, {})
                assert isinstance(step, dict), f"a role stands above the place of {role}"
                below = step
            below[last] = role
    return root


_PLACES: Final = _places()
MOST_BODY_LINKS: Final = 20_000
"""A hostile page of 10 MB could hold a million."""
_HEADING = re.compile(r"^# +([^\n]{1,500})", re.MULTILINE)
_NOT_BLANK = re.compile(r"\S")
_LONGEST_SHOWN = 60


@collector_paused()
def read_article(
    path: str,
    data: bytes,
    site: Site,
    field_map: FieldMap = OWN_FIELDS,
    own_files: OwnFiles | None = None,
) -> Article:
    """Read one file. `path` is POSIX, relative to the content root; `field_map` has the collection's other names.
    `own_files` says what links of the text mean; without it they are read like other addresses.

    Raises UnreadableArticle where nothing can be read. A value of the wrong kind is a problem of the
    article; everything else in the file is read.
    """
    may_be_plain = field_map.is_plain and path.lower().endswith(MARKDOWN)
    document = Document(path, data, may_be_plain=may_be_plain)
    return _ArticleReader(document, site, field_map, own_files).read()


class _ArticleReader:
    """Walks one document and collects fields, references and problems, in file order."""

    def __init__(
        self, document: Document, site: Site, field_map: FieldMap, own_files: OwnFiles | None
    ) -> None:
        self._document = document
        self._own_files = own_files
        self._map = field_map
        self._named = OtherNames(field_map, document.root)
        self._read_nodes: set[int] = set()
        self._path = document.path
        self._site = site
        self._references: list[Reference] = []
        self._problems: list[Problem] = []
        self._untold = 0

    def read(self) -> Article:
        document = self._document
        for key in document.duplicates:
            message = (
                f"the key {_shown(key.value)} occurs twice in one mapping; the last one counts"
            )
            self._problem(key, ProblemCode.DUPLICATE_KEY, message)
        fields = {} if document.root is None else document.root.by_key
        declared = self._with_other_names(self._declared(fields))
        for way, value, wanted in self._named.unfit:
            self._unexpected(value, "/".join(way), wanted)
        if document.root is not None:
            self._read_references(document.root, fields, declared, "", Scope.OWN)
        provider = self._provider(fields.get("provider"))
        self._read_body()
        hidden = self._truth(fields, "published") is False or self._truth(fields, "removed") is True
        if self._map.is_foreign:
            hidden = hidden or self._truth(fields, "draft") is True
        block = self._block()
        if self._untold:
            message = f"{self._untold:,} more problems in this file are not told"
            self._problems.append(Problem(self._path, 0, ProblemCode.UNEXPECTED_VALUE, message))
        return Article(
            path=self._path,
            title=declared.title,
            excerpt=declared.excerpt,
            published=declared.published,
            listed=not hidden,
            references=tuple(self._references),
            block=block,
            problems=tuple(self._problems),
            provider=provider,
            labels=read_labels(fields, self._named.values(TextField.AUTHOR)),
            renamed=tuple(self._named.taken),
        )

    def _block(self) -> str | None:
        span = self._document.block_span()
        if span is None:
            return None
        if not span.ours:
            index = span.start
            message = "the linkHealth block was edited by hand; it is left alone"
            self._problems.append(self._document.problem(index, ProblemCode.INVALID_BLOCK, message))
            return None
        return span.block

    # ------------------------------------------------------------------------------- references

    def _read_references(
        self,
        article: Mapping,
        fields: dict[str, Node],
        declared: Declared,
        prefix: str,
        scope: Scope,
    ) -> None:
        """References of one article and of those that it relates to; nesting is bounded already."""
        for key, value in article.pairs():
            if not isinstance(key, Scalar) or fields[key.value] is not value:
                continue
            name = key.value
            if name in _PLACES:
                self._read_place(value, prefix + name, _PLACES[name], scope, declared)
            elif name == "related":
                self._read_related(value, f"{prefix}related")
            if not prefix and self._named.begins_way(name):
                self._read_mapped(value, name, declared)

    def _read_related(self, value: Node, pointer: str) -> None:
        for position, item in enumerate(self._list(value, pointer)):
            if isinstance(item, Mapping):
                fields = item.by_key
                prefix = f"{pointer}/{position}/"
                declared = self._declared(fields)
                self._read_references(item, fields, declared, prefix, Scope.RELATED)
            else:
                self._unexpected(item, f"{pointer}/{position}", "a mapping")

    def _read_place(
        self, value: Node, pointer: str, place: Role | _Places, scope: Scope, declared: Declared
    ) -> None:
        """Read the references at one place. A mapping (`provider`) may also be a plain name, which holds no reference."""
        if isinstance(place, Role):
            facts = declared if place.traits.is_described else NOTHING_DECLARED
            self._read_url(value, pointer, place, scope, facts)
        elif isinstance(role := place.get(_EACH), Role):
            self._read_list(value, pointer, role, scope)
        elif isinstance(value, Mapping):
            for key, below in place.items():
                found = value.by_key.get(key)
                if found is not None:
                    self._read_place(found, f"{pointer}/{key}", below, scope, declared)
        elif isinstance(value, Sequence):
            self._unexpected(value, pointer, "a mapping")

    def _read_list(self, value: Node, pointer: str, role: Role, scope: Scope) -> None:
        for position, item in enumerate(self._list(value, pointer)):
            place = f"{pointer}/{position}"
            if isinstance(item, Scalar):
                self._read_url(item, place, role, scope, NOTHING_DECLARED)
            elif isinstance(item, Sequence) or "url" not in (fields := item.by_key):
                what = "an image" if role.is_image else "a mapping"
                self._unexpected(item, place, f"{what} with a url")
            else:
                facts = Declared(
                    width=self._pixels(fields, "width"),
                    height=self._pixels(fields, "height"),
                    is_cached=self._truth(fields, "isCached"),
                )
                self._read_url(fields["url"], place, role, scope, facts)

    def _read_url(
        self, value: Node, pointer: str, role: Role, scope: Scope, declared: Declared
    ) -> None:
        if not isinstance(value, Scalar):
            self._unexpected(value, pointer, "a URL")
            return
        if self._map.places:
            self._read_nodes.add(id(value))
        if value.implicit[0] and not value.value.startswith("http"):
            if nodes.is_null(value):
                return
            if not nodes.is_string(value):
                self._unexpected(value, pointer, "a URL")
                return
        line = self._document.line_of(nodes.start_of(value))
        self._refer(_storable(value.value), line, pointer, role, scope, declared)

    def _refer(
        self,
        raw: str,
        line: int,
        pointer: str,
        role: Role,
        scope: Scope,
        declared: Declared = NOTHING_DECLARED,
    ) -> None:
        if is_data_url(raw):
            return
        found = self._resolve(raw, role)
        if found.invalid is not None and raw != (hidden := url_without_credentials(raw)):
            # Nothing that comes of the article holds credentials; its own line keeps them (rule U8).
            raw, found = hidden, self._resolve(hidden, role)
        self._references.append(
            Reference(
                path=self._path,
                line=line,
                pointer=pointer,
                role=role,
                scope=scope,
                raw=raw,
                url=found.url,
                invalid=found.invalid,
                declared=declared,
            )
        )

    def _resolve(self, raw: str, role: Role) -> ExaminedUrl:
        if role is Role.BODY and self._own_files is not None:
            return self._own_files.resolve(raw, self._path)
        return self._site.resolve(raw, self._path, is_image=role.is_image)

    def _read_mapped(self, value: Node, key: str, declared: Declared) -> None:
        """Read the addresses below a key that the collection's map names."""
        for found in self._named.addresses(value, key):
            node, pointer, role = found.node, found.pointer, found.role
            facts = declared if role.traits.is_described else found.sides
            if id(node) in self._read_nodes:
                continue
            if self._map.is_settled:
                self._read_url(node, pointer, role, Scope.OWN, facts)
            elif isinstance(node, Scalar) and is_address(
                node.value, role, has_site=self._site.address is not None
            ):
                line = self._document.line_of(nodes.start_of(node))
                self._refer(_storable(node.value), line, pointer, role, Scope.OWN, facts)

    def _with_other_names(self, declared: Declared) -> Declared:
        """The texts of the article, those that its own names lack by the map's names."""
        if self._document.notation is Notation.NONE:
            heading = _HEADING.search(self._document.text)
            return Declared(title=_storable(heading[1].strip()) if heading else None)
        if not self._map.texts:
            return declared
        title = declared.title or self._mapped_text(TextField.TITLE)
        excerpt = declared.excerpt or self._mapped_text(TextField.EXCERPT)
        published = declared.published or self._mapped_day()
        return Declared(title=title, excerpt=excerpt, published=published)

    def _mapped_text(self, field: TextField) -> str | None:
        value = self._named.text(field, lambda _: True)
        return None if value is None else _storable(value)

    def _mapped_day(self) -> datetime | None:
        value = self._named.text(TextField.PUBLISHED, lambda text: moment_of(text) is not None)
        return None if value is None else moment_of(value)

    # ----------------------------------------------------------------------------- below the front matter

    def _read_body(self) -> None:
        """The links below the front matter; most files have nothing there."""
        text, start = self._document.text, self._document.body
        if _NOT_BLANK.search(text, start) is None:
            return
        from crawler.content.body_links import BodyTooLongError, body_links

        first = text.count("\n", 0, start) + 1
        try:
            links = body_links(text[start:], self._path)
        except BodyTooLongError as error:
            message = f"the text below the front matter is {error}; its links are not read"
            self._problems.append(Problem(self._path, first, ProblemCode.FILE_TOO_LARGE, message))
            return
        for position, link in enumerate(islice(links, MOST_BODY_LINKS)):
            raw = _storable(link.raw)
            self._refer(raw, first + link.line, f"body/{position}", Role.BODY, Scope.OWN)
        if next(links, None) is not None:
            message = f"more than {MOST_BODY_LINKS:,} links in the text; the rest is not read"
            self._problems.append(Problem(self._path, first, ProblemCode.FILE_TOO_LARGE, message))

    # ----------------------------------------------------------------------------------- values

    def _declared(self, fields: dict[str, Node]) -> Declared:
        return Declared(
            title=self._text(fields, "title"),
            excerpt=self._text(fields, "excerpt"),
            published=self._instant(fields.get("publishedDateTime")),
        )

    def _provider(self, value: Node | None) -> Provider | None:
        """Name and domain of the provider; None where it is a plain name or nothing. Another kind of value is told
        where its images are looked for."""
        if not isinstance(value, Mapping):
            return None
        name, name_line = self._text_and_line(value, NAME_AT)
        domain, domain_line = self._text_and_line(value, DOMAIN_AT)
        return Provider(name, domain, name_line, domain_line)

    def _text_and_line(self, mapping: Mapping, pointer: str) -> tuple[str | None, int]:
        """A text without credentials (rule U8) and its line; None and 0 where there is none."""
        value = mapping.by_key.get(pointer.rpartition("/")[2])
        if value is None or nodes.is_nothing(value):
            return None, 0
        if not isinstance(value, Scalar):
            self._unexpected(value, pointer, "a text")
            return None, 0
        line = self._document.line_of(nodes.start_of(value))
        return url_without_credentials(_storable(value.value)), line

    def _list(self, value: Node, pointer: str) -> list[Node]:
        if isinstance(value, Sequence):
            return value.items
        if not nodes.is_nothing(value):
            self._unexpected(value, pointer, "a list")
        return []

    def _text(self, fields: dict[str, Node], name: str) -> str | None:
        value = fields.get(name)
        if value is None or nodes.is_nothing(value):
            return None
        if isinstance(value, Scalar):
            return _storable(value.value)
        self._unexpected(value, name, "a text")
        return None

    def _instant(self, value: Node | None) -> datetime | None:
        if value is None or nodes.is_nothing(value):
            return None
        if not isinstance(value, Scalar):
            self._unexpected(value, "publishedDateTime", "a date")
            return None
        instant = instant_of(value.value)
        if instant is None:
            message = f"publishedDateTime: {_shown(value.value)} is not a date"
            self._problem(value, ProblemCode.INVALID_DATE, message)
        return instant

    def _pixels(self, fields: dict[str, Node], name: str) -> int | None:
        value = fields.get(name)
        if value is None or nodes.is_nothing(value):
            return None
        if isinstance(value, Scalar):
            pixels = pixels_of(value.value)
            if pixels is not None:
                return pixels
        self._unexpected(value, name, "a number of pixels")
        return None

    def _truth(self, fields: dict[str, Node], name: str) -> bool | None:
        value = fields.get(name)
        if value is None or nodes.is_nothing(value):
            return None
        truth = nodes.boolean_of(value) if isinstance(value, Scalar) else None
        if truth is None:
            self._unexpected(value, name, "true or false")
        return truth

    # --------------------------------------------------------------------------------- problems

    def _unexpected(self, node: Node, place: str, wanted: str) -> None:
        is_meant = self._map.is_settled and self._named.begins_way(place.partition("/")[0])
        if self._map.is_foreign and not is_meant:
            # Among names that are not the project's own, one of those may mean anything.
            return
        found = {Sequence: "a list", Mapping: "a mapping"}.get(type(node), "")
        if isinstance(node, Scalar):
            found = _shown(node.value)
        self._problem(
            node, ProblemCode.UNEXPECTED_VALUE, f"{place}: {found} stands where {wanted} should"
        )

    def _problem(self, node: Node, code: ProblemCode, message: str) -> None:
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(self._document.problem(nodes.start_of(node), code, message))
        else:
            self._untold += 1


def _storable(text: str) -> str:
    """The text without NUL, which a quoted scalar may hold and PostgreSQL cannot store."""
    return text.replace("\0", "\ufffd")


def _shown(text: str) -> str:
    """A text of the file for a message: on one line and short."""
    text = without_credentials(text)
    return repr(text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…")

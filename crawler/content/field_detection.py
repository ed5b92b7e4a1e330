"""Finding out, from some of a collection's files, which of their fields hold addresses, images and days (rule K1).

What a name means is a guess, so it is told, and a person may settle it (`fields` in `.linkhealth.yml`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from crawler.content import nodes
from crawler.content.article_document import Document
from crawler.content.nodes import Mapping, Node, Scalar, Sequence
from crawler.content.notations import Notation
from crawler.content.other_names import has_text, url_key
from crawler.content.site import Site
from crawler.content.yaml_dates import moment_of
from crawler.model.article_keys import SECURED
from crawler.model.field_map import FieldMap, TextField, Way, in_words
from crawler.model.role import Role
from crawler.rules.field_names import DEEPEST, TEXT_WAYS, is_address, role_of, spelled

MOST_LOOKED_AT: Final = 1_000
"""Files that are looked at; of a larger collection some, evenly."""
SURE_AFTER: Final = 40
"""Files after which a collection of the project's own shape is recognised."""
_OWN_FROM: Final = 0.1
"""The share of files with the project's own names from which on nothing else is looked for."""
_MOST_ENTRIES: Final = 50
"""Entries of a list that are looked at."""
_MOST_PLACES: Final = 60
_MOST_UNNAMED: Final = 20
_OWN_NAMES: Final = ("webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl")
_NEVER: Final = frozenset(("related", "linkHealth", "provider"))
_MAY_BE_A_LINK = re.compile(r"\]\(|\]:|://|<a\s|<img\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found in `looked_at` files. `counts` are files by way, `unnamed` those by ways that hold addresses under names
    that say nothing. `texts` of the files have something like a link in the text below the front matter, and `plain` have no
    front matter; `is_whole` says that these are all files."""

    fields: FieldMap
    counts: tuple[tuple[Way, int], ...] = ()
    unnamed: tuple[tuple[Way, int], ...] = ()
    texts: int = 0
    plain: int = 0
    looked_at: int = 0
    is_whole: bool = True

    @property
    def is_own(self) -> bool:
        """Whether enough files were of the project's own shape."""
        return not self.fields.is_foreign and self.looked_at >= SURE_AFTER

    @property
    def is_nothing(self) -> bool:
        """Whether no address was found in files that were looked at."""
        return self.fields.is_foreign and not (self.counts or self.texts) and self.looked_at > 0

    def sentence(self, *, with_texts: bool = True) -> str | None:
        """What is read, in one line; None for a collection of the project's own shape, of which nothing need be said."""
        if not self.fields.is_foreign:
            return None
        if self.is_nothing:
            files = "one file" if self.looked_at == 1 else f"{self.looked_at:,} files"
            return f"reads: nothing: no field and no text of {files} holds an address"
        counts = [(in_words(way), count) for way, count in self.counts]
        if self.texts and with_texts:
            counts.append(("links of the text", self.texts))
        if not counts:
            return None
        unit = "file" if counts[0][1] == 1 else "files"
        (name, count), *rest = counts
        parts = [f"{name} ({count:,} {unit})", *(f"{name} ({count:,})" for name, count in rest)]
        of = "" if self.is_whole else f"; {self.looked_at:,} files were looked at"
        return f"reads: {', '.join(parts)}{of}"


def detect(
    documents: Iterable[Document],
    *,
    is_whole: bool = True,
    has_site: bool = False,
    has_plain_pages: bool = False,
    secret: frozenset[str] = frozenset((SECURED,)),
) -> Detection:
    """The fields of the files whose documents are given, those without front matter among them.

    `has_plain_pages` says that the site's generator asks for no front matter (rule K6).
    """
    seen = _Seen(has_site, has_plain_pages, secret)
    for document in documents:
        seen.look_at(document)
        if seen.is_surely_own:
            break
    return seen.result(is_whole)


def fields_of(path: str, data: bytes, site: Site) -> FieldMap:
    """The fields of one file by itself. Raises UnreadableArticle."""
    return detect([Document(path, data)], has_site=site.address is not None).fields


def with_known(found: FieldMap, known: FieldMap | None) -> FieldMap:
    """The map with the names that were found out before; a map for files of the project's own shape needs none.

    The order does not depend on which was found first: a map that changes has all files read again.
    """
    if known is None or not (found.is_foreign and known.is_foreign):
        return found
    return FieldMap(
        places=tuple(sorted({**dict(known.places), **dict(found.places)}.items())),
        texts=tuple(sorted({*known.texts, *found.texts}, key=_preference)),
        is_foreign=True,
        is_plain=found.is_plain or known.is_plain,
    )


def _preference(named: tuple[Way, TextField]) -> tuple[str, int, Way]:
    """The sort key of texts' names: of several the first that is there counts."""
    way, field = named
    ways = TEXT_WAYS[field]
    known = tuple(map(spelled, way))
    return field.value, ways.index(known) if known in ways else len(ways), way


class _Seen:
    """What has been seen so far."""

    def __init__(self, has_site: bool, has_plain_pages: bool, secret: frozenset[str]) -> None:
        self._has_site = has_site
        self._has_plain_pages = has_plain_pages
        self._never = secret | _NEVER
        self._looked_at = self._own = self._texts = self._plain = 0
        self._addresses = Counter[tuple[Way, Role]]()
        self._others = Counter[Way]()
        self._unnamed = Counter[Way]()
        self._words = Counter[tuple[Way, TextField]]()

    @property
    def is_surely_own(self) -> bool:
        return self._looked_at >= SURE_AFTER and self._own >= self._looked_at / 2

    def look_at(self, document: Document) -> None:
        """Count what one file holds."""
        self._looked_at += 1
        self._plain += document.notation is Notation.NONE
        self._texts += _MAY_BE_A_LINK.search(document.text, document.body) is not None
        root = document.root
        if root is None:
            return
        if any(has_text(root.by_key.get(name)) for name in _OWN_NAMES):
            self._own += 1
            return
        self._count_addresses(root)
        self._count_texts(root)

    def _count_addresses(self, root: Mapping) -> None:
        found: dict[Way, tuple[Role, bool]] = {}
        for way, role, text in _candidates(root, (), self._never):
            is_one = is_address(text, role, has_site=self._has_site)
            found[way] = (role, is_one or found.get(way, (role, False))[1])
        self._unnamed.update(_unnamed_addresses(root, (), self._never))
        for way, (role, is_one) in found.items():
            if is_one:
                self._addresses[way, role] += 1
            else:
                self._others[way] += 1

    def _count_texts(self, root: Mapping) -> None:
        for key, value in root.by_key.items():
            if key in self._never:
                continue
            name = (spelled(key),)
            for field, ways in TEXT_WAYS.items():
                if name in ways and _fits(value, field):
                    self._words[(key,), field] += 1

    def result(self, is_whole: bool) -> Detection:
        """What follows from all files together."""
        if self._own and self._own >= self._looked_at * _OWN_FROM:
            return Detection(FieldMap(), looked_at=self._looked_at, is_whole=is_whole)
        counts = [
            (way, role, count)
            for (way, role), count in self._addresses.most_common()
            if count >= self._others[way]
        ][:_MOST_PLACES]
        fields = FieldMap(
            places=tuple(sorted((way, role) for way, role, _ in counts)),
            texts=tuple(sorted(self._words, key=_preference)),
            is_foreign=True,
            is_plain=self._has_plain_pages or self._plain > self._looked_at / 2,
        )
        told = tuple((way, count) for way, _, count in counts)
        known = {way for way, _ in told}
        unnamed = tuple(
            one for one in self._unnamed.most_common(_MOST_UNNAMED) if one[0] not in known
        )
        return Detection(fields, told, unnamed, self._texts, self._plain, self._looked_at, is_whole)


def _fits(value: Node, field: TextField) -> bool:
    """Whether a value may be what its name says; authors may be a list."""
    if field is TextField.AUTHOR and isinstance(value, Sequence):
        return bool(value.items)
    if not has_text(value):
        return False
    return field is not TextField.PUBLISHED or (
        isinstance(value, Scalar) and moment_of(value.value) is not None
    )


def _candidates(
    mapping: Mapping, above: Way, never: frozenset[str]
) -> Iterator[tuple[Way, Role, str]]:
    """Each text at a place whose name may mean an address: its way, the role by the name, and the text."""
    for key, value in mapping.by_key.items():
        if key in never:
            continue
        way = (*above, key)
        inner: list[tuple[Way, Role, str]] = []
        if isinstance(value, Mapping) and len(way) < DEEPEST:
            inner = list(_candidates(value, way, never))
            yield from inner
        role = role_of(way)
        if role is not None and not inner:
            yield from ((way, role, found.value) for found in addresses_in(value))


def _unnamed_addresses(mapping: Mapping, above: Way, never: frozenset[str]) -> set[Way]:
    """The ways to addresses of the web under names that say nothing."""
    found: set[Way] = set()
    for key, value in mapping.by_key.items():
        way = (*above, key)
        if key in never or role_of(way) is not None:
            continue
        if isinstance(value, Mapping) and len(way) < DEEPEST:
            found |= _unnamed_addresses(value, way, never)
        elif any(is_address(text.value, Role.AMP, has_site=False) for text in addresses_in(value)):
            found.add(way)
    return found


def addresses_in(value: Node) -> Iterator[Scalar]:
    """The scalars that may be addresses where one or several are: the value itself, entries of a list, and in a mapping
    the first of the usual keys."""
    items = value.items[:_MOST_ENTRIES] if isinstance(value, Sequence) else [value]
    for item in items:
        found = item
        if isinstance(item, Mapping):
            key = url_key(item)
            found = item if key is None else item.by_key[key]
        if isinstance(found, Scalar) and not nodes.is_null(found):
            yield found

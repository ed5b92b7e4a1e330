"""The pages of the collection's own site: which file is published at an address (rule K7)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from crawler.content import nodes
from crawler.content.article_document import Document
from crawler.content.generators import Generator, SiteProject, project_of
from crawler.content.nodes import Mapping, Node, Scalar, Sequence
from crawler.content.permalinks import FIELDS, Fields, SourceFile, addresses, shapes

MOST_PAGES: Final = 50_000
_PAGE = re.compile(r"(?:/(?:_?index|README))?(?:\.html?|\.md|\.markdown)?/*$|/+$", re.IGNORECASE)
_LISTS: Final = frozenset(
    (
        "page",
        "index",
        "feed",
        "rss",
        "tags",
        "categories",
        "category",
        "tag",
        "authors",
        "series",
        "archives",
    )
)
"""Last names of pages that generators and plugins make by themselves."""
_OTHER_FILE = re.compile(r"\.[a-z][a-z0-9]{1,4}$", re.IGNORECASE)
_HAS_LETTER = re.compile(r"[^\W\d_]")


class OwnPages:
    """The articles of a collection by their addresses on its site. Nothing is read before somebody asks.

    `documents` gives every article file by its beginning.
    """

    def __init__(self, root: Path, documents: Callable[[], Iterable[Document]]) -> None:
        self._root = root
        self._documents = documents

    def find(self, address: str) -> str | None:
        """The article, by its path, whose page stands at a path of the site; None where none is known."""
        key = self._key(address)
        return self._by_address.get(key)

    def of(self, article: str) -> tuple[str, ...]:
        """The addresses at which an article's page may stand."""
        return self._by_article.get(article, ())

    def is_missing(self, address: str) -> bool:
        """Whether there would have to be an article at an address by the site's own rules, and is none."""
        key = self._key(address)
        if not key or key in self._by_address or _OTHER_FILE.search(key):
            return False
        return any(shape.fullmatch(key) for shape in self._shapes) or self._is_missing_of_section(
            key
        )

    def _is_missing_of_section(self, key: str) -> bool:
        """Hugo publishes the files of `content/posts` below `/posts/`: whether another page would have to be one of them."""
        above, slash, name = key.rpartition("/")
        if not slash or not self._goes_by_folders or name in _LISTS or not _HAS_LETTER.search(name):
            return False
        return above in self._sections and not _LISTS.intersection(above.split("/"))

    @cached_property
    def _project(self) -> SiteProject | None:
        return project_of(self._root)

    @cached_property
    def _shapes(self) -> list[re.Pattern[str]]:
        project = self._project
        return [] if project is None else shapes(project.generator, project.settings)

    @cached_property
    def _goes_by_folders(self) -> bool:
        """Whether Hugo's pages stand where their files do, as far as the configuration tells."""
        project = self._project
        if project is None or project.generator is not Generator.HUGO:
            return False
        return project.settings.keys().isdisjoint(("permalinks", "languages", "module", "uglyurls"))

    @cached_property
    def _prefix(self) -> str:
        """Where the collection lies below the folder of the configuration."""
        folder = self._project.folder if self._project is not None else self._root
        below = self._root.relative_to(folder).as_posix()
        return "" if below == "." else f"{below}/"

    @cached_property
    def _by_article(self) -> dict[str, tuple[str, ...]]:
        project = self._project
        generator, settings = (project.generator, project.settings) if project else (None, {})
        found: dict[str, tuple[str, ...]] = {}
        for document in self._documents():
            file = SourceFile(self._prefix + document.path, _fields(document.root))
            found[document.path] = tuple(dict.fromkeys(addresses(file, generator, settings)))
            if len(found) >= MOST_PAGES:
                break
        return found

    @cached_property
    def _by_address(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for path, known in self._by_article.items():
            for address in known:
                found.setdefault(self._key(address), path)
        return found

    @cached_property
    def _sections(self) -> frozenset[str]:
        """The folders of pages that hold a page directly, by their addresses."""
        return frozenset(key.rpartition("/")[0] for key in self._by_address if "/" in key)

    def _key(self, address: str) -> str:
        """What is the same of all spellings of an address. Hugo writes addresses in lower case."""
        key = _PAGE.sub("", unquote(address).strip()).strip("/")
        is_lower = self._project is not None and self._project.generator is Generator.HUGO
        return key.lower() if is_lower else key


def against(address: str, relative: str) -> str:
    """A relative path against the address of a page, as a browser resolves it."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(address) or "/", relative))


def _fields(root: Mapping | None) -> Fields:
    if root is None:
        return {}
    return {name: tuple(_texts(root.by_key[name])) for name in FIELDS if name in root.by_key}


def _texts(value: Node) -> Iterator[str]:
    for item in value.items if isinstance(value, Sequence) else (value,):
        if isinstance(item, Scalar) and not nodes.is_null(item):
            yield item.value

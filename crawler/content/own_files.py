"""Links of a text that stay within the collection: which file is meant, and whether it is there (rule K7).

Nothing of it needs the network. What may be a page that the site's generator makes by itself is left to the site.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from crawler.content.article_document import Document
from crawler.content.notations import MARKDOWN
from crawler.content.own_pages import OwnPages, against
from crawler.content.site import Site
from crawler.rules.urls import ExaminedUrl, InvalidReason, examine

_PUBLISHED: Final = ("", "static", "public", "source", "assets", "content", "docs", "src")
"""Folders, below the root, whose files a generator publishes at the root of the site."""
_OF_A_PAGE: Final = (".md", "/index.md", "/_index.md", "/README.md")
"""What the file of a page has behind the page's name."""
_PICTURE = re.compile(
    r"\.(?:jpe?g|jfif|a?png|gif|webp|avif|heic|heif|svg|bmp|ico|tiff?|jxl)$", re.IGNORECASE
)
_FILE = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
_PAGE = re.compile(r"\.x?html?$", re.IGNORECASE)


class OwnFiles:
    """The files of a collection as the links of its texts name them. `documents` gives every article by its beginning."""

    def __init__(self, root: Path, site: Site, documents: Callable[[], Iterable[Document]]) -> None:
        self._root = root
        self._site = site
        self._pages = OwnPages(root, documents)

    def resolve(self, raw: str, article: str) -> ExaminedUrl:
        """What a link in the text of the article at path `article` means.

        For a file of the collection the result is its path (`local-file`). It is `file-missing`, with the path or the
        address that was meant, where a file would have to be there: Markdown; a page that the site's own rules for addresses
        make of an article; a file in a folder that holds others, where nobody knows the site. Everything else is as
        `Site.resolve` says.
        """
        text = self._site.relative_text(raw)
        path = None if text is None else unquote(text.partition("#")[0].partition("?")[0])
        if text is None or not path or "\0" in path:
            return self._site.resolve(raw, article)
        found = self._site.resolve(raw, article, is_image=is_picture(path))
        if is_picture(path) or found.invalid is InvalidReason.LOCAL_FILE:
            return self._from_its_page(found, text, article)
        rooted = self._site.without_base(path) if path.startswith("/") else None
        meant = self._found(path, rooted, article)
        if meant is not None:
            return replace(found, url=meant, host="", invalid=InvalidReason.LOCAL_FILE)
        missing = self._missing(path, rooted, article)
        if missing is not None:
            return replace(found, url=missing, host="", invalid=InvalidReason.FILE_MISSING)
        return self._from_its_page(found, text, article)

    def _from_its_page(self, found: ExaminedUrl, text: str, article: str) -> ExaminedUrl:
        """An address of the site against that of the article's own page, where it is relative to that and both are known."""
        own, site = self._pages.of(article), self._site.address
        if found.invalid is not None or site is None or text.startswith("/") or not own:
            return found
        return replace(examine(text, f"{site.rstrip('/')}{own[0]}"), warnings=found.warnings)

    def _found(self, path: str, rooted: str | None, article: str) -> str | None:
        """The file that a path names, or the one whose page stands there."""
        if not path.lower().endswith(MARKDOWN):
            pages = map(self._pages.find, self._addresses(path, rooted, article))
            page = next(filter(None, pages), None)
            if page is not None:
                return page
        return next(filter(self._site.is_file, self._files(path, rooted, article)), None)

    def _files(self, path: str, rooted: str | None, article: str) -> Iterator[str]:
        """The files that a path may mean, likeliest first; none outside of the collection."""
        if rooted is not None:
            below = posixpath.normpath(rooted).strip("/")
            if below not in ("", "."):
                yield from (posixpath.join(folder, below) for folder in self._published)
            return
        place = posixpath.normpath(posixpath.join(posixpath.dirname(article), path))
        if place in (".", "..") or place.startswith("../"):
            return
        yield place
        if not _FILE.search(place):
            yield from (f"{place}{ending}" for ending in _OF_A_PAGE)

    @cached_property
    def _published(self) -> tuple[str, ...]:
        """The folders that there are whose files are published at the root of the site."""
        return tuple(name for name in _PUBLISHED if not name or (self._root / name).is_dir())

    def _addresses(self, path: str, rooted: str | None, article: str) -> Iterator[str]:
        """The addresses on the site that a path may mean."""
        if rooted is not None:
            yield rooted
            return
        for address in self._pages.of(article):
            yield against(address, path)
            # Without a slash at its end the page stands beside its neighbours, not above them.
            yield against(address.rstrip("/"), path)

    def _missing(self, path: str, rooted: str | None, article: str) -> str | None:
        """What would have to be there: a path, or an address of the site; None where that is not certain."""
        beside = next(iter(self._files(path, rooted, article)), None)
        if path.lower().endswith(MARKDOWN):
            return beside
        address = next(self._addresses(path, rooted, article), None)
        if address is not None and self._pages.is_missing(address):
            return address.strip("/") + ("/" if address.endswith("/") else "")
        if _FILE.search(path) is None or _PAGE.search(path) or self._site.address is not None:
            return None
        if rooted is None:
            return beside
        if "/" not in rooted.strip("/"):
            # Feeds and their like are made, and stand at the root.
            return None
        for place in self._files(path, rooted, article):
            if self._site.keeps_files(place):
                return place
        return None


def is_picture(path: str) -> bool:
    """Whether a path is an image's, by its ending."""
    return _PICTURE.search(path) is not None

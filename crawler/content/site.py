"""The site as which a collection is published: resolving relative URLs (rule U5)."""

from __future__ import annotations

import os
import posixpath
import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

from crawler import files
from crawler.content import local_images, nodes
from crawler.content.generators import project_of
from crawler.content.nodes import Mapping, Scalar, TreeError
from crawler.rules.invisible_characters import without_invisible_ends
from crawler.rules.typed_urls import Slip, slip_of
from crawler.rules.urls import ExaminedUrl, InvalidReason, examine, refused

_CONFIGURATION = "_config.yml"
_LARGEST_CONFIGURATION = 1_000_000
_LONGEST_LINE = 10_000
# Only these two lines are read: a real _config.yml may hold aliases, which must not be resolved.
_ADDRESS_LINE = re.compile(r"^(url|baseurl)[ \t]*:[^\r\n]*", re.MULTILINE)

_ENTRIES = 1_000
"""Entries of a folder that are looked at."""
_PAGES = ("", ".md", ".markdown", ".html")
"""What the file of a page has behind the page's name."""


# The same URL stands at up to 180 places of one file and in thousands of files.
@lru_cache(maxsize=65_536)
def _read(raw: str) -> tuple[str, ExaminedUrl, Slip | None]:
    """The text without unseen characters at its ends, what it means by itself, and the slip in it (rules U9, U10)."""
    text, found = without_invisible_ends(raw), examine(raw)
    if text and text != raw:
        cleaned = examine(text)
        found = replace(found, invalid=cleaned.invalid, host=cleaned.host)
        if cleaned.invalid is None:
            found = replace(found, url=cleaned.url)
    return text, found, slip_of(raw)


class Site:
    """The site against which relative URLs resolve.

    `root` is the content root whose files URLs may name, None for no files. `address` is the site's
    absolute URL (`https://example.org/blog`), None where it is not known. `baseurl` is the path of the site on
    its host, where that is known and the address is not.
    """

    def __init__(
        self, root: Path | None = None, address: str | None = None, baseurl: str = ""
    ) -> None:
        self._root = None if root is None else root.resolve()
        self.address: str | None = None
        self._prefix = baseurl.strip("/")
        self._is_file = lru_cache(maxsize=65_536)(self._holds)
        self._has_files = lru_cache(maxsize=4_096)(self._holds_files)
        self._pictures = None if self._root is None else local_images.LocalImages(self._root)
        base = examine(address.rstrip("/") + "/") if address else None
        if base is not None and base.invalid is None:
            self.address = base.url
            self._prefix = base.url.split("/", 3)[3].rstrip("/")

    def __reduce__(self) -> tuple[object, ...]:
        """For another process, without what was looked up."""
        return Site, (self._root, self.address, self._prefix)

    def resolve(self, raw: str, article: str, *, is_image: bool = False) -> ExaminedUrl:
        """What a URL in the article at path `article` (POSIX, relative to the root) means.

        The result for a file of the collection is its path, relative to the root; so it is for an image that is no
        file, where the site has no address to ask. Images are also looked for in the folders that generators
        publish at the root of the site.
        """
        text, found, slip = _read(raw)
        is_relative = found.invalid is InvalidReason.RELATIVE_URL
        if slip is not None and not (is_relative and self._is_path(text, article, slip)):
            return refused(raw, slip.reason)
        if not is_relative:
            return found
        if text.replace("\\", "/").startswith("//"):
            scheme = self.address.partition("/")[0] if self.address else "https:"
            return replace(examine(scheme + text), warnings=found.warnings)
        paths = list(self._candidates(text, article, is_image))
        for path in paths:
            if self._is_file(path):
                return replace(found, url=_identity(path), invalid=InvalidReason.LOCAL_FILE)
        if self.address is None:
            return self._missing(found, paths) if is_image else found
        prefix = f"/{self._prefix}"
        rooted = text.replace("\\", "/")
        if self._prefix and rooted.startswith("/") and not f"{rooted}/".startswith(f"{prefix}/"):
            text = prefix + text
        return replace(examine(text, self.address), warnings=found.warnings)

    def relative_text(self, raw: str) -> str | None:
        """A relative URL as a text with slashes; None for any other text."""
        text, found, slip = _read(raw)
        is_relative = found.invalid is InvalidReason.RELATIVE_URL
        text = text.replace("\\", "/")
        if not is_relative or text.startswith("//"):
            return None
        return None if slip is not None and not slip.may_be_path else text

    def without_base(self, path: str) -> str:
        """A path of the site below its own root: without the path of the site on its host."""
        if self._prefix and f"{path}/".startswith(f"/{self._prefix}/"):
            return path[len(self._prefix) + 1 :] or "/"
        return path

    def is_file(self, path: str) -> bool:
        """Whether the collection holds a regular file at a path below its root."""
        return self._is_file(path)

    def keeps_files(self, path: str) -> bool:
        """Whether the folder of a path is there, below the root, and holds a file."""
        folder = posixpath.dirname(path)
        return self._root is not None and bool(folder) and self._has_files(folder)

    def _holds_files(self, folder: str) -> bool:
        assert self._root is not None
        try:
            real = files.inside(self._root, self._root / folder)
            if real is None:
                return False
            with os.scandir(real) as found:
                entries = islice(found, _ENTRIES)
                return any(entry.is_file(follow_symlinks=False) for entry in entries)
        except (OSError, ValueError):
            return False

    def _is_path(self, text: str, article: str, slip: Slip) -> bool:
        """Whether a text that looks like a slip is a path all the same: the collection holds its file or its folder, or
        the site may have a page of that name."""
        if slip.may_be_path and self.address is not None:
            return True
        folder, slash, _ = text.partition("/")
        names = [text] if slash else [text + ending for ending in _PAGES]
        paths = (path for name in names for path in self._candidates(name, article, False))
        return any(map(self._is_file, paths)) or (
            bool(slash) and any(map(self._is_folder, self._candidates(folder, article, False)))
        )

    def _missing(self, found: ExaminedUrl, paths: list[str]) -> ExaminedUrl:
        """The result for an image that none of these paths has: it gets the likeliest one, a path that may not be
        read, else one in a folder that holds images, else the first."""
        known = self._pictures
        if known is None or not paths:
            return found
        place = next((path for path in paths if known.is_closed(path)), None) or next(
            (path for path in paths if known.keeps_images(posixpath.dirname(path))), paths[0]
        )
        return replace(found, url=_identity(place), invalid=InvalidReason.IMAGE_FILE_MISSING)

    def _candidates(self, text: str, article: str, is_image: bool) -> Iterator[str]:
        """The paths, relative to the root and inside it, that a relative URL may mean; likeliest first.

        A page-relative URL means a file beside its article, as in a leaf bundle of Hugo; for images also one below
        the root of the site, where some themes look.
        """
        path = _decoded(text.replace("\\", "/").partition("#")[0].partition("?")[0])
        if path is None:
            return
        rooted = []
        if not path.startswith("/"):
            beside = posixpath.normpath(posixpath.join(posixpath.dirname(article), path))
            if not _leads_out(beside):
                yield beside
            if is_image and not _leads_out(posixpath.normpath(path)):
                rooted = [posixpath.normpath(path)]
        else:
            rooted = [posixpath.normpath(path).lstrip("/")]
        if self._prefix and rooted and rooted[0].startswith(f"{self._prefix}/"):
            rooted.append(rooted[0].removeprefix(f"{self._prefix}/"))
        folders = local_images.PUBLISHED if is_image else ("",)
        for one in rooted:
            yield from (posixpath.join(folder, one) for folder in folders)

    def _holds(self, path: str) -> bool:
        """Whether the collection holds a regular file at a path that stays inside its root."""
        return stat.S_ISREG(self._mode(path))

    def _is_folder(self, path: str) -> bool:
        return stat.S_ISDIR(self._mode(path))

    def _mode(self, path: str) -> int:
        """The kind of what stands at a path that stays inside the root; 0 for nothing."""
        if self._root is None:
            return 0
        try:
            real = files.inside(self._root, self._root / path)
            return 0 if real is None else real.stat().st_mode
        except (OSError, ValueError):
            return 0


def _decoded(path: str) -> str | None:
    """A URL's path as the path of a file; None where no file can have it: empty, a folder's, or with
    a slash or NUL inside of a name."""
    segments = [unquote(segment) for segment in path.split("/")]
    if segments[-1] in ("", ".", "..") or any(set(segment) & {"/", "\0"} for segment in segments):
        return None
    return "/".join(segments)


def _leads_out(path: str) -> bool:
    return path.partition("/")[0] == ".."


def _identity(path: str) -> str:
    """A path, written so that it cannot be read as a URL with a scheme (RFC 3986, 4.2)."""
    return f"./{path}" if ":" in path.partition("/")[0] else path


def read_site(root: Path, site_url: str | None = None) -> Site:
    """The site of a collection: `site_url` if given, else `url` and `baseurl` of its `_config.yml`, else what the
    configuration of another generator says.

    Where none says it, the site has no address.
    """
    if site_url:
        return Site(root, site_url)
    url, baseurl = _configured_address(root)
    if url:
        return Site(root, f"{url}/{baseurl}", baseurl)
    project = project_of(root.resolve())
    return Site(root, project.address if project is not None else None, baseurl)


def _configured_address(root: Path) -> tuple[str, str]:
    """`url` and `baseurl`, empty where they are not given."""
    try:
        real = root.resolve(strict=True)
        found = files.inside(real, real / _CONFIGURATION)
        if found is None:
            return "", ""
        with files.opened(found) as (descriptor, _):
            data = files.read_at_most(descriptor, _LARGEST_CONFIGURATION)
    except OSError:
        return "", ""
    return _address_in(data)


@lru_cache(maxsize=4)
def _address_in(data: bytes) -> tuple[str, str]:
    # Of lines with the same key the last one counts, and only that is parsed: there may be 100,000.
    lines = {line[1]: line[0] for line in _ADDRESS_LINE.finditer(data.decode("utf-8", "replace"))}
    values: dict[str, str] = {}
    for text in lines.values():
        try:
            tree = nodes.parse(text[:_LONGEST_LINE])
        except TreeError:
            continue
        if isinstance(tree.root, Mapping):
            for key, value in tree.root.by_key.items():
                if isinstance(value, Scalar) and not nodes.is_null(value):
                    values[key] = value.value
    return values.get("url", "").rstrip("/"), values.get("baseurl", "").strip("/")

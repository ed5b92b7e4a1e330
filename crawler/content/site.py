"""The site that a collection is published as: what relative URLs mean (RULES 6)."""

from __future__ import annotations

import posixpath
import re
import stat
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from crawler.content import files, nodes
from crawler.content.nodes import Mapping, Scalar, TreeError
from crawler.rules.urls import ExaminedUrl, InvalidReason, examine

_CONFIGURATION = "_config.yml"
_LARGEST_CONFIGURATION = 1_000_000
# Only these two lines are read: a real _config.yml may hold aliases, which are never read.
_ADDRESS_LINE = re.compile(r"^(?:url|baseurl)[ \t]*:[^\r\n]*", re.MULTILINE)

# The same URL stands at up to 180 places of one file and in thousands of files.
examined = lru_cache(maxsize=65_536)(examine)


class Site:
    """What relative URLs resolve against.

    `root` is the content root whose files may be meant, None for no files. `address` is the site's
    absolute URL (`https://example.org/blog`), None where nobody told.
    """

    def __init__(self, root: Path | None = None, address: str | None = None) -> None:
        self._root = None if root is None else root.resolve()
        self.address: str | None = None
        self._prefix = ""
        self._is_file = lru_cache(maxsize=65_536)(self._holds)
        base = examine(address.rstrip("/") + "/") if address else None
        if base is not None and base.invalid is None:
            self.address = base.url
            self._prefix = base.url.split("/", 3)[3].rstrip("/")

    def resolve(self, raw: str, article: str) -> ExaminedUrl:
        """What a URL in the article at path `article` (POSIX, relative to the root) means."""
        found = examined(raw)
        if found.invalid is not InvalidReason.RELATIVE_URL:
            return found
        text = raw.strip().replace("\\", "/")
        if text.startswith("//"):
            scheme = self.address.partition("/")[0] if self.address else "https:"
            return examined(scheme + raw.strip())
        if any(self._is_file(path) for path in self._candidates(text, article)):
            return replace(found, invalid=InvalidReason.LOCAL_FILE)
        if self.address is None:
            return found
        prefix = f"/{self._prefix}"
        if self._prefix and text.startswith("/") and not f"{text}/".startswith(f"{prefix}/"):
            return examined(prefix + raw.strip(), self.address)
        return examined(raw, self.address)

    def _candidates(self, text: str, article: str) -> list[str]:
        """The files of the collection that a relative URL may mean, relative to the root."""
        path = unquote(text.partition("#")[0].partition("?")[0])
        if not path.startswith("/"):
            return [posixpath.normpath(posixpath.join(posixpath.dirname(article), path))]
        rooted = posixpath.normpath(path).lstrip("/")
        if self._prefix and rooted.startswith(f"{self._prefix}/"):
            return [rooted, rooted.removeprefix(f"{self._prefix}/")]
        return [rooted]

    def _holds(self, path: str) -> bool:
        """Whether the collection holds a regular file at a path that stays inside its root."""
        if self._root is None or path.split("/", 1)[0] in ("", ".", ".."):
            return False
        try:
            real = files.inside(self._root, self._root / path)
            return real is not None and stat.S_ISREG(real.stat().st_mode)
        except (OSError, ValueError):
            return False


def read_site(root: Path, site_url: str | None = None) -> Site:
    """The site of a collection: `site_url` if given, else `url` and `baseurl` of its `_config.yml`.

    A missing or unreadable `_config.yml` gives a site without an address.
    """
    return Site(root, site_url or _configured_address(root))


def _configured_address(root: Path) -> str | None:
    try:
        with files.opened(root / _CONFIGURATION) as (descriptor, _):
            text = files.read_at_most(descriptor, _LARGEST_CONFIGURATION).decode("utf-8", "replace")
    except OSError:
        return None
    values: dict[str, str] = {}
    for line in _ADDRESS_LINE.finditer(text):
        try:
            tree = nodes.parse(line[0])
        except TreeError:
            continue
        if isinstance(tree.root, Mapping):
            for key, value in tree.root.by_key.items():
                if isinstance(value, Scalar) and not nodes.is_null(value):
                    values[key] = value.value
    url = values.get("url", "").rstrip("/")
    baseurl = values.get("baseurl", "").strip("/")
    return f"{url}/{baseurl}" if url else None

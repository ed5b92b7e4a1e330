"""Whether a page loads itself again: by a refresh without another address, or by a script (rule V4)."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from crawler.extractors.html.document import Document
from crawler.extractors.signs.page_shape import Shape

_REFRESH = re.compile(
    r"^refresh=[ \t]*(?P<delay>\d{0,6})[.\d]*[ \t]*[;,]?[ \t]*(?:url[ \t]*=)?[ \t]*[\"']?(?P<to>[^\"'\n]{0,500})",
    re.MULTILINE | re.IGNORECASE,
)
_TIMED = re.compile(
    r"set(?:Timeout|Interval)\s{0,3}\([^;]{0,200}?\blocation\b\s{0,3}(?:\.\s{0,3}reload\b"
    r"|(?:\.href)?\s{0,3}=\s{0,3}(?:(?:window|document)\.)?location\b"
    r"|\.\s{0,3}(?:replace|assign)\(\s{0,3}(?:(?:window|document)\.)?location\b)",
)
_MOST_SCRIPT = 20_000
"""Characters of machinery: an application reloads itself too, where it cannot load a part."""

_MOST_OF_TEST = 3_000
"""The same of a page that only sets a cookie and reloads."""

_AFTER_COOKIE = re.compile(r"document\.cookie\s{0,3}=.{0,600}?\blocation\.reload\(", re.DOTALL)


def reloads_itself(document: Document, shape: Shape) -> bool:
    """Whether a page asks for its own address again, as a queue does; one inside `noscript` does not count."""
    try:
        if any(_is_own(refresh["to"], document) for refresh in _REFRESH.finditer(shape.machinery)):
            return True
    except ValueError:
        return False
    length = len(shape.machinery)
    if length >= _MOST_SCRIPT or shape.has_mount:
        return False
    if _TIMED.search(shape.machinery):
        return True
    return length < _MOST_OF_TEST and bool(_AFTER_COOKIE.search(shape.machinery))


def _is_own(address: str, document: Document) -> bool:
    """Whether an address of a refresh is the page's own, or missing. Raises `ValueError` for one that is none."""
    to = address.strip()
    return not to or _place(urljoin(document.base, to)) == _place(document.url)


def _place(url: str) -> tuple[str | None, str, str]:
    parts = urlsplit(url)
    return parts.hostname, parts.path or "/", parts.query

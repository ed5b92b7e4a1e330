"""Suspended sites: a host of sites shows its own page until a bill is paid or a complaint is settled (rule V4).

Nobody says that the page is gone, and it often comes back, so this is a barrier; the reader sees nothing of it.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.extractors.html.document import Document
from crawler.extractors.html.folding import fold
from crawler.extractors.signs.page_shape import Shape

_MOST_OF_SUSPENDED = 1_000
_PATH = "/cgi-sys/suspendedpage.cgi"
"""cPanel's own page."""

_TITLES = re.compile(
    r"(?:this )?(?:account|hosting account|site|website|web site)(?: has been| is)? (?:temporarily )?suspended|"
    r"contact support"
)
_WORDS = re.compile(
    r"this (?:account|hosting account|web ?site|site)(?: has been| is)(?: temporarily)? suspended"
    r".{0,200}?(?:hosting provider|web ?host|host(?:ing)? company|billing|support)",
    re.DOTALL,
)


def evidence(document: Document, shape: Shape) -> str | None:
    """Why a page is a host's word on a suspended site, None where it is none.

    By cPanel's address, in the page's own or where a frame or refresh leads, or by its title and sentence together: a
    network that suspended somebody's account says so of its own and names no host.
    """
    if _path(document.url) == _PATH or _PATH in shape.machinery:
        return _PATH
    if len(shape.text) >= _MOST_OF_SUSPENDED or not _TITLES.fullmatch(
        fold(document.title).strip(" .!")
    ):
        return None
    return f"title: {document.title[:80]}" if _WORDS.search(fold(shape.text)) else None


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""

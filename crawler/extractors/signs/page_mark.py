"""The mark of a page: what one page in front of many sites has in common at each of them (rule O5).

Its words in pairs, without those of the address that was asked for: a portal's page may quote that. The smallest hashes of
them are kept (Broder 1997), as text, so that two marks can be compared by likeness (`crawler.rules.outage.one_page`).
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from html import unescape
from urllib.parse import unquote, urlsplit

from crawler.extractors.registered_domain import site_of
from crawler.extractors.signs.likeness import echoes, hashes, words

MARK_BYTES = 16 * 1024
"""As much of a body as is read for its mark."""
KEPT_OF_MARK = 24
"""Hashes of a mark."""

_PAIR = 2
_TITLE = re.compile(rb"<title\b[^<>]{0,200}>([^<]{1,1000})</title", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def page_mark(body: bytes, asked: str) -> str:
    """The mark of an answer to a request for the URL `asked`; empty where it has no words. Never raises."""
    text = body[:MARK_BYTES].removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    found = words(_TAG.sub(" ", unquote(text)), _quoted(asked))
    if not found:
        return ""
    return "".join(f"{each:08x}" for each in hashes(found, _PAIR, KEPT_OF_MARK))


def title_in(body: bytes) -> str:
    """The title of a page that is not parsed, as far as it can be seen in its first bytes; empty for none."""
    found = _TITLE.search(body, 0, MARK_BYTES)
    return " ".join(unescape(found[1].decode("utf-8", "replace")).split()) if found else ""


def without_address(title: str, asked: str) -> str:
    """A title without what it quotes of the URL that was asked for, folded; the title itself where it quotes nothing."""
    said = " ".join(words(title, ()))
    quoted = _quoted(asked)
    if not any(echo in said for echo in quoted):
        return title
    left = " ".join(words(title, quoted))
    return title if left == said else left


def _quoted(asked: str) -> tuple[str, ...]:
    """What a page may quote of an address, in words: its parts, the host, the site."""
    return (*echoes(asked), *_names_of(urlsplit(asked).hostname or ""))


@lru_cache(maxsize=1_024)
def _names_of(host: str) -> tuple[str, ...]:
    names = (host, host.removeprefix("www."), site_of(host))
    hosts = {" ".join(words(name, ())) for name in names} - {""}
    return tuple(sorted(hosts, key=lambda name: (-len(name), name)))

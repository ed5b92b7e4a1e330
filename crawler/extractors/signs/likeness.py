"""The likeness of two pages: whether a site shows the same page for two addresses (rule N6).

A page is kept as a sketch of bounded size: the smallest hashes of its word shingles (Broder 1997), of three
texts. The whole visible text is enough for error pages, but a site's menus are more than half of many
articles; the text outside of links is the page's own, and its titles distinguish two short articles. The
least of the three likenesses counts. Digits are folded and the page's own address is left out, because
error pages show times and quote the address that was asked for.
"""

from __future__ import annotations

import heapq
import re
import unicodedata
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from operator import methodcaller
from urllib.parse import unquote, urlsplit
from zlib import crc32

from crawler.extractors.html.bounds import MAX_BODY, ContentError
from crawler.extractors.html.document import Document, read_document
from crawler.extractors.signs.gates import asks_who
from crawler.extractors.signs.visible_words import read_words

KEPT = 1_024
"""Hashes of a text: the likeness of longer texts is an estimate, one or two percent off."""

_SHINGLE = 3
"""Words. One word changed in an error page of thirty changes a tenth of it."""

_FEWEST_SPOKEN = 200
"""Characters outside of links; a page with fewer has no words of its own. The walls of real sites at hand have up
to 174, and 23 of 1,231 real pages have fewer. The number is ours."""

_BARRIER_SPOKEN = 1_500
"""Characters outside of links under which words of walls count: such a page may be a wall that no rule knows yet."""

_WORD = re.compile(
    "[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\\d+|[^\\W\\d_]+", re.UNICODE
)
"""Words; in scripts without spaces each character is a word."""


_DIGITS = re.compile("[0-9]+")
_LETTERS = {code: " " for code in range(128) if not chr(code).isalnum()}
_TYPESET = re.compile("[\u2010-\u203e\xa0-\xa9\xab-\xb1\xb4\xb6-\xb8\xbb\xbf]")
"""Marks of typesetters, none of them a part of a word: often all of a text that is not ASCII."""
_BYTES = methodcaller("encode", "utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Sketch:
    """The sketch of one page. `spoken` counts the characters outside of links; `hollow` says that an
    application builds the page in an element that was sent empty, or that the page has the words of a wall."""

    whole: array[int]
    own: array[int]
    titles: array[int]
    spoken: int
    hollow: bool

    @property
    def is_shell(self) -> bool:
        """Whether the page may be a frame that an application fills in later, or a wall: a site may send
        those for every address, so their likeness proves nothing."""
        return self.hollow or self.spoken < _FEWEST_SPOKEN

    @property
    def is_blank(self) -> bool:
        """Whether the page holds hardly a word of any kind."""
        return len(self.whole) < _SHINGLE and self.spoken < _FEWEST_SPOKEN


def sketch_page(body: bytes, *, url: str, content_type: str | None) -> Sketch | None:
    """The sketch of a page, found at `url`; None for one that cannot be read within the bounds."""
    try:
        return sketch_document(read_document(body[:MAX_BODY], url=url, content_type=content_type))
    except ContentError:
        return None


def sketch_document(document: Document, asked: str | None = None) -> Sketch:
    """The sketch of a page that is parsed already. Never raises."""
    visible = read_words(document)
    without = echoes(document.url if asked is None else asked)
    own = " ".join(visible.own.split())
    return Sketch(
        whole=hashes(words(visible.whole, without), _SHINGLE),
        own=hashes(words(own, without), _SHINGLE),
        titles=hashes(words(" ".join((document.title, *document.headings)), without), 1),
        spoken=len(own),
        hollow=visible.mounted or (len(own) < _BARRIER_SPOKEN and asks_who(own)),
    )


def alike(one: Sketch, other: Sketch) -> float:
    """How much two pages have in common, from 0 to 1; symmetric."""
    pairs = ((one.whole, other.whole), (one.own, other.own), (one.titles, other.titles))
    return min(_shared(*pair) for pair in pairs)


def _shared(first: array[int], second: array[int]) -> float:
    """The share of shingles that are in both, estimated by the smallest hashes of either."""
    one, other = set(first), set(second)
    smallest = heapq.nsmallest(KEPT, one | other)
    if not smallest:
        return 1.0
    return sum(each in one and each in other for each in smallest) / len(smallest)


def words(text: str, without: Iterable[str]) -> list[str]:
    """The words of a text, folded, without quotations of the page's own address (`echoes`)."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    joined = f" {' '.join(_tokens(folded))} "
    for echo in without:
        joined = joined.replace(f" {echo} ", " ")
    return joined.split()


def _tokens(text: str) -> list[str]:
    """The words of a folded text, each number as "0"."""
    if not text.isascii():
        text = _TYPESET.sub(" ", text)
    if text.isascii():
        # The same as below, nine times as fast.
        return _DIGITS.sub(" 0 ", text).translate(_LETTERS).split()
    return ["0" if word[0].isdigit() else word for word in _WORD.findall(text)]


def echoes(url: str) -> tuple[str, ...]:
    """The parts of the address that an error page may quote, in words, longest first; no lone short word."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ()
    path = unquote(parts.path)[:2_000]
    last = path.rstrip("/").rpartition("/")[2]
    stem = last.rpartition(".")[0] or last
    texts = (
        f"{parts.scheme} {parts.netloc} {path} {unquote(parts.query)[:2_000]}",
        path,
        last,
        stem,
    )
    folded = [list(_tokens(unicodedata.normalize("NFKC", one).casefold())) for one in texts]
    found = {" ".join(one) for one in folded if len(one) > 1 or len("".join(one)) >= 8}
    return tuple(sorted(found, key=lambda echo: (-len(echo), echo)))


def hashes(found: list[str], length: int, kept: int = KEPT) -> array[int]:
    """The `kept` smallest hashes of the runs of `length` words; of all words where they are fewer."""
    length = max(1, min(length, len(found)))
    runs = zip(*(islice(found, start, None) for start in range(length)), strict=False)
    # Three maps: a page has thousands of runs.
    hashes = set(map(crc32, map(_BYTES, map(" ".join, runs))))
    # Four bytes each: a thousand sketches may wait for a probe.
    return array("I", heapq.nsmallest(kept, hashes))

"""Whether two texts are the same to a reader: how titles and excerpts are compared (rule F3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from crawler.rules.site_in_title import MOST_PARTS, SEPARATOR, SHORTEST, without_site
from crawler.rules.text_folding import plain

_CUT_AT = re.compile(
    r"(?:[\s,;:>'-]*(?:\.\.\.|\[\.\.\.\]|\(\.\.\.\)|\[?(?:read|continue|learn|see|find out) (?:more|on)\]?|\[?continue reading\]?"
    r"|weiterlesen|mehr lesen|lire la suite|en savoir plus|leer m[aá]s|seguir leyendo|leia mais|saiba mais|leggi (?:tutto|di pi[uù])"
    r"|lees (?:meer|verder)|czytaj (?:dalej|więcej)|читать далее|подробнее|続きを読む|もっと見る|阅读全文|閱讀全文|더보기))+[\s>'.→-]*$"
)
"""How a text that was cut short ends, folded."""
_LONGEST_SUFFIX = 60
_FIGURE = re.compile(r"\d")
_AROUND_MARKS = re.compile(r"\s*([^\w\s]|[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff])\s*")
"""White space beside a mark, or beside a script that has none, is the typesetter's."""
_CUT_FROM = 20
"""Characters: a shorter beginning may be that of another text."""
_CUT_UNMARKED_FROM = 50
"""Characters of a text that a limit may have cut."""
_LEAST_CUT = 5
"""Characters that are cut off: fewer are another ending of the last word."""
_MOST_NAMES = 2
"""A section and a site, or a site at both ends."""


def same_text(stored: str, found: str) -> bool:
    """Whether two texts are the same, or one is the beginning of the other."""
    one, other = plain(stored), plain(found)
    if one == other:
        return True
    one, other = _key(one), _key(other)
    return one.startswith(other) or other.startswith(one) or _is_cut(one, other)


def equal_text(one: str, other: str) -> bool:
    """Whether two texts are the same from their first character to their last."""
    one, other = plain(one), plain(other)
    return one == other or _key(one) == _key(other)


def same_title(stored: str, found: str, sites: frozenset[str] = frozenset()) -> bool:
    """Whether two titles are the same; a site's name at an end or a cut end makes no difference.

    `sites` are the known names of the site (`names_of_site`).
    """
    one, other = plain(stored), plain(found)
    if one == other:
        return True
    bare, other_bare = _without_sites(one, sites), _without_sites(other, sites)
    known, other_known = {_key(one), _key(bare)}, {_key(other), _key(other_bare)}
    if known & other_known:
        return True
    if known & set(_without_suffix(other, other_bare)):
        return True
    if other_known & set(_without_suffix(one, bare)):
        return True
    return any(_is_cut(a, b) for a in known for b in other_known)


def whole_titles(titles: Iterable[str]) -> list[str]:
    """Titles of one page without those that a limit has cut: the beginnings of longer ones that go on with a word.

    What stands behind the cut may have changed.
    """
    keys = {title: _key(plain(title)) for title in titles}
    return [
        title
        for title, key in keys.items()
        if not any(_goes_on(key, other) for other in keys.values())
    ]


def _goes_on(short: str, long: str) -> bool:
    rest = long[len(short) :].lstrip() if long.startswith(short) else ""
    return len(short) >= _CUT_UNMARKED_FROM and rest[:1].isalnum()


def _without_sites(title: str, sites: frozenset[str]) -> str:
    for _ in range(_MOST_NAMES):
        title = without_site(title, sites)
    return title


def _without_suffix(*titles: str) -> Iterator[str]:
    """Titles without what stands behind the last separator: as a rule the site, named otherwise than the page names it.

    With a figure in it that says more ("… - part 2"), and so does what stands behind a colon.
    """
    for title in titles:
        last = None
        for cut in islice(SEPARATOR.finditer(title), MOST_PARTS):
            last = cut if cut[0] != ": " else None
        if last is None or last.start() < SHORTEST:
            continue
        suffix = title[last.end() :]
        if len(suffix) <= _LONGEST_SUFFIX and not _FIGURE.search(suffix):
            yield _key(title[: last.start()])


def _is_cut(one: str, other: str) -> bool:
    """Whether one text is the other's beginning, cut with a mark, or without one in the middle of a word."""
    if one[:_CUT_FROM] != other[:_CUT_FROM]:
        return False
    (short, mark), (long, _) = sorted(
        map(_without_mark, (one, other)), key=lambda text: len(text[0])
    )
    if len(short) < _CUT_FROM or not long.startswith(short):
        return False
    rest = long[len(short) :]
    if not rest:
        return True
    in_word = len(rest) >= _LEAST_CUT and rest[0].isalnum() and short[-1].isalnum()
    return mark or (in_word and len(short) >= _CUT_UNMARKED_FROM)


def _without_mark(text: str) -> tuple[str, bool]:
    bare = _CUT_AT.sub("", text)
    return bare, bare != text


@lru_cache(maxsize=1024)
def _key(text: str) -> str:
    """A plain text by which two spellings are equal whatever stands around their marks."""
    return _AROUND_MARKS.sub(r"\1", text).strip()

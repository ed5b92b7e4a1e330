"""Whether an answer that looks well is a suspect: the site may answer so to every address (rules N4, N5).

A probe costs one request and is no verdict: `probe_url` gives an address that cannot exist, and the answer
to that decides (`page_state`). Evidence for the page goes first: a page that bears its stored title, or a
redirect that keeps the page's name or number, is no suspect.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from crawler.model.observation import Observation, PageFacts
from crawler.rules.places import (
    LONG_NUMBER,
    is_date,
    is_deep,
    is_home,
    is_identity,
    is_search,
    is_slug,
    keeps_name,
    same_place,
    segments,
    stem,
)
from crawler.rules.site_in_title import names_of_site
from crawler.rules.text_comparison import same_title
from crawler.rules.text_folding import plain
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find
from crawler.rules.verdict.redirect_ends import names_home

ENOUGH_ENDS = 3
"""Different URLs that end at one URL (rule N4)."""

_AMP_CACHE = ".cdn.ampproject.org"
"""The folders of an AMP cache are addresses of other sites."""

_ENOUGH_WORDS = 0.5
"""The share of a stored title's words in one of the page's titles from which that is the same title, rewritten.
Ours: of 1,122 real pages with a known title, 1,049 bear it and 46 more have half of its words."""

_ECHO = re.compile(
    r"\b(?:you searched for|search(?:ed)? (?:results?|for)|results? for|(?:no|0) (?:results?|matches)\b|nothing found"
    r"|suchergebnis|suche nach|sie suchten|ergebnisse für|keine (?:ergebnisse|treffer)"
    r"|résultats? (?:de (?:la )?recherche|pour)|aucun résultat|vous avez cherché"
    r"|resultados? (?:de (?:la )?b[uú]s|da (?:busca|pesquisa)|para)|sin resultados|nenhum resultado|has buscado"
    r"|risultati (?:della ricerca|di ricerca|per)|nessun risultato|hai cercato"
    r"|zoekresultaten|geen resultaten|wyniki wyszukiwania|brak wyników|sökresultat|inga träffar|søgeresultater"
    r"|søkeresultater|hakutulokset|arama sonuçları|výsledky hledání|keresési eredmények|rezultatele căutării"
    r"|результаты поиска|вы искали|ничего не найдено|результати пошуку)"
    r"|検索結果|搜索结果|搜尋結果|검색 ?결과|نتائج البحث|תוצאות חיפוש",
)
"""What search pages are titled, in the words of common blog and news software."""
_WORD = re.compile(r"\w+")
_LONGEST_NUMBER = 15
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"


class ProbeReason(StrEnum):
    """Why the site may give an answer to every address."""

    HIGHER_END = "ends-higher-up"
    """A deep link ended at a section, a search page or a shorter path."""
    HOME_CANONICAL = "calls-itself-home"
    SHARED_END = "shares-its-end"
    OTHER_TITLE = "bears-another-title"


def probe_reason(seen: Observation, ends: int) -> ProbeReason | None:
    """Why an answer that is alive or moved is a suspect, None for none.

    `ends` is the number of different URLs of the collection, this one included, that redirects lead to its final URL. A
    published time speaks for the page, unless many different addresses end at it; so does the stored title.
    """
    page, is_titled = seen.page, seen.further.is_titled
    if page is None or find(seen).outcome not in (Outcome.ALIVE, Outcome.MOVED) or is_titled:
        return None
    asked, end = urlsplit(seen.url), urlsplit(seen.final_url or seen.url)
    if not is_deep(asked) or asked.netloc.endswith(_AMP_CACHE):
        return None
    elsewhere = is_elsewhere(seen) and not keeps_name(asked, end)
    if elsewhere and ends >= ENOUGH_ENDS:
        return ProbeReason.SHARED_END
    if page.stated is not None:
        return None
    if elsewhere and _is_higher(asked, end):
        return ProbeReason.HIGHER_END
    if names_home(page.canonical) and not is_home(end):
        return ProbeReason.HOME_CANONICAL
    if is_titled is False and not is_titled_as_address(page, asked):
        return ProbeReason.OTHER_TITLE
    return None


def bears_title(page: PageFacts, titles: Iterable[str]) -> bool | None:
    """Whether a page bears one of the stored titles, or half of its words; None where none is stored.

    A search page that repeats the words that were asked for does not bear them (rule N14), nor does a page without any
    title.
    """
    stored = [title for title in titles if title]
    if not stored:
        return None
    if echoes_search(page) and not any(_ECHO.search(plain(title)) for title in stored):
        return False
    sites = names_of_site(page.site_name, "")
    return any(
        same_title(title, one, sites)
        or _shared(_words(plain(title)), _words(plain(one))) >= _ENOUGH_WORDS
        for title in stored
        for one in _titles(page)
    )


def echoes_search(page: PageFacts) -> bool:
    """Whether a page's titles are those of a search or of its empty result (rule N14)."""
    return any(map(_ECHO.search, _found(page)))


def is_elsewhere(seen: Observation) -> bool:
    """Whether redirects led to another place; another scheme, `www.`, slash or tracking makes no other place."""
    end = seen.final_url
    return bool(seen.hops) and end is not None and same_place(seen.url) != same_place(end)


def folder_of(url: str) -> str:
    """The folder of a URL's probe: one answer serves all suspects in it.

    All folders of dates count as one: a site treats 2019 as it treats 2020.
    """
    parts = urlsplit(url)
    names = segments(parts)[: _name_start(segments(parts))]
    folded = ("*" if is_date(names, at) else name for at, name in enumerate(names))
    return f"{parts.scheme}://{parts.netloc}/" + "".join(f"{name}/" for name in folded)


def probe_url(url: str, seed: str) -> str:
    """An address that cannot exist, with the scheme, host, folder and shape of `url` and no query.

    The same `seed` gives every URL of one folder and shape the same probe. Where a number names the page,
    the probe has another number: many sites read nothing else, `/12345/any-slug` is one article to them.
    """
    parts = urlsplit(url)
    names = segments(parts)
    start = _name_start(names)
    letters = _letters(f"{seed}\n{folder_of(url)}")
    invented = [_invented(name, letters) for name in names[start:] or ["a-b-c"]]
    path = "/" + "/".join((*names[:start], *invented))
    if parts.path.endswith("/") and names:
        path += "/"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def _name_start(names: Sequence[str]) -> int:
    """The index at which the page's own name begins: at its number, else at the last part of the path.

    A last part that is no slug and follows one (`/a-story-of-note/amp`) is a view of the same page.
    """
    for at in range(len(names) - 1):
        if is_identity(names, at):
            return at
    last = len(names) - 1
    view = last > 0 and is_slug(names[last - 1]) and not is_slug(names[last])
    return last - 1 if view and not LONG_NUMBER.search(names[last]) else max(last, 0)


def _invented(name: str, letters: Iterator[int]) -> str:
    """A name of the same shape: words replace words, a longer number replaces a number, the extension stays."""
    plain_name = unquote(name)
    bare = stem(plain_name)
    extension = plain_name[len(bare) :].lower()
    gap = "_" if "_" in bare and "-" not in bare else "-"
    number = LONG_NUMBER.search(bare)
    words = 3 if gap in bare else 1
    invented = gap.join(_word(letters, 24 // words) for _ in range(words))
    if number is None or len(number[0]) + 2 > _LONGEST_NUMBER:
        return invented + extension
    digits = "9" + "".join(str(next(letters) % 10) for _ in range(len(number[0]) + 1))
    if bare.isdigit():
        return digits + extension
    both = (digits, invented) if number.start() == 0 else (invented, digits)
    return gap.join(both) + extension


def _word(letters: Iterator[int], length: int) -> str:
    kinds = (_CONSONANTS, _VOWELS)
    return "".join(kinds[at % 2][next(letters) % len(kinds[at % 2])] for at in range(length))


def _letters(seed: str) -> Iterator[int]:
    """An endless sequence of numbers, always the same for one seed."""
    block = seed.encode("utf-8", "replace")
    while True:
        block = hashlib.sha256(block).digest()
        yield from block


def _is_higher(asked: SplitResult, end: SplitResult) -> bool:
    return len(segments(end)) < len(segments(asked)) or (is_search(end) and not is_search(asked))


def _titles(page: PageFacts) -> list[str]:
    return [title for title in (page.title, *page.titles) if title]


def _found(page: PageFacts) -> list[str]:
    return list(map(plain, _titles(page)))


def is_titled_as_address(page: PageFacts, asked: SplitResult) -> bool:
    """Whether the page's title repeats its address: `/a-story-of-note` is titled "A story of note".

    The title of an error page that quotes the address has more words.
    """
    if echoes_search(page):
        return False
    names = segments(asked)
    found = [_words(title) for title in _found(page)]
    for name in names[_name_start(names) :]:
        words = _words(plain(stem(unquote(name))))
        slug = {word for word in words if word.isalpha()}
        for title in found:
            if title == words:
                return True
            if len(slug) > 1 and min(_shared(slug, title), _shared(title, slug)) > _ENOUGH_WORDS:
                return True
    return False


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.replace("_", " ")))


def _shared(of: set[str], others: set[str]) -> float:
    return len(of & others) / len(of) if of else 0.0

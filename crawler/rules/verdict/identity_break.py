"""Whether a page is another owner's: nothing of what was known of the page is left (rules V18, V19).

An expired domain may be bought and answer the paths of its old pages. Such a page has another title, another
site's name, another language or the words of the known spam, and none of the article's own words. A site that is
written anew keeps its name, one that is sold keeps its articles, a translation keeps the site's name or the names in the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.model.observation import PageFacts
from crawler.rules.text_words import NO_WORDS, Shared, TextWords, shared_with_sketch, shared_words
from crawler.rules.verdict.probe_reasons import bears_title, is_titled_as_address

_MOST_SHARED = 0.4
"""The share of the article's words from which a page that says what spam says still has something of it. Of 1,052 real
articles 1,051 have more of the words of their stored title and excerpt; of pairs of different pages in one language
5 % do."""

_HARDLY_SHARED = 0.035
"""The share of the known page's words, two of 64, up to which a page in another language has nothing of it: so do 95 %
of pairs of pages in different languages. The names in a translation are more."""

_HARDLY_STORED = 0.15
"""The same for the words of title and excerpt, of which there are fewer."""

_OTHER_LANGUAGE = 0.25
"""The share of the known page's short words under which a page is in another language. Of pairs in one language 4 %
have fewer, of pairs in different ones 92 %."""

_FEWEST_SHORT = 12
_FEWEST_KNOWN = 1
_FEWEST_KEPT = 20
_FEWEST_SAID = 8
"""Words of the shortest page that shows itself to be spam."""
_FEWEST_FOREIGN = 25
"""Words of the shortest page that shows itself to be another owner's by its language."""
_FEWEST_READ = 60
"""Words of the shortest page whose language is read from them; that of a shorter one must be stated too."""

_TERMS = 3
_OFFERS = 2
"""Terms that a page of spam has, and those among them by which it offers what others write about. Of 1,151 real pages
none has so many with one of them in its titles."""
_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class KnownPage:
    """What is known of a link's page from before.

    `titles` are those of the articles whose page it is, `words` those of their titles and excerpts, `days` their days of
    publication (ISO 8601). `kinds` are the kinds of spam whose terms stand in any of these or in the address: the article is about
    such things itself. `names` are what the site that was asked may call itself by its host. `seen` is the page as it
    was last seen as itself, None where it never was, and
    `seen_name` what it called its site, in the form of `names`; empty for nothing.
    """

    titles: tuple[str, ...] = ()
    words: TextWords = NO_WORDS
    days: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    seen: PageFacts | None = None
    seen_name: str = ""


@dataclass(frozen=True, slots=True)
class FoundPage:
    """The page that a visit found.

    `words` are those of all its visible text. `name` is what it calls its site, `names` are all that it may call it: the
    parts of its titles too; folded to letters. `names_host` says that the name of the host that was asked stands anywhere in its
    text. `in_titles` and `terms` are terms of spam by their kinds, in its titles and description and anywhere;
    `offers` are those by which a page offers what others write about.
    `translates` says that it names a version of itself in the language in which it was known.
    """

    url: str
    page: PageFacts
    words: TextWords
    name: str = ""
    names: frozenset[str] = frozenset()
    names_host: bool = False
    in_titles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    terms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    offers: frozenset[str] = frozenset()
    translates: bool = False


def identity_break(known: KnownPage, found: FoundPage) -> str | None:
    """Why a page is another owner's, in words; None where it may be the one that was known.

    Every title, the site's name and the words must have changed. Then the words of the known spam are enough
    (rule V19), or another language than that of the page as it was last seen (rule V18).
    """
    if bears_known_title(known, found.page, found.url) or _is_same_thing(known, found.page):
        return None
    stored = shared_words(known.words, found.words)
    kept = shared_with_sketch(known.seen.words if known.seen else None, found.words)
    why = _as_spam(known, found, stored, kept) or _as_foreign(known, found, stored, kept)
    return None if why is None else f"{_titled(found)}; {why}"


def _as_spam(known: KnownPage, found: FoundPage, stored: Shared, kept: Shared) -> str | None:
    """The evidence of a page that says what the known spam says."""
    is_sure = bool(known.seen_name) and kept.known >= _FEWEST_KEPT
    kind = next((kind for kind in found.terms if _is_spam(kind, found, is_sure=is_sure)), None)
    if kind is None or kind in known.kinds or len(found.words.telling) < _FEWEST_SAID:
        return None
    if _calls_itself_the_same(known, found, loud=len(found.in_titles[kind]) >= _TERMS):
        return None
    compared = [
        one
        for one, fewest in ((stored, _FEWEST_KNOWN), (kept, _FEWEST_KEPT))
        if one.known >= fewest
    ]
    if not compared or any(one.share >= _MOST_SHARED for one in compared):
        return None
    terms = sorted(found.in_titles[kind]) + sorted(found.terms[kind])
    said = ", ".join(list(dict.fromkeys(terms))[:_TERMS])
    return f"words of {kind} ({said}); {_counted(compared[-1])}"


def _as_foreign(known: KnownPage, found: FoundPage, stored: Shared, kept: Shared) -> str | None:
    """The evidence of a page of another site in another language."""
    seen = known.seen
    if seen is None or not known.seen_name or found.translates or found.names_host:
        return None
    if _calls_itself_the_same(known, found, loud=False):
        return None
    if kept.known < _FEWEST_KEPT or len(found.words.telling) < _FEWEST_FOREIGN:
        return None
    if kept.share > _HARDLY_SHARED or stored.share > _HARDLY_STORED:
        return None
    if not _is_other_language(seen, found, kept):
        return None
    name = found.page.site_name
    instead = f"another site’s name ({name[:_LONGEST_QUOTE]})" if name else "no site’s name"
    return f"another language, {instead}; {_counted(kept)}"


def bears_known_title(known: KnownPage, page: PageFacts, url: str) -> bool:
    """Whether the page of `url` bears a title that was known, or one after its address: then it is the page."""
    seen = (known.seen.title, *known.seen.titles) if known.seen else ()
    titles = filter(None, (*known.titles, *seen))
    return bool(bears_title(page, titles)) or is_titled_as_address(page, urlsplit(url))


def _is_same_thing(known: KnownPage, page: PageFacts) -> bool:
    """Whether the page has the day of publication, an author or the picture that was known."""
    seen = known.seen or PageFacts()
    day = _day(page)
    if day and (day in known.days or day == _day(seen)):
        return True
    if page.image and page.image == seen.image:
        return True
    # Systems call their first user by one word, such as "admin".
    return any(" " in author.strip() for author in set(page.authors) & set(seen.authors))


def _day(page: PageFacts) -> str | None:
    return page.stated[: len("2020-06-10")] if page.stated else None


def _is_spam(kind: str, found: FoundPage, *, is_sure: bool) -> bool:
    """Whether a page says what spam of the kind says. It must make offers, unless the site's name and the page's own words
    are known from before, and `is_sure` to have changed."""
    terms, in_titles = found.terms[kind], found.in_titles.get(kind, frozenset())
    # Terms in the text alone may be comments: old blogs are full of them.
    offers = len(terms & found.offers)
    is_loud = len(in_titles) >= _TERMS and offers > 0
    makes_offers = is_sure or is_loud or offers >= _OFFERS
    return bool(in_titles) and len(terms) >= _TERMS and makes_offers


def _calls_itself_the_same(known: KnownPage, found: FoundPage, *, loud: bool) -> bool:
    """Whether the page calls its site as it was called, or by its host: whoever owns a domain may do that, so it counts
    for nothing where the titles are `loud` with spam."""
    if loud:
        return bool(known.seen_name) and known.seen_name == found.name
    return bool(found.names & known.names) or (
        bool(known.seen_name) and known.seen_name in found.names
    )


def _is_other_language(seen: PageFacts, found: FoundPage, kept: Shared) -> bool:
    """By the short words of the two texts, as templates state a wrong language. The stated ones count where the page that
    was known has too few short words, as in scripts that do not part words, and where the found one is short."""
    before, now = (_language(one.lang) for one in (seen, found.page))
    states_another = bool(before and now) and before != now
    if kept.known_short < _FEWEST_SHORT:
        return states_another
    is_long = len(found.words.telling) >= _FEWEST_READ
    return kept.share_of_short < _OTHER_LANGUAGE and (is_long or states_another)


def _language(tag: str | None) -> str:
    return (tag or "").replace("_", "-").partition("-")[0].casefold()


def _titled(found: FoundPage) -> str:
    title = found.page.title or next(iter(found.page.titles), None)
    return f"titled “{title[:_LONGEST_QUOTE]}”" if title else "without a title"


def _counted(shared: Shared) -> str:
    return f"{shared.found} of {shared.known} words of the page that was known"

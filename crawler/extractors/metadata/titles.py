"""Which of a page's titles is its headline, and titles without the name of the site."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from urllib.parse import unquote

from crawler.extractors.html.folding import fold
from crawler.extractors.registered_domain import extractor
from crawler.rules.site_in_title import MOST_PARTS, SEPARATOR, SHORTEST, name_key
from crawler.rules.text_folding import plain
from crawler.rules.text_words import words_of

_CUT_FROM = 20


def confirmed(heading: str, titles: Iterable[str]) -> bool:
    """Whether another title of the page is the heading, or begins with it and adds something."""
    wanted = plain(heading)
    if len(wanted) < SHORTEST:
        return False
    for title in map(plain, titles):
        rest = title.removeprefix(wanted)
        if title.startswith(wanted) and (not rest or not rest[0].isalnum()):
            return True
    return False


def shared(headings: Iterable[str], titles: Iterable[str]) -> str:
    """The longest heading that is a whole title of the page, or what a separator cuts off one of its ends."""
    parts = {name_key(part) for title in titles for part in _parts(title)} - {""}
    found = [one for one in headings if len(one) >= SHORTEST and name_key(one) in parts]
    return max(found, key=len, default="")


def is_cut(text: str, whole: str) -> bool:
    """Whether a text is the whole's beginning, cut short with or without an ellipsis."""
    short, long = plain(text).rstrip(".… "), plain(whole)
    return len(short) >= _CUT_FROM and len(short) < len(long) and long.startswith(short)


def _parts(title: str) -> Iterator[str]:
    yield title
    for cut in islice(SEPARATOR.finditer(title), MOST_PARTS):
        yield title[: cut.start()]
        yield title[cut.end() :]


def is_blog_name(heading: str, titles: Iterable[str], others: Iterable[str], url: str) -> bool:
    """Whether an h1 is the name of the site: a title ends with it behind a separator, as `Post | The Diary` does, and
    what stands before it is the headline, not a section (`Politics | Council votes on the pier`).

    `others` are JSON-LD's headline and the headings below it: one of the two is its title. Else the address names the
    headline, or the headline is the longer one.
    """
    found = [front for title in titles for front in _before(heading, title)]
    if not found:
        return False
    known = set(map(name_key, others))
    if name_key(heading) in known:
        return False
    named, slug = _words(heading), _words(_slug(url))
    return all(
        name_key(front) in known
        or _weight(_words(front), slug, front) > _weight(named, slug, heading)
        for front in found
    )


def _weight(words: frozenset[str], slug: frozenset[str], text: str) -> tuple[int, int]:
    return len(words & slug), len(text)


def _words(text: str) -> frozenset[str]:
    found = words_of(text)
    return found.telling | found.short


def _slug(url: str) -> str:
    return re.sub(r"[\W_]+", " ", unquote(url.partition("//")[2].partition("/")[2]))


def _before(heading: str, title: str) -> Iterator[str]:
    """What a title has before a heading that it ends with."""
    wanted = name_key(heading)
    for cut in islice(SEPARATOR.finditer(title), MOST_PARTS):
        # A colon separates a topic from the headline behind it, not a headline from the site's name.
        is_end = wanted and wanted == name_key(title[cut.end() :])
        if is_end and cut.start() >= SHORTEST and ":" not in cut[0]:
            yield title[: cut.start()]


def is_site(text: str, sites: Iterable[str]) -> bool:
    """Whether a text is nothing but the name of the site."""
    return name_key(text) in {name_key(site) for site in sites}


def named_site(title: str, host: str) -> str:
    """The site's name at one end of a title, where the host has the same name."""
    ends = (
        part
        for cut in reversed(list(islice(SEPARATOR.finditer(title), MOST_PARTS)))
        for part in (title[cut.end() :], title[: cut.start()])
    )
    return next((end.strip() for end in ends if name_key(fold(end)) in host_keys(host)), "")


@lru_cache(maxsize=512)
def host_keys(host: str) -> frozenset[str]:
    """The same names, as `name_key` compares them."""
    return frozenset(map(name_key, host_names(host)))


@lru_cache(maxsize=512)
def host_names(host: str) -> tuple[str, ...]:
    """`www.example.co.uk` gives `example`, `exampleco`, `examplecouk`: what sites call themselves.

    Never a public suffix alone: no site is called `com` or `co.uk`.
    """
    labels = host.lower().removeprefix("www.").split(".")[:MOST_PARTS]
    suffix = extractor().extract_str(".".join(labels)).suffix
    return tuple(
        "".join(labels[start:end])
        for start in range(len(labels) - suffix.count(".") - 1)
        for end in range(start + 1, len(labels) + 1)
    )

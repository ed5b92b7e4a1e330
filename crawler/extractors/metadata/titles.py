"""Which of a page's titles is its headline, and titles without the name of the site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from crawler.extractors.html.folding import fold
from crawler.extractors.registered_domain import extractor
from crawler.rules.site_in_title import MOST_PARTS, SEPARATOR, SHORTEST, name_key
from crawler.rules.text_folding import plain

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


def is_suffix(heading: str, titles: Iterable[str]) -> bool:
    """Whether a title of the page ends with the heading behind a separator, as with a site's name."""
    wanted = name_key(heading)
    return any(
        wanted == name_key(title[cut.end() :])
        for title in titles
        for cut in islice(SEPARATOR.finditer(title), MOST_PARTS)
        # A colon separates a topic from the headline behind it, not a headline from the site's name.
        if wanted and cut.start() >= SHORTEST and ":" not in cut[0]
    )


def is_site(text: str, sites: Iterable[str]) -> bool:
    """Whether a text is nothing but the name of the site."""
    return name_key(text) in {name_key(site) for site in sites}


def named_site(title: str, host: str) -> str:
    """The site's name at one end of a title, where the host has the same name."""
    names = set(host_names(host))
    ends = (
        part
        for cut in reversed(list(islice(SEPARATOR.finditer(title), MOST_PARTS)))
        for part in (title[cut.end() :], title[: cut.start()])
    )
    return next((end.strip() for end in ends if name_key(fold(end)) in map(name_key, names)), "")


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

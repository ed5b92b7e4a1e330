"""Which of a page's titles is its headline, and titles without the name of the site."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from crawler.extractors.cleaning import comparable
from crawler.extractors.registered_domain import extractor

_SEPARATOR = re.compile(r"\s+[|\-–—·•»«:/›‹~]\s+|\s*\|\s*|\s+::\s+|(?<=\w):\s+")
_SHORTEST = 3
_NOT_A_WORD = re.compile(r"[\W_]+")
_MOST_PARTS = 10


def without_site(title: str, sites: Iterable[str]) -> str:
    """The title without a site's name before or behind a separator (`… | Example News`)."""
    names = {_key(site) for site in sites} - {""}
    cuts = list(_SEPARATOR.finditer(title))[:_MOST_PARTS]
    for cut in cuts:
        if cut.start() >= _SHORTEST and _key(title[cut.end() :]) in names:
            return title[: cut.start()].rstrip()
    for cut in reversed(cuts):
        if _key(title[: cut.start()]) in names:
            return title[cut.end() :]
    return title


def confirmed(heading: str, titles: Iterable[str]) -> bool:
    """Whether another title of the page is the heading, or begins with it and adds something."""
    wanted = comparable(heading)
    if len(wanted) < _SHORTEST:
        return False
    for title in map(comparable, titles):
        rest = title.removeprefix(wanted)
        if title.startswith(wanted) and (not rest or not rest[0].isalnum()):
            return True
    return False


def is_suffix(heading: str, titles: Iterable[str]) -> bool:
    """Whether a title of the page ends with the heading behind a separator, as with a site's name."""
    wanted = _key(heading)
    return any(
        wanted == _key(title[cut.end() :])
        for title in titles
        for cut in list(_SEPARATOR.finditer(title))[:_MOST_PARTS]
        if wanted and cut.start() >= _SHORTEST
    )


def is_site(text: str, sites: Iterable[str]) -> bool:
    """Whether a text is nothing but the name of the site."""
    return _key(text) in {_key(site) for site in sites}


def host_names(host: str) -> Iterator[str]:
    """`www.example.co.uk` gives `example`, `exampleco`, `examplecouk`: what sites call themselves.

    Never a public suffix alone: no site is called `com` or `co.uk`.
    """
    labels = host.lower().removeprefix("www.").split(".")[:_MOST_PARTS]
    suffix = extractor().extract_str(".".join(labels)).suffix
    for start in range(len(labels) - suffix.count(".") - 1):
        for end in range(start + 1, len(labels) + 1):
            yield "".join(labels[start:end])


def _key(text: str) -> str:
    return _NOT_A_WORD.sub("", comparable(text)).removeprefix("www")

"""A title without the name of its site, which pages put before or behind it (`… | Example News`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from crawler.rules.text_folding import plain

SEPARATOR = re.compile(r"\s+[|\-–—·•»«:/›‹>~'→]\s+|\s*\|\s*|\s+::\s+|(?<=\w):\s+")
"""What stands between a title and a site's name; the apostrophe is a folded `»`."""
SHORTEST = 3
"""Characters of a title."""
MOST_PARTS = 10
_NOT_A_WORD = re.compile(r"[\W_]+")
_SHORTEST_NAME = 3
_ARTICLES = ("the ", "der ", "die ", "das ", "le ", "la ", "el ", "il ")


def without_site(title: str, sites: Iterable[str]) -> str:
    """The title without a site's name before or behind a separator."""
    return _without(title, _name_keys(frozenset(sites)))


@lru_cache(maxsize=512)
def _name_keys(sites: frozenset[str]) -> frozenset[str]:
    return frozenset(map(name_key, sites)) - {""}


@lru_cache(maxsize=512)
def _without(title: str, names: frozenset[str]) -> str:
    cuts = list(islice(SEPARATOR.finditer(title), MOST_PARTS))
    for cut in cuts:
        if cut.start() >= SHORTEST and name_key(title[cut.end() :]) in names:
            return title[: cut.start()].rstrip()
    for cut in reversed(cuts):
        if name_key(title[: cut.start()]) in names:
            return title[cut.end() :]
    return title


@lru_cache(maxsize=512)
def names_of_site(site_name: str | None, host: str) -> frozenset[str]:
    """What a site may be called in the titles of its pages: its name, also without its article and as initials, and the
    names in its host (`www.the-verge.example` gives "the verge" and "verge")."""
    names = set[str]()
    if site_name:
        whole = plain(site_name)
        bare = next((whole.removeprefix(one) for one in _ARTICLES if whole.startswith(one)), whole)
        initials = ("".join(word[0] for word in one.split()) for one in (whole, bare))
        names |= {whole, bare, f"the {bare}", *(one for one in initials if len(one) > 1)}
    labels = host.lower().removeprefix("www.").split(".")[:MOST_PARTS]
    for start in range(len(labels) - 1):
        for end in range(start + 1, len(labels) + 1):
            name = "".join(labels[start:end])
            bare = name.removeprefix("the").removeprefix("-")
            names |= {bare, f"the {bare}"}
    return frozenset(name for name in names if len(name_key(name)) >= _SHORTEST_NAME)


@lru_cache(maxsize=512)
def name_key(text: str) -> str:
    """A name by which two spellings of it are equal: letters and digits alone."""
    return _NOT_A_WORD.sub("", plain(text)).removeprefix("www")

"""Parked domains: an address whose owner shows only advertisements or a price (rule V9)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from crawler.extractors.html.document import Document
from crawler.extractors.html.folding import fold
from crawler.extractors.signs.page_shape import Shape
from crawler.extractors.signs.parking_phrases import (
    HELD,
    HOST,
    PLACEHOLDERS,
    REGISTERED,
    SALE,
    STATES,
    compiled,
)
from crawler.extractors.signs.parking_vendors import HOSTS, LISTINGS, LOADERS, NAMES
from crawler.extractors.signs.visible_words import read_words

_LONGEST = 150
"""Characters of a title, heading or sentence that may be the domain's word on itself."""

_PLACEHOLDER_PAGE = 1_000
"""Visible characters under which a sentence of the text counts too; the placeholders at hand have up to 700."""

_MOST_LINES = 60

_LOADED = re.compile(
    r"//(?:[\w-]{1,63}\.){0,4}(" + "|".join(map(re.escape, HOSTS)) + r")(?![\w.-]*\w)",
    re.IGNORECASE,
)
"""An address of a parking service. It begins where a name begins: `embodis.com` is another company's."""

_LOADER = re.compile(
    "|".join(f"(?P<l{number}>{each})" for number, each in enumerate(LOADERS)), re.MULTILINE
)
_LISTING = re.compile(r"https?://(?:" + "|".join(LISTINGS) + ")", re.IGNORECASE)
_MARKETPLACE = re.compile(
    r"https?://(?:[\w-]{1,63}\.){0,3}(?:"
    + "|".join(sorted({listing.partition("/")[0] for listing in LISTINGS}))
    + r")(?=[:/?#]|$)",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"^(?:src|refresh)=[^\n]{0,40}?(?P<at>//[^\s\"'<>]{1,300})"
    r"|location(?:\.href)?\s{0,3}=\s{0,3}[\"'](?P<set>(?:https?:)?//[^\"'\s]{1,300})"
    r"|location\.(?:replace|assign)\(\s{0,3}[\"'](?P<put>(?:https?:)?//[^\"'\s]{1,300})",
    re.MULTILINE,
)
"""Where a page leads by a frame, a refresh or a script."""

_ENDS = " .!?¡¿,。！？،"
_MOST_WORDS = 5
"""Words of a title that names a domain or registrar and speaks of nothing else."""

_TAIL = (
    r"(?:,? (?:and is (?:now )?(?:pending|suspended|parked|available|no longer|waiting)\b.{0,60}|(?:on|am|le|el|em|dnia) \d.{0,60}"
    r"|(?:free,? )?courtesy of .{1,40}|(?:free )?(?:by|at|with|via|bei|von|chez|par|en|por|da|presso|door|bij|hos|av|w|u|в) .{1,40}))?"
)
_SALE = re.compile(fold(compiled(SALE)))
_HELD = re.compile(f"(?:{fold(compiled(HELD))}){_TAIL}")
_NAMES = "|".join(sorted(map(re.escape, map(fold, NAMES)), key=len, reverse=True))
_NAME = re.compile(rf"(?<![a-z0-9-])(?:{_NAMES})(?![a-z0-9])")
_SHORT_NAMES = "|".join(
    sorted(
        {re.escape(name.partition(".")[0]) for name in NAMES if name.isascii() and " " not in name}
    )
)
_NAME_IN_ADDRESS = re.compile(
    rf"//(?:[\w-]{{1,63}}\.){{0,4}}(?:{_SHORT_NAMES}|static1?\.squarespace)\.[a-z]"
)
_AT_REGISTRAR = re.compile(
    rf"(?:{fold(REGISTERED)})\w{{0,6}}[^!?。]{{0,40}}?(?<![a-z0-9-])(?:{_NAMES})(?![a-z0-9])"
    rf"|(?<![a-z0-9-])(?:{_NAMES})(?![a-z0-9])[^!?。]{{0,20}}?(?:{fold(REGISTERED)})"
)
_DOMAIN = re.compile(fold(
    r"domain|domen|domin[ei]|domein|doman|domaen|domeni|домен|домеин|域名|ドメイン|도메인|النطاق|دامنه|דומיין|โดเมน|डोमेन|ten mien|"
    r"alan adi|verkkotunnus|ονομα χωρου"
))  # fmt: skip
_PLACEHOLDER_WORDS = re.compile(fold(PLACEHOLDERS))
_STATE = re.compile(STATES)
_PLAIN = re.compile(fold(
    r"(?:welcome|willkommen|herzlich willkommen|bienvenue|index|home|homepage|untitled(?: document)?|coming soon|"
    r"website expired|domain expired|congratulations|felicitations|gluckwunsch|felicidades|parabens|"
    r"website|webseite|under construction|hier entsteht.{0,60}|parking|parked|expired|loading|redirecting|notice|oops|"
    r"добро пожаловать|欢迎)?[\s.!]*"
))  # fmt: skip
_PARTS = re.compile(r"\s+[-|:·•»–]+\s+|\s*\|\s*|[!.](?:\s+|$)")
_SENTENCES = re.compile(r"(?<=[.!?])\s+|\s+[|»·•]\s+|(?<=[。！？])")
_HOST = re.compile(HOST)
_RESOURCES = re.compile(rf"({HOST})(?: -)? .{{0,63}}resources and information")


def evidence(document: Document, shape: Shape) -> str | None:
    """Why a page is a parked domain, None where it is not; asked only of short pages, no articles.

    It is one by the parking services' own scripts, by leading to a marketplace's page of one domain, by a title or
    heading that offers this very domain for sale or says what became of it, or by a registrar's placeholder. A house
    for sale, a registrar's shop and a glossary are not: the words must name a domain, and this very domain where
    the words have another meaning too ("domaine à vendre" is a vineyard) (rule V9).
    """
    return (
        _by_machinery(document, shape) or _by_headings(document) or _by_sentences(document, shape)
    )


def is_of_marketplace(asked: str) -> bool:
    """Whether a link itself is an address at a marketplace: its page of a domain for sale is what the link means (rule V9)."""
    return _MARKETPLACE.match(asked) is not None


def _by_machinery(document: Document, shape: Shape) -> str | None:
    own = document.host.removeprefix("www.")
    for found in _LOADED.finditer(shape.machinery):
        if (host := found[1].lower()) != own:
            return HOSTS[host]
    if loader := _LOADER.search(shape.machinery):
        return next(
            name for each, name in zip(loader.groups(), LOADERS.values(), strict=True) if each
        )
    if _LISTING.match(document.url):
        return f"listed for sale: {document.host}"
    for lead in _LEADS.finditer(shape.machinery):
        to = lead["at"] or lead["set"] or lead["put"]
        if _LISTING.match(f"https:{to.removeprefix('http:').removeprefix('https:')}"):
            return f"leads to a listing: {to[:80]}"
    return None


def _by_headings(document: Document) -> str | None:
    host = fold(document.host).removeprefix("www.")
    for text in (document.title, *document.headings):
        folded = fold(text)
        if len(folded) > _LONGEST:
            continue
        parts = (folded, *_PARTS.split(folded))
        if any(map(_offers_domain, parts)):
            return f"for sale: {text[:80]}"
        if host and not {f"buy {host}", f"{host} for sale"}.isdisjoint(parts):
            return f"for sale: {text[:80]}"
        if (about := _RESOURCES.match(folded)) and about[1] == host:
            return f"parked: {text[:80]}"
        if any(map(_is_held, parts)):
            return f"parked: {text[:80]}"
    return None


def _by_sentences(document: Document, shape: Shape) -> str | None:
    """A short page that says in its text what became of the domain, and whose titles speak of nothing else."""
    if len(shape.text) >= _PLACEHOLDER_PAGE or not all(
        _is_of_domain(text, document.host) for text in (document.title, *document.headings)
    ):
        return None
    lines = list(islice(_sentences(document), _MOST_LINES))
    for line in lines:
        if _names_another(line, document.host):
            continue
        if _offers_domain(line) or _is_held(line):
            return f"parked: {line[:80]}"
    host = fold(document.host).removeprefix("www.")
    whole = " ".join((fold(document.title), *lines))
    if not _NAME.search(whole) and not _NAME_IN_ADDRESS.search(shape.machinery):
        return None
    for line in (fold(document.title), *lines):
        said = line.strip(_ENDS)
        if _PLACEHOLDER_WORDS.fullmatch(said) or (
            host and host in whole and _STATE.fullmatch(said)
        ):
            return f"placeholder: {line[:80]}"
        names_it = _DOMAIN.search(line) or (host and host in line)
        if len(line) <= _LONGEST and names_it and _AT_REGISTRAR.search(line):
            return f"placeholder: {line[:80]}"
    return None


def _sentences(document: Document) -> Iterator[str]:
    for line in read_words(document).whole.split("\n"):
        for sentence in _SENTENCES.split(fold(line)):
            said = sentence.strip()
            # A question is put to the reader: "Your domain has expired?"
            if 0 < len(said) <= _LONGEST and not said.endswith(("?", "？")):
                yield said


def _names_another(line: str, host: str) -> bool:
    """Whether a sentence names a domain that is neither the page's own nor a registrar's: a shop lists many."""
    own = fold(host)
    return any(
        own != name and not own.endswith(f".{name}") and not _NAME.fullmatch(name)
        for name in _HOST.findall(line)
    )


def _is_of_domain(text: str, host: str) -> bool:
    """Whether a title speaks of nothing but the domain: it names a domain, its name or its registrar, or says nothing."""
    folded = fold(text)
    name = fold(host).removeprefix("www.")
    if _PLAIN.fullmatch(folded) or (name and name in folded) or _is_held(folded):
        return True
    if _DOMAIN.search(folded) and _AT_REGISTRAR.search(folded):
        return True
    is_short = len(folded.split()) <= _MOST_WORDS
    return is_short and bool(_DOMAIN.search(folded) or _NAME.search(folded))


def _offers_domain(text: str) -> bool:
    return bool(_SALE.fullmatch(text.strip(_ENDS)))


def _is_held(text: str) -> bool:
    return bool(_HELD.fullmatch(text.strip(_ENDS)))

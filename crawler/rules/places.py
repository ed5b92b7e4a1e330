"""What an address says of the page it names: one deep in a site or its home page, the same or another one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|wbraid|gbraid|msclkid|yclid|ysclid|twclid|ttclid|li_fat_id|igshid|igsh"
    r"|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi|hsctatracking|mkt_tok|vero_id|vero_conv|oly_anon_id|oly_enc_id"
    r"|(pk|piwik|mtm|matomo)_(campaign|cid|content|group|keyword|kwd|medium|placement|source)"
    r"|fb_(action_ids|action_types|source|ref)|at_(campaign|medium|custom\d|link_\w+)"
    r"|ns_(campaign|source|mchannel|linkname|fee)|wt[._](mc|mc_id|z_\w+)|wt_zmc|xtor|_openstat|spm|scm|ocid|icid"
    r"|trk|trkcampaign|s_cid|cmpid|ncid|smid|ref|ref_src|ref_url|guccounter|guce_referrer\w*",
    re.IGNORECASE,
)
"""Parameters by which services count where a reader came from, by their own manuals."""
LONG_NUMBER = re.compile(r"(?<![^\W_])\d{5,}(?![^\W_])")
"""Longer than a year and no part of a word: the number of one page."""

_YEAR = re.compile(r"(19|20)\d\d([-_.]?\d\d){0,2}")
"""`2020`, `2020-06`, `20200612`: a folder of a date."""
_DAY = re.compile(r"\d{1,2}")
_VARIANTS = frozenset({"amp", "amp.html", "amphtml", "print", "mobile"})
_EXTENSION = re.compile(r"\.[a-z]{1,5}$")
_MIXED = re.compile(r"(?=[^a-z]*[a-z])(?=\D*\d)[a-z0-9]{6,}|[0-9a-f-]{32,36}", re.IGNORECASE)
_SEARCHES = frozenset({
    "search", "search-results", "searchresults", "suche", "suchergebnisse", "recherche", "recherches",
    "buscar", "busca", "busqueda", "cerca", "ricerca", "zoeken", "szukaj", "hledat", "sok", "ara",
    "poisk", "cari",
})  # fmt: skip
_SEARCH_NAMES = frozenset({"q", "s", "query", "search", "searchterm", "keyword", "keywords"})
_BARRIER = re.compile(
    r"cookies?([-_]?(absent|wall|check|required|notice|consent|policy))?"
    r"|gdpr|dsgvo|rgpd|privacy[-_]?(wall|gate|consent)|eu[-_]?privacy"
    r"|(site[-_]?)?maintenance([-_]?(mode|page))?|wartung(sarbeiten|sseite)?|mantenimiento|manutencao"
    r"|(geo|region|country|location)([-_]?(block|blocked|select|selector|restricted|unavailable))?"
    r"|select[-_]?(country|region|location)|(not[-_]?|un)available([-_]in[-_].{1,40})?"
    r"|unsupported([-_]?(browser|region))?|captcha|challenge|blocked|access[-_]?denied"
    r"|age[-_]?(gate|check|verification)|(enable|no)[-_]?(javascript|js|cookies)",
    re.IGNORECASE,
)


def segments(url: SplitResult) -> list[str]:
    """The non-empty parts of a path."""
    return [segment for segment in url.path.split("/") if segment]


def is_of_domain(host: str, domain: str) -> bool:
    """Whether a host is a domain's own or one below it: `m.youtube.com` is, `notyoutube.com` is not."""
    host = host.lower().rstrip(".")
    return host == domain or host.endswith(f".{domain}")


def domains_of(host: str) -> Iterator[str]:
    """A host and each domain above it, by which a host is found in a set of domains (as by `is_of_domain`)."""
    rest = host.lower().rstrip(".")
    while rest:
        yield rest
        rest = rest.partition(".")[2]


def is_deep(url: SplitResult) -> bool:
    """Whether a URL names one page within a site: `/en` and `/index.html` do not, a slug does."""
    parts = segments(url)
    if len(parts) != 1:
        return len(parts) > 1
    return parts[0].count("-") >= 2 or bool(re.search(r"\d{4}", parts[0]))


def is_home(url: SplitResult) -> bool:
    """Whether a URL is a site's home page. Tracking parameters make no difference; `?p=123` names another page."""
    return url.path in ("", "/") and not has_telling_query(url)


def has_telling_query(url: SplitResult) -> bool:
    """Whether the query names another page: `?p=123` does, tracking parameters do not."""
    return bool(_telling_query(url))


@lru_cache(maxsize=4096)
def same_place(url: str) -> tuple[str, str, str]:
    """A URL without the parts that make no other place (rule U4): scheme, `www.`, a trailing slash, an empty
    query, tracking parameters.

    Never raises: a page may give any text as its address.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ("", url, "")
    return (parts.netloc.removeprefix("www."), parts.path.rstrip("/"), _telling_query(parts))


def _telling_query(url: SplitResult) -> str:
    """The query without tracking parameters."""
    if not url.query:
        return ""
    return urlencode(
        [
            (name, value)
            for name, value in parse_qsl(url.query, keep_blank_values=True)
            if not is_tracking(name)
        ],
        errors="surrogatepass",
    )


def is_tracking(name: str) -> bool:
    """Whether a parameter says nothing but where a reader came from."""
    return _TRACKING.fullmatch(name) is not None


def same_end(one: str, other: str) -> bool:
    """Whether two visits ended at one place. A search page is one place, whatever its query.

    Never raises, like `same_place`.
    """
    if same_place(one) == same_place(other):
        return True
    try:
        ends = urlsplit(one), urlsplit(other)
    except ValueError:
        return False
    return all(map(is_search, ends)) and same_place(one)[:2] == same_place(other)[:2]


def is_search(url: SplitResult) -> bool:
    """Whether a URL is a site's search page."""
    names = {name.lower() for name, _ in parse_qsl(url.query)} if url.query else set[str]()
    return bool(names & _SEARCH_NAMES) or any(
        stem(segment) in _SEARCHES for segment in segments(url)
    )


def is_barrier(url: SplitResult) -> bool:
    """Whether a URL is a page that a site shows in place of every other: cookies, regions, maintenance."""
    return any(_BARRIER.fullmatch(stem(segment)) for segment in segments(url))


def keeps_name(asked: SplitResult, end: SplitResult) -> bool:
    """Whether two addresses name one page: both have a long number, or the last name of `asked`.

    A site that reorders its addresses keeps one or the other: `/2019/06/a-story-of-note/amp` becomes
    `/a-story-of-note`, `/story.php?id=123456` becomes `/news/123456/a-story`.
    """
    numbers = _numbers(asked)
    if numbers & _numbers(end):
        return True
    kept = [segment for segment in segments(asked) if segment.lower() not in _VARIANTS]
    ends = segments(end)
    return kept == ends or bool(kept and stem(kept[-1]) in map(stem, ends))


def is_date(names: Sequence[str], at: int) -> bool:
    """Whether a part of a path is a year, or the month or day after one."""
    if _YEAR.fullmatch(names[at]):
        return True
    before = names[max(0, at - 2) : at]
    return bool(_DAY.fullmatch(names[at])) and any(map(_YEAR.fullmatch, before))


def is_slug(segment: str) -> bool:
    """Whether a part of a path is the name of an article rather than of a section."""
    return segment.count("-") + segment.count("_") >= 2


def stem(segment: str) -> str:
    """A part of a path in lower case, without an extension."""
    return _EXTENSION.sub("", segment.lower())


def is_identity(names: Sequence[str], at: int) -> bool:
    """Whether a part of a path is the number of one page, rather than a folder's name or a date."""
    name = names[at]
    if is_date(names, at):
        return False
    return name.isdigit() or bool(LONG_NUMBER.search(name) or _MIXED.fullmatch(name))


def _numbers(url: SplitResult) -> set[str]:
    return set(LONG_NUMBER.findall(f"{url.path}?{url.query}"))

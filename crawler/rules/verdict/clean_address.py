"""What must never stand in a suggested address (rule E6): a session, what a site asks of cookies, where a reader
came from, and the language or country that was chosen for him.

Sessions: https://owasp.org/www-community/vulnerabilities/Session_Variable_Overloading and the systems' own manuals
(Servlet, PHP, ASP.NET, ColdFusion, osCommerce, Zen Cart, Atypon, Cloudflare). Tracking: the ad services' manuals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, unquote_plus, urlsplit

from crawler.rules.places import is_tracking, segments

_SESSION = re.compile(
    r"j?session[-_]?id|j?sess(ion)?id|jsession|phpsess(ion)?id|aspsessionid\w*|asp\.net_sessionid|cfid|cftoken|cfsessionid"
    r"|oscsid|oscadminid|zenid|zenadminid|xtcsid|mosid|sesskey|ci_session|laravel_session|connect\.sid|bbsessionhash"
    r"|(user_?)?session_?(key|token|hash)|__cf_chl_\w+|cf_clearance",
    re.IGNORECASE,
)
_COOKIES = re.compile(
    r"(set|check|test|need|no|has)[-_]?cookies?|cookies?[-_]?(set|check|checked|test|enabled|support|accepted|absent)"
    r"|aspxautodetectcookiesupport",
    re.IGNORECASE,
)
_MAYBE_SESSION = re.compile(r"_?sid|s|gi|session|sess|ssid|suid|token", re.IGNORECASE)
"""Names that are also those of stories and sections: a session only with the value of one."""
_TOKEN = re.compile(r"(?=\D*\d)(?=[^a-z]*[a-z])[\w.!*~-]{12,}", re.IGNORECASE | re.ASCII)
_PATH_PARAMETER = re.compile(r";([^/;=]{1,100})(?:=([^/;]*+))?")
_COOKIELESS = re.compile(r"/\((?:[A-Z]\([^()/]{1,200}\)){1,5}\)(?=/|$)", re.IGNORECASE)
"""ASP.NET's sessions without cookies: `/(S(lit3py55t21z5v55vlm25s55))/`."""

_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_](?:[a-z]{2}|[a-z]{4}|\d{3})){0,2}", re.IGNORECASE)
_LANGUAGE_NAMES = frozenset({
    "eng", "english", "deu", "ger", "deutsch", "german", "fra", "fre", "francais", "french", "esp", "spa", "espanol",
    "spanish", "ita", "italiano", "por", "portugues", "nederlands", "polski", "usa", "intl", "international", "global",
    "worldwide", "europe", "eu-en", "latam", "apac", "emea",
})  # fmt: skip
_LANGUAGE_PARAMETERS = frozenset({
    "lang", "language", "hl", "locale", "lng", "lc", "loc", "l", "setlang", "setlanguage", "ui_locale", "ui_locales",
    "country", "region", "market", "mkt", "cc", "culture",
})  # fmt: skip

_PARTS = re.compile("[-_]")
_NAMED_BY = {
    "de": frozenset({"de", "at", "ch", "li", "deu", "ger", "deutsch", "german"}),
    "fr": frozenset({"fr", "be", "ca", "ch", "lu", "mc", "fra", "fre", "francais", "french"}),
    "ja": frozenset({"ja", "jp"}),
}
"""What in an address may stand for a language: its names, and the countries where it is spoken."""


def cleaned(asked: str, end: str) -> str:
    """The end of a redirect without what must never be suggested; `end` itself where there is nothing to clean.

    `asked` is the address that the reader has: tracking parameters that it has too stay. Order and encoding of
    everything else stay as they are. Never raises.
    """
    before, has_fragment, fragment = end.partition("#")
    path, has_query, query = before.partition("?")
    had = set(map(_name, _parameters(asked)))
    parts = query.split("&")
    kept = [part for part in parts if not _is_dropped(part, had)]
    clean_path = _clean_path(path)
    if clean_path == path and len(kept) == len(parts):
        return end
    has_query = has_query if kept else ""
    return f"{clean_path}{has_query}{'&'.join(kept)}{has_fragment}{fragment}"


def is_clean(asked: str, end: str) -> bool:
    """Whether an address may be suggested as it is, in place of `asked`."""
    return cleaned(asked, end) == end


def is_by_language(asked: str, end: str) -> bool:
    """Whether an end differs from the address that was asked by a language or a country, so that another reader may be
    led elsewhere: `/en-us/`, `en.example.com`, `?lang=en`, `example.co.uk`.

    It says when to ask again with another language, not that the language was the reason. Never raises.
    """
    try:
        one, other = urlsplit(asked), urlsplit(end)
        hosts = one.hostname or "", other.hostname or ""
    except ValueError:
        return False
    return bool(_locales(other) - _locales(one)) or _is_of_other_country(*hosts)


def other_language(asked: str, end: str) -> str | None:
    """The Accept-Language to ask `asked` with once more; None where the end was not chosen by a language or country.

    It is one that the end does not name, nor is it spoken where the end is meant for. Never raises.
    """
    if not is_by_language(asked, end):
        return None
    url = urlsplit(end)
    names = {part for name in _locales(url) for part in _PARTS.split(name)}
    names.add((url.hostname or "").rpartition(".")[2])
    return next((one for one, said in _NAMED_BY.items() if said.isdisjoint(names)), "ko")


def _parameters(url: str) -> list[str]:
    return url.partition("#")[0].partition("?")[2].split("&")


def _name(part: str) -> str:
    return unquote_plus(part.partition("=")[0]).strip().lower().removeprefix("amp;")


def _is_dropped(part: str, had: set[str]) -> bool:
    name, value = _name(part), unquote_plus(part.partition("=")[2])
    return _is_session(name, value) or (is_tracking(name) and name not in had)


def _is_session(name: str, value: str) -> bool:
    if _SESSION.fullmatch(name) or _COOKIES.fullmatch(name):
        return True
    return _MAYBE_SESSION.fullmatch(name) is not None and _TOKEN.fullmatch(value) is not None


def _clean_path(path: str) -> str:
    """The part of an address before its query, without sessions."""
    found = _PATH_PARAMETER.sub(
        lambda one: (
            "" if _is_session(one[1].lower(), one[2] or "") or one[1].lower() == "sid" else one[0]
        ),
        path,
    )
    return _COOKIELESS.sub("", found)


def _locales(url: SplitResult) -> set[str]:
    """What in an address names a language or a country, in lower case."""
    names = [name.lower() for name in segments(url)]
    found = {name for name in names if _LANGUAGE.fullmatch(name) or name in _LANGUAGE_NAMES}
    first, _, rest = (url.hostname or "").partition(".")
    if "." in rest and _LANGUAGE.fullmatch(first):
        found.add(first)
    return found | set(_stated_locales(url))


def _stated_locales(url: SplitResult) -> Iterator[str]:
    for part in url.query.split("&"):
        value = unquote_plus(part.partition("=")[2]).lower()
        if _name(part) in _LANGUAGE_PARAMETERS and (
            _LANGUAGE.fullmatch(value) or value in _LANGUAGE_NAMES
        ):
            yield value


def _is_of_other_country(one: str, other: str) -> bool:
    """Whether two hosts differ in their last labels alone, and the other's is a country's: `example.com`, `example.de`."""
    (name, _, suffix), (other_name, _, other_suffix) = (
        host.removeprefix("www.").partition(".") for host in (one, other)
    )
    country = other_suffix.rpartition(".")[2]
    return name == other_name and suffix != other_suffix and len(country) == 2

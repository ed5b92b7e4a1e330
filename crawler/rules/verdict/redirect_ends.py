"""What the end of redirects says: a gate, the site's home page, a section (rules V7, V12, N1, N11 to N13)."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, unquote, urljoin, urlsplit

from crawler.model.observation import Observation
from crawler.model.verdict import WarningCode
from crawler.rules.places import (
    has_telling_query,
    is_deep,
    is_home,
    is_search,
    keeps_name,
    same_place,
    segments,
)
from crawler.rules.verdict.page_rule import Finding, Outcome
from crawler.rules.verdict.statuses import PERMANENT, is_success

SOFT_404_HOME = "soft-404-home"

_CONSENT_HOST = re.compile(r"(^|\.)(consent|guce|privacy|cookies?|cmp)\.")
_CONSENT_PATH = re.compile(r"/(collectConsent|consent|zustimmung)(?![\w-])", re.IGNORECASE)
_LOGIN_HOST = re.compile(r"(^|\.)(login|signin|sso|accounts?|auth|oauth|idp|passport)\.")
_LOGIN_PATH = re.compile(
    r"/(log[-_]?in|sign[-_]?in|wp-login|subscribe|authwall|oauth2?)(?![\w-])", re.IGNORECASE
)
_GATE_HOST = re.compile(
    r"(queue|waiting(room)?|wait|sorry|maintenance|wartung|geo(block)?|block(ed)?|captcha|challenge|validate"
    r"|verify|age(gate|check)?|paywall|unavailable|offline|members?)\.",
    re.IGNORECASE,
)
_NOT_FOUND_PATH = re.compile(
    r"/((https?|error|err|status)?[-_]?404([-_]?(error|page|not-?found))?"
    r"|((page|article|story|file|content|error)[-_]?)?not[-_]?found([-_]?(page|error))?)"
    r"(/index)?(\.[a-z]{2,5})?/?$",
    re.IGNORECASE,
)
"""Only a whole last segment counts: `/404-reasons-to-smile` is an article."""

_HOME_NAME = re.compile(
    r"(index|default|home(page)?|accueil|inicio|startseite)"
    r"(\.(s?html?|xhtml|php\d?|aspx?|jspx?|jsf|cfm|do|cgi))?",
    re.IGNORECASE,
)
_LOCALE = re.compile(
    r"(en|de|fr|es|pt|nl|ru|ja|zh|ko|pl|sv|da|fi|cs|hu|ro|tr|ar|he|el|th|vi)|[a-z]{2}[-_][a-z]{2}",
    re.IGNORECASE,
)
"""`/en-gb`, and languages whose code is no common name of a section: `/it`, `/us` and `/tv` are."""
_LISTS = frozenset({
    "tag", "tags", "category", "categories", "topic", "topics", "author", "authors", "section", "sections",
    "archive", "archives", "rubrik", "thema", "themen", "schlagwort", "kategorie", "autor", "rubrique",
    "categorie", "auteur", "etiqueta", "categoria", "seccion", "tema", "temas",
})  # fmt: skip

_MOST_QUERY = 4_000


def detour(seen: Observation) -> Finding | None:
    """Rule V7: a consent or log-in page at the end, which the link did not name itself."""
    ends = _ends(seen)
    if ends is None:
        return None
    asked, end = ends
    if is_consent(end) and not is_consent(asked):
        return Finding(Outcome.SAYS_NOTHING, "consent-wall", "ends-at-consent")
    if is_login(end) and not is_login(asked):
        return Finding(Outcome.SAYS_NOTHING, "login-wall", "ends-at-login")
    return None


def ends_at_not_found(seen: Observation) -> Finding | None:
    """Rule N1: an address that calls itself "not found"."""
    ends = _ends(seen)
    if ends is None or stated_time(seen):
        return None
    asked, end = ends
    if names_not_found(end) and not names_not_found(asked):
        return Finding(Outcome.GONE, "soft-404", "ends-at-not-found")
    return None


def ends_at_gate(seen: Observation) -> Finding | None:
    """Rule N11: an end whose query carries the asked address, or whose host is named after what keeps readers out.

    Both lead back once the reader has done what they ask for. A page that states its time, or bears the stored title,
    is the page all the same.
    """
    ends = _ends(seen)
    if ends is None or stated_time(seen) or seen.further.is_titled:
        return None
    asked, end = ends
    back = not is_search(end) and not keeps_name(asked, end)
    if back and _carries(end, (seen.url, *(hop.url for hop in seen.hops))):
        return Finding(Outcome.SAYS_NOTHING, "site-barrier", "end-carries-asked-address")
    if asked.netloc != end.netloc and _GATE_HOST.match(end.netloc):
        return Finding(Outcome.SAYS_NOTHING, "site-barrier", "ends-at-gate-host")
    return None


def ends_at_home(seen: Observation) -> Finding | None:
    """Rule N1: a deep link that ends at a home page, whatever that is called (rule N12).

    A home page may state a time, or bear the article's title: those of its newest article.
    """
    ends = _ends(seen)
    if ends is None:
        return None
    asked, end = ends
    if not is_deep(asked) or not is_front(seen, end):
        return None
    if is_home(end) and (_is_shortened(asked, end) or _is_by_region(seen, asked, end)):
        return None
    return Finding(Outcome.GONE, SOFT_404_HOME, "deep-link-ends-at-home")


def is_front(seen: Observation, end: SplitResult) -> bool:
    """Whether an end is a site's home page: its root, a usual name of it, or where the root itself leads (rule N12).

    Where everything is led there for the time being, the root too, it may be a barrier just as well.
    """
    if is_home(end) or has_home_name(end):
        return True
    front = seen.further.front
    if front is None or not is_success(front.status) or not redirects_for_good(seen):
        return False
    return same_place(front.final_url or front.url) == same_place(end.geturl())


def has_home_name(url: SplitResult) -> bool:
    """Whether an address is a usual name of a home page: `/index.php`, `/home`, `/en-gb/`."""
    if has_telling_query(url):
        return False
    match segments(url):
        case [name]:
            return bool(_HOME_NAME.fullmatch(name) or _LOCALE.fullmatch(name))
        case [locale, name]:
            return bool(_LOCALE.fullmatch(locale) and _HOME_NAME.fullmatch(name))
    return False


def is_front_in_question(seen: Observation) -> bool:
    """Whether only the root of the site that redirects led to can say if their end is its home page (rule N12)."""
    ends = _ends(seen)
    if ends is None or seen.further.is_titled or seen.further.front is not None:
        return False
    asked, end = ends
    if not redirects_for_good(seen) or is_deep(end) or has_telling_query(end):
        return False
    return is_deep(asked) and not keeps_name(asked, end) and not is_front(seen, end)


def advice(seen: Observation) -> WarningCode | None:
    """Rule N13: the warning on a link that only leads to a home or a section page; None where it leads to a page.

    A section is suggested only where the page bears the article's title.
    """
    ends = _ends(seen)
    if ends is None:
        return None
    asked, end = ends
    if seen.page is None:
        return None
    if is_front(seen, end):
        at_home = is_home(asked) or has_home_name(asked)
        return None if at_home else WarningCode.REDIRECTS_TO_HOME
    if names_page(asked) and is_section(asked, end) and not seen.further.is_titled:
        return WarningCode.REDIRECTS_TO_SECTION
    return None


def names_page(url: SplitResult) -> bool:
    """Whether an address names one page, by its path or by its query: `/watch?v=abc` does."""
    return is_deep(url) or has_telling_query(url)


def is_other_page(seen: Observation, end: SplitResult) -> bool:
    """Whether redirects led to a page that nothing shows to be the same: it bears none of the stored titles, nor half of
    one's words, and its address keeps neither name nor number (rule E6)."""
    asked = urlsplit(seen.url)
    if seen.further.is_titled is not False or not names_page(asked):
        return False
    by_query = asked.path == end.path and has_telling_query(asked) and has_telling_query(end)
    return by_query or not keeps_name(asked, end)


def is_section(asked: SplitResult, end: SplitResult) -> bool:
    """Whether an end is a section of its site rather than one page: a list, a folder above, an address of one name."""
    if is_search(end):
        return not is_search(asked)
    if has_telling_query(end) or keeps_name(asked, end):
        return False
    names = segments(end)
    is_above = asked.netloc == end.netloc and segments(asked)[: len(names)] == names
    return not is_deep(end) or is_above or (len(names) == 2 and names[0].lower() in _LISTS)


def is_general(asked: SplitResult, seen: Observation, end: SplitResult) -> bool:
    """Rule V12: a home page, a log-in or a consent page never is suggested, except a home page for a home
    page: a site's new one replaces its old one."""
    if is_consent(end) or is_login(end):
        return True
    return is_front(seen, end) and not (is_home(asked) and is_home(end))


def is_consent(url: SplitResult) -> bool:
    """Whether an address is a consent page's (rule V7)."""
    return bool(_CONSENT_HOST.search(url.netloc) or _CONSENT_PATH.search(url.path))


def is_login(url: SplitResult) -> bool:
    """Whether an address is a log-in page's (rule V7)."""
    return bool(_LOGIN_HOST.search(url.netloc) or _LOGIN_PATH.search(url.path))


def is_login_path(url: SplitResult) -> bool:
    """Whether the path alone is a log-in page's."""
    return bool(_LOGIN_PATH.search(url.path))


def names_not_found(url: SplitResult) -> bool:
    """Whether an address calls itself "not found": its last part is `404` or the like."""
    return bool(_NOT_FOUND_PATH.search(url.path))


def names_home(url: str | None) -> bool:
    """Whether an address, of any shape, is a site's root."""
    if not url:
        return False
    _, path, query = same_place(url)
    return not path and not query


def redirects_for_good(seen: Observation) -> bool:
    """Whether there are redirects, all of them permanent."""
    return bool(seen.hops) and all(hop.status in PERMANENT for hop in seen.hops)


def stated_time(seen: Observation) -> str | None:
    """The time of publication that the page states, which speaks against a soft 404 (rule N3): not-found pages have
    none."""
    return seen.page.stated if seen.page is not None else None


def _ends(seen: Observation) -> tuple[SplitResult, SplitResult] | None:
    """The asked address and the end of its redirects; None without any."""
    if not seen.hops or seen.final_url is None:
        return None
    return urlsplit(seen.url), urlsplit(seen.final_url)


def _carries(end: SplitResult, asked: tuple[str, ...]) -> bool:
    """Whether the query names one of the addresses that were asked, whole or from the root on."""
    if not 0 < len(end.query) <= _MOST_QUERY:
        return False
    places = {same_place(url) for url in asked}
    for _, value in parse_qsl(end.query):
        for text in (value, unquote(value)):
            if text.startswith(("/", "http://", "https://")) and any(
                same_place(_joined(url, text)) in places and same_place(text)[1] for url in asked
            ):
                return True
    return False


def _joined(base: str, text: str) -> str:
    try:
        return urljoin(base, text)
    except ValueError:
        return text


def _is_by_region(seen: Observation, asked: SplitResult, end: SplitResult) -> bool:
    """Whether a site leads on, for the time being, to the root of a part of itself: `eu.news.example`, as it does with
    readers of a region."""
    site = asked.netloc.removeprefix("www.")
    return not redirects_for_good(seen) and end.netloc.removeprefix("www.").endswith(f".{site}")


def _is_shortened(asked: SplitResult, end: SplitResult) -> bool:
    """Whether a shortener led on to its target site: from `/3k2019x` of one host to the root of another."""
    names = segments(asked)
    foreign = asked.netloc.removeprefix("www.") != end.netloc.removeprefix("www.")
    return foreign and len(names) == 1 and re.fullmatch(r"[A-Za-z0-9]+", names[0]) is not None

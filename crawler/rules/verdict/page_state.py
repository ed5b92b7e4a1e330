"""What one answer says about its page: the first rule that matches decides, in the order of rule V2.

Each rule is a small function (`page_rule.py` says what a rule is); `RULES` is their order.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import SplitResult, urlsplit

from crawler.model.observation import CertificateFault, FailureKind, Observation, SoftSign
from crawler.model.verdict import WarningCode
from crawler.rules.places import is_barrier, is_deep, is_home, same_end, same_place, segments
from crawler.rules.verdict.host_ends import EndReason, reason_of_end
from crawler.rules.verdict.page_rule import Finding, Outcome, PageRule, first_finding

_OUTCOME_OF_FAILURE: dict[FailureKind, Outcome] = {
    FailureKind.DNS_NXDOMAIN: Outcome.GONE,
    FailureKind.DNS_NODATA: Outcome.GONE,
    FailureKind.DNS_BAD_NAME: Outcome.IMPOSSIBLE,
    FailureKind.CONNECT_REFUSED: Outcome.FAILING,
    FailureKind.CONNECT_TIMEOUT: Outcome.FAILING,
    FailureKind.CONNECTION_RESET: Outcome.FAILING,
    FailureKind.IMAGE_FILE_MISSING: Outcome.GONE,
}
"""Every other kind of failure says nothing about the page (rules V3, S4)."""

_STATUSES_GONE = frozenset({404, 410})
_PERMANENT = frozenset({301, 308})
_CONSENT_HOST = re.compile(r"(^|\.)(consent|guce)\.")
_CONSENT_PATH = re.compile(r"/(collectConsent|consent|zustimmung)(?![\w-])", re.IGNORECASE)
_LOGIN_HOST = re.compile(r"(^|\.)(login|signin|sso)\.")
_LOGIN_PATH = re.compile(
    r"/(log[-_]?in|sign[-_]?in|wp-login|subscribe|authwall)(?![\w-])", re.IGNORECASE
)
_NOT_FOUND_PATH = re.compile(
    r"/((https?|error|err|status)?[-_]?404([-_]?(error|page|not-?found))?"
    r"|((page|article|story|file|content|error)[-_]?)?not[-_]?found([-_]?(page|error))?)"
    r"(/index)?(\.[a-z]{2,5})?/?$",
    re.IGNORECASE,
)
"""Only a whole last segment counts: `/404-reasons-to-smile` is an article."""


FILE = "local-file"
"""The reason of an image that is a file of the collection and exists (rule I17)."""
ALIKE = 0.9
"""Pages at least so much alike count as one page (rule N6)."""


def http_reason(status: int) -> str:
    """The reason code of an HTTP status: `http-404`."""
    return f"http-{status}"


def is_success(status: int | None) -> bool:
    """Whether a status says that all is well (RFC 9110, 15.3)."""
    return status is not None and 200 <= status < 300


def _inconclusive(seen: Observation) -> Finding | None:
    if seen.inconclusive is None:
        return None
    if seen.inconclusive.is_ours:
        return Finding(Outcome.INCONCLUSIVE, seen.inconclusive.value, "own-outage")
    return Finding(Outcome.SAYS_NOTHING, seen.inconclusive.value, "host-in-this-run")


def _without_answer(seen: Observation) -> Finding | None:
    if seen.failure is None or (
        seen.failure is FailureKind.BODY_INCOMPLETE and seen.status is not None
    ):
        return None
    outcome = _OUTCOME_OF_FAILURE.get(seen.failure, Outcome.SAYS_NOTHING)
    reason = seen.failure.value
    if outcome is Outcome.IMPOSSIBLE and seen.hops:
        # The address in the file is valid; the redirect leads to an invalid one.
        return Finding(
            Outcome.SAYS_NOTHING, FailureKind.REDIRECT_BAD_LOCATION.value, "failure-kind"
        )
    return Finding(outcome, reason, "failure-kind")


def _not_an_answer(seen: Observation) -> Finding | None:
    status = seen.status
    if seen.is_of_file:
        return None
    if status is None:
        return Finding(Outcome.SAYS_NOTHING, FailureKind.UNEXPECTED.value, "no-status")
    if is_success(status) or status == 304 or status in _STATUSES_GONE:
        return None
    return Finding(Outcome.SAYS_NOTHING, http_reason(status), "status-says-nothing")


def _bot_wall(seen: Observation) -> Finding | None:
    """Rule V4: a wall counts at any status, since its 404 or 503 says nothing of the page. A limit (429)
    keeps its own reason: it says when to come again."""
    if seen.sign is SoftSign.WALL and seen.status != 429:
        return Finding(Outcome.SAYS_NOTHING, "bot-wall", "wall-marker")
    return None


def _consent_or_login(seen: Observation) -> Finding | None:
    """Rule V7, by signs in the page. A link to a log-in page or to a site's root gets what it asks for."""
    if seen.sign is SoftSign.CONSENT:
        return Finding(Outcome.SAYS_NOTHING, "consent-wall", "consent-marker")
    path = urlsplit(seen.url).path
    if seen.sign is SoftSign.LOGIN and path not in ("", "/") and not _LOGIN_PATH.search(path):
        return Finding(Outcome.SAYS_NOTHING, "login-wall", "login-marker")
    return None


def _detour(seen: Observation) -> Finding | None:
    if not seen.hops or seen.final_url is None:
        return None
    asked, end = urlsplit(seen.url), urlsplit(seen.final_url)
    if is_consent(end) and not is_consent(asked):
        return Finding(Outcome.SAYS_NOTHING, "consent-wall", "ends-at-consent")
    if _is_login(end) and not _is_login(asked):
        return Finding(Outcome.SAYS_NOTHING, "login-wall", "ends-at-login")
    return None


def _known_end(seen: Observation) -> Finding | None:
    """Rules V14 and V15, by where the host leads in the thing's place."""
    if not seen.hops or seen.final_url is None:
        return None
    end = reason_of_end(urlsplit(seen.url), urlsplit(seen.final_url))
    if end is None:
        return None
    outcome = Outcome.GONE if end is EndReason.REMOVED else Outcome.SAYS_NOTHING
    return Finding(outcome, end.value, "known-end-of-host")


def _not_public(seen: Observation) -> Finding | None:
    """Rule V15: removed, private and kept from this country look alike to us."""
    if seen.sign is SoftSign.PRIVATE:
        return Finding(Outcome.SAYS_NOTHING, "not-public", "host-withholds-it")
    return None


def _removed(seen: Observation) -> Finding | None:
    """Rule V14, by the host's own data. No date in the page speaks against them."""
    if seen.sign is SoftSign.REMOVED:
        return Finding(Outcome.GONE, "removed", "host-says-removed")
    return None


def _gone_status(seen: Observation) -> Finding | None:
    if seen.status in _STATUSES_GONE:
        return Finding(Outcome.GONE, http_reason(seen.status), "status-gone")
    return None


def _ends_at_home(seen: Observation) -> Finding | None:
    if not seen.hops or seen.final_url is None:
        return None
    asked, end = urlsplit(seen.url), urlsplit(seen.final_url)
    if not is_deep(asked) or not is_home(end) or _published(seen):
        return None
    if not _is_shortened(asked, end):
        return Finding(Outcome.GONE, "soft-404-home", "deep-link-ends-at-home")
    return None


def _ends_at_not_found(seen: Observation) -> Finding | None:
    if not seen.hops or seen.final_url is None or _published(seen):
        return None
    asked, end = urlsplit(seen.url), urlsplit(seen.final_url)
    if _NOT_FOUND_PATH.search(end.path) and not _NOT_FOUND_PATH.search(asked.path):
        return Finding(Outcome.GONE, "soft-404", "ends-at-not-found")
    return None


def _says_not_found(seen: Observation) -> Finding | None:
    """Rule N2, by signs in the page. A page whose address is itself `…/404` is about that status (a manual, an
    encyclopedia) or is the page that the link means."""
    if seen.sign is not SoftSign.NOT_FOUND or _published(seen):
        return None
    if not _NOT_FOUND_PATH.search(urlsplit(seen.url).path):
        return Finding(Outcome.GONE, "soft-404", "page-says-not-found")
    return None


def _like_its_probe(seen: Observation) -> Finding | None:
    """Rule N6: the site answers the probe, an address that cannot exist, just as it answered this one.

    The answer proves nothing (rule N7) where the probe led to this very address (the site reads only a number
    in it), where there are no words to compare, and where both ended at one barrier.
    """
    probe = seen.probe
    if probe is None or not is_success(probe.status):
        return None
    end, probe_end = seen.final_url or seen.url, probe.final_url or probe.url
    if same_place(probe_end) == same_place(seen.url):
        return None
    together = same_end(end, probe_end)
    if not together and probe.alike is not None and probe.alike < ALIKE:
        return None
    if probe.alike is None:
        return Finding(Outcome.SAYS_NOTHING, "empty-shell", "one-shell-for-any-address")
    if together and is_barrier(urlsplit(end)):
        return Finding(Outcome.SAYS_NOTHING, "site-barrier", "one-barrier-for-any-address")
    if together:
        return Finding(Outcome.GONE, "soft-404", "ends-where-any-address-ends")
    if _published(seen):
        return None
    return Finding(Outcome.GONE, "soft-404", "one-page-for-any-address")


def _parked(seen: Observation) -> Finding | None:
    if seen.sign is SoftSign.PARKED and not _published(seen):
        return Finding(Outcome.GONE, "parked", "parking-marker")
    return None


def _page_for_image(seen: Observation) -> Finding | None:
    if seen.image is not None and seen.image.type == "HTML":
        return Finding(Outcome.GONE, "html-for-image", "html-for-image")
    return None


def _answered(seen: Observation) -> Finding:
    if seen.is_of_file:
        return Finding(Outcome.ALIVE, FILE, "file-of-the-collection")
    warnings = (WarningCode.BODY_INCOMPLETE,) if seen.failure is not None else ()
    reason = http_reason(seen.status or 200)
    end = seen.final_url
    if end is not None and seen.hops and all(hop.status in _PERMANENT for hop in seen.hops):
        if same_place(seen.url) == same_place(end):
            return Finding(Outcome.ALIVE, "redirect-trivial", "same-place", warnings)
        if _is_general(urlsplit(seen.url), urlsplit(end)):
            return Finding(Outcome.ALIVE, "redirect-general", "ends-at-general-page", warnings)
        return Finding(Outcome.MOVED, "moved-permanently", "permanent-redirects", warnings, end)
    if seen.hops:
        return Finding(Outcome.ALIVE, "redirect-temporary", "answered", warnings)
    return Finding(Outcome.ALIVE, reason, "answered", warnings)


RULES: tuple[PageRule, ...] = (
    _inconclusive,  # rules O1, O12, O13
    _without_answer,  # rule V3
    _bot_wall,  # rule V4
    _not_an_answer,  # rule V6
    _consent_or_login,  # rule V7
    _detour,  # rule V7
    _not_public,  # rule V15
    _known_end,  # rules V7, V14, V15
    _removed,  # rule V14
    _gone_status,  # rule V8
    _ends_at_not_found,  # rule N1
    _ends_at_home,  # rule N1
    _says_not_found,  # rule N2
    _like_its_probe,  # rules N6, N7
    _parked,  # rule V9
    _page_for_image,  # rule V10
)
"""The order of rule V2: own outage; walls and limits, dead status, soft 404, parked; then alive."""


def find(seen: Observation) -> Finding:
    """What this one answer says about its page."""
    finding = first_finding(RULES, seen) or _answered(seen)
    return _unverified(finding, seen, seen.certificate) if seen.certificate else finding


def _unverified(finding: Finding, seen: Observation, fault: CertificateFault) -> Finding:
    """The finding on an answer with a bad certificate: alive with a warning, and never a strike (rules C2, S4).

    Somebody between us and the site could have sent the answer, so it cannot say that a page is gone, nor
    where it has moved to.
    """
    warnings = (*finding.warnings, WarningCode(fault.value))
    match finding.outcome:
        case Outcome.ALIVE | Outcome.SAYS_NOTHING:
            return replace(finding, warnings=warnings)
        case Outcome.MOVED:
            reason = http_reason(seen.status or 200)
            return Finding(Outcome.ALIVE, reason, "certificate-in-doubt", warnings)
        case Outcome.INCONCLUSIVE:
            return finding
        case _:
            return Finding(Outcome.SAYS_NOTHING, fault.value, "certificate-in-doubt")


def is_consent(url: SplitResult) -> bool:
    """Whether an address is a consent page's (rule V7)."""
    return bool(_CONSENT_HOST.search(url.netloc) or _CONSENT_PATH.search(url.path))


def _is_login(url: SplitResult) -> bool:
    return bool(_LOGIN_HOST.search(url.netloc) or _LOGIN_PATH.search(url.path))


def _is_general(asked: SplitResult, end: SplitResult) -> bool:
    """Rule V12: a home page, a log-in or a consent page is never suggested, except a home page for a home
    page: a site's new one replaces its old one."""
    return is_consent(end) or _is_login(end) or (is_home(end) and not is_home(asked))


def _is_shortened(asked: SplitResult, end: SplitResult) -> bool:
    """Whether a shortener led on to its target site: from `/3k2019x` of one host to the root of another."""
    names = segments(asked)
    foreign = asked.netloc.removeprefix("www.") != end.netloc.removeprefix("www.")
    return foreign and len(names) == 1 and re.fullmatch(r"[A-Za-z0-9]+", names[0]) is not None


def _published(seen: Observation) -> bool:
    """Whether the page states a published time, which vetoes every soft 404 (rule N3): not-found pages have none."""
    return seen.page is not None and seen.page.stated is not None

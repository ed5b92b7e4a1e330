"""What one answer says about its page: the first rule that matches decides, in the order of rule V2.

Each rule is a small function (`page_rule.py` says what a rule is); `RULES` is their order.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from crawler.model.observation import CertificateFault, FailureKind, Observation, SoftSign
from crawler.model.verdict import WarningCode
from crawler.rules.places import same_place
from crawler.rules.verdict.any_address import BARRIER, like_its_probe
from crawler.rules.verdict.clean_address import cleaned
from crawler.rules.verdict.host_ends import EndReason, reason_of_end
from crawler.rules.verdict.new_address import suggested_address
from crawler.rules.verdict.page_rule import Finding, Outcome, PageRule, first_finding
from crawler.rules.verdict.redirect_ends import (
    advice,
    detour,
    ends_at_gate,
    ends_at_home,
    ends_at_not_found,
    is_general,
    is_login_path,
    names_not_found,
    redirects_for_good,
    stated_time,
)
from crawler.rules.verdict.statuses import GONE, http_reason, is_success

_OUTCOME_OF_FAILURE: dict[FailureKind, Outcome] = {
    FailureKind.DNS_NXDOMAIN: Outcome.GONE,
    FailureKind.DNS_NODATA: Outcome.GONE,
    FailureKind.DNS_BAD_NAME: Outcome.IMPOSSIBLE,
    FailureKind.CONNECT_REFUSED: Outcome.FAILING,
    FailureKind.CONNECT_TIMEOUT: Outcome.FAILING,
    FailureKind.CONNECTION_RESET: Outcome.FAILING,
    FailureKind.IMAGE_FILE_MISSING: Outcome.GONE,
    FailureKind.FILE_MISSING: Outcome.GONE,
}
"""Every other kind of failure says nothing about the page (rules V3, S4)."""

_FINDINGS_KEPT = 512
"""More than a link has observations: verdict and schedule ask for the finding on each of them several times."""
_findings: dict[int, tuple[Observation, Finding]] = {}
"""By identity, of values that never change: to compare two observations takes as long as the rules."""

_AGAINST = (Outcome.GONE, Outcome.FAILING)
BY_LANGUAGE = "redirect-by-language"
"""The reason of a redirect to an address that was chosen by the reader's language or country (rule E6)."""
FILE = "local-file"
"""The reason of a link to a file of the collection that exists (rules I17, K7)."""
HIJACKED = "hijacked"
"""The reason of a hijacked page (rule V18)."""
HTTPS_ONLY = "https-only"
"""The reason of an http address that only https answers (rule V17)."""


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
    if is_success(status) or status == 304 or status in GONE:
        return None
    return Finding(Outcome.SAYS_NOTHING, http_reason(status), "status-says-nothing")


def _accepted(seen: Observation) -> Finding | None:
    """Rule V20: who runs the check says that all is well with this status of this host, walls included."""
    if not seen.further.is_accepted:
        return None
    return Finding(Outcome.ALIVE, "accepted-status", "status-accepted")


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
    url = urlsplit(seen.url)
    if seen.sign is SoftSign.LOGIN and url.path not in ("", "/") and not is_login_path(url):
        return Finding(Outcome.SAYS_NOTHING, "login-wall", "login-marker")
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
    if seen.status in GONE:
        return Finding(Outcome.GONE, http_reason(seen.status), "status-gone")
    return None


def _hijacked(seen: Observation) -> Finding | None:
    """Rule V18: another owner's page. It has the sign only where nothing else spoke against the answer."""
    if seen.sign is SoftSign.HIJACKED:
        return Finding(Outcome.FAILING, HIJACKED, "identity-break")
    return None


def _says_not_found(seen: Observation) -> Finding | None:
    """Rule N2, by signs in the page. A page whose address is itself `…/404` is about that status (a manual, an
    encyclopedia) or is the page that the link means."""
    if seen.sign is not SoftSign.NOT_FOUND or stated_time(seen):
        return None
    if not names_not_found(urlsplit(seen.url)):
        return Finding(Outcome.GONE, "soft-404", "page-says-not-found")
    return None


def _parked(seen: Observation) -> Finding | None:
    if seen.sign is SoftSign.PARKED and not stated_time(seen):
        return Finding(Outcome.GONE, "parked", "parking-marker")
    return None


def _page_for_image(seen: Observation) -> Finding | None:
    if seen.image is None or seen.image.type != "HTML":
        return None
    if seen.further.is_gate:
        return Finding(Outcome.SAYS_NOTHING, BARRIER, "barrier-for-image")
    return Finding(Outcome.GONE, "html-for-image", "html-for-image")


def _answered(seen: Observation) -> Finding:
    if seen.is_of_file:
        return Finding(Outcome.ALIVE, FILE, "file-of-the-collection")
    warnings = (WarningCode.BODY_INCOMPLETE,) if seen.failure is not None else ()
    if seen.hops:
        return _redirected(seen, seen.final_url or seen.url, warnings)
    if seen.further.over_https is not None:
        # Plain http gives nothing: the same page over https is what readers get.
        return Finding(Outcome.ALIVE, HTTPS_ONLY, "answered-over-https", warnings, seen.final_url)
    return Finding(Outcome.ALIVE, http_reason(seen.status or 200), "answered", warnings)


def _redirected(seen: Observation, end: str, warnings: tuple[WarningCode, ...]) -> Finding:
    """Rules V12 and N13: moved for good, led on for now, or to no page of its own."""
    permanent = seen.final_url is not None and redirects_for_good(seen)
    if permanent and same_place(seen.url) == same_place(cleaned(seen.url, end)):
        if seen.further.over_https is not None:
            moved_to = suggested_address(seen, end)
            return Finding(Outcome.ALIVE, HTTPS_ONLY, "answered-over-https", warnings, moved_to)
        return Finding(Outcome.ALIVE, "redirect-trivial", "same-place", warnings)
    told = advice(seen)
    if told is not None:
        warnings = (*warnings, told)
    if not permanent:
        return Finding(Outcome.ALIVE, "redirect-temporary", "answered", warnings)
    is_section = told is WarningCode.REDIRECTS_TO_SECTION
    if is_section or is_general(urlsplit(seen.url), seen, urlsplit(end)):
        return Finding(Outcome.ALIVE, "redirect-general", "ends-at-general-page", warnings)
    if seen.further.by_language:
        return Finding(Outcome.ALIVE, BY_LANGUAGE, "redirect-by-language", warnings)
    moved_to = suggested_address(seen, end)
    return Finding(Outcome.MOVED, "moved-permanently", "permanent-redirects", warnings, moved_to)


RULES: tuple[PageRule, ...] = (
    _inconclusive,  # rules O1, O12, O13, O15
    _without_answer,  # rule V3
    _accepted,  # rule V20
    _bot_wall,  # rule V4
    _not_an_answer,  # rule V6
    _consent_or_login,  # rule V7
    detour,  # rule V7
    _not_public,  # rule V15
    _known_end,  # rules V7, V14, V15
    _removed,  # rule V14
    _gone_status,  # rule V8
    _hijacked,  # rule V18
    ends_at_not_found,  # rule N1
    _says_not_found,  # rule N2
    ends_at_gate,  # rule N11
    ends_at_home,  # rules N1, N12
    like_its_probe,  # rules N6, N7, N9, N10
    _parked,  # rule V9
    _page_for_image,  # rule V10
)
"""The order of rule V2: own outage; walls and limits, dead status, soft 404, parked; then alive."""


def find(seen: Observation) -> Finding:
    """What this one answer says about its page."""
    known = _findings.get(id(seen))
    if known is not None and known[0] is seen:
        return known[1]
    if len(_findings) >= _FINDINGS_KEPT:
        _findings.clear()
    finding = _find(seen)
    _findings[id(seen)] = seen, finding
    return finding


def _find(seen: Observation) -> Finding:
    finding = first_finding(RULES, seen) or _answered(seen)
    # Rule V21: sites hide what is private behind a 404.
    if seen.further.is_withheld and finding.outcome in _AGAINST and seen.status is not None:
        return Finding(Outcome.SAYS_NOTHING, "credential-withheld", "asked-without-credential")
    return _unverified(finding, seen, seen.certificate) if seen.certificate else finding


def is_good(seen: Observation) -> bool:
    """Whether an answer is found alive or moved, and counts."""
    return find(seen).outcome in (Outcome.ALIVE, Outcome.MOVED)


def _unverified(finding: Finding, seen: Observation, fault: CertificateFault) -> Finding:
    """The finding on an answer with a bad certificate: alive with a warning, and never a strike (rules C2, S4).

    Somebody between us and the site could have sent the answer, so it cannot say that a page is gone, nor
    where it has moved to.
    """
    warnings = (*finding.warnings, WarningCode(fault.value))
    match finding.outcome:
        case Outcome.ALIVE | Outcome.SAYS_NOTHING:
            return replace(finding, warnings=warnings, moved_to=None)
        case Outcome.MOVED:
            reason = http_reason(seen.status or 200)
            return Finding(Outcome.ALIVE, reason, "certificate-in-doubt", warnings)
        case Outcome.INCONCLUSIVE:
            return finding
        case _:
            return Finding(Outcome.SAYS_NOTHING, fault.value, "certificate-in-doubt")

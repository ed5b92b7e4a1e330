"""The evidence of single visits about the network, by which `windows` judges a window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.model.observation import CertificateFault, FailureKind, Observation
from crawler.rules.policy import OutagePolicy
from crawler.rules.verdict.page_state import find
from crawler.rules.verdict.redirect_ends import is_consent
from crawler.rules.verdict.statuses import GONE


@dataclass(frozen=True, slots=True)
class NetworkEvidence:
    """What one visit, or one canary, says of the network on the way to its site.

    `site` is the registrable domain (or the host where there is none), `host` the host that was asked.
    `fingerprint` is the same for answers that show one page, None where there was no page. `was_alive`: see
    `windows.was_alive`. `certificate` is why the other end of a connection could not be verified, None where
    it could or where no connection was encrypted. `secure` is True where every connection was encrypted and
    verified: the answer is surely the host's own.
    """

    site: str
    host: str
    status: int | None = None
    failure: FailureKind | None = None
    final_url: str | None = None
    fingerprint: str | None = None
    was_alive: bool = False
    certificate: CertificateFault | None = None
    secure: bool = False
    is_evidence: bool = True
    """Whether the same answer from other sites would be evidence of a portal: not where this site always gave it."""
    is_strange: bool = False
    """Whether it is an error page that is such evidence only together with those of many sites
    (`OutagePolicy.strangers_enough`)."""
    changed: bool = False
    """Whether the site is known to have answered otherwise before: then even a secure answer may come from a
    filter whose authority the operator trusts."""
    is_lost: bool = False
    """Whether a canary says that a robots.txt is gone which was always there."""
    in_doubt: bool = False
    """Whether the failure waits for a second look (rule O16): until then the breaker does not count it."""
    confirmed: bool = False
    """Whether it is a second look."""

    @property
    def verified(self) -> bool:
        """Whether no certificate of the visit had a fault: an answer with a fault may be anybody's."""
        return self.certificate is None

    @property
    def has_foreign_certificate(self) -> bool:
        """Whether the certificate may belong to another party; an expired one is still the site's own."""
        return self.certificate in _NOT_THE_SITES


_NOT_THE_SITES = frozenset(
    {CertificateFault.SELF_SIGNED, CertificateFault.UNTRUSTED, CertificateFault.WRONG_HOST}
)
_SAYS_NOTHING_OF_THE_NETWORK = frozenset(
    {
        FailureKind.DNS_BAD_NAME,
        FailureKind.ADDRESS_BLOCKED,
        FailureKind.CANCELLED,
        FailureKind.OWN_MACHINE,
        FailureKind.UNEXPECTED,
    }
)
NAME_FAILURES = frozenset(
    {
        FailureKind.DNS_NXDOMAIN,
        FailureKind.DNS_NODATA,
        FailureKind.DNS_SERVFAIL,
        FailureKind.DNS_TIMEOUT,
        FailureKind.DNS_UNAVAILABLE,
    }
)
_NEVER_REACHED = NAME_FAILURES | frozenset(
    {
        FailureKind.CONNECT_REFUSED,
        FailureKind.CONNECT_TIMEOUT,
        FailureKind.CONNECT_NO_ROUTE,
        FailureKind.CONNECT_FAILED,
        FailureKind.CONNECTION_RESET,
        FailureKind.PROXY_FAILED,
        FailureKind.RESPONSE_TIMEOUT,
        FailureKind.ROBOTS_UNREACHABLE,
    }
)
"""With every other failure somebody answered."""

_ONLY_A_PROXY = frozenset({407, 511})
"""Statuses that only proxies and portals give, never a site (RFC 9110 15.5.8, RFC 6585 6)."""
_MAYBE_A_PROXY = _ONLY_A_PROXY | {403, 502, 503, 504}
"""Statuses that proxies and filters give in a site's place, a gateway's own faults included (RFC 9110 15.6)."""
_ERRORS_FROM = 400
_ROBOTS = "/robots.txt"
"""The path that a canary is asked for."""


def network_evidence(
    seen: Observation,
    site: str,
    *,
    was_alive: bool,
    fingerprint: str | None = None,
    confirmed: bool = False,
) -> NetworkEvidence:
    """What a visit says of the network.

    One consent page for all sites of a publisher is no evidence of a portal, so neither its body nor its address
    counts.
    """
    consent = find(seen).reason == "consent-wall"
    final_url = None if consent else seen.final_url
    return NetworkEvidence(
        site,
        urlsplit(seen.url).netloc,
        seen.status,
        seen.failure,
        final_url,
        None if consent else fingerprint,
        was_alive=was_alive,
        certificate=seen.certificate,
        secure=is_surely_its_own(seen),
        confirmed=confirmed,
    )


def is_surely_its_own(seen: Observation) -> bool:
    """Whether an answer came over encrypted and verified connections only: in an outage any other answer may
    come from anybody."""
    if seen.certificate is not None or seen.status is None:
        return False
    way = (seen.url, *(hop.url for hop in seen.hops), seen.final_url or seen.url)
    return all(url[:6].lower() == "https:" for url in way)


def by_site(visits: Iterable[NetworkEvidence]) -> dict[str, list[NetworkEvidence]]:
    """The visits that say something of the network, by registrable domain."""
    sites: dict[str, list[NetworkEvidence]] = defaultdict(list)
    for seen in visits:
        if seen.status is not None or seen.failure not in _SAYS_NOTHING_OF_THE_NETWORK:
            sites[seen.site].append(seen)
    return sites


def has_answered(seen: NetworkEvidence) -> bool:
    """Whether anybody answered."""
    return seen.status is not None or seen.failure not in _NEVER_REACHED


def is_refusal(seen: NetworkEvidence) -> bool:
    """Whether a proxy may have answered in the site's place."""
    return seen.status in _MAYBE_A_PROXY


def is_maybe_a_proxy(status: int) -> bool:
    """Whether a proxy may have given a status in a site's place."""
    return status in _MAYBE_A_PROXY


def is_confirmed_gone(seen: NetworkEvidence) -> bool:
    """Whether the site said twice that a page is gone."""
    return seen.confirmed and seen.status in GONE


def is_error_page(seen: NetworkEvidence) -> bool:
    """Whether an answer is a page at an error's status. Servers of one make have one such page."""
    return seen.status is not None and seen.status >= _ERRORS_FROM


def never_reached(seen: NetworkEvidence) -> bool:
    """Whether the request did not reach the site."""
    return seen.status in _ONLY_A_PROXY or (
        seen.status is None
        and (seen.failure in _NEVER_REACHED or seen.failure is FailureKind.ADDRESS_BLOCKED)
    )


def answering(sites: Mapping[str, Sequence[NetworkEvidence]], *, known: bool = False) -> int:
    """The number of sites at which anybody answered; if `known`, answers with another party's certificate do not
    count."""
    return sum(
        any(has_answered(seen) and not (known and seen.has_foreign_certificate) for seen in seens)
        for seens in sites.values()
    )


def answering_as_themselves(
    sites: Mapping[str, Sequence[NetworkEvidence]], policy: OutagePolicy
) -> int:
    """The number of sites with an answer that neither a portal nor a proxy can have given in their place: over
    secure connections, or with a mark that most of the other sites do not share."""
    most = policy.alike * answering(sites)
    common = {mark for mark, found in shared_answers(sites).items() if len(found) >= most}

    def own(seen: NetworkEvidence) -> bool:
        if seen.status is None or is_refusal(seen) or not seen.verified:
            return False
        marks = set(marks_of(seen))
        return _is_its_own(seen) or (bool(marks) and not marks & common)

    return sum(any(map(own, seens)) for seens in sites.values())


def canaries_up(look: Sequence[NetworkEvidence]) -> int:
    """The number of canaries that answered as themselves. Canaries that share one answer do not count, nor does one
    that shows a page, or redirects elsewhere, where it never did."""
    shared = shared_answers(by_site(look), forgeable=True)

    def up(seen: NetworkEvidence) -> bool:
        marks = tuple(marks_of(seen))
        if seen.failure is not None or is_refusal(seen) or not seen.verified or seen.is_lost:
            return False
        return not (seen.changed and marks) and all(len(shared.get(m, ())) < 2 for m in marks)

    return sum(map(up, look))


def shared_answers(
    sites: Mapping[str, Sequence[NetworkEvidence]],
    *,
    forgeable: bool = False,
    strange: bool = False,
) -> dict[tuple[str, str], set[str]]:
    """Each mark with the sites that bear it; if `forgeable`, without answers that surely came from the sites. `strange`
    ones count where it is said."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for site, seens in sites.items():
        for seen in seens:
            if not (forgeable and _is_its_own(seen)):
                for mark in marks_of(seen, strange=strange):
                    found[mark].add(site)
    return dict(found)


def _is_its_own(seen: NetworkEvidence) -> bool:
    return seen.secure and not seen.changed


def marks_of(seen: NetworkEvidence, *, strange: bool = False) -> Iterable[tuple[str, str]]:
    """The marks of an answer, which different sites cannot share by chance: the final URL on another host, the
    whole page.

    Many sites of a publisher share a consent page, and a robots.txt that moved with its site is no portal's page:
    neither is a mark.
    """
    if not seen.is_evidence and not (strange and seen.is_strange):
        return
    if seen.final_url is not None:
        end = urlsplit(seen.final_url)
        if end.netloc != seen.host and end.path != _ROBOTS and not is_consent(end):
            # A portal puts the address that was asked into its own query.
            yield "end", f"{end.scheme}://{end.netloc}{end.path}"
    if seen.fingerprint is not None:
        yield "page", seen.fingerprint

"""Portals, proxies and filters that answer in the place of the sites (rules O4 to O6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from crawler.model.observation import CertificateFault
from crawler.rules.outage.network_evidence import (
    NetworkEvidence,
    answering,
    by_site,
    has_answered,
    is_error_page,
    is_refusal,
    shared_answers,
)
from crawler.rules.outage.window import (
    Window,
    WindowFinding,
    WindowVerdict,
    bad_looks,
    has_good_canaries,
    is_good_look,
    is_usable,
)
from crawler.rules.policy import OutagePolicy


def proxy(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """A proxy that answers every request with 403, 407, 511 or a gateway's faults (rule O4). Where the canaries are up, what a
    link always said is none: on a quiet night little may be due but pages behind walls."""
    suspects = _suspects(window, policy)
    if has_good_canaries(window, policy):
        suspects = [seen for seen in suspects if seen.is_evidence or not is_refusal(seen)]
    sites = by_site(suspects)
    refused = sum(all(map(is_refusal, seens)) for seens in sites.values())
    answered = answering(sites)
    if refused < policy.sites_enough or refused < policy.alike * answered:
        return None
    return WindowFinding(
        WindowVerdict.BLOCKED_BY_PROXY,
        f"{refused} of {answered} different sites were refused in the same way: a proxy or a filter "
        "seems to answer in their place. Nothing is judged.",
    )


def portal(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """A portal that answers every request with one page or redirect, so that different sites give one answer.

    Five sites are enough. Two are enough where the canaries show an outage, or nothing else was seen, and nothing
    proves that the answers came from the sites.
    """
    sites = by_site(_suspects(window, policy))
    finding = _alike(sites, policy.sites_enough, policy, forgeable=False)
    if finding is None and not has_good_canaries(window, policy):
        finding = _alike(
            _first_looks(window, sites, policy), policy.strangers_enough, policy, strange=True
        )
    if finding is None and (bad_looks(window, policy) or _is_all_alike(window, policy)):
        finding = _alike(sites, policy.canaries_least, policy, forgeable=True)
    return finding


def _first_looks(
    window: Window, sites: Mapping[str, Sequence[NetworkEvidence]], policy: OutagePolicy
) -> Mapping[str, Sequence[NetworkEvidence]]:
    """The answers by which strangers with one page are known. Where a look shows that the network is as it was, second looks
    are left out: they were chosen because they failed, so that many of one page among them prove nothing."""
    if not is_good_look(window.canaries, policy):
        return sites
    first = {site: [seen for seen in seens if not seen.confirmed] for site, seens in sites.items()}
    return {site: seens for site, seens in first.items() if seens}


def _is_all_alike(window: Window, policy: OutagePolicy) -> bool:
    """Whether so few sites were visited that one page from all of them is all that is known of the network."""
    sites = by_site(window.visits)
    if (is_usable(window.canaries, policy) and not window.are_stand_ins) or len(
        sites
    ) >= policy.sites_enough:
        return False
    shared = shared_answers(sites, forgeable=True)
    return any(len(found) == len(sites) for found in shared.values())


def portal_before_canaries(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """A portal seen by the canaries alone: two are enough, since each is known to have answered otherwise."""
    findings = (
        _alike(by_site(look), policy.canaries_least, policy, forgeable=True)
        for look in (window.canaries_before, window.canaries)
    )
    return next(filter(None, findings), None)


def _alike(
    sites: Mapping[str, Sequence[NetworkEvidence]],
    enough: int,
    policy: OutagePolicy,
    *,
    forgeable: bool = False,
    strange: bool = False,
) -> WindowFinding | None:
    answered = answering(sites)
    (kind, mark), found = max(
        shared_answers(sites, forgeable=forgeable, strange=strange).items(),
        key=lambda entry: (len(entry[1]), entry[0]),
        default=(("", ""), set()),
    )
    if len(found) < enough or len(found) < policy.alike * answered:
        return None
    where = f"ended at {mark}" if kind == "end" else "answered with one and the same page"
    return WindowFinding(
        WindowVerdict.PORTAL,
        f"{len(found)} of {answered} different sites {where}: a login page of the network (a "
        "captive portal) seems to stand before all of them. Nothing is judged.",
    )


def portal_certificate(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """A portal that answers https with its own certificate, so that hardly any site can be verified.

    All sites then show the same fault; badly kept sites have different faults.
    """
    sites = by_site(_suspects(window, policy))
    answered = answering(sites)
    faults = Counter(
        fault for seens in sites.values() for fault in [_fault_of(seens)] if fault is not None
    )
    unverified = max(faults.values(), default=0)
    if unverified < policy.sites_enough or unverified < policy.alike * answered:
        return None
    return WindowFinding(
        WindowVerdict.PORTAL,
        f"{unverified} of {answered} different sites answered with a certificate that could not be "
        "verified: a login page of the network (a captive portal) or a filter seems to answer in "
        "their place. Nothing is judged. If it is a filter of your own, name its authority in "
        "LINKHEALTH_CA_FILE.",
    )


def _fault_of(seens: Sequence[NetworkEvidence]) -> CertificateFault | None:
    """The certificate fault of a site whose answers all came with another party's certificate; None for others."""
    answers = [seen for seen in seens if has_answered(seen)]
    all_foreign = all(seen.has_foreign_certificate for seen in answers)
    return answers[0].certificate if answers and all_foreign else None


def _suspects(window: Window, policy: OutagePolicy) -> Sequence[NetworkEvidence]:
    """The visits in which a portal or a proxy is looked for. Where the canaries are up, only sites that were alive
    count: five that always gave one answer (a chain of newspapers, a wall's vendor) prove nothing, five that changed
    at once do."""
    if has_good_canaries(window, policy):
        known = (seen for seen in window.visits if seen.was_alive)
        # An error page may be that of the servers' make; the second look (rule O16) protects those that were well.
        return [replace(seen, fingerprint=None) if is_error_page(seen) else seen for seen in known]
    return (*window.visits, *window.canaries)

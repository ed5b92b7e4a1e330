"""Causes: what links have in common, so that an editor decides on them together.

Most reasons are causes by themselves. What is the business of a whole host (it walls us, it asks for peace, it is down)
is one cause whatever the single answers were: a report shows it as one row, however many links it is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from crawler.model.observation import FailureKind, Inconclusive
from crawler.model.verdict import Verdict, VerdictKind
from crawler.reporting.words.wording import explain


@dataclass(frozen=True, slots=True)
class Cause:
    """Why links are not well. `is_of_host`: it is about their host as a whole, and one row tells it."""

    code: str
    title: str
    advice: str
    is_of_host: bool = False


_ASKS_TO_WAIT: Final = Cause(
    "asks-to-wait",
    "The site asks to be visited less often (429)",
    "Nothing is known of these links. Set a longer delay for this host under `hosts` in .linkhealth.yml, "
    "or skip it; then run the check again.",
    is_of_host=True,
)
_WALLS_US: Final = Cause(
    "walls-us",
    "The site turns automatic visitors away",
    "Nothing is known of these links. Open one in a browser: if it works, the others most likely do. "
    "Skip the host under `hosts` in .linkhealth.yml if it stays so.",
    is_of_host=True,
)
_NO_DOMAIN: Final = Cause(
    "no-domain",
    "The site's domain does not exist",
    "All links to this host share one cause: look for where the site has moved, and replace its addresses by pattern.",
    is_of_host=True,
)
_DOWN: Final = Cause(
    "host-down",
    "The site could not be reached",
    "All links to this host share one cause: see whether the site is down for good, has moved, or is away for the time being.",
    is_of_host=True,
)
_OURS: Final = Cause(
    "our-side",
    "The fault was or may have been on our side",
    "Nothing is known of these links: run the check again.",
    is_of_host=True,
)

_OF_HOSTS: Final = {
    "http-429": _ASKS_TO_WAIT,
    **dict.fromkeys(
        (
            *("http-401", "http-402", "http-403", "http-405", "http-406", "http-418", "http-451"),
            *("http-999", "bot-wall", "consent-wall", "login-wall", "site-barrier"),
            FailureKind.ROBOTS_DENIED.value,
            Inconclusive.HOST_BLOCKS_US.value,
            Inconclusive.HOST_LEADS_HOME.value,
        ),
        _WALLS_US,
    ),
    **dict.fromkeys(
        (FailureKind.DNS_NXDOMAIN.value, FailureKind.DNS_NODATA.value),
        _NO_DOMAIN,
    ),
    **dict.fromkeys(
        (
            *("http-500", "http-502", "http-503", "http-504", "server-errors"),
            FailureKind.DNS_SERVFAIL.value,
            FailureKind.DNS_TIMEOUT.value,
            FailureKind.CONNECT_REFUSED.value,
            FailureKind.CONNECT_TIMEOUT.value,
            FailureKind.CONNECT_NO_ROUTE.value,
            FailureKind.CONNECT_FAILED.value,
            FailureKind.CONNECTION_RESET.value,
            FailureKind.PROXY_FAILED.value,
            FailureKind.TLS_CERTIFICATE_EXPIRED.value,
            FailureKind.TLS_CERTIFICATE_UNTRUSTED.value,
            FailureKind.TLS_WRONG_HOST.value,
            FailureKind.TLS_FAILED.value,
            FailureKind.RESPONSE_TIMEOUT.value,
            FailureKind.ROBOTS_UNREACHABLE.value,
        ),
        _DOWN,
    ),
    **dict.fromkeys(
        (one.value for one in Inconclusive if one.is_ours),
        _OURS,
    ),
}
_WELL: Final = frozenset({VerdictKind.ALIVE, VerdictKind.MOVED, VerdictKind.EXCLUDED})


def cause_of(verdict: Verdict) -> Cause:
    """The cause of a link's state; of a link that works or was left out, its reason."""
    found = None if verdict.kind in _WELL else _OF_HOSTS.get(verdict.reason)
    if found is not None:
        return found
    words = explain(verdict.reason)
    return Cause(verdict.reason, words.meaning, words.advice)

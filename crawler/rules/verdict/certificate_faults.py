"""Several faults of certificates at once: which one is told (rule C3)."""

from __future__ import annotations

from crawler.model.observation import CertificateFault

_GRAVEST_FIRST = (
    CertificateFault.WRONG_HOST,
    CertificateFault.SELF_SIGNED,
    CertificateFault.UNTRUSTED,
    CertificateFault.CHAIN_INCOMPLETE,
    CertificateFault.EXPIRED,
    CertificateFault.NOT_YET_VALID,
    CertificateFault.TOO_OLD,
)
"""By how little is left of the proof that the site itself answered. A certificate for another host says
itself that it is another's; one that is self-signed has nobody's word, one of an unknown authority a
stranger's; an incomplete chain has a known authority's name without its proof; an expired one had the
proof, an early one will have it, and old encryption has it now."""


def gravest(*faults: CertificateFault | None) -> CertificateFault | None:
    """The fault that leaves least of the proof; None where there is none."""
    return min((fault for fault in faults if fault), key=_GRAVEST_FIRST.index, default=None)

"""The fault that is reported where a visit met several faults of certificates (rule C3)."""

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
"""The order is by how little proof is left that the site itself answered. A certificate for another host
belongs to somebody else; nobody vouches for a self-signed one, and only an unknown authority for an untrusted one;
an incomplete chain names a known authority without its proof; an expired certificate was proven once, an
early one will be, and one over old encryption is proven now."""


def gravest_fault(*faults: CertificateFault | None) -> CertificateFault | None:
    """The fault that leaves the least proof; None where there is no fault."""
    return min((fault for fault in faults if fault), key=_GRAVEST_FIRST.index, default=None)

"""Which certificates are about to end (rule C6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from crawler.model.host_certificate import HostCertificate
from crawler.model.report import Report

END_TOLD: Final = timedelta(days=21)
"""A certificate that ends within this time should have been replaced."""
_LAST_PART: Final = 4
"""Short certificates are replaced late: the last quarter of their time counts."""


def ends_soon(certificate: HostCertificate, now: datetime) -> bool:
    """Whether a certificate was still in use when it should have been replaced, and has not ended yet (rule C6)."""
    valid = certificate.validity
    late = min(END_TOLD, (valid.ends_at - valid.begins_at) / _LAST_PART)
    return now < valid.ends_at and valid.ends_at - certificate.seen_at <= late


def ending_certificates(report: Report) -> Iterator[HostCertificate]:
    """The certificates of a report that are about to end."""
    return (one for one in report.certificates if ends_soon(one, report.generated_at))

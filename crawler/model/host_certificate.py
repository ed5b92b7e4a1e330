"""The certificate of a host: since when and until when it is valid, as a verified connection showed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Validity:
    """From when and until when a certificate is valid (aware)."""

    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class HostCertificate:
    """The certificate that a host showed at `seen_at`, the last time that one was looked at."""

    host: str
    validity: Validity
    seen_at: datetime

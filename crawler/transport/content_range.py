"""Content-Range: which bytes of an image a 206 brings (RFC 9110, 14.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CONTENT_RANGE = re.compile(rb"bytes\s+(\d{1,15})-(\d{1,15})/(\d{1,15}|\*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """What a 206 holds: the bytes from `first` to `last`, of `total`, None where that is not known."""

    first: int
    last: int
    total: int | None

    @classmethod
    def of(cls, content_range: bytes | None) -> Part | None:
        """As a Content-Range says; None where it says nothing that makes sense."""
        found = _CONTENT_RANGE.fullmatch((content_range or b"").strip())
        if found is None:
            return None
        first, last = int(found[1]), int(found[2])
        total = None if found[3] == b"*" else int(found[3])
        if last < first or (total is not None and last >= total):
            return None
        return cls(first, last, total)

"""Payloads of chat services: JSON with as many rows of each list as its bytes allow."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, BinaryIO, Final

from crawler.reporting.digest import Digest, digest
from crawler.reporting.formats.report_format import ReportContent

_ROWS: Final = (10, 5, 2, 0)
"""How many rows of each list are tried, until the message is short enough."""


def write_short(
    content: ReportContent,
    stream: BinaryIO,
    payload: Callable[[Digest], dict[str, Any]],
    most_bytes: int,
) -> None:
    """Write the payload with the most rows that fits into `most_bytes`; the one without rows whatever it takes."""
    made = b""
    for most in _ROWS:
        made = json.dumps(payload(digest(content.report, content.findings, most=most))).encode()
        if len(made) <= most_bytes:
            break
    stream.write(made + b"\n")

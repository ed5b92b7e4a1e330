"""What an HTTP status says by itself."""

from __future__ import annotations

GONE = frozenset({404, 410})
"""RFC 9110, 15.5.5 and 15.5.11."""
PERMANENT = frozenset({301, 308})
"""RFC 9110, 15.4.2 and 15.4.9."""


def http_reason(status: int) -> str:
    """The reason code of an HTTP status: `http-404`."""
    return f"http-{status}"


def is_success(status: int | None) -> bool:
    """Whether a status says that all is well (RFC 9110, 15.3)."""
    return status is not None and 200 <= status < 300

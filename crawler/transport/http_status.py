"""The statuses of HTTP that decide how an answer is read (RFC 9110, 15)."""

from __future__ import annotations

PARTIAL_CONTENT = 206
NOT_MODIFIED = 304
TOO_MANY_REQUESTS = 429
REDIRECTS = frozenset({301, 302, 303, 307, 308})

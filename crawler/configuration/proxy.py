"""The operator's proxy: where every connection to the web goes first."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy that takes CONNECT (RFC 9110, 9.3.6). `credentials` is the value of Proxy-Authorization, None for none."""

    host: str
    port: int
    credentials: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, text: str) -> Proxy:
        """Read `http://proxy.example:3128`, with `user:password@` or without. Raises ValueError, which quotes nothing."""
        wanted = "is not a proxy like http://proxy.example:3128, with user:password@ before its host or without"
        try:
            parts = urlsplit(text)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise ValueError(wanted) from None
        is_bare = parts.path in ("", "/") and not parts.query and not parts.fragment
        if parts.scheme != "http" or not port or not is_bare or not _HOST.fullmatch(host):
            raise ValueError(wanted)
        if parts.username is None:
            return cls(host, port)
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        return cls(host, port, f"Basic {b64encode(pair.encode()).decode('ascii')}")

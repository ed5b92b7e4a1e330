"""Which ports a crawler connects to (rule B10): those of the web, and others only where a reference names them.

An article file is outside text, and so is every redirect: a link must not make the crawler speak to a mail server or
a database, with words that the file's author chose.
"""

from __future__ import annotations

from urllib.parse import urlsplit

WEB_PORTS = frozenset({80, 443})
_FIRST_FREE = 1024
"""Below it ports are assigned to other protocols (RFC 6335, 6: system ports)."""
_OF_OTHER_PROTOCOLS = frozenset(
    {1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566}
    | {6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080}
)
"""The bad ports of the Fetch standard (2.10, port blocking) from 1024 on."""


def port_of(url: str) -> int:
    """The port that a URL is asked at; 0 where it has none that exists."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return 0
    if port is not None:
        return port
    return 443 if parts.scheme == "https" else 80


def may_be_named(port: int) -> bool:
    """Whether a reference may name a port."""
    return port in WEB_PORTS or (port >= _FIRST_FREE and port not in _OF_OTHER_PROTOCOLS)


def may_be_led_to(port: int, begun_at: str) -> bool:
    """Whether a redirect of a visit that began at a URL may lead to a port."""
    return port in WEB_PORTS or (port == port_of(begun_at) and may_be_named(port))

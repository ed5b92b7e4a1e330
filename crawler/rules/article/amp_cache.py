"""The AMP cache URL that follows from an AMP URL (rule A1), as the AMP project's own tool computes it.

The tool is `@ampproject/toolbox-cache-url`; where this differs from it, the difference is the safe one:

- a label that would be longer than 63 with its `0-` and `-0` falls back too: no DNS query can carry it;
- the final dot of a host is no part of the label: a label must not end with a hyphen;
- a page is always served under `/c/`, whatever its address ends with;
- the address is taken as browsers normalise it, so that the host in the path is ASCII.
"""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import urlsplit

from crawler.rules.urls import LONGEST_LABEL, examine

GOOGLE = "cdn.ampproject.org"
CACHES = (GOOGLE, "bing-amp.com")
"""The domains of the caches that the AMP project lists (its `caches.json`)."""

_RIGHT_TO_LEFT = re.compile("[\u0591-\u06ef\u06fa-\u07ff\u200f\ufb1d-\ufdff\ufe70-\ufefc]")
_LEFT_TO_RIGHT = re.compile(
    "[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02b8\u0300-\u0590\u0800-\u1fff\u200e"
    "\u2c00-\ufb1c\ufe00-\ufe6f\ufefd-\U0010ffff]"
)
"""The tool's two classes of characters. It sees UTF-16, where all beyond U+FFFF counts as left-to-right."""
_SERVED = re.compile("(/c/)?(s/)?(.*)", re.DOTALL)
"""A path of a cache: the kind of thing, whether it is fetched by https, and what is fetched."""


def cache_url(url: str, cache: str = GOOGLE) -> str | None:
    """The address of a page in an AMP cache; None for a URL that nobody could visit.

    `cache` is the cache's domain. A fragment and a port do not survive, as in the tool.
    """
    examined = examine(url)
    if examined.invalid:
        return None
    parts = urlsplit(examined.url)
    host = f"[{examined.host}]" if ":" in examined.host else examined.host
    secure = "s/" if parts.scheme == "https" else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"https://{cache_label(host)}.{cache}/c/{secure}{host}{parts.path}{query}"


def cache_label(host: str) -> str:
    """The label under which an AMP cache serves a host, at most 63 characters of ASCII.

    `host` is lower-case ASCII, as `examine` gives it, an IPv6 address in brackets.
    """
    name = host.removesuffix(".")
    label = _readable_label(name)
    return label if label and len(label) <= LONGEST_LABEL else _fallback_label(name)


def cache_domain(url: str) -> str | None:
    """The AMP cache that a URL names a page in, None for any other URL."""
    host = examine(url).host
    return next((cache for cache in CACHES if f".{host}".endswith(f".{cache}")), None)


def follows(cached: str, url: str) -> bool:
    """Whether `cached` is the address of the AMP page `url` in one of the caches.

    How the host is spelt in the path and a slash at a path's end are no news: the tool itself, in its
    version 2.9, drops a slash before a query.
    """
    expected = cache_url(url, cache_domain(cached) or GOOGLE)
    found = examine(cached)
    if expected is None or found.invalid:
        return False
    return _comparable(found.url) == _comparable(examine(expected).url)


def _comparable(cached: str) -> tuple[str, str, str, str]:
    parts = urlsplit(cached)
    kind, secure, served = _SERVED.match(parts.path).groups("")  # type: ignore[union-attr]
    spelt, _, path = served.partition("/")
    host = examine(f"http://{spelt}").host or spelt
    return parts.netloc, f"{kind}{secure}{host}", path.rstrip("/"), parts.query


def _readable_label(name: str) -> str | None:
    """The label that still shows the host; None for a host that has no such label."""
    if _is_reserved(name) or len(name) > LONGEST_LABEL or "." not in name:
        return None
    shown = ".".join(map(_decoded, name.split(".")))
    if _LEFT_TO_RIGHT.search(shown) and _RIGHT_TO_LEFT.search(shown):
        return None
    label = shown.replace("-", "--").replace(".", "-")
    if not label.isascii():
        return "xn--" + label.encode("punycode").decode("ascii")
    return f"0-{label}-0" if _is_reserved(label) else label


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    return label[4:].encode("ascii").decode("punycode")


def _is_reserved(label: str) -> bool:
    """Whether a label has the two hyphens that DNS keeps for `xn--` alone."""
    return label[2:4] == "--" and not label.startswith("xn")


def _fallback_label(name: str) -> str:
    digest = hashlib.sha256(name.encode("ascii")).digest()
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()

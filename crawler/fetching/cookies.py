"""The cookies of one visit: as long as its chain of redirects, never shared and never stored (rule U7).

Journals, forums and resolvers set a cookie, lead to the same address and show the page once the cookie comes back.
Matching by domain, path, port and time is the standard library's. Added is what RFC 6265 and its successor ask for
beyond that: limits of number and length, the prefixes `__Host-` and `__Secure-`, and no cookie for a public suffix.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.message import Message
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit
from urllib.request import Request

from crawler.extractors.registered_domain import extractor

if TYPE_CHECKING:
    from http.client import HTTPResponse

MOST_COOKIES = 50
LONGEST_COOKIE = 4_096
"""Cookies of a host, and bytes of a cookie, that every client has to support (RFC 6265, 6.1): we keep no more."""
_RELATIVE_PATH = re.compile(r";\s*path\s*=\s*(?!/)[^;]*", re.IGNORECASE)
"""A path that does not begin at the root is as none (RFC 6265, 5.2.4)."""


class Cookies:
    """What servers have set in the course of one visit."""

    def __init__(self) -> None:
        self._jar = CookieJar(_Policy(strict_ns_domain=DefaultCookiePolicy.DomainStrictNonDomain))

    def keep(self, url: str, fields: Iterable[bytes]) -> None:
        """Take in the Set-Cookie fields of an answer of `url`; what is malformed or not allowed is left out."""
        said = _Said()
        for field in list(fields)[:MOST_COOKIES]:
            if len(field) <= LONGEST_COOKIE:
                said.message["Set-Cookie"] = _RELATIVE_PATH.sub("", field.decode("latin-1"))
        self._jar.extract_cookies(cast("HTTPResponse", said), _request(url))

    def header(self, url: str) -> str | None:
        """The Cookie field of a request for `url`, each byte one character; None for none."""
        request = _request(url)
        self._jar.add_cookie_header(request)
        return request.get_header("Cookie")


def _is_registrable(domain: str) -> bool:
    found = extractor().extract_str(domain.lstrip("."), include_psl_private_domains=True)
    return bool(found.domain)


def _request(url: str) -> Request:
    """What the standard library reads an address from; nothing is opened."""
    return Request(url)  # noqa: S310


class _Said:
    """An answer's fields, in the shape that the standard library reads."""

    def __init__(self) -> None:
        self.message = Message()

    def info(self) -> Message:
        return self.message


class _Policy(DefaultCookiePolicy):
    """RFC 6265bis, 5.7, where the standard library is laxer."""

    def set_ok(self, cookie: Cookie, request: Request) -> bool:
        """Whether a server may set a cookie."""
        secure = urlsplit(request.full_url).scheme == "https"
        if cookie.secure and not secure:
            return False
        if cookie.name.startswith("__Secure-") and not cookie.secure:
            return False
        is_bound = cookie.secure and not cookie.domain_specified and cookie.path == "/"
        if cookie.name.startswith("__Host-") and not (is_bound and cookie.path_specified):
            return False
        if cookie.domain_specified and not _is_registrable(cookie.domain):
            # A public suffix, which belongs to many owners.
            return False
        return super().set_ok(cookie, request)

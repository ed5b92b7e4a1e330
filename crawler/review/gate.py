"""Who may ask: requests of the page that this server gave out, and nobody else's (rule L1).

Any page of the web may send requests to 127.0.0.1. It does not know the secret of the address; should it ever learn it,
its requests still bear its own `Origin` or `Sec-Fetch-Site`, which no script can change
(https://www.w3.org/TR/fetch-metadata/), and those of a name that was made to lead here bear that name as their `Host`.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

ADDRESS: Final = "127.0.0.1"
SECRET_BYTES: Final = 32
"""Of randomness in the address: 256 bits."""
_OURS: Final = "same-origin"
_BY_HAND: Final = "none"
"""What a browser says of an address that was typed, or given to it by another program."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not answered. `message` says nothing that a stranger does not know."""

    status: HTTPStatus
    message: str


_NOT_HERE: Final = Refusal(HTTPStatus.MISDIRECTED_REQUEST, "not this host")
_NOTHING: Final = Refusal(HTTPStatus.NOT_FOUND, "nothing here")
_FOREIGN: Final = Refusal(HTTPStatus.FORBIDDEN, "not from this page")
_NO_JSON: Final = Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send application/json")


def new_secret() -> str:
    """A secret for one start of the server."""
    return secrets.token_urlsafe(SECRET_BYTES)


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate of one start of the server."""

    secret: str
    port: int

    @property
    def origin(self) -> str:
        """The origin of the page as browsers write it; port 80 is left out."""
        return f"http://{self._host}"

    @property
    def address(self) -> str:
        """The address of the page."""
        return f"{self.origin}/{self.secret}/"

    @property
    def _host(self) -> str:
        return ADDRESS if self.port == 80 else f"{ADDRESS}:{self.port}"

    def examined(
        self, method: str, target: str, headers: Mapping[str, Sequence[str]]
    ) -> str | Refusal:
        """What is asked for, below the secret (`api/decisions?after=3`, empty for the page); or why there is no answer.

        `headers` are all values by name in lower case.
        """
        if list(headers.get("host", ())) != [self._host]:
            return _NOT_HERE
        _, slash, rest = target.removeprefix("/").partition("/")
        given = target.removeprefix("/").removesuffix(slash + rest)
        same = hmac.compare_digest(given.encode("utf-8", "replace"), self.secret.encode())
        if not (same and slash and target.startswith("/")):
            return _NOTHING
        if not self._is_ours(method, rest, headers):
            return _FOREIGN
        if method == "POST" and not _is_json(headers.get("content-type", ())):
            return _NO_JSON
        return rest

    def _is_ours(self, method: str, rest: str, headers: Mapping[str, Sequence[str]]) -> bool:
        origins, sites = headers.get("origin", ()), headers.get("sec-fetch-site", ())
        if len(origins) > 1 or len(sites) > 1:
            return False
        origin, site = next(iter(origins), None), next(iter(sites), None)
        if origin not in (None, self.origin) and not (origin == "null" and site == _OURS):
            return False
        if method != "GET":
            # A browser names the origin of whatever changes something.
            return site == _OURS or (site is None and origin is not None)
        if site in (None, _OURS, _BY_HAND):
            return True
        # A link that leads here, as a page on disk has it, shows its page to a person and to nobody else.
        return rest == "" and _is_navigation(headers)


def _is_navigation(headers: Mapping[str, Sequence[str]]) -> bool:
    mode, destination = headers.get("sec-fetch-mode", ()), headers.get("sec-fetch-dest", ())
    return (list(mode), list(destination)) == (["navigate"], ["document"])


def _is_json(types: Sequence[str]) -> bool:
    return len(types) == 1 and types[0].partition(";")[0].strip().lower() == "application/json"

"""When a signed address stops working, read from the address itself (rule I11).

Storage services and content networks hand out addresses that hold until a time, which stands in the query (or
in a segment of the path) beside a signature. Only what one of the known forms says counts, and only where
its time is a possible one: `e=1234`, `oe=utf8` and `expires=never` say nothing.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit


class Signer(StrEnum):
    """Who signs in this way. The strings are shown to people."""

    FACEBOOK = "Facebook"
    LINKEDIN = "LinkedIn"
    DISCORD = "Discord"
    AMAZON_S3 = "Amazon S3"
    GOOGLE_CLOUD = "Google Cloud Storage"
    CLOUDFRONT = "CloudFront"
    AZURE = "Azure Storage"
    AKAMAI = "Akamai"
    UNKNOWN = "unknown"
    """A parameter named for its purpose, such as `expires`, on any host."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """Until when an address holds (aware, UTC), and who says so."""

    at: datetime
    signer: Signer


@dataclass(frozen=True, slots=True)
class _Parts:
    """An address as the forms need it: names of parameters in lower case, the first of each name."""

    host: str
    path: str
    query: Mapping[str, str]

    def has(self, *names: str) -> bool:
        return all(self.query.get(name) for name in names)

    def is_at(self, *domains: str) -> bool:
        return any(f".{self.host}".endswith(f".{domain}") for domain in domains)

    def get(self, name: str) -> str:
        return self.query.get(name, "")


_EARLIEST = datetime(2005, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""Before the first signed addresses of the web, and after anybody's plans: a number for something else."""
_LONGEST_VALIDITY = 10 * 366 * 24 * 3600
_SECONDS = re.compile(r"[0-9]{10}", re.ASCII)
_MILLISECONDS = re.compile(r"[0-9]{13}", re.ASCII)
_HEX_SECONDS = re.compile(r"[0-9a-fA-F]{8}", re.ASCII)
_DURATION = re.compile(r"[0-9]{1,9}", re.ASCII)
_BASIC_ISO = re.compile(r"[0-9]{8}T[0-9]{6}Z", re.ASCII)
_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]{5,15}(Z|[+-][0-9]{2}:?[0-9]{2})?)?", re.ASCII
)
_AKAMAI = re.compile(r"(?:^|[/=~?&;])exp=([0-9]{10})~", re.ASCII)
_AKAMAI_SIGNED = ("hmac=", "acl=")
_AKAMAI_NAMES = ("hdnts", "hdnea", "hdntl", "__token__", "token", "akamai_token")
_GENERIC_NAMES = ("expires", "expiry", "exp", "expires_at", "expire", "x-expires")


@lru_cache(maxsize=4096)
def expiry(url: str) -> Expiry | None:
    """Until when an address holds; None where it is not signed or does not say.

    Remembered for a while: the images of related articles come by dozens of times.
    """
    parts = _parts(url)
    if parts is None:
        return None
    for signer, read in _FORMS:
        moment = read(parts)
        if moment is not None and _EARLIEST <= moment < _LATEST:
            return Expiry(moment, signer)
    return None


def _parts(url: str) -> _Parts | None:
    try:
        split = urlsplit(url)
        host = split.hostname or ""
    except ValueError:
        return None
    query: dict[str, str] = {}
    for name, value in parse_qsl(split.query):
        # Some files hold the address as it stood in a page, `&amp;` and all.
        plain = name.lower().removeprefix("amp;").removeprefix("#038;")
        query.setdefault(plain, value.strip())
    return _Parts(host, split.path, query)


def _facebook(parts: _Parts) -> datetime | None:
    """`oe`: hexadecimal seconds. Instagram's pictures come from the same network."""
    if not parts.is_at("fbcdn.net", "cdninstagram.com", "fbsbx.com"):
        return None
    return _hex_moment(parts.get("oe"))


def _linkedin(parts: _Parts) -> datetime | None:
    return _epoch(parts.get("e")) if parts.is_at("licdn.com") and parts.has("t") else None


def _discord(parts: _Parts) -> datetime | None:
    """`ex` with `hm`: hexadecimal seconds."""
    if not parts.is_at("discordapp.com", "discordapp.net") or not parts.has("hm"):
        return None
    return _hex_moment(parts.get("ex"))


def _amazon(parts: _Parts) -> datetime | None:
    """Signature Version 4, and the older Version 2."""
    if parts.has("x-amz-date", "x-amz-expires"):
        return _after(parts.get("x-amz-date"), parts.get("x-amz-expires"))
    return _epoch(parts.get("expires")) if parts.has("awsaccesskeyid") else None


def _google(parts: _Parts) -> datetime | None:
    """V4 signatures, and the older V2."""
    if parts.has("x-goog-date", "x-goog-expires"):
        return _after(parts.get("x-goog-date"), parts.get("x-goog-expires"))
    return _epoch(parts.get("expires")) if parts.has("googleaccessid") else None


def _cloudfront(parts: _Parts) -> datetime | None:
    """A canned policy (`Expires`), or one's own (`Policy`), both with `Key-Pair-Id`."""
    if not parts.has("key-pair-id"):
        return None
    return _epoch(parts.get("expires")) or _policy(parts.get("policy"))


def _policy(text: str) -> datetime | None:
    """The end in a CloudFront policy: JSON in base64, of which three letters stand for others."""
    padded = text.translate(str.maketrans("-_~", "+=/"))
    try:
        found = json.loads(base64.b64decode(padded, validate=True))
        end = found["Statement"][0]["Condition"]["DateLessThan"]["AWS:EpochTime"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return _epoch(str(end)[:20])


def _azure(parts: _Parts) -> datetime | None:
    return _iso(parts.get("se")) if parts.has("sig") else None


def _akamai(parts: _Parts) -> datetime | None:
    """A token of fields, `exp=…~acl=…~hmac=…`, as a parameter or as a part of the path."""
    texts = [parts.get(name) for name in _AKAMAI_NAMES]
    # In the query the token's own first field may be the parameter: `?exp=…~acl=…`.
    texts += [f"exp={parts.get('exp')}", unquote(parts.path)]
    signed = (text for text in texts if any(sign in text for sign in _AKAMAI_SIGNED))
    found = next((match for text in signed if (match := _AKAMAI.search(text))), None)
    return _epoch(found[1]) if found else None


def _generic(parts: _Parts) -> datetime | None:
    values = (parts.get(name) for name in _GENERIC_NAMES)
    return next((found for text in values if (found := _epoch(text) or _iso(text))), None)


_FORMS: tuple[tuple[Signer, Callable[[_Parts], datetime | None]], ...] = (
    (Signer.FACEBOOK, _facebook),
    (Signer.LINKEDIN, _linkedin),
    (Signer.DISCORD, _discord),
    (Signer.AMAZON_S3, _amazon),
    (Signer.GOOGLE_CLOUD, _google),
    (Signer.CLOUDFRONT, _cloudfront),
    (Signer.AZURE, _azure),
    (Signer.AKAMAI, _akamai),
    (Signer.UNKNOWN, _generic),
)


def _epoch(text: str) -> datetime | None:
    """Seconds since 1970, or milliseconds."""
    if _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text), UTC)
    if _MILLISECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text) // 1000, UTC)
    return None


def _hex_moment(text: str) -> datetime | None:
    return datetime.fromtimestamp(int(text, 16), UTC) if _HEX_SECONDS.fullmatch(text) else None


def _after(start: str, seconds: str) -> datetime | None:
    """The end of a validity that begins at a time and lasts so many seconds."""
    if not _BASIC_ISO.fullmatch(start) or not _DURATION.fullmatch(seconds):
        return None
    moment = _iso(start)
    if moment is None or int(seconds) > _LONGEST_VALIDITY or moment.year > _LATEST.year:
        return None
    return moment + timedelta(seconds=int(seconds))


def _iso(text: str) -> datetime | None:
    """An ISO 8601 time, or a day, which holds from its beginning; UTC where it says no zone."""
    if not _ISO.fullmatch(text) and not _BASIC_ISO.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None

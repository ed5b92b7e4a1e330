r"""URLs as browsers read them (rule U1): the identity of a raw URL, or why it cannot be visited.

The rules are the URL standard's (https://url.spec.whatwg.org/), for http and https only. Deliberate
deviations, each because a link checker is not an address bar:

- the fragment is dropped: no server ever sees it. An empty query is kept and sent: `/list?` is not `/list`;
- `|`, `[`, `]` in a path and `|`, `[`, `]`, `\`, `^`, a grave accent, `{`, `}` in a query are
  percent-encoded: RFC 3986 allows none of them as it is;
- credentials are refused, not sent; port 0 is refused: nothing can listen there;
- names that no DNS query can carry are refused: an empty label, one over 63, a name over 253 octets.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, NoReturn
from urllib.parse import unquote_to_bytes

import idna

from crawler.model.verdict import WarningCode
from crawler.rules.credentials import url_without_credentials
from crawler.rules.invisible_characters import has_invisible_characters

LONGEST_URL = 8_000
"""Characters. RFC 9110 4.1 asks every party to support 8,000 octets; few servers take more."""
LONGEST_LABEL = 63
LONGEST_NAME = 253
"""Octets; RFC 1035 2.3.4, the name without its final dot."""

_HIGHEST_PORT = 0xFFFF
_HIGHEST_OCTET = 0xFF
_DEFAULT_PORTS = {"http": 80, "https": 443}
_C0_AND_SPACE = "".join(map(chr, range(0x21)))
_TAB_AND_NEWLINE = str.maketrans("", "", "\t\n\r")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WHITE_SPACE = re.compile(r"\s")
_AMPERSAND_ENTITY = re.compile(r"&(?:amp|#0*38|#x0*26);", re.IGNORECASE)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_AUTHORITY_END = re.compile(r"[/\\?]")
_PATH_UNSAFE = re.compile(r"[^A-Za-z0-9\-._~:/@!$&'()*+,;=%]+")
_QUERY_UNSAFE = re.compile(r"[^A-Za-z0-9\-._~:/?@!$&()*+,;=%]+")
_FORBIDDEN_IN_DOMAIN = re.compile(r"[\x00-\x20\x7f#%/:<>?@\[\\\]^|]")
_LAST_IS_NUMBER = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\.?$")
_ONE_DOT = frozenset((".", "%2e"))
_TWO_DOTS = frozenset(("..", ".%2e", "%2e.", "%2e%2e"))


class InvalidReason(StrEnum):
    """Why no crawler could visit a URL (rule U2). Each is documented in docs/reasons.md."""

    EMPTY = "empty"
    WHITE_SPACE = "white-space"
    MALFORMED = "malformed"
    UNKNOWN_SCHEME = "unknown-scheme"
    NO_HOST = "no-host"
    BAD_PORT = "bad-port"
    BAD_HOST = "bad-host"
    CREDENTIALS = "credentials"
    TOO_LONG = "too-long"
    RELATIVE_URL = "relative-url"
    LOCAL_FILE = "local-file"
    IMAGE_FILE_MISSING = "image-file-missing"
    FILE_MISSING = "file-missing"
    NO_SCHEME = "no-scheme"
    MARK_UP = "mark-up"
    PLACEHOLDER = "placeholder"
    SEVERAL_URLS = "several-urls"
    NOT_AN_ADDRESS = "not-an-address"


@dataclass(frozen=True, slots=True)
class ExaminedUrl:
    """The result of examining a raw URL.

    `url` is the identity: the normalised URL, or the raw text (lone surrogates replaced, credentials hidden, rule U8)
    where `invalid` says why it cannot be visited. `host` is lower-case ASCII without port and brackets,
    empty where `invalid` is set.
    """

    url: str
    invalid: InvalidReason | None
    warnings: tuple[WarningCode, ...]
    host: str


class _Parts(NamedTuple):
    """A URL taken apart; `path` and `query` are percent-encoded already, `query` is None for none and "" for `/?`."""

    scheme: str
    host: str
    port: int | None
    path: str
    query: str | None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port is None else f":{self.port}"
        query = "" if self.query is None else f"?{self.query}"
        return f"{self.scheme}://{host}{port}{self.path}{query}"


_KEPT_LENGTH = 500
"""Characters of the addresses that are kept in memory for a while."""


class _RefusedError(Exception):
    """No crawler could visit this URL; `reason` says why."""

    def __init__(self, reason: InvalidReason) -> None:
        super().__init__(reason)
        self.reason = reason


def _refuse(reason: InvalidReason) -> NoReturn:
    raise _RefusedError(reason)


def examine(raw: str, base: str | None = None) -> ExaminedUrl:
    """Normalise a URL, or say why it cannot be visited.

    `base` is an absolute URL that relative ones resolve against. Any text is accepted and nothing is
    raised. The result is stable: examining its `url` again gives the same `url`.
    """
    if len(raw) <= _KEPT_LENGTH:
        return _examined_lately(raw, base)
    return _examined(raw, base)


def _examined(raw: str, base: str | None) -> ExaminedUrl:
    raw = _SURROGATE.sub("\ufffd", raw)
    warnings = _warnings(raw)
    try:
        parts = _parse(raw, None if base is None else _parse_base(base))
        url = str(parts)
        if len(url) > LONGEST_URL:
            _refuse(InvalidReason.TOO_LONG)
    except _RefusedError as refusal:
        return ExaminedUrl(url_without_credentials(raw), refusal.reason, warnings, "")
    return ExaminedUrl(url, None, warnings, parts.host)


_examined_lately = lru_cache(maxsize=1024)(_examined)
"""The checks of an article ask for the same few addresses a dozen times."""


def refused(raw: str, reason: InvalidReason) -> ExaminedUrl:
    """The result for a text that is not visited, whatever a browser would make of it."""
    raw = _SURROGATE.sub("\ufffd", raw)
    return ExaminedUrl(raw, reason, _warnings(raw), "")


def _warnings(raw: str) -> tuple[WarningCode, ...]:
    """What is odd about a URL that browsers open all the same (rule U3)."""
    found: list[WarningCode] = []
    if _AMPERSAND_ENTITY.search(raw):
        found.append(WarningCode.URL_HTML_ENTITY)
    if _WHITE_SPACE.search(raw):
        found.append(WarningCode.URL_WHITE_SPACE)
    if has_invisible_characters(raw):
        found.append(WarningCode.URL_INVISIBLE_CHARACTERS)
    return tuple(found)


@lru_cache(maxsize=16)
def _parse_base(base: str) -> _Parts | None:
    try:
        return _parse(_SURROGATE.sub("\ufffd", base), None)
    except _RefusedError:
        return None


def _parse(raw: str, base: _Parts | None) -> _Parts:
    """The URL standard's basic parser, with its states folded into a few splits."""
    if not raw:
        _refuse(InvalidReason.EMPTY)
    if len(raw) > LONGEST_URL:
        _refuse(InvalidReason.TOO_LONG)
    text = raw.strip(_C0_AND_SPACE).translate(_TAB_AND_NEWLINE)
    if not text.strip():
        _refuse(InvalidReason.WHITE_SPACE)
    text = text.partition("#")[0]
    named = _SCHEME.match(text)
    if named is None:
        if base is None:
            _refuse(InvalidReason.RELATIVE_URL)
        return _parse_relative(text, base)
    scheme, rest = named[1].lower(), text[named.end() :]
    if scheme not in _DEFAULT_PORTS:
        _refuse(InvalidReason.UNKNOWN_SCHEME)
    # "http:page" is relative for a base of the same scheme and an absolute URL for any other.
    if base is not None and base.scheme == scheme:
        return _parse_relative(rest, base)
    return _parse_authority(scheme, rest)


def _parse_relative(text: str, base: _Parts) -> _Parts:
    path, query = _split_query(text)
    path = path.replace("\\", "/")
    if path.startswith("//"):
        return _parse_authority(base.scheme, text)
    if not path:
        return base if query is None else base._replace(query=query)
    if not path.startswith("/"):
        path = base.path[: base.path.rindex("/") + 1] + path
    return base._replace(path=_encoded_path(path), query=query)


def _parse_authority(scheme: str, rest: str) -> _Parts:
    rest = rest.lstrip("/\\")
    end = _AUTHORITY_END.search(rest)
    cut = end.start() if end else len(rest)
    path, query = _split_query(rest[cut:])
    userinfo, _, host_and_port = rest[:cut].rpartition("@")
    raw_host, port = _split_port(host_and_port)
    if not raw_host:
        _refuse(InvalidReason.NO_HOST)
    if userinfo not in ("", ":"):
        _refuse(InvalidReason.CREDENTIALS)
    return _Parts(
        scheme,
        _parse_host(raw_host),
        _parse_port(port, scheme),
        _encoded_path(path),
        query,
    )


def _split_port(host_and_port: str) -> tuple[str, str]:
    if not host_and_port.startswith("["):
        host, _, port = host_and_port.partition(":")
        return host, port
    host, closed, after = host_and_port.partition("]")
    if not closed or (after and not after.startswith(":")):
        _refuse(InvalidReason.MALFORMED)
    return host + closed, after[1:]


def _parse_port(digits: str, scheme: str) -> int | None:
    if not digits:
        return None
    significant = digits.lstrip("0")
    if not (digits.isascii() and digits.isdigit()) or len(significant) > len(str(_HIGHEST_PORT)):
        _refuse(InvalidReason.BAD_PORT)
    port = int(significant or "0")
    if not 1 <= port <= _HIGHEST_PORT:
        _refuse(InvalidReason.BAD_PORT)
    return None if port == _DEFAULT_PORTS[scheme] else port


# --------------------------------------------------------------------------------------- hosts


def _parse_host(raw: str) -> str:
    """The host as the standard's host parser gives it: lower-case ASCII, addresses canonical."""
    if raw.startswith("["):
        return _canonical_ipv6(raw[1:-1])
    if _WHITE_SPACE.search(raw):
        _refuse(InvalidReason.WHITE_SPACE)
    host = _domain_to_ascii(unquote_to_bytes(raw).decode("utf-8", "replace"))
    if _FORBIDDEN_IN_DOMAIN.search(host):
        _refuse(InvalidReason.BAD_HOST)
    if _LAST_IS_NUMBER.search(host):
        return _canonical_ipv4(host)
    labels = host.removesuffix(".").split(".")
    if len(host.removesuffix(".")) > LONGEST_NAME or any(
        not 1 <= len(label) <= LONGEST_LABEL for label in labels
    ):
        _refuse(InvalidReason.BAD_HOST)
    return host


def _domain_to_ascii(domain: str) -> str:
    """UTS 46 processing as browsers use it: not transitional, and lenient about ASCII.

    `idna.encode` would apply IDNA 2008 on top and refuse what browsers visit (`_dmarc.test`, emoji).
    """
    if domain.isascii() and "xn--" not in domain.lower():
        return domain.lower()
    try:
        labels = idna.uts46_remap(domain, std3_rules=False).split(".")
        unicode_labels = [_decoded_label(label) for label in labels]
        right_to_left = any(
            unicodedata.bidirectional(character) in {"R", "AL", "AN"}
            for label in unicode_labels
            for character in label
        )
        return ".".join(_encoded_label(label, right_to_left) for label in unicode_labels)
    except (ValueError, OverflowError):
        # UnicodeError and idna's own errors are ValueErrors.
        _refuse(InvalidReason.BAD_HOST)


def _decoded_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    if len(label) > LONGEST_LABEL:
        raise ValueError(label)
    decoded = label[4:].encode("ascii").decode("punycode")
    # A label that needs no punycode, or that mapping would change, is not valid (UTS 46).
    if decoded.isascii() or idna.uts46_remap(decoded, std3_rules=False) != decoded:
        raise ValueError(label)
    return decoded


def _encoded_label(label: str, right_to_left: bool) -> str:
    if not label:
        return label
    if right_to_left:
        idna.check_bidi(label, check_ltr=True)
    if label.isascii():
        return label
    if len(label) > LONGEST_LABEL:
        raise ValueError(label)
    idna.core.check_initial_combiner(label)
    for position, character in enumerate(label):
        if character in "\u200c\u200d" and not idna.core.valid_contextj(label, position):
            raise ValueError(label)
    return "xn--" + label.encode("punycode").decode("ascii")


def _canonical_ipv4(host: str) -> str:
    """Dotted decimal for every spelling that browsers accept (`0x7f.1`, `017700000001`)."""
    spellings = host.removesuffix(".").split(".")
    try:
        *leading, last = [_ipv4_number(spelling) for spelling in spellings]
    except ValueError:
        _refuse(InvalidReason.BAD_HOST)
    room = 4 - len(leading)
    if room < 1 or any(number > _HIGHEST_OCTET for number in leading) or last >= 256**room:
        _refuse(InvalidReason.BAD_HOST)
    return ".".join(map(str, (*leading, *last.to_bytes(room, "big"))))


def _ipv4_number(spelling: str) -> int:
    if spelling.startswith("0x"):
        return int(spelling[2:] or "0", 16) if re.fullmatch(r"0x[0-9a-f]*", spelling) else _nan()
    if not spelling.isdigit():
        return _nan()
    return int(spelling, 8 if spelling.startswith("0") else 10)


def _nan() -> NoReturn:
    raise ValueError("not a number")


def _canonical_ipv6(text: str) -> str:
    if "%" in text:
        # A zone names an interface of this machine; the standard refuses it too.
        _refuse(InvalidReason.BAD_HOST)
    try:
        packed = ipaddress.IPv6Address(text).packed
    except ValueError:
        _refuse(InvalidReason.BAD_HOST)
    # Not str(): Python 3.13 writes mapped IPv4 addresses in dots, the standard never does.
    groups = [f"{packed[at] << 8 | packed[at + 1]:x}" for at in range(0, 16, 2)]
    start, length = max(_zero_runs(groups), key=lambda run: (run[1], -run[0]), default=(0, 0))
    if length <= 1:
        return ":".join(groups)
    return ":".join(groups[:start]) + "::" + ":".join(groups[start + length :])


def _zero_runs(groups: list[str]) -> list[tuple[int, int]]:
    pattern = "".join("0" if group == "0" else "x" for group in groups)
    return [(run.start(), len(run[0])) for run in re.finditer("0+", pattern)]


# ------------------------------------------------------------------------------ path and query


def _encoded_path(path: str) -> str:
    """Dot segments resolved, backslashes turned, everything unsafe percent-encoded; never empty."""
    segments: list[str] = []
    pieces = path.replace("\\", "/").split("/")[1:]
    for piece in pieces:
        lowered = piece.lower()
        if lowered in _TWO_DOTS:
            del segments[-1:]
        elif lowered not in _ONE_DOT:
            segments.append(piece)
    if pieces and pieces[-1].lower() in _ONE_DOT | _TWO_DOTS:
        segments.append("")
    return _PATH_UNSAFE.sub(_percent_encoded, "/" + "/".join(segments))


def _split_query(text: str) -> tuple[str, str | None]:
    """The text before the query, and the query, percent-encoded; None for none."""
    before, has_query, query = text.partition("?")
    return before, _QUERY_UNSAFE.sub(_percent_encoded, query) if has_query else None


def _percent_encoded(unsafe: re.Match[str]) -> str:
    return "".join(f"%{octet:02X}" for octet in unsafe[0].encode())

"""Which encoding a page is in, decided in the order in which browsers decide it (rule M14)."""

from __future__ import annotations

import codecs
from functools import lru_cache

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    to_unicode,
)

FALLBACK = "cp1252"
"""The encoding that browsers assume for an undeclared page that is not UTF-8 (WHATWG, sniffing, Western locale)."""

_ENCODINGS = (
    "utf-8", "utf-16", "utf-32", "ascii", "cp", "iso8859", "koi8", "mac", "gb", "big5", "shift_jis",
    "euc", "iso2022", "johab",
)  # fmt: skip
"""Prefixes of the names of Python's codecs for text on the web."""

_CERTAIN = 40
"""Continuation bytes of well-formed UTF-8 that no text of another encoding holds by chance."""

_PRESCAN = 1024
"""Bytes in which a `<meta charset>` counts (WHATWG, prescan a byte stream)."""


def declared_encoding(body: bytes, content_type: str | None) -> str | None:
    """The Python codec that the page declares: BOM, then `Content-Type`, then `<meta>`; else None.

    A `<meta>` that claims UTF-16 is read as UTF-8, as it could not have been read otherwise
    (WHATWG, prescan, step "UTF-16BE/LE").
    """
    bom, _ = read_bom(body)
    if bom is not None:
        return bom
    header = _encoding_in(content_type)
    if header is not None:
        return header
    meta = html_body_declared_encoding(body[:_PRESCAN])
    if meta is None or not _is_text_codec(meta):
        return None
    # Read last: a body that declares UTF-8 needs no reading.
    if meta == "utf-8" or meta.startswith("utf-16") or _is_unmistakable(body):
        return "utf-8"
    return meta


def _is_unmistakable(body: bytes) -> bool:
    """Whether a body is UTF-8 whatever its `<meta>` says: a page converted on its way (by a proxy, an archive,
    a save) keeps the old `<meta>`. Text of another encoding holds only a few characters of well-formed UTF-8 by
    chance; browsers, which may not look ahead, show such a page broken."""
    if body.isascii():
        return False
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(body, final=False)
    except UnicodeDecodeError:
        return False
    return len(body) - len(text) >= _CERTAIN


def detected_encoding(body: bytes) -> str:
    """The codec of a page that declares none: UTF-8 where the bytes are well-formed, else the fallback.

    A page cut in the middle of a character is still UTF-8.
    """
    try:
        codecs.getincrementaldecoder("utf-8")().decode(body, final=False)
    except UnicodeDecodeError:
        return FALLBACK
    return "utf-8"


def decode(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """The page as text and the codec used; what cannot be decoded becomes U+FFFD. Never raises."""
    encoding = declared_encoding(body, content_type) or detected_encoding(body)
    _, bom = read_bom(body)
    return to_unicode(body[len(bom or b"") :], encoding), encoding


def utf8(body: bytes, content_type: str | None = None) -> bytes:
    """The page as UTF-8 without NUL, as a parser wants it. Never raises."""
    encoding = declared_encoding(body, content_type) or detected_encoding(body)
    if encoding == "utf-8" and b"\x00" not in body and _is_utf8(body):
        return body
    text, _ = decode(body, content_type)
    return text.replace("\x00", "").encode("utf-8", "replace")


def _is_utf8(body: bytes) -> bool:
    """Whether the bytes are well-formed to the end, without a BOM."""
    if body.startswith(codecs.BOM_UTF8):
        return False
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


@lru_cache(maxsize=256)
def _encoding_in(content_type: str | None) -> str | None:
    """The codec that a header names; a crawl sees the same few headers over and over."""
    header = http_content_type_encoding(content_type)
    return header if header is not None and _is_text_codec(header) else None


def _is_text_codec(name: str) -> bool:
    """Whether the codec is an encoding of the web; a page may also name Python's own (`base64`, `idna`,
    `unicode_escape`), which are no encodings of text."""
    return name.startswith(_ENCODINGS)

"""An answer as bytes: status line, headers, codings and framings, also the wrong ones."""

from __future__ import annotations

import gzip
import sys
import zlib
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import brotli

from tests.web.pages import looks_like_image, page, page_of, png, size_of
from tests.web.rules import Answer, Coding, Ending, Framing, Octets

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_HEADER_SIZES = {Coding.GZIP: 10, Coding.DEFLATE: 2, Coding.ZSTD: 4, Coding.BROTLI: 1}
"""Bytes of a corrupt body that a decoder accepts before it fails: all ones are no valid block."""
_NO_BODY = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Asked:
    """The parts of a request that shape its answer; header names are lower case."""

    method: str
    scheme: str
    host: str
    target: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Rendered:
    """The bytes to send: the head, then the pieces; `close` ends the connection after them."""

    head: bytes
    pieces: tuple[bytes, ...]
    close: bool


@dataclass(frozen=True, slots=True)
class _Content:
    status: int
    body: bytes
    type: Octets
    range: str | None = None


def render(asked: Asked, answer: Answer) -> Rendered:
    """The bytes of an answer to a request."""
    content = _negotiated(asked, answer, _content(asked, answer))
    body = content.body
    if answer.coding is not None:
        body = encode(body, answer.coding, corrupt=answer.corrupt)
    bare = content.status in _NO_BODY
    close = (
        not answer.keep_alive
        or answer.framing is Framing.UNTIL_CLOSE
        or answer.ending is not Ending.COMPLETE
        or asked.headers.get("connection", "").lower() == "close"
    )
    headers: list[tuple[Octets, Octets]] = []
    if not bare:
        headers.append(("Content-Type", content.type))
        headers += _framing_headers(answer, len(body))
    if answer.coding is not None:
        headers.append(("Content-Encoding", answer.coding.value))
    if content.range is not None:
        headers.append(("Content-Range", content.range))
    for name, value in (
        ("Location", answer.location),
        ("ETag", answer.etag),
        ("Last-Modified", answer.modified),
        ("Connection", "close" if close else None),
    ):
        if value is not None:
            headers.append((name, value))
    head = _head(content.status, answer, headers)
    if bare or asked.method == "HEAD":
        return Rendered(head, (), close)
    return Rendered(head, _pieces(answer, body), close)


def encode(body: bytes, coding: Coding, *, corrupt: bool = False) -> bytes:
    """The body in that coding; where it is to be corrupt, its data are all ones."""
    if coding is Coding.GZIP:
        coded = gzip.compress(body, mtime=0)
    elif coding is Coding.DEFLATE:
        coded = zlib.compress(body)
    elif coding is Coding.BROTLI:
        coded = bytes(brotli.compress(body))
    else:
        coded = zstd.compress(body)
    if not corrupt:
        return coded
    kept = _HEADER_SIZES[coding]
    return coded[:kept] + b"\xff" * (len(coded) - kept)


def octets(value: Octets) -> bytes:
    """Text as UTF-8, bytes as they are."""
    return value if isinstance(value, bytes) else value.encode("utf-8")


def _content(asked: Asked, answer: Answer) -> _Content:
    """The whole body that the rule names, or the default one."""
    html = "text/html; charset=utf-8"
    if answer.body is not None:
        return _Content(answer.status, octets(answer.body), answer.content_type or html)
    if answer.file is not None:
        return _Content(answer.status, Path(answer.file).read_bytes(), answer.content_type or html)
    size = answer.image
    if answer.status == HTTPStatus.OK and size is None:
        if looks_like_image(asked.target, asked.headers.get("accept", "")):
            size = size_of(asked.target)
        else:
            text = page_of(asked.scheme, asked.host, asked.target)
            return _Content(
                answer.status, text.encode("utf-8", "replace"), answer.content_type or html
            )
    if size is not None:
        return _Content(answer.status, png(*size), answer.content_type or "image/png")
    text = "" if answer.location is not None else page(f"{answer.status} {_reason(answer)}")
    return _Content(answer.status, text.encode("utf-8", "replace"), answer.content_type or html)


def _negotiated(asked: Asked, answer: Answer, content: _Content) -> _Content:
    """The content after the request's conditions and range."""
    if content.status != HTTPStatus.OK:
        return content
    for name, validator in (("if-none-match", answer.etag), ("if-modified-since", answer.modified)):
        if validator is not None and asked.headers.get(name) == validator:
            return _Content(HTTPStatus.NOT_MODIFIED, b"", content.type)
    first, _, last = asked.headers.get("range", "").removeprefix("bytes=").partition("-")
    if not answer.ranges or not first.isascii() or not first.isdigit():
        return content
    start, length = int(first), len(content.body)
    stop = min(int(last) + 1, length) if last.isascii() and last.isdigit() else length
    if start >= length:
        status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
        return _Content(status, b"", content.type, f"bytes */{length}")
    named = f"bytes {start}-{stop - 1}/{length}"
    return _Content(HTTPStatus.PARTIAL_CONTENT, content.body[start:stop], content.type, named)


def _framing_headers(answer: Answer, length: int) -> list[tuple[Octets, Octets]]:
    if answer.ending is Ending.ENDLESS_BODY or answer.framing is Framing.UNTIL_CLOSE:
        return []
    if answer.framing is Framing.LENGTH:
        return [("Content-Length", str(length))]
    return [("Transfer-Encoding", "chunked")]


def _head(status: int, answer: Answer, defaults: list[tuple[Octets, Octets]]) -> bytes:
    given = {octets(name).lower() for name, _ in answer.headers}
    headers = [pair for pair in defaults if octets(pair[0]).lower() not in given]
    lines = [f"HTTP/1.1 {status} {_reason(answer, status)}".encode()]
    lines += [octets(name) + b": " + octets(value) for name, value in (*headers, *answer.headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _reason(answer: Answer, status: int | None = None) -> str:
    if answer.reason is not None:
        return answer.reason
    try:
        return HTTPStatus(status or answer.status).phrase
    except ValueError:
        return "Unknown"


def _pieces(answer: Answer, body: bytes) -> tuple[bytes, ...]:
    """The body cut for dripping and framed."""
    size = answer.drip.size if answer.drip else max(1, len(body))
    cut = [body[at : at + size] for at in range(0, len(body), size)]
    if answer.framing is Framing.CHUNKED_BROKEN:
        return (*(_chunk(piece) for piece in cut), b"no-number\r\n")
    if answer.framing is Framing.CHUNKED:
        return (*(_chunk(piece) for piece in cut), b"0\r\n\r\n")
    return tuple(cut)


def _chunk(piece: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(piece), piece)

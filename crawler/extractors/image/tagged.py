"""TIFF's tagged directories: TIFF files themselves, and EXIF, which is a small TIFF, in JPEG and PNG."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from crawler.extractors.image.prober_answer import (
    Bytes,
    Info,
    Malformed,
    Piece,
    TooShort,
    size,
)

_MOST_ENTRIES = 1_000
_MOST_PAGES = 16
_NEW_SUBFILE, _WIDTH, _HEIGHT, _ORIENTATION, _SUB_DIRECTORIES = 254, 256, 257, 274, 330
_WANTED = frozenset({_NEW_SUBFILE, _WIDTH, _HEIGHT, _ORIENTATION, _SUB_DIRECTORIES})
_REDUCED = 1
_FIELD_BYTES = {1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8}
"""TIFF field types that may hold a whole number: BYTE, SHORT, LONG, IFD, LONG8, IFD8."""

_NO_FRAME = frozenset({0xC4, 0xC8, 0xCC})
_HIERARCHICAL, _LOSSLESS_LS = 0xDE, 0xF7
_FRAMES = frozenset(range(0xC0, 0xD0)) - _NO_FRAME | {_HIERARCHICAL, _LOSSLESS_LS}
"""Markers before a frame's size: SOF0 to SOF15, a hierarchical image's DHP, JPEG-LS's SOF55."""

_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_START_OF_SCAN, _END, _APP1 = 0xDA, 0xD9, 0xE1
_LENGTH_FIELD = 2
_MOST_MARKERS = 5_000

# The next marker's code; garbage before it, stuffed zeros and filling are skipped as decoders do.
_MARKER = re.compile(rb"\xff([^\x00\xff])", re.DOTALL)


def jpeg(data: bytes) -> Info:
    """JPEG: the first frame header of any kind; the thumbnail inside EXIF is stepped over.

    The first EXIF orientation counts, as in browsers. A height of 0, which the file states after the scan (DNL),
    is unknown: decoders refuse it.
    """
    read = Bytes(data)
    position = 2
    orientation: int | None = None
    for _ in range(_MOST_MARKERS):
        found = _MARKER.search(data, position)
        if found is None:
            raise TooShort(len(data) + 1)
        marker, position = found[1][0], found.end()
        if marker in _STANDALONE:
            continue
        if marker in (_START_OF_SCAN, _END):
            break
        length = read.number(position, 2)
        if length < _LENGTH_FIELD:
            break
        if marker in _FRAMES:
            height, width = read.number(position + 3, 2), read.number(position + 5, 2)
            return size("JPEG", width, height, orientation or 1, animated=False)
        if marker == _APP1 and orientation is None:
            segment = read.at(position + 2, length - 2)
            if segment.startswith(b"Exif\x00"):
                orientation = exif_orientation(segment[6:])
        position += length
    raise Malformed


def exif_orientation(data: bytes) -> int | None:
    """The orientation in an EXIF block, from its byte order mark on; None where it has none."""
    try:
        read, start, _ = _tiff_header(data)
        return next((value for tag, value in _entries(read, start) if tag == _ORIENTATION), None)
    except (TooShort, Malformed):
        return None


def tiff(data: bytes, piece: Piece | None = None) -> Info:
    """TIFF and BigTIFF of both byte orders: the first directory that is not a reduced copy of another.

    Where the first is such a copy (NewSubfileType), the next full one counts, in the file's chain or below it.
    """
    read, start, pointer = _tiff_header(data, piece)
    first = _directory(read, start)
    if not first.get(_NEW_SUBFILE, 0) & _REDUCED:
        return _page(first)
    seen = {start}
    waiting = [first.get(_SUB_DIRECTORIES, 0), _next_directory(read, start, pointer)]
    while waiting and len(seen) < _MOST_PAGES:
        start = waiting.pop()
        if start == 0 or start in seen:
            continue
        seen.add(start)
        tags = _directory(read, start)
        if not tags.get(_NEW_SUBFILE, 0) & _REDUCED:
            return _page(tags)
        waiting += [tags.get(_SUB_DIRECTORIES, 0), _next_directory(read, start, pointer)]
    return _page(first)


def _page(tags: dict[int, int]) -> Info:
    if _WIDTH not in tags or _HEIGHT not in tags:
        raise Malformed
    return size("TIFF", tags[_WIDTH], tags[_HEIGHT], tags.get(_ORIENTATION, 1))


def _tiff_header(data: bytes, piece: Piece | None = None) -> tuple[Bytes, int, int]:
    """The reader, where the first directory starts, and how long a pointer is: 4 or 8 (BigTIFF)."""
    orders: dict[bytes, Literal["big", "little"]] = {b"II": "little", b"MM": "big"}
    order = orders.get(data[:2])
    if order is None:
        raise TooShort(8) if len(data) < 2 else Malformed
    read = Bytes(data, order, piece)
    if read.number(2, 2) == 43:
        return read, read.number(8, 8), 8
    return read, read.number(4, 4), 4


def _directory(read: Bytes, start: int) -> dict[int, int]:
    """The wanted tags of a directory; of two equal tags the first counts."""
    tags: dict[int, int] = {}
    for tag, value in _entries(read, start):
        tags.setdefault(tag, value)
    return tags


def _entries(read: Bytes, start: int) -> Iterator[tuple[int, int]]:
    """The wanted tags with a whole number as value, in the directory's order."""
    big = read.number(2, 2) == 43
    head, step, inline = (8, 20, 8) if big else (2, 12, 4)
    count = read.number(start, head)
    if count > _MOST_ENTRIES:
        raise Malformed
    for entry in range(start + head, start + head + count * step, step):
        tag = read.number(entry, 2)
        if tag not in _WANTED:
            continue
        kind, values = read.number(entry + 2, 2), read.number(entry + 4, inline)
        length = _FIELD_BYTES.get(kind)
        if length is None or length > inline:
            continue
        at = entry + 4 + inline
        if (
            values * length > inline
        ):  # several values stand elsewhere; only a pointer's first is wanted
            if tag != _SUB_DIRECTORIES:
                continue
            at = read.number(at, inline)
        yield tag, read.number(at, length)


def _next_directory(read: Bytes, start: int, pointer: int) -> int:
    head, step = (8, 20) if pointer == 8 else (2, 12)
    return read.number(start + head + read.number(start, head) * step, pointer)

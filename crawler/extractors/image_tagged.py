"""JPEG and TIFF: sizes and orientation in tagged structures (EXIF is a small TIFF)."""

from __future__ import annotations

import re
from typing import Literal

from crawler.extractors.image_answer import Bytes, Info, Malformed, TooShort, size

_MOST_ENTRIES = 1_000
_WIDTH, _HEIGHT, _ORIENTATION = 256, 257, 274
_TYPE_BYTES = {1: 1, 3: 2, 4: 4, 16: 8}
"""TIFF field types that may hold a size: BYTE, SHORT, LONG, LONG8."""

_NO_FRAME = frozenset({0xC4, 0xC8, 0xCC})
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_START_OF_SCAN, _END, _APP1 = 0xDA, 0xD9, 0xE1
_LENGTH_FIELD = 2
_MOST_MARKERS = 5_000

# The next marker's code; garbage before it, stuffed zeros and filling are skipped as decoders do.
_MARKER = re.compile(rb"[^\xff]*+(?:\xff++\x00[^\xff]*+)*+\xff++([^\x00\xff])", re.DOTALL)


def tiff(data: bytes) -> Info:
    """TIFF and BigTIFF of both byte orders: the first directory."""
    tags = _directory(data)
    if _WIDTH not in tags or _HEIGHT not in tags:
        raise Malformed
    return size("TIFF", tags[_WIDTH], tags[_HEIGHT], tags.get(_ORIENTATION, 1))


def jpeg(data: bytes) -> Info:
    """JPEG: the first frame header of any kind; the thumbnail inside EXIF is stepped over."""
    read = Bytes(data)
    position, orientation = 2, 1
    for _ in range(_MOST_MARKERS):
        found = _MARKER.match(data, position)
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
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            height, width = read.number(position + 3, 2), read.number(position + 5, 2)
            return size("JPEG", width, height, orientation, animated=False)
        if marker == _APP1 and orientation == 1:
            orientation = _exif(read.at(position + 2, length - 2))
        position += length
    raise Malformed


def _exif(segment: bytes) -> int:
    if not segment.startswith(b"Exif\x00"):
        return 1
    try:
        return _directory(segment[6:]).get(_ORIENTATION, 1)
    except (TooShort, Malformed):
        return 1


def _directory(data: bytes) -> dict[int, int]:
    """The whole-number tags of the first directory."""
    order: Literal["big", "little"] = "little" if data[:2] == b"II" else "big"
    read = Bytes(data, order)
    big = read.number(2, 2) == 43
    start = read.number(8, 8) if big else read.number(4, 4)
    head, step, value_at = (8, 20, 12) if big else (2, 12, 8)
    count = read.number(start, head)
    if count > _MOST_ENTRIES:
        raise Malformed
    tags: dict[int, int] = {}
    for entry in range(start + head, start + head + count * step, step):
        tag, kind = read.number(entry, 2), read.number(entry + 2, 2)
        if tag in (_WIDTH, _HEIGHT, _ORIENTATION) and kind in _TYPE_BYTES:
            tags[tag] = read.number(entry + value_at, _TYPE_BYTES[kind])
        if tag >= _ORIENTATION:
            break
    return tags

"""Formats made of boxes (ISO 14496-12): JPEG 2000 and JPEG XL files here, AVIF and HEIF in `heif`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crawler.extractors.image.jxl import jxl_codestream
from crawler.extractors.image.prober_answer import Bytes, Info, Malformed, TooShort, size
from crawler.extractors.image.raster import jpeg2000_codestream

_MOST_BOXES = 2_000
_ENDLESS = 1 << 40


@dataclass(frozen=True, slots=True)
class Box:
    """A box. `start` and `end` of its payload; the end may lie beyond the bytes so far."""

    name: bytes
    start: int
    end: int


def boxes(read: Bytes, start: int, end: int | None) -> Iterator[Box]:
    """The boxes from `start`, in order; `end` is None for a file's own. Raises Malformed and TooShort."""
    for _ in range(_MOST_BOXES):
        if end is not None and start + 8 > end:
            return
        length, name, header = read.number(start, 4), read.at(start + 4, 4), 8
        if length == 1:
            length, header = read.number(start + 8, 8), 16
        elif length == 0:
            length = (end or _ENDLESS) - start
        if length < header:
            raise Malformed
        yield Box(name, start + header, start + length)
        start += length


def find(read: Bytes, name: bytes, start: int, end: int | None) -> Box:
    """The first box of that name. Raises Malformed where there is none."""
    for box in boxes(read, start, end):
        if box.name == name:
            return box
    raise Malformed


def jpeg2000(data: bytes) -> Info:
    """JPEG 2000 in its container: the header (`jp2h`, `ihdr`), else the codestream itself."""
    read = Bytes(data)
    for box in boxes(read, 0, None):
        if box.name == b"jp2h":
            ihdr = find(read, b"ihdr", box.start, box.end)
            return size("JPEG2000", read.number(ihdr.start + 4, 4), read.number(ihdr.start, 4))
        if box.name == b"jp2c":
            return jpeg2000_codestream(data, box.start)
    raise Malformed


def jxl_container(data: bytes) -> Info:
    """JPEG XL in its container: the codestream, whole (`jxlc`) or in parts of any length (`jxlp`)."""
    read = Bytes(data)
    codestream = b""
    for box in boxes(read, 0, None):
        if box.name not in (b"jxlc", b"jxlp"):
            continue
        codestream += data[box.start + (4 if box.name == b"jxlp" else 0) : box.end]
        try:
            return jxl_codestream(codestream)
        except TooShort:
            if box.end > len(data):
                raise TooShort(len(data) + 1) from None
    raise Malformed

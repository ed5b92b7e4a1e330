"""Formats made of boxes (ISO 14496-12): AVIF, HEIF, JPEG 2000 files and JPEG XL files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crawler.extractors.image_answer import Bytes, Info, Malformed, size
from crawler.extractors.image_jxl import jxl_codestream

_MOST_BOXES = 2_000
_AVIF = (b"avif", b"avis")
_HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"mif2", b"heif")
_MOVING = (b"avis", b"hevc", b"hevx", b"msf1")


@dataclass(frozen=True, slots=True)
class _Box:
    name: bytes
    start: int
    end: int
    """Where the payload starts and ends; the end may lie beyond the bytes so far."""


def brand(data: bytes) -> str | None:
    """`AVIF` or `HEIF` by the brands of `ftyp`; None for another (a film, a sound)."""
    length = min(int.from_bytes(data[:4], "big"), 512)
    brands = [data[8:12], *(data[i : i + 4] for i in range(16, length, 4))]
    if any(one in _AVIF for one in brands):
        return "AVIF"
    return "HEIF" if any(one in _HEIF for one in brands) else None


def heif(data: bytes, kind: str) -> Info:
    """AVIF and HEIF: the primary item's `ispe` with its `clap` and `irot`; else the first track."""
    moves = data[8:12] in _MOVING
    read = Bytes(data)
    for box in _boxes(read, 0, None):
        if box.name == b"meta":
            try:
                width, height, quarter_turns = _primary(read, box)
            except Malformed:  # a film's own `meta` names no picture
                continue
            turned = 6 if quarter_turns % 2 else 1
            return size(kind, width, height, turned, animated=moves)
        if box.name == b"moov":
            return size(kind, *_track(read, box), animated=True)
    raise Malformed


def jpeg2000(data: bytes) -> Info:
    """JPEG 2000 in its container: `jp2h`, `ihdr`."""
    read = Bytes(data)
    header = _find(read, b"jp2h", 0, None)
    ihdr = _find(read, b"ihdr", header.start, header.end)
    return size("JPEG2000", read.number(ihdr.start + 4, 4), read.number(ihdr.start, 4))


def jxl_container(data: bytes) -> Info:
    """JPEG XL in its container: the codestream, whole (`jxlc`) or its first part (`jxlp`)."""
    read = Bytes(data)
    for box in _boxes(read, 0, None):
        if box.name in (b"jxlc", b"jxlp"):
            start = box.start + (4 if box.name == b"jxlp" else 0)
            return jxl_codestream(data, start)
    raise Malformed


def _boxes(read: Bytes, start: int, end: int | None) -> Iterator[_Box]:
    for _ in range(_MOST_BOXES):
        if end is not None and start + 8 > end:
            return
        length, name, header = read.number(start, 4), read.at(start + 4, 4), 8
        if length == 1:
            length, header = read.number(start + 8, 8), 16
        elif length == 0:
            length = (end or 1 << 40) - start
        if length < header:
            raise Malformed
        yield _Box(name, start + header, start + length)
        start += length


def _find(read: Bytes, name: bytes, start: int, end: int | None) -> _Box:
    for box in _boxes(read, start, end):
        if box.name == name:
            return box
    raise Malformed


def _primary(read: Bytes, meta: _Box) -> tuple[int, int, int]:
    """Width, height (before the turn) and quarter turns of the primary item."""
    inside: dict[bytes, _Box] = {}
    for box in _boxes(read, meta.start + 4, meta.end):
        inside[box.name] = box
        if b"pitm" in inside and b"iprp" in inside:
            break
    else:
        raise Malformed
    pitm, iprp = inside[b"pitm"], inside[b"iprp"]
    item = read.number(pitm.start + 4, 4 if read.number(pitm.start, 1) else 2)
    parts = list(_boxes(read, iprp.start, iprp.end))
    properties = [
        box for part in parts if part.name == b"ipco" for box in _boxes(read, part.start, part.end)
    ]
    width = height = turns = 0
    for index in _associated(read, [part for part in parts if part.name == b"ipma"], item):
        if not 0 < index <= len(properties):
            continue
        box = properties[index - 1]
        if box.name == b"ispe":
            width, height = read.number(box.start + 4, 4), read.number(box.start + 8, 4)
        elif box.name == b"clap":
            width, height = _clean_aperture(read, box) or (width, height)
        elif box.name == b"irot":
            turns = read.number(box.start, 1) & 3
    return width, height, turns


def _associated(read: Bytes, tables: list[_Box], item: int) -> Iterator[int]:
    """The property numbers of an item, in the order in which they apply."""
    for table in tables:
        wide_id = read.number(table.start, 1) > 0
        wide_index = read.number(table.start + 3, 1) & 1
        position = table.start + 8
        for _ in range(min(read.number(table.start + 4, 4), _MOST_BOXES)):
            found = read.number(position, 4 if wide_id else 2)
            position += 4 if wide_id else 2
            count = read.number(position, 1)
            position += 1
            step, mask = (2, 0x7FFF) if wide_index else (1, 0x7F)
            if found == item:
                yield from (read.number(position + i * step, step) & mask for i in range(count))
                return
            position += count * step


def _clean_aperture(read: Bytes, box: _Box) -> tuple[int, int] | None:
    values = [read.number(box.start + 4 * i, 4) for i in range(4)]
    if not all(values):
        return None
    return max(1, round(values[0] / values[1])), max(1, round(values[2] / values[3]))


def _track(read: Bytes, moov: _Box) -> tuple[int, int]:
    """The size of the first track that has one (16.16 fixed point, at the end of `tkhd`)."""
    for trak in _boxes(read, moov.start, moov.end):
        if trak.name != b"trak":
            continue
        try:
            header = _find(read, b"tkhd", trak.start, trak.end)
        except Malformed:
            continue
        width, height = read.number(header.end - 8, 4) >> 16, read.number(header.end - 4, 4) >> 16
        if width and height:
            return width, height
    raise Malformed

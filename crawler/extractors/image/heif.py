"""AVIF and HEIF (ISO 23008-12): the primary item and its properties, else the first track."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from crawler.extractors.image.boxes import Box, boxes, find
from crawler.extractors.image.prober_answer import Bytes, Info, Malformed, Piece, size

_AVIF = (b"avif", b"avis")
_HEIF = (
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1", b"mif2",
    b"heif", b"miaf", b"avci", b"avcs", b"vvic", b"vvis", b"j2ki", b"j2is", b"jpeg", b"jpgs",
)  # fmt: skip
_MOVING = (
    b"avis", b"hevc", b"hevx", b"hevm", b"hevs", b"msf1", b"avcs", b"vvis", b"j2is", b"jpgs",
)  # fmt: skip
_LONGEST_BRANDS = 512

_ORIENTATIONS = ((1, 4, 2), (8, 5, 7), (3, 2, 4), (6, 7, 5))
"""EXIF's orientation by quarter turns (anticlockwise) and then no mirror, top to bottom, left to right."""


@dataclass(frozen=True, slots=True)
class _Picture:
    """An item by its properties: stored size, size after the crop, turns and mirror (0, 1 or 2)."""

    width: int = 0
    height: int = 0
    clean: tuple[int, int] | None = None
    turns: int = 0
    mirror: int = 0


def brand(data: bytes) -> str | None:
    """`AVIF` or `HEIF` by the brands of `ftyp`; None for another (a film, a sound)."""
    length = min(int.from_bytes(data[:4], "big"), _LONGEST_BRANDS)
    brands = [data[8:12], *(data[i : i + 4] for i in range(16, length, 4))]
    if any(one in _AVIF for one in brands):
        return "AVIF"
    return "HEIF" if any(one in _HEIF for one in brands) else None


def heif(data: bytes, kind: str, piece: Piece | None = None) -> Info:
    """AVIF and HEIF: `ispe`, `clap`, `irot` and `imir` of the primary item; of a film its first track.

    EXIF does not turn them (ISO 23008-12, 6.5.10 and annex A).
    """
    moves = data[8:12] in _MOVING
    read = Bytes(data, piece=piece)
    for box in boxes(read, 0, None):
        if box.name == b"meta":
            try:
                picture = _primary(read, box, kind)
            except Malformed:  # a film's own `meta` names no picture
                continue
            orientation = _ORIENTATIONS[picture.turns][picture.mirror]
            info = size(kind, picture.width, picture.height, orientation, animated=moves)
            if info.width is None or picture.clean is None:
                return info
            return replace(info, clean=picture.clean)
        if box.name == b"moov":
            return _track(read, box, kind)
    raise Malformed


def _primary(read: Bytes, meta: Box, kind: str) -> _Picture:
    inside: dict[bytes, Box] = {}
    for box in boxes(read, meta.start + 4, meta.end):
        inside.setdefault(box.name, box)
        if b"pitm" in inside and b"iprp" in inside:
            break
    else:
        raise Malformed
    pitm, iprp = inside[b"pitm"], inside[b"iprp"]
    item = read.number(pitm.start + 4, 4 if read.number(pitm.start, 1) else 2)
    parts = list(boxes(read, iprp.start, iprp.end))
    container = next((part for part in parts if part.name == b"ipco"), None)
    properties = list(boxes(read, container.start, container.end)) if container else []
    tables = [part for part in parts if part.name == b"ipma"]
    numbers = [n for n in _associated(read, tables, item) if 0 < n <= len(properties)]
    picture = _apply(read, [properties[number - 1] for number in numbers], kind)
    if not picture.width:
        width, height = _grid(read, meta, item)
        return _Picture(width, height, None, picture.turns, picture.mirror)
    return picture


def _apply(read: Bytes, properties: list[Box], kind: str) -> _Picture:
    """The picture after its properties in their order: a crop after a quarter turn crops the turned picture."""
    width = height = turns = mirror = 0
    clean: tuple[int, int] | None = None
    for box in properties:
        if box.name == b"ispe":
            width, height = read.number(box.start + 4, 4), read.number(box.start + 8, 4)
        elif box.name == b"clap":
            room = (height, width) if turns % 2 else (width, height)
            crop = _clean_aperture(read, box)
            if kind == "AVIF" and not _is_cut_at_the_end(read, box, room):
                crop = None
            if crop is not None and crop[0] <= room[0] and crop[1] <= room[1]:
                clean = (crop[1], crop[0]) if turns % 2 else crop
        elif box.name == b"irot":
            turns = turns + read.number(box.start, 1) & 3
        elif box.name == b"imir":
            mirror = 1 + (read.number(box.start, 1) & 1)
    return _Picture(width, height, clean, turns, mirror)


def _is_cut_at_the_end(read: Bytes, box: Box, room: tuple[int, int]) -> bool:
    """Whether a crop takes whole pixels off the right and the bottom alone: Chromium applies no other crop."""
    values = [read.number(box.start + 4 * i, 4, signed=i in (4, 6)) for i in range(8)]
    for side, below, shift, shifted_by, whole in (
        (*values[0:2], *values[4:6], room[0]),
        (*values[2:4], *values[6:8], room[1]),
    ):
        if not below or side % below or not shifted_by:
            return False
        # The offset is that of the crop's middle from the picture's (ISO 14496-12, 12.1.4).
        if 2 * shift != (side // below - whole) * shifted_by:
            return False
    return True


def _clean_aperture(read: Bytes, box: Box) -> tuple[int, int] | None:
    """Width and height that the crop leaves, to the nearest pixel."""
    values = [read.number(box.start + 4 * i, 4) for i in range(4)]
    if not all(values):
        return None
    width, rest = divmod(values[0], values[1])
    height, more = divmod(values[2], values[3])
    return max(1, width + (2 * rest >= values[1])), max(1, height + (2 * more >= values[3]))


def _associated(read: Bytes, tables: list[Box], item: int) -> Iterator[int]:
    """The property numbers of an item, in the order in which they apply."""
    for table in tables:
        id_bytes = 4 if read.number(table.start, 1) else 2
        step, mask = (2, 0x7FFF) if read.number(table.start + 3, 1) & 1 else (1, 0x7F)
        position = table.start + 8
        for _ in range(read.number(table.start + 4, 4)):
            found, count = (
                read.number(position, id_bytes),
                read.number(position + id_bytes, 1),
            )
            position += id_bytes + 1
            if found == item:
                yield from (read.number(position + i * step, step) & mask for i in range(count))
                return
            position += count * step


def _grid(read: Bytes, meta: Box, item: int) -> tuple[int, int]:
    """The size of an item without `ispe` that is composed of others: its own data holds it (`grid`)."""
    inside: dict[bytes, Box] = {}
    for box in boxes(read, meta.start + 4, meta.end):
        inside.setdefault(box.name, box)
    if b"iloc" not in inside or _item_type(read, inside.get(b"iinf"), item) != b"grid":
        raise Malformed
    in_idat, offset = _item_place(read, inside[b"iloc"], item)
    if in_idat:
        if b"idat" not in inside:
            raise Malformed
        offset += inside[b"idat"].start
    side = 4 if read.number(offset + 1, 1) & 1 else 2
    return read.number(offset + 4, side), read.number(offset + 4 + side, side)


def _item_type(read: Bytes, iinf: Box | None, item: int) -> bytes | None:
    if iinf is None:
        return None
    start = iinf.start + (8 if read.number(iinf.start, 1) else 6)
    for entry in boxes(read, start, iinf.end):
        id_bytes = 4 if read.number(entry.start, 1) > 2 else 2
        if read.number(entry.start + 4, id_bytes) == item:
            return read.at(entry.start + 6 + id_bytes, 4)
    return None


def _item_place(read: Bytes, iloc: Box, item: int) -> tuple[bool, int]:
    """Whether an item's data stands in `idat`, and where its first piece starts."""
    version = read.number(iloc.start, 1)
    offset_bytes, length_bytes, base_bytes, index_bytes = (
        nibble for byte in read.at(iloc.start + 4, 2) for nibble in (byte >> 4, byte & 15)
    )
    id_bytes = 4 if version > 1 else 2
    index_bytes = index_bytes if version else 0
    count_at = iloc.start + 6
    position = count_at + id_bytes
    for _ in range(read.number(count_at, id_bytes)):
        found = read.number(position, id_bytes)
        position += id_bytes
        in_idat = version > 0 and read.number(position, 2) & 15 == 1
        position += (2 if version else 0) + 2
        base = read.number(position, base_bytes) if base_bytes else 0
        position += base_bytes
        extents = read.number(position, 2)
        position += 2
        if found == item:
            piece = position + index_bytes
            return in_idat, base + (read.number(piece, offset_bytes) if offset_bytes else 0)
        position += extents * (index_bytes + offset_bytes + length_bytes)
    raise Malformed


def _track(read: Bytes, moov: Box, kind: str) -> Info:
    """The first track with a size (16.16 fixed point, at the end of `tkhd`, behind its matrix)."""
    for trak in boxes(read, moov.start, moov.end):
        if trak.name != b"trak":
            continue
        try:
            header = find(read, b"tkhd", trak.start, trak.end)
        except Malformed:
            continue
        if header.end - header.start < 44:
            continue
        matrix, sides = header.end - 44, header.end - 8
        width, height = read.number(sides, 4) >> 16, read.number(sides + 4, 4) >> 16
        if width and height:
            a, b, c, d = (read.number(matrix + 4 * i, 4) for i in (0, 1, 3, 4))
            sideways = a == d == 0 and b != 0 and c != 0
            return size(kind, width, height, 6 if sideways else 1, animated=True)
    raise Malformed

"""Sizes of the raster formats whose headers are plain records: PNG, GIF, BMP, ICO, PSD, WebP, JPEG 2000."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.extractors.image.prober_answer import STEPS, Bytes, Info, Malformed, TooShort, size
from crawler.extractors.image.tagged import exif_orientation

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST_CHUNKS = 1_000
_GIF_EXTENSION, _GIF_IMAGE, _GIF_TRAILER = 0x21, 0x2C, 0x3B
_GIF_APPLICATION = 0xFF
_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_GIF_PALETTE = 0x80
_MOST_BLOCKS = 3_000
_MOST_ICONS = 256
_ICON_HEADER = 24
_BITMAP_HEADERS = frozenset({40, 52, 56, 108, 124})
"""Lengths of the headers with which a bitmap in an icon may begin; its own file header is left out."""
_LARGEST_ICON = 4_096
_BMP_FILE_HEADER = 14
_OS2_HEADER = 12


def png(data: bytes) -> Info:
    """PNG and APNG, by the chunks before the picture's own data (IDAT).

    An `eXIf` chunk there turns the picture, in Chrome since 2024 and Firefox since 2025 (w3c/png issues 447
    and 522) and in Safari; behind the data it does not (w3c/csswg-drafts issue 4929).
    """
    read = Bytes(data)
    # Apple's variant puts a chunk of its own, 16 bytes long, before the header.
    start = 32 if read.at(12, 4) == b"CgBI" else 16
    if read.at(start - 4, 4) != b"IHDR":
        raise Malformed
    width, height = read.number(start, 4), read.number(start + 4, 4)
    orientation: int | None = None
    moves: bool | None = None
    try:
        for name, at, length in _png_chunks(read):
            if name == b"acTL":
                moves = read.number(at, 4) > 1
            elif name == b"eXIf" and orientation is None:
                orientation = exif_orientation(read.at(at, length))
            elif name == b"IDAT":
                moves = moves or False
                break
    except TooShort as short:
        known = size("PNG", width, height, orientation or 1, animated=moves)
        raise TooShort(short.total, known) from None
    return size("PNG", width, height, orientation or 1, animated=moves)


def _png_chunks(read: Bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start of the data and its length of the chunks, in order."""
    position = len(_PNG_SIGNATURE)
    for _ in range(_MOST_CHUNKS):
        length, name = read.number(position, 4), read.at(position + 4, 4)
        if name == b"IEND":
            return
        yield name, position + 8, length
        position += 12 + length


def gif(data: bytes) -> Info:
    """GIF: the size of the logical screen, enlarged where the first frame reaches beyond it.

    Chrome (Wuffs) and Pillow also enlarge it; Firefox shows the first frame alone. A GIF is animated if a
    second frame is in the bytes so far, or else if it says how often to loop.
    """
    read = Bytes(data, "little")
    width, height = read.number(6, 2), read.number(8, 2)
    frames, loops, moves = 0, False, None
    try:
        for kind, at in _gif_blocks(read):
            if kind == _GIF_APPLICATION:
                loops = loops or read.at(at + 1, 11) in _GIF_LOOPS
            elif kind == _GIF_TRAILER:
                moves = False
            else:
                frames += 1
                if frames > 1:
                    moves = True
                    break
                left, top, across, down = (read.number(at + 2 * i, 2) for i in range(4))
                width, height = max(width, left + across), max(height, top + down)
    except TooShort as short:
        if frames == 0:
            raise TooShort(short.total, size("GIF", width, height)) from None
    except Malformed:
        pass
    return size("GIF", width, height, animated=True if loops and moves is None else moves)


def _gif_blocks(read: Bytes) -> Iterator[tuple[int, int]]:
    """Application extensions, frames and the end: the kind of each block, and where its fields start."""
    position = 13 + _gif_palette(read, 10)
    for _ in range(_MOST_BLOCKS):
        kind = read.number(position, 1)
        position += 1
        if kind == _GIF_EXTENSION:
            if read.number(position, 1) == _GIF_APPLICATION:
                yield _GIF_APPLICATION, position + 1
            position += 1
        elif kind == _GIF_IMAGE:
            read.at(position, 9)
            yield kind, position
            position += 9 + _gif_palette(read, position + 8) + 1
        elif kind == _GIF_TRAILER:
            yield kind, position
            return
        else:
            raise Malformed
        while length := read.number(position, 1):
            position += 1 + length
        position += 1


def _gif_palette(read: Bytes, flags_at: int) -> int:
    flags = read.number(flags_at, 1)
    return 3 << (flags & 7) + 1 if flags & _GIF_PALETTE else 0


def bmp(data: bytes) -> Info:
    """BMP: the OS/2 header of 12 bytes has short sides; a negative height means top-down.

    In a file of several (OS/2's bitmap array) the first counts.
    """
    read = Bytes(data, "little")
    start = 2 * _BMP_FILE_HEADER if data.startswith(b"BA") else _BMP_FILE_HEADER
    if read.number(start, 4) == _OS2_HEADER:
        return size("BMP", read.number(start + 4, 2), read.number(start + 6, 2))
    width = read.number(start + 4, 4, signed=True)
    height = read.number(start + 8, 4, signed=True)
    return size("BMP", width, abs(height))


def icon(data: bytes) -> Info:
    """ICO and CUR: the picture that is the largest by the directory, in which 0 means 256; its size by its own header, where
    that begins within the first step.

    A PNG inside may be larger than its entry can say; the entry of a bitmap may be 0, or another's.
    """
    read = Bytes(data, "little")
    kind = "ICO" if read.number(2, 2) == 1 else "CUR"
    count = min(read.number(4, 2), _MOST_ICONS)
    entries = [_icon_entry(read, 6 + 16 * index) for index in range(count)]
    width, height, offset = max(entries, key=lambda entry: entry[0] * entry[1])
    try:
        return size(kind, *(_picture_at(read, offset) or (width, height)))
    except TooShort as short:
        raise TooShort(short.total, size(kind, width, height)) from None


def _picture_at(read: Bytes, offset: int) -> tuple[int, int] | None:
    """The size that the header of an icon's picture states; None where it is too far away, or makes no sense."""
    if offset + _ICON_HEADER > STEPS[0]:
        return None
    if read.at(offset, _ICON_HEADER).startswith(_PNG_SIGNATURE):
        sides = read.at(offset + 16, 8)
        across, down = int.from_bytes(sides[:4], "big"), int.from_bytes(sides[4:], "big")
        return (across, down) if across and down else None
    if read.number(offset, 4) not in _BITMAP_HEADERS:
        return None
    width, rows = read.number(offset + 4, 4, signed=True), read.number(offset + 8, 4, signed=True)
    # The picture and below it its mask, one bit a pixel.
    height = rows // 2
    is_sane = 0 < width <= _LARGEST_ICON and 0 < height <= _LARGEST_ICON and rows % 2 == 0
    return (width, height) if is_sane else None


def _icon_entry(read: Bytes, at: int) -> tuple[int, int, int]:
    """Width, height and offset of one picture."""
    sides = read.at(at, 2)
    return sides[0] or 256, sides[1] or 256, read.number(at + 12, 4)


def psd(data: bytes) -> Info:
    """PSD and PSB."""
    read = Bytes(data)
    return size("PSD", read.number(18, 4), read.number(14, 4))


def webp(data: bytes) -> Info:
    """WebP: lossy, lossless or extended (which may be animated).

    Its EXIF stands behind the picture and does not turn it (w3c/csswg-drafts issue 4929).
    """
    read = Bytes(data, "little")
    kind = read.at(12, 4)
    if kind == b"VP8 ":
        if read.at(23, 3) != b"\x9d\x01\x2a":
            raise Malformed
        width, height = read.number(26, 2) & 0x3FFF, read.number(28, 2) & 0x3FFF
        return size("WEBP", width, height, animated=False)
    if kind == b"VP8L":
        if read.at(20, 1) != b"\x2f":
            raise Malformed
        bits = read.number(21, 4)
        return size("WEBP", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, animated=False)
    if kind == b"VP8X":
        moves = bool(read.number(20, 1) & 2)
        return size("WEBP", read.number(24, 3) + 1, read.number(27, 3) + 1, animated=moves)
    raise Malformed


def jpeg2000_codestream(data: bytes, start: int = 0) -> Info:
    """JPEG 2000's codestream at `start`: the SIZ marker's grid without its offset."""
    read = Bytes(data)
    if read.at(start, 4) != b"\xff\x4f\xff\x51":
        raise Malformed
    right, bottom, left, top = (read.number(start + 8 + 4 * i, 4) for i in range(4))
    return size("JPEG2000", right - left, bottom - top)

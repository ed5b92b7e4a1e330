"""Sizes of the raster formats whose headers are plain records: PNG, GIF, BMP, ICO, PSD, WebP, JPEG 2000."""

from __future__ import annotations

from crawler.extractors.image_answer import Bytes, Info, Malformed, size

_PNG_IHDR = 8
_MOST_CHUNKS = 100
_MOST_ICONS = 256
_SMALL_ICON = 8_192
_BITMAP_HEADER = 40


def png(data: bytes) -> Info:
    """PNG and APNG. Whether it moves is known only if `acTL` or `IDAT` is in the bytes so far."""
    read = Bytes(data)
    # Apple's variant puts a chunk of its own, 16 bytes long, before the header.
    start = 32 if read.at(_PNG_IHDR + 4, 4) == b"CgBI" else 16
    width, height = read.number(start, 4), read.number(start + 4, 4)
    return size("PNG", width, height, animated=_png_animated(data))


def _png_animated(data: bytes) -> bool | None:
    position = _PNG_IHDR
    for _ in range(_MOST_CHUNKS):
        name = data[position + 4 : position + 8]
        if name == b"acTL":
            return True
        if name == b"IDAT":
            return False
        if len(name) < 4:
            return None
        position += 12 + int.from_bytes(data[position : position + 4], "big")
    return None


def gif(data: bytes) -> Info:
    """GIF: the logical screen."""
    read = Bytes(data, "little")
    looped = b"NETSCAPE2.0" in data[:1024]
    return size("GIF", read.number(6, 2), read.number(8, 2), animated=True if looped else None)


def bmp(data: bytes) -> Info:
    """BMP: the OS/2 header of 12 bytes has short sides; a negative height means top-down."""
    read = Bytes(data, "little")
    header = read.number(14, 4)
    if header == 12:
        return size("BMP", read.number(18, 2), read.number(20, 2))
    width, height = read.number(18, 4, signed=True), read.number(22, 4, signed=True)
    return size("BMP", abs(width), abs(height))


def icon(data: bytes) -> Info:
    """ICO and CUR: the largest picture; 0 means 256."""
    read = Bytes(data, "little")
    kind = "ICO" if read.number(2, 2) == 1 else "CUR"
    count = min(read.number(4, 2), _MOST_ICONS)
    sizes = [_icon_size(read, 6 + 16 * index) for index in range(count)]
    width, height = max(sizes, key=lambda pair: pair[0] * pair[1], default=(0, 0))
    return size(kind, width, height)


def _icon_size(read: Bytes, entry: int) -> tuple[int, int]:
    sides = read.at(entry, 2)
    length, offset = read.number(entry + 8, 4), read.number(entry + 12, 4)
    # Some writers leave the sides at 0; so few bytes hold a bitmap of 256 pixels by no means.
    if sides == b"\0\0" and length < _SMALL_ICON and read.number(offset, 4) == _BITMAP_HEADER:
        return read.number(offset + 4, 4), read.number(offset + 8, 4) // 2
    return sides[0] or 256, sides[1] or 256


def psd(data: bytes) -> Info:
    """PSD and PSB."""
    read = Bytes(data)
    return size("PSD", read.number(18, 4), read.number(14, 4))


def webp(data: bytes) -> Info:
    """WebP: lossy, lossless or extended (which may move)."""
    read = Bytes(data, "little")
    kind = read.at(12, 4)
    if kind == b"VP8 ":
        if read.at(23, 3) != b"\x9d\x01\x2a":
            raise Malformed
        return size(
            "WEBP", read.number(26, 2) & 0x3FFF, read.number(28, 2) & 0x3FFF, animated=False
        )
    if kind == b"VP8L":
        if read.at(20, 1) != b"\x2f":
            raise Malformed
        bits = read.number(21, 4)
        return size("WEBP", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, animated=False)
    if kind == b"VP8X":
        moves = bool(read.number(20, 1) & 2)
        return size("WEBP", read.number(24, 3) + 1, read.number(27, 3) + 1, animated=moves)
    raise Malformed


def jpeg2000_codestream(data: bytes) -> Info:
    """JPEG 2000 without a container: the SIZ marker's grid without its offset."""
    read = Bytes(data)
    width = read.number(8, 4) - read.number(16, 4)
    height = read.number(12, 4) - read.number(20, 4)
    return size("JPEG2000", width, height)

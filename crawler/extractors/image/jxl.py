"""JPEG XL's codestream header: a size of a few bits (ISO 18181-1, SizeHeader and ImageMetadata)."""

from __future__ import annotations

from crawler.extractors.image.prober_answer import Bytes, Info, Malformed, size

_SIGNATURE = b"\xff\x0a"
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_SIDE_BITS = ((9, 1), (13, 1), (18, 1), (30, 1))
_PREVIEW_BITS = ((6, 1), (8, 65), (10, 321), (12, 1345))
_PREVIEW_EIGHTHS = ((0, 16), (0, 32), (5, 1), (9, 33))
"""The four values of a selector: the number of bits to read, and the number added to their value."""


def jxl_codestream(data: bytes) -> Info:
    """The size, orientation and animation of a codestream. EXIF in its container does not count (ISO 18181-2)."""
    read = Bytes(data)
    if read.at(0, 2) != _SIGNATURE:
        raise Malformed
    bits = _Bits(read, 2)
    width, height = _sides(bits)
    orientation, moves = 1, False
    if not bits.take(1) and bits.take(1):  # not all default, and extra fields
        orientation = bits.take(3) + 1
        if bits.take(1):  # another size that is recommended for display, which no browser obeys
            _sides(bits)
        if bits.take(1):
            _skip_preview(bits)
        moves = bool(bits.take(1))
    return size("JXL", width, height, orientation, animated=moves)


def _sides(bits: _Bits) -> tuple[int, int]:
    eighths = bits.take(1)
    height = (bits.take(5) + 1) * 8 if eighths else bits.choice(_SIDE_BITS)
    ratio = bits.take(3)
    if ratio:
        across, down = _RATIOS[ratio - 1]
        return height * across // down, height
    return ((bits.take(5) + 1) * 8 if eighths else bits.choice(_SIDE_BITS)), height


def _skip_preview(bits: _Bits) -> None:
    choices = _PREVIEW_EIGHTHS if bits.take(1) else _PREVIEW_BITS
    bits.choice(choices)
    if not bits.take(3):
        bits.choice(choices)


class _Bits:
    """Bits from the lowest of each byte up."""

    def __init__(self, read: Bytes, start: int) -> None:
        self._read = read
        self._start = start
        self._position = 0

    def take(self, count: int) -> int:
        """The next bits as a number."""
        end = self._position + count
        raw = self._read.at(self._start, (end + 7) // 8)
        value = int.from_bytes(raw, "little") >> self._position & ((1 << count) - 1)
        self._position = end
        return value

    def choice(self, choices: tuple[tuple[int, int], ...]) -> int:
        """A number behind a selector of two bits."""
        count, added = choices[self.take(2)]
        return self.take(count) + added

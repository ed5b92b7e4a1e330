"""JPEG XL's codestream header: a size of a few bits (ISO 18181-1, SizeHeader and ImageMetadata)."""

from __future__ import annotations

from crawler.extractors.image_answer import Bytes, Info, size

_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_SIDE_BITS = (9, 13, 18, 30)


def jxl_codestream(data: bytes, start: int = 0) -> Info:
    """The size and orientation of a codestream at `start` (its signature `FF 0A` included)."""
    bits = _Bits(Bytes(data), start + 2)
    small = bits.take(1)
    height = (bits.take(5) + 1) * 8 if small else bits.side()
    ratio = bits.take(3)
    if ratio:
        across, down = _RATIOS[ratio - 1]
        width = height * across // down
    else:
        width = (bits.take(5) + 1) * 8 if small else bits.side()
    orientation = 1
    if not bits.take(1) and bits.take(1):  # not all default, and extra fields
        orientation = bits.take(3) + 1
    return size("JXL", width, height, orientation)


class _Bits:
    """Bits from the lowest of each byte up."""

    def __init__(self, read: Bytes, start: int) -> None:
        read.at(start, 1)
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

    def side(self) -> int:
        """A side in pixels: a selector of two bits, then as many as it says, plus one."""
        return self.take(_SIDE_BITS[self.take(2)]) + 1

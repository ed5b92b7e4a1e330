"""What the image prober answers, and the reader of bytes that all formats share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

STEPS = (16 * 1024, 64 * 1024, 256 * 1024)
"""Bytes that are read of an image, at most (RULES 6): 16 KB, then 64, then 256, then unknown."""

_LONGEST_SIDE = 0xFFFFFFFF
_FIRST_SIDEWAYS = 5


@dataclass(frozen=True, slots=True)
class Info:
    """A known image.

    `type` is the upper-case format name (`JPEG`, `PNG`, `GIF`, `WEBP`, `AVIF`, `HEIF`, `SVG`, `BMP`,
    `ICO`, `CUR`, `TIFF`, `JXL`, `JPEG2000`, `PSD`). `width` and `height` are the stored size in
    pixels, None where the bytes do not tell; `orientation` is EXIF's, 1 to 8. `animated` is None
    where it is not known.
    """

    type: str
    width: int | None = None
    height: int | None = None
    orientation: int = 1
    animated: bool | None = None

    @property
    def displayed_width(self) -> int | None:
        """The width that a reader sees: orientations 5 to 8 lie on their side."""
        return self.height if self.orientation >= _FIRST_SIDEWAYS else self.width

    @property
    def displayed_height(self) -> int | None:
        """The height that a reader sees."""
        return self.width if self.orientation >= _FIRST_SIDEWAYS else self.height


@dataclass(frozen=True, slots=True)
class Need:
    """More bytes are wanted: `total` from the start of the file, one of `STEPS`."""

    total: int


@dataclass(frozen=True, slots=True)
class NotAnImage:
    """Something else. `kind` is an upper-case name (`HTML`, `PDF`, `GZIP`, …) or `UNKNOWN`."""

    kind: str


class TooShort(Exception):  # noqa: N818 - an answer on its way, not an error
    """The bytes so far end before the answer; `total` bytes would do."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        self.total = total


class Malformed(Exception):  # noqa: N818 - see TooShort
    """The format is known, its header makes no sense: type known, size unknown."""


def size(
    kind: str, width: int, height: int, orientation: int = 1, *, animated: bool | None = None
) -> Info:
    """An `Info`, its size None where a side is zero or beyond what any format can hold."""
    if not (0 < width <= _LONGEST_SIDE and 0 < height <= _LONGEST_SIDE):
        return Info(kind, animated=animated)
    return Info(kind, width, height, orientation if 1 <= orientation <= 8 else 1, animated)


class Bytes:
    """The bytes so far, read at absolute positions; reading past the end raises `TooShort`."""

    __slots__ = ("_order", "data")

    def __init__(self, data: bytes, order: Literal["big", "little"] = "big") -> None:
        self.data = data
        self._order = order

    def at(self, start: int, length: int) -> bytes:
        """`length` bytes from `start`."""
        end = start + length
        if end > len(self.data):
            raise TooShort(end)
        return self.data[start:end]

    def number(self, start: int, length: int, *, signed: bool = False) -> int:
        """A number in the reader's byte order."""
        return int.from_bytes(self.at(start, length), self._order, signed=signed)

"""The answers of the image prober, and the reader of bytes that all formats share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

STEPS = (16 * 1024, 64 * 1024, 256 * 1024)
"""Most bytes of an image that are read (rule I1): 16 KB, then 64, then 256; after that the size is unknown."""

PIECE = 64 * 1024
"""Bytes of one more piece of an image, where its directory stands behind the data (rule I1)."""

_LONGEST_SIDE = 0xFFFFFFFF
_FIRST_SIDEWAYS = 5
_MOST_READS = 20_000
"""Most reads of one pass over a header (rule B8); a real header takes some hundreds. This bounds the time of
every format, however often its tables repeat or overlap."""


@dataclass(frozen=True, slots=True)
class Info:
    """A known image.

    `type` is the upper-case format name (`JPEG`, `PNG`, `GIF`, `WEBP`, `AVIF`, `HEIF`, `SVG`, `BMP`,
    `ICO`, `CUR`, `TIFF`, `JXL`, `JPEG2000`, `PSD`). `width` and `height` are the stored size in
    pixels, None where the bytes do not hold them; `orientation` is EXIF's, 1 to 8, whatever the format
    calls it. `animated` is None where it is not known. `clean` is the part of the stored size that a
    reader sees, where the file crops itself (`clap` of AVIF and HEIF).
    """

    type: str
    width: int | None = None
    height: int | None = None
    orientation: int = 1
    animated: bool | None = None
    clean: tuple[int, int] | None = None

    @property
    def displayed_width(self) -> int | None:
        """The width that a reader sees: orientations 5 to 8 lie on their side."""
        return self._displayed[0]

    @property
    def displayed_height(self) -> int | None:
        """The height that a reader sees."""
        return self._displayed[1]

    @property
    def _displayed(self) -> tuple[int | None, int | None]:
        width, height = self.clean or (self.width, self.height)
        return (height, width) if self.orientation >= _FIRST_SIDEWAYS else (width, height)


@dataclass(frozen=True, slots=True)
class Need:
    """More bytes are wanted: `total` from the start of the file, one of `STEPS`."""

    total: int


@dataclass(frozen=True, slots=True)
class NotAnImage:
    """No image. `kind` is an upper-case name (`HTML`, `PDF`, `GZIP`, …) or `UNKNOWN`."""

    kind: str


class TooShort(Exception):  # noqa: N818 - an answer on its way, not an error
    """The bytes so far end before the answer; `total` bytes would do.

    `known` is the answer where no more bytes can be had: a PNG's size, though an orientation may still follow. `start` is
    where the next bytes wanted stand, None where all of them up to there are.
    """

    def __init__(self, total: int, known: Info | None = None, start: int | None = None) -> None:
        super().__init__(total)
        self.total = total
        self.known = known
        self.start = start


class Malformed(Exception):  # noqa: N818 - see TooShort
    """The format is known, its header makes no sense: type known, size unknown."""


def size(
    kind: str, width: int, height: int, orientation: int = 1, *, animated: bool | None = None
) -> Info:
    """An `Info`, its size None where a side is zero or beyond what any format can hold."""
    if not (0 < width <= _LONGEST_SIDE and 0 < height <= _LONGEST_SIDE):
        return Info(kind, animated=animated)
    return Info(kind, width, height, orientation if 1 <= orientation <= 8 else 1, animated)


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of a file from `start` on."""

    start: int
    data: bytes


class Bytes:
    """The bytes so far, and those of a piece behind them, read at absolute positions; reading others raises `TooShort`.

    After `_MOST_READS` reads it raises `Malformed`.
    """

    __slots__ = ("_left", "_order", "_piece", "data")

    def __init__(
        self, data: bytes, order: Literal["big", "little"] = "big", piece: Piece | None = None
    ) -> None:
        self.data = data
        self._order = order
        self._piece = piece
        self._left = _MOST_READS

    def at(self, start: int, length: int) -> bytes:
        """`length` bytes from `start`."""
        end = start + length
        data, shift = self.data, 0
        if end > len(data):
            if self._piece is None or start < self._piece.start:
                raise TooShort(end, start=start)
            data, shift = self._piece.data, self._piece.start
            if end - shift > len(data):
                raise TooShort(end, start=start)
        self._left -= 1
        if self._left < 0:
            raise Malformed
        return data[start - shift : end - shift]

    def number(self, start: int, length: int, *, signed: bool = False) -> int:
        """A number in the reader's byte order."""
        return int.from_bytes(self.at(start, length), self._order, signed=signed)

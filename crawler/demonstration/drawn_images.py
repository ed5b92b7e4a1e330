"""Real image files of any size, made without an image library."""

from __future__ import annotations

import struct
import zlib
from functools import cache

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_ONE_BIT_GREY = b"\x01\x00\x00\x00\x00"
"""Bit depth, colour type, compression, filter, interlace (PNG, section 11.2.1)."""
_ROTATED = 6
"""EXIF orientation: the camera stood upright, a viewer turns the picture by 90 degrees."""
_BLOCK = 8


@cache
def png(width: int, height: int) -> bytes:
    """A black PNG of `width` by `height` pixels."""
    row = b"\x00" + bytes((width + 7) // 8)
    return b"".join(
        (
            _PNG_SIGNATURE,
            _chunk(b"IHDR", struct.pack(">II", width, height) + _ONE_BIT_GREY),
            _chunk(b"IDAT", zlib.compress(row * height, 6)),
            _chunk(b"IEND", b""),
        )
    )


@cache
def rotated_jpeg(width: int, height: int) -> bytes:
    """A grey baseline JPEG that is displayed as `width` by `height` and stored rotated by 90 degrees.

    Both Huffman tables hold one code, the single bit 0, for "no difference" and "end of block": a
    flat picture's data are then zero bits, two for each block.
    """
    stored_width, stored_height = height, width
    blocks = -(-stored_width // _BLOCK) * -(-stored_height // _BLOCK)
    bits = "0" * (2 * blocks)
    padded = bits + "1" * (-len(bits) % 8)
    frame = struct.pack(">BHHB", 8, stored_height, stored_width, 1) + b"\x01\x11\x00"
    one_code = bytes([1]) + bytes(15) + b"\x00"
    return b"".join(
        (
            b"\xff\xd8",
            _segment(0xE1, _exif_orientation()),
            _segment(0xDB, b"\x00" + b"\x01" * 64),
            _segment(0xC0, frame),
            _segment(0xC4, b"\x00" + one_code),
            _segment(0xC4, b"\x10" + one_code),
            _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
            int(padded, 2).to_bytes(len(padded) // 8, "big"),
            b"\xff\xd9",
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def _exif_orientation() -> bytes:
    """An EXIF block with one entry (tag 0x0112, one SHORT), big-endian."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, _ROTATED, 0)
    return b"Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01" + entry + bytes(4)

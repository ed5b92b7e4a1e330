"""The made images are real ones."""

from __future__ import annotations

import struct
import zlib

import pytest

from crawler.demonstration.drawn_images import png, rotated_jpeg


@pytest.mark.parametrize(("width", "height"), [(1, 1), (7, 3), (8, 8), (1200, 630)])
def test_a_png_decodes_to_its_size(width: int, height: int) -> None:
    data = png(width, height)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (width, height)
    chunks, place = {}, 8
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        body = data[place + 4 : place + 8 + length]
        (checksum,) = struct.unpack(">I", data[place + 8 + length : place + 12 + length])
        assert zlib.crc32(body) == checksum
        chunks[body[:4]] = body[4:]
        place += 12 + length
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    assert len(zlib.decompress(chunks[b"IDAT"])) == height * (1 + -(-width // 8))


def test_a_rotated_jpeg_is_stored_turned() -> None:
    data = rotated_jpeg(900, 1200)
    segments, place = {}, 2
    while data[place + 1] != 0xDA:
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        segments[marker] = data[place + 4 : place + 2 + length]
        place += 2 + length
    _, stored_height, stored_width, components = struct.unpack(">BHHB", segments[0xC0][:6])
    assert (stored_width, stored_height, components) == (1200, 900, 1)
    tag, kind, count, value = struct.unpack(">HHIH", segments[0xE1][16:26])
    assert (tag, kind, count, value) == (0x0112, 3, 1, 6)
    blocks = (1200 // 8) * -(-900 // 8)
    scan = data[place + 2 + 8 : -2]
    assert len(scan) == -(-2 * blocks // 8)
    assert data[-2:] == b"\xff\xd9"

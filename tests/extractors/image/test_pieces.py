"""Directories that stand behind the data, further on than is read from the beginning; icons against their directories."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.image.header import (
    PIECE,
    STEPS,
    Info,
    Piece,
    probe,
    probe_piece,
    stands_behind,
)
from tests.image_bytes import (
    bitmap,
    box,
    directory,
    heif,
    heif_behind,
    icon,
    ispe,
    moov,
    png,
    tiff_behind,
    track,
)

FAR = 3_000_000
TURNED = box(b"irot", b"\x01")
FOUND = {
    "tiff": (tiff_behind("<", FAR), Info("TIFF", 70, 50)),
    "tiff-big-endian": (tiff_behind(">", FAR), Info("TIFF", 70, 50)),
    "bigtiff": (tiff_behind("<", FAR, is_big=True), Info("TIFF", 70, 50)),
    "bigtiff-big-endian": (tiff_behind(">", FAR, is_big=True), Info("TIFF", 70, 50)),
    "tiff-with-a-tail": (tiff_behind("<", FAR, length=FAR + 500_000), Info("TIFF", 70, 50)),
    "tiff-across-the-last-step": (tiff_behind("<", STEPS[-1] - 10), Info("TIFF", 70, 50)),
    "heif": (
        heif_behind(FAR, heif(ispe(70, 50), brand=b"heic")),
        Info("AVIF", 70, 50, animated=False),
    ),
    "heif-turned": (
        heif_behind(FAR, heif(ispe(70, 50), TURNED)),
        Info("AVIF", 70, 50, 8, animated=False),
    ),
    "heif-wide": (heif_behind(FAR, heif(ispe(70, 50)), wide=True), Info("AVIF", 70, 50, animated=False)),
    "film": (heif_behind(FAR, moov(track(70, 50))), Info("AVIF", 70, 50, animated=True)),
    "heif-two-boxes-between": (
        heif_behind(1_000, heif_behind(FAR, heif(ispe(70, 50)))),
        Info("AVIF", 70, 50, animated=False),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_one_more_piece_tells_the_size(name: str) -> None:
    body, expected = FOUND[name]
    head = body[: STEPS[-1]]
    first = probe(head[: STEPS[0]])
    assert not isinstance(first, Info) or first.width is None
    start = stands_behind(head)
    assert start is not None
    assert start < len(body)
    found = probe_piece(head, Piece(start, body[start : start + PIECE]))
    assert found is not None
    assert (found.width, found.height, found.orientation) == (70, 50, expected.orientation)
    assert found.type in ("TIFF", "AVIF", "HEIF")
    assert found.animated == expected.animated
    assert probe_piece(head, Piece(start, body[start : start + 10])) is None


SMALL_FIRST = (
    b"II*\x00" + struct.pack("<I", FAR)
    + bytes(FAR - 8)
    + directory("<", (254, 4, 1), (256, 3, 7), (257, 3, 5), following=FAR + 1_000).ljust(1_000, b"\x00")
    + directory("<", (256, 3, 70), (257, 3, 50))
)  # fmt: skip


def test_a_reduced_copy_in_the_piece_is_stepped_over() -> None:
    start = stands_behind(SMALL_FIRST[: STEPS[0]])
    assert start == FAR
    found = probe_piece(SMALL_FIRST[: STEPS[0]], Piece(FAR, SMALL_FIRST[FAR:]))
    assert found == Info("TIFF", 70, 50)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        png(70, 50),
        png(70, 50) + struct.pack(">I", 600_000) + b"iCCP" + bytes(99),
        b"\xff\xd8" + (b"\xff\xe2\xff\xff" + bytes(65_533)) * 5,
        heif(ispe(70, 50)),
        b"II*\x00" + struct.pack("<I", 8) + directory("<", (256, 3, 70), (257, 3, 50)),
        b"II*\x00" + struct.pack("<I", 100_000),
        heif(ispe(70, 50))[:20] + struct.pack(">I", 7) + b"mdat" + bytes(99),
        b"<svg",
        b"%PDF-1.7",
        icon(1, (70, 50), start=600_000),
    ],
)
def test_nothing_is_looked_for_behind(body: bytes) -> None:
    assert stands_behind(body[: STEPS[0]]) is None


@given(st.sampled_from(sorted(FOUND)), st.binary(max_size=300), st.integers(0, 1 << 65))
def test_no_piece_raises(name: str, noise: bytes, start: int) -> None:
    head = FOUND[name][0][: STEPS[0]]
    found = probe_piece(head, Piece(start, noise))
    assert found is None or found.width is not None
    mixed = head[:8] + noise
    place = stands_behind(mixed)
    assert place is None or place >= 0


LINE = 22
"""Where the picture of an icon of one begins."""


@pytest.mark.parametrize(
    ("body", "size"),
    [
        (icon(1, (32, 32), data=bitmap(48, 96)), (48, 48)),
        (icon(2, (32, 32), data=bitmap(48, 96)), (48, 48)),
        (icon(1, (0, 0), data=bitmap(64, 128), length=16_936), (64, 64)),
        (icon(1, (0, 0), data=bitmap(48, 96)), (48, 48)),
        (icon(1, (0, 0), data=bitmap(256, 512)), (256, 256)),
        (icon(1, (16, 16), data=bitmap(24, 40, header=124)), (24, 20)),
        (icon(1, (48, 48), data=bitmap(16, 32)), (16, 16)),
        (icon(1, (32, 32), data=png(512, 512)), (512, 512)),
        (icon(1, (16, 16), (32, 32), data=bitmap(48, 96)), (48, 48)),
        # Near misses: what makes no sense is not believed.
        (icon(1, (32, 32), data=bitmap(32, 64)), (32, 32)),
        (icon(1, (32, 32), data=bitmap(0, 64)), (32, 32)),
        (icon(1, (32, 32), data=bitmap(48, -96)), (32, 32)),
        (icon(1, (32, 32), data=bitmap(48, 97)), (32, 32)),
        (icon(1, (32, 32), data=bitmap(9_000, 18_000)), (32, 32)),
        (icon(1, (32, 32), data=bytes(40)), (32, 32)),
        (icon(1, (32, 32), data=png(0, 7)), (32, 32)),
        (icon(1, (32, 32), start=600_000, data=bitmap(48, 96)), (32, 32)),
        (icon(1, (32, 32), data=bitmap(48, 96)[:20]), (32, 32)),
    ],
)  # fmt: skip
def test_an_icon_is_as_large_as_its_bitmap_says(body: bytes, size: tuple[int, int]) -> None:
    found = probe(body, complete=True)
    assert isinstance(found, Info)
    assert (found.width, found.height) == size

"""The image prober beside Pillow and imagesize, on images that Pillow writes."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import imagesize
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps, features

from crawler.extractors.image.header import STEPS, Info, Need, NotAnImage, probe
from tests.strategies.examples import examples

SIDES = st.integers(1, 200)
few = settings(max_examples=examples(12))
"""Few examples, as writing and decoding whole images is slow; there are many kinds instead."""


def save(form: str, width: int, height: int, mode: str = "RGB", **options: Any) -> bytes:
    """An image of noise, so that it does not shrink to nothing."""
    written = io.BytesIO()
    noise = random.Random(1).randbytes(width * height)
    picture = Image.frombytes("L", (width, height), noise).convert(mode)
    picture.save(written, form, **options)
    return written.getvalue()


def exif(order: str, orientation: int) -> Image.Exif:
    block = Image.Exif()
    block.endian = order
    block[0x0112] = orientation
    return block


def moving(form: str, **options: Any) -> Callable[[int, int], bytes]:
    def write(width: int, height: int) -> bytes:
        others = [Image.new("RGB", (width, height), shade) for shade in ("red", "blue")]
        return save(form, width, height, save_all=True, append_images=others, **options)

    return write


def still(form: str, mode: str = "RGB", **options: Any) -> Callable[[int, int], bytes]:
    return lambda width, height: save(form, width, height, mode, **options)


def turned(form: str, order: str, orientation: int) -> Callable[[int, int], bytes]:
    return lambda width, height: save(form, width, height, exif=exif(order, orientation))


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to write an image. `animated` is a prober's answer for the whole file."""

    name: str
    type: str
    write: Callable[[int, int], bytes]
    animated: bool | None = None
    orientation: int = 1
    others: frozenset[str] = field(default_factory=lambda: frozenset({"Pillow", "imagesize"}))


PILLOW = frozenset({"Pillow"})
KINDS = [
    Kind("jpeg", "JPEG", still("JPEG"), animated=False),
    Kind("progressive", "JPEG", still("JPEG", progressive=True, quality=40), animated=False),
    Kind("grey jpeg", "JPEG", still("JPEG", "L", icc_profile=bytes(99_000)), animated=False),
    Kind("cmyk", "JPEG", still("JPEG", "CMYK"), animated=False),
    Kind("mpo", "JPEG", moving("MPO"), animated=False),
    *[
        Kind(f"jpeg {order}{n}", "JPEG", turned("JPEG", order, n), animated=False, orientation=n)
        for order in "<>"
        for n in range(1, 9)
    ],
    Kind("png", "PNG", still("PNG"), animated=False),
    Kind("palette", "PNG", still("PNG", "P", icc_profile=bytes(3_000)), animated=False),
    Kind("apng", "PNG", moving("PNG"), animated=True),
    *[
        Kind(f"png {order}{n}", "PNG", turned("PNG", order, n), False, n, PILLOW)
        for order in "<>"
        for n in (1, 3, 6, 8)
    ],
    Kind("gif", "GIF", still("GIF", "P"), animated=False),
    Kind("gif with a remark", "GIF", still("GIF", "L", comment=bytes(900)), animated=False),
    Kind("moving gif", "GIF", moving("GIF", loop=0), animated=True),
    Kind("moving gif that loops not", "GIF", moving("GIF"), animated=True),
    Kind("webp", "WEBP", still("WEBP"), animated=False),
    Kind("lossless webp", "WEBP", still("WEBP", lossless=True), animated=False),
    Kind("clear webp", "WEBP", still("WEBP", "RGBA"), animated=False),
    Kind("moving webp", "WEBP", moving("WEBP"), animated=True),
    Kind("bmp", "BMP", still("BMP")),
    Kind("bmp of bits", "BMP", still("BMP", "1")),
    Kind("tiff", "TIFF", still("TIFF")),
    Kind("big-endian tiff", "TIFF", still("TIFF", "I;16B")),
    Kind("packed tiff", "TIFF", still("TIFF", compression="packbits")),
    Kind("big tiff", "TIFF", still("TIFF", big_tiff=True), others=PILLOW),
    Kind("tiff of pages", "TIFF", moving("TIFF")),
    Kind("jpeg 2000", "JPEG2000", still("JPEG2000"), others=PILLOW),
    Kind("jpeg 2000 alone", "JPEG2000", still("JPEG2000", no_jp2=True), others=PILLOW),
    *(
        [
            Kind("avif", "AVIF", still("AVIF", speed=10), animated=False, others=PILLOW),
            Kind("moving avif", "AVIF", moving("AVIF", speed=10), animated=True, others=PILLOW),
            *[
                Kind(f"avif {n}", "AVIF", turned("AVIF", "<", n), False, n, PILLOW)
                for n in range(1, 9)
            ],
        ]
        if features.check("avif")
        else []
    ),
]


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
@few
@given(width=SIDES, height=SIDES, cuts=st.lists(st.floats(0, 1), max_size=20))
def test_prober_agrees_at_every_cut(kind: Kind, width: int, height: int, cuts: list[float]) -> None:
    body = kind.write(width, height)
    answer = probe(body, complete=True)
    assert answer == Info(kind.type, width, height, kind.orientation, kind.animated)
    assert isinstance(answer, Info)
    shown = answer.displayed_width, answer.displayed_height
    with Image.open(io.BytesIO(body)) as opened:
        assert ImageOps.exif_transpose(opened).size == shown
    if "imagesize" in kind.others:
        assert imagesize.get(io.BytesIO(body)) == shown
    for cut in cuts:
        # Most cuts fall where the header is.
        early = probe(body[: int(cut**3 * min(len(body), STEPS[-1]))])
        assert isinstance(early, Need | Info)
        if isinstance(early, Info):
            assert (early.type, early.width, early.height) == (kind.type, width, height)
            assert early.orientation == kind.orientation


@few
@given(st.lists(st.integers(1, 256), min_size=1, max_size=4, unique=True), st.booleans())
def test_icon_is_its_largest_picture(sides: list[int], bitmap: bool) -> None:
    largest = max(sides)
    body = save(
        "ICO",
        largest,
        largest,
        "RGBA",
        sizes=[(side, side) for side in sides],
        bitmap_format="bmp" if bitmap else "png",
    )
    assert probe(body, complete=True) == Info("ICO", largest, largest)
    with Image.open(io.BytesIO(body)) as opened:
        assert opened.size == (largest, largest)


@few
@given(SIDES, SIDES, st.integers(1, 8))
def test_exif_of_webp_does_not_turn_it(width: int, height: int, orientation: int) -> None:
    """Chrome does not turn it either: the block stands behind the picture (w3c/csswg-drafts issue 4929)."""
    answer = probe(turned("WEBP", "<", orientation)(width, height), complete=True)
    assert answer == Info("WEBP", width, height, animated=False)


@few
@given(SIDES, SIDES, st.integers(0, 40), st.integers(0, 40))
def test_gif_grows_with_its_first_frame(width: int, height: int, left: int, top: int) -> None:
    body = bytearray(save("GIF", width, height, "L"))
    frame = body.index(b"\x2c" + bytes(4))
    body[frame + 1 : frame + 5] = left.to_bytes(2, "little") + top.to_bytes(2, "little")
    with Image.open(io.BytesIO(body)) as opened:
        size = opened.size
    assert size == (left + width, top + height)
    assert probe(bytes(body), complete=True) == Info("GIF", *size, animated=False)


def test_pillows_documents_are_no_images() -> None:
    assert probe(save("PDF", 7, 5), complete=True) == NotAnImage("PDF")

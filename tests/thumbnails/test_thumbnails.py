"""Rules I13 and I19: `image-bomb` is never decoded; what is decoded, is decoded where it can do no harm."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from crawler.thumbnails import LARGEST_IMAGE, Decoder, thumbnail_of
from crawler.thumbnails import decoder as decoding
from tests.web.pages import png

pytestmark = pytest.mark.process

GIF_BOMB = (
    b"GIF89a\xff\xff\xff\xff\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\xff\xff\xff\xff"
    b"\x00\x02\x08\x84\x8f\xa9\xcb\xed\x0f\xa3\x9c\x00;"
)


def image(
    format_: str, size: tuple[int, int] = (400, 300), mode: str = "RGB", **options: object
) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, 1 if mode in ("1", "P") else None).save(made, format_, **options)
    return made.getvalue()


def exif(orientation: int) -> Image.Exif:
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x010E] = "secret description"
    return made


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (image("JPEG"), (160, 120)),
        (image("JPEG", mode="CMYK"), (160, 120)),
        (image("JPEG", mode="L"), (160, 120)),
        (image("PNG", (300, 600)), (80, 160)),
        (image("PNG", mode="RGBA"), (160, 120)),
        (image("PNG", mode="LA"), (160, 120)),
        (image("PNG", mode="I;16"), (160, 120)),
        (image("PNG", mode="P", transparency=0), (160, 120)),
        (image("GIF", mode="P"), (160, 120)),
        (image("WEBP"), (160, 120)),
        (image("BMP"), (160, 120)),
        (png(40, 30), (40, 30)),
        (image("JPEG", exif=exif(6)), (120, 160)),
    ],
)
def test_an_image_is_made_small_as_readers_see_it(data: bytes, size: tuple[int, int]) -> None:
    made = thumbnail_of(data)
    assert made is not None
    assert (made.width, made.height) == size
    with Image.open(io.BytesIO(made.jpeg)) as opened:
        assert (opened.format, opened.size, opened.mode) == ("JPEG", size, "RGB")


@pytest.mark.slow
def test_fifty_megapixels_are_made_small_within_the_limits() -> None:
    made = thumbnail_of(image("PNG", (10_000, 5_000), "RGBA"))
    assert made is not None
    assert (made.width, made.height) == (160, 80)


def test_nothing_is_kept_of_what_python_compiles(tmp_path: Path) -> None:
    """Kept under the limit of output it would be cut off, and Pillow could never be imported again."""
    command = [sys.executable, "-I", "-X", f"pycache_prefix={tmp_path}", decoding.__file__]
    made = subprocess.run(command, input=image("PNG"), capture_output=True, check=True)
    assert made.stdout.startswith(b"\xff\xd8")
    assert [path for path in tmp_path.rglob("*.pyc") if "PIL" in path.parts] == []


def test_nothing_of_what_a_file_says_comes_along() -> None:
    data = image("JPEG", exif=exif(1), comment=b"secret comment", icc_profile=b"secret profile")
    assert data.count(b"secret") == 3
    made = thumbnail_of(data)
    assert made is not None
    assert b"secret" not in made.jpeg


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(width: int, height: int, pixels: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", header), chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    )


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(GIF_BOMB, id="GIF of 65,535 x 65,535 in 44 bytes"),
        pytest.param(png_of(65_535, 65_535, b""), id="PNG of 4 gigapixels"),
        pytest.param(png(10_000, 5_001), id="just over 50 megapixels"),
        pytest.param(image("JPEG")[:-200], id="cut JPEG"),
        pytest.param(png(400, 300)[:60], id="cut PNG"),
        pytest.param(png_of(400, 300, zlib.compress(b"x")), id="PNG with too few pixels"),
        pytest.param(png_of(400, 300, b"no zlib"), id="PNG with garbled pixels"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", id="SVG"),
        pytest.param(b"<!doctype html><html><body><img>", id="HTML"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", id="EPS"),
        pytest.param(image("TIFF"), id="TIFF"),
        pytest.param(image("ICO", (32, 32)), id="ICO"),
        pytest.param(image("BMP") + bytes(LARGEST_IMAGE), id="over 8 MB"),
    ],
)
def test_what_may_not_or_cannot_be_decoded_has_no_thumbnail(data: bytes) -> None:
    assert thumbnail_of(data) is None


JPEG = image("JPEG", (10, 10))
UNDER_LIMITS = f"""
import resource, runpy, sys
decoder = runpy.run_path({str(decoding.__file__)!r})
decoder["limit"]()
LARGE = {image("JPEG")!r}
def give(jpeg={JPEG!r}):
    sys.stdout.buffer.write(jpeg)
    sys.stdout.buffer.flush()
"""


@pytest.mark.parametrize(
    ("program", "seconds"),
    [
        pytest.param("while True: pass", 1.0, id="it loops"),
        pytest.param("import time; time.sleep(3600)", 1.0, id="it sleeps"),
        pytest.param("bytes(1 << 30); give()", 60.0, id="it takes too much memory"),
        pytest.param(
            "sys.stdout.buffer.write(bytes(1 << 20)); give()", 60.0, id="it writes too much"
        ),
        pytest.param("give(); import os; os.abort()", 60.0, id="it crashes"),
        pytest.param("print('no JPEG')", 60.0, id="it writes something else"),
        pytest.param("give(LARGE)", 60.0, id="what it makes is too large"),
        pytest.param("give(); sys.exit(1)", 60.0, id="it fails"),
    ],
)
def test_a_decoder_that_goes_wrong_ends_and_the_run_goes_on(
    tmp_path: Path, program: str, seconds: float
) -> None:
    source = tmp_path / "decoder.py"
    source.write_text(UNDER_LIMITS + program)
    assert thumbnail_of(JPEG, Decoder(source, seconds)) is None


def test_a_decoder_that_cannot_be_started_gives_nothing(tmp_path: Path) -> None:
    assert thumbnail_of(JPEG, Decoder(tmp_path / "missing.py")) is None


def test_a_decoder_stands_under_its_limits_and_what_it_makes_is_believed(tmp_path: Path) -> None:
    source = tmp_path / "decoder.py"
    source.write_text(
        UNDER_LIMITS
        + f"""
limits = [resource.getrlimit(kind) for kind in (resource.RLIMIT_CPU, resource.RLIMIT_AS)]
if limits == [({decoding.CPU_SECONDS},) * 2, ({decoding.MEMORY},) * 2]:
    give()
"""
    )
    made = thumbnail_of(JPEG, Decoder(source))
    assert made is not None
    assert made.jpeg == JPEG

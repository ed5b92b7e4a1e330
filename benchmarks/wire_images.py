"""Pictures as sites have them, made by a seed: true headers and sizes, noise for pixels.

Lengths are log-normal. Two thirds are JPEG, with the segments that cameras, editors and agencies leave before
the size (EXIF with a thumbnail, XMP, ICC, Photoshop's); the others PNG, WebP, AVIF and GIF. The data behind
the headers is noise, as no prober reads it.
"""

from __future__ import annotations

import json
import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_MEDIAN_BYTES = 95_000
_SPREAD = 0.75
_FEWEST, _MOST = 6_000, 1_500_000
_SIZES = ((1200, 630), (1600, 900), (1024, 576), (800, 600), (2048, 1365), (640, 360), (1920, 1080))
_ICC = (560, 3_144, 3_144, 3_144)
"""sRGB profiles as they are mostly embedded."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One file of the folder, and the size that it states, as displayed."""

    name: str
    width: int
    height: int
    bytes: int


def write_pictures(folder: Path, count: int, seed: int = 5) -> list[Picture]:
    """Write `count` files; the same seed gives the same bytes."""
    made = random.Random(seed)
    pictures = []
    for number in range(count):
        ending, make = made.choices(*zip(*_KINDS, strict=True))[0]
        width, height = made.choice(_SIZES)
        length = round(made.lognormvariate(0, _SPREAD) * _MEDIAN_BYTES)
        body = make(made, width, height, min(max(length, _FEWEST), _MOST))
        name = f"{number:04}.{ending}"
        (folder / name).write_bytes(body)
        pictures.append(Picture(name, width, height, len(body)))
    return pictures


def _jpeg(made: random.Random, width: int, height: int, length: int) -> bytes:
    parts = [b"\xff\xd8", _segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x48\x00\x48\x00\x00")]
    kind = made.random()
    if kind > 0.55:
        parts.append(_segment(0xE1, b"Exif\x00\x00" + _exif(made, thumbnail=kind > 0.8)))
    if kind > 0.7:
        xmp = made.randint(1_500, 9_000) if kind < 0.95 else made.randint(20_000, 60_000)
        parts.append(_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + b" " * xmp))
    if kind > 0.9:
        blocks = made.choice((1, 1, 2)) if kind > 0.97 else 0
        parts += [
            _segment(0xED, b"Photoshop 3.0\x00" + made.randbytes(n))
            for n in (4_000, *[60_000] * blocks)
        ]
    if made.random() < 0.5:
        parts.append(_segment(0xE2, b"ICC_PROFILE\x00\x01\x01" + made.randbytes(made.choice(_ICC))))
    parts.append(_segment(0xDB, b"\x00" + bytes(range(1, 65))))
    frame = struct.pack(">BHHB", 8, height, width, 3) + b"\x01\x22\x00\x02\x11\x00\x03\x11\x00"
    parts.append(_segment(0xC2 if made.random() < 0.4 else 0xC0, frame))
    parts.append(_segment(0xC4, b"\x00" + bytes(16)))
    parts.append(_segment(0xDA, b"\x03\x01\x00\x02\x11\x03\x11\x00\x3f\x00"))
    return _filled(made, b"".join(parts), length - 2) + b"\xff\xd9"


def _exif(made: random.Random, *, thumbnail: bool) -> bytes:
    entries = [(0x0112, 3, 1, 1), (0x011A, 4, 1, 72)]
    table = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    body = b"II*\x00" + struct.pack("<IH", 8, len(entries)) + table + struct.pack("<I", 0)
    return body + made.randbytes(
        made.randint(4_000, 14_000) if thumbnail else made.randint(200, 2_000)
    )


def _segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def _png(made: random.Random, width: int, height: int, length: int) -> bytes:
    head = [
        b"\x89PNG\r\n\x1a\n",
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)),
    ]
    if made.random() < 0.4:
        head.append(_chunk(b"iCCP", b"ICC\x00\x00" + made.randbytes(2_600)))
    start = b"".join(head)
    return (
        start
        + _chunk(b"IDAT", made.randbytes(max(1, length - len(start) - 24)))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, payload: bytes) -> bytes:
    return (
        struct.pack(">I", len(payload))
        + kind
        + payload
        + struct.pack(">I", zlib.crc32(kind + payload))
    )


def _webp(made: random.Random, width: int, height: int, length: int) -> bytes:
    frame = b"\x10\x00\x00\x9d\x01\x2a" + struct.pack("<HH", width, height)
    chunks = b"VP8 " + struct.pack("<I", length - 20) + _filled(made, frame, length - 20)
    if made.random() < 0.5:
        extended = (
            b"\x20\x00\x00\x00"
            + (width - 1).to_bytes(3, "little")
            + (height - 1).to_bytes(3, "little")
        )
        profile = made.randbytes(3_144)
        chunks = b"".join(
            (
                b"VP8X",
                struct.pack("<I", 10),
                extended,
                b"ICCP",
                struct.pack("<I", len(profile)),
                profile,
                chunks,
            )
        )
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def _gif(made: random.Random, width: int, height: int, length: int) -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF7, 0, 0) + made.randbytes(768)
    head += b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x08"
    blocks = max(1, (length - len(head)) // 256)
    return head + b"".join(b"\xff" + made.randbytes(255) for _ in range(blocks)) + b"\x00\x3b"


def _avif(made: random.Random, width: int, height: int, length: int) -> bytes:
    sizes = _box(b"ispe", struct.pack(">III", 0, width, height)) + _box(
        b"pixi", b"\0\0\0\0\3\x08\x08\x08"
    )
    kept = _box(b"ipco", sizes + _box(b"av1C", b"\x81\x04\x0c\x00"))
    held = _box(b"ipma", struct.pack(">IIHB", 0, 1, 1, 3) + b"\x01\x02\x83")
    meta = _box(
        b"meta",
        b"\0\0\0\0"
        + _box(b"hdlr", b"\0" * 8 + b"pict" + b"\0" * 13)
        + _box(b"pitm", b"\0\0\0\0\0\1")
        + _box(b"iinf", b"\0\0\0\0\0\1" + _box(b"infe", b"\2\0\0\0\0\1\0\0av01\0"))
        + _box(b"iprp", kept + held),
    )
    start = _box(b"ftyp", b"avif\0\0\0\0avifmif1miaf") + meta
    return start + _box(b"mdat", made.randbytes(max(1, length - len(start) - 8)))


def _box(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload) + 8) + kind + payload


def _filled(made: random.Random, start: bytes, length: int) -> bytes:
    return start + made.randbytes(max(1, length - len(start)))


_Maker = Callable[[random.Random, int, int, int], bytes]
_KINDS: tuple[tuple[tuple[str, _Maker], int], ...] = (
    (("jpg", _jpeg), 66),
    (("png", _png), 14),
    (("webp", _webp), 12),
    (("avif", _avif), 4),
    (("gif", _gif), 4),
)
"""(ending, maker) and how many of a hundred."""


def write_articles(
    folder: Path, pictures: list[Picture], hosts: int, scheme: str
) -> dict[str, Picture]:
    """Write a collection that names every picture once, twenty to an article; returns the pictures by URL."""
    folder.mkdir()
    by_url = {
        f"{scheme}://host-{n % hosts}.images.test/{one.name}": one for n, one in enumerate(pictures)
    }
    rows = list(by_url.items())
    for at in range(0, len(rows), 20):
        lines = ["---", f"title: Article {at // 20}", "images:"]
        for url, one in rows[at : at + 20]:
            lines += [
                f"  - url: {json.dumps(url)}",
                f"    width: {one.width}",
                f"    height: {one.height}",
            ]
        (folder / f"{at // 20:04}.md").write_text("\n".join([*lines, "---", ""]), encoding="utf-8")
    (folder / ".linkhealth.yml").write_text("retries: 0\n", encoding="utf-8")
    return by_url

from __future__ import annotations

import json
import random
import struct
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.image_header import (
    FINGERPRINTED,
    STEPS,
    Info,
    Need,
    NotAnImage,
    fingerprint,
    probe,
    sniff,
    to_facts,
)
from crawler.model.observation import ImageFacts
from tests.time_limits import cpu_limit


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + b"CRC_"


def png(width: int, height: int, *more: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">II5B", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more)


def ifd(order: str, *entries: tuple[int, int, int]) -> bytes:
    head = (b"II*\x00" if order == "<" else b"MM\x00*") + struct.pack(order + "I", 8)
    body = struct.pack(order + "H", len(entries))
    for tag, kind, value in entries:
        packed = struct.pack(order + ("H2x" if kind == 3 else "I"), value)
        body += struct.pack(order + "HHI", tag, kind, 1) + packed
    return head + body


def big_tiff(order: str) -> bytes:
    head = (b"II+\x00" if order == "<" else b"MM\x00+") + struct.pack(order + "HHQ", 8, 0, 16)
    body = struct.pack(order + "Q", 2)
    for tag, value in ((256, 70), (257, 50)):
        body += struct.pack(order + "HHQQ", tag, 16, 1, value)
    return head + body


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def jpeg(*before: bytes, sof: int = 0xC0, width: int = 70, height: int = 50) -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 3) + bytes(9)
    return b"\xff\xd8" + b"".join(before) + segment(sof, frame)


def exif(order: str, orientation: int) -> bytes:
    return segment(0xE1, b"Exif\x00\x00" + ifd(order, (274, 3, orientation)))


def box(name: bytes, *parts: bytes, length: int | None = None) -> bytes:
    data = b"".join(parts)
    return struct.pack(">I", 8 + len(data) if length is None else length) + name + data


def heif(
    *properties: bytes,
    brand: bytes = b"avif",
    wide: bool = False,
    item: int = 1,
    size: int | None = None,
) -> bytes:
    indices = range(1, len(properties) + 1)
    number = ">I" if wide else ">H"
    entry = struct.pack(number, item) + bytes([len(properties)])
    entry += b"".join(struct.pack(">H", 0x8000 | n) if wide else bytes([0x80 | n]) for n in indices)
    other = struct.pack(number, 9) + b"\x01" + (b"\x00\x01" if wide else b"\x01")
    flags = b"\x01\x00\x00\x01" if wide else bytes(4)
    ipma = box(b"ipma", flags, struct.pack(">I", 2), other, entry)
    pitm = box(b"pitm", bytes([wide, 0, 0, 0]), struct.pack(number, 1))
    meta = box(b"meta", bytes(4), pitm, box(b"iprp", box(b"ipco", *properties), ipma), length=size)
    return box(b"ftyp", brand, bytes(4), b"mif1") + meta


def ispe(width: int, height: int) -> bytes:
    return box(b"ispe", bytes(4), struct.pack(">II", width, height))


def clap(width: int, height: int, below: int = 1) -> bytes:
    return box(b"clap", struct.pack(">8I", width, below, height, below, 0, 1, 0, 1))


def track(width: int, height: int) -> bytes:
    return box(b"trak", box(b"tkhd", bytes(76), struct.pack(">II", width << 16, height << 16)))


def moov(*parts: bytes) -> bytes:
    return box(b"ftyp", b"avis", bytes(4), b"avif") + box(b"moov", *parts)


def bits(*fields: tuple[int, int]) -> bytes:
    value = position = 0
    for number, count in fields:
        value |= number << position
        position += count
    return b"\xff\x0a" + value.to_bytes(12, "little")


def icon(kind: int, *sizes: tuple[int, int], data: bytes = b"", length: int = 90_000) -> bytes:
    start = 6 + 16 * len(sizes)
    entries = b"".join(struct.pack("<8BII", w, h, *bytes(6), length, start) for w, h in sizes)
    return struct.pack("<HHH", 0, kind, len(sizes)) + entries + data


def riff(name: bytes, data: bytes) -> bytes:
    return b"RIFF" + bytes(4) + b"WEBP" + name + struct.pack("<I", len(data)) + data


def bmp(width: int, height: int) -> bytes:
    return b"BM" + bytes(12) + struct.pack("<Iii", 40, width, height)


SMALL_BITMAP = struct.pack("<III", 40, 16, 32)
JXL_70_50 = bits((0, 1), (0, 2), (49, 9), (0, 3), (0, 2), (69, 9), (1, 1))
JXL_BOX = b"\x00\x00\x00\x0cJXL \r\n\x87\n"
JP2_BOX = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
IHDR_2000 = box(b"ihdr", struct.pack(">II", 50, 70), bytes(6))

SIZED = [
    ("png", png(70, 50), Info("PNG", 70, 50)),
    ("apng", png(70, 50, chunk(b"acTL", bytes(8))), Info("PNG", 70, 50, animated=True)),
    ("still png", png(70, 50, chunk(b"gAMA", b"x"), chunk(b"IDAT", b"")), Info("PNG", 70, 50, animated=False)),
    ("many chunks", png(70, 50, *[chunk(b"tEXt", b"")] * 200), Info("PNG", 70, 50)),
    ("apple png", png(70, 50)[:8] + chunk(b"CgBI", bytes(4)) + png(70, 50)[8:], Info("PNG", 70, 50)),
    ("empty png", png(0, 50), Info("PNG")),
    ("gif", b"GIF89a" + struct.pack("<HH", 70, 50), Info("GIF", 70, 50)),
    ("moving gif", b"GIF87a" + struct.pack("<HH", 70, 50) + b"...NETSCAPE2.0", Info("GIF", 70, 50, animated=True)),
    ("jpeg", jpeg(), Info("JPEG", 70, 50, animated=False)),
    ("progressive", jpeg(segment(0xFE, b"x" * 99), sof=0xC2), Info("JPEG", 70, 50, animated=False)),
    ("tables first", jpeg(segment(0xC4, b"x" * 9), segment(0xCC, b"x")), Info("JPEG", 70, 50, animated=False)),
    ("garbage and filling", jpeg(segment(0xFE, b""), b"\x00\xff\x00\x07\xff\xff\xff\x01"), Info("JPEG", 70, 50, animated=False)),
    ("thumbnail", jpeg(segment(0xE1, b"Exif\x00\x00" + jpeg(width=9))), Info("JPEG", 70, 50, animated=False)),
    ("exif little", jpeg(exif("<", 6)), Info("JPEG", 70, 50, 6, animated=False)),
    ("exif big", jpeg(exif(">", 8)), Info("JPEG", 70, 50, 8, animated=False)),
    ("exif nonsense", jpeg(exif(">", 99)), Info("JPEG", 70, 50, animated=False)),
    ("exif cut", jpeg(segment(0xE1, b"Exif\x00\x00II*\x00\xff\xff\xff\xff")), Info("JPEG", 70, 50, animated=False)),
    ("exif long", jpeg(segment(0xE1, b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff")), Info("JPEG", 70, 50, animated=False)),
    ("xmp", jpeg(segment(0xE1, b"http://ns")), Info("JPEG", 70, 50, animated=False)),
    ("no frame", b"\xff\xd8\xff\xda\x00\x02", Info("JPEG")),
    ("short segment", b"\xff\xd8\xff\xe0\x00\x01", Info("JPEG")),
    ("webp lossy", riff(b"VP8 ", b"xxx\x9d\x01\x2a" + struct.pack("<HH", 70, 50)), Info("WEBP", 70, 50, animated=False)),
    ("webp lossless", riff(b"VP8L", b"\x2f" + struct.pack("<I", 69 | 49 << 14)), Info("WEBP", 70, 50, animated=False)),
    ("webp moving", riff(b"VP8X", b"\x02\0\0\0" + b"\x45\0\0" + b"\x31\0\0"), Info("WEBP", 70, 50, animated=True)),
    ("webp lossy bad", riff(b"VP8 ", bytes(20)), Info("WEBP")),
    ("webp lossless bad", riff(b"VP8L", bytes(20)), Info("WEBP")),
    ("webp unknown", riff(b"VP9 ", bytes(20)), Info("WEBP")),
    ("bmp", bmp(70, 50), Info("BMP", 70, 50)),
    ("bmp top-down", bmp(70, -50), Info("BMP", 70, 50)),
    ("bmp os/2", b"BM" + bytes(12) + struct.pack("<IHH", 12, 70, 50), Info("BMP", 70, 50)),
    ("ico", icon(1, (16, 16), (70, 50)), Info("ICO", 70, 50)),
    ("ico large", icon(1, (0, 0), (70, 50)), Info("ICO", 256, 256)),
    ("ico lazy", icon(1, (0, 0), data=SMALL_BITMAP, length=99), Info("ICO", 16, 16)),
    ("cur", icon(2, (70, 50)), Info("CUR", 70, 50)),
    ("psd", b"8BPS\x00\x01" + bytes(8) + struct.pack(">II", 50, 70), Info("PSD", 70, 50)),
    ("tiff little", ifd("<", (256, 3, 70), (257, 4, 50), (274, 3, 6)), Info("TIFF", 70, 50, 6)),
    ("tiff big", ifd(">", (256, 3, 70), (257, 4, 50), (300, 3, 6)), Info("TIFF", 70, 50)),
    ("tiff odd type", ifd(">", (256, 2, 70), (257, 4, 50)), Info("TIFF")),
    ("tiff empty", ifd("<"), Info("TIFF")),
    ("big tiff little", big_tiff("<"), Info("TIFF", 70, 50)),
    ("big tiff big", big_tiff(">"), Info("TIFF", 70, 50)),
    ("avif", heif(ispe(70, 50)), Info("AVIF", 70, 50, animated=False)),
    ("avif to the end", heif(ispe(70, 50), size=0), Info("AVIF", 70, 50, animated=False)),
    ("heif wide", heif(ispe(70, 50), brand=b"heic", wide=True), Info("HEIF", 70, 50, animated=False)),
    ("avif turned", heif(ispe(70, 50), box(b"irot", b"\x01")), Info("AVIF", 70, 50, 6, animated=False)),
    ("avif upside down", heif(ispe(70, 50), box(b"irot", b"\x02")), Info("AVIF", 70, 50, animated=False)),
    ("avif cropped", heif(ispe(70, 50), clap(120, 80, 2)), Info("AVIF", 60, 40, animated=False)),
    ("avif crop of nothing", heif(ispe(70, 50), clap(0, 0)), Info("AVIF", 70, 50, animated=False)),
    ("avif no property", heif(ispe(70, 50), item=3), Info("AVIF", animated=False)),
    ("avif moving", moov(box(b"mvhd"), box(b"trak"), track(0, 0), track(70, 50)), Info("AVIF", 70, 50, animated=True)),
    ("avif no track", moov(), Info("AVIF", animated=None)),
    ("avif nothing", box(b"ftyp", b"avif", bytes(4)) + box(b"free", length=4), Info("AVIF")),
    ("avif film", heif(brand=b"avis")[:24] + box(b"meta", bytes(4)) + box(b"moov", track(70, 50)), None),
    ("avif long box", heif(ispe(70, 50))[:20] + struct.pack(">I4sQ", 1, b"free", 16) + heif(ispe(70, 50))[20:], Info("AVIF", 70, 50, animated=False)),
    ("jxl", JXL_70_50, Info("JXL", 70, 50)),
    ("jxl small", bits((1, 1), (5, 5), (0, 3), (7, 5), (1, 1)), Info("JXL", 64, 48)),
    ("jxl ratio", bits((1, 1), (5, 5), (3, 3), (1, 1)), Info("JXL", 64, 48)),
    ("jxl turned", bits((1, 1), (5, 5), (3, 3), (0, 1), (1, 1), (5, 3)), Info("JXL", 64, 48, 6)),
    ("jxl plain", bits((1, 1), (5, 5), (3, 3), (0, 1), (0, 1)), Info("JXL", 64, 48)),
    ("jxl box", JXL_BOX + box(b"jxlc", JXL_70_50), Info("JXL", 70, 50)),
    ("jxl part", JXL_BOX + box(b"jxlp", bytes(4), JXL_70_50), Info("JXL", 70, 50)),
    ("jpeg 2000", JP2_BOX + box(b"jp2h", IHDR_2000), Info("JPEG2000", 70, 50)),
    ("jpeg 2000 bare", b"\xff\x4f\xff\x51" + bytes(4) + struct.pack(">4I", 75, 60, 5, 10), Info("JPEG2000", 70, 50)),
    ("jpeg 2000 empty", JP2_BOX + box(b"jp2h"), Info("JPEG2000")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "expected"), [row[1:] for row in SIZED], ids=[r[0] for r in SIZED]
)
def test_header_gives_type_and_size(body: bytes, expected: Info | None) -> None:
    if expected is not None:
        assert probe(body, complete=True) == expected
    else:
        answer = probe(body, complete=True)
        assert isinstance(answer, Info)
        assert answer.type == "AVIF"


@pytest.mark.parametrize("body", [row[1] for row in SIZED], ids=[r[0] for r in SIZED])
def test_cut_header_asks_for_more_and_never_changes_its_mind(body: bytes) -> None:
    final = probe(body)
    assert isinstance(final, Info | Need)
    for length in range(len(body)):
        answer = probe(body[:length])
        assert not isinstance(answer, NotAnImage)
        if isinstance(answer, Info) and isinstance(final, Info):
            assert (answer.type, answer.width, answer.height) == (
                final.type,
                final.width,
                final.height,
            )


def test_long_header_goes_through_the_steps_and_ends_as_unknown() -> None:
    start = jpeg(*[segment(0xE2, bytes(60_000))] * 8)
    wanted, seen = [], 0
    while isinstance(answer := probe(start[:seen]), Need):
        wanted.append(answer.total)
        seen = answer.total
    assert wanted == list(STEPS)
    assert answer == Info("JPEG")


def test_answer_beyond_the_last_step_is_not_waited_for() -> None:
    far = b"II*\x00" + struct.pack("<I", 10_000_000)
    assert probe(far) == Info("TIFF")


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ('<svg width="70" height="50">', (70, 50)),
        ("<svg width='70px' height='50.4'/>", (70, 50)),
        ('<svg width="1in" height="72pt">', (96, 96)),
        ('<svg viewBox="0 0 70 50">', (70, 50)),
        ('<svg viewBox="0,0,70,50" width="140">', (140, 100)),
        ('<svg viewBox="0 0 70 50" height="100">', (140, 100)),
        ('<svg width="100%" height="100%" viewBox="0 0 70 50">', (70, 50)),
        ('<svg width="0" height="-1" viewBox="0 0 70 50">', (70, 50)),
        ('<svg stroke-width="9" width="70" height="50">', (70, 50)),
        ('<svg viewBox="0 0 0 50">', (None, None)),
        ('<svg viewBox="a b c d">', (None, None)),
        ('<svg viewBox="0 0 70">', (None, None)),
        ('<svg width="." height="50">', (None, None)),
        ('<svg width="70">', (None, None)),
        ('<svg width="1e9" height="1e9" viewBox="0 0 1 1e9">', (10**9, 10**9)),
        ('<svg width="1e9" viewBox="0 0 1 2">', (None, None)),
        ("<svg>", (None, None)),
        ('\ufeff<?xml version="1.0"?>\n<!-- <html> -->\n<svg width="70" height="50">', (70, 50)),
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg:svg width="70" height="50">', (70, 50)),
    ],
)
def test_svg_root_gives_the_size(text: str, size: tuple[int | None, int | None]) -> None:
    answer = probe(text.encode(), complete=True)
    assert isinstance(answer, Info)
    assert (answer.type, answer.width, answer.height) == ("SVG", *size)


def test_svg_in_utf_16() -> None:
    for codec, bom in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        body = bom + '<svg width="70" height="50">'.encode(codec)
        assert probe(body) == Info("SVG", 70, 50)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", Need(STEPS[0])),
        ("<", Need(STEPS[0])),
        ("<?xml version", Need(STEPS[0])),
        ("<!-- begins", Need(STEPS[0])),
        ('<svg width="7', Need(STEPS[0])),
        ("<!doctype html><svg>", NotAnImage("HTML")),
        ("<html><body><svg width='1' height='1'>", NotAnImage("HTML")),
        ("<rss version='2'><channel></channel></rss>", NotAnImage("TEXT")),
    ],
)
def test_text_that_may_become_an_svg(text: str, answer: object) -> None:
    assert probe(text.encode()) == answer


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (b"", NotAnImage("UNKNOWN")),
        (b"<svg width=", Info("SVG")),
        (b"<!-- <p> only a comment", NotAnImage("TEXT")),
        (b"<?xml version='1.0'?>", NotAnImage("XML")),
        (b"\x89PNG\r\n\x1a\n", Info("PNG")),
        (b"\x89PN\x01", NotAnImage("UNKNOWN")),
        (b"\x00\x00\x01\x00" + bytes(30), NotAnImage("UNKNOWN")),
        (box(b"ftyp", b"isom", bytes(4)), NotAnImage("MP4")),
        (b"BM not a bitmap, just words", NotAnImage("TEXT")),
    ],
)
def test_whole_file_gets_a_final_answer(body: bytes, answer: object) -> None:
    assert probe(body, complete=True) == answer


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "GZIP"),
        (b"  \n<!DOCTYPE HTML PUBLIC", "HTML"),
        (b"<!-- x --><html>", "HTML"),
        (b"<?xml version='1.0'?><html xmlns=''>", "HTML"),
        (b"\xff\xfe" + "<html>".encode("utf-16-le"), "HTML"),
        (b"<?xml version='1.0'?><rss>", "XML"),
        (b'{"error": 404}', "JSON"),
        (b"Not found", "TEXT"),
        (b"\x00\x01\x02", None),
        (b"", None),
    ],
)
def test_what_is_no_image_is_named(head: bytes, kind: str | None) -> None:
    assert sniff(head) == kind


@pytest.mark.parametrize(
    ("result", "facts"),
    [
        (Info("JPEG", 70, 50, 6), ImageFacts("JPEG", 50, 70, 9, 3, 70, 50)),
        (Info("JPEG", 70, 50, 3), ImageFacts("JPEG", 70, 50, 9, 3, 70, 50)),
        (Info("GIF", 7, 5, animated=True), ImageFacts("GIF", 7, 5, 9, 3, 7, 5, animated=True)),
        (Info("JPEG"), ImageFacts("JPEG", None, None, 9, 3)),
        (NotAnImage("HTML"), ImageFacts("HTML", None, None, 9, 3)),
        (NotAnImage("UNKNOWN"), ImageFacts(None, None, None, 9, 3)),
        (Need(5), ImageFacts(None, None, None, 9, 3)),
    ],
)
def test_facts_show_the_displayed_size(result: Info | Need | NotAnImage, facts: ImageFacts) -> None:
    assert to_facts(result, total_bytes=9, bytes_read=3) == facts


@pytest.mark.parametrize(
    ("content_type", "served"),
    [("image/JPEG; q=1", "image/jpeg"), (" image/png ", "image/png"), ("", None), (None, None)],
)
def test_served_type_is_the_media_type_alone(content_type: str | None, served: str | None) -> None:
    facts = to_facts(Info("JPEG"), total_bytes=9, bytes_read=3, content_type=content_type)
    assert facts.served_type == served


def test_one_content_has_one_fingerprint() -> None:
    body = bytes(range(256)) * 9
    whole = fingerprint(body, len(body))
    assert whole is not None
    assert fingerprint(body[:FINGERPRINTED], len(body)) == whole, "however much has come"
    assert fingerprint(body, len(body) + 1) != whole
    assert fingerprint(b"x" + body[1:], len(body)) != whole
    assert fingerprint(body[:9], 9) not in (None, whole)


@pytest.mark.parametrize(("head", "total"), [(b"abc", None), (b"abc", 4), (b"", 2_000)])
def test_too_little_has_no_fingerprint(head: bytes, total: int | None) -> None:
    assert fingerprint(head, total) is None


@given(st.binary(max_size=400), st.sampled_from([row[1] for row in SIZED]), st.data())
def test_no_bytes_raise(noise: bytes, body: bytes, data: st.DataObject) -> None:
    probe(noise)
    cut = data.draw(st.integers(0, len(body)))
    mixed = body[:cut] + noise + body[cut + data.draw(st.integers(0, 8)) :]
    for complete in (False, True):
        assert isinstance(probe(mixed, complete=complete), Info | Need | NotAnImage)


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xd8" + b"\xff\x01" * 200_000,
        b"\xff\xd8\xff" + b"\xff" * 300_000,
        b"\xff\xd8\xff\x01" + b"\xff\x00" * 200_000,
        b"\xff\xd8" + b"\xff\xe2\x00\x02" * 80_000,
        b"<!--" * 80_000,
        b"<?" * 150_000,
        b"<!DOCTYPE svg [" * 20_000,
        b"<svg a='" * 40_000,
        b"<svg " + b"width " * 50_000 + b">",
        b"<svg" + b" width=" * 40_000 + b"''>",
        b" " * 300_000,
        b"<!-- - " * 40_000,
        png(1, 1, *[chunk(b"tEXt", b"")] * 20_000),
        heif(*[box(b"free")] * 255),
        box(b"ftyp", b"avif", bytes(4)) + box(b"free") * 30_000,
        b"\x00\x00\x01\x00\xff\xff" + bytes(300_000),
    ],
    ids=range(16),
)
def test_hostile_header_costs_little_time(body: bytes) -> None:
    began = time.process_time()
    probe(body)
    sniff(body)
    assert time.process_time() - began < cpu_limit(0.1)


def _rows(shared: Path) -> list[dict[str, object]]:
    index = shared / "images" / "index.jsonl"
    return [json.loads(line) for line in index.read_text(encoding="utf-8").splitlines()]


@pytest.mark.shared_data
def test_real_images_are_measured(shared: Path) -> None:
    right = total = 0
    for row in _rows(shared):
        if not row["decodes"] or "disp" not in row or row["type"] == "TIFF":
            continue  # the index turns TIFF files twice; see benchmarks/measure_images.py
        body = (shared / "images" / str(row["path"])).read_bytes()
        answer = probe(body, complete=True)
        total += 1
        if isinstance(answer, Info):
            right += [answer.displayed_width, answer.displayed_height] == row["disp"]
    assert total > 200
    assert right >= 0.96 * total


@pytest.mark.shared_data
def test_mutated_real_images_never_raise_and_stay_fast(shared: Path) -> None:
    chance = random.Random(20240501)
    slowest = 0.0
    for row in _rows(shared):
        with (shared / "images" / str(row["path"])).open("rb") as file:
            body = file.read(STEPS[0])
        for _ in range(20):
            changed = bytearray(body)
            for _ in range(chance.randint(1, 12)):
                changed[chance.randrange(min(len(changed), 600))] = chance.randrange(256)
            began = time.process_time()
            probe(bytes(changed), complete=chance.random() < 0.5)
            slowest = max(slowest, time.process_time() - began)
    assert slowest < cpu_limit(0.1)

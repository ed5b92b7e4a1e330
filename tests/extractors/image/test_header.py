from __future__ import annotations

import gzip
import json
import random
import struct
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.image.header import (
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
from tests.image_bytes import SIZED, box, chunk, exif, heif, icon, jpeg, png, segment
from tests.image_mutations import answers, mutations
from tests.time_limits import cpu_limit

NAMES = [row[0] for row in SIZED]
XHTML = (
    b"<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' ''>"
    b"<html xmlns='http://www.w3.org/1999/xhtml'><body><svg width='70' height='50'/></body></html>"
)


@pytest.mark.parametrize(("body", "expected"), [row[1:] for row in SIZED], ids=NAMES)
def test_header_gives_type_and_size(body: bytes, expected: Info) -> None:
    assert probe(body, complete=True) == expected


@pytest.mark.parametrize("body", [row[1] for row in SIZED], ids=NAMES)
def test_cut_header_asks_for_more_and_never_changes_its_mind(body: bytes) -> None:
    final = probe(body, complete=True)
    assert isinstance(final, Info)
    for length in (*range(min(len(body), 2_000)), *range(2_000, len(body), 997)):
        answer = probe(body[:length])
        assert not isinstance(answer, NotAnImage)
        if isinstance(answer, Info):
            assert answer.type == final.type
            assert shown(answer) == shown(final)


def shown(answer: Info) -> tuple[object, ...]:
    return (
        answer.displayed_width,
        answer.displayed_height,
        answer.width,
        answer.height,
        answer.orientation,
    )


def test_long_header_goes_through_the_steps_and_ends_as_unknown() -> None:
    start = jpeg(*[segment(0xE2, bytes(60_000))] * 8)
    wanted, seen = [], 0
    while isinstance(answer := probe(start[:seen]), Need):
        wanted.append(answer.total)
        seen = answer.total
    assert wanted == list(STEPS)
    assert answer == Info("JPEG")


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (b"II*\x00" + struct.pack("<I", 10_000_000), Info("TIFF")),
        (heif()[:20] + struct.pack(">I", 600_000) + b"mdat" + bytes(99), Info("AVIF")),
        (png(70, 50) + struct.pack(">I", 600_000) + b"iCCP" + bytes(99), Info("PNG", 70, 50)),
        (icon(1, (70, 50), start=600_000), Info("ICO", 70, 50)),
    ],
    ids=["tiff", "avif", "png", "ico"],
)
def test_answer_beyond_the_last_step_is_not_waited_for(body: bytes, answer: Info) -> None:
    assert probe(body) == answer


def test_exif_beyond_the_last_step_leaves_the_size_unknown() -> None:
    body = jpeg(*[segment(0xE2, bytes(60_000))] * 5, exif("<", 6))
    assert list(answers(body)) == [Need(STEPS[1]), Need(STEPS[2]), Info("JPEG")]


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
        ('<svg width="1em" height="2ex"/>', (16, 16)),
        ('<svg width="2rem" height="1pc">', (32, 16)),
        ('<svg width="2.54cm" height="25.4mm">', (96, 96)),
        ('<svg width="101.6q" height="96PX">', (96, 96)),
        ('<svg width="70vw" height="50">', (None, None)),
        ('<svg width="100%" height="100">', (None, None)),
        ('<svg width="100%" height="100" viewBox="0 0 70 50">', (140, 100)),
        ('<svg width="70" height="50" viewBox="0 0 1 1" width="9">', (70, 50)),
        ('<svg viewbox="0 0 70 50">', (70, 50)),
        ("<svg data-x=' width=\"9\" ' width=\"70\"height=\"50\">", (70, 50)),
        ("<svg onclick='a > b' width='70' height='50'>", (70, 50)),
        ('<svg width=70 height="50">', (None, None)),
        ('<!DOCTYPE svg [<!ENTITY w "7"><!ENTITY w "9">]><svg width="&w;0" height="5&no;0">', (70, 50)),
        ('<!DOCTYPE svg [<!ENTITY a "]>"><!-- ]> " --><?a ]>?>]><svg width="70" height="50">', (70, 50)),
        ('<!DOCTYPE svg:svg PUBLIC "-//>//" \'>\'><svg:svg width="70" height="50">', (70, 50)),
        ('<svg width="1e9" height="1e9" viewBox="0 0 1 1e9">', (10**9, 10**9)),
        ('<svg width="1e9" viewBox="0 0 1 2">', (None, None)),
        ("<svg>", (None, None)),
        ('\ufeff<?xml version="1.0"?>\n<!-- <html> -->\n<svg width="70" height="50">', (70, 50)),
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg:svg width="70" height="50">', (70, 50)),
    ],
)  # fmt: skip
def test_svg_root_gives_the_size(text: str, size: tuple[int | None, int | None]) -> None:
    answer = probe(text.encode(), complete=True)
    assert isinstance(answer, Info)
    assert (answer.type, answer.width, answer.height) == ("SVG", *size)


def test_svg_in_utf_16() -> None:
    for codec, bom in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        body = bom + '<svg width="70" height="50">'.encode(codec)
        assert probe(body) == Info("SVG", 70, 50)
        assert probe(body.removeprefix(bom)) == Info("SVG", 70, 50), "without a byte order mark"


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (gzip.compress(b"<html><svg width='70' height='50'>"), NotAnImage("GZIP")),
        (gzip.compress(jpeg()), NotAnImage("GZIP")),
        (gzip.compress(b""), NotAnImage("GZIP")),
        (gzip.compress(b"<!-- " + bytes(500_000)), NotAnImage("GZIP")),
        (b"\x1f\x8bno gzip at all", NotAnImage("GZIP")),
    ],
    ids=["html", "jpeg", "nothing", "bomb", "noise"],
)
def test_gzip_is_an_image_only_as_svgz(body: bytes, answer: object) -> None:
    assert probe(body, complete=True) == answer


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
        (b"\n" + jpeg(), NotAnImage("UNKNOWN")),
        (XHTML, NotAnImage("HTML")),
        (b"<?xml version='1.0'><html>", NotAnImage("HTML")),
        (b"\xff\xfe" + XHTML.decode().encode("utf-16-le"), NotAnImage("HTML")),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'>", NotAnImage("TEXT")),
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
        (Info("AVIF", 70, 50, 6, clean=(60, 40)), ImageFacts("AVIF", 40, 60, 9, 3, 70, 50)),
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
        b"<!DOCTYPE svg [<!ENTITY a " * 9_000,
        b"<!DOCTYPE svg [" + b"<!ENTITY a 'b'>" * 15_000,
        b"<!DOCTYPE svg " + b"[" * 250_000,
        b"<??>" * 65_000,
        b"<!---->" * 37_000,
        b"<svg " + b"a=''" * 65_000 + b">",
        b"<svg " + b"a" * 250_000 + b">",
        b"<svg " + b"a=' " * 60_000 + b"'>",
        b"<svg " + b'a="\'" ' * 40_000 + b">",
        b"<svg width='" + b" " * 250_000 + b"!'>",
        b"<svg viewBox='" + b" 1" * 100_000 + b"'>",
        gzip.compress(b"<!-- " * 60_000),
        b"GIF89a" + bytes(7) + b"!\xfe" + b"\x01a" * 120_000,
        b"GIF89a" + bytes(7) + b"!\xfe\x00" * 80_000,
        png(1, 1, *[chunk(b"tEXt", b"")] * 20_000),
        heif(*[box(b"free")] * 255, tables=4_000),
        heif(*[box(b"free")] * 255, claims=0xFFFFFFFF, tables=4_000),
        b"II*\x00\x08\x00\x00\x00" + b"\xe8\x03\xfe\x00\x04\x00\x01\x00\x00\x00\x01\x00" * 20_000,
        heif(*[box(b"free")] * 255),
        box(b"ftyp", b"avif", bytes(4)) + box(b"free") * 30_000,
        b"\x00\x00\x01\x00\xff\xff" + bytes(300_000),
    ],
    ids=range(33),
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
    assert right >= 0.97 * total


@pytest.mark.shared_data
def test_real_svg_files_are_measured(shared: Path) -> None:
    """The files of image-size's own tests are all made for one size."""
    files = sorted((shared / "images" / "image-size+image-size" / "specs").rglob("valid/svg/*.svg"))
    assert len(files) > 10
    for file in files:
        assert probe(file.read_bytes(), complete=True) == Info("SVG", 123, 456), file.name


def check_spoilt(bodies: list[bytes], count: int, seed: int) -> None:
    """Check that no spoilt body raises an exception or takes a slow step."""
    slowest = 0.0
    for body in mutations(bodies, count, seed):
        began = time.process_time()
        steps = list(answers(body))
        slowest = max(slowest, (time.process_time() - began) / len(steps))
        assert all(isinstance(step, Need) for step in steps[:-1])
        assert len(steps) <= len(STEPS)
    assert slowest < cpu_limit(0.1)


def test_spoilt_headers_never_raise_and_stay_fast() -> None:
    check_spoilt([row[1] for row in SIZED], 4_000, seed=1)


@pytest.mark.shared_data
def test_spoilt_real_images_never_raise_and_stay_fast(shared: Path) -> None:
    bodies = []
    for row in _rows(shared):
        with (shared / "images" / str(row["path"])).open("rb") as file:
            bodies.append(file.read(STEPS[0]))
    check_spoilt(bodies, 4_000, seed=2)


@given(st.sampled_from([row[1] for row in SIZED]), st.integers())
def test_spoilt_header_never_changes_its_mind(body: bytes, seed: int) -> None:
    """Once a size is answered, more bytes do not change it; a type does not change even before."""
    (spoilt,) = mutations([body], 1, seed)
    spoilt = spoilt[: STEPS[0]]
    chance = random.Random(seed)
    told: Info | None = None
    for length in sorted(chance.randrange(len(spoilt) + 1) for _ in range(12)):
        answer = probe(spoilt[:length])
        if told is not None:
            assert isinstance(answer, Info)
            assert answer.type == told.type
            assert told.width is None or shown(answer) == shown(told)
        elif isinstance(answer, Info):
            told = answer

"""Rules I1 and I2: when an image is asked for by ranges, and what is made of the answers."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.exceptions import StopDownload
from scrapy.http import Headers, Response

from crawler.extractors.image.prober_answer import PIECE, STEPS
from crawler.fetching.answer import Answer, BodyEnd
from crawler.fetching.image_ranges import Ranges
from crawler.fetching.observing import answered
from crawler.fetching.requests import build_request
from crawler.fetching.visit import LinkVisit
from crawler.model.link import DueLink
from crawler.transport.body_budget import BodyBudget
from crawler.transport.content_range import Part
from crawler.transport.transfer import PartAsked
from tests.fetching.test_observing import NOW
from tests.image_bytes import heif, heif_behind, ispe, tiff_behind
from tests.web import png

IMAGE = DueLink(1, "http://a.test/1.png", "a.test", wants_image=True)
PAGE = replace(IMAGE, wants_image=False)
PICTURE = png(30, 20) + b"\x00" * 100_000
OFFER = {"Accept-Ranges": "bytes", "Content-Type": "image/png"}
HTML = b"<!doctype html><html><head><title>Sorry</title></head>" + b" " * 20_000


def jpeg(before: int, length: int = 300_000) -> bytes:
    """A JPEG whose size stands behind so many bytes of metadata."""
    parts = [b"\xff\xd8"]
    while before > 0:
        size = min(before, 60_000)
        parts.append(b"\xff\xe1" + (size + 2).to_bytes(2, "big") + b"\x00" * size)
        before -= size
    parts.append(b"\xff\xc0\x00\x11\x08\x00\x14\x00\x1e\x03\x01\x22\x00\x02\x11\x00\x03\x11\x00")
    start = b"".join(parts)
    return start + b"\x01" * (length - len(start))


class Origin:
    """One origin, asked as the spider asks: each request is answered by the next of `answers`."""

    def __init__(self, *, offers: bool = True, wanted: bool = True) -> None:
        self.ranges = Ranges(wanted=wanted)
        self.budget = BodyBudget(60.0)
        self.asked: list[dict[str, str]] = []
        if offers:
            self.visit(LinkVisit.of(IMAGE), (200, OFFER, png(3, 2)))
            self.asked.clear()

    def visit(self, visit: LinkVisit, *answers: tuple[int, dict[str, str], bytes]) -> Answer:
        for number, (status, headers, body) in enumerate(answers, 1):
            self.ranges.prepare(visit)
            sent = build_request(visit, user_agent="us")
            asked = sent.headers.to_unicode_dict()
            self.asked.append({name: asked[name] for name in asked if name in RANGED})
            answer = self._answer(visit, sent, status, headers, body)
            if not self.ranges.goes_on(visit, answer):
                assert number == len(answers), "fewer requests than answers"
                return answer
        raise AssertionError("one request more")

    def _answer(
        self, visit: LinkVisit, sent: Any, status: int, headers: dict[str, str], body: bytes
    ) -> Answer:
        visit.transfer.status = status
        given = Headers(headers)
        came, flags = b"", []
        try:
            self.budget.headers_received(given, len(body), sent)
            for at in range(0, len(body), 5_000):
                came += body[at : at + 5_000]
                self.budget.bytes_received(body[at : at + 5_000], sent)
        except StopDownload:
            flags = ["download_stopped"]
        return Answer.of(Response(visit.url, status, given, came, flags))


RANGED = ("Range", "If-Range", "If-None-Match")
FIRST = {"Range": "bytes=0-16383"}


def part(body: bytes, first: int, last: int, **more: str) -> tuple[int, dict[str, str], bytes]:
    last = min(last, len(body) - 1)
    headers = {"Content-Range": f"bytes {first}-{last}/{len(body)}", **more}
    return 206, headers, body[first : last + 1]


def facts(visit: LinkVisit, answer: Answer) -> tuple[Any, ...]:
    seen = answered(visit, answer, now=NOW, run=1).seen
    assert seen.image is not None
    image = seen.image
    return seen.status, image.width, image.height, image.bytes, image.bytes_read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bytes 0-16383/150069", Part(0, 16_383, 150_069)),
        ("Bytes 0-0/*", Part(0, 0, None)),
        (" bytes  5-9/10 ", Part(5, 9, 10)),
        ("bytes 0-9/9", None),
        ("bytes 9-5/10", None),
        ("bytes */150069", None),
        ("0-16383/150069", None),
        ("items 0-9/10", None),
        ("bytes 0-9/10, 20-29/30", None),
        ("bytes -1-9/10", None),
        ("", None),
    ],
)
def test_a_content_range_is_read_or_it_is_none(text: str, expected: Part | None) -> None:
    """RFC 9110, 14.4."""
    assert Part.of(text.encode() or None) == expected


@given(st.binary(max_size=60))
def test_no_content_range_raises(text: bytes) -> None:
    found = Part.of(b"bytes " + text)
    assert found is None or 0 <= found.first <= found.last


def test_the_first_bytes_are_asked_for_where_they_are_offered() -> None:
    origin = Origin()
    visit = LinkVisit.of(IMAGE)
    response = origin.visit(visit, part(PICTURE, 0, 16_383))
    assert origin.asked == [FIRST]
    assert facts(visit, response) == (200, 30, 20, len(PICTURE), 16_384)


@pytest.mark.parametrize("accepts", [{}, {"Accept-Ranges": "none"}])
def test_what_offers_no_ranges_is_asked_for_none(accepts: dict[str, str]) -> None:
    origin = Origin(offers=False)
    for _ in range(2):
        origin.visit(LinkVisit.of(IMAGE), (200, accepts, PICTURE))
    assert origin.asked == [{}, {}]


def test_another_origin_has_offered_nothing() -> None:
    origin = Origin()
    origin.visit(LinkVisit.of(replace(IMAGE, url="https://a.test/1.png")), (200, {}, PICTURE))
    assert origin.asked == [{}]


@pytest.mark.parametrize(
    ("link", "fields"),
    [(IMAGE, {"retries": 1}), (IMAGE, {"asks_whole": True}), (PAGE, {})],
    ids=str,
)
def test_no_range_for_a_retry_or_a_page(link: DueLink, fields: dict[str, Any]) -> None:
    """Nor for a robots.txt: `prepare` takes visits of links alone."""
    visit = LinkVisit.of(link)
    for name, value in fields.items():
        setattr(visit, name, value)
    ranges = Origin().ranges
    ranges.prepare(visit)
    assert visit.transfer.part is None
    visit.transfer.part = PartAsked(0, 1)
    ranges.prepare(visit)
    assert visit.transfer.part is None


def test_the_setting_turns_it_off() -> None:
    origin = Origin(wanted=False)
    origin.visit(LinkVisit.of(IMAGE), (200, OFFER, PICTURE))
    assert origin.asked == [{}]


@pytest.mark.parametrize(
    ("before", "step"), [(1_000, STEPS[0]), (20_000, STEPS[1]), (100_000, STEPS[2])]
)
def test_more_is_asked_for_in_steps(before: int, step: int) -> None:
    """Rule I1: 16 KB, then 64, then 256."""
    origin = Origin()
    body = jpeg(before)
    visit = LinkVisit.of(IMAGE)
    steps = [0, *(at for at in STEPS if at <= step)]
    pairs = [(first, end - 1) for first, end in pairwise(steps)]
    response = origin.visit(visit, *(part(body, *pair) for pair in pairs))
    assert [one["Range"] for one in origin.asked] == ["bytes={}-{}".format(*pair) for pair in pairs]
    status, width, height, total, read = facts(visit, response)
    assert (status, width, height, total) == (200, 30, 20, len(body))
    assert read <= step
    assert visit.transfer.image is not None
    assert visit.transfer.image.data.startswith(body[: before + 10])


def test_after_256_kb_the_size_is_unknown() -> None:
    origin = Origin()
    body = jpeg(270_000)
    visit = LinkVisit.of(IMAGE)
    pairs = pairwise([0, *STEPS])
    response = origin.visit(visit, *(part(body, first, end - 1) for first, end in pairs))
    assert facts(visit, response) == (200, None, None, len(body), STEPS[2])


def test_the_rest_is_asked_for_as_part_of_the_same() -> None:
    origin = Origin()
    body = jpeg(20_000)
    visit = LinkVisit.of(
        replace(IMAGE, etag='"old"', last_modified="Sun, 22 Nov 2026 10:00:00 GMT")
    )
    origin.visit(visit, part(body, 0, 16_383, ETag='"new"'), part(body, 16_384, 65_535))
    first, second = origin.asked
    assert first == {"Range": "bytes=0-16383", "If-None-Match": '"old"'}
    assert second == {"Range": "bytes=16384-65535", "If-Range": '"new"'}


def test_a_weak_etag_is_none_for_if_range() -> None:
    """RFC 9110, 13.1.5."""
    origin = Origin()
    body = jpeg(20_000)
    visit = LinkVisit.of(IMAGE)
    origin.visit(visit, part(body, 0, 16_383, ETag='W/"x"'), part(body, 16_384, 65_535))
    assert origin.asked[1] == {"Range": "bytes=16384-65535"}


def test_an_image_that_changed_between_two_parts_begins_anew() -> None:
    origin = Origin()
    before, after = jpeg(20_000), jpeg(1_000, 90_000)
    visit = LinkVisit.of(IMAGE)
    response = origin.visit(visit, part(before, 0, 16_383), (200, {}, after))
    assert facts(visit, response)[:4] == (200, 30, 20, 90_000)
    visit = LinkVisit.of(IMAGE)
    response = origin.visit(
        visit, part(before, 0, 16_383), part(after, 16_384, 65_535), (200, {}, after)
    )
    assert origin.asked[-1] == {}
    assert facts(visit, response)[:4] == (200, 30, 20, 90_000)


def test_an_origin_may_give_less_than_was_asked_for_but_not_for_ever() -> None:
    origin = Origin()
    body = jpeg(10_000)
    visit = LinkVisit.of(IMAGE)
    response = origin.visit(visit, part(body, 0, 8_000), part(body, 8_001, 16_383))
    assert facts(visit, response)[:3] == (200, 30, 20)
    visit = LinkVisit.of(IMAGE)
    origin.visit(visit, *(part(body, at, at) for at in range(5)), (200, {}, body))
    assert origin.asked[-1] == {}


def test_a_short_image_ends_with_its_only_part() -> None:
    origin = Origin()
    for body in (png(30, 20), jpeg(20_000)[:9_000]):
        visit = LinkVisit.of(IMAGE)
        response = origin.visit(visit, part(body, 0, 16_383))
        assert facts(visit, response)[3] == len(body)
        origin.asked.clear()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Range": "bytes 5-9/10"},
        {"Content-Range": "nonsense"},
        {"Content-Type": "multipart/byteranges; boundary=x"},
        {"Content-Range": "bytes 0-16383/150069", "Content-Encoding": "gzip"},
    ],
    ids=str,
)
def test_a_part_that_was_not_asked_for_ends_ranges_there(headers: dict[str, str]) -> None:
    origin = Origin()
    visit = LinkVisit.of(IMAGE)
    response = origin.visit(visit, (206, headers, PICTURE[:16_384]), (200, OFFER, PICTURE))
    assert facts(visit, response)[:4] == (200, 30, 20, len(PICTURE))
    origin.visit(LinkVisit.of(IMAGE), *[(200, OFFER, PICTURE)])
    assert origin.asked == [FIRST, {}, {}]


def test_a_range_is_never_the_reason_for_a_missing_image() -> None:
    """One false "dead" costs more than ten late ones: what is no image is asked for as a reader asks."""
    origin = Origin()
    visit = LinkVisit.of(IMAGE)
    response = origin.visit(visit, part(HTML, 0, 16_383), (200, OFFER, PICTURE))
    assert facts(visit, response)[:3] == (200, 30, 20)
    origin.visit(LinkVisit.of(IMAGE), (200, OFFER, PICTURE))
    assert origin.asked == [FIRST, {}, {}], "and no range is tried there again"


@pytest.mark.parametrize("status", [400, 403, 404, 406, 410, 416, 500, 501])
def test_the_first_refusal_of_an_origin_is_checked(status: int) -> None:
    origin = Origin()
    visit = LinkVisit.of(IMAGE)
    response = origin.visit(visit, (status, {}, b"no"), (200, OFFER, PICTURE))
    assert facts(visit, response)[:3] == (200, 30, 20)
    origin.visit(LinkVisit.of(IMAGE), (200, OFFER, PICTURE))
    assert origin.asked == [FIRST, {}, {}]


def test_an_origin_that_refused_a_reader_too_is_believed_from_then_on() -> None:
    origin = Origin()
    response = origin.visit(LinkVisit.of(IMAGE), (404, {}, b"no"), (404, {}, b"no"))
    assert response.status == 404
    origin.visit(LinkVisit.of(IMAGE), (404, {}, b"no"))
    assert origin.asked == [FIRST, {}, FIRST]


@pytest.mark.parametrize("status", [200, 204, 301, 304, 429, 503])
def test_other_answers_stand(status: int) -> None:
    """A 304 comes before the range (RFC 9110, 13.2.2), and limits have their own rules."""
    origin = Origin()
    body = PICTURE if status == 200 else b""
    assert origin.visit(LinkVisit.of(IMAGE), (status, {}, body)).status == status
    assert origin.asked == [FIRST]


def test_a_part_that_broke_off_is_observed_as_it_is() -> None:
    origin = Origin()
    visit = LinkVisit.of(IMAGE)
    visit.transfer.part, visit.transfer.status = PartAsked(0, 16_383, fits=True), 206
    broken = Answer(206, body=b"\xff\xd8", end=BodyEnd.BROKEN_OFF)
    assert not origin.ranges.goes_on(visit, broken)
    visit.transfer.cut_late = True
    assert not origin.ranges.goes_on(visit, replace(broken, end=BodyEnd.WHOLE))


def test_a_part_that_nobody_asked_for_keeps_its_status() -> None:
    visit = LinkVisit.of(IMAGE)
    response = Origin(offers=False).visit(visit, part(PICTURE, 0, 16_383))
    assert facts(visit, response)[:3] == (206, 30, 20)


FAR = 3_000_000
TIFF = tiff_behind("<", FAR, length=FAR + 100_000)
TO_TIFF = {"Range": f"bytes={FAR}-{FAR + PIECE - 1}"}


def test_a_directory_behind_the_data_is_asked_for_once() -> None:
    origin = Origin()
    visit = LinkVisit.of(IMAGE)
    response = origin.visit(
        visit, part(TIFF, 0, 16_383, ETag='"a"'), part(TIFF, FAR, FAR + PIECE - 1)
    )
    assert origin.asked == [FIRST, {**TO_TIFF, "If-Range": '"a"'}]
    status, width, height, total, read = facts(visit, response)
    assert (status, width, height, total) == (200, 70, 50, len(TIFF))
    assert read <= STEPS[0] + PIECE


def test_meta_behind_the_data_is_asked_for_too_at_the_end_of_the_file() -> None:
    origin = Origin()
    body = heif_behind(FAR, heif(ispe(70, 50)))
    visit = LinkVisit.of(IMAGE)
    start = len(body) - len(heif(ispe(70, 50))) + 20
    response = origin.visit(visit, part(body, 0, 16_383), part(body, start, start + PIECE - 1))
    assert origin.asked[1] == {"Range": f"bytes={start}-{start + PIECE - 1}"}
    assert facts(visit, response)[:4] == (200, 70, 50, len(body))


def test_the_first_image_of_an_origin_that_offers_ranges_has_its_piece_too() -> None:
    origin = Origin(offers=False)
    visit = LinkVisit.of(IMAGE)
    response = origin.visit(visit, (200, OFFER, TIFF), part(TIFF, FAR, FAR + PIECE - 1))
    assert origin.asked == [{}, TO_TIFF]
    assert facts(visit, response)[:4] == (200, 70, 50, len(TIFF))


@pytest.mark.parametrize(
    ("wanted", "headers", "body"),
    [
        (True, {}, TIFF),
        (False, OFFER, TIFF),
        (True, OFFER, TIFF[:FAR]),
        (True, {**OFFER, "Content-Encoding": "br"}, TIFF),
    ],
    ids=["no ranges", "turned off", "nothing is there", "coded"],
)
def test_no_piece_is_asked_for(wanted: bool, headers: dict[str, str], body: bytes) -> None:
    origin = Origin(offers=False, wanted=wanted)
    visit = LinkVisit.of(IMAGE)
    assert facts(visit, origin.visit(visit, (200, headers, body)))[:3] == (200, None, None)


@pytest.mark.parametrize(
    "second",
    [
        (200, OFFER, TIFF),
        part(b"x" * len(TIFF), FAR, FAR + PIECE - 1),
        part(TIFF, FAR, FAR + 20),
    ],
    ids=["whole", "other bytes", "too short"],
)
def test_a_piece_that_tells_nothing_leaves_the_size_unknown(
    second: tuple[int, dict[str, str], bytes],
) -> None:
    origin = Origin()
    visit = LinkVisit.of(IMAGE)
    response = origin.visit(visit, part(TIFF, 0, 16_383), second)
    assert facts(visit, response)[:4] == (200, None, None, len(TIFF))


@pytest.mark.parametrize(
    "second",
    [
        *((status, {}, b"no") for status in (400, 403, 404, 416, 500)),
        part(TIFF, 0, 16_383),
        (206, {}, TIFF[:99]),
        (206, {"Content-Range": f"bytes {FAR}-{FAR + 9}/{FAR + 10}"}, TIFF[:10]),
    ],
    ids=[*map(str, (400, 403, 404, 416, 500)), "another part", "no Content-Range", "other length"],
)
def test_a_piece_is_never_the_reason_for_a_missing_image(
    second: tuple[int, dict[str, str], bytes],
) -> None:
    """Nor are earlier refusals of the origin."""
    origin = Origin()
    origin.visit(LinkVisit.of(IMAGE), (404, {}, b"no"), (404, {}, b"no"))
    origin.asked.clear()
    visit = LinkVisit.of(IMAGE)
    response = origin.visit(visit, part(TIFF, 0, 16_383), second, (200, OFFER, TIFF))
    assert origin.asked == [FIRST, TO_TIFF, {}]
    assert facts(visit, response)[:3] == (200, None, None)


@pytest.mark.parametrize("status", [302, 429, 503])
def test_other_answers_to_a_piece_stand(status: int) -> None:
    origin = Origin()
    response = origin.visit(LinkVisit.of(IMAGE), part(TIFF, 0, 16_383), (status, {}, b""))
    assert response.status == status


def test_a_piece_is_not_asked_for_again_after_a_retry() -> None:
    origin = Origin()
    visit = LinkVisit.of(IMAGE)
    visit.retries = 1
    response = origin.visit(visit, (200, OFFER, TIFF))
    assert facts(visit, response)[:3] == (200, None, None)

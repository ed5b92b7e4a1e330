"""Rules I1 and I2 over real sockets: how much of an image is read, by which requests, over which connections."""

from __future__ import annotations

import gzip
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pytest

from crawler.extractors.image.prober_answer import STEPS
from crawler.transport.body_budget import DRAIN_BYTES, IMAGE_BYTES
from tests.fetching.test_image_ranges import jpeg
from tests.image_bytes import tiff_behind
from tests.transport.crawls import SHORT_TIMES, Crawled, crawl, write_article
from tests.web import Answer, Coding, Framing, LoopbackWeb, Request, png

LENGTH = 600_000
PIECE = 16 * 1024
"""No more is read at once over a connection for images."""
NEEDS = {"16": 1_000, "64": 20_000, "256": 100_000}
OFFER = (("Accept-Ranges", "bytes"),)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"></svg>'


def picture(body: bytes, **fields: Any) -> Answer:
    return Answer(body=body, content_type="image/jpeg", **fields)


def padded(length: int) -> bytes:
    return png(30, 20).ljust(length, b"\0")


ANSWERS: dict[str, Answer | tuple[Answer, ...]] = {
    # No range is offered: one request, cut at the answer.
    **{
        f"http://plain.test/{step}.jpg": picture(jpeg(before, LENGTH), ranges=False)
        for step, before in NEEDS.items()
    },
    "http://plain.test/never.jpg": picture(jpeg(300_000, LENGTH), ranges=False),
    "http://plain.test/chunked.jpg": picture(jpeg(1_000, 9_000), framing=Framing.CHUNKED),
    "http://plain.test/long-chunked.jpg": picture(jpeg(1_000, LENGTH), framing=Framing.CHUNKED),
    "http://plain.test/coded.svg": Answer(
        body=SVG, content_type="image/svg+xml", coding=Coding.GZIP
    ),
    "http://plain.test/lying.jpg": picture(
        jpeg(1_000, 9_000), headers=(("Content-Length", "900000"),), keep_alive=False
    ),
    # Ranges are offered with the first image.
    "http://ranges.test/first.jpg": picture(padded(3_000), headers=OFFER),
    **{
        f"http://ranges.test/{step}.jpg": picture(jpeg(before, LENGTH), headers=OFFER)
        for step, before in NEEDS.items()
    },
    "http://ranges.test/never.jpg": picture(jpeg(300_000, LENGTH), headers=OFFER),
    "http://ranges.test/known.jpg": picture(padded(LENGTH), headers=OFFER, etag='"k"'),
    "http://ranges.test/behind.tif": picture(
        tiff_behind("<", 400_000, length=LENGTH), headers=OFFER
    ),
    "http://plain.test/behind.tif": picture(tiff_behind("<", 400_000, length=LENGTH), ranges=False),
    # It promised ranges and cannot give them.
    "http://broken.test/first.jpg": picture(padded(3_000), headers=OFFER),
    "http://broken.test/second.jpg": (
        picture(b"x" * 9, status=206, headers=(("Content-Range", "bytes 5-13/99"),)),
        picture(padded(LENGTH), headers=OFFER),
    ),
    "http://broken.test/third.jpg": picture(padded(LENGTH), headers=OFFER),
    # Firewalls that take a range for an attack.
    "http://walled.test/first.jpg": picture(padded(3_000), headers=OFFER),
    "http://walled.test/second.jpg": (
        Answer(status=403),
        picture(padded(LENGTH), headers=OFFER),
    ),
    "http://drained.test/1.jpg": picture(padded(DRAIN_BYTES), ranges=False),
    "http://drained.test/2.jpg": picture(padded(LENGTH), ranges=False),
    "http://drained.test/3.jpg": picture(padded(3_000), ranges=False),
}
"""By host in this order, over one connection each."""
OPTIONS = "retries: 0\nhosts:\n" + "".join(
    f"  {host}.test: {{connections: 1}}\n"
    for host in ("plain", "ranges", "broken", "walled", "drained")
)


@dataclass(frozen=True)
class Seen:
    """Two crawls' items, and the requests of the first and the second by URL."""

    first: Crawled
    again: Crawled
    requests: dict[str, list[Request]]
    later: dict[str, list[Request]]

    def image(self, url: str) -> dict[str, Any]:
        item = self.first.items[f"http://{url}"]
        assert item["status"] == 200
        image: dict[str, Any] = item["image"]
        return image

    def size(self, url: str) -> tuple[int | None, int | None]:
        image = self.image(url)
        return image["width"], image["height"]

    def ranges(self, url: str) -> list[str | None]:
        return [one.headers.get("range") for one in self.requests[f"http://{url}"]]


def by_url(web: LoopbackWeb) -> dict[str, list[Request]]:
    found = defaultdict(list)
    for request in web.requests():
        found[request.url].append(request)
    return found


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    content = write_article(
        tmp_path_factory.mktemp("images") / "content", (), ANSWERS, options=OPTIONS
    )
    with LoopbackWeb() as web:
        web.set_rules(ANSWERS)
        first = crawl(web, content, settings=SHORT_TIMES)
        requests = by_url(web)
        web.set_rules(ANSWERS)
        web.forget()
        again = crawl(web, content, "-a", "due=all", settings=SHORT_TIMES)
        return Seen(first, again, requests, by_url(web))


@pytest.mark.parametrize(("name", "most"), [*zip(NEEDS, STEPS, strict=True)])
def test_without_ranges_one_request_is_cut_at_the_answer(seen: Seen, name: str, most: int) -> None:
    url = f"plain.test/{name}.jpg"
    assert seen.size(url) == (30, 20)
    assert seen.image(url)["bytes"] == LENGTH
    assert seen.image(url)["bytes_read"] <= most + PIECE
    assert seen.ranges(url) == [None]


def test_a_directory_behind_the_data_is_read_where_ranges_are_offered(seen: Seen) -> None:
    assert seen.size("ranges.test/behind.tif") == (70, 50)
    assert seen.ranges("ranges.test/behind.tif") == ["bytes=0-16383", "bytes=400000-465535"]
    assert seen.image("ranges.test/behind.tif")["bytes"] == LENGTH
    assert seen.size("plain.test/behind.tif") == (None, None)
    assert seen.ranges("plain.test/behind.tif") == [None]


@pytest.mark.parametrize("host", ["plain", "ranges"])
def test_what_never_tells_is_read_to_256_kb(seen: Seen, host: str) -> None:
    url = f"{host}.test/never.jpg"
    assert seen.size(url) == (None, None)
    assert IMAGE_BYTES <= seen.image(url)["bytes_read"] <= IMAGE_BYTES + PIECE
    assert seen.image(url)["bytes"] == LENGTH
    assert seen.first.verdict(f"http://{url}") == "alive"


def test_an_image_that_is_read_to_its_end_has_a_length(seen: Seen) -> None:
    assert seen.size("plain.test/chunked.jpg") == (30, 20)
    assert seen.image("plain.test/chunked.jpg")["bytes"] == 9_000
    assert seen.size("plain.test/long-chunked.jpg") == (30, 20)
    assert seen.image("plain.test/long-chunked.jpg")["bytes"] is None


def test_a_coded_image_is_measured_when_it_is_decoded(seen: Seen) -> None:
    assert len(gzip.compress(SVG)) != len(SVG)
    assert seen.size("plain.test/coded.svg") == (30, 20)
    assert seen.image("plain.test/coded.svg")["bytes"] == len(SVG)


def test_a_length_that_lies_hides_no_size(seen: Seen) -> None:
    assert seen.size("plain.test/lying.jpg") == (30, 20)
    assert seen.first.verdict("http://plain.test/lying.jpg") == "alive"


@pytest.mark.parametrize(
    ("name", "ranges"),
    [
        ("first", [None]),
        ("16", ["bytes=0-16383"]),
        ("64", ["bytes=0-16383", "bytes=16384-65535"]),
        ("256", ["bytes=0-16383", "bytes=16384-65535", "bytes=65536-262143"]),
        ("never", ["bytes=0-16383", "bytes=16384-65535", "bytes=65536-262143"]),
    ],
)
def test_where_ranges_are_offered_they_are_asked_for(
    seen: Seen, name: str, ranges: list[str | None]
) -> None:
    url = f"ranges.test/{name}.jpg"
    assert seen.ranges(url) == ranges
    assert seen.first.verdict(f"http://{url}") == "alive"
    assert not seen.first.items[f"http://{url}"]["warnings"]
    if name in NEEDS:
        assert seen.size(url) == (30, 20)
        assert seen.image(url)["bytes"] == LENGTH
        assert seen.image(url)["bytes_read"] <= int(name) * 1024


def test_what_is_known_gives_304_to_a_range_too(seen: Seen) -> None:
    """RFC 9110, 13.2.2: the precondition comes first."""
    (request,) = seen.later["http://ranges.test/known.jpg"]
    assert request.headers["range"] == "bytes=0-16383"
    assert request.headers["if-none-match"] == '"k"'
    item = seen.again.items["http://ranges.test/known.jpg"]
    assert (item["status"], item["verdict"]) == (304, "alive")


def test_a_part_that_does_not_fit_is_not_believed(seen: Seen) -> None:
    assert seen.ranges("broken.test/second.jpg") == ["bytes=0-16383", None]
    assert seen.size("broken.test/second.jpg") == (30, 20)
    assert seen.ranges("broken.test/third.jpg") == [None]


def test_a_refused_range_is_no_refused_image(seen: Seen) -> None:
    assert seen.ranges("walled.test/second.jpg") == ["bytes=0-16383", None]
    assert seen.size("walled.test/second.jpg") == (30, 20)


def test_a_short_rest_is_drained_and_a_long_one_closed(seen: Seen) -> None:
    first, second, third = (
        seen.requests[f"http://drained.test/{number}.jpg"][0].connection for number in (1, 2, 3)
    )
    assert first == second, "the rest of the first was drained, its connection went on"
    assert second != third, "the rest of the second was too long"


def test_ranges_keep_their_connection(seen: Seen) -> None:
    asked = [
        one for url in ("first", "16") for one in seen.requests[f"http://ranges.test/{url}.jpg"]
    ]
    assert len(asked) == 2
    later = [seen.requests[f"http://ranges.test/{name}.jpg"][0].connection for name in ("16", "64")]
    assert len(set(later)) == 1


def test_nothing_went_wrong(seen: Seen) -> None:
    for crawled in (seen.first, seen.again):
        assert crawled.completed.code == 0
        assert "Traceback" not in crawled.completed.stderr

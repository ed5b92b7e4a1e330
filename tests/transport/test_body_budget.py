from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import StopDownload
from scrapy.http import Headers
from scrapy.utils.test import get_crawler

from crawler.extractors.image.prober_answer import Info, NotAnImage
from crawler.fetching.visit import LinkVisit, RobotsVisit, Visit
from crawler.model.link import DueLink
from crawler.transport.body_budget import (
    DRAIN_BYTES,
    IMAGE_BYTES,
    OTHER_BYTES,
    PAGE_BYTES,
    ROBOTS_BYTES,
    BodyBudget,
)
from crawler.transport.transfer import carry
from tests.web import png

PAGE = DueLink(1, "http://a.test/", "a.test", wants_image=False)
IMAGE = replace(PAGE, wants_image=True)


@dataclass
class Download:
    """One body on its way in."""

    visit: Visit
    budget: BodyBudget

    @property
    def request(self) -> Request:
        request = Request(self.visit.url)
        carry(request, self.visit.transfer)
        return request

    @property
    def found(self) -> object:
        """What the prober has said of an image."""
        assert self.visit.transfer.image is not None
        return self.visit.transfer.image.found

    def begin(self, length: object = None, **headers: str) -> Download:
        sent = Headers({name.replace("_", "-"): value for name, value in headers.items()})
        self.budget.headers_received(sent, length, self.request)
        return self

    def goes_on(self, data: bytes) -> bool:
        """Whether more is wanted after this piece."""
        try:
            self.budget.bytes_received(data, self.request, spider=None)
        except StopDownload as stop:
            # What came is kept: it must not end as a failure.
            return bool(stop.fail)
        return True


def download(link: DueLink = PAGE, *, body_timeout: float = 60.0, **fields: Any) -> Download:
    visit = LinkVisit.of(link)
    visit.transfer.started = monotonic()
    for name, value in fields.items():
        setattr(visit.transfer, name, value)
    return Download(visit, BodyBudget(body_timeout))


@pytest.mark.parametrize(
    ("link", "content_type", "limit"),
    [
        (PAGE, "text/html", PAGE_BYTES),
        (PAGE, "application/XHTML+xml", PAGE_BYTES),
        (PAGE, "text/plain", PAGE_BYTES),
        (PAGE, "application/pdf", OTHER_BYTES),
        (PAGE, "image/png", OTHER_BYTES),
        (IMAGE, "image/png", IMAGE_BYTES),
        (IMAGE, "text/html", IMAGE_BYTES),
    ],
)
def test_how_much_is_read_of_what(link: DueLink, content_type: str, limit: int) -> None:
    one = download(link).begin(Content_Type=content_type)
    assert one.visit.transfer.limit == limit
    assert one.goes_on(b"\x00" * 10)
    assert not one.goes_on(b"x" * limit)
    assert one.visit.transfer.body_bytes == limit + 10


def test_what_has_no_type_may_be_a_page() -> None:
    assert download().begin().visit.transfer.limit == PAGE_BYTES


def test_robots_txt_has_a_limit_of_its_own() -> None:
    one = Download(RobotsVisit.of(LinkVisit.of(IMAGE)), BodyBudget(60.0)).begin(Content_Type="x/y")
    assert one.visit.transfer.limit == ROBOTS_BYTES
    assert one.goes_on(b"x" * 100)
    assert not one.goes_on(b"x" * ROBOTS_BYTES)


@pytest.mark.parametrize("link", [PAGE, IMAGE])
def test_the_body_of_a_redirect_is_of_no_use(link: DueLink) -> None:
    assert (
        download(link, status=302).begin(Content_Type="text/html").visit.transfer.limit
        == OTHER_BYTES
    )
    assert (
        download(PAGE, status=404).begin(Content_Type="text/html").visit.transfer.limit
        == PAGE_BYTES
    )


def test_the_rest_of_a_short_body_is_drained() -> None:
    one = download().begin(OTHER_BYTES + DRAIN_BYTES, Content_Type="application/pdf")
    assert one.goes_on(b"x" * OTHER_BYTES), "a new connection would cost more"
    assert one.goes_on(b"x" * DRAIN_BYTES)
    one = download().begin(OTHER_BYTES + DRAIN_BYTES + 1, Content_Type="application/pdf")
    assert not one.goes_on(b"x" * OTHER_BYTES)


def test_a_body_of_unknown_length_is_cut() -> None:
    one = download().begin("unknown", Content_Type="application/pdf")
    assert one.visit.transfer.total_bytes is None
    assert not one.goes_on(b"x" * OTHER_BYTES)


def test_a_body_longer_than_it_said_is_cut() -> None:
    one = download().begin(5, Content_Type="application/pdf")
    assert not one.goes_on(b"x" * OTHER_BYTES)


def test_a_body_that_drips_is_cut_at_the_deadline() -> None:
    one = download(body_timeout=0.0, started=monotonic() - 1.0).begin(100, Content_Type="text/html")
    assert not one.goes_on(b"x")
    assert download(body_timeout=60.0).begin(100).goes_on(b"x")
    assert download(body_timeout=0.0, started=None).begin(100).goes_on(b"x")


def test_an_image_ends_with_its_measure() -> None:
    one = download(IMAGE).begin(10**6, Content_Type="image/png")
    head = png(30, 20)
    assert one.goes_on(head[:10])
    assert not one.goes_on(head[10:] + b"\x00" * 16_384)
    found = one.found
    assert isinstance(found, Info)
    assert (found.type, found.width, found.height) == ("PNG", 30, 20)
    assert not one.goes_on(b"more")


def test_what_is_no_image_ends_at_once() -> None:
    one = download(IMAGE).begin(10**6, Content_Type="image/png")
    assert not one.goes_on(b"<!doctype html><html><head><title>Sorry</title></head>" * 20)
    assert isinstance(one.found, NotAnImage)


def test_an_image_that_never_tells_is_given_up() -> None:
    one = download(IMAGE).begin(10**9, Content_Type="image/jpeg")
    # A JPEG whose first segment reaches further than anything that is ever read.
    data = b"\xff\xd8" + b"\xff\xe1\xff\xff" + b"\x00" * 65_533
    pieces = 0
    while one.goes_on(data if pieces == 0 else data[2:]):
        pieces += 1
        assert pieces * len(data) < IMAGE_BYTES * 2
    assert one.visit.transfer.body_bytes >= IMAGE_BYTES


@pytest.mark.parametrize("size", [1, 7, 1_000])
def test_an_image_is_probed_only_when_it_could_tell(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crawler.extractors.image.header import probe
    from crawler.transport import body_budget

    probed = []

    def counted(data: bytes) -> object:
        probed.append(len(data))
        return probe(data)

    monkeypatch.setattr(body_budget, "probe", counted)
    one = download(IMAGE).begin(10**6, Content_Type="image/jpeg")
    data = b"\xff\xd8\xff\xe1\xff\xff" + b"\x00" * 90_000
    for at in range(0, 60_000, size):
        assert one.goes_on(data[at : at + size])
    assert len(probed) < 60


def test_coded_bytes_are_not_taken_for_the_image() -> None:
    one = download(IMAGE).begin(10**6, Content_Type="image/svg+xml", Content_Encoding="gzip")
    assert one.goes_on(b"\x1f\x8b\x08" + b"x" * 1_000)
    assert one.found is None
    assert not one.goes_on(b"x" * IMAGE_BYTES)
    assert one.found is None


def test_requests_that_are_not_ours_are_left_alone() -> None:
    budget = BodyBudget(0.0)
    request = Request("http://a.test/")
    budget.headers_received(Headers(), 5, request)
    budget.bytes_received(b"x" * 10**7, request)


def test_it_listens_and_reads_its_setting() -> None:
    crawler = get_crawler(settings_dict={"LINKHEALTH_BODY_TIMEOUT": 2.5})
    budget = BodyBudget.from_crawler(crawler)
    assert budget._body_timeout == 2.5

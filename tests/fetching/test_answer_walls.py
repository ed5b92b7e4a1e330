"""Rule V4: a bot wall is told by its header or its body, at any status and in an image's place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from scrapy.http import Headers, Response

from crawler.fetching.answer import Answer
from crawler.fetching.observing import answered
from crawler.fetching.visit import LinkVisit
from crawler.model.link import DueLink
from crawler.model.observation import Observation, SoftSign

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAGE = DueLink(1, "http://a.test/dir/page", "a.test", wants_image=False)
IMAGE = replace(PAGE, url="http://a.test/i.png", wants_image=True)
HTML = {"Content-Type": "text/html; charset=utf-8"}
WALL = b"<title>Just a moment...</title><script>window._cf_chl_opt={}</script>"
CONSENT = b"<title>Before you continue to Google</title>"
NOT_FOUND = b"<title>Page not found</title><h1>Page not found</h1>"


def observed(
    status: int, body: bytes, headers: dict[str, str] | None = None, link: DueLink = PAGE
) -> Observation:
    answer = Answer.of(Response(link.url, status, Headers({**HTML, **(headers or {})}), body))
    return answered(LinkVisit.of(link), answer, now=NOW, run=1).seen


@pytest.mark.parametrize(
    "headers",
    [
        {"Cf-Mitigated": "challenge"},
        {"cf-mitigated": "Challenge"},
        {"X-Amzn-Waf-Action": "captcha"},
        {"X-Vercel-Mitigated": "challenge"},
    ],
)
@pytest.mark.parametrize("status", [200, 202, 403, 404, 503])
def test_wall_by_header(status: int, headers: dict[str, str]) -> None:
    seen = observed(status, b"", headers)
    assert seen.sign is SoftSign.WALL
    assert seen.failure_detail == "{}: {}".format(*next(iter(headers.items()))).lower()


@pytest.mark.parametrize("status", [200, 401, 403, 404, 410, 500, 503])
@pytest.mark.parametrize("start", [b"", b"\n ", b"\xef\xbb\xbf"])
def test_wall_by_body_gives_no_page(status: int, start: bytes) -> None:
    seen = observed(status, start + WALL)
    assert (seen.sign, seen.page, seen.failure) == (SoftSign.WALL, None, None)
    assert seen.failure_detail == "title: Just a moment..."


def test_consent_wall_gives_no_page_and_a_soft_404_keeps_its_words() -> None:
    assert observed(200, CONSENT).page is None
    seen = observed(200, NOT_FOUND)
    assert seen.sign is SoftSign.NOT_FOUND
    assert seen.page is not None
    assert seen.page.title == "Page not found"


@pytest.mark.parametrize(
    "body",
    [
        NOT_FOUND,
        CONSENT,
        b"Just a moment...",
        b"",
        b"<h1>Gone</h1>",
        b"<title>Just a moment...</title><p " + b"a=1 " * 5000 + b">",
    ],
)
def test_error_page_that_is_no_bot_wall_is_not_looked_at(body: bytes) -> None:
    seen = observed(404, body)
    assert (seen.sign, seen.page, seen.failure) == (None, None, None)


def test_wall_in_an_image_s_place_is_no_missing_image() -> None:
    seen = observed(200, WALL, link=IMAGE)
    assert (seen.sign, seen.image) == (SoftSign.WALL, None)


def test_page_with_an_image_s_type_is_no_missing_image_where_none_was_expected() -> None:
    seen = observed(200, NOT_FOUND, {"Content-Type": "image/png"})
    assert (seen.sign, seen.image, seen.failure) == (None, None, None)


def test_page_in_an_image_s_place_is_one() -> None:
    seen = observed(200, NOT_FOUND, link=IMAGE)
    assert seen.sign is None
    assert seen.image is not None
    assert seen.image.type == "HTML"

"""Rules V14 and V15 in the pages of large hosts: only a field of the host's own data counts."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.html.document import read_document
from crawler.extractors.page import extract_page
from crawler.extractors.signs.host_pages import HOSTS, find_host_sign
from crawler.model.observation import SoftSign
from tests.time_limits import cpu_limit

PAGE = Path(__file__).parents[3] / "docs" / "verdicts.md"

WATCH = "https://www.youtube.com/watch?v=EkdXGPGciUY"
POST = "https://www.tiktok.com/@pier/video/7406254501511925010"
FILM = "https://www.bilibili.com/video/BV1uT4y1P7CX"


def player(state: object, *, more: str = "", name: str = "var ytInitialPlayerResponse = ") -> str:
    return f"<title> - YouTube</title><script>{name}{json.dumps({'playabilityStatus': state})};</script>{more}"


def sign(html: str, url: str = WATCH) -> SoftSign | None:
    said = find_host_sign(read_document(html.encode(), url=url, content_type=None))
    return said and said[0]


PRIVATE = {"status": "LOGIN_REQUIRED", "messages": ["Video pribadi"]}
GONE = {"status": "ERROR", "reason": "Video unavailable"}
HEADLINE = '<script>var ytInitialData = {"videoPrimaryInfoRenderer":{}};</script>'


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (GONE, SoftSign.REMOVED),
        ({"status": "ERROR"}, SoftSign.REMOVED),
        (PRIVATE, SoftSign.REMOVED),
        ({**PRIVATE, "reason": "Sign in"}, SoftSign.WALL),
        ({**PRIVATE, "messages": []}, SoftSign.WALL),
        ({**PRIVATE, "messages": "private"}, SoftSign.WALL),
        ({"status": "LOGIN_REQUIRED"}, SoftSign.WALL),
        ({"status": "UNPLAYABLE"}, SoftSign.PRIVATE),
        ({"status": "AGE_VERIFICATION_REQUIRED"}, SoftSign.PRIVATE),
        ({"status": "OK"}, None),
        ({"status": "LIVE_STREAM_OFFLINE"}, None),
        ({"status": ["ERROR"]}, None),
        ({"status": {"ERROR": 1}}, None),
        ({"status": None}, None),
        ("ERROR", None),
        (None, None),
    ],
)
def test_status_of_youtubes_player(state: object, expected: SoftSign | None) -> None:
    assert sign(player(state)) is expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [(GONE, SoftSign.PRIVATE), (PRIVATE, SoftSign.PRIVATE), ({"status": "OK"}, None)],
)
def test_a_film_that_is_shown_is_not_gone(state: object, expected: SoftSign | None) -> None:
    assert sign(player(state, more=HEADLINE)) is expected


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/watch", "https://www.youtube.com/watch?list=1", "https://www.youtube.com/",
        "https://www.youtube.com/embed/EkdXGPGciUY", "https://www.youtube.com/channel/UC1", "https://www.youtube.com/shorts/x",
        "https://news.example/watch?v=EkdXGPGciUY", "https://youtube.com.example/watch?v=1", "https://myyoutube.com/watch?v=1",
        "https://www.youtube.example/watch?v=1", "", "https://[/watch?v=1",
    ],
)  # fmt: skip
def test_other_addresses_say_nothing(url: str) -> None:
    assert sign(player(GONE), url) is None


def test_the_variable_may_be_an_item_of_the_window() -> None:
    assert sign(player(GONE, name='window["ytInitialPlayerResponse"] = ')) is SoftSign.REMOVED


@pytest.mark.parametrize(
    "host", ["youtube.com", "www.youtube.com", "m.youtube.com", "WWW.YouTube.com"]
)
def test_hosts_of_youtube(host: str) -> None:
    assert sign(player(GONE), f"https://{host}/watch?v=1") is SoftSign.REMOVED


@pytest.mark.parametrize(
    "html",
    [
        player(GONE, name="// ytInitialPlayerResponse "), player(GONE, name='ytInitialPlayerResponse = "'),
        "<script>ytInitialPlayerResponse = {</script>", "<script>ytInitialPlayerResponse = {]}</script>", "", "<p>x",
        "<p>ytInitialPlayerResponse = {'playabilityStatus': {'status': 'ERROR'}}</p>", "<script></script>",
        '<!-- <script>ytInitialPlayerResponse = {"playabilityStatus":{"status":"ERROR"}}</script> -->',
        "<script>ytInitialPlayerResponse = " + '{"a":' * 200_000 + "</script>",
        '<script>ytInitialPlayerResponse = {"n":' + "9" * 100_000 + "}</script>",
    ],
)  # fmt: skip
def test_pages_without_readable_data_say_nothing(html: str) -> None:
    assert sign(html) is None


def data(code: object) -> str:
    scope = {
        "__DEFAULT_SCOPE__": {"webapp.video-detail": {"statusCode": code, "statusMsg": "x " * 99}}
    }
    return f'<script>1</script><script id="__UNIVERSAL_DATA_FOR_REHYDRATION__"> {json.dumps(scope)}</script>'


@pytest.mark.parametrize(
    ("html", "url", "expected"),
    [
        (data(10204), POST, SoftSign.PRIVATE),
        (data(10216), POST.replace("video", "photo"), SoftSign.PRIVATE),
        (data(0), POST, None),
        (data("10204"), POST, None),
        (data(10204), "https://www.tiktok.com/@pier", None),
        ("<p>shell</p>", POST, None),
        ('<script>window.__INITIAL_STATE__={"error":{"trueCode":-404}};</script>', FILM, SoftSign.PRIVATE),
        ('<script>window.__INITIAL_STATE__={"error":{}};</script>', FILM, None),
        ('<script>window.__INITIAL_STATE__={"error":{"trueCode":0}};</script>', FILM, None),
        ('<script>window.__INITIAL_STATE__={"error":{"trueCode":-404}};</script>', "https://www.bilibili.com/", None),
        ("<script>window.__INITIAL_STATE__=[]</script>", FILM, None),
    ],
)  # fmt: skip
def test_data_that_may_mean_a_region_never_say_gone(
    html: str, url: str, expected: SoftSign | None
) -> None:
    assert sign(html, url) is expected


def test_the_evidence_is_a_short_line_and_the_data_come_before_every_other_sign() -> None:
    page = extract_page(
        player({"status": "ERROR", "reason": " gone \n" * 99}, more='<meta property="og:type" content="article">').encode(),
        url=WATCH, content_type=None,
    )  # fmt: skip
    assert page.sign is SoftSign.REMOVED
    assert page.evidence is not None
    assert page.evidence.startswith("YouTube's player: ERROR (gone gone")
    assert len(page.evidence) < 120
    assert "\n" not in page.evidence


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=9) | st.integers(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
        max_leaves=9,
    ),
    st.sampled_from(["ERROR", "LOGIN_REQUIRED", "UNPLAYABLE", "OK"]),
)  # fmt: skip
def test_no_data_raise(value: object, status: str) -> None:
    for state in (value, {"status": value}, {"status": status, "messages": value, "reason": value}):
        sign(player(state))
    sign(data(value), POST)


@pytest.mark.parametrize(
    "html",
    [
        "<script>" + "ytInitialPlayerResponse = " * 100_000 + "</script>",
        "<script>ytInitialPlayerResponse" + " " * 3_000_000 + "</script>",
        "<script>var ytInitialPlayerResponse = null;</script>" * 40_000,
    ],
    ids=["names", "spaces", "scripts"],
)
def test_no_page_takes_long(html: str) -> None:
    document = read_document(html.encode(), url=WATCH, content_type=None)
    started = process_time()
    find_host_sign(document)
    assert process_time() - started < cpu_limit(1)


def test_every_host_has_a_source_a_date_and_a_row_in_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for row in HOSTS:
        assert row.source
        assert row.seen[:2] == "20"
        assert f"| {row.domain} |" in page

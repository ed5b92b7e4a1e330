"""Who is answered (rule L1), case by case; tests/review/test_serving.py sends them."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import pytest

from crawler.review.gate import Gate, Refusal, new_secret

SECRET = "s3cret-of-this-start"
GATE = Gate(SECRET, 4711)
HOST, OWN = "127.0.0.1:4711", "http://127.0.0.1:4711"
NAVIGATION = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


def examined(
    method: str = "GET",
    path: str = f"/{SECRET}/",
    *,
    of: Mapping[str, str] | None = None,
    gate: Gate = GATE,
    **more: str,
) -> str | int:
    headers = {**more, **(of or {})}
    given = {"host": HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
    if method == "POST":
        given.setdefault("content-type", "application/json")
    found = gate.examined(method, path, {name: [value] for name, value in given.items()})
    return found.status if isinstance(found, Refusal) else found


def test_a_secret_is_long_enough_and_new_each_time() -> None:
    found = {new_secret() for _ in range(100)}
    assert len(found) == 100
    assert min(map(len, found)) >= 43, "256 bits in base64"


@pytest.mark.parametrize("rest", ["", "api/decisions", "api/changes?after=3"])
def test_what_is_asked_for_below_the_secret(rest: str) -> None:
    assert examined(path=f"/{SECRET}/{rest}") == rest


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "*",
        f"/{SECRET}",
        f"{SECRET}/",
        f"//{SECRET}/",
        f"/{SECRET[:-1]}/",
        f"/{SECRET}x/",
        f"/{SECRET.upper()}/",
        "/\ud800/",
        f"http://{HOST}/{SECRET}/",
        f"/x/{SECRET}/",
        f"/%73{SECRET[1:]}/",
        "/api/decisions",
    ],
)
def test_nothing_is_there_without_the_secret(path: str) -> None:
    assert examined(path=path) == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:4711",
        "localhost:4711",
        "127.0.0.1",
        "127.0.0.1:80",
        "127.0.0.1:4711.evil.example",
        "127.0.0.1:4711@evil.example",
        "127.1:4711",
        "[::1]:4711",
        "",
    ],
)
def test_a_name_that_was_made_to_lead_here_is_not_this_host(host: str) -> None:
    """DNS rebinding."""
    assert examined(host=host) == HTTPStatus.MISDIRECTED_REQUEST


def test_the_port_of_http_is_left_out() -> None:
    gate = Gate(SECRET, 80)
    assert gate.address == f"http://127.0.0.1/{SECRET}/"
    assert examined(gate=gate, host="127.0.0.1") == ""
    assert examined(gate=gate, host="127.0.0.1:80") == HTTPStatus.MISDIRECTED_REQUEST


@pytest.mark.parametrize("hosts", [(), (HOST, HOST), (HOST, "evil.example")])
def test_one_host_is_named_once(hosts: tuple[str, ...]) -> None:
    found = GATE.examined("GET", f"/{SECRET}/", {"host": hosts})
    assert isinstance(found, Refusal)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "origin", ["http://evil.example", "https://127.0.0.1:4711", "http://127.0.0.1:4712", "null", ""]
)
def test_another_origin_is_refused(method: str, origin: str) -> None:
    assert examined(method, f"/{SECRET}/api/decisions", origin=origin) == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "SAME-ORIGIN"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_of_another_site_is_refused_whatever_origin_it_has(method: str, site: str) -> None:
    found = examined(method, f"/{SECRET}/api/decisions", origin=OWN, sec_fetch_site=site)
    assert found == HTTPStatus.FORBIDDEN


def test_headers_that_stand_twice_are_refused() -> None:
    for name in ("origin", "sec-fetch-site"):
        headers = {"host": [HOST], name: ["same-origin", "same-origin"]}
        found = GATE.examined("GET", f"/{SECRET}/", headers)
        assert isinstance(found, Refusal)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec_fetch_site": "none"},
        {"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors"},
        {"origin": "null"},
    ],
)
def test_a_change_needs_the_word_of_a_browser_that_it_is_the_pages_own(
    headers: dict[str, str],
) -> None:
    assert examined("POST", f"/{SECRET}/api/write", of=headers) == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": OWN},
        {"origin": OWN, "sec_fetch_site": "same-origin"},
        {"origin": "null", "sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "same-origin"},
    ],
)
def test_the_pages_own_changes_pass(headers: dict[str, str]) -> None:
    """With `Referrer-Policy: no-referrer` some requests of the page have the origin null."""
    assert examined("POST", f"/{SECRET}/api/write", of=headers) == "api/write"


def test_a_link_on_disk_leads_to_the_page_and_to_nothing_else() -> None:
    headers = {"sec_fetch_site": "cross-site"} | {
        name.replace("-", "_"): value for name, value in NAVIGATION.items()
    }
    assert examined(of=headers) == ""
    assert examined(path=f"/{SECRET}/api/decisions", of=headers) == HTTPStatus.FORBIDDEN
    framed = headers | {"sec_fetch_dest": "iframe"}
    assert examined(of=framed) == HTTPStatus.FORBIDDEN
    assert examined("POST", of=headers) == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    ("kind", "passes"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("text/plain", False),
        ("application/x-www-form-urlencoded", False),
        ("multipart/form-data", False),
        ("text/plain; application/json", False),
        ("", False),
    ],
)
def test_a_form_of_another_page_can_send_no_json(kind: str, passes: bool) -> None:
    found = examined("POST", f"/{SECRET}/api/write", origin=OWN, content_type=kind)
    assert found == ("api/write" if passes else HTTPStatus.UNSUPPORTED_MEDIA_TYPE)

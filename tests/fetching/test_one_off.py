"""URLs fetched by hand, over real sockets: one run of `inspect` answers for all of them."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.time_limits import HANG
from tests.web import Answer, Certificate, Coding, Ending, LoopbackWeb, Rules, redirect, robots

PAGE = "<html lang=en><title>A pier</title><link rel=canonical href=/pier>"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20">' + " " * 500 + "</svg>"
GIF = b"GIF89a\x46\x00\x32\x00" + bytes(400_000)
RULES = Rules(
    {
        "//bay.test/page": Answer(body=PAGE, content_type="text/html"),
        "//bay.test/bare": Answer(body=PAGE, content_type=""),
        "//bay.test/packed": Answer(body=PAGE, content_type="text/html", coding=Coding.GZIP),
        "//bay.test/moved": redirect("/moved/again", 301),
        "//bay.test/moved/again": redirect("https://other.test/end", 302),
        "//other.test/end": Answer(body=PAGE, content_type="text/html"),
        "//bay.test/picture": Answer(image=(640, 480)),
        "//bay.test/large": Answer(body=GIF, content_type="image/gif"),
        "//bay.test/octets": Answer(body=GIF, content_type="application/octet-stream"),
        "//bay.test/mistyped": Answer(body=GIF[:900], content_type="text/html"),
        "//bay.test/svg": Answer(body=SVG, content_type="image/svg+xml", coding=Coding.GZIP),
        "//bay.test/pdf": Answer(body=b"%PDF-1.7" + bytes(900), content_type="application/pdf"),
        "//bay.test/empty": Answer(status=204, body=""),
        "//bay.test/gone": Answer(status=410),
        "//bay.test/loop": redirect("/loop"),
        "//bay.test/away": redirect("javascript:alert(1)"),
        "//bay.test/mail": redirect("http://bay.test:25/"),
        "//bay.test/reset": Answer(ending=Ending.RESET_BEFORE),
        "//bay.test/cut": Answer(body=PAGE, content_type="text/html", ending=Ending.RESET_IN_BODY),
        **{f"//bay.test/chain{n}": redirect(f"/chain{n + 1}") for n in range(22)},
    },
    certificates={"old.test": Certificate.EXPIRED, "shut.test": Certificate.REFUSED},
)
URLS = [
    *(f"http:{key}" for key in RULES.answers if key[:10] == "//bay.test" and "chain" not in key),
    "http://bay.test/chain0",
    "https://old.test/",
    "https://shut.test/",
    "http://127.0.0.1/",
    "HTTPS://Bay.Test/page#part",
    "http://b..y.test/",
    "http://bay.test:25/",
    "http://bay.test:99999/",
]


@pytest.fixture(scope="module")
def web() -> Iterator[LoopbackWeb]:
    with LoopbackWeb() as opened:
        forbidden = {"//bay.test/robots.txt": robots("User-agent: *\nDisallow: /")}
        opened.set_rules(Rules({**RULES.answers, **forbidden}, RULES.certificates))
        yield opened


@pytest.fixture(scope="module")
def seen(web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    completed = web.run_crawler("inspect", *URLS, cwd=tmp_path_factory.mktemp("empty"))
    assert completed.stderr == ""
    assert completed.code == 1
    records = [json.loads(line) for line in completed.stdout.splitlines()]
    assert [record["url"] for record in records] == URLS
    return {record["url"]: record for record in records}


@pytest.mark.parametrize("path", ["page", "bare", "packed"])
def test_page_is_shown_with_what_the_visit_told(seen: dict[str, Any], path: str) -> None:
    url = f"http://bay.test/{path}"
    record = seen[url]
    assert (record["final_url"], record["status"], record["redirects"]) == (url, 200, [])
    assert record["page"]["title"] == "A pier"
    assert record["candidates"]["canonical"][0]["value"] == "http://bay.test/pier"


def test_redirects_are_followed_and_shown(seen: dict[str, Any]) -> None:
    record = seen["http://bay.test/moved"]
    assert record["redirects"] == [
        {"url": "http://bay.test/moved", "status": 301},
        {"url": "http://bay.test/moved/again", "status": 302},
    ]
    assert record["final_url"] == "https://other.test/end"
    assert record["page"]["canonical"] == "https://other.test/pier"


def test_url_is_shown_as_given_and_asked_for_as_normalised(seen: dict[str, Any]) -> None:
    assert seen["HTTPS://Bay.Test/page#part"]["final_url"] == "https://bay.test/page"


@pytest.mark.parametrize(
    ("path", "facts"),
    [
        ("picture", {"type": "PNG", "width": 640, "height": 480}),
        ("large", {"type": "GIF", "width": 70, "height": 50, "bytes": len(GIF)}),
        ("octets", {"type": "GIF", "width": 70, "height": 50, "bytes": len(GIF)}),
        ("mistyped", {"type": "GIF", "width": 70, "height": 50, "bytes": 900}),
        ("svg", {"type": "SVG", "width": 30, "height": 20, "bytes": len(SVG)}),
    ],
)
def test_image_is_known_by_its_first_bytes(
    seen: dict[str, Any], path: str, facts: dict[str, Any]
) -> None:
    image = seen[f"http://bay.test/{path}"]["image"]
    assert facts.items() <= image.items()
    assert image["bytes_read"] < 300_000


def test_a_bad_certificate_is_told_beside_what_is_behind_it(seen: dict[str, Any]) -> None:
    assert seen["https://old.test/"]["certificate"] == "certificate-expired"
    assert seen["https://old.test/"]["page"]["title"]
    assert "certificate" not in seen["http://bay.test/page"]


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://bay.test/pdf", "not-a-page"),
        ("http://bay.test/empty", "not-a-page"),
        ("http://bay.test/gone", "http-410"),
        ("http://bay.test/loop", "redirect-loop"),
        ("http://bay.test/chain0", "redirect-too-many"),
        ("http://bay.test/away", "redirect-bad-location"),
        ("http://bay.test/reset", "connection-reset"),
        ("https://shut.test/", "tls-failed"),
        ("http://127.0.0.1/", "address-blocked"),
        ("http://bay.test:25/", "address-blocked"),
        ("http://bay.test/mail", "address-blocked"),
        ("http://b..y.test/", "bad-host"),
        ("http://bay.test:99999/", "bad-port"),
    ],
)
def test_what_gives_no_page_says_why(seen: dict[str, Any], url: str, error: str) -> None:
    assert seen[url]["error"] == error
    assert seen[url]["message"]


def test_body_that_breaks_off_is_shown_as_far_as_it_came(seen: dict[str, Any]) -> None:
    record = seen["http://bay.test/cut"]
    assert record.get("error") == "body-incomplete" or record["page"]["lang"] == "en"


def test_robots_txt_is_never_asked_for(web: LoopbackWeb, seen: dict[str, Any]) -> None:
    targets = [request.target for request in web.requests(robots=True)]
    assert "/robots.txt" not in targets
    assert targets.count("/picture") == 1
    assert "/chain21" not in targets


def test_host_gets_its_pause_between_two_urls(tmp_path: Path) -> None:
    urls = ["http://slow.test/1", "http://quick.test/1", "http://slow.test/2"]
    with LoopbackWeb() as own:
        done = own.run_crawler("inspect", *urls, cwd=tmp_path, LINKHEALTH_HOST_DELAY="0.7")
        first, other, second = own.requests()
    assert done.code == 0
    assert second.at - first.at >= 0.35, "as an origin sees it: a busy machine delivers late"
    assert first.at <= other.at < second.at


def test_interrupt_ends_it_with_exit_code_4(tmp_path: Path) -> None:
    with LoopbackWeb() as own:
        own.set_rules({"//bay.test/hang": Answer(ending=Ending.HANG_BEFORE)})
        command = [sys.executable, "-m", "crawler", "inspect", "http://bay.test/hang"]
        with own.start(command, cwd=tmp_path) as process:
            deadline = time.monotonic() + HANG
            while not own.requests():
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=HANG)
    assert (process.returncode, out) == (4, "")
    assert err == "linkhealth: stopped before the last one\n"

"""The server against strangers, slow clients and nonsense, with real requests (rules L1 and L2)."""

from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Semaphore

import pytest

from crawler.review import desk, serving
from crawler.review.bodies import LARGEST_BODY, MOST_AT_ONCE
from tests.commands.after_a_crawl import LOST
from tests.review.asking import Page, raw, read_all, row, states, wire
from tests.review.conftest import Served
from tests.review.test_deciding import BROKEN, changed_by_a_run
from tests.strategies.model import NASTY_TEXTS

ALWAYS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.fixture
def page(served: Served) -> Page:
    return served.page()


def refused(page: Page, **headers: str) -> list[int]:
    """The status of a read, a decision and a write with these headers in the place of the page's."""
    given: dict[str, str | None] = {"Origin": None, "Sec-Fetch-Site": None, **headers}
    body = {"page": page.name, "after": 0, "decisions": [row(LOST, "keep")]}
    return [
        page.ask("GET", "api/decisions", headers=given).status,
        page.ask("POST", "api/decisions", body, given).status,
        page.ask("POST", "api/write", {"page": page.name}, given).status,
    ]


def test_it_listens_on_loopback_alone(served: Served) -> None:
    assert served.server.socket.getsockname()[0] == "127.0.0.1"


def test_the_page_is_the_report_and_may_ask_its_own_server_alone(page: Page) -> None:
    found = page.ask("GET", "", headers={"Origin": None, "Sec-Fetch-Site": "none"})
    assert found.status == 200
    assert b'<meta name="linkhealth-review" content="api">' in found.data
    assert page.secret.encode() not in found.data
    policy = found.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert policy.split("; frame")[0].encode() in found.data


def test_the_page_is_made_again_where_what_it_shows_has_changed(served: Served, page: Page) -> None:
    report = served.server.report
    first = report.now()
    with ThreadPoolExecutor(3) as pool:
        assert all(one is first for one in pool.map(lambda _: report.now(), range(3)))
    assert page.ask("GET", "").data == first.data
    page.decide(row(LOST, "ignore", seen=BROKEN, note="wait", until="2027-01-31"))
    assert report.now() is first, "a decision that is not carried out is no part of the page"
    changed_by_a_run(served, LOST)
    second = report.now()
    assert second is not first
    assert page.ask("GET", "").data == second.data != first.data


@pytest.mark.parametrize("path", ["", "api/decisions", "api/nothing"])
def test_every_answer_is_kept_nowhere_and_shared_with_nobody(page: Page, path: str) -> None:
    for found in (
        page.ask("GET", path),
        raw(page.port, "GET", "/", {}),
        raw(page.port, "BREW", "/", {}),
    ):
        assert ALWAYS.items() <= found.headers.items()
        assert not any(name.lower().startswith("access-control") for name in found.headers)
        assert "Python" not in found.headers["Server"]


@pytest.mark.parametrize(
    "target", ["/", "/api/decisions", "/wrong-secret/", "/wrong/api/decisions"]
)
def test_without_the_secret_nothing_is_there(page: Page, target: str) -> None:
    found = raw(page.port, "GET", target, {"Origin": page.origin})
    assert (found.status, found.json["message"]) == (404, "nothing here")
    assert page.secret.encode() not in found.data


def test_a_name_that_was_made_to_lead_here_reads_and_writes_nothing(page: Page) -> None:
    """DNS rebinding: to the browser the page of evil.example is then this server's own."""
    evil = f"evil.example:{page.port}"
    assert refused(page, Host=evil) == [421] * 3
    own = {"Host": evil, "Origin": f"http://{evil}", "Sec-Fetch-Site": "same-origin"}
    assert refused(page, **own) == [421] * 3
    assert page.open() == []


def test_a_foreign_page_reads_and_writes_nothing_even_with_the_secret(page: Page) -> None:
    """Cross-site request forgery."""
    foreign = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert refused(page, **foreign) == [403] * 3
    assert refused(page, Origin="null") == [403] * 3
    form = {"Content-Type": "text/plain"} | {"Origin": page.origin}
    body = json.dumps({"page": page.name, "after": 0, "decisions": []}).encode()
    assert page.ask("POST", "api/decisions", body, dict(form)).status == 415
    asked = page.ask("OPTIONS", "api/decisions", headers=dict(foreign))
    assert asked.status == 501
    assert page.open() == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[]", "not a JSON object"),
        (b'{"page": NaN}', "NaN"),
        (b"[" * 100_000, "not JSON"),
        (b'{"after":' + b"9" * 5_000 + b"}", "not JSON"),
        (b"{}", "page is no name"),
        (b'{"page": "short", "after": 0, "decisions": []}', "page is no name"),
        (b'{"page": "page-one-of-tests", "after": -1, "decisions": []}', "after"),
        (b'{"page": "page-one-of-tests", "after": true, "decisions": []}', "after"),
        (b'{"page": "page-one-of-tests", "after": 0}', "decisions is not a list"),
        (b'{"page": "page-one-of-tests", "after": 0, "decisons": []}', "did you mean"),
    ],
)
def test_a_body_that_makes_no_sense_is_refused_with_a_reason(
    page: Page, body: bytes, says: str
) -> None:
    found = page.ask("POST", "api/decisions", body)
    assert found.status == 400
    assert says in found.json["message"]


@pytest.mark.parametrize(
    ("what", "body", "says"),
    [
        ("diff", {"keys": "all"}, "keys"),
        ("diff", {"keys": [], "decisions": []}, "either"),
        ("write", {"page": "page-one-of-tests", "commit": 1}, "commit"),
        ("write", {"page": "page-one-of-tests", "digest": 1}, "digest"),
        ("write", {"page": "page-one-of-tests", "keys": [1]}, "keys"),
    ],
)
def test_every_request_is_looked_at(
    page: Page, what: str, body: dict[str, object], says: str
) -> None:
    found = page.ask("POST", f"api/{what}", body)
    assert found.status == 400
    assert says in found.json["message"]


@pytest.mark.parametrize("after", ["", "x", "-1", "1&after=2", "9" * 30, "%D9%A3"])
def test_changes_are_asked_for_after_a_number(page: Page, after: str) -> None:
    assert page.ask("GET", f"api/changes?after={after}").status == 400


def test_a_row_that_makes_no_sense_is_refused_by_itself(page: Page) -> None:
    rows = [
        row(LOST, "keep", seen={"verdict": "broken", "reason": "http-404"}),
        row(LOST, "burn"),
        row(LOST, "keep", seen={"verdict": "dead"}),
        row(LOST, "keep", seen={"verdict": "dead", "reason": "x", "more": 1}),
        row(LOST, "keep", colour="red"),
        row(LOST, "keep", note="x" * 501),
        row(LOST, "keep", declared="x" * 32_001),
        row(LOST, "keep", declared=["x"]),
        row(LOST, "ignore", note="why"),
        row(LOST, "not-broken"),
        row("", "drop"),
    ]
    results = page.decide(*rows)
    assert states(results) == ["kept", *["refused"] * 10]
    assert all(one["reason"] for one in results[1:])
    body = {"page": page.name, "after": 0, "decisions": [7]}
    assert page.ask("POST", "api/decisions", body).json["results"][0]["state"] == "refused"
    assert len(page.open()) == 1


def test_bodies_are_bounded(page: Page) -> None:
    huge = page.ask("POST", "api/decisions", b" " * (LARGEST_BODY + 1))
    assert huge.status == 413
    many = {"page": page.name, "after": 0, "decisions": [{}] * (MOST_AT_ONCE + 1)}
    assert page.ask("POST", "api/decisions", many).status == 400


@pytest.mark.parametrize(
    "length",
    [
        "",
        "Content-Length: 2\r\nContent-Length: 2\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: -2\r\n",
        "Content-Length: +2\r\n",
        "Content-Length: 0x2\r\n",
        f"Content-Length: {'9' * 30}\r\n",
    ],
)
def test_a_body_says_its_length_once(page: Page, length: str) -> None:
    head = (
        f"POST /{page.secret}/api/decisions HTTP/1.1\r\nHost: 127.0.0.1:{page.port}\r\n"
        f"Origin: {page.origin}\r\nContent-Type: application/json\r\n{length}\r\n"
    )
    answer = wire(page.port, [head.encode() + b"{}"])
    assert answer.split()[1] in (b"400", b"411", b"413")


@pytest.mark.parametrize(
    "said",
    [
        b"\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"GET /\r\n\r\n",
    ],
)
def test_what_is_no_request_ends_and_the_next_one_is_answered(page: Page, said: bytes) -> None:
    with socket.create_connection(("127.0.0.1", page.port), timeout=30) as connection:
        connection.sendall(said)
        connection.shutdown(socket.SHUT_WR)
        read_all(connection)
    assert page.ask("GET", "api/decisions").status == 200


def test_slow_and_silent_clients_are_let_go(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "READ_SECONDS", 0.3)
    head = f"POST /{page.secret}/api/decisions HTTP/1.1\r\nHost: 127.0.0.1:{page.port}\r\n"
    rest = f"Origin: {page.origin}\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n"
    for said in (b"", b"GET /", head.encode(), (head + rest + "{").encode()):
        assert wire(page.port, [said]) == b""
    with socket.create_connection(("127.0.0.1", page.port), timeout=30) as dripping:
        # Each byte comes in time; the whole request never does.
        with pytest.raises(OSError):  # noqa: PT011, PT012 - closed or reset, as the system has it
            for _ in range(3_000):
                dripping.sendall(b"x")
                time.sleep(0.01)
        assert page.ask("GET", "api/decisions").status == 200


def test_too_many_connections_are_closed_and_nobody_waits_for_ever(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = served.page()
    monkeypatch.setattr(serving, "READ_SECONDS", 1.0)
    held = [
        socket.create_connection(("127.0.0.1", page.port), timeout=30)
        for _ in range(serving.MOST_CONNECTIONS + 1)
    ]
    try:
        assert held[-1].recv(1) == b"", "one too many"
        assert held[0].recv(1) == b"", "the others are let go in time"
        for one in held:
            one.close()
        assert page.ask("GET", "api/decisions").status == 200
    finally:
        for one in held:
            one.close()


def test_who_waits_for_changes_hears_of_them(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "LONGEST_WAIT", 120.0)
    waiting, deciding = served.page("page-that-waits"), served.page("page-that-decides")
    with ThreadPoolExecutor(1) as pool:
        heard = pool.submit(waiting.ask, "GET", "api/changes?after=0")
        deciding.decide(row(LOST, "keep", seen={"verdict": "broken", "reason": "http-404"}))
        (change,) = heard.result(60).json["decisions"]
    assert (change["row"]["decision"], change["page"]) == ("keep", "page-that-decides")


def test_waiting_has_an_end_and_too_many_do_not_wait(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = served.page()
    monkeypatch.setattr(desk, "LONGEST_WAIT", 0.05)
    found = page.ask("GET", "api/changes?after=0").json
    assert (found["decisions"], found["version"]) == ([], 0)
    monkeypatch.setattr(desk, "LONGEST_WAIT", 3_600.0)
    monkeypatch.setattr(served.server.review, "_waiting", Semaphore(0))
    assert page.ask("GET", "api/changes?after=0").json["version"] == 0


def test_any_text_is_kept_as_it_is_and_shown_as_json(page: Page) -> None:
    for number, nasty in enumerate(text for text in NASTY_TEXTS if text.strip()):
        cells = {"path": f"{number}.md", "at": nasty, "decision": "keep", "note": nasty[:400]}
        assert states(page.decide(cells)) == ["kept"]
        found = page.open()[-1]["row"]
        assert (found["at"], found["note"]) == (nasty, nasty[:400])
    answer = page.ask("GET", "api/decisions")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.data.isascii()
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]

from __future__ import annotations

import gzip
import http.client
import json
import socket
import ssl
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.time_limits import HANG
from tests.web import (
    Answer,
    Certificate,
    Coding,
    Drip,
    Ending,
    Framing,
    LoopbackWeb,
    Rules,
    redirect,
    robots,
)


@pytest.fixture(scope="module")
def shared_web() -> Iterator[LoopbackWeb]:
    with LoopbackWeb() as opened:
        yield opened


@pytest.fixture
def origin(shared_web: LoopbackWeb) -> LoopbackWeb:
    """One origin for the module, clean for each test: starting it costs more than most tests."""
    shared_web.set_rules()
    shared_web.forget()
    return shared_web


def connect(web: LoopbackWeb, host: str | None = None) -> socket.socket:
    """A connection, with TLS where a host is named; raises what the handshake raises."""
    port = web.https_port if host else web.http_port
    connected = socket.create_connection(("127.0.0.1", port), timeout=HANG)
    if not host:
        return connected
    context = ssl.create_default_context(cafile=str(web.origin.ca_file))
    try:
        return context.wrap_socket(connected, server_hostname=host)
    except BaseException:
        connected.close()
        raise


def get(
    web: LoopbackWeb, url: str, method: str = "GET", **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    scheme, _, rest = url.partition("://")
    host, slash, target = rest.partition("/")
    connection = http.client.HTTPConnection(host)
    connection.sock = connect(web, host if scheme == "https" else None)
    try:
        connection.request(
            method, slash + target, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def send(connected: socket.socket, host: str = "a.example", target: str = "/") -> None:
    connected.sendall(f"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())


def everything(connected: socket.socket) -> bytes:
    received = b""
    while data := connected.recv(1 << 16):
        received += data
    return received


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_host_has_a_page_of_its_own(origin: LoopbackWeb, scheme: str) -> None:
    status, headers, body = get(origin, f"{scheme}://any.example/news/some-title.html?x=1")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert b'<meta property="og:title" content="Some title">' in body
    (request,) = origin.requests()
    assert request.url == f"{scheme}://any.example/news/some-title.html?x=1"
    assert request.headers["host"] == "any.example"


@pytest.mark.parametrize(
    ("target", "accept", "size"),
    [
        ("/logo-50x40.png", "*/*", (50, 40)),
        ("/photo.JPEG?w=3", "*/*", (1200, 630)),
        ("/th?id=OIP", "image/*", (1200, 630)),
    ],
)
def test_an_image_is_real(
    origin: LoopbackWeb, target: str, accept: str, size: tuple[int, int]
) -> None:
    _, headers, body = get(origin, f"http://a.example{target}", Accept=accept)
    assert headers["Content-Type"] == "image/png"
    assert body.startswith(b"\x89PNG\r\n\x1a\n")
    assert (int.from_bytes(body[16:20], "big"), int.from_bytes(body[20:24], "big")) == size


def test_robots_is_missing_unless_a_rule_names_it(origin: LoopbackWeb) -> None:
    origin.set_rules({"//a.example/*": Answer(status=503), "//b.example/robots.txt": robots("x")})
    assert get(origin, "http://a.example/robots.txt")[0] == 404
    assert get(origin, "http://a.example/else")[0] == 503
    assert get(origin, "http://b.example/robots.txt")[2] == b"x"
    assert [request.target for request in origin.requests()] == ["/else"]
    assert len(origin.requests(robots=True)) == 3


def test_the_most_exact_rule_wins(origin: LoopbackWeb) -> None:
    origin.set_rules(
        {
            "*": Answer(status=418),
            "//a.example/*": Answer(status=410),
            "//a.example/folder/*": Answer(status=403),
            "//a.example/folder/page?q": Answer(status=402),
            "https://a.example/folder/page?q": Answer(status=451),
        }
    )
    asked = {
        "http://b.example/": 418,
        "http://a.example/page": 410,
        "http://a.example/folder/page": 403,
        "http://a.example/folder/page?q": 402,
        "https://a.example/folder/page?q": 451,
    }
    assert {url: get(origin, url)[0] for url in asked} == asked


def test_answers_follow_each_other_and_begin_again_with_new_rules(origin: LoopbackWeb) -> None:
    rules = {"//a.example/": [Answer(status=503), Answer(status=200)]}
    for _ in range(2):
        origin.set_rules(rules)
        assert [get(origin, "http://a.example/")[0] for _ in range(3)] == [503, 200, 200]


def test_rules_survive_the_way_to_the_server(tmp_path: Path) -> None:
    answer = Answer(
        status=302,
        reason="Elsewhere",
        headers=(("X-Raw", b"\xff"), ("X-Text", "é")),
        location=b"/\xff",
        body=b"\0\xff",
        image=(3, 4),
        drip=Drip(2, 0.5),
        framing=Framing.CHUNKED,
        coding=Coding.ZSTD,
        ending=Ending.HANG_IN_BODY,
        corrupt=True,
    )
    rules = Rules({"*": (answer,)}, {"a.example": Certificate.EXPIRED})
    rules.write(tmp_path / "rules.json")
    assert Rules.read(tmp_path / "rules.json") == rules


def test_rules_written_by_hand_are_read(origin: LoopbackWeb, tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    path.write_text(json.dumps({"answers": {"//a.example/": {"status": 404}}}), encoding="utf-8")
    origin.set_rules(Rules.read(path))
    assert get(origin, "http://a.example/")[0] == 404


def test_a_redirect_is_verbatim(origin: LoopbackWeb) -> None:
    origin.set_rules({"//a.example/": redirect(b"http://[::1/\xe9", 308)})
    with connect(origin) as connected:
        send(connected)
        connected.shutdown(socket.SHUT_WR)
        received = everything(connected)
    assert received.startswith(b"HTTP/1.1 308 Permanent Redirect\r\n")
    assert b"\r\nLocation: http://[::1/\xe9\r\n" in received


def test_headers_of_a_rule_replace_the_defaults(origin: LoopbackWeb, tmp_path: Path) -> None:
    (tmp_path / "body").write_bytes(b"from a file")
    answer = Answer(file=str(tmp_path / "body"), headers=(("content-type", "text/x"), ("X-A", "1")))
    origin.set_rules({"*": answer})
    _, headers, body = get(origin, "http://a.example/")
    assert headers.get_all("Content-Type") == ["text/x"]
    assert (headers["X-A"], body) == ("1", b"from a file")


def test_validators_and_ranges(origin: LoopbackWeb) -> None:
    origin.set_rules({"*": Answer(body="0123456789", etag='"v1"', modified="yesterday")})
    url = "http://a.example/"
    assert get(origin, url, If_None_Match='"v1"')[0] == 304
    assert get(origin, url, If_Modified_Since="yesterday")[0] == 304
    assert get(origin, url, If_None_Match='"v2"')[2] == b"0123456789"
    status, headers, body = get(origin, url, Range="bytes=2-4")
    assert (status, headers["Content-Range"], body) == (206, "bytes 2-4/10", b"234")
    assert get(origin, url, Range="bytes=5-99")[2] == b"56789"
    assert get(origin, url, Range="bytes=10-")[0] == 416
    origin.set_rules({"*": Answer(body="0123456789", ranges=False)})
    assert get(origin, url, Range="bytes=2-4")[2] == b"0123456789"


def test_head_has_the_length_and_no_body(origin: LoopbackWeb) -> None:
    origin.set_rules({"*": Answer(body="four")})
    status, headers, body = get(origin, "http://a.example/", method="HEAD")
    assert (status, headers["Content-Length"], body) == (200, "4", b"")


def test_codings_are_right_or_corrupt(origin: LoopbackWeb) -> None:
    origin.set_rules({"*": Answer(body="text " * 50, coding=Coding.GZIP)})
    _, headers, body = get(origin, "http://a.example/")
    assert (headers["Content-Encoding"], gzip.decompress(body)) == ("gzip", b"text " * 50)
    origin.set_rules({"*": Answer(body="text " * 50, coding=Coding.GZIP, corrupt=True)})
    with pytest.raises(zlib.error):
        gzip.decompress(get(origin, "http://a.example/")[2])


@pytest.mark.parametrize("framing", [Framing.CHUNKED, Framing.LENGTH, Framing.UNTIL_CLOSE])
def test_a_body_arrives_whole_however_it_is_framed(origin: LoopbackWeb, framing: Framing) -> None:
    origin.set_rules({"*": Answer(body="abcdefgh", framing=framing, drip=Drip(3, 0.01))})
    assert get(origin, "https://a.example/")[2] == b"abcdefgh"


def test_delay_and_drip_take_their_time(origin: LoopbackWeb) -> None:
    origin.set_rules({"*": Answer(body="abcd", delay=0.1, drip=Drip(1, 0.02))})
    began = time.monotonic()
    get(origin, "http://a.example/")
    assert time.monotonic() - began >= 0.1 + 3 * 0.02


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(framing=Framing.CHUNKED_BROKEN), http.client.IncompleteRead),
        (Answer(ending=Ending.CLOSE_BEFORE), http.client.RemoteDisconnected),
        (Answer(ending=Ending.RESET_BEFORE), ConnectionResetError),
        (Answer(ending=Ending.CLOSE_IN_BODY), http.client.IncompleteRead),
        (
            Answer(ending=Ending.RESET_IN_BODY),
            (ConnectionResetError, http.client.IncompleteRead),  # OpenSSL may call it an end
        ),
        (Answer(raw=b"SSH-2.0-OpenSSH\r\n"), http.client.BadStatusLine),
        (Answer(ending=Ending.ENDLESS_HEADERS), http.client.HTTPException),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_misbehaviour_reaches_the_client(
    origin: LoopbackWeb,
    answer: Answer,
    expected: type[Exception] | tuple[type[Exception], ...],
    scheme: str,
) -> None:
    origin.set_rules({"*": answer})
    with pytest.raises(expected):
        get(origin, f"{scheme}://a.example/")
    origin.set_rules()
    assert get(origin, f"{scheme}://a.example/")[0] == 200


@pytest.mark.parametrize("ending", [Ending.HANG_BEFORE, Ending.HANG_IN_BODY])
def test_a_hanging_answer_holds_the_connection(origin: LoopbackWeb, ending: Ending) -> None:
    origin.set_rules({"*": Answer(body="abcd", ending=ending)})
    with connect(origin) as connected:
        send(connected)
        connected.settimeout(0.2)
        with pytest.raises(TimeoutError):
            everything(connected)


def test_an_endless_body_goes_on(origin: LoopbackWeb) -> None:
    origin.set_rules({"*": Answer(body="more", ending=Ending.ENDLESS_BODY)})
    with connect(origin) as connected:
        send(connected)
        assert sum(len(connected.recv(1 << 16)) for _ in range(50)) > 100_000
    assert get(origin, "http://a.example/robots.txt")[0] == 404


def test_pipelined_requests_are_answered_in_order(origin: LoopbackWeb) -> None:
    origin.set_rules({"//a.example/1": Answer(body="first", delay=0.05)})
    with connect(origin) as connected:
        send(connected, target="/1")
        send(connected, target="/2?second")
        received = b""
        while b"</html>" not in received:
            received += connected.recv(1 << 16)
    assert received.index(b"first") < received.index(b"second")
    assert len({request.connection for request in origin.requests()}) == 1


def test_nonsense_is_refused(origin: LoopbackWeb) -> None:
    with connect(origin) as connected:
        connected.sendall(b"what\r\n\r\n")
        assert everything(connected).startswith(b"HTTP/1.1 400 ")


def test_connections_and_requests_in_flight_are_counted_by_host(origin: LoopbackWeb) -> None:
    origin.set_rules({"//slow.example/": Answer(ending=Ending.HANG_BEFORE)})
    opened = [connect(origin) for _ in range(3)]
    for connected in opened:
        send(connected, host="slow.example")
    get(origin, "http://quick.example/")
    counters = origin.counters()
    for connected in opened:
        connected.close()
    assert counters.requests == len(origin.requests())
    assert counters.most_in_flight == {"slow.example": 3, "quick.example": 1}
    assert counters.most_connections == {"slow.example": 3, "quick.example": 1}


def test_forgetting_empties_the_log(origin: LoopbackWeb) -> None:
    get(origin, "http://a.example/")
    origin.forget()
    assert (origin.requests(), origin.counters().requests) == ([], 0)
    get(origin, "http://a.example/b")
    assert [request.target for request in origin.requests()] == ["/b"]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Certificate.EXPIRED, "certificate has expired"),
        (Certificate.NOT_YET_VALID, "certificate is not yet valid"),
        (Certificate.SELF_SIGNED, "self[- ]signed certificate"),
        (Certificate.UNTRUSTED, "self[- ]signed certificate in certificate chain"),
        (Certificate.INCOMPLETE, "unable to get local issuer certificate"),
        (Certificate.WRONG_HOST, "Hostname mismatch"),
        (Certificate.REFUSED, r"EOF occurred|closed \(EOF\)"),
    ],
)
def test_a_host_shows_the_certificate_that_its_rule_names(
    origin: LoopbackWeb, kind: Certificate, said: str
) -> None:
    origin.set_rules(Rules(certificates={"bad.example": kind}))
    with pytest.raises(ssl.SSLError, match=said):
        get(origin, "https://bad.example/")
    assert get(origin, "https://good.example/")[0] == 200
    origin.set_rules()
    assert get(origin, "https://bad.example/")[0] == 200

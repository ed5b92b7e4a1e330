# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from OpenSSL import SSL
from twisted.internet.protocol import Factory, Protocol
from twisted.protocols.tls import TLSMemoryBIOFactory, TLSMemoryBIOProtocol

from crawler.transport.tls_verification import VerifiedPolicy
from tests.transport.crawls import SHORT_TIMES, Crawled, crawl, write_article
from tests.web import Answer, Certificate, Coding, Drip, Ending, Framing, LoopbackWeb, Rules
from tests.web.authority import Authority

if TYPE_CHECKING:
    from twisted.internet.interfaces import IProtocolFactory

LONG = b"<p>" + b"x" * 60_000


def raw(head: bytes, body: bytes = b"hi") -> Answer:
    return Answer(raw=b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + body)


def coded(coding: bytes, body: bytes) -> Answer:
    return raw(b"Content-Type: text/html\r\nContent-Encoding: " + coding, body)


ANSWERS: dict[str, tuple[Answer, str | None, int | None]] = {
    "close-before": (Answer(ending=Ending.CLOSE_BEFORE), "connection-reset", None),
    "reset-before": (Answer(ending=Ending.RESET_BEFORE), "connection-reset", None),
    "hang-before": (Answer(ending=Ending.HANG_BEFORE), "response-timeout", None),
    "endless-headers": (Answer(ending=Ending.ENDLESS_HEADERS), "response-malformed", None),
    "many-headers": (raw(b"\r\n".join([b"X-Long: " + b"y" * 10_000] * 20)), None, 200),
    "too-many-headers": (raw(b"X-Long: y\r\n" * 40_000 + b"X: y"), "response-malformed", None),
    "endless-interim": (
        Answer(raw=b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000),
        "response-malformed",
        None,
    ),
    "close-in-body": (Answer(ending=Ending.CLOSE_IN_BODY), "body-incomplete", 200),
    "reset-in-body": (Answer(ending=Ending.RESET_IN_BODY), "body-incomplete", 200),
    "hang-in-body": (Answer(ending=Ending.HANG_IN_BODY), "body-incomplete", 200),
    "endless-body": (Answer(ending=Ending.ENDLESS_BODY), None, 200),
    "drip": (Answer(drip=Drip(size=1, pause=0.1)), "body-incomplete", 200),
    "until-close": (Answer(framing=Framing.UNTIL_CLOSE), None, 200),
    "gone-and-cut": (Answer(status=404, ending=Ending.RESET_IN_BODY), "body-incomplete", 404),
    "chunk": (Answer(framing=Framing.CHUNKED_BROKEN), "body-incomplete", 200),
    "garbage": (Answer(raw=b"\x00\xff\x00garbage\r\n\r\n"), "response-malformed", None),
    "status-huge": (
        Answer(raw=b"HTTP/1.1 " + b"9" * 30 + b" OK\r\n\r\n"),
        "response-malformed",
        None,
    ),
    "status-negative": (Answer(raw=b"HTTP/1.1 -7 OK\r\n\r\n"), "response-malformed", None),
    "status-short": (Answer(raw=b"HTTP/1.1 99 OK\r\n\r\n"), "response-malformed", None),
    "status-999": (Answer(status=999), None, 999),
    "version": (
        Answer(raw=b"H\xffTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
        "body-incomplete",
        200,
    ),
    "length-word": (raw(b"Content-Length: x"), "response-malformed", None),
    "length-twice": (raw(b"Content-Length: 2\r\nContent-Length: 3"), "response-malformed", None),
    "length-negative": (raw(b"Content-Length: -2"), "response-malformed", None),
    "length-huge": (raw(b"Content-Length: " + b"9" * 30), "body-incomplete", 200),
    "length-digits": (raw(b"Content-Length: " + b"9" * 5_000), "response-malformed", None),
    "header-nul": (raw(b'ETag: "a\x00b\xe9"\r\nContent-Length: 2'), None, 200),
    "header-broken": (raw(b"no colon\r\nContent-Length: 2"), None, 200),
    "encoding-unknown": (raw(b"Transfer-Encoding: what"), "response-malformed", None),
    "name-quoted": (raw("“X-Frame-Options”: DENY\r\nContent-Length: 2".encode()), None, 200),
    "name-spaced": (raw(b"X Frame Options: DENY\r\nContent-Length: 2"), None, 200),
    "name-empty": (raw(b": DENY\r\nContent-Length: 2"), None, 200),
    "name-brackets": (
        raw(b'<meta>: x\r\n(X): y\r\nX/Y: z\r\n"ETag": 1\r\nContent-Length: 2'),
        None,
        200,
    ),
    "name-controls": (raw(b"X\x00Y: 1\r\nX\x0bY: 2\r\n\x7f: 3\r\nContent-Length: 2"), None, 200),
    "name-latin": (raw(b"X-\xe9: 1\r\nContent-Length: 2"), None, 200),
    "name-url": (raw(b"https://a.test/: 1\r\nContent-Length: 2"), None, 200),
    "colon-spaced": (raw(b"Content-Length : 2\r\nX-Y \t: 1"), None, 200),
    "line-continues-nothing": (raw(b" X-Y: 1\r\n\tX-Z: 2\r\nContent-Length: 2"), None, 200),
    "odd-end-quoted": (raw("“Content-Length”: 5\r\nConnection: close".encode()), None, 200),
    "length-twice-spaced": (
        raw(b"Content-Length: 2\r\nContent-Length : 3"),
        "response-malformed",
        None,
    ),
    "length-same": (raw(b"Content-Length: 2\r\nContent-Length : 2"), None, 200),
    "encoding-unknown-spaced": (raw(b"Transfer-Encoding : what"), "response-malformed", None),
    "gzip": (Answer(coding=Coding.GZIP, corrupt=True, body=LONG), "body-undecodable", 200),
    "deflate": (Answer(coding=Coding.DEFLATE, corrupt=True, body=LONG), "body-undecodable", 200),
    "brotli": (Answer(coding=Coding.BROTLI, corrupt=True, body=LONG), "body-undecodable", 200),
    "zstd": (Answer(coding=Coding.ZSTD, corrupt=True, body=LONG), "body-undecodable", 200),
    "gzip-cut": (coded(b"gzip", b"\x1f\x8b\x08\x00\x00"), "body-undecodable", 200),
    "gzip-not": (coded(b"gzip", b"<html>no</html>"), "body-undecodable", 200),
    "gzip-empty": (coded(b"gzip", b""), None, 200),
    "zstd-not": (coded(b"zstd", b"<html>no</html>"), "body-undecodable", 200),
    "bomb": (Answer(coding=Coding.GZIP, body=b"<p>" + b"x" * 8_000_000), "body-too-large", 200),
}
"""By host: the answer, and what the item must say of it: failure and status."""

CERTIFICATES = {
    Certificate.VALID: [],
    Certificate.EXPIRED: ["certificate-expired"],
    Certificate.NOT_YET_VALID: ["certificate-not-yet-valid"],
    Certificate.SELF_SIGNED: ["certificate-self-signed"],
    Certificate.UNTRUSTED: ["certificate-untrusted"],
    Certificate.UNKNOWN_ISSUER: ["certificate-untrusted"],
    Certificate.INCOMPLETE: ["certificate-chain-incomplete"],
    Certificate.WRONG_HOST: ["certificate-wrong-host"],
    Certificate.EXPIRED_WRONG_HOST: ["certificate-wrong-host"],
    Certificate.NAMELESS: ["certificate-wrong-host"],
}
"""What is read all the same, and its warning."""

ODD_NAMES = {
    "https://my_host.test/": None,
    "https://_dmarc.test/": None,
    "https://xn--i-7iq.test/": None,
    "https://r3---sn-x.test/": None,
    "https://a-.test/": None,
    "https://dot.test./": None,
    "https://a!b.test/": None,
    "http://a!b.test/": None,
    "http://[2606:2800:220:1::1]/": None,
    "https://[2606:2800:220:1::1]/": None,
    "http://93.184.216.34/": None,
    "http://127.0.0.1/": "address-blocked",
    "http://[::1]/": "address-blocked",
    "http://refused.test/": "connect-refused",
    "https://refused.test/": "connect-refused",
}

IN_BODY_OVER_TLS = ("close-in-body", "reset-in-body", "hang-in-body", "until-close", "reset-before")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="20">' + b"<g/>" * 9_000


def useful_answers() -> dict[str, Answer]:
    """Answers that are alive although their bodies are cut, coded, endless or of no use."""
    answers = {}
    for coding in Coding:
        answers[f"//pdf-{coding}.test/"] = Answer(
            coding=coding, body=os.urandom(90_000), content_type="application/pdf"
        )
        answers[f"//svg-{coding}.test/a.svg"] = Answer(
            coding=coding, body=SVG + b"</svg>", content_type="image/svg+xml"
        )
    answers["//large.test/a.png"] = Answer(image=(4_000, 4_000), ending=Ending.ENDLESS_BODY)
    for ending in (Ending.HANG_IN_BODY, Ending.RESET_IN_BODY, Ending.ENDLESS_BODY):
        answers[f"//redirect-{ending}.test/"] = Answer(
            status=302, location="http://end.test/", ending=ending, body=LONG
        )
    return answers


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    useful = useful_answers()
    images = [f"http:{key}" for key in useful if "/a." in key]
    pages = [f"http:{key}" for key in useful if "/a." not in key]
    rules = Rules(
        {f"//{host}.test/": answer for host, (answer, _, _) in ANSWERS.items()} | useful,
        {f"{kind.value}.cert.test": kind for kind in CERTIFICATES}
        | {"refused.cert.test": Certificate.REFUSED},
    )
    with LoopbackWeb() as web:
        web.set_rules(rules)
        return crawl(
            web,
            write_article(
                tmp_path_factory.mktemp("visits") / "content", (*pages, *EXPECTED), images
            ),
            settings=SHORT_TIMES,
            LINKHEALTH_CONNECT_TO="refused.test::127.0.0.1:1,"
            f"old.cert.test:443:127.0.0.1:{web.old_https_port},{web.connect_to}",
        )


EXPECTED: dict[str, str | None] = {
    **{f"http://{host}.test/": failure for host, (_, failure, _) in ANSWERS.items()},
    **{f"https://{host}.test/": ANSWERS[host][1] for host in IN_BODY_OVER_TLS},
    **{f"https://{kind.value}.cert.test/": None for kind in CERTIFICATES},
    # The server hangs up in the handshake.
    "https://refused.cert.test/": "tls-failed",
    "https://old.cert.test/": None,
    **ODD_NAMES,
}


def test_every_way_a_visit_can_fail_is_told_apart(crawled: Crawled) -> None:
    assert crawled.completed.code == 0
    assert "unexpected failure" not in crawled.completed.stderr
    assert "Traceback" not in crawled.completed.stderr
    found = {url: crawled.failure(url) for url in EXPECTED}
    # Which comes first, the end of patience or of the room for bytes, is the machine's business.
    assert found.pop("http://endless-body.test/") in (None, "body-incomplete")
    assert found == {url: kind for url, kind in EXPECTED.items() if url in found}
    statuses = {host: crawled.items[f"http://{host}.test/"]["status"] for host in ANSWERS}
    assert statuses == {host: status for host, (_, _, status) in ANSWERS.items()}
    broken = {url for url, item in crawled.items.items() if item["verdict"] == "broken"}
    assert broken == {"http://gone-and-cut.test/"}, "only the real 404"
    assert {item["verdict"] for item in crawled.items.values()} == {
        "alive",
        "broken",
        "unverifiable",
    }


def test_a_bad_certificate_is_alive_with_a_warning_that_says_which(crawled: Crawled) -> None:
    """Rule C2."""
    expected = {f"https://{kind.value}.cert.test/": CERTIFICATES[kind] for kind in CERTIFICATES} | {
        "https://old.cert.test/": ["tls-too-old"],
        "https://a!b.test/": ["certificate-wrong-host"],
        "https://[2606:2800:220:1::1]/": ["certificate-wrong-host"],
        "https://my_host.test/": [],
    }
    assert {url: crawled.items[url]["warnings"] for url in expected} == expected
    assert {crawled.verdict(url) for url in expected} == {"alive"}


def test_bodies_are_read_no_further_than_needed(crawled: Crawled) -> None:
    for key in useful_answers():
        assert crawled.failure(f"http:{key}") is None, key
        assert crawled.verdict(f"http:{key}") == "alive", key
    for coding in Coding:
        image = crawled.items[f"http://svg-{coding}.test/a.svg"]["image"]
        assert (image["type"], image["width"], image["height"]) == ("SVG", 10, 20)
    large = crawled.items["http://large.test/a.png"]["image"]
    assert (large["type"], large["width"]) == ("PNG", 4_000)
    assert large["bytes_read"] < 300_000


TARGETS = {
    "/": "/",
    "/?": "/?",
    "?": "/?",
    "": "/",
    "/list": "/list",
    "/list?": "/list?",
    "/list??": "/list??",
    "/list?#top": "/list?",
    "/list;": "/list;",
    "/list;?": "/list;?",
    "/list;a=1;?b": "/list;a=1;?b",
    "//double//": "//double//",
    "/@a:b/": "/@a:b/",
    "/list?a=": "/list?a=",
    "/list?/a/b": "/list?/a/b",
    "/list%3F": "/list%3F",
}
"""What follows the host in the file, and the target that the server must see (rule U1)."""


def test_a_server_sees_the_target_as_it_is_written(tmp_path: Path) -> None:
    with LoopbackWeb() as web:
        web.set_rules(Rules({"*": Answer()}))
        urls = [
            f"{scheme}://t{number}.test{written}"
            for number, written in enumerate(TARGETS)
            for scheme in ("http", "https")
        ]
        crawled = crawl(web, write_article(tmp_path / "content", urls))
        assert crawled.completed.code == 0
        seen = {(one.scheme, one.host): one.target for one in web.requests()}
    wanted = {
        (scheme, f"t{number}.test"): target
        for number, target in enumerate(TARGETS.values())
        for scheme in ("http", "https")
    }
    assert seen == wanted


# ------------------------------------------------------------------------------------- trust


def connection(policy: VerifiedPolicy, host: str) -> SSL.Connection:
    """A TLS connection as Twisted would begin it."""
    creator = policy.creatorForNetloc(host.encode("ascii"), 443)
    factory = TLSMemoryBIOFactory(creator, True, cast("IProtocolFactory", Factory()))
    made = creator.clientConnectionForTLS(TLSMemoryBIOProtocol(factory, Protocol()))
    assert isinstance(made, SSL.Connection)
    return made


def test_all_hosts_share_one_context() -> None:
    policy = VerifiedPolicy(None)
    first, second = connection(policy, "a.test"), connection(policy, "b.test")
    assert first.get_context() is second.get_context()
    assert first is not second
    assert first.get_verify_mode() == SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("a.test", b"a.test"),
        ("a.test.", b"a.test"),
        ("my_host.test", b"my_host.test"),
        ("127.0.0.1", None),
        ("2606::1", None),
    ],
)
def test_the_server_name_is_shown(host: str, shown: bytes | None) -> None:
    assert connection(VerifiedPolicy(None), host).get_servername() == shown


def test_a_name_that_no_certificate_can_hold_is_refused_before_connecting() -> None:
    with pytest.raises(ValueError, match="DNS-ID"):
        VerifiedPolicy(None).creatorForNetloc(b"a!b.test", 443)


def test_a_ca_file_may_hold_several_certificates_and_comments(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    text = b"# ours\n" + b"# and theirs\n".join(
        Authority(folder).path.read_bytes() for folder in folders
    )
    (tmp_path / "ca.pem").write_bytes(text)
    context = connection(VerifiedPolicy(tmp_path / "ca.pem"), "a.test").get_context()
    assert context.get_cert_store() is not None


def test_a_ca_file_takes_the_place_of_the_machines_trust(web: LoopbackWeb, tmp_path: Path) -> None:
    stranger = Authority(tmp_path)
    content = write_article(tmp_path / "content", ["https://a.test/"])
    crawled = crawl(web, content, LINKHEALTH_CA_FILE=str(stranger.path))
    assert crawled.items["https://a.test/"]["warnings"] == ["certificate-untrusted"]

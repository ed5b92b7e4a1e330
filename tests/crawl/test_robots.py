from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.crawl.robots import Permission, Robots
from crawler.fetching.robots_reading import LONGEST

ORIGIN = "http://a.test"


def read(body: bytes, status: int = 200) -> Robots:
    robots = Robots(obey=lambda _: True, longest_crawl_delay=30.0)
    robots.learn(ORIGIN, status, body)
    return robots


def test_nothing_is_known_before_it_is_read() -> None:
    robots = Robots(obey=lambda _: True, longest_crawl_delay=30.0)
    assert robots.permission("http://a.test/x") is Permission.UNKNOWN


def test_what_is_forgotten_is_asked_again() -> None:
    robots = read(b"User-agent: *\nDisallow: /")
    robots.forget()
    assert robots.permission("http://a.test/x") is Permission.UNKNOWN


def test_who_does_not_obey_does_not_ask() -> None:
    robots = Robots(obey=lambda _: False, longest_crawl_delay=30.0)
    assert robots.permission("http://a.test/x") is Permission.ALLOWED


@pytest.mark.parametrize(
    ("body", "path", "expected"),
    [
        (b"", "/", Permission.ALLOWED),
        (b"User-agent: *\nDisallow: /", "/x", Permission.DENIED),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /", "/x", Permission.DENIED),
        (b"User-agent: *\r\nDisallow: /p\r\n", "/p/q", Permission.DENIED),
        (b"User-agent: *\nDisallow: /p\nAllow: /p/q", "/p/q", Permission.ALLOWED),
        (b"User-agent: *\nDisallow: /*.pdf$", "/a.pdf", Permission.DENIED),
        (b"User-agent: *\nDisallow: /*.pdf$", "/a.pdfx", Permission.ALLOWED),
        (b"User-agent: LinkHealth\nDisallow: /", "/", Permission.DENIED),
        (b"User-agent: *\nDisallow: /\nUser-agent: linkhealth\nAllow: /", "/", Permission.ALLOWED),
        (b"User-agent: other\nDisallow: /", "/", Permission.ALLOWED),
        (b"<!doctype html><html>not found</html>", "/", Permission.ALLOWED),
        (b"\xff\xfe\x00User-agent: *\nDisallow: /", "/", Permission.ALLOWED),
    ],
)
def test_rules_are_read_as_rfc_9309_says(body: bytes, path: str, expected: Permission) -> None:
    assert read(body).permission(ORIGIN + path) is expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (404, Permission.ALLOWED),
        (403, Permission.ALLOWED),
        (204, Permission.ALLOWED),
        (301, Permission.ALLOWED),
        (429, Permission.UNREACHABLE),
        (500, Permission.UNREACHABLE),
        (503, Permission.UNREACHABLE),
        (599, Permission.UNREACHABLE),
    ],
)
def test_the_status_decides_first(status: int, expected: Permission) -> None:
    robots = read(b"User-agent: *\nDisallow: /", status)
    assert robots.permission("http://a.test/") is expected


def test_a_robots_txt_speaks_for_scheme_host_and_port_only() -> None:
    robots = read(b"User-agent: *\nDisallow: /")
    assert robots.permission("http://a.test/") is Permission.DENIED
    for url in ("https://a.test/", "http://a.test:8080/", "http://b.test/"):
        assert robots.permission(url) is Permission.UNKNOWN


def test_no_answer_at_all_forbids_nothing() -> None:
    robots = Robots(obey=lambda _: True, longest_crawl_delay=30.0)
    robots.give_up(ORIGIN)
    assert robots.permission("http://a.test/") is Permission.ALLOWED


def test_a_rule_beyond_the_longest_part_is_not_read() -> None:
    padding = b"# " + b"x" * LONGEST + b"\n"
    robots = read(padding + b"User-agent: *\nDisallow: /")
    assert robots.permission("http://a.test/") is Permission.ALLOWED


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("2.5", 2.5), ("30", 30.0), ("86400", 30.0), ("0", 0.0), ("-1", 0.0), ("x", 0.0), ("", 0.0)],
)
def test_crawl_delay_is_bounded(text: str, seconds: float) -> None:
    assert read(f"User-agent: *\nCrawl-delay: {text}\n".encode()).crawl_delay(ORIGIN) == seconds


@pytest.mark.parametrize("text", ["nan", "inf", "1e999"])
def test_a_crawl_delay_that_is_no_number_is_none_or_the_longest(text: str) -> None:
    delay = read(f"User-agent: *\nCrawl-delay: {text}\n".encode()).crawl_delay(ORIGIN)
    assert 0.0 <= delay <= 30.0


def test_without_rules_there_is_no_crawl_delay() -> None:
    assert read(b"", 404).crawl_delay(ORIGIN) == 0.0
    assert Robots(obey=lambda _: True, longest_crawl_delay=30.0).crawl_delay(ORIGIN) == 0.0


@given(st.binary(max_size=400), st.integers(100, 999))
def test_any_answer_is_taken(body: bytes, status: int) -> None:
    robots = read(body, status)
    assert robots.permission("http://a.test/%ZZ?a=*$") is not Permission.UNKNOWN
    assert 0.0 <= robots.crawl_delay(ORIGIN) <= 30.0


@given(
    st.lists(
        st.sampled_from(
            [
                "User-agent: *",
                "Disallow: /",
                "Allow: *",
                "Crawl-delay: 1e9",
                "Disallow: " + "/*" * 9,
            ]
        )
    )
)
def test_any_rules_are_taken(lines: list[str]) -> None:
    robots = read("\n".join(lines).encode())
    assert robots.permission("http://a.test/" + "x/" * 30) in set(Permission)


def test_a_host_may_be_exempt() -> None:
    robots = Robots(obey=lambda host: host != "own.test", longest_crawl_delay=30.0)
    assert robots.permission("https://own.test:8080/a") is Permission.ALLOWED
    assert robots.permission("https://other.test/a") is Permission.UNKNOWN


def test_what_waited_is_decided_though_the_rules_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Were it asked for again, two hosts with large files would never be visited."""
    monkeypatch.setattr("crawler.crawl.robots.MOST_KEPT", 10)
    robots = Robots(obey=lambda _: True, longest_crawl_delay=30.0)
    closed, open_ = f"{ORIGIN}/closed", f"{ORIGIN}/open"
    assert robots.permission(closed) is robots.permission(open_) is Permission.UNKNOWN
    robots.learn(ORIGIN, 200, b"User-agent: *\nDisallow: /closed")
    robots.learn("http://b.test", 200, b"User-agent: *\nDisallow: /b-b-b-b")
    assert robots.permission(closed) is Permission.DENIED
    assert robots.permission(open_) is Permission.ALLOWED
    assert robots.permission(open_) is Permission.UNKNOWN, "it is asked for again, when needed"


def test_the_number_of_origins_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.crawl.robots.MOST_ORIGINS", 2)
    robots = Robots(obey=lambda _: True, longest_crawl_delay=30.0)
    for host in "abc":
        robots.give_up(f"http://{host}.test")
    assert robots.permission("http://b.test/") is Permission.ALLOWED
    assert robots.permission("http://a.test/") is Permission.UNKNOWN

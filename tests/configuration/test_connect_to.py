"""`ConnectTo` reads curl's --connect-to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.configuration import ConnectTo


@pytest.mark.parametrize(
    ("text", "host", "port", "target"),
    [
        ("", "a.test", 80, None),
        (" , ,", "a.test", 80, None),
        ("a.test:80:127.0.0.1:8080", "a.test", 80, ("127.0.0.1", 8080)),
        ("a.test:80:127.0.0.1:8080", "a.test", 443, None),
        ("a.test:80:127.0.0.1:8080", "b.test", 80, None),
        ("A.Test.:80:127.0.0.1:8080", "a.test", 80, ("127.0.0.1", 8080)),
        ("a.test:80:127.0.0.1:8080", "A.TEST.", 80, ("127.0.0.1", 8080)),
        ("::127.0.0.1:8080", "any.test", 443, ("127.0.0.1", 8080)),
        (":443:127.0.0.1:8443", "any.test", 443, ("127.0.0.1", 8443)),
        (":443:127.0.0.1:8443", "any.test", 80, None),
        ("a.test::127.0.0.1:", "a.test", 8000, ("127.0.0.1", 8000)),
        ("a.test:::81", "a.test", 80, ("a.test", 81)),
        (":::", "a.test", 80, ("a.test", 80)),
        ("[::1]:80:[fe80::0001]:81", "::1", 80, ("fe80::1", 81)),
        ("[0:0::1]:80:b.test:81", "[::1]", 80, ("b.test", 81)),
        ("bücher.test:80:127.0.0.1:81", "xn--bcher-kva.test", 80, ("127.0.0.1", 81)),
        ("a.test:80:h1:1, a.test:80:h2:2", "a.test", 80, ("h1", 1)),
        (":80:h1:1,a.test:80:h2:2", "a.test", 80, ("h1", 1)),
        ("a.test:80:h2:2,:80:h1:1", "b.test", 80, ("h1", 1)),
    ],
)
def test_first_matching_rule_gives_the_target(
    text: str, host: str, port: int, target: tuple[str, int] | None
) -> None:
    assert ConnectTo.parse(text).target(host, port) == target


@pytest.mark.parametrize(
    "text",
    [
        "a.test:80:127.0.0.1",
        "a.test:80:127.0.0.1:80:80",
        "a.test:http:127.0.0.1:80",
        "a.test:0:127.0.0.1:80",
        "a.test:65536:127.0.0.1:80",
        "a.test:99999999999:127.0.0.1:80",
        "a.test:٣:127.0.0.1:80",
        "::1:80:127.0.0.1:80",
        "[::1:80:127.0.0.1:80",
        "[::g]:80:127.0.0.1:80",
        "::1]:80:127.0.0.1:80",
        "x]:80:127.0.0.1:80",
        "a b:80:127.0.0.1:80",
        "a.test/x:80:127.0.0.1:80",
        ".:80:127.0.0.1:80",
        "é" * 300 + ":80:127.0.0.1:80",
        "x" * 1_000_001,
    ],
)
def test_a_bad_rule_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not|between|longer|bracket"):
        ConnectTo.parse(text)


@pytest.mark.parametrize(
    ("host", "named"),
    [("a.test", True), ("A.TEST.", True), ("b.test", False), ("::1", True), ("h", False)],
)
def test_names_only_hosts_given_by_name(host: str, named: bool) -> None:
    assert ConnectTo.parse("a.test:80:h:1,::h:2,[::1]:80::").names(host) is named


def test_an_impossible_name_asked_for_matches_no_named_rule() -> None:
    rules = ConnectTo.parse("a.test:80:h:1")
    for host in ("", "::g", "..", "\udc80", "ü" * 1000, "-\u0301.test"):
        assert rules.target(host, 80) is None
        assert not rules.names(host)


NAMES = st.from_regex(r"\A[a-z][a-z0-9]{0,9}(\.[a-z]{2,5}){0,2}\Z")
PORTS = st.integers(1, 65_535).map(str) | st.just("")
HOSTS = NAMES | st.ip_addresses().map(lambda ip: f"[{ip}]" if ip.version == 6 else str(ip))


@given(st.lists(st.tuples(HOSTS | st.just(""), PORTS, HOSTS | st.just(""), PORTS), max_size=5))
def test_text_and_value_round_trip(parts: list[tuple[str, str, str, str]]) -> None:
    rules = ConnectTo.parse(",".join(":".join(part) for part in parts))
    assert ConnectTo.parse(str(rules)) == rules


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_is_read_or_refused_with_a_value_error(text: str, host: str) -> None:
    try:
        rules = ConnectTo.parse(text)
    except ValueError:
        return
    assert isinstance(rules.target(host, 80), tuple | None)

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.rules.urls import examine
from crawler.transport import addresses
from crawler.transport.addresses import is_public, literal, reachable

PUBLIC = (
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.1",
    "223.255.255.255",
    "2606:2800:220:1:248:1893:25c8:1946",
    "2a00:1450:4001:81b::200e",
    "64:ff9b::8.8.8.8",
    "::ffff:8.8.8.8",
    "2002:808:808::1",
)
NOT_PUBLIC = {
    "this network": ("0.0.0.0", "0.1.2.3"),
    "private": ("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1"),
    "shared (CGNAT)": ("100.64.0.1", "100.100.100.200", "100.127.255.255"),
    "loopback": ("127.0.0.1", "127.255.255.254", "::1"),
    "link-local": ("169.254.169.254", "fe80::1", "fe80::1%eth0", "febf::1"),
    "cloud services": ("168.63.129.16", "192.0.0.192", "fd00:ec2::254"),
    "protocol assignments": ("192.0.0.9", "192.0.0.170"),
    "documentation": ("192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"),
    "benchmarks": ("198.18.0.1", "198.19.255.255", "2001:2::1"),
    "6to4 relay": ("192.88.99.1",),
    "multicast": ("224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"),
    "reserved": ("240.0.0.1", "255.255.255.255", "4000::1", "5f00::1"),
    "unspecified": ("::",),
    "unique local": ("fc00::1", "fdff::1"),
    "site-local": ("fec0::1",),
    "discard": ("100::1",),
    "mapped": ("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"),
    "compatible": ("::127.0.0.1", "::10.0.0.1", "::2"),
    "translated": ("::ffff:0:10.0.0.1",),
    "NAT64": ("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1"),
    "6to4": ("2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:a00:1::1"),
    # Teredo: the client's address is stored inverted, the server's as it is.
    "Teredo client": ("2001:0:808:808::80ff:fffe",),
    "Teredo server": ("2001:0:7f00:1::f7f7:f7f7",),
}

v4 = st.ip_addresses(v=4)
private_v4 = st.one_of(
    *(
        st.ip_addresses(network=network)
        for network in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
    ),
    st.ip_addresses(network="169.254.0.0/16"),
    st.ip_addresses(network="100.64.0.0/10"),
)


def embeddings(inner: IPv4Address) -> list[IPv6Address]:
    number = int(inner)
    return [
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(0xFFFF << 48 | number),
        IPv6Address(0x64FF9B << 96 | number),
        IPv6Address(0x2002 << 112 | number << 80 | 1),
        IPv6Address(0x20010000 << 96 | 0x08080808 << 64 | (~number & 0xFFFFFFFF)),
        IPv6Address(0x20010000 << 96 | number << 64 | (~0x08080808 & 0xFFFFFFFF)),
    ]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_asked(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", [address for group in NOT_PUBLIC.values() for address in group])
def test_other_addresses_may_not(address: str) -> None:
    assert not is_public(address)


def test_what_is_no_address_raises() -> None:
    with pytest.raises(ValueError, match="does not appear"):
        is_public("example.com")


@given(st.one_of(v4, private_v4))
def test_an_embedded_address_counts_like_the_bare_one(inner: IPv4Address) -> None:
    public = is_public(str(inner))
    for outer in embeddings(inner):
        assert is_public(str(outer)) == public, outer


@given(st.one_of(v4, st.ip_addresses(v=6), private_v4))
def test_nothing_that_python_calls_private_is_public(address: IPv4Address | IPv6Address) -> None:
    if is_public(str(address)):
        assert True not in (address.is_loopback, address.is_link_local, address.is_multicast)
        carries = isinstance(address, IPv6Address) and (
            address.ipv4_mapped or address.sixtofour or address.teredo
        )
        assert carries or not address.is_private


@pytest.mark.shared_data
def test_no_known_attack_url_reaches_a_private_address(shared: Path) -> None:
    lines = (shared / "suites" / "ssrf-urls.txt").read_text("utf-8").splitlines()
    assert len(lines) > 400
    names, refused = set(), 0
    for line in lines:
        examined = examine(line)
        if examined.invalid is not None:
            continue
        address = literal(examined.host)
        if address is None:
            names.add(examined.host)
        else:
            assert not is_public(address), line
            refused += 1
    assert refused > 100
    # A name says nothing by itself: the resolver judges the addresses behind it.
    assert len(names) <= 2


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("::1", "::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("example.com", None),
        ("", None),
        ("127.1", None),
    ],
)
def test_a_literal_is_told_from_a_name(host: str, expected: str | None) -> None:
    assert literal(host) == expected


def test_addresses_without_a_route_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "_has_route", lambda address: ":" not in address)
    assert reachable(["2606::1", "1.1.1.1", "2606::2"]) == ["1.1.1.1"]


def test_without_any_route_all_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "_has_route", lambda _: False)
    assert reachable(["2606::1", "1.1.1.1"]) == ["2606::1", "1.1.1.1"]
    assert reachable([]) == []


def test_there_is_always_a_route_to_this_machine() -> None:
    assert reachable(["127.0.0.1"]) == ["127.0.0.1"]
    # The system refuses a broadcast: the probe must say "no route" and not raise.
    assert reachable(["255.255.255.255", "127.0.0.1"]) == ["127.0.0.1"]


def test_the_table_holds_addresses() -> None:
    for group in NOT_PUBLIC.values():
        for address in group:
            ip_address(address)

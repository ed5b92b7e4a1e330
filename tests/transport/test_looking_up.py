"""Names that are looked up without a connection, and forgotten for the next one (rules O16, O17)."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any

from crawler.configuration import ConnectTo
from crawler.transport.resolver import Resolution, Resolver


def answer(*addresses: str) -> Sequence[Any]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]


def test_every_address_is_told_whatever_the_guard_thinks_of_it() -> None:
    def look_up(name: str, *_: object, **__: object) -> Sequence[Any]:
        if name == "gone.test":
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return answer("192.168.1.1", "93.184.215.14", "192.168.1.1")

    resolver = Resolver(
        None, connect_to=ConnectTo(), allow_private=False, timeout=1.0, look_up=look_up
    )
    assert resolver._addresses("here.test") == ("192.168.1.1", "93.184.215.14")
    assert resolver._addresses("gone.test") == ()
    assert resolver._addresses("a" * 70 + ".test") == ("192.168.1.1", "93.184.215.14")


def test_a_name_is_forgotten_for_its_own_destination() -> None:
    resolver = Resolver(
        None,
        connect_to=ConnectTo.parse("mapped.test:443:127.0.0.1:8443"),
        allow_private=False,
        timeout=1.0,
    )
    for host in ("a.test", "b.test"):
        key = resolver._destination(host, 443).key
        resolver._known.put(key, Resolution(("93.184.215.14",), None, until=0.0))
    resolver.forget("A.test", 443)
    assert resolver.pinned("a.test", 443) == ()
    assert resolver.pinned("b.test", 443) == (("93.184.215.14", 443),)
    resolver.forget("never.test", 443)
    resolver.forget("mapped.test", 443)
    assert resolver.pinned("mapped.test", 443) == (("127.0.0.1", 8443),)

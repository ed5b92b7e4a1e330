from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest

from tests.time_limits import HANG
from tests.web import Name, Names, Outcome
from tests.web.nameserver import Nameserver


@pytest.fixture(scope="module")
def nameserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nameserver]:
    folder: Path = tmp_path_factory.mktemp("names")
    with Nameserver(folder) as server:
        server.set_names(
            Names(
                Name(addresses=("93.184.215.14", "2606:2800:220:1::14")),
                {
                    "gone.example": Name(Outcome.NXDOMAIN),
                    "*.zone.example": Name(Outcome.REFUSED),
                    "broken.example": Name(Outcome.SERVFAIL),
                    "empty.example": Name(Outcome.NODATA),
                    "four.example": Name(addresses=("93.184.215.14", "93.184.215.15")),
                    "alias.example": Name(addresses=("10.0.0.1",), cname="inside.example"),
                    "long.example": Name(addresses=("93.184.215.14",), truncated=True),
                    "huge.example": Name(addresses=tuple(f"10.0.0.{n}" for n in range(60))),
                    "late.example": Name(addresses=("93.184.215.14",), delay=0.05),
                    "silent.example": Name(Outcome.SILENCE),
                },
            )
        )
        yield server


def ask(
    nameserver: Nameserver, host: str, kind: str = "A", *, tcp: bool = False
) -> dns.message.Message:
    query = dns.message.make_query(host, kind)
    address, port = nameserver.endpoint
    send = dns.query.tcp if tcp else dns.query.udp
    return send(query, address, HANG, port)


def addresses(reply: dns.message.Message) -> list[str]:
    return [item.to_text() for rrset in reply.answer for item in rrset]


@pytest.mark.parametrize("tcp", [False, True])
@pytest.mark.parametrize(
    ("host", "kind", "code", "expected"),
    [
        ("Any.Example", "A", dns.rcode.NOERROR, ["93.184.215.14"]),
        ("any.example", "AAAA", dns.rcode.NOERROR, ["2606:2800:220:1::14"]),
        ("any.example", "MX", dns.rcode.NOERROR, []),
        ("gone.example", "A", dns.rcode.NXDOMAIN, []),
        ("deep.in.zone.example", "A", dns.rcode.REFUSED, []),
        ("zone.example", "A", dns.rcode.NOERROR, ["93.184.215.14"]),
        ("broken.example", "AAAA", dns.rcode.SERVFAIL, []),
        ("empty.example", "A", dns.rcode.NOERROR, []),
        ("four.example", "A", dns.rcode.NOERROR, ["93.184.215.14", "93.184.215.15"]),
        ("four.example", "AAAA", dns.rcode.NOERROR, []),
        ("alias.example", "A", dns.rcode.NOERROR, ["inside.example.", "10.0.0.1"]),
        ("late.example", "A", dns.rcode.NOERROR, ["93.184.215.14"]),
    ],
)
def test_a_name_is_answered_by_its_rule(
    nameserver: Nameserver, host: str, kind: str, code: int, expected: list[str], tcp: bool
) -> None:
    reply = ask(nameserver, host, kind, tcp=tcp)
    assert (reply.rcode(), addresses(reply)) == (code, expected)


@pytest.mark.parametrize(("host", "count"), [("long.example", 1), ("huge.example", 60)])
def test_too_long_a_reply_sends_the_asker_to_tcp(
    nameserver: Nameserver, host: str, count: int
) -> None:
    short = ask(nameserver, host)
    assert short.flags & dns.flags.TC
    assert addresses(short) == []
    assert len(addresses(ask(nameserver, host, tcp=True))) == count


def test_silence_and_the_log_of_questions(nameserver: Nameserver) -> None:
    nameserver.forget()
    query = dns.message.make_query("silent.example", "A")
    address, port = nameserver.endpoint
    with pytest.raises(dns.exception.Timeout):
        dns.query.udp(query, address, 0.2, port)
    ask(nameserver, "any.example", "AAAA", tcp=True)
    asked = [(one.name, one.type, one.transport) for one in nameserver.questions()]
    assert asked == [("silent.example", "A", "udp"), ("any.example", "AAAA", "tcp")]

"""The process behind `Nameserver`: `python -m tests.web.nameserver_server ADDRESS PORT`."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from tests.web.nameserver import Name, Names, Outcome, Question
from tests.web.process import Message, serve

_UDP_LIMIT = 512
_CODES = {
    Outcome.NXDOMAIN: dns.rcode.NXDOMAIN,
    Outcome.REFUSED: dns.rcode.REFUSED,
    Outcome.SERVFAIL: dns.rcode.SERVFAIL,
}


class _Zone:
    """The rules and the log; makes replies."""

    def __init__(self) -> None:
        self.names = Names()
        self._questions: list[Question] = []

    def reply(self, wire: bytes, transport: str) -> tuple[float, bytes] | None:
        """The seconds to wait and the reply to a message, None for silence."""
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return None
        if not query.question or query.flags & dns.flags.QR:
            return None
        asked = query.question[0]
        host = asked.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(asked.rdtype)
        self._questions.append(Question(time.time(), host, kind, transport))
        name = self.names.find(host)
        if name.outcome is Outcome.SILENCE:
            return None
        reply = dns.message.make_response(query, recursion_available=True)
        reply.set_rcode(_CODES.get(name.outcome, dns.rcode.NOERROR))
        if name.outcome is Outcome.ANSWER:
            if name.truncated and transport == "udp":
                reply.flags |= dns.flags.TC
                return name.delay, reply.to_wire()
            _fill(reply, asked.name, name, kind)
        try:
            limit = _UDP_LIMIT if transport == "udp" and query.edns < 0 else 0
            return name.delay, reply.to_wire(max_size=limit)
        except dns.exception.TooBig:
            reply.answer.clear()
            reply.flags |= dns.flags.TC
            return name.delay, reply.to_wire()

    def control(self, question: Message) -> Message:
        """Carry out a request of the starting side."""
        match question["do"]:
            case "names":
                self.names = Names.read(Path(question["path"]))
            case "questions":
                return {"questions": [dataclasses.asdict(one) for one in self._questions]}
            case "forget":
                self._questions.clear()
            case unknown:
                raise ValueError(f"no such thing to do: {unknown}")
        return {}


def _fill(reply: dns.message.Message, asked: dns.name.Name, name: Name, kind: str) -> None:
    owner = asked
    if name.cname is not None:
        target = dns.name.from_text(name.cname)
        reply.answer.append(dns.rrset.from_text(owner, name.ttl, "IN", "CNAME", target.to_text()))
        owner = target
    wanted = [address for address in name.addresses if kind == ("AAAA" if ":" in address else "A")]
    for address in wanted:  # an RRset each, as the addresses of one RRset would be shuffled
        reply.answer.append(dns.rrset.from_text(owner, name.ttl, "IN", kind, address))


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, zone: _Zone) -> None:
        self._zone = zone
        self._transport: asyncio.DatagramTransport | None = None

    # Typed as typeshed does; Python 3.11's own transport is no instance of DatagramTransport.
    def connection_made(  # type: ignore[override]
        self, transport: asyncio.DatagramTransport
    ) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        assert self._transport is not None
        if (reply := self._zone.reply(data, "udp")) is not None:
            send: Callable[..., None] = self._transport.sendto
            asyncio.get_running_loop().call_later(reply[0], send, reply[1], addr)


async def _stream(zone: _Zone, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the messages of one TCP connection."""
    try:
        while True:
            length = int.from_bytes(await reader.readexactly(2), "big")
            reply = zone.reply(await reader.readexactly(length), "tcp")
            if reply is not None:
                await asyncio.sleep(reply[0])
                writer.write(len(reply[1]).to_bytes(2, "big") + reply[1])
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _run(address: str, port: int) -> None:
    zone = _Zone()
    loop = asyncio.get_running_loop()
    with ExitStack() as stack:
        server = await asyncio.start_server(
            lambda reader, writer: _stream(zone, reader, writer), address, port
        )
        stack.callback(server.close)
        port = server.sockets[0].getsockname()[1]
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(zone), local_addr=(address, port)
        )
        stack.callback(transport.close)
        await serve({"address": address, "port": port}, zone.control)


def main() -> None:
    """Be the name server until standard input ends."""
    parser = argparse.ArgumentParser(description="A name server that knows every name.")
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    options = parser.parse_args()
    asyncio.run(_run(options.address, options.port))


if __name__ == "__main__":
    main()

"""What one TLS connection costs before its first byte: one context for all, or Scrapy's per host.

Scrapy's factory makes a context per connection, and each loads the machine's trusted certificates
again. Prints the median of each in milliseconds: `python benchmarks/tls_context.py [ROUNDS]`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any, cast

from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from twisted.internet.protocol import Factory, Protocol
from twisted.protocols.tls import TLSMemoryBIOFactory, TLSMemoryBIOProtocol

from crawler.transport.tls_verification import VerifiedPolicy


def connections(policy: Any) -> Callable[[int], object]:
    """A function that makes the TLS side of a connection to the host of a number."""

    def connect(number: int) -> object:
        creator = policy.creatorForNetloc(b"host%d.test" % number, 443)
        factory = TLSMemoryBIOFactory(creator, True, cast("Any", Factory()))
        protocol = TLSMemoryBIOProtocol(factory, Protocol())  # type: ignore[no-untyped-call]
        return creator.clientConnectionForTLS(protocol)

    return connect


def milliseconds(connect: Callable[[int], object], rounds: int) -> float:
    """The median cost of one connection."""
    taken = []
    for number in range(rounds):
        started = perf_counter()
        connect(number)
        taken.append(perf_counter() - started)
    return median(taken) * 1_000


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    ours = milliseconds(connections(VerifiedPolicy(None)), rounds)
    factory = _ScrapyClientContextFactory(verify_certificates=True)
    scrapys = milliseconds(connections(factory), rounds)
    print(f"one context for all: {ours:8.3f} ms per connection")
    print(f"Scrapy's own factory: {scrapys:7.3f} ms per connection")
    print(f"factor: {scrapys / ours:.0f}")


if __name__ == "__main__":
    main()

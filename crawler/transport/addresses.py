"""Which addresses a crawler may connect to (rule B6): public ones only, unless the operator says otherwise.

An article file is outside text, and so is every redirect: without this, a link could make the
crawler ask a machine of the private network it runs in (server-side request forgery).
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from crawler.transport.machine_limits import FULL

_EMBEDDING = (
    ip_network("64:ff9b::/96"),  # NAT64, RFC 6052
    ip_network("::ffff:0:0:0/96"),  # IPv4-translated, RFC 2765
    ip_network("::/96"),  # IPv4-compatible, RFC 4291
)
"""IPv6 networks whose last 32 bits are an IPv4 address that the packet ends at."""

_NEVER_V6 = (
    ip_network("64:ff9b:1::/48"),  # local-use NAT64, RFC 8215
    ip_network("3fff::/20"),  # documentation, RFC 9637; Python's own tables are older
    ip_network("fec0::/10"),  # site-local, RFC 3879
)
_NEVER_V4 = (
    ip_network("192.0.0.0/24"),  # protocol assignments, RFC 6890
    ip_network("192.88.99.0/24"),  # 6to4 relays, RFC 7526
    ip_network("168.63.129.16/32"),  # Azure's platform service, from inside its machines only
)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet's. Raises ValueError for no address."""
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv4Address):
        return _is_public_v4(parsed)
    inner = _embedded(parsed)
    if inner:
        return all(_is_public_v4(address) for address in inner)
    return (
        parsed.is_global
        and not parsed.is_multicast
        and not parsed.is_reserved
        and not any(parsed in network for network in _NEVER_V6)
    )


def literal(host: str) -> str | None:
    """The address that a host name spells out, brackets and zone removed; None for a name."""
    text = host.strip("[]").partition("%")[0]
    try:
        return str(ip_address(text))
    except ValueError:
        return None


def reachable(addresses: Iterable[str]) -> list[str]:
    """The addresses to try, in order, without those of a family that this machine has no route to.

    A name with both kinds must not be called unreachable for its IPv6 half on an IPv4-only network.
    Connecting a datagram socket looks the route up and sends nothing.
    """
    known = list(addresses)
    routed = [address for address in known if _has_route(address)]
    return routed or known


def _has_route(address: str) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 9))
    except OSError as error:
        return error.errno in FULL  # nothing was learnt of the route
    return True


def _is_public_v4(address: IPv4Address) -> bool:
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in _NEVER_V4)
    )


def _embedded(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """Every IPv4 address that a packet to `address` may end at, or pass through."""
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if any(address in network for network in _EMBEDDING) and int(address) > 1:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return ()

"""What is wrong with a server's TLS: one guarded handshake that accepts every certificate and records its faults.

By pyOpenSSL, as the crawl's own connections (ADR 0008): the standard library's `ssl` stops at the first
fault and does not show the chain. A call blocks for at most its timeout, reads a bounded number of
bytes, sends no request, and answers whatever happens.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from time import monotonic
from typing import Any

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID
from OpenSSL import SSL

from crawler.model.observation import CertificateFault
from crawler.rules.verdict.certificate_faults import gravest_fault
from crawler.transport.machine_limits import FULL
from crawler.transport.tls_verification import (
    X509_V_ERR_CERT_HAS_EXPIRED,
    VerifiedPolicy,
    is_made_for,
    lenient_context,
    server_name,
)
from crawler.transport.tunnel import Dial

TIMEOUT = 8.0
"""Seconds for a whole probe, all of its connections together."""
LONGEST = 256 * 1024
"""Bytes that are read of one handshake (rule C1); OpenSSL itself takes a chain of at most 100 KiB."""
_AT_ONCE = 16 * 1024

Endpoint = tuple[str, int]
"""An IP address, never a name, and a port."""


class NoFault(StrEnum):
    """What a probe says where it finds no fault in a certificate."""

    PASSED = "passed"
    """The connection is as it should be: the failure has passed."""
    NO_HANDSHAKE = "no-handshake"
    """The server takes connections, but not one word of TLS comes about, in no version."""
    NOT_REACHED = "not-reached"
    """No connection, or no end of the handshake within the time."""


Answer = CertificateFault | NoFault


@dataclass(frozen=True, slots=True)
class Contexts:
    """The crawl's TLS context, and one that accepts everything; both trust the same authorities."""

    strict: SSL.Context
    lenient: SSL.Context

    @classmethod
    def of(cls, ca_file: Path | None) -> Contexts:
        """Read the trusted certificates; `ca_file` takes the place of the machine's."""
        return cls(VerifiedPolicy(ca_file).context, lenient_context(ca_file))


class _NotReachedError(Exception):
    pass


class _NoHandshakeError(Exception):
    pass


@dataclass(slots=True)
class _Shown:
    """The faults that a handshake showed: OpenSSL's verify errors, each with its certificate's place in the chain
    (0 is the server's own)."""

    errors: list[tuple[int, int]] = field(default_factory=list)
    certificate: x509.Certificate | None = None
    version: int = 0


def dial(endpoint: Endpoint, seconds: float) -> socket.socket:
    """A socket to an address. Raises OSError."""
    return socket.create_connection(endpoint, timeout=seconds)


def probe(
    host: str,
    endpoints: Sequence[Endpoint],
    contexts: Contexts,
    *,
    timeout: float = TIMEOUT,
    dial: Dial = dial,
) -> Answer:
    """The gravest fault of the server of `host`, or why there is none to tell. Nothing that a server does raises.

    `endpoints` are where the host's connections go, already resolved and guarded; they are tried in
    turn, no name is looked up. `timeout` is seconds, `dial` makes the connections. Raises OSError and MemoryError where our own machine is full.
    """
    deadline = monotonic() + timeout
    try:
        shown = _shake_hands(contexts.lenient, host, endpoints, deadline, dial, takes_notes=True)
        fault = gravest_fault(*_faults(shown, host))
        return fault or _without_fault(contexts.strict, host, endpoints, deadline, dial)
    except _NoHandshakeError:
        return NoFault.NO_HANDSHAKE
    except MemoryError:
        raise
    except OSError as error:
        if error.errno in FULL:
            raise
        return NoFault.NOT_REACHED
    except Exception:  # noqa: BLE001 - guarded: nothing that a server sends may end a run
        return NoFault.NOT_REACHED


def _without_fault(
    context: SSL.Context, host: str, endpoints: Sequence[Endpoint], deadline: float, dial: Dial
) -> Answer:
    """The certificate is good: is the encryption?"""
    try:
        _shake_hands(context, host, endpoints, deadline, dial, takes_notes=False)
    except _NoHandshakeError:
        # What accepts everything got through: old ciphers, short keys, SHA-1.
        return CertificateFault.TOO_OLD
    return NoFault.PASSED


# ------------------------------------------------------------------------------------- faults

_EXPIRED = frozenset({X509_V_ERR_CERT_HAS_EXPIRED})
_NOT_YET_VALID = frozenset({9})
_SELF_SIGNED = frozenset({18})
_NO_ISSUER = frozenset({2, 20, 21})
"""OpenSSL's x509_vfy.h: UNABLE_TO_GET_ISSUER_CERT(_LOCALLY), UNABLE_TO_VERIFY_LEAF_SIGNATURE."""


def _faults(shown: _Shown, host: str) -> Iterator[CertificateFault]:
    certificate = shown.certificate
    for code, depth in shown.errors:
        if code in _EXPIRED:
            yield CertificateFault.EXPIRED
        elif code in _NOT_YET_VALID:
            yield CertificateFault.NOT_YET_VALID
        elif code in _SELF_SIGNED:
            yield CertificateFault.SELF_SIGNED
        elif code in _NO_ISSUER and depth == 0 and _says_where_its_issuer_is(certificate):
            yield CertificateFault.CHAIN_INCOMPLETE
        else:
            # Among others 19: a root that the server sent, and nobody knows.
            yield CertificateFault.UNTRUSTED
    if certificate is None or not is_made_for(certificate, host):
        yield CertificateFault.WRONG_HOST
    if shown.version < SSL.TLS1_2_VERSION:
        yield CertificateFault.TOO_OLD


def _says_where_its_issuer_is(certificate: x509.Certificate | None) -> bool:
    """Whether the missing certificate is published (rule C5; RFC 5280, 4.2.2.1), so that browsers may fetch it.

    That is what tells a public authority's certificate, whose server forgot the intermediate one, from one of a
    company's own authority or of a box that reads along. Both look alike to OpenSSL; those of
    public authorities carry the address (CA/Browser Forum Baseline Requirements, 7.1.2.7.7), home-made
    ones hardly ever.
    """
    if certificate is None:
        return False
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return False
    return any(
        one.access_method == AuthorityInformationAccessOID.CA_ISSUERS for one in access.value
    )


# ---------------------------------------------------------------------------------- handshake


def _shake_hands(
    context: SSL.Context,
    host: str,
    endpoints: Sequence[Endpoint],
    deadline: float,
    dial: Dial,
    *,
    takes_notes: bool,
) -> _Shown:
    """One handshake, and not a byte more. Raises _NotReachedError and _NoHandshakeError."""
    shown = _Shown()
    connection = SSL.Connection(context, None)
    if (name := server_name(host)) is not None:
        connection.set_tlsext_host_name(name)
    if takes_notes:

        def note(_: SSL.Connection, __: Any, error: int, depth: int, ___: int) -> bool:
            if error:
                shown.errors.append((error, depth))
            return True

        connection.set_verify(SSL.VERIFY_PEER, note)
    connection.set_connect_state()
    with _connected(endpoints, deadline, dial) as sock:
        _exchange(connection, sock, deadline)
    shown.certificate = connection.get_peer_certificate(as_cryptography=True)
    shown.version = connection.get_protocol_version()
    return shown


def _connected(endpoints: Sequence[Endpoint], deadline: float, dial: Dial) -> socket.socket:
    for number, endpoint in enumerate(endpoints):
        # An address that swallows everything must leave time for the others.
        patience = _left(deadline) / (len(endpoints) - number)
        try:
            return dial(endpoint, patience)
        except OSError as error:
            if error.errno in FULL:
                raise
    raise _NotReachedError


def _exchange(connection: SSL.Connection, sock: socket.socket, deadline: float) -> None:
    received = 0
    while True:
        try:
            connection.do_handshake()
            is_done = True
        except SSL.WantReadError:
            is_done = False
        except SSL.Error as error:
            raise _NoHandshakeError from error
        _send(connection, sock, deadline)
        if is_done:
            return
        data = _receive(sock, deadline)
        received += len(data)
        if not data or received > LONGEST:
            raise _NoHandshakeError
        connection.bio_write(data)


def _send(connection: SSL.Connection, sock: socket.socket, deadline: float) -> None:
    try:
        data = connection.bio_read(_AT_ONCE)
    except SSL.WantReadError:
        return
    sock.settimeout(_left(deadline))
    try:
        sock.sendall(data)
    except TimeoutError:
        raise _NotReachedError from None
    except OSError as error:
        raise _NoHandshakeError from error


def _receive(sock: socket.socket, deadline: float) -> bytes:
    sock.settimeout(_left(deadline))
    try:
        return sock.recv(_AT_ONCE)
    except TimeoutError:
        raise _NotReachedError from None
    except OSError as error:
        raise _NoHandshakeError from error


def _left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise _NotReachedError
    return left

"""TLS connections: verified as browsers do it, or unverified where verification has failed before.

One context for all connections of a kind: Scrapy makes one for each, and loading the machine's trusted
certificates every time costs more than the request.
"""

from __future__ import annotations

import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

from OpenSSL import SSL
from service_identity import VerificationError
from service_identity.cryptography import extract_patterns
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from twisted.internet._sslverify import ClientTLSOptions
from twisted.internet.ssl import (
    Certificate,
    CertificateOptions,
    TLSVersion,
    platformTrust,
    trustRootFromCertificates,
)
from twisted.python.failure import Failure
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from crawler.transport.addresses import literal
from crawler.transport.failures import CertificateExpiredError

if TYPE_CHECKING:
    from cryptography import x509
    from twisted.protocols.tls import TLSMemoryBIOProtocol

OP_LEGACY_SERVER_CONNECT = 0x4
"""Old servers without RFC 5746 are still the web; as Scrapy does."""

X509_V_ERR_CERT_HAS_EXPIRED = 10
"""OpenSSL's x509_vfy.h; pyOpenSSL does not name it."""

_ANY_CIPHER = b"ALL:!aNULL:!eNULL:!PSK:!SRP:@SECLEVEL=0"
"""What OpenSSL still has, short keys and SHA-1 included; but none without encryption or certificate."""

_PEM_BEGIN = b"-----BEGIN CERTIFICATE-----"


@implementer(IPolicyForHTTPS)
class VerifiedPolicy:
    """Verifies every certificate, with one context for all connections.

    `ca_file` is a PEM file that takes the place of the machine's trusted certificates.
    """

    def __init__(self, ca_file: Path | None) -> None:
        self._options = CertificateOptions(
            trustRoot=_trust(ca_file),
            raiseMinimumTo=TLSVersion.TLSv1_2,
            fixBrokenPeers=True,
        )
        self.context.set_options(OP_LEGACY_SERVER_CONNECT)

    @property
    def context(self) -> SSL.Context:
        """The context of all connections."""
        return self._options.getContext()

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: ARG002, N802
        """Twisted's IPolicyForHTTPS: how to start TLS with this host."""
        # What optionsForClientTLS() does, less the new context for each connection.
        return _Verified(self._options._makeTLSConnection, hostname.decode("ascii"))  # noqa: SLF001


@implementer(IPolicyForHTTPS)
class UnverifiedPolicy:
    """Verifies nothing and speaks every version of TLS: for requests whose results are flagged."""

    def __init__(self) -> None:
        self._options = _any_version(None)

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: ARG002, N802
        """Twisted's IPolicyForHTTPS: how to start TLS with this host."""
        return _Unverified(self._options._makeTLSConnection, hostname.decode("ascii"))  # noqa: SLF001


def lenient_context(ca_file: Path | None) -> SSL.Context:
    """As `UnverifiedPolicy`'s, with the trust of `VerifiedPolicy`: what it would refuse can be looked at."""
    return _any_version(_trust(ca_file)).getContext()


def server_name(host: str) -> bytes | None:
    """What a client asks for in the handshake (SNI); None for an address (RFC 6066, 3)."""
    # Neither a certificate nor SNI knows the final dot.
    return host.removesuffix(".").encode("ascii") if literal(host) is None else None


def is_made_for(certificate: x509.Certificate, host: str) -> bool:
    """Whether a certificate names the host (RFC 9525). One that cannot be read names nobody."""
    try:
        verify_service_identity(extract_patterns(certificate), [_identity(host)], [])
    except Exception:  # noqa: BLE001 - outside bytes: whatever breaks the reader proves nothing
        return False
    return True


def _identity(host: str) -> DNS_ID | IPAddress_ID:
    """Raises ValueError for a name that no certificate can hold (`a!b.test`)."""
    address = literal(host)
    return DNS_ID(host.removesuffix(".")) if address is None else IPAddress_ID(address)


class _Named(ClientTLSOptions):
    """Twisted holds every name against IDNA 2008, and so refuses names that the web uses:
    `my_host.test`, `r3---sn.test`, `xn--i-7iq.ws`. Ours are ASCII already (`rules.urls`)."""

    def __init__(self, create_connection: Any, name: str) -> None:
        shown = server_name(name)
        super().__init__(create_connection, name if shown is None else "name.invalid")
        self._host = name
        if shown is not None:
            self._hostnameBytes = shown
            self._hostname = self._hostnameASCII = shown.decode("ascii")

    def _connection(self, protocol: TLSMemoryBIOProtocol) -> SSL.Connection:
        connection = self._createConnection(protocol)
        if self._sendServerName:
            connection.set_tlsext_host_name(self._hostnameBytes)
        return connection


class _Verified(_Named):
    def __init__(self, create_connection: Any, name: str) -> None:
        super().__init__(create_connection, name)
        # Raises ValueError here, where it is this visit's failure; in the handshake it is lost.
        _identity(name)

    def clientConnectionForTLS(self, tlsProtocol: TLSMemoryBIOProtocol) -> Any:  # noqa: N802, N803
        """As Twisted's, and an expired certificate says so: OpenSSL's own error does not.

        A certificate without any name is refused too: to Twisted that is an error of its own, logged
        and passed over.
        """
        connection = self._connection(tlsProtocol)
        protocol = weakref.ref(tlsProtocol)

        def verified(
            _: SSL.Connection, certificate: Any, error: int, depth: int, fine: int
        ) -> bool:
            known = protocol()
            if error == X509_V_ERR_CERT_HAS_EXPIRED:
                return _refuse(known, CertificateExpiredError("certificate has expired"))
            if depth == 0 and not is_made_for(certificate.to_cryptography(), self._host):
                return _refuse(known, VerificationError(errors=[]))
            return bool(fine)

        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, verified)
        return connection


class _Unverified(_Named):
    def clientConnectionForTLS(self, tlsProtocol: TLSMemoryBIOProtocol) -> Any:  # noqa: N802, N803
        """A connection with whoever answers."""
        connection = self._connection(tlsProtocol)
        connection.set_verify(SSL.VERIFY_NONE)
        return connection


def _refuse(protocol: TLSMemoryBIOProtocol | None, why: Exception) -> bool:
    if protocol is not None:
        protocol.failVerification(Failure(why))  # type: ignore[no-untyped-call]
    return False


def _any_version(trust: Any) -> CertificateOptions:
    options = CertificateOptions(
        trustRoot=trust, insecurelyLowerMinimumTo=TLSVersion.TLSv1_0, fixBrokenPeers=True
    )
    context = options.getContext()
    # A system's configuration of OpenSSL may set a minimum of its own.
    context.set_min_proto_version(SSL.TLS1_VERSION)
    context.set_cipher_list(_ANY_CIPHER)
    context.set_options(OP_LEGACY_SERVER_CONNECT)
    return options


def _trust(ca_file: Path | None) -> Any:
    if ca_file is None:
        return platformTrust()  # type: ignore[no-untyped-call]
    blocks = ca_file.read_bytes().split(_PEM_BEGIN)[1:]
    certificates = [Certificate.loadPEM(_PEM_BEGIN + block) for block in blocks]
    return trustRootFromCertificates(certificates)  # type: ignore[no-untyped-call]

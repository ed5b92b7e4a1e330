"""Scrapy's HTTP/1.1 handler with what a link checker needs of it.

- One TLS context for all hosts: Scrapy makes one per connection, and loading the machine's trusted
  certificates each time costs more than the request.
- LINKHEALTH_CA_FILE in place of the machine's trusted certificates.
- A time limit for connecting apart from the one for the whole answer.
- The status is known as soon as the headers are in, even if the body never ends.
"""

from __future__ import annotations

import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from OpenSSL import SSL
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _ScrapyAgent
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from service_identity.hazmat import DNS_ID
from twisted.internet._sslverify import ClientTLSOptions, _verifyCB
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.ssl import (
    Certificate,
    CertificateOptions,
    TLSVersion,
    platformTrust,
    trustRootFromCertificates,
)
from twisted.python.compat import nativeString
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError
from twisted.web.client import URI, _StandardEndpointFactory
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from crawler.fetching.addresses import literal
from crawler.fetching.failures import CertificateExpiredError
from crawler.fetching.visit import Visit

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IStreamClientEndpoint
    from twisted.protocols.tls import TLSMemoryBIOProtocol
    from twisted.web.client import Agent
    from twisted.web.client import Response as TxResponse

OP_LEGACY_SERVER_CONNECT = 0x4
"""Old servers without RFC 5746 are still the web; as Scrapy does."""

_STATUSES = range(100, 1000)
"""RFC 9110, 15: three digits."""

X509_V_ERR_CERT_HAS_EXPIRED = 10
"""OpenSSL's x509_vfy.h; pyOpenSSL does not name it."""

_PEM_BEGIN = b"-----BEGIN CERTIFICATE-----"


@implementer(IPolicyForHTTPS)
class TrustPolicy:
    """Verifies every certificate, with one context for all connections.

    `ca_file` is a PEM file that takes the place of the machine's trusted certificates.
    """

    def __init__(self, ca_file: Path | None) -> None:
        self._options = CertificateOptions(
            trustRoot=_trust(ca_file),
            raiseMinimumTo=TLSVersion.TLSv1_2,
            fixBrokenPeers=True,
        )
        self._options.getContext().set_options(OP_LEGACY_SERVER_CONNECT)

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: ARG002, N802
        """Twisted's IPolicyForHTTPS: how to start TLS with this host."""
        # What optionsForClientTLS() does, less the new context for each connection.
        return _TLSOptions(self._options._makeTLSConnection, hostname.decode("ascii"))  # noqa: SLF001


class _TLSOptions(ClientTLSOptions):
    """Twisted holds every name against IDNA 2008, and so refuses names that the web uses:
    `my_host.test`, `r3---sn.test`, `xn--i-7iq.ws`. Ours are ASCII already (`rules.urls`)."""

    def __init__(self, create_connection: Any, name: str) -> None:
        is_name = literal(name) is None
        super().__init__(create_connection, "name.invalid" if is_name else name)
        if is_name:
            # Neither a certificate nor SNI knows the final dot (RFC 6066, 3).
            self._hostname = self._hostnameASCII = name.removesuffix(".")
            self._hostnameBytes = self._hostnameASCII.encode("ascii")
            # Raises ValueError here, where it is this visit's failure; in the handshake it is lost.
            DNS_ID(self._hostnameASCII)

    def clientConnectionForTLS(self, tlsProtocol: TLSMemoryBIOProtocol) -> Any:  # noqa: N802, N803
        """As Twisted's, and an expired certificate says so: OpenSSL's own error does not."""
        connection = super().clientConnectionForTLS(tlsProtocol)
        check = _verifyCB(tlsProtocol, self._hostnameIsDnsName, self._hostnameASCII)
        protocol = weakref.ref(tlsProtocol)

        def verified(
            connection: SSL.Connection, certificate: Any, error: int, depth: int, fine: int
        ) -> bool:
            known = protocol()
            if error == X509_V_ERR_CERT_HAS_EXPIRED and known is not None:
                _refuse(known, CertificateExpiredError("certificate has expired"))
                return False
            return check(connection, certificate, error, depth, bool(fine))

        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, verified)
        return connection


def _refuse(protocol: TLSMemoryBIOProtocol, why: Exception) -> None:
    protocol.failVerification(Failure(why))  # type: ignore[no-untyped-call]


class _NameEndpoint(HostnameEndpoint):
    """Takes every ASCII name as it is; see `_TLSOptions`."""

    @staticmethod
    def _hostAsBytesAndText(host: bytes | str) -> tuple[bool, bytes, str]:  # noqa: N802
        text = host if isinstance(host, str) else host.decode("ascii")
        return False, text.encode("ascii"), text


class _EndpointFactory(_StandardEndpointFactory):
    def endpointForURI(self, uri: URI) -> Any:  # noqa: N802
        """How to connect to the host of a URL."""
        plain = _NameEndpoint(
            self._reactor,
            nativeString(uri.host),
            uri.port,
            timeout=self._connectTimeout,
            bindAddress=self._bindAddress,
        )
        if uri.scheme == b"http":
            return plain
        creator = self._policyForHTTPS.creatorForNetloc(uri.host, uri.port)
        return wrapClientTLS(creator, cast("IStreamClientEndpoint", plain))


def _trust(ca_file: Path | None) -> Any:
    if ca_file is None:
        return platformTrust()  # type: ignore[no-untyped-call]
    blocks = ca_file.read_bytes().split(_PEM_BEGIN)[1:]
    certificates = [Certificate.loadPEM(_PEM_BEGIN + block) for block in blocks]
    return trustRootFromCertificates(certificates)  # type: ignore[no-untyped-call]


class DownloadHandler(HTTP11DownloadHandler):
    """See the module. Reads `LINKHEALTH_CONNECT_TIMEOUT` (seconds) from the settings."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        # Twisted would ask again at once; retries are the polite queue's.
        self._pool.retryAutomatically = False
        session = getattr(crawler.spider, "session", None)
        ca_file = session.configuration.ca_file if session is not None else None
        self._contextFactory = cast("IPolicyForHTTPS", TrustPolicy(ca_file))
        self._connect_timeout = crawler.settings.getfloat("LINKHEALTH_CONNECT_TIMEOUT")

    async def download_request(self, request: Request) -> Response:
        """As Scrapy's, by our agent. The size limit is the body budget's, which keeps what came."""
        agent = _Agent(
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
        )
        agent.connect_timeout = self._connect_timeout
        with wrap_twisted_exceptions():
            return await maybe_deferred_to_future(agent.download_request(request))


class _Agent(_ScrapyAgent):
    connect_timeout: float = 10.0

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        agent = super()._get_agent(request, min(timeout, self.connect_timeout))
        given = agent._endpointFactory  # noqa: SLF001
        agent._endpointFactory = _EndpointFactory(  # type: ignore[no-untyped-call] # noqa: SLF001
            given._reactor,  # noqa: SLF001
            self._contextFactory,
            given._connectTimeout,  # noqa: SLF001
            given._bindAddress,  # noqa: SLF001
        )
        return agent

    def _cb_bodyready(self, txresponse: TxResponse, request: Request) -> Any | Deferred[Any]:
        status = int(txresponse.code)
        if status not in _STATUSES:
            # Stopped as Scrapy stops a download: nothing after such a line can be trusted.
            txresponse._transport.stopProducing()  # noqa: SLF001
            txresponse._transport.loseConnection()  # noqa: SLF001
            wrong = str(status)[:20].encode()
            raise ParseError("wrong status", wrong)  # type: ignore[no-untyped-call]
        visit = request.cb_kwargs.get("visit")
        if isinstance(visit, Visit):
            visit.status = status
        return super()._cb_bodyready(txresponse, request)

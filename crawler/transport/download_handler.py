"""Scrapy's HTTP/1.1 handler with what a link checker needs of it.

- One TLS context for all hosts, and LINKHEALTH_CA_FILE (`crawler.transport.tls_verification`).
- What comes from a server whose certificate is known to be bad is read without verification.
- A time limit for connecting apart from the one for the whole answer.
- Headers that do not end are given up (`crawler.transport.response_head`).
- What is asked for is the URL's own path and query: Twisted would drop an empty query or a last `;`.
- A request leaves when its host's turn has come (`crawler.transport.departure`).
- The status is known as soon as the headers are in, even if the body never ends.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _BindAddressAgent,
    _ScrapyAgent,
)
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.python.compat import nativeString
from twisted.web._newclient import ParseError
from twisted.web.client import URI, HTTPConnectionPool, _StandardEndpointFactory

from crawler.model.observation import FailureKind
from crawler.transport.connection_pool import ConnectionPool, IdleConnections
from crawler.transport.departure import DeparturePool
from crawler.transport.failures import classify
from crawler.transport.machine_limits import room_for
from crawler.transport.receive_buffer import SmallBufferReactor
from crawler.transport.response_head import BoundedFactory
from crawler.transport.tls_verification import UnverifiedPolicy, VerifiedPolicy
from crawler.transport.transfer import transfer_of
from crawler.transport.tunnel import ProxyAddress, TunnelReactor

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IStreamClientEndpoint
    from twisted.web.client import Agent
    from twisted.web.client import Response as TxResponse
    from twisted.web.iweb import IPolicyForHTTPS, IResponse

_STATUSES = range(100, 1000)
"""RFC 9110, 15: three digits."""
_TARGET = re.compile(r"[^/?#]*+//[^/?#]*+([^#]*)")
"""The path and query of a URL."""


class _NameEndpoint(HostnameEndpoint):
    """Takes every ASCII name as it is; see `crawler.transport.tls_verification`."""

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


class DownloadHandler(HTTP11DownloadHandler):
    """See the module. Reads `LINKHEALTH_CONNECT_TIMEOUT` and `DOWNLOAD_TIMEOUT` (seconds) from the settings."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        session = getattr(crawler.spider, "session", None)
        configuration = session.configuration if session is not None else None
        ca_file = configuration.ca_file if configuration is not None else None
        self._idle = IdleConnections(room_for(configuration.in_flight if configuration else 1).idle)
        reactor, per_host = self._pool._reactor, self._pool.maxPersistentPerHost  # noqa: SLF001
        self._pool = ConnectionPool(reactor, self._idle, per_host)
        self._contextFactory = cast("IPolicyForHTTPS", VerifiedPolicy(ca_file))
        self._unverified = cast("IPolicyForHTTPS", UnverifiedPolicy())
        # Each unverified request has a connection of its own, so that none can serve a verified one; and so has one that
        # looks at the network: an old connection would say nothing of names and of the way.
        self._single_pool = HTTPConnectionPool(  # type: ignore[no-untyped-call]
            reactor,
            persistent=False,
        )
        self._single_pool._factory = BoundedFactory  # noqa: SLF001
        # An image's connections have a small buffer (`crawler.transport.receive_buffer`): a page would be slow over them.
        self._small_buffer_pool = ConnectionPool(reactor, self._idle, per_host)
        proxy = configuration.proxy if configuration is not None else None
        self._proxy = ProxyAddress(proxy) if proxy is not None else None
        self._connect_timeout = crawler.settings.getfloat("LINKHEALTH_CONNECT_TIMEOUT")
        self._timeout = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")

    async def close(self) -> None:
        """As Scrapy's, with the connections for images."""
        await super().close()
        closed = self._small_buffer_pool.closeCachedConnections()
        with suppress(TimeoutError):
            await asyncio.wait_for(maybe_deferred_to_future(closed), self._disconnect_timeout)

    async def download_request(self, request: Request) -> Response:
        """As Scrapy's, by our agent. The size limit is the body budget's, which keeps what came."""
        request.meta.setdefault("download_timeout", self._timeout)
        transfer = transfer_of(request)
        unverified = transfer is not None and transfer.fault is not None
        small_buffer = transfer is not None and transfer.small_buffer and transfer.part is None
        pool = self._small_buffer_pool if small_buffer else self._pool
        if transfer is not None and transfer.is_fresh:
            pool = self._single_pool
        agent = _Agent(
            contextFactory=self._unverified if unverified else self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._single_pool if unverified else pool,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
        )
        agent.connect_timeout = self._connect_timeout
        agent.small_buffer = small_buffer
        agent.proxy = self._proxy
        try:
            with wrap_twisted_exceptions():
                return await maybe_deferred_to_future(agent.download_request(request))
        except Exception as error:
            if classify(error)[0] is FailureKind.OWN_MACHINE:
                # Idle connections are the one thing that can be given back at once.
                self._idle.shrink(len(self._idle) // 2)
            raise


class _TargetAgent(_BindAddressAgent):
    """Asks for `target`, the URL's own path and query."""

    target: bytes = b"/"

    def _requestWithEndpoint(  # noqa: N802 - Twisted's
        self,
        key: tuple[Any, ...],
        endpoint: Any,
        method: bytes,
        parsedURI: URI,  # noqa: N803
        headers: Any,
        bodyProducer: Any,  # noqa: N803
        requestPath: bytes,  # noqa: ARG002, N803
    ) -> Deferred[IResponse]:
        return super()._requestWithEndpoint(
            key, endpoint, method, parsedURI, headers, bodyProducer, self.target
        )


class _Agent(_ScrapyAgent):
    connect_timeout: float = 10.0
    small_buffer: bool = False
    proxy: ProxyAddress | None = None

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        scrapys = super()._get_agent(request, min(timeout, self.connect_timeout))
        given = scrapys._endpointFactory  # noqa: SLF001
        reactor = given._reactor  # noqa: SLF001
        transfer, pool = transfer_of(request), self._pool
        if pool is not None and transfer is not None and transfer.departure is not None:
            pool = cast("HTTPConnectionPool", DeparturePool(pool, transfer, transfer.departure))
        agent = _TargetAgent(
            reactor=reactor,
            contextFactory=self._contextFactory,
            bindAddress=given._bindAddress,  # noqa: SLF001
            pool=pool,
        )
        connecting = SmallBufferReactor(reactor) if self.small_buffer else reactor
        if self.proxy is not None:
            connecting = TunnelReactor(connecting, self.proxy)
        agent._endpointFactory = _EndpointFactory(  # type: ignore[no-untyped-call] # noqa: SLF001
            connecting,
            self._contextFactory,
            given._connectTimeout,  # noqa: SLF001
            given._bindAddress,  # noqa: SLF001
        )
        agent.target = _target_of(request.url)
        return agent

    def _cb_bodyready(self, txresponse: TxResponse, request: Request) -> Any | Deferred[Any]:
        status = int(txresponse.code)
        if status not in _STATUSES:
            # Stopped as Scrapy stops a download: nothing after such a line can be trusted.
            txresponse._transport.stopProducing()  # noqa: SLF001
            txresponse._transport.loseConnection()  # noqa: SLF001
            wrong = str(status)[:20].encode()
            raise ParseError("wrong status", wrong)  # type: ignore[no-untyped-call]
        transfer = transfer_of(request)
        if transfer is not None:
            transfer.status = status
        return super()._cb_bodyready(txresponse, request)


def _target_of(url: str) -> bytes:
    """The origin-form of a URL (RFC 9112, 3.2.1)."""
    found = _TARGET.match(url)
    target = found[1] if found else ""
    return (target if target.startswith("/") else f"/{target}").encode("ascii")

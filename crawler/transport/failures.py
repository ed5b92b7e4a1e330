"""The one table from exceptions to kinds of failure (rule V3). Nothing is unclassified.

Scrapy and Twisted wrap: a TLS failure has no exception of its own, a reset comes in four. So the
whole tree of causes is looked at, and the first entry of the table that fits one of them decides.
"""

from __future__ import annotations

import asyncio
import errno
import ssl
import struct
import zlib
from collections.abc import Callable, Iterator

import brotli
from OpenSSL import SSL
from scrapy import exceptions as scrapy_errors
from service_identity import VerificationError
from service_identity.exceptions import CertificateError
from twisted.internet import defer
from twisted.internet import error as twisted_errors
from twisted.python.failure import Failure
from twisted.web import http as twisted_http
from twisted.web._newclient import (
    BadHeaders,
    ConnectionAborted,
    ParseError,
    RequestNotSent,
    RequestTransmissionFailed,
    ResponseNeverReceived,
)
from twisted.web.client import PartialDownloadError, ResponseFailed
from twisted.web.error import ExcessiveBufferingError, SchemeNotSupported

from crawler.model.observation import FailureKind
from crawler.transport.egress_guard import REFUSED
from crawler.transport.machine_limits import FULL
from crawler.transport.tunnel import ProxyFailedError

_LONGEST_DETAIL = 300
_DEEPEST = 12

_RESET_ERRNOS = frozenset({errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED})
_ROUTE_ERRNOS = frozenset(
    {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}
)


class CertificateExpiredError(Exception):
    """What our download handler says of an expired certificate."""


Test = Callable[[BaseException], bool]


def _is(*kinds: type[BaseException]) -> Test:
    return lambda error: isinstance(error, kinds)


def _is_os_error(errnos: frozenset[int]) -> Test:
    return lambda error: isinstance(error, OSError) and error.errno in errnos


def _is_full(error: BaseException) -> bool:
    return _number(error) in FULL


def _is_refused_by_us(error: BaseException) -> bool:
    return _number(error) == REFUSED


def _number(error: BaseException) -> int | None:
    # Twisted's ConnectError is no OSError, and keeps its number.
    number = error.errno if isinstance(error, OSError) else getattr(error, "osError", None)
    return number if isinstance(number, int) else None


def _says(kind: type[BaseException], *texts: str) -> Test:
    return lambda error: (
        isinstance(error, kind) and any(text in _text(error).lower() for text in texts)
    )


def _from_module(*names: str) -> Test:
    """Errors whose class is not importable by a public name: `brotli.error`, zstd's."""
    return lambda error: type(error).__module__.partition(".")[0] in names


TABLE: tuple[tuple[FailureKind, Test], ...] = (
    # Before all else: nothing that follows from it says anything of the host.
    (FailureKind.OWN_MACHINE, _is_full),
    (FailureKind.OWN_MACHINE, _is(MemoryError)),
    (FailureKind.OWN_MACHINE, _says(RuntimeError, "can't start new thread")),
    (FailureKind.PROXY_FAILED, _is(ProxyFailedError)),
    (FailureKind.TLS_WRONG_HOST, _is(VerificationError, CertificateError)),
    # No certificate can hold such a name (`a!b.test`).
    (FailureKind.TLS_WRONG_HOST, _says(ValueError, "dns-id")),
    (FailureKind.TLS_CERTIFICATE_EXPIRED, _is(CertificateExpiredError)),
    (FailureKind.TLS_CERTIFICATE_UNTRUSTED, _says(SSL.Error, "certificate verify failed")),
    (
        FailureKind.TLS_CERTIFICATE_UNTRUSTED,
        _is(
            twisted_errors.VerifyError,
            twisted_errors.PeerVerifyError,
            twisted_errors.CertificateError,
        ),
    ),
    (FailureKind.TLS_FAILED, _is(SSL.Error, ssl.SSLError, twisted_errors.SSLError)),
    (
        FailureKind.DNS_UNAVAILABLE,
        _is(
            twisted_errors.DNSLookupError,
            twisted_errors.UnknownHostError,
            scrapy_errors.CannotResolveHostError,
        ),
    ),
    (FailureKind.ADDRESS_BLOCKED, _is_refused_by_us),
    (FailureKind.CONNECT_REFUSED, _is(twisted_errors.ConnectionRefusedError)),
    (FailureKind.CONNECT_NO_ROUTE, _is(twisted_errors.NoRouteError)),
    (FailureKind.CONNECT_NO_ROUTE, _is_os_error(_ROUTE_ERRNOS)),
    (
        FailureKind.CONNECT_TIMEOUT,
        _is(twisted_errors.TimeoutError, twisted_errors.TCPTimedOutError),
    ),
    (FailureKind.BODY_UNDECODABLE, _is(zlib.error, brotli.error, struct.error, EOFError)),
    (FailureKind.BODY_UNDECODABLE, _from_module("brotli", "brotlicffi", "zstd", "compression")),
    (FailureKind.BODY_UNDECODABLE, _says(OSError, "not a gzipped file", "crc check failed")),
    (FailureKind.BODY_UNDECODABLE, _from_module("backports", "_zstd", "gzip")),
    (
        FailureKind.BODY_TOO_LARGE,
        _says(scrapy_errors.IgnoreRequest, "exceeded download_maxsize"),
    ),
    (FailureKind.BODY_INCOMPLETE, _is(scrapy_errors.ResponseDataLossError)),
    (
        FailureKind.BODY_INCOMPLETE,
        _is(twisted_http.PotentialDataLoss, twisted_http._DataLoss, PartialDownloadError),  # noqa: SLF001
    ),
    (
        FailureKind.RESPONSE_MALFORMED,
        _is(
            ParseError,
            BadHeaders,
            ExcessiveBufferingError,
            twisted_http._MalformedChunkedDataError,  # noqa: SLF001
        ),
    ),
    (FailureKind.RESPONSE_MALFORMED, _says(ValueError, "header", "status line", "chunk")),
    (FailureKind.CONNECTION_RESET, _is_os_error(_RESET_ERRNOS)),
    (
        FailureKind.CONNECTION_RESET,
        _is(
            twisted_errors.ConnectionLost,
            twisted_errors.ConnectionDone,
            twisted_errors.ConnectionAborted,
            twisted_errors.ConnectionClosed,
            ConnectionAborted,
            RequestTransmissionFailed,
            ResponseNeverReceived,
        ),
    ),
    (
        FailureKind.RESPONSE_TIMEOUT,
        _is(scrapy_errors.DownloadTimeoutError, defer.TimeoutError, TimeoutError),
    ),
    (FailureKind.CONNECT_REFUSED, _is(scrapy_errors.DownloadConnectionRefusedError)),
    (FailureKind.CONNECT_REFUSED, _is(ConnectionRefusedError)),
    (
        FailureKind.CANCELLED,
        _is(
            scrapy_errors.DownloadCancelledError,
            twisted_errors.ConnectingCancelledError,
            defer.CancelledError,
            asyncio.CancelledError,
        ),
    ),
    (
        FailureKind.CONNECT_FAILED,
        _is(
            twisted_errors.ConnectError,
            twisted_errors.ConnectInProgressError,
            twisted_errors.UnsupportedAddressFamily,
            twisted_errors.InvalidAddressError,
            twisted_errors.NoProtocol,
            RequestNotSent,
        ),
    ),
    (FailureKind.RESPONSE_MALFORMED, _is(ResponseFailed, scrapy_errors.DownloadFailedError)),
    (
        FailureKind.REDIRECT_BAD_LOCATION,
        _is(scrapy_errors.UnsupportedURLSchemeError, SchemeNotSupported),
    ),
    (FailureKind.DNS_BAD_NAME, _says(ValueError, "invalid hostname")),
    # Names are encoded, what servers send is decoded.
    (FailureKind.RESPONSE_MALFORMED, _is(UnicodeDecodeError)),
    (FailureKind.DNS_BAD_NAME, _is(UnicodeError)),
    (FailureKind.CONNECT_FAILED, _is(OSError)),
)
"""First fit wins: a cause says more than what wraps it, so the precise kinds stand first."""


def classify(
    error: BaseException, *, name_failure: FailureKind | None = None
) -> tuple[FailureKind, str]:
    """The kind of a failure and a one-line detail (outside text, at most 300 characters).

    `name_failure` is what the resolver knows of the host: it decides wherever the look-up failed.
    """
    tree = list(_causes(error))
    for kind, fits in TABLE:
        fitting = [cause for cause in tree if fits(cause)]
        if fitting:
            # The wrapped error has the plainer words.
            detail = _detail(fitting[-1])
            if kind is FailureKind.DNS_UNAVAILABLE and name_failure is not None:
                return name_failure, detail
            return kind, detail
    return FailureKind.UNEXPECTED, _detail(error)


def _causes(error: BaseException, depth: int = 0) -> Iterator[BaseException]:
    """An exception and all that it wraps: causes, contexts and Twisted's lists of reasons."""
    if depth > _DEEPEST:
        return
    yield error
    reasons = getattr(error, "reasons", None)
    wrapped = [reason for reason in reasons if reason] if isinstance(reasons, list) else []
    cause = error.__cause__
    if cause is None and not error.__suppress_context__:
        cause = error.__context__
    for inner in (*wrapped, getattr(error, "subFailure", None), cause):
        value = inner.value if isinstance(inner, Failure) else inner
        if isinstance(value, BaseException):
            yield from _causes(value, depth + 1)


def _detail(error: BaseException) -> str:
    said = _text(error)
    text = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return " ".join(text.split())[:_LONGEST_DETAIL]


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - some libraries' errors cannot be shown
        return ""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import asyncio
import builtins
import errno
import gzip
import inspect
import socket
import ssl
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import brotli
import pytest
import scrapy.exceptions
import scrapy.utils._compression
import service_identity
import service_identity.exceptions
import twisted.internet.defer
import twisted.internet.error
import twisted.web._newclient
import twisted.web.client
import twisted.web.error
import twisted.web.http
from hypothesis import given
from hypothesis import strategies as st
from OpenSSL import SSL
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError, ResponseNeverReceived
from twisted.web.client import ResponseFailed

from crawler.model.observation import FailureKind
from crawler.transport.egress_guard import REFUSED, EgressRefusedError
from crawler.transport.failures import TABLE, CertificateExpiredError, classify
from crawler.transport.tunnel import ProxyFailedError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

F = FailureKind

MODULES: tuple[ModuleType, ...] = (
    scrapy.exceptions,
    service_identity.exceptions,
    twisted.internet.error,
    twisted.internet.defer,
    twisted.web._newclient,
    twisted.web.client,
    twisted.web.error,
    twisted.web.http,
    brotli,
    zstd,
    zlib,
    SSL,
    ssl,
    socket,
)

PROGRAMMING_ERRORS = {
    # Scrapy's control flow, its settings and its contracts: none of them ends a download.
    "CloseSpider",
    "ContractFail",
    "DontCloseSpider",
    "DropItem",
    "IgnoreRequest",
    "NotConfigured",
    "NotSupported",
    "ScrapyDeprecationWarning",
    "StopDownload",
    "UsageError",
    "_InvalidOutput",
    # Wrong use of Twisted's deferreds and queues.
    "AlreadyCalledError",
    "AlreadyTryingToLockError",
    "FailureGroup",
    "NotACoroutineError",
    "QueueOverflow",
    "QueueUnderflow",
    "_DefGen_Return",
    "_InternalInlineCallbacksCancelledError",
    # The reactor, timers, processes and servers.
    "AlreadyCalled",
    "AlreadyCancelled",
    "AlreadyListened",
    "BindError",
    "CannotListenError",
    "MessageLengthError",
    "MulticastJoinError",
    "NotConnectingError",
    "NotListeningError",
    "ProcessDone",
    "ProcessExitedAlready",
    "ProcessTerminated",
    "ReactorAlreadyInstalledError",
    "ReactorAlreadyRunning",
    "ReactorNotRestartable",
    "ReactorNotRunning",
    "UnsupportedSocketType",
    "SubjectAltNameWarning",
    "_GiveupOnSendfile",
    # Requests that we built wrongly, and Twisted's own client and server machinery.
    "Error",
    "ExcessWrite",
    "FlattenerError",
    "InfiniteRedirection",
    "InvalidHeaderName",
    "MissingRenderMethod",
    "MissingTemplateLoader",
    "PageRedirect",
    "RedirectWithNoLocation",
    "RenderError",
    "RequestGenerationFailed",
    "ResponseDone",
    "UnexposedMethodError",
    "UnfilledSlot",
    "UnsupportedMethod",
    "UnsupportedSpecialHeader",
    "UnsupportedType",
    "WrongBodyLength",
    "_MultiPartParseException",
    "_WrapperException",
}
"""What may stay unexpected: none of these can end a download, so one that does is our own bug."""

ONLY_IN_SOME_VERSIONS = {
    "PotentialZombieWarning",  # Twisted's, about processes; 26.10 has it no more
}
"""More of the same, which not every allowed version of its package has."""


def exception_classes(module: ModuleType) -> Iterator[type[BaseException]]:
    """The exception classes that a module defines or names, public or not."""
    # Not getmembers(): Twisted warns of each deprecated name that is looked up.
    for found in tuple(vars(module).values()):
        if not inspect.isclass(found):
            continue
        if issubclass(found, BaseException) and found is not Failure:
            yield found


def is_listed(kind: type[BaseException]) -> bool:
    """OpenSSL.SSL.Error shares its name with Twisted's HTTP error; only the latter is listed."""
    return kind.__name__ in PROGRAMMING_ERRORS | ONLY_IN_SOME_VERSIONS and kind is not SSL.Error


def constructed(kind: type[BaseException]) -> BaseException:
    """An instance, by whichever arguments its class takes."""
    if kind is twisted.internet.defer.FirstError:
        return kind(Failure(twisted.internet.error.ConnectionLost()), 0)
    attempts: tuple[tuple[Any, ...], ...] = (
        (),
        ("text",),
        ("text", b"data"),
        ([Failure(ValueError("inner"))],),
        (None, None),
        (b"500", b"text", b"body"),
        (1, "text"),
        (1, "text", "more"),
        (b"text", 1, b"x", 2, "y"),
    )
    for arguments in attempts:
        try:
            return kind(*arguments)
        except (TypeError, ValueError, AttributeError, AssertionError, IndexError, KeyError):
            continue
    raise AssertionError(f"no way to construct {kind}")


CLASSES = sorted(
    {found for module in MODULES for found in exception_classes(module)},
    key=lambda found: (found.__module__, found.__qualname__),
)


def test_the_enumeration_found_the_classes_that_matter() -> None:
    assert len(CLASSES) > 80
    assert {ResponseFailed, SSL.ZeroReturnError, brotli.error, zlib.error} <= set(CLASSES)


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_no_exception_of_a_download_is_unexpected(kind: type[BaseException]) -> None:
    found, detail = classify(constructed(kind))
    assert 0 < len(detail) <= 300
    if not is_listed(kind):
        assert found is not F.UNEXPECTED


def test_the_list_of_programming_errors_holds_nothing_else() -> None:
    listed = {kind.__name__ for kind in CLASSES if is_listed(kind)}
    assert listed - ONLY_IN_SOME_VERSIONS == PROGRAMMING_ERRORS


def caused(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


def raised(function: Callable[[], object]) -> BaseException:
    """What a call really raises."""
    try:
        function()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the test wants
        return error
    raise AssertionError("nothing was raised")


def tls(text: str) -> SSL.Error:
    return SSL.Error([("SSL routines", "", text)])


TABLE_OF_CASES: tuple[tuple[FailureKind, BaseException], ...] = (
    (F.TLS_CERTIFICATE_EXPIRED, CertificateExpiredError("certificate has expired")),
    (
        F.TLS_CERTIFICATE_EXPIRED,
        ResponseNeverReceived(
            [Failure(CertificateExpiredError()), Failure(tls("certificate verify failed"))]
        ),
    ),
    (
        F.TLS_CERTIFICATE_UNTRUSTED,
        ResponseNeverReceived([Failure(tls("certificate verify failed"))]),
    ),
    (F.PROXY_FAILED, ProxyFailedError("the proxy said 503")),
    (F.PROXY_FAILED, ResponseNeverReceived([Failure(ProxyFailedError("the proxy hung up"))])),
    (F.TLS_FAILED, ResponseNeverReceived([Failure(tls("wrong version number"))])),
    (F.TLS_FAILED, ResponseFailed([Failure(SSL.SysCallError(-1, "Unexpected EOF"))])),
    (F.TLS_WRONG_HOST, service_identity.VerificationError([])),
    (F.TLS_WRONG_HOST, raised(lambda: service_identity.hazmat.DNS_ID("a!b.test"))),
    (F.CONNECT_REFUSED, twisted.internet.error.ConnectionRefusedError()),
    (F.CONNECT_REFUSED, scrapy.exceptions.DownloadConnectionRefusedError("no")),
    (F.CONNECT_REFUSED, OSError(errno.ECONNREFUSED, "refused")),
    (F.CONNECT_NO_ROUTE, twisted.internet.error.NoRouteError()),
    (F.CONNECT_NO_ROUTE, OSError(errno.ENETUNREACH, "no network")),
    (F.CONNECT_NO_ROUTE, OSError(errno.EADDRNOTAVAIL, "no address")),
    (F.CONNECT_TIMEOUT, twisted.internet.error.TCPTimedOutError()),
    (
        F.CONNECT_TIMEOUT,
        caused(
            scrapy.exceptions.DownloadTimeoutError("late"), twisted.internet.error.TimeoutError()
        ),
    ),
    (F.RESPONSE_TIMEOUT, scrapy.exceptions.DownloadTimeoutError("took longer than 20 seconds")),
    (F.RESPONSE_TIMEOUT, TimeoutError()),
    (F.RESPONSE_TIMEOUT, builtins.TimeoutError()),
    (F.RESPONSE_TIMEOUT, twisted.internet.defer.TimeoutError()),
    (F.CANCELLED, asyncio.CancelledError()),
    (F.CANCELLED, twisted.internet.defer.CancelledError()),
    (F.CANCELLED, scrapy.exceptions.DownloadCancelledError("stopped")),
    (F.BODY_UNDECODABLE, raised(lambda: gzip.decompress(b"<html>"))),
    (F.BODY_UNDECODABLE, raised(lambda: gzip.decompress(b"\x1f\x8b\x07" + bytes(20)))),
    (F.BODY_UNDECODABLE, raised(lambda: gzip.decompress(gzip.compress(b"x")[:-3]))),
    (F.BODY_UNDECODABLE, raised(lambda: zlib.decompress(b"x"))),
    (F.BODY_UNDECODABLE, raised(lambda: brotli.decompress(b"\xff\xff"))),
    (F.BODY_UNDECODABLE, raised(lambda: zstd.decompress(b"no zstd"))),
    (F.BODY_UNDECODABLE, raised(lambda: struct.unpack("<I", b"x"))),
    (
        F.BODY_TOO_LARGE,
        scrapy.exceptions.IgnoreRequest("exceeded DOWNLOAD_MAXSIZE (5 B) during decompression."),
    ),
    (F.RESPONSE_MALFORMED, ParseError("wrong number of parts", b"x")),
    (F.RESPONSE_MALFORMED, ResponseFailed([Failure(ParseError("x", b"y"))])),
    (F.RESPONSE_MALFORMED, ValueError("Invalid header")),
    (F.RESPONSE_MALFORMED, raised(lambda: b"\xff".decode("utf-8"))),
    (F.CONNECTION_RESET, ResponseFailed([Failure(twisted.internet.error.ConnectionLost())])),
    (F.CONNECTION_RESET, ResponseNeverReceived([Failure(twisted.internet.error.ConnectionDone())])),
    (F.CONNECTION_RESET, OSError(errno.ECONNRESET, "reset")),
    (F.CONNECTION_RESET, OSError(errno.EPIPE, "pipe")),
    (F.OWN_MACHINE, OSError(errno.EMFILE, "too many files")),
    (F.OWN_MACHINE, twisted.internet.error.ConnectBindError(errno.EMFILE, "too many files")),
    (F.OWN_MACHINE, twisted.internet.error.ConnectError(errno.ENFILE, "too many files")),
    (F.OWN_MACHINE, MemoryError()),
    (F.OWN_MACHINE, RuntimeError("can't start new thread")),
    (F.CONNECT_FAILED, OSError(errno.EACCES, "a firewall")),
    (F.ADDRESS_BLOCKED, EgressRefusedError("10.0.0.1")),
    (F.ADDRESS_BLOCKED, twisted.internet.error.ConnectError(REFUSED, "unknown")),
    (F.CONNECT_FAILED, twisted.internet.error.ConnectBindError()),
    (F.DNS_BAD_NAME, ValueError("invalid hostname: a..b")),
    (F.DNS_BAD_NAME, raised(lambda: ("a" * 64).encode("idna"))),
    (F.REDIRECT_BAD_LOCATION, scrapy.exceptions.UnsupportedURLSchemeError("gopher")),
    (F.UNEXPECTED, KeyError("x")),
    (F.UNEXPECTED, RecursionError()),
)


@pytest.mark.parametrize(
    ("kind", "error"),
    TABLE_OF_CASES,
    ids=lambda value: str(getattr(value, "value", repr(value)[:60])),
)
def test_what_is_really_raised_is_told_apart(kind: FailureKind, error: BaseException) -> None:
    assert classify(error)[0] is kind
    # Scrapy and Twisted wrap; the cause still decides, but not over what was meant by nobody.
    wrapped = caused(RuntimeError("outer"), error)
    assert classify(wrapped)[0] is kind
    assert classify(ResponseFailed([Failure(wrapped)]))[0] in {kind, F.RESPONSE_MALFORMED}


@pytest.mark.parametrize("kind", [F.DNS_NXDOMAIN, F.ADDRESS_BLOCKED, F.DNS_TIMEOUT])
def test_the_resolver_knows_better_why_a_name_failed(kind: FailureKind) -> None:
    error = scrapy.exceptions.CannotResolveHostError("DNS lookup failed")
    assert classify(error, name_failure=kind)[0] is kind
    assert classify(error)[0] is F.DNS_UNAVAILABLE
    assert classify(KeyError(), name_failure=kind)[0] is F.UNEXPECTED


def test_every_row_of_the_table_decides_for_something() -> None:
    errors = [constructed(kind) for kind in CLASSES] + [error for _, error in TABLE_OF_CASES]
    decided = {classify(error)[0] for error in errors}
    assert decided == {kind for kind, _ in TABLE} | {F.UNEXPECTED}


def test_an_implicit_context_counts_unless_it_was_put_aside() -> None:
    error = RuntimeError("outer")
    error.__context__ = ParseError("inner", b"x")
    assert classify(error)[0] is F.RESPONSE_MALFORMED
    error.__suppress_context__ = True
    assert classify(error)[0] is F.UNEXPECTED


def test_a_circle_of_causes_ends() -> None:
    first, second = KeyError("a"), KeyError("b")
    first.__cause__, second.__cause__ = second, first
    assert classify(first)[0] is F.UNEXPECTED


class _UnshowableError(Exception):
    def __str__(self) -> str:
        raise TypeError("cannot be shown")


def test_an_error_that_cannot_be_shown_is_no_error_of_ours() -> None:
    assert classify(_UnshowableError()) == (F.UNEXPECTED, "_UnshowableError")


def test_a_detail_is_the_causes_own_words() -> None:
    lost = twisted.internet.error.ConnectionLost("went away")
    for wrapper in (ResponseNeverReceived, ResponseFailed):
        kind, detail = classify(wrapper([Failure(lost)]))
        assert kind is F.CONNECTION_RESET
        assert detail.startswith("ConnectionLost: ")
        assert "Failure" not in detail


@given(st.text(max_size=600))
def test_a_detail_is_one_short_line(text: str) -> None:
    kind, detail = classify(KeyError(text))
    assert kind is F.UNEXPECTED
    assert len(detail) <= 300
    assert len(detail.splitlines()) <= 1

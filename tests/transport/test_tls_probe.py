"""Rules C1 and C5: which fault a certificate has, told by one guarded handshake with a real server."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest
from OpenSSL import SSL

from crawler.model.observation import CertificateFault as Fault
from crawler.transport import tls_probe
from crawler.transport.tls_probe import Contexts, Endpoint, NoFault, _faults, _Shown, probe
from tests.time_limits import HANG
from tests.web import Certificate, LoopbackWeb, Rules
from tests.web.authority import Authority
from tests.web.origin import Origin

NOWHERE = ("127.0.0.1", 1)
SHORT = 0.5
"""Seconds: the time of a probe that is to run out of it."""

KINDS: dict[Certificate, Fault | NoFault] = {
    Certificate.VALID: NoFault.PASSED,
    Certificate.EXPIRED: Fault.EXPIRED,
    Certificate.NOT_YET_VALID: Fault.NOT_YET_VALID,
    Certificate.SELF_SIGNED: Fault.SELF_SIGNED,
    Certificate.UNTRUSTED: Fault.UNTRUSTED,
    # OpenSSL says the same of these two.
    Certificate.UNKNOWN_ISSUER: Fault.UNTRUSTED,
    Certificate.INCOMPLETE: Fault.CHAIN_INCOMPLETE,
    Certificate.WRONG_HOST: Fault.WRONG_HOST,
    Certificate.EXPIRED_WRONG_HOST: Fault.WRONG_HOST,
    Certificate.NAMELESS: Fault.WRONG_HOST,
    Certificate.REFUSED: NoFault.NO_HANDSHAKE,
}


@pytest.fixture(scope="module")
def probed_web() -> Iterator[LoopbackWeb]:
    with LoopbackWeb() as web:
        web.set_rules(Rules({}, {f"{kind.value}.test": kind for kind in KINDS}))
        yield web


@pytest.fixture(scope="module")
def contexts(probed_web: LoopbackWeb) -> Contexts:
    return Contexts.of(probed_web.origin.ca_file)


def https(web: LoopbackWeb) -> Endpoint:
    return "127.0.0.1", web.https_port


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_certificate_is_told(
    probed_web: LoopbackWeb, contexts: Contexts, kind: Certificate
) -> None:
    assert probe(f"{kind.value}.test", [https(probed_web)], contexts) == KINDS[kind]


def test_a_server_that_speaks_old_versions_only_is_too_old(
    probed_web: LoopbackWeb, contexts: Contexts
) -> None:
    endpoint = ("127.0.0.1", probed_web.old_https_port)
    assert probe("valid.test", [endpoint], contexts) is Fault.TOO_OLD


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("valid.test.", NoFault.PASSED),
        ("VALID.test", NoFault.PASSED),
        ("my_host.test", NoFault.PASSED),
        ("127.0.0.1", NoFault.PASSED),
        ("::1", NoFault.PASSED),
        ("127.0.0.2", Fault.WRONG_HOST),
        ("a!b.test", Fault.WRONG_HOST),
    ],
)
def test_odd_names_and_addresses(
    probed_web: LoopbackWeb, contexts: Contexts, host: str, answer: Fault | NoFault
) -> None:
    assert probe(host, [https(probed_web)], contexts) == answer


def test_the_trust_is_that_of_the_crawl(probed_web: LoopbackWeb, tmp_path: Path) -> None:
    stranger = Contexts.of(Authority(tmp_path).path)
    assert probe("valid.test", [https(probed_web)], stranger) is Fault.UNTRUSTED
    machine = Contexts.of(None)
    assert probe("valid.test", [https(probed_web)], machine) is Fault.UNTRUSTED


def test_nothing_is_asked_of_the_server(probed_web: LoopbackWeb, contexts: Contexts) -> None:
    probed_web.forget()
    probe("expired.test", [https(probed_web)], contexts)
    assert probed_web.requests(robots=True) == []


# --------------------------------------------------------------------------- servers that misbehave


@contextmanager
def answering(handle: Callable[[socket.socket], None]) -> Iterator[Endpoint]:
    """A server of one thread; `handle` gets each connection in turn, and ends with its errors."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            while True:
                try:
                    connected, _ = listener.accept()
                except OSError:
                    return
                with connected:
                    try:
                        handle(connected)
                    except OSError:
                        continue

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield listener.getsockname()
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)
    assert not thread.is_alive()


def silent(connected: socket.socket) -> None:
    connected.settimeout(10)
    while connected.recv(4096):
        pass


def dripping(connected: socket.socket) -> None:
    """The beginning of a handshake that never ends, a byte at a time."""
    connected.settimeout(10)
    connected.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")
    while True:
        connected.sendall(b"\x00")
        threading.Event().wait(0.01)


def garbage(connected: socket.socket) -> None:
    connected.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 100)
    silent(connected)


def endless_records(connected: socket.socket) -> None:
    """Sound records of a handshake message that never comes to its end."""
    connected.sendall(b"\x16\x03\x03\x40\x00\x02\xff\xff\xff" + b"\x00" * (0x4000 - 4))
    while True:
        connected.sendall(b"\x16\x03\x03\x40\x00" + b"\x00" * 0x4000)


def endless_garbage(connected: socket.socket) -> None:
    while True:
        connected.sendall(b"\xff" * 65_536)


def closing(connected: socket.socket) -> None:
    connected.recv(4096)


def resetting(connected: socket.socket) -> None:
    connected.recv(4096)
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize("handle", [garbage, endless_records, endless_garbage, closing, resetting])
def test_a_server_without_tls_has_no_handshake(
    contexts: Contexts, handle: Callable[[socket.socket], None]
) -> None:
    with answering(handle) as endpoint:
        assert probe("a.test", [endpoint], contexts) is NoFault.NO_HANDSHAKE


@pytest.mark.parametrize("handle", [silent, dripping])
def test_a_probe_ends_within_its_time(
    contexts: Contexts, handle: Callable[[socket.socket], None]
) -> None:
    with answering(handle) as endpoint:
        started = monotonic()
        assert probe("a.test", [endpoint], contexts, timeout=SHORT) is NoFault.NOT_REACHED
        assert SHORT <= monotonic() - started < HANG


def test_a_probe_reads_no_more_than_a_handshake_needs(
    contexts: Contexts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bound is ours: OpenSSL's own, which comes first, is not relied on."""
    monkeypatch.setattr(tls_probe, "LONGEST", 2)
    with answering(lambda connected: connected.sendall(b"\x16\x03\x03")) as endpoint:
        assert probe("a.test", [endpoint], contexts) is NoFault.NO_HANDSHAKE


def test_a_host_without_a_usable_address_is_not_reached(contexts: Contexts) -> None:
    """What the guard refused leaves no address to try."""
    assert probe("a.test", [], contexts) is NoFault.NOT_REACHED
    assert probe("a.test", [NOWHERE], contexts) is NoFault.NOT_REACHED


def test_addresses_are_tried_in_turn(probed_web: LoopbackWeb, contexts: Contexts) -> None:
    endpoints = [NOWHERE, https(probed_web)]
    assert probe("expired.test", endpoints, contexts) is Fault.EXPIRED


def test_an_address_that_swallows_everything_leaves_time_for_the_others(tmp_path: Path) -> None:
    with Origin(tmp_path, silent=[("127.0.0.1", 0)]) as origin:
        endpoints = [origin.silent[0], origin.https[0]]
        contexts = Contexts.of(origin.ca_file)
        assert probe("valid.test", endpoints, contexts, timeout=20 * SHORT) is NoFault.PASSED


def test_a_time_that_is_over_makes_no_connection(
    probed_web: LoopbackWeb, contexts: Contexts
) -> None:
    assert probe("a.test", [https(probed_web)], contexts, timeout=0.0) is NoFault.NOT_REACHED


def test_whatever_breaks_is_an_answer(probed_web: LoopbackWeb, contexts: Contexts) -> None:
    assert probe("ü.test", [https(probed_web)], contexts) is NoFault.NOT_REACHED


def test_good_certificate_over_encryption_that_we_refuse_is_too_old(tmp_path: Path) -> None:
    """Neither the version nor the certificate says so: only the crawl's own handshake fails."""
    authority = Authority(tmp_path)
    context = authority.context("a.test")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-ECDSA-ARIA128-GCM-SHA256:ECDHE-ECDSA-CAMELLIA128-SHA256")

    def shake(connected: socket.socket) -> None:
        with context.wrap_socket(connected, server_side=True) as secured:
            secured.recv(1)

    with answering(shake) as endpoint:
        assert probe("a.test", [endpoint], Contexts.of(authority.path)) is Fault.TOO_OLD


def test_what_accepts_everything_speaks_all_that_the_crawl_speaks() -> None:
    """Else a server that the crawl can talk to would seem to have no TLS at all."""
    contexts = Contexts.of(None)
    strict, lenient = (
        set(SSL.Connection(context, None).get_cipher_list())
        for context in (contexts.strict, contexts.lenient)
    )
    assert strict < lenient


# ------------------------------------------------------------------------------- errors by OpenSSL


@pytest.mark.parametrize(
    ("errors", "fault"),
    [
        ([(19, 1)], Fault.UNTRUSTED),
        ([(10, 1)], Fault.EXPIRED),
        # An intermediate certificate was sent, and its issuer is unknown: a chain to a strange root.
        ([(20, 1)], Fault.UNTRUSTED),
        ([(20, 0), (21, 0)], Fault.UNTRUSTED),
        ([(24, 1)], Fault.UNTRUSTED),
        ([(7, 0)], Fault.UNTRUSTED),
        ([(10, 0), (18, 0)], Fault.SELF_SIGNED),
    ],
)
def test_openssls_errors_are_told_apart(errors: list[tuple[int, int]], fault: Fault) -> None:
    shown = _Shown(errors, None, SSL.TLS1_3_VERSION)
    assert set(_faults(shown, "a.test")) >= {fault, Fault.WRONG_HOST}

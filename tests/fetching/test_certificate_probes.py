"""One probe for each origin of a run, and what becomes of the visits that wait for it."""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.configuration import ConnectTo
from crawler.fetching.certificate_probes import Certificates
from crawler.fetching.visit import LinkVisit, Visit
from crawler.model.host_certificate import Validity
from crawler.model.link import DueLink
from crawler.model.observation import CertificateFault, FailureKind
from crawler.transport.resolver import Resolver
from tests.time_limits import HANG
from tests.web import Certificate, LoopbackWeb, Rules

EXPIRED, UNTRUSTED = (
    FailureKind.TLS_CERTIFICATE_EXPIRED,
    FailureKind.TLS_CERTIFICATE_UNTRUSTED,
)
RESET, FAILED = FailureKind.CONNECTION_RESET, FailureKind.TLS_FAILED


@pytest.fixture(scope="module")
def shared_web() -> Iterator[LoopbackWeb]:
    with LoopbackWeb() as web:
        web.set_rules(Rules({}, {f"{kind.value}.test": kind for kind in Certificate}))
        yield web


@pytest.fixture
def certificates(shared_web: LoopbackWeb) -> Iterator[Certificates]:
    shared_web.forget()
    with closing(known(shared_web, shared_web.connect_to)) as opened:
        yield opened


def known(web: LoopbackWeb, connect_to: str, **options: Any) -> Certificates:
    # What is mapped to an address needs no look-up, and so no reactor.
    resolver = Resolver(
        None, connect_to=ConnectTo.parse(connect_to), allow_private=False, timeout=1.0
    )
    return Certificates(resolver, web.origin.ca_file, **options)


def visit(url: str) -> Visit:
    return LinkVisit.of(DueLink(1, url, "", wants_image=False))


def probes(web: LoopbackWeb) -> int:
    """Handshakes that came to their end: a client that refuses the certificate makes none."""
    return web.counters().connections


def test_visits_to_one_origin_wait_for_one_probe(
    certificates: Certificates, shared_web: LoopbackWeb
) -> None:
    visits = [visit(f"https://expired.test/{number}") for number in range(20)]

    async def all_at_once() -> list[FailureKind | None]:
        return await asyncio.gather(*(certificates.explain(each, EXPIRED) for each in visits))

    certificates.prepare(visits[0])
    assert visits[0].transfer.fault is None, "nothing is known yet"
    assert asyncio.run(all_at_once()) == [None] * 20, "ask again"
    assert probes(shared_web) == 1
    for each in visits:
        certificates.prepare(each)
        assert each.transfer.fault is CertificateFault.EXPIRED
    for other in ("http://expired.test/", "https://expired.test:8443/", "https://valid.test/"):
        elsewhere = visit(other)
        certificates.prepare(elsewhere)
        assert elsewhere.transfer.fault is None, other


@pytest.mark.parametrize(
    ("host", "kind", "becomes"),
    [
        ("self-signed", UNTRUSTED, None),
        ("wrong-host", FailureKind.TLS_WRONG_HOST, None),
        # A server that hangs up in the handshake has said nothing of the page.
        ("refused", RESET, FAILED),
        ("refused", FAILED, FAILED),
        ("refused", EXPIRED, EXPIRED),
        # The failure has passed; it stands for this run.
        ("valid", RESET, RESET),
        ("valid", EXPIRED, EXPIRED),
        ("valid", FAILED, FAILED),
    ],
)
def test_what_a_failure_is_once_its_origin_was_probed(
    certificates: Certificates, host: str, kind: FailureKind, becomes: FailureKind | None
) -> None:
    for _ in range(2):
        asked = visit(f"https://{host}.test/")
        assert asyncio.run(certificates.explain(asked, kind)) == becomes
        certificates.prepare(asked)
        assert (asked.transfer.fault is not None) is (becomes is None)


@pytest.mark.parametrize(
    "kind", [kind for kind in FailureKind if kind is not RESET and kind.value[:4] != "tls-"]
)
def test_other_failures_make_no_probe(
    certificates: Certificates, shared_web: LoopbackWeb, kind: FailureKind
) -> None:
    assert asyncio.run(certificates.explain(visit("https://expired.test/"), kind)) is kind
    assert probes(shared_web) == 0


def test_what_tls_cannot_explain_makes_no_probe(
    certificates: Certificates, shared_web: LoopbackWeb
) -> None:
    plain = visit("http://expired.test/")
    begun = visit("https://expired.test/")
    begun.transfer.status = 200
    unverified = visit("https://expired.test/")
    unverified.transfer.fault = CertificateFault.EXPIRED
    for each in (plain, begun, unverified):
        assert asyncio.run(certificates.explain(each, RESET)) is RESET
    assert probes(shared_web) == 0


def test_an_address_that_the_guard_refuses_is_not_probed(shared_web: LoopbackWeb) -> None:
    shared_web.forget()
    with closing(known(shared_web, "")) as certificates:
        inside = visit(f"https://127.0.0.1:{shared_web.https_port}/")
        assert asyncio.run(certificates.explain(inside, UNTRUSTED)) is UNTRUSTED
        unknown = visit(f"https://expired.test:{shared_web.https_port}/")
        assert asyncio.run(certificates.explain(unknown, EXPIRED)) is EXPIRED
    assert probes(shared_web) == 0


def test_who_gives_up_waiting_does_not_end_the_probe_for_others(shared_web: LoopbackWeb) -> None:
    accepted = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hold() -> None:
            held, _ = listener.accept()
            accepted.set()
            with held:
                while held.recv(4096):
                    pass

        thread = threading.Thread(target=hold)
        thread.start()

        async def give_up(certificates: Certificates) -> FailureKind | None:
            first = asyncio.ensure_future(certificates.explain(visit("https://a.test/"), FAILED))
            second = asyncio.ensure_future(certificates.explain(visit("https://a.test/"), EXPIRED))
            await asyncio.to_thread(accepted.wait, HANG)
            first.cancel()
            return await second

        port = listener.getsockname()[1]
        with closing(known(shared_web, f":443:127.0.0.1:{port}", timeout=1.0)) as certificates:
            assert asyncio.run(give_up(certificates)) is EXPIRED
        thread.join(HANG)


def test_a_probe_after_the_runs_end_leaves_the_failure_as_it_was(shared_web: LoopbackWeb) -> None:
    certificates = known(shared_web, shared_web.connect_to)
    certificates.close()
    asked = visit("https://expired.test/")
    assert asyncio.run(certificates.explain(asked, EXPIRED)) is EXPIRED
    certificates.prepare(asked)
    assert asked.transfer.fault is None


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.EMFILE, "too many files"),
        MemoryError(),
    ],
)
def test_a_probe_that_our_machine_cannot_make_says_nothing(
    error: Exception, shared_web: LoopbackWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> Any:
        raise error

    with closing(known(shared_web, shared_web.connect_to)) as certificates:
        asked = visit("https://expired.test/")
        with monkeypatch.context() as patched:
            patched.setattr(socket, "create_connection", full)
            with pytest.raises(type(error)):
                asyncio.run(certificates.explain(asked, EXPIRED))
        # The next visit asks again.
        assert asyncio.run(certificates.explain(asked, EXPIRED)) is None
        certificates.prepare(asked)
        assert asked.transfer.fault is not None


VALID = Validity(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))


def answered(certificates: Certificates, url: str, validity: Validity | None = VALID) -> bool:
    """Whether the answer to a visit was asked for its certificate's end; if so, it has told it."""
    made = visit(url)
    certificates.prepare(made)
    if made.transfer.wants_validity:
        made.transfer.validity = validity
    certificates.answered(made)
    return made.transfer.wants_validity


def test_one_answer_of_a_host_tells_how_long_its_certificate_is_valid(
    certificates: Certificates,
) -> None:
    assert not answered(certificates, "http://one.test/")
    assert answered(certificates, "https://one.test/", None), (
        "nothing came of it: the next is asked"
    )
    assert answered(certificates, "https://one.test/robots.txt")
    assert not answered(certificates, "https://one.test/a-story")
    assert not answered(certificates, "https://one.test:8443/")
    assert answered(certificates, "https://other.test/")
    assert certificates.taken_validities() == {"one.test": VALID, "other.test": VALID}
    assert certificates.taken_validities() == {}
    assert not answered(certificates, "https://one.test/")


def test_what_was_known_of_a_host_whose_certificate_is_at_fault_holds_no_more(
    certificates: Certificates,
) -> None:
    asked = visit("https://expired.test/")
    assert asyncio.run(certificates.explain(asked, EXPIRED)) is None
    for _ in range(2):
        assert not answered(certificates, "https://expired.test/a")
    assert certificates.taken_validities() == {"expired.test": None}

"""The second layer, by itself, and with the first one taken away in a process of its own (rule B11)."""

from __future__ import annotations

import json
import socket
import sys
from timeit import timeit

import pytest

from crawler.configuration import ConnectTo
from crawler.transport import egress_guard
from crawler.transport.egress_guard import EgressGuard, EgressRefusedError
from tests.time_limits import HANG
from tests.transport.test_addresses import NOT_PUBLIC, PUBLIC
from tests.web.process import PROJECT
from tests.web.running import clean_environment, run

V4, V6 = int(socket.AF_INET), int(socket.AF_INET6)


def guard(connect_to: str = "", *, allow_private: bool = False) -> EgressGuard:
    return EgressGuard(ConnectTo.parse(connect_to), allow_private=allow_private)


def passes(checked: EgressGuard, host: object, family: int | None = None) -> bool:
    try:
        checked.check(family or (V6 if ":" in str(host) else V4), (host, 80))
    except EgressRefusedError:
        return False
    return True


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    assert passes(guard(), address)


@pytest.mark.parametrize("address", [one for group in NOT_PUBLIC.values() for one in group])
def test_others_do_not_unless_the_operator_says_so(address: str) -> None:
    assert not passes(guard(), address)
    assert passes(guard(allow_private=True), address)


@pytest.mark.parametrize(
    "host",
    ["localhost", "a.test", "", "<broadcast>", "127.1", "0x7f.1", "2130706433", b"127.0.0.1", b"a.test", None, 7],
)  # fmt: skip
def test_names_and_odd_spellings_are_refused(host: object) -> None:
    assert not passes(guard(), host, V4)
    assert not passes(guard("a.test:80:127.0.0.1:8080"), host if host != b"127.0.0.1" else "", V4)


@pytest.mark.parametrize("destination", [(), "127.0.0.1", b"", 80, ["1.1.1.1", 80]])
def test_what_is_no_address_is_refused(destination: object) -> None:
    with pytest.raises(EgressRefusedError):
        guard().check(V4, destination)


def test_local_sockets_pass_and_other_families_do_not() -> None:
    guard().check(int(socket.AF_UNIX), "/run/postgresql/.s.PGSQL.5432")
    for family in (16, 17, 40):  # netlink, packets, virtual machines
        with pytest.raises(EgressRefusedError):
            guard().check(family, (1, 2))


def test_what_the_operator_chose_passes() -> None:
    mapped = guard(":80:127.0.0.1:8080,a.test::[::1]:,10.0.0.7:80::8080,b.test:80:inner.test:80")
    assert passes(mapped, "127.0.0.1")
    assert passes(mapped, "::1")
    assert passes(mapped, "10.0.0.7")
    assert not passes(mapped, "127.0.0.2")
    assert not passes(mapped, "10.0.0.8")
    mapped.allow("10.0.0.8")
    assert passes(mapped, "10.0.0.8")


def test_the_first_refusal_is_logged_and_the_others_are_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    checked = guard()
    for _ in range(3):
        assert not passes(checked, "10.0.0.1\n\x1b[2J")
    assert checked.refused == 3
    assert len(caplog.records) == 1
    assert "\x1b" not in caplog.text


@pytest.mark.server
def test_it_ends_with_the_run() -> None:
    end = guard().begin()
    try:
        with socket.socket() as sock, pytest.raises(EgressRefusedError):
            sock.connect(("127.0.0.1", 9))
        with socket.socket(type=socket.SOCK_DGRAM) as sock, pytest.raises(EgressRefusedError):
            sock.sendto(b"x", ("127.0.0.1", 9))
        with socket.socket(type=socket.SOCK_DGRAM) as sock, pytest.raises(EgressRefusedError):
            sock.sendmsg([b"x"], [], 0, ("127.0.0.1", 9))
    finally:
        end()
    with socket.socket() as sock, pytest.raises(ConnectionRefusedError):
        sock.connect(("127.0.0.1", 9))


def test_it_costs_next_to_nothing() -> None:
    end = guard().begin()
    try:
        with socket.socket() as sock:
            times = 2_000
            event = ("socket.connect", (sock, ("93.184.216.34", 443)))
            took = timeit(lambda: egress_guard._hook(*event), number=times) / times
            other = timeit(lambda: egress_guard._hook("open", ("x", "r", 0)), number=times) / times
    finally:
        end()
    # A connection takes a millisecond at best; a busy machine takes longer for everything.
    assert took < 0.001
    assert other < 0.0001


TAKEN_AWAY = """
import json, socket, sys, urllib.request
from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from crawler.configuration import ConnectTo, load
from crawler.fetching import one_off
from crawler.fetching.fetched import NotFetchedError
from crawler.fetching.one_off import run_fetching
from crawler.transport.resolver import Resolver
from crawler.transport.tls_probe import Contexts, probe
from pathlib import Path
from scrapy.settings import Settings

Resolver._allowed = lambda self, address: True  # the first layer is taken away
Resolver._is_open = lambda self, host, port: True
port = int(sys.argv[1])
settings = Settings()
settings.setmodule("crawler.settings", priority="project")
found = {}

def tried(call):
    try:
        return str(call())
    except Exception as error:
        return type(getattr(error, "reason", error)).__name__

async def job(fetch):
    for name, url in (("scrapy", f"http://127.0.0.1:{port}/"), ("name", f"http://localhost:{port}/")):
        try:
            found[name] = (await fetch(url)).status
        except NotFetchedError as error:
            found[name] = error.code
    found["urllib"] = tried(lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).status)
    found["named"] = tried(lambda: urllib.request.urlopen(f"http://localhost:{port}/", timeout=5).status)
    found["bare"] = tried(lambda: socket.socket().connect(("127.0.0.1", port)))
    found["bare ex"] = tried(lambda: socket.socket().connect_ex(("127.0.0.1", port)))
    found["datagram"] = tried(lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", port)))
    found["probe"] = str(probe("a.test", [("127.0.0.1", port)], Contexts.of(None), timeout=5))
    found["pair"] = tried(lambda: [one.close() for one in socket.socketpair()] and "made")

configuration = load(Path(sys.argv[2]), {}, {})
assert run_fetching(settings, configuration, job)
print(json.dumps(found))
"""


@pytest.mark.process
@pytest.mark.server
def test_with_the_first_layer_taken_away_nothing_gets_out(tmp_path: object) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        ended = run(
            [sys.executable, "-c", TAKEN_AWAY, str(listening.getsockname()[1]), str(tmp_path)],
            env={**clean_environment(), "PYTHONPATH": str(PROJECT)},
            timeout=HANG,
        )
        with pytest.raises(TimeoutError):
            listening.accept()
    assert ended.code == 0, ended.stderr
    refused = "EgressRefusedError"
    assert json.loads(ended.stdout.splitlines()[-1]) == {
        "scrapy": "address-blocked",
        "name": "address-blocked",
        "urllib": refused,
        "named": refused,
        "bare": refused,
        "bare ex": refused,
        "datagram": refused,
        "probe": "not-reached",
        "pair": "made",
    }
    assert "please report this" in ended.stderr

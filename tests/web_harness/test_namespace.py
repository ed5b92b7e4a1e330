from __future__ import annotations

import errno
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.time_limits import HANG
from tests.web import (
    Answer,
    Certificate,
    Name,
    NamespaceWeb,
    Outcome,
    Rules,
    namespace_obstacle,
    page,
)
from tests.web.namespace import PUBLIC, PUBLIC_6, REFUSING, SILENT, UNROUTED
from tests.web.process import PROJECT

pytestmark = pytest.mark.namespace

_CONNECT = """
import json, socket, sys
found = []
for host in sys.argv[1:]:
    try:
        socket.create_connection((host, 80), timeout=0.3).close()
        found.append("connected")
    except Exception as error:
        found.append(type(error).__name__ + " " + str(getattr(error, "errno", None)))
print(json.dumps(found))
"""
_LOOK_UP = """
import json, socket, sys
try:
    found = sorted({item[4][0] for item in socket.getaddrinfo(sys.argv[1], 80)})
except socket.gaierror as error:
    found = error.errno
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def shared_web() -> Iterator[NamespaceWeb]:
    if (obstacle := namespace_obstacle()) is not None:
        pytest.skip(obstacle)
    with NamespaceWeb() as opened:
        yield opened


@pytest.fixture
def inside(shared_web: NamespaceWeb) -> NamespaceWeb:
    shared_web.set_rules()
    shared_web.set_names()
    shared_web.forget()
    return shared_web


def python(web: NamespaceWeb, code: str, *arguments: str) -> object:
    completed = web.run([sys.executable, "-c", code, *arguments], timeout=HANG)
    assert completed.code == 0, completed.stderr
    answer: object = json.loads(completed.stdout)
    return answer


def test_every_kind_of_connection_can_be_had(inside: NamespaceWeb) -> None:
    found = python(
        inside, _CONNECT, PUBLIC[0], PUBLIC_6[0], "any.example", REFUSING, UNROUTED, SILENT
    )
    assert found == [
        *["connected"] * 3,
        f"ConnectionRefusedError {errno.ECONNREFUSED}",
        f"OSError {errno.ENETUNREACH}",
        "TimeoutError None",
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (None, [PUBLIC_6[0], PUBLIC[0]]),
        (Name(addresses=("169.254.169.254",)), ["169.254.169.254"]),
        (Name(addresses=PUBLIC[:2]), sorted(PUBLIC[:2])),
        (Name(Outcome.NXDOMAIN), socket.EAI_NONAME),
        (Name(Outcome.NODATA), getattr(socket, "EAI_NODATA", None)),
        (Name(Outcome.SERVFAIL), socket.EAI_AGAIN),
        (Name(Outcome.SILENCE), socket.EAI_AGAIN),
    ],
)
def test_the_resolver_of_the_system_asks_our_name_server(
    inside: NamespaceWeb, name: Name | None, expected: object
) -> None:
    inside.set_names({"host.example": name} if name else None)
    found = python(inside, _LOOK_UP, "host.example")
    assert (sorted(found) if isinstance(found, list) else found) == (
        sorted(expected) if isinstance(expected, list) else expected
    )
    assert {question.type for question in inside.questions()} == {"A", "AAAA"}


def test_scrapy_fetches_a_true_url(inside: NamespaceWeb, tmp_path: Path) -> None:
    inside.set_rules(
        Rules(
            {"https://news.example/a": Answer(body=page("Over TLS"))},
            {"bad.example": Certificate.EXPIRED},
        )
    )
    environment = inside.environment(SSL_CERT_FILE=str(inside.origin.ca_file))
    completed = inside.run(
        [sys.executable, "-m", "scrapy", "fetch", "--nolog", "https://news.example/a"],
        cwd=tmp_path,
        env=environment,
    )
    assert completed.stdout.strip() == page("Over TLS").strip()
    assert completed.peak_rss > 20_000_000
    (request,) = inside.requests()
    assert (request.url, request.address in PUBLIC + PUBLIC_6) == ("https://news.example/a", True)


def test_nothing_of_the_namespace_is_seen_outside(inside: NamespaceWeb) -> None:
    with pytest.raises(OSError), socket.socket() as outside:  # noqa: PT011 - any, on any machine
        outside.bind((PUBLIC[0], 0))
    resolver = Path("/etc/resolv.conf")
    if resolver.exists():
        assert "93.184.215.53" not in resolver.read_text(encoding="utf-8")
    assert "93.184.215.53" in inside.run(["cat", "/etc/resolv.conf"]).stdout


def test_a_command_in_a_namespace_by_hand(tmp_path: Path) -> None:
    if (obstacle := namespace_obstacle()) is not None:
        pytest.skip(obstacle)
    rules = tmp_path / "rules.json"
    Rules({"*": Answer(status=418)}).write(rules)
    code = (
        "import urllib.request, urllib.error\n"
        "try: urllib.request.urlopen('http://any.example/', timeout=60)\n"
        "except urllib.error.HTTPError as error:\n"
        "    error.close()\n"
        "    raise SystemExit(error.code - 400)\n"
    )
    completed = subprocess.run(
        [
            *[sys.executable, "-m", "tests.web", "--rules", str(rules), "--"],
            *[sys.executable, "-c", code],
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert completed.returncode == 18, completed.stderr

"""The demonstration's web answers over real sockets as its scenes say."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.configuration import ConnectTo
from crawler.demonstration.authority import Authority, make_authority
from crawler.demonstration.origin import Origin
from crawler.demonstration.scenes import ROUNDS, Scene, host_names, load_scenes
from crawler.demonstration.scripted_answers import Answer
from tests.time_limits import HANG

SCENES = load_scenes()
SLOW = "https://planetarypostcard.example/walks/mountain-post"
PICTURE = "https://images.parcelcdn.example/saturday-market-1200x900.png"
RESETS = "https://brasscompass.example/logbook/compass-rose"


@dataclass
class Web:
    origin: Origin
    trust: ssl.SSLContext
    sent: dict[str, str] = field(default_factory=dict)

    def ask(self, url: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        parts = urlsplit(url)
        host = parts.hostname or ""
        to = ConnectTo.parse(self.origin.connect_to)
        target = to.target(host, 443 if parts.scheme == "https" else 80)
        assert target is not None
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        with socket.create_connection(target, timeout=HANG) as connection:
            secure = parts.scheme == "https"
            stream = (
                self.trust.wrap_socket(connection, server_hostname=host) if secure else connection
            )
            with stream:
                stream.sendall("\r\n".join([*lines, "", ""]).encode())
                response = http.client.HTTPResponse(stream)
                try:
                    response.begin()
                    return response.status, response.headers, response.read()
                finally:
                    response.close()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("keys"), host_names(SCENES.values()))


@pytest.fixture
def web(authority: Authority) -> Iterator[Web]:
    trust = ssl.create_default_context(cafile=str(authority.certificate))
    trust.verify_flags |= ssl.VERIFY_X509_STRICT
    with Origin(SCENES, authority) as origin:
        yield Web(origin, trust)


def askable(number: int) -> list[tuple[Scene, Answer]]:
    return [
        (scene, answer)
        for scene in SCENES.values()
        if (answer := scene.answer(number)) is not None and not answer.reset
    ]


@pytest.mark.parametrize("number", ROUNDS)
def test_every_scene_is_played(web: Web, number: int) -> None:
    web.origin.round = number
    scenes = askable(number)
    with ThreadPoolExecutor(8) as pool:
        answered = list(pool.map(lambda pair: web.ask(pair[0].url), scenes))
    for (scene, answer), (status, headers, body) in zip(scenes, answered, strict=True):
        assert (scene.url, status, body) == (scene.url, answer.status, answer.body)
        assert headers["Content-Type"] == answer.content_type
        for name, value in answer.headers:
            assert headers[name] == value
    assert web.origin.asked == dict.fromkeys((scene.url for scene, _ in scenes), 1)


def test_the_round_changes_the_answers(web: Web) -> None:
    url = "https://harborgazette.example/news/evening-ferry-631270"
    assert web.ask(url)[0] == 200
    web.origin.round = 2
    assert web.ask(url)[0] == 404


def test_a_slow_page_is_slow(web: Web) -> None:
    before = time.monotonic()
    assert web.ask(SLOW)[0] == 200
    assert time.monotonic() - before >= 2.0


def test_a_reset_is_a_reset(web: Web) -> None:
    with pytest.raises((ConnectionError, http.client.BadStatusLine, ssl.SSLError)):
        web.ask(RESETS)


def test_an_image_that_did_not_change_is_not_sent_again(web: Web) -> None:
    _, headers, _ = web.ask(PICTURE)
    status, _, body = web.ask(PICTURE, If_None_Match=headers["ETag"])
    assert (status, body) == (304, b"")
    web.origin.round = 2
    status, _, body = web.ask(PICTURE, If_None_Match=headers["ETag"])
    assert status == 200
    assert body


@pytest.mark.parametrize(
    "url",
    [
        "https://harborgazette.example/no-such-page",
        "https://harborgazette.example/robots.txt",
        "http://harborgazette.example/news/evening-ferry-631270",
        "http://unknown.example/",
    ],
)
def test_a_url_without_a_scene_is_not_found(web: Web, url: str) -> None:
    assert web.ask(url)[0] == 404


def test_a_host_without_a_scene_has_no_certificate(web: Web) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        web.ask("https://unknown.example/")


@pytest.mark.server
def test_ports_are_chosen_by_the_system_and_free_afterwards(authority: Authority) -> None:
    with Origin(SCENES, authority) as one, Origin(SCENES, authority) as other:
        ports = {one.http_port, one.https_port, other.http_port, other.https_port}
        assert len(ports) == 4
    for port in ports:
        with pytest.raises(ConnectionError), socket.create_connection(("127.0.0.1", port), 5):
            pass
    assert not [thread for thread in threading.enumerate() if thread.name == "demo-origin"]


@pytest.mark.server
def test_a_server_that_cannot_start_says_why(authority: Authority, tmp_path: Path) -> None:
    unusable = Authority(authority.certificate, tmp_path / "missing.pem", authority.key)
    with pytest.raises(FileNotFoundError), Origin(SCENES, unusable):
        pass


def test_the_key_is_for_its_owner_only(authority: Authority) -> None:
    assert authority.key.stat().st_mode & 0o077 == 0

"""Rule B10 over real sockets: links, images, robots.txt and redirects; a listener on the forbidden port hears nothing."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, Image, article
from tests.web.rules import redirect
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-ports")

BLOCKED = ("unverifiable", "address-blocked")
ALIVE = ("alive", "http-200")


@pytest.mark.parametrize("times", [1, 2])
def test_only_ports_of_the_web_are_connected_to(
    module_web: LoopbackWeb, tmp_path: Path, times: int
) -> None:
    urls = {
        "http://mail.example:25/": BLOCKED,
        "https://news.example:22/story": BLOCKED,
        "http://old.example:6667/": BLOCKED,
        "http://away.example/to-mail": BLOCKED,
        "http://away.example/to-high": BLOCKED,
        "http://away.example/to-web": ("alive", "redirect-temporary"),
        "http://high.example:8080/story": ALIVE,
        "http://high.example:8080/to-same": ("alive", "redirect-temporary"),
        "http://high.example:8080/to-other": BLOCKED,
        "http://opened.example:26/story": ALIVE,
    }
    module_web.set_rules(
        {
            "//away.example/to-mail": redirect("http://mail.example:25/", 302),
            "//away.example/to-high": redirect("http://high.example:8080/story", 302),
            "//away.example/to-web": redirect("https://fine.example:443/story", 302),
            "//high.example:8080/to-same": redirect("http://high.example:8080/story", 302),
            "//high.example:8080/to-other": redirect("http://high.example:8081/story", 302),
        }
    )
    made = Collection(tmp_path / "content")
    for number, url in enumerate(urls):
        made.add(f"{number}.md", article(web=url))
    image = "http://pictures.example:110/10x10.png"
    made.add("image.md", article(images=[Image(image, (10, 10))]))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        port = listening.getsockname()[1]
        # A rule for a whole host leads its forbidden ports to the listener, and opens none of them.
        rules = [
            f"{host}.example::127.0.0.1:{port}" for host in ("mail", "news", "old", "pictures")
        ]
        http = f"127.0.0.1:{module_web.http_port}"
        rules += [
            f"high.example:8081:127.0.0.1:{port}",
            f":8080:{http}",
            f"opened.example:26:{http}",
        ]
        for run in range(times):
            ended = made.audit(
                module_web,
                "-a",
                "due=all",
                LINKHEALTH_CONNECT_TO=",".join([*rules, module_web.connect_to]),
                LINKHEALTH_CLOCK=f"2026-03-0{run + 1}T12:00:00Z",
            )
            assert ended.code == 0, ended.stderr
        with pytest.raises(TimeoutError):
            listening.accept()
    found = {url: (verdict, reason) for url, verdict, reason in made.report().opinions()}
    assert found == {**urls, image: BLOCKED}

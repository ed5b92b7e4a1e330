"""`--thumbnails`: report.html shows small pictures with the flag, and nothing is fetched without it."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import html
from PIL import Image as Picture

from crawler.commands import with_thumbnails
from crawler.configuration import ConfigurationError
from crawler.reporting import FORMATS
from tests.end_to_end.collection import Collection, Image, article, run_command
from tests.reporting.page_contents import data_of, words_of
from tests.web.origin import Request
from tests.web.pages import png
from tests.web.rules import Answer, redirect, robots
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-thumbnails")

HOST = "https://pictures.example"
BIG = png(400, 300)
"""Black, and small for its size."""


def jpeg(colour: str) -> bytes:
    made = io.BytesIO()
    Picture.effect_noise((900, 700), 90).convert("RGB").save(made, "JPEG", quality=95)
    return made.getvalue()


NOISE = jpeg("red")
"""Hundreds of kilobytes: the crawl reads their beginning only."""
GIF_BOMB = (
    b"GIF89a\xff\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x01\x00\x00;"
)
NASTY = f"{HOST}/a%22onload=%22x.png?q=<script>alert(1)</script>&b=1"
IMAGES = (
    f"{HOST}/big.png",
    f"{HOST}/noise.jpg",
    f"{HOST}/moved.png",
    f"{HOST}/cut.png",
    f"{HOST}/bomb.gif",
    f"{HOST}/vector.svg",
    NASTY,
    "/img/local.png",
    "/img/bomb.gif",
)
SHOWN = {IMAGES[0], IMAGES[1], IMAGES[2], NASTY, "/img/local.png"}
RULES = {
    f"{HOST}/big.png": Answer(body=BIG, content_type="image/png"),
    f"{HOST}/noise.jpg": Answer(body=NOISE, content_type="image/jpeg"),
    f"{HOST}/moved.png": redirect(f"{HOST}/big.png"),
    f"{HOST}/cut.png": Answer(body=BIG[:60], content_type="image/png"),
    f"{HOST}/bomb.gif": Answer(body=GIF_BOMB, content_type="image/gif"),
    f"{HOST}/vector.svg": Answer(
        body=b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>',
        content_type="image/svg+xml",
    ),
    "//pictures.example/robots.txt": robots("User-agent: *\nDisallow: /private\n"),
    "//pictures.example/*": Answer(body=BIG, content_type="image/png"),
}


@dataclass(frozen=True)
class Step:
    completed: Completed
    page: str
    requests: list[Request]

    @property
    def pictures(self) -> dict[str, str]:
        """The URL of each thumbnail, and its data."""
        return {url: jpeg for _, url, _, _, jpeg in data_of(self.page).head["thumbnails"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    folder = Collection(tmp_path_factory.mktemp("thumbnails") / "site")
    images = [Image(url, (777, 111)) for url in IMAGES]
    folder.add("_news/a.md", article("Pictures", images=images))
    folder.add("img/local.png", png(30, 20))
    folder.add("img/bomb.gif", GIF_BOMB)
    return folder


@pytest.fixture(scope="module")
def steps(module_web: LoopbackWeb, folder: Collection) -> dict[str, Step]:
    module_web.set_rules(RULES)
    page = folder.root / ".linkhealth/reports/report.html"

    def step(*arguments: str) -> Step:
        module_web.forget()
        done = run_command(module_web, *arguments)
        return Step(done, page.read_text(encoding="utf-8"), module_web.requests(robots=True))

    root = str(folder.root)
    return {
        "audit": step("audit", root, "--fail-on", "never", "--thumbnails"),
        "without": step("audit", root, "--fail-on", "never"),
        "report": step("report", root, "--thumbnails"),
        "plain": step("report", root),
    }


@pytest.mark.parametrize("name", ["audit", "report"])
def test_findings_have_the_picture_that_they_are_about(steps: dict[str, Step], name: str) -> None:
    step = steps[name]
    assert step.completed.code == 0, step.completed.stderr
    assert set(step.pictures) == SHOWN
    for data in step.pictures.values():
        with Picture.open(io.BytesIO(base64.b64decode(data))) as opened:
            assert opened.format == "JPEG"
            assert max(opened.size) <= 160


def test_a_hostile_url_stays_text(steps: dict[str, Step]) -> None:
    document = html.document_fromstring(steps["report"].page)
    assert not document.xpath("//@onload")
    assert {node.get("type") for node in document.xpath("//script")} == {
        "application/octet-stream",
        None,
    }
    assert "onload" in words_of(steps["report"].page)


def test_a_site_is_asked_once_for_each_image_after_its_robots_txt(steps: dict[str, Step]) -> None:
    targets = [request.target for request in steps["report"].requests]
    assert targets[0] == "/robots.txt"
    assert targets.count("/noise.jpg") == 1
    assert len(targets) == len(set(targets)) + 1, "the redirect's end is an image of its own too"


@pytest.mark.parametrize("name", ["without", "plain"])
def test_without_the_flag_nothing_is_asked_and_nothing_shown(
    steps: dict[str, Step], name: str
) -> None:
    assert steps[name].pictures == {}
    assert steps[name].requests == []


def test_what_robots_txt_forbids_by_now_is_not_fetched(web: LoopbackWeb, tmp_path: Path) -> None:
    folder = Collection(tmp_path / "site")
    folder.add("a.md", article("Pictures", images=[Image(f"{HOST}/big.png", (777, 111))]))
    web.set_rules(RULES)
    folder.audit(web, "--fail-on", "never")
    web.set_rules(RULES | {"//pictures.example/robots.txt": robots("User-agent: *\nDisallow: /\n")})
    web.forget()
    assert run_command(web, "report", str(folder.root), "--thumbnails").code == 0
    assert [request.target for request in web.requests(robots=True)] == ["/robots.txt"]


def test_what_it_needs_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="add html"):
        with_thumbnails.check_possible((FORMATS["json"],))
    with_thumbnails.check_possible((FORMATS["json"], FORMATS["html"]))
    monkeypatch.setattr("crawler.thumbnails.is_available", lambda: False)
    with pytest.raises(ConfigurationError, match=r"pip install 'linkhealth\[thumbnails\]'"):
        with_thumbnails.check_possible((FORMATS["html"],))


@pytest.mark.parametrize("command", ["audit", "report"])
def test_without_html_there_is_no_place_for_them(
    module_web: LoopbackWeb, folder: Collection, command: str
) -> None:
    done = run_command(module_web, command, str(folder.root), "--thumbnails", "--format", "json")
    assert done.code == 3
    assert "add html to --format" in done.stderr

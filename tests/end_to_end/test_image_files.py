"""Rules I17 and I18: a whole run over images that are files of the collection; no request is made for them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, Image, Report, article, run_command
from tests.web.pages import png
from tests.web.rules import Answer
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-image-files")

DAY_1, DAY_2, DAY_3 = (f"2026-03-0{day}T12:00:00Z" for day in (1, 2, 3))
SITE = "https://site.example"
NEWS = article(
    "Pictures",
    images=[
        Image("/img/here.png", (40, 30)),
        Image("/img/other%20size.png?v=2", (400, 300)),
        Image("/img/gone.png", (40, 30)),
        Image("/img/photo.png", (40, 30)),
        Image("../img/here.png", (40, 30)),
        Image("/built/thumbnail.png", (40, 30)),
    ],
)
BLOCK = """\
  deadLinks:
    - {at: images/2, verdict: broken, reason: image-file-missing, since: '2026-03-01', url: '/img/gone.png'}
    - {at: images/3, verdict: broken, reason: image-file-missing, since: '2026-03-01', url: '/img/photo.png'}
"""
SIZES = [("images/1", "size-mismatch", "400x300", "80x60")]


@dataclass(frozen=True)
class Step:
    completed: Completed
    report: Report
    files: dict[str, tuple[bytes, int]]
    requests: int


def audited(web: LoopbackWeb, folder: Collection, clock: str) -> Step:
    web.forget()
    completed = folder.audit(web, LINKHEALTH_CLOCK=clock)
    return Step(completed, folder.report(), folder.files(), len(web.requests(robots=True)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    folder = Collection(tmp_path_factory.mktemp("images") / "site")
    folder.add("_news/a.md", NEWS)
    folder.add("img/here.png", png(40, 30))
    folder.add("img/other size.png", png(80, 60))
    folder.add("img/Photo.png", png(40, 30))
    return folder


@pytest.fixture(scope="module")
def steps(module_web: LoopbackWeb, folder: Collection) -> dict[str, Step]:
    done = {
        "first": audited(module_web, folder, DAY_1),
        "again": audited(module_web, folder, DAY_2),
    }
    folder.add("img/gone.png", png(40, 30))
    folder.add("img/here.png", png(20, 30))
    (folder.root / "img/other size.png").unlink()
    done["changed"] = audited(module_web, folder, DAY_3)
    return done


def opinions(step: Step) -> set[tuple[str, str, str]]:
    return set(step.report.opinions())


FIRST = {
    ("img/here.png", "alive", "local-file"),
    ("img/other size.png", "alive", "local-file"),
    ("img/gone.png", "broken", "image-file-missing"),
    ("img/photo.png", "broken", "image-file-missing"),
    ("built/thumbnail.png", "unverifiable", "image-folder-missing"),
}


def test_images_go_by_their_paths_with_a_verdict_and_without_a_request(
    steps: dict[str, Step],
) -> None:
    assert opinions(steps["first"]) == FIRST
    assert [done.requests for done in steps.values()] == [0, 0, 0]


def test_sizes_are_compared_and_missing_ones_are_written_into_the_article(
    steps: dict[str, Step],
) -> None:
    first = steps["first"]
    text = first.files["_news/a.md"][0].decode()
    assert BLOCK in text
    found = first.report.articles["_news/a.md"]["image_sizes"]
    sizes = [(s["at"], s["reason"], s["declared"], s["actual"]) for s in found]
    assert [size for size in sizes if size[1] == "size-mismatch"] == SIZES
    assert first.report.url("img/here.png")["image"]["bytes"] == len(png(40, 30))


def test_another_spelling_of_the_name_is_reported(steps: dict[str, Step]) -> None:
    assert "img/Photo.png" in steps["first"].report.url("img/photo.png")["explanation"]


def test_a_second_run_writes_nothing(steps: dict[str, Step]) -> None:
    assert opinions(steps["again"]) == FIRST
    assert steps["again"].files == steps["first"].files


def test_a_changed_image_is_seen_though_its_article_is_as_before(steps: dict[str, Step]) -> None:
    changed = steps["changed"]
    assert opinions(changed) == {
        ("img/here.png", "alive", "local-file"),
        ("img/other size.png", "broken", "image-file-missing"),
        ("img/gone.png", "alive", "local-file"),
        ("img/photo.png", "broken", "image-file-missing"),
        ("built/thumbnail.png", "unverifiable", "image-folder-missing"),
    }
    assert changed.report.url("img/here.png")["image"]["width"] == 20
    assert changed.report.summary["recovered"] == 1
    assert changed.report.summary["newly_broken"] == 1


@pytest.mark.parametrize("typed", ["/img/photo.png", "img/photo.png"])
def test_explain_describes_a_local_image(
    module_web: LoopbackWeb, folder: Collection, steps: dict[str, Step], typed: str
) -> None:
    told = run_command(module_web, "explain", typed, "--content", str(folder.root))
    words = re.sub(r"\s+", " ", told.stdout)
    assert (
        "the collection has no such file (but there is img/Photo.png: letters must match)" in words
    )
    assert "each looks at the files of the collection" in words
    assert "_news/a.md" in words


def test_where_the_site_is_known_only_what_is_no_file_is_asked_for(
    web: LoopbackWeb, tmp_path: Path
) -> None:
    folder = Collection(tmp_path / "site")
    folder.add("_config.yml", f"url: {SITE}\n")
    folder.add("_news/a.md", NEWS)
    folder.add("img/here.png", png(40, 30))
    web.set_rules({f"{SITE}/built/thumbnail.png": Answer(body=png(40, 30))})
    done = folder.crawl(web, "images", "-O", str(tmp_path / "items.jsonl"), LINKHEALTH_CLOCK=DAY_1)
    assert done.code == 0, done.stderr
    asked = {request.target for request in web.requests()}
    assert "/built/thumbnail.png" in asked
    assert "/img/here.png" not in asked
    items = [json.loads(line) for line in (tmp_path / "items.jsonl").read_text().splitlines()]
    verdicts = {item["url"]: (item["verdict"], item["reason"]) for item in items}
    assert verdicts["img/here.png"] == ("alive", "local-file")
    assert verdicts[f"{SITE}/built/thumbnail.png"] == ("alive", "http-200")

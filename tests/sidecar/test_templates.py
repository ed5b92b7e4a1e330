"""The template lines of docs/sidecar.md, in the generators that they are for."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Protocol

import pytest

from crawler.model.check import Size
from crawler.model.verdict import VerdictKind
from crawler.sidecar.shards import (
    HUGO_FOLDER,
    JEKYLL_FOLDER,
    render_shards,
    shard_path,
    sidecar_folder,
)
from crawler.sidecar.url_note import UrlNote
from tests.time_limits import HANG

DAY = date(2026, 3, 1)
DEAD = "https://dead.example/?a=1&b='2'"
MOVED = "https://moved.example/ü"
DEAD_IMAGE = "https://pictures.example/gone.png"
LARGER = "https://pictures.example/larger.png"
NOTES = {
    DEAD: UrlNote(VerdictKind.DEAD, "http-404", DAY),
    MOVED: UrlNote(VerdictKind.MOVED, "moved", DAY, "https://moved.example/new?a=1&b=2"),
    DEAD_IMAGE: UrlNote(VerdictKind.BROKEN, "http-404", DAY),
    LARGER: UrlNote(VerdictKind.ALIVE, "ok", DAY, None, Size(1024, 576)),
    # What a parser of YAML takes, as the longest that is written.
    "https://long.example/" + "x" * 970: UrlNote(VerdictKind.DEAD, "http-404", DAY),
    'https://odd.example/\u2028\u0085\x7f\ufffe😀\U000e0001\t\\"': UrlNote(
        VerdictKind.INVALID, "white-space", DAY
    ),
}
ARTICLE = """\
---
layout: news
title: A & B
{url}images:
- url: {dead}
  width: 40
  height: 30
- url: {larger}
  width: 40
  height: 30
- url: https://pictures.example/fine.png
  width: 50
  height: 60
---
"""
IMAGES = (
    f'<img src="{LARGER}" width="1024" height="576">'
    '<img src="https://pictures.example/fine.png" width="50" height="60">'
)
EXPECTED = {
    "dead": "<s>A &amp; B</s> <small>gone since 2026-03-01</small>" + IMAGES,
    "moved": '<a href="https://moved.example/new?a=1&amp;b=2">A &amp; B</a>' + IMAGES,
    "fine": '<a href="https://fine.example/">A &amp; B</a>' + IMAGES,
}


def blocks(project: Path, language: str) -> tuple[str, str]:
    """The lookup and the template of one generator."""
    text = (project / "docs" / "sidecar.md").read_text(encoding="utf-8")
    lookup, template = re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return lookup, template


def fill(root: Path, articles: str, folder: str, *, has_notes: bool) -> None:
    for name, url in (("dead", DEAD), ("moved", MOVED), ("fine", "https://fine.example/")):
        line = f"webUrl: {url}\n"
        place = root / articles / f"{name}.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(ARTICLE.format(url=line, dead=DEAD_IMAGE, larger=LARGER), "utf-8")
    (root / articles / "none.md").write_text("---\nlayout: news\ntitle: None\n---\n")
    assert sidecar_folder(root) == folder
    for shard, data in render_shards(NOTES).items() if has_notes else ():
        path = root / shard_path(folder, shard)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def built(program: str, root: Path, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    subprocess.run([found, *arguments], cwd=root, check=True, capture_output=True, timeout=HANG)


def page(path: Path) -> str:
    """What was built, without the white space between tags that nobody sees."""
    return re.sub(r">\s+<(?!small)", "><", path.read_text(encoding="utf-8")).strip()


def jekyll(project: Path, root: Path, *, has_notes: bool) -> dict[str, str]:
    lookup, template = blocks(project, "liquid")
    (root / "_config.yml").write_text("collections: {news: {output: true}}\n")
    (root / "_includes").mkdir()
    (root / "_layouts").mkdir()
    (root / "_includes" / "link-health.html").write_text(lookup)
    (root / "_layouts" / "news.html").write_text(template)
    fill(root, "_news", JEKYLL_FOLDER, has_notes=has_notes)
    built("jekyll", root, "build", "--disable-disk-cache")
    return {name: page(root / "_site" / "news" / f"{name}.html") for name in (*EXPECTED, "none")}


def hugo(project: Path, root: Path, *, has_notes: bool) -> dict[str, str]:
    lookup, template = blocks(project, "go-html-template")
    (root / "hugo.toml").write_text('baseURL = "https://site.example/"\n')
    (root / "layouts" / "partials").mkdir(parents=True)
    (root / "layouts" / "_default").mkdir()
    (root / "layouts" / "partials" / "link-health.html").write_text(lookup)
    (root / "layouts" / "_default" / "single.html").write_text(template)
    fill(root, "content/news", HUGO_FOLDER, has_notes=has_notes)
    built("hugo", root, "--quiet")
    return {
        name: page(root / "public" / "news" / name / "index.html") for name in (*EXPECTED, "none")
    }


class Generator(Protocol):
    """Builds a site and gives its pages."""

    def __call__(self, project: Path, root: Path, *, has_notes: bool) -> dict[str, str]: ...


@pytest.mark.parametrize("generator", [jekyll, hugo])
def test_the_lines_find_the_notes(generator: Generator, project: Path, tmp_path: Path) -> None:
    found = generator(project, tmp_path, has_notes=True)
    none = found.pop("none")
    assert found == EXPECTED
    assert ">None</a>" in none


@pytest.mark.parametrize("generator", [jekyll, hugo])
def test_the_lines_do_without_a_sidecar(
    generator: Generator, project: Path, tmp_path: Path
) -> None:
    found = generator(project, tmp_path, has_notes=False)
    assert f'<img src="{DEAD_IMAGE}" width="40" height="30">' in found["dead"]
    assert 'href="https://fine.example/"' in found["fine"]
    assert "<s>" not in found["dead"]

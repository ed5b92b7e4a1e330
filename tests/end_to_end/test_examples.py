"""Each of `examples/`, crawled as it stands: what is read, what is found, and what is written."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crawler.configuration import load
from tests.end_to_end.collection import Collection, run_command
from tests.web.pages import page
from tests.web.rules import Answer
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-examples")

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DAY = "2026-03-01T12:00:00Z"
GONE = "https://manual.example/docs/gone/"
DOCS, JOURNAL = "https://manual.example/docs", "https://journal.example"
FILE, LOST = "alive local-file", "broken file-missing"
OK = "alive http-200"
RULES = {
    "//manual.example/docs/gone/": Answer(status=404),
    "//manual.example/docs/posts/": Answer(body=page("Posts", body="<h2 id=front-matter>x</h2>")),
    "//manual.example/docs/bundles/": Answer(body=page("Bundles", body="<h2 id=branch>x</h2>")),
}


@dataclass(frozen=True)
class Expected:
    """What a run finds: verdict and reason by URL, the parts that are missing, and the files that get a block."""

    reads: str
    urls: dict[str, str]
    blocks: tuple[str, ...]
    parts: tuple[str, ...] = ()
    note: str = ""
    left_out: tuple[str, ...] = field(default=())


CASES = {
    "jekyll": Expected(
        "reads: image (1 file), link (1), links of the text (4)",
        {
            "assets/images/cover.png": FILE,
            "_posts/2024-06-12-reading-list.md": FILE,
            "_posts/2024-05-01-welcome.md": FILE,
            "about.md": FILE,
            "2024/07/01/never-written/": LOST,
            f"{DOCS}/posts/": OK,
            GONE: "broken http-404",
            f"{JOURNAL}/how-pages-go-away": OK,
            "https://manual.example/": OK,
        },
        (
            "_posts/2024-05-01-welcome.md",
            "_posts/2024-06-12-reading-list.md",
            "about.md",
            "index.html",
        ),
    ),
    "hugo": Expected(
        "reads: cover.image (2 files), externalUrl (1), links of the text (3)",
        {
            "static/img/cover.png": FILE,
            "content/posts/bundle/cover.png": FILE,
            "content/posts/bundle/index.md": FILE,
            "content/posts/first.md": FILE,
            "posts/nowhere/": LOST,
            "static/files/numbers.csv": FILE,
            f"{JOURNAL}/first": OK,
            f"{DOCS}/bundles/": OK,
            GONE: "broken http-404",
        },
        ("content/about.md", "content/posts/bundle/index.md", "content/posts/first.md"),
        parts=("content/posts/bundle/index.md #leaf",),
    ),
    "eleventy": Expected(
        "reads: cover (1 file), canonical_url (1), links of the text (2)",
        {
            "content/blog/cover.png": FILE,
            "content/blog/second.md": FILE,
            "content/blog/2024-05-01-first.md": FILE,
            "content/blog/third.md": LOST,
            f"{JOURNAL}/first": OK,
            f"{DOCS}/permalinks/": OK,
            GONE: "broken http-404",
        },
        ("content/blog/2024-05-01-first.md", "content/blog/second.md"),
    ),
    "astro": Expected(
        "reads: heroImage (2 files), links of the text (3)",
        {
            "src/assets/hero.png": FILE,
            "https://site.astro.example/assets/gone.png": OK,
            "src/content/blog/first-post.md": FILE,
            "src/content/blog/second-post.mdx": FILE,
            f"{DOCS}/collections/": OK,
            "https://site.astro.example/tags/": OK,
            GONE: "broken http-404",
        },
        (
            "src/content/blog/first-post.md",
            "src/content/blog/second-post.mdx",
            "src/pages/about.md",
        ),
    ),
    "mkdocs": Expected(
        "reads: links of the text (3 files)",
        {
            "docs/guide/install.md": FILE,
            "docs/guide/use.md": FILE,
            "docs/index.md": FILE,
            "docs/guide/troubles.md": LOST,
            "docs/img/whole.png": FILE,
            f"{DOCS}/runtime/": OK,
            GONE: "broken http-404",
        },
        (),
        note="3 articles have no front matter",
    ),
    "folder": Expected(
        "reads: url (2 files), pdf (1), links of the text (3)",
        {
            f"{JOURNAL}/how-pages-go-away": OK,
            f"{JOURNAL}/a-study": OK,
            f"{JOURNAL}/a-study.pdf": OK,
            "2024-05-how-pages-go-away.md": FILE,
            "2024-06-a-study.md": FILE,
            "lists/all.md": FILE,
            "2024-07-to-be-written.md": LOST,
            GONE: "broken http-404",
        },
        ("2024-05-how-pages-go-away.md", "2024-06-a-study.md", "lists/all.md"),
    ),
}


def test_every_example_is_crawled() -> None:
    assert {path.name for path in EXAMPLES.iterdir() if path.is_dir()} == CASES.keys()


@pytest.mark.parametrize("name", CASES)
def test_an_example_gives_what_is_right(name: str, module_web: LoopbackWeb, tmp_path: Path) -> None:
    expected = CASES[name]
    module_web.set_rules(RULES)
    root = tmp_path / name
    shutil.copytree(EXAMPLES / name, root)
    collection = Collection(root)
    before = collection.contents()
    ended = collection.audit(module_web, "--fail-on", "never", LINKHEALTH_CLOCK=DAY)
    assert ended.code == 0, ended.stderr
    said, *more = ended.stderr.splitlines()
    assert said == f"linkhealth: {expected.reads}"
    assert [line.removeprefix("linkhealth: ")[: len(expected.note)] for line in more] == (
        [expected.note] if expected.note else []
    )
    report = collection.report()
    found = {url: f"{one['verdict']} {one['reason']}" for url, one in report.urls.items()}
    assert found == expected.urls
    assert report.document["problems"] == []
    parts = [
        f"{path} {one['expected']}"
        for path, article in report.articles.items()
        for one in article["identity"]
        if one["reason"] == "fragment-missing"
    ]
    assert tuple(parts) == expected.parts
    after = collection.contents()
    changed = {path for path, data in after.items() if data != before.get(path)}
    assert changed == set(expected.blocks)
    again = collection.audit(module_web, "--fail-on", "never", LINKHEALTH_CLOCK=DAY)
    assert again.code == 0
    assert collection.contents() == after
    assert run_command(module_web, "strip", str(root)).code == 0
    assert collection.contents() == before


@pytest.mark.parametrize("name", CASES)
def test_init_settles_what_was_found(name: str, module_web: LoopbackWeb, tmp_path: Path) -> None:
    """With the file that it writes, a run finds the same."""
    module_web.set_rules(RULES)
    root = tmp_path / name
    shutil.copytree(EXAMPLES / name, root)
    assert run_command(module_web, "init", str(root)).code == 0
    assert load(root, {}, {}).exclude == ()
    collection = Collection(root)
    ended = collection.audit(module_web, "--fail-on", "never", LINKHEALTH_CLOCK=DAY)
    assert ended.code == 0, ended.stderr
    found = {
        url: f"{one['verdict']} {one['reason']}" for url, one in collection.report().urls.items()
    }
    assert found == CASES[name].urls

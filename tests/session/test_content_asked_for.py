"""What PATHs and lists ask for, and the root that they share (rule K9)."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from crawler.configuration import ConfigurationError
from crawler.model.portion import Portion
from crawler.session.content import MOST_FILES, Content


def part(files: str = "", folders: str = "", *, is_list: bool = False) -> Portion:
    return Portion(frozenset(files.split()), frozenset(folders.split()), is_list)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files, which is the current one: a collection, a work tree, and what belongs to neither."""
    root = tmp_path.resolve()
    for path in (
        "site/.linkhealth.yml",
        "site/a.md",
        "site/news/b.md",
        "site/news/deep/c.md",
        "site/other/.linkhealth/x",
        "site/other/d.md",
        "tree/.git/x",
        "tree/README.md",
        "tree/docs/e.md",
        "tree/docs/f.md",
        "bare/g.md",
        "bare/sub/h.md",
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    monkeypatch.chdir(root)
    return root


ONE_PATH = [
    ("site", "site", None),
    ("site/", "site", None),
    ("site/news", "site", part("", "news")),
    ("site/news/..", "site", None),
    ("site/a.md", "site", part("a.md")),
    ("site/news/deep/c.md", "site", part("news/deep/c.md")),
    ("site/other/d.md", "site/other", part("d.md")),
    ("tree", "tree", None),
    ("tree/docs", "tree/docs", None),
    ("tree/docs/e.md", "tree", part("docs/e.md")),
    ("bare/sub", "bare/sub", None),
    ("bare/sub/h.md", "bare/sub", part("h.md")),
]


@pytest.mark.parametrize(("text", "root", "asked"), ONE_PATH)
def test_one_path(here: Path, text: str, root: str, asked: Portion | None) -> None:
    found = Content.of([text])
    assert found == Content(here / root, asked) == Content.at(text)
    named = here / text
    is_itself = (named if named.is_dir() else named.parent).resolve() == here / root
    assert found.told == (() if is_itself else (f"collection: '{here / root}'",))


SEVERAL = [
    ("site/a.md site/news", "site", part("a.md", "news")),
    ("site/news/b.md site/news/deep/c.md", "site", part("news/b.md news/deep/c.md")),
    ("site/a.md site", "site", None),
    ("tree/docs/e.md tree/README.md", "tree", part("docs/e.md README.md")),
    ("tree/docs tree/README.md", "tree", part("README.md", "docs")),
    ("tree/docs tree/docs/e.md", "tree/docs", None),
    ("bare bare/sub/h.md", "bare", None),
    ("bare/g.md bare/g.md", "bare", part("g.md")),
    ("bare/sub bare/g.md", ".", part("bare/g.md", "bare/sub")),
    ("site/a.md site/none.md", "site", part("a.md")),
]


@pytest.mark.parametrize(("texts", "root", "asked"), SEVERAL)
def test_several_paths(here: Path, texts: str, root: str, asked: Portion | None) -> None:
    found = Content.of(texts.split())
    assert found == Content((here / root).resolve(), asked)
    assert found.is_complete is ("none" not in texts)
    assert any("none.md" in line for line in found.told) is ("none" in texts)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ("site/a.md site/other/d.md", "'site/a.md' belongs to the collection"),
        ("site/a.md tree/README.md", "'tree/README.md' lies outside"),
        ("site/a.md bare", "'bare' lies outside"),
        ("tree/docs bare/g.md", "'bare/g.md' lies outside"),
        ("none.md nor.md", "'none.md' cannot be read"),
        ("none.md", "'none.md' cannot be read"),
    ],
)
def test_paths_of_several_collections_are_refused(here: Path, texts: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        Content.of(texts.split())


LISTS = [
    ("", "site/a.md site/news/b.md", "site", "a.md news/b.md", ""),
    (
        "",
        "site/a.md tree/README.md bare/g.md",
        "site",
        "a.md",
        "outside .*: 'tree/README.md', 'bare/g.md'",
    ),
    ("", "site/gone.md site/a.md", "site", "a.md gone.md", "not there: 'site/gone.md'"),
    ("", "tree/docs/e.md bare/g.md", "tree", "docs/e.md", "outside"),
    ("", "bare/g.md bare/sub/h.md", ".", "bare/g.md bare/sub/h.md", ""),
    ("tree/docs", "tree/docs/e.md tree/README.md", "tree/docs", "", "outside .*: 'tree/README.md'"),
    ("site/news/b.md", "site/a.md", "site", "a.md news/b.md", ""),
    ("", "gone.md x/y/z.md", ".", "gone.md x/y/z.md", "not there: 'gone.md', 'x/y/z.md'"),
]


@pytest.mark.parametrize(("named", "listed", "root", "files", "told"), LISTS)
def test_a_list(here: Path, named: str, listed: str, root: str, files: str, told: str) -> None:
    found = Content.of(named.split(), listed.split())
    asked = part(files, is_list=True) if files else None
    assert found == Content((here / root).resolve(), asked)
    assert re.search(told, "\n".join(found.told))
    assert found.missing == {path for path in files.split() if not (here / root / path).exists()}
    assert found.is_complete


def test_a_list_that_is_not_there_is_a_mistake_unless_it_may_be_gone(here: Path) -> None:
    assert Content.of([], ["site/none.md", "nor.md"]).is_missing
    assert not Content.of([], ["site/none.md", "site/a.md"]).is_missing
    gone = Content.of([], ["site/none.md"], may_be_gone=True)
    assert not gone.is_missing
    assert not any("none.md" in line for line in gone.told)


@pytest.mark.parametrize(
    "name",
    [
        "-rf.md",
        "--",
        "a\nb.md",
        " a.md ",
        "\x1b[31m.md",
        "é.md",
        "a\\b.md",
        "*",
        "~root.md",
        os.fsdecode(b"\xff.md"),
    ],
)
def test_hostile_names_are_names(here: Path, name: str) -> None:
    (here / "site" / name).touch()
    asked = Portion(frozenset({name}), is_list=True)
    assert Content.of([], [f"site/{name}"]) == Content(here / "site", asked)
    assert Content.of([f"site/{name}"]) == Content(here / "site", Portion.of_file(name))


@pytest.mark.parametrize(
    "text", ["nul\x00.md", "x" * 5_000, "/", "..", "../../../../../../etc/passwd"]
)
def test_hostile_entries_of_a_list_are_left_out(here: Path, text: str) -> None:
    found = Content.of([], ["site/a.md", text])
    assert found == Content(here / "site", part("a.md", is_list=True))
    assert len(found.told) == 2


def test_a_list_is_bounded(here: Path) -> None:
    names = [f"site/{number}.md" for number in range(MOST_FILES)]
    assert len((Content.of([], names).asked or part()).files) == MOST_FILES
    with pytest.raises(ConfigurationError, match="10,001 files"):
        Content.of([], [*names, "site/a.md"])
    with pytest.raises(ConfigurationError, match="10,001 files"):
        Content.at("site").narrowed([*names, "a.md"])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_another_has_put_beside_a_file_is_refused(here: Path) -> None:
    (here / "bare/.linkhealth.yml").touch()
    os.chown(here / "bare/.linkhealth.yml", 12_345, 12_345)
    for texts in (["bare/g.md"], ["bare/g.md", "bare/g.md"]):
        with pytest.raises(ConfigurationError, match="belongs to another user"):
            Content.of(texts)
    with pytest.raises(ConfigurationError, match="belongs to another user"):
        Content.of([], ["bare/g.md"])
    assert Content.at("bare") == Content(here / "bare"), "whoever names the folder trusts it"
    assert Content.of(["bare", "bare/g.md"]) == Content(here / "bare")
    below = Content.at("bare/sub/h.md")
    assert below == Content(here / "bare/sub", part("h.md"))
    assert "belongs to another user" in below.told[0]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize(
    ("planted", "texts"),
    [
        ("site/.linkhealth", ["site/a.md"]),
        ("site/.linkhealth", ["site/news"]),
        ("site/.linkhealth", ["site/a.md", "site/news"]),
        ("tree/.linkhealth.yml", ["tree/docs/e.md"]),
        ("tree/.linkhealth.yml", ["tree/docs/e.md", "tree/docs/f.md"]),
        (".linkhealth.yml", ["bare/g.md", "bare/sub/h.md"]),
    ],
)
def test_a_root_that_nobody_named_has_nothing_of_another(
    here: Path, planted: str, texts: list[str]
) -> None:
    """Also where it is a root for another reason: what is planted there would be read."""
    path = here / planted
    path.touch() if path.suffix else path.mkdir()
    os.chown(path, 12_345, 12_345)
    for named, listed in ((texts, None), ([], texts)):
        with pytest.raises(ConfigurationError, match="belongs to another user"):
            Content.of(named, listed)

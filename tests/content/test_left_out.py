"""What is no article: built, installed, hidden or ignored; and what `include` and `exclude` change."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from crawler.content import Repository
from crawler.content.built_folders import built_folders
from crawler.content.ignore_file import IgnoreFile
from crawler.model.portion import Portion

ARTICLE = b"---\nwebUrl: http://a.test/\n---\n"


def make(root: Path, articles: Sequence[str], others: Mapping[str, str] | None = None) -> None:
    for path in articles:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(ARTICLE)
    for path, text in (others or {}).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def articles(root: Path, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> set[str]:
    return set(Repository(root, None, tuple(exclude), None, tuple(include)).paths())


@pytest.mark.parametrize(
    ("out", "others"),
    [
        ("_site/a.md", {}),
        ("docs/_site/a.md", {}),
        ("public/a.md", {}),
        ("public/deep/er/a.md", {}),
        ("vendor/bundle/gems/README.md", {}),
        ("node_modules/x/README.md", {}),
        ("news/node_modules/x/README.md", {}),
        (".jekyll-cache/a.md", {}),
        (".hidden/a.md", {}),
        ("bower_components/a.md", {}),
        ("sites/one/public/a.md", {"sites/one/hugo.toml": ""}),
        ("theme/vendor/a.md", {"theme/composer.json": "{}"}),
        ("dist/a.md", {"package.json": "{}"}),
        ("htdocs/a.md", {"_config.yml": "title: x\ndestination: ./htdocs # here\n"}),
        ("out/site/a.md", {"_config.yml": "destination: 'out/site/'\n"}),
        ("docs/a.md", {"hugo.toml": 'publishDir = "docs"\n'}),
        ("docs/a.md", {"hugo.json": '{\n  "publishDir": "docs"\n}'}),
        ("site/a.md", {"mkdocs.yml": "site_name: x\n"}),
        ("_layouts/a.md", {"_config.yml": "title: x\n"}),
        ("blog/_includes/a.md", {"blog/package.json": "{}"}),
        ("archetypes/a.md", {"hugo.toml": "", "content/_index.txt": ""}),
        ("themes/x/exampleSite/content/a.md", {"config/_default/hugo.toml": "", "content/x": ""}),
        ("drafts/a.md", {".gitignore": "drafts/\n"}),
        ("news/a.md", {".gitignore": "*.md\n!keep.md\n"}),
        ("news/a.md", {"news/.gitignore": "/a.md\n"}),
        ("news/tmp/a.md", {"news/.gitignore": "tmp\n"}),
        ("a/b/c/a.md", {".gitignore": "a/**/a.md\n"}),
        ("logs/a.md", {".gitignore": "logs/**\n"}),
        ("x/a.md", {".gitignore": "\ufeffx/\r\n"}),
        ("x/a.md", {".gitignore": "x\n", "x/.gitignore": "!a.md\n"}),
    ],
)
def test_what_is_built_or_ignored_is_left_out(
    tmp_path: Path, out: str, others: Mapping[str, str]
) -> None:
    make(tmp_path, ["keep.md", out], others)
    assert articles(tmp_path) == {"keep.md"}
    assert articles(tmp_path, include=[out]) == {"keep.md", out}
    assert articles(tmp_path, include=[out.split("/", maxsplit=1)[0]]) <= {"keep.md", out}
    assert articles(tmp_path, include=[out], exclude=["*/a.md", "*README*"]) == {"keep.md"}


@pytest.mark.parametrize(
    ("inside", "others"),
    [
        ("news/public/a.md", {}),
        ("_posts/vendor/a.md", {}),
        ("public-affairs/a.md", {}),
        ("vendor.md", {}),
        ("public", {}),
        ("dist/a.md", {}),
        ("build/a.md", {}),
        ("site/a.md", {}),
        ("news/_sites/a.md", {}),
        ("_layouts/a.md", {}),
        ("news/_includes/a.md", {"_config.yml": ""}),
        ("archetypes/a.md", {"hugo.toml": ""}),
        ("news/themes/a.md", {"hugo.toml": "", "content/x": ""}),
        ("docs/a.md", {"_config.yml": "# destination: docs\n  destination: docs\n"}),
        ("docs/a.md", {"_config.yml": "destination: .\n"}),
        ("docs/a.md", {"_config.yml": "destination: ../docs\n"}),
        ("docs/a.md", {"_config.yml": "destination:\n"}),
        ("drafts/a.md", {".gitignore": "#drafts/\n/a.md\ndraft\n"}),
        ("drafts", {".gitignore": "drafts/\n"}),
        ("news/a.md", {".gitignore": "*.md\n!a.md\n!keep.md\n"}),
        ("news/a.md", {".gitignore": "news/*.md\n", "news/.gitignore": "!a.md\n"}),
        ("news/a.md", {"sport/.gitignore": "*\n"}),
        ("a/b/a.md", {".gitignore": "a/*.md\n"}),
        ("a/a.md", {".gitignore": "?.md \\ \n"}),
        ("news/a.md", {".gitignore": ""}),
        ("news/a.md", {".gitignore/x": ""}),
    ],
)
def test_what_only_looks_like_it_is_read(
    tmp_path: Path, inside: str, others: Mapping[str, str]
) -> None:
    make(tmp_path, ["keep.md", inside], others)
    assert articles(tmp_path) == {"keep.md", inside}


def test_include_has_a_whole_folder_read_but_not_what_is_built_in_it(tmp_path: Path) -> None:
    make(
        tmp_path,
        ["public/a.md", "public/b/c.md", "public/node_modules/x.md", "public/.x/a.md", "_site/a.md", ".git/a.md"],
        {".gitignore": "public/**\n"},
    )  # fmt: skip
    assert articles(tmp_path, include=["public/"]) == {"public/a.md", "public/b/c.md"}
    assert articles(tmp_path, include=["public/b"]) == {"public/b/c.md"}
    assert articles(tmp_path, include=["public/b/*.md"]) == {"public/b/c.md"}
    assert articles(tmp_path, include=["*.md"]) == set()
    assert articles(tmp_path, include=["public"], exclude=["public/b"]) == {"public/a.md"}
    assert articles(tmp_path, include=[".git", ".git/a.md"]) == set()


def test_what_the_repository_above_ignores_is_left_out(tmp_path: Path) -> None:
    make(tmp_path, ["site/content/a.md", "site/content/drafts/b.md", "site/content/c.md"])
    make(
        tmp_path,
        [],
        {".gitignore": "drafts\n/site/content/c.md\n/content/a.md\n", ".git/HEAD": "x"},
    )
    assert articles(tmp_path / "site" / "content") == {"a.md"}
    assert articles(tmp_path / "site" / "content" / "drafts") == {"b.md"}
    (tmp_path / ".git" / "HEAD").unlink()
    (tmp_path / ".git").rmdir()
    assert articles(tmp_path / "site" / "content") == {"a.md", "drafts/b.md", "c.md"}


def test_a_linked_ignore_file_is_not_followed(tmp_path: Path) -> None:
    make(tmp_path, ["root/a.md"], {"rules": "*\n"})
    (tmp_path / "root" / ".gitignore").symlink_to(tmp_path / "rules")
    assert articles(tmp_path / "root") == {"a.md"}


def test_a_file_that_is_named_is_read_wherever_it_is(tmp_path: Path) -> None:
    make(tmp_path, ["public/a.md"], {".gitignore": "*\n"})
    assert list(Repository(tmp_path, Portion.of_file("public/a.md")).paths()) == ["public/a.md"]


def test_the_folders_that_are_left_out_are_named(tmp_path: Path) -> None:
    make(tmp_path, ["public/a.md", "news/drafts/a.md", ".x/a.md", "b/a.md"], {".gitignore": "b\n"})
    assert Repository(tmp_path).left_out() == ["b", "public"]


def test_the_folders_of_generators(tmp_path: Path) -> None:
    assert built_folders(tmp_path) == frozenset()
    make(tmp_path, [], {"_config.yml": f"destination: {tmp_path}/www\n", "config.toml": "a = 1"})
    assert built_folders(tmp_path.resolve()) == {"www", "public"}


NAMES = ("a", "b", "ab", "abc", "x.md", "a b", "[a]", ".h", "a-b", "A", "#c", "!d", "é", " e ")
PATTERNS = (
    "a", "/a", "a/", "a/*", "a/**", "**/a", "a/**/b", "*.md", "!x.md", "*", "!a", "?", "??", "[ab]", "[!a]*", "[^b]", "[a-c]",
    "[[:alpha:]]", "[]a]", "[a\\-b]", "[c-a]", "[a", "[[:nope:]]", "\\[a]", "\\#c", "\\!d", "#c", "!d", "a\\ b", " e ",
    " e\\ ", "é", "a*b", "*a*b*c*", "/", "**", "/**", "**/", "\\", "a\\", "a/b/", "!a/b", "A", "***", "x.md   ", "/*/a",
)  # fmt: skip


@pytest.mark.process
@pytest.mark.parametrize("turn", range(8))
def test_patterns_mean_what_they_mean_to_git(tmp_path: Path, turn: int) -> None:
    """Each pattern alone, and each with the ones that follow it, against `git check-ignore`."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    for number, name in enumerate(NAMES):
        folder = tmp_path / name
        folder.mkdir()
        for other in NAMES[number % 3 :: 2]:
            if len(other) % 2:
                (folder / other).touch()
            else:
                (folder / other).mkdir()
                (folder / other / name).touch()
    entries = [
        (Path(folder, name).relative_to(tmp_path).as_posix(), name in folders)
        for folder, folders, names in os.walk(tmp_path)
        if ".git" not in Path(folder).parts
        for name in (*folders, *names)
        if name != ".git"
    ]
    for start in range(turn, len(PATTERNS), 8):
        for lines in (PATTERNS[start : start + 1], PATTERNS[start : start + 4]):
            data = "".join(f"{line}\n" for line in lines).encode()
            (tmp_path / ".gitignore").write_bytes(data)
            ours = {
                path for path, is_folder in entries if is_ignored(IgnoreFile(data), path, is_folder)
            }
            assert ours == git_ignores(tmp_path, [path for path, _ in entries]), lines


def is_ignored(patterns: IgnoreFile, path: str, is_folder: bool) -> bool:
    names = path.split("/")
    return any(
        patterns.leaves_out(names[:end], is_folder=is_folder or end < len(names))
        for end in range(1, len(names) + 1)
    )


def git_ignores(root: Path, paths: Sequence[str]) -> set[str]:
    told = subprocess.run(
        ["git", "-C", str(root), "check-ignore", "-z", "--no-index", "--stdin"],
        input="\0".join(paths).encode(),
        stdout=subprocess.PIPE,
        check=False,
    ).stdout.decode()
    return set(told.split("\0")) - {""}


@pytest.mark.parametrize(
    "pattern", ["*a" * 60 + "b", "**/" * 60 + "b", "a/**/" * 30 + "b", "[a-z]*" * 40 + "!"]
)
def test_a_hostile_pattern_takes_no_time(pattern: str) -> None:
    patterns = IgnoreFile(f"{pattern}\n".encode() * 20)
    began = time.process_time()
    for names in (["a" * 250], ["a"] * 90, ["a" * 20] * 40):
        patterns.leaves_out(names, is_folder=True)
    assert time.process_time() - began < 2

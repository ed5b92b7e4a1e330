"""`linkhealth init`: what it writes loads, says what was found, and is never written over what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.configuration import FILE_NAME, load
from crawler.model.field_map import FieldMap, TextField
from crawler.model.role import Role
from crawler.operations.new_configuration import look_at, text_of
from tests.web.fixtures import RunCli

POST = "---\ntitle: A\ndate: 2020-01-02\nlink: https://a.example/\ncover: {image: x.png}\nfrom: https://b.example/\n---\n[x](https://c.example/)\n"


def collection(root: Path) -> Path:
    (root / "_posts").mkdir(parents=True)
    (root / "_config.yml").write_text("url: https://me.test\nbaseurl: /blog\n")
    (root / "404.html").write_text("---\nlayout: default\n---\n")
    for number in range(3):
        (root / "_posts" / f"2020-01-0{number + 1}-a.md").write_text(POST)
    return root


def loaded(root: Path, text: str) -> FieldMap | None:
    (root / FILE_NAME).write_text(text)
    return load(root, {}, {}).fields


def test_what_is_written_loads_and_says_what_was_found(tmp_path: Path, run_cli: RunCli) -> None:
    root = collection(tmp_path / "site")
    done = run_cli("init", str(root))
    assert done.code == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "Jekyll, by _config.yml",
        "site: https://me.test/blog/",
        "reads: link (3 files), cover.image (3), links of the text (3)",
        f"written: {root / FILE_NAME}",
        f"next: linkhealth audit {root}",
    ]
    text = (root / FILE_NAME).read_text()
    assert "    - cover.image  # 3 files\n" in text
    assert "  #   - from  # 3 files\n" in text
    configuration = load(root, {}, {})
    assert configuration.site_url == "https://me.test/blog/"
    assert configuration.exclude == ("404.html",)
    assert configuration.fields == FieldMap(
        ((("cover", "image"), Role.IMAGE), (("link",), Role.LINK)),
        ((("date",), TextField.PUBLISHED),),
        is_settled=True,
        is_foreign=True,
    )
    assert list(root.glob(".linkhealth/*")) == [], "nothing but the file is made"


@pytest.mark.parametrize("way", ["--dry-run", "-"])
def test_a_dry_run_prints_and_writes_nothing(way: str, tmp_path: Path, run_cli: RunCli) -> None:
    root = collection(tmp_path / "site")
    done = run_cli("init", str(root), way)
    assert done.code == 0
    assert done.stdout == text_of(look_at(root))
    assert "reads: link (3 files)" in done.stderr
    assert not (root / FILE_NAME).exists()


def test_what_is_there_is_never_written_over(tmp_path: Path, run_cli: RunCli) -> None:
    root = collection(tmp_path / "site")
    (root / FILE_NAME).write_text("body: no\n")
    done = run_cli("init", str(root))
    assert (done.code, done.stdout) == (3, "")
    assert "is there already" in done.stderr
    assert run_cli("init", str(root), "--dry-run").code == 0
    assert (root / FILE_NAME).read_text() == "body: no\n"
    (root / FILE_NAME).unlink()
    (root / FILE_NAME).symlink_to(tmp_path / "elsewhere.yml")
    assert run_cli("init", str(root)).code == 3
    assert not (tmp_path / "elsewhere.yml").exists()


@pytest.mark.parametrize("given", ["empty", "missing"])
def test_a_folder_without_articles_is_an_error(given: str, tmp_path: Path, run_cli: RunCli) -> None:
    (tmp_path / "empty").mkdir()
    done = run_cli("init", str(tmp_path / given))
    assert done.code == 3
    assert not (tmp_path / "empty" / FILE_NAME).exists()


def test_the_projects_own_shape_needs_no_fields(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nwebUrl: https://a.example/\n---\n")
    text = text_of(look_at(tmp_path))
    assert "# fields: no\n" in text
    assert loaded(tmp_path, text) is None


def test_nothing_found_shows_how_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n")
    text = text_of(look_at(tmp_path))
    assert "# fields:\n#   link: [link]\n" in text
    assert loaded(tmp_path, text) is None


@pytest.mark.parametrize(
    "key",
    ["'a: b'", "'x # y'", "\"'\"", "'*a'", "'new\\nline'", "yes", "'null'", "'- a'", "é", "\"\\u2028\"", "a.b", "a/b", "'a.b/c'", "'a b'", "{x}", "'[x]'", "'%a'", "'@a'", "'!a'", "\"\\x07\"", "'~'", "1", "'1.5'", "k" * 200],
)  # fmt: skip
def test_hostile_keys_become_neither_keys_nor_comments_of_ours(key: str, tmp_path: Path) -> None:
    """Below a name that is looked for, and under one that says nothing."""
    (tmp_path / "a.md").write_text(
        f"---\ncover: {{image: x.png}}\n{key}: https://a.example/\nlinks:\n  {key}: https://b.example/\n---\n"
    )
    found = loaded(tmp_path, text_of(look_at(tmp_path)))
    assert found is not None
    assert (("cover", "image"), Role.IMAGE) in found.places

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from crawler import files
from crawler.content import (
    Read,
    Repository,
    ScanResult,
    Touched,
    Unchanged,
    Unreadable,
    Vanished,
    WithoutFrontMatter,
)
from crawler.content.article_document import Document
from crawler.content.notations import Notation
from crawler.model.article import FileStamp, ProblemCode
from crawler.model.field_map import FieldMap
from crawler.model.portion import Portion
from crawler.model.role import Role

ARTICLE = b"---\nwebUrl: http://a.test/\n---\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "news").mkdir(parents=True)
    return root


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as settled at once: the clock is an hour ahead."""
    later = time.time_ns() + 3_600 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: later)


def scan(
    root: Path, known: dict[str, FileStamp] | None = None, only: str | None = None, *exclude: str
) -> list[ScanResult]:
    asked = None if only is None else Portion.of_file(only)
    return list(Repository(root, asked, exclude).scan(known or {}))


def stamps_of(results: list[ScanResult]) -> dict[str, FileStamp]:
    read = {r.article.path: r.stamp for r in results if isinstance(r, Read)}
    broken = {r.path: r.stamp for r in results if isinstance(r, Unreadable) and r.stamp}
    return read | broken


def kinds_and_paths(results: list[ScanResult]) -> list[tuple[type, str]]:
    return [
        (type(result), result.article.path if isinstance(result, Read) else result.path)
        for result in results
    ]


def write(root: Path, *paths: str, data: bytes = ARTICLE) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)


def test_finds_every_file_with_front_matter_in_order(root: Path) -> None:
    write(root, "b.md", "news/z.html", "news/a.txt", "a", "deep/er/x.md", "bom.md", "crlf.md")
    write(root, "bom.md", data=b"\xef\xbb\xbf" + ARTICLE)
    write(root, "crlf.md", data=ARTICLE.replace(b"\n", b"\r\n"))
    write(root, ".hidden.md", ".git/x.md", "node_modules/x.md", "news/node_modules/x.md")
    write(root, "json.md", data=b'{\n  "title": "a"\n}\n')
    write(root, "plain.md", "PLAIN.MARKDOWN", data=b"# no front matter\n")
    write(root, "toml.md", data=b"+++\n+++\n")
    write(root, "image.png", "dashes.txt", data=b"----\n")
    results = scan(root)
    write(root, "data.json", "notes.txt", data=b'{\n  "title": "a"\n}\n')
    results = scan(root)
    articles = [
        "a",
        "b.md",
        "bom.md",
        "crlf.md",
        "deep/er/x.md",
        "json.md",
        "news/a.txt",
        "news/z.html",
        "toml.md",
    ]
    assert [path for kind, path in kinds_and_paths(results) if kind is Read] == articles
    assert [path for kind, path in kinds_and_paths(results) if kind is WithoutFrontMatter] == [
        "PLAIN.MARKDOWN", "plain.md"
    ]  # fmt: skip
    assert len(results) == 11
    assert list(Repository(root).paths()) == articles


def test_exclusions(root: Path) -> None:
    write(root, "drafts/x.md", "news/a.md", "news/a.tmp", "keep.md")
    assert [path for _, path in kinds_and_paths(scan(root, None, None, "drafts/", "*.tmp"))] == [
        "keep.md", "news/a.md"
    ]  # fmt: skip


@pytest.mark.usefixtures("settled")
def test_what_has_not_changed_is_not_opened(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, "a.md", "news/b.md")
    write(root, "broken.md", data=b"---\na: [\n---\n")
    known = stamps_of(scan(root))
    assert len(known) == 3

    opened = files.opened

    def refuse(path: Path) -> AbstractContextManager[tuple[int, os.stat_result]]:
        assert path.suffix != ".md"
        return opened(path)

    monkeypatch.setattr(files, "opened", refuse)
    assert {kind for kind, _ in kinds_and_paths(scan(root, known))} == {Unchanged}


@pytest.mark.usefixtures("settled")
def test_changed_touched_vanished(root: Path) -> None:
    write(root, "changed.md", "touched.md", "gone.md", "no-article.md", "same.md")
    known = stamps_of(scan(root))
    write(root, "changed.md", data=ARTICLE.replace(b"a.test", b"b.test"))
    (root / "gone.md").unlink()
    write(root, "no-article.md", data=b"plain")
    os.utime(root / "touched.md", ns=(1, 1))
    results = scan(root, known)
    assert kinds_and_paths(results) == [
        (Read, "changed.md"),
        (WithoutFrontMatter, "no-article.md"),
        (Unchanged, "same.md"),
        (Touched, "touched.md"),
        (Vanished, "gone.md"),
        (Vanished, "no-article.md"),
    ]
    touched = next(result for result in results if isinstance(result, Touched))
    assert {kind for kind, _ in kinds_and_paths(scan(root, {"touched.md": touched.stamp}))} >= {
        Unchanged
    }


def test_a_same_size_write_in_the_same_tick_does_not_hide(root: Path) -> None:
    """The stamp of a file that changed just now never matches: git's rule for racy entries."""
    write(root, "a.md")
    known = stamps_of(scan(root))
    facts = (root / "a.md").stat()
    write(root, "a.md", data=ARTICLE.replace(b"a.test", b"b.test"))
    os.utime(root / "a.md", ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert kinds_and_paths(scan(root, known)) == [(Read, "a.md")]
    write(root, "a.md")
    assert kinds_and_paths(scan(root, known)) == [(Touched, "a.md")]


def test_broken_files_do_not_stop_the_scan(root: Path) -> None:
    write(root, "a.md", data=b"---\ntitle: x\nname: b: c\n---\n")
    write(root, "b.md", data=b"---\n\xff\n---\n")
    write(root, "c.md")
    write(root, "d.md", data=b"---\n" + b"x" * 10_000_001)
    results = scan(root)
    problems = [p for r in results if isinstance(r, Unreadable) for p in r.problems]
    assert [(p.path, p.line, p.code) for p in problems] == [
        ("a.md", 3, ProblemCode.INVALID_YAML),
        ("b.md", 2, ProblemCode.NOT_UTF8),
        ("d.md", 0, ProblemCode.FILE_TOO_LARGE),
    ]
    assert all(r.stamp for r in results if isinstance(r, Unreadable))
    assert (Read, "c.md") in kinds_and_paths(results)


def test_links(root: Path, tmp_path: Path) -> None:
    write(tmp_path, "outside.md", "far/away.md")
    write(root, "news/a.md", ".store/hidden.md")
    (root / "0-inside.md").symlink_to("news/a.md")
    (root / "hidden.md").symlink_to(".store/hidden.md")
    (root / "also-hidden.md").symlink_to(".store/hidden.md")
    (root / "folder").symlink_to("news")
    (root / "outside.md").symlink_to(tmp_path / "outside.md")
    (root / "far").symlink_to(tmp_path / "far")
    (root / "dangling.md").symlink_to("nowhere")
    (root / "loop").symlink_to("loop")
    results = scan(root)
    assert [path for kind, path in kinds_and_paths(results) if kind is Read] == [
        "news/a.md", ".store/hidden.md"
    ]  # fmt: skip
    codes = {r.path: r.problems[0].code for r in results if isinstance(r, Unreadable)}
    assert codes == {
        "outside.md": ProblemCode.LEADS_OUTSIDE,
        "far": ProblemCode.LEADS_OUTSIDE,
        "dangling.md": ProblemCode.UNREADABLE,
        "loop": ProblemCode.UNREADABLE,
    }


def test_pipes_and_sockets_are_never_opened(root: Path) -> None:
    os.mkfifo(root / "pipe.md")
    with socket.socket(socket.AF_UNIX) as server:
        where = Path.cwd()
        os.chdir(root)
        try:
            server.bind("socket.md")
        finally:
            os.chdir(where)
        write(root, "a.md")
        assert kinds_and_paths(scan(root)) == [(Read, "a.md")]
        for name in ("pipe.md", "socket.md", "news"):
            (result,) = scan(root, only=name)
            assert isinstance(result, Unreadable)
            assert [p.code for p in result.problems] == [ProblemCode.NOT_A_FILE]


def test_a_file_that_became_a_pipe_is_passed_over(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever happens between listing a folder and opening the file, nothing hangs."""
    write(root, "a.md", "b.md", "c.md")
    real_open = os.open

    def swap(path: object, flags: int, *, dir_fd: int | None = None) -> int:
        name = Path(str(path))
        if name.name == "a.md":
            name.unlink()
            os.mkfifo(name)
        elif name.name == "b.md":
            name.unlink()
            name.symlink_to("c.md")
        return real_open(str(path), flags, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", swap)
    assert kinds_and_paths(scan(root)) == [(Unreadable, "b.md"), (Read, "c.md")]


def test_one_named_file_of_any_extension(root: Path) -> None:
    write(root, "news/a.md", "b.xyz")
    write(root, "plain.md", data=b"plain")
    known = stamps_of(scan(root))
    assert kinds_and_paths(scan(root, only="b.xyz")) == [(Read, "b.xyz")]
    assert kinds_and_paths(scan(root, {"b.xyz": known["b.xyz"]}, only="b.xyz")) == [
        (Touched, "b.xyz")
    ]
    (plain,) = scan(root, only="plain.md")
    assert isinstance(plain, Unreadable)
    assert plain.problems[0].code is ProblemCode.NO_FRONT_MATTER
    assert list(Repository(root, Portion.of_file("b.xyz")).paths()) == ["b.xyz"]
    assert list(Repository(root, Portion.of_file("plain.md")).paths()) == []


@pytest.mark.parametrize(
    ("only", "code"),
    [
        ("../outside.md", ProblemCode.LEADS_OUTSIDE),
        ("missing.md", ProblemCode.UNREADABLE),
        ("a\0b", ProblemCode.UNREADABLE),
    ],
)
def test_a_named_file_that_cannot_be_read(root: Path, only: str, code: ProblemCode) -> None:
    write(root, "../outside.md")
    (result,) = scan(root, only=only)
    assert isinstance(result, Unreadable)
    assert [p.code for p in result.problems] == [code]


def test_a_closed_folder_is_a_problem_and_its_files_have_not_vanished(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, "a.md", "news/b.md", "newsletter.md", "z.md")
    known = stamps_of(scan(root))
    (root / "newsletter.md").unlink()
    real = os.scandir

    def closed(path: Path) -> object:
        if path.name == "news":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", closed)
    assert kinds_and_paths(scan(root, known)) == [
        (Touched, "a.md"), (Unreadable, "news"), (Touched, "z.md"), (Vanished, "newsletter.md")
    ]  # fmt: skip


def test_a_closed_file_is_a_problem_and_has_not_vanished(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, "a.md")
    known = stamps_of(scan(root))

    def closed(*_: object) -> Iterator[None]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "opened", closed)
    (result,) = scan(root, known)
    assert isinstance(result, Unreadable)
    assert (result.path, result.stamp) == ("a.md", None)
    assert list(Repository(root).paths()) == []


def test_a_missing_root_is_a_problem(tmp_path: Path) -> None:
    (result,) = scan(tmp_path / "nowhere", {"a.md": FileStamp(1, 1, 1, 1, "x")})
    assert isinstance(result, Unreadable)


def test_names_that_are_no_text_are_reported_readably(root: Path) -> None:
    try:
        (root / os.fsdecode(b"\xff.md")).write_bytes(ARTICLE)
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (result,) = scan(root)
    assert isinstance(result, Unreadable)
    assert result.path == "\\xff.md"


def test_endless_folders_end(root: Path) -> None:
    deep = root
    for _ in range(150):
        deep = deep / "d"
    deep.mkdir(parents=True)
    write(deep, "a.md")
    known = {(deep / "a.md").relative_to(root).as_posix(): FileStamp(1, 1, 1, 1, "x")}
    (result,) = scan(root, known)
    assert isinstance(result, Unreadable)
    assert "deeply" in result.problems[0].message


@pytest.mark.parametrize(
    ("data", "notation"),
    [
        (b"---\na: 1\n---\n", Notation.YAML),
        (b"+++\na = 1\n+++\n", Notation.TOML),
        (b"\xef\xbb\xbf+++ \r\na = 1\r\n+++", Notation.TOML),
        (b"---toml\na = 1\n---\n", Notation.TOML),
        (b'{"a": 1}\n', Notation.JSON),
        (b'\xef\xbb\xbf{\r\n\r\n  "a b" : 1}\n', Notation.JSON),
        (b'{ "a\\"b": 1 }', Notation.JSON),
        (b'---json\n{"a": 1}\n---\n', Notation.JSON),
        (b';;;\n{"a": 1}\n;;;\n', Notation.JSON),
        (b"{% raw %}\n", None),
        (b"{{< figure >}}\n", None),
        (b"{: .note}\n", None),
        (b"{\n", None),
        (b'{"a", "b"}\n', None),
        (b"++++\n", None),
        (b"[1]: http://a.test/\n", None),
    ],
)
def test_front_matter_of_every_notation_is_read(
    root: Path, data: bytes, notation: Notation | None
) -> None:
    """In Markdown and HTML; in other files only YAML makes an article."""
    write(root, "a.md", "b.html", data=data)
    results = scan(root)
    if notation is None:
        assert results == [WithoutFrontMatter("a.md")]
        return
    assert [result.article.path for result in results if isinstance(result, Read)] == [
        "a.md",
        "b.html",
    ]
    assert Document("a.md", data).notation is notation
    assert list(Repository(root).paths()) == ["a.md", "b.html"]
    write(root, "c.txt", "d.json", data=data)
    assert len(scan(root)) == (4 if notation is Notation.YAML else 2)


def test_markdown_without_front_matter_is_read_where_the_collection_has_none(root: Path) -> None:
    plain = FieldMap(is_foreign=True, is_plain=True)
    write(root, "a.md", "b.txt", data=b"# A *guide*\n\n[x](https://a.test/)\n")
    write(root, "c.md", data=b"---\ntitle: C\n---\n# Not this\n")
    write(root, "d.md", data=b"")
    found = {
        result.article.path: result.article
        for result in Repository(root, field_map=plain).scan({})
        if isinstance(result, Read)
    }
    assert found.keys() == {"a.md", "c.md", "d.md"}
    assert found["a.md"].title == "A *guide*"
    assert found["c.md"].title == "C"
    (link,) = found["a.md"].references
    assert (link.pointer, link.role, link.line, link.raw) == (
        "body/0",
        Role.BODY,
        3,
        "https://a.test/",
    )
    assert list(Repository(root, field_map=plain).paths()) == ["a.md", "c.md", "d.md"]
    assert [type(result) for result in Repository(root).scan({})] == [
        WithoutFrontMatter,
        Read,
        WithoutFrontMatter,
    ]


def test_front_matter_that_never_ends_is_told_and_a_file_of_yaml_is_none(root: Path) -> None:
    write(root, "a.md", "data.yml", "b.YAML", data=b"---\nwebUrl: http://a.test/\n")
    write(root, "list.yml", data=b"---\n- a\n")
    write(root, "closed.yml")
    results = scan(root)
    assert kinds_and_paths(results) == [(Unreadable, "a.md"), (Read, "closed.yml")]
    assert isinstance(results[0], Unreadable)
    assert results[0].problems[0].code is ProblemCode.NEVER_CLOSED
    (named,) = scan(root, None, "data.yml")
    assert isinstance(named, Unreadable)


def test_a_portion_is_walked_by_the_rules_of_the_whole(root: Path) -> None:
    for path in (
        "a.md",
        "b.md",
        "news/a.md",
        "news/deep/b.md",
        "newsy.md",
        "_site/a.md",
        "drafts/a.md",
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(ARTICLE)
    (root / "plain.md").write_text("no front matter\n")
    (root / "to.md").symlink_to("b.md")
    whole = Repository(root, None, ("drafts/*",))
    assert list(whole.paths()) == ["a.md", "b.md", "news/a.md", "news/deep/b.md", "newsy.md"]

    def found(files: str, folders: str = "", *, is_list: bool = True) -> list[str]:
        portion = Portion(frozenset(files.split()), frozenset(folders.split()), is_list)
        return list(Repository(root, portion, ("drafts/*",)).paths())

    assert found("a.md news/a.md") == ["a.md", "news/a.md"]
    assert found("", "news") == ["news/a.md", "news/deep/b.md"]
    assert found("a.md", "news/deep") == ["a.md", "news/deep/b.md"]
    assert found("news/a.md", "news") == ["news/a.md", "news/deep/b.md"]
    assert found("", "new") == []
    assert found("plain.md _site/a.md drafts/a.md no.md") == []
    assert found("to.md") == [], "a link is no article of its own"
    assert found("drafts/a.md a.md", "news", is_list=False) == [
        "a.md",
        "drafts/a.md",
        "news/a.md",
        "news/deep/b.md",
    ]


def test_what_vanished_from_a_portion_is_told(root: Path) -> None:
    for path in ("a.md", "b.md", "news/a.md", "news/b.md", "old/a.md"):
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(ARTICLE)
    stamps = stamps_of(scan(root))
    for path in ("a.md", "b.md", "news/b.md", "old/a.md"):
        (root / path).unlink()
    (root / "old").rmdir()
    asked = Portion(frozenset({"a.md", "old/a.md"}), frozenset({"news"}), is_list=True)
    known = {path: stamp for path, stamp in stamps.items() if path in asked}
    results = list(Repository(root, asked).scan(known))
    gone = [one.path for one in results if isinstance(one, Vanished)]
    assert gone == ["a.md", "news/b.md", "old/a.md"]


def test_a_file_that_links_alone_lead_to_stays_in_a_portion(root: Path) -> None:
    (root / ".hidden").mkdir()
    (root / ".hidden/a.md").write_bytes(ARTICLE)
    (root / "to.md").symlink_to(".hidden/a.md")
    stamps = stamps_of(scan(root))
    assert list(stamps) == [".hidden/a.md"]
    asked = Portion(frozenset(stamps), is_list=True)
    assert list(Repository(root, asked).scan(stamps)) == []
    (root / "to.md").unlink()
    (root / ".hidden/a.md").unlink()
    assert list(Repository(root, asked).scan(stamps)) == [Vanished(".hidden/a.md")]


def test_a_portion_knows_its_files_and_the_ways_to_them() -> None:
    asked = Portion(frozenset({"a.md", "x/y/b.md"}), frozenset({"news", "deep/er"}))
    inside = ["a.md", "x/y/b.md", "news/a.md", "news/deep/b.md", "deep/er/a.md"]
    outside = [
        "b.md",
        "A.md",
        "x/y/b.md/c",
        "x/y",
        "news",
        "newsy/a.md",
        "deep/a.md",
        "deep/erx/a.md",
        "",
    ]
    assert [path for path in (*inside, *outside) if path in asked] == inside
    ways = ["x", "x/y", "news", "news/deep", "deep", "deep/er", "deep/er/er"]
    others = ["a.md", "x/z", "y", "newsy", "deep/a", "de"]
    assert [path for path in (*ways, *others) if asked.leads_to(path)] == ways
    assert str(asked) == "deep/er, news, a.md and 1 more"
    assert str(Portion.of_file("a.md")) == "a.md"

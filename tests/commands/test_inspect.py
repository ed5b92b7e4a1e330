from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.settings import Settings

from crawler.commands import inspect as module
from crawler.commands.inspect import Command, InputError, read_body, to_line
from tests.time_limits import HANG
from tests.web import Answer, LoopbackWeb

PAGE = b"<html lang=en><title>A pier</title><link rel=canonical href=/pier>"
GIF = b"GIF89a\x46\x00\x32\x00" + bytes(20)

Run = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def _run(*args: str) -> tuple[int, list[dict[str, Any]], str]:
        command = Command()
        command.settings = Settings()
        parser = argparse.ArgumentParser(conflict_handler="resolve")
        command.add_options(parser)
        options, rest = parser.parse_known_args(list(args))
        command.run(rest, options)
        out, err = capsys.readouterr()
        return command.exitcode, [json.loads(line) for line in out.split("\n") if line], err

    return _run


def test_page_is_shown_with_candidates(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(PAGE)
    code, (seen,), _ = run(str(file), "--url", "https://bay.example/x")
    assert code == 0
    assert (seen["file"], seen["url"]) == (str(file), "https://bay.example/x")
    assert seen["page"]["title"] == "A pier"
    assert seen["candidates"]["canonical"] == [
        {"value": "https://bay.example/pier", "source": "link"}
    ]
    assert "titles" not in seen["page"]


def test_image_is_shown_with_its_size(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.gif"
    file.write_bytes(GIF)
    code, (seen,), _ = run(str(file))
    image = {"type": "GIF", "width": 70, "height": 50, "bytes": 30, "bytes_read": 30}
    image |= {"stored_width": 70, "stored_height": 50, "animated": None, "served_type": None}
    assert (code, seen) == (0, {"file": str(file), "image": image})


def test_sign_is_shown(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(b"<title>Page not found</title><h1>Page not found</h1>")
    assert run(str(file))[1][0]["sign"] == "not-found"


ARTICLE = """---
title: A pier
publishedDateTime: 2024-05-06T07:08:09Z
excerpt: It stands.
webUrl: https://bay.example/a pier
images:
  - url: /pier.png
related:
  - webUrl: ""
removed: perhaps
---
"""


def test_article_is_shown_with_its_references(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "_news").mkdir()
    file = tmp_path / "_news" / "a.md"
    file.write_bytes(b"\xef\xbb\xbf" + ARTICLE.replace("\n", "\r\n").encode())
    (tmp_path / "_config.yml").write_text("url: https://site.example\n")
    code, (seen,), _ = run("_news/a.md")
    assert code == 0
    assert seen["file"] == "_news/a.md"
    article = seen["article"]
    assert (article["title"], article["excerpt"]) == ("A pier", "It stands.")
    assert article["published"] == "2024-05-06T07:08:09+00:00"
    assert article["references"] == [
        {
            "line": 5,
            "pointer": "webUrl",
            "role": "web",
            "scope": "own",
            "url": "https://bay.example/a%20pier",
            "invalid": None,
        },
        {
            "line": 7,
            "pointer": "images/0",
            "role": "image",
            "scope": "own",
            "url": "https://site.example/pier.png",
            "invalid": None,
        },
        {
            "line": 9,
            "pointer": "related/0/webUrl",
            "role": "web",
            "scope": "related",
            "url": "",
            "invalid": "empty",
        },
    ]
    (problem,) = seen["problems"]
    assert (problem["line"], problem["code"]) == (10, "unexpected-value")


def test_site_url_is_the_one_configured_here(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "here" / ".linkhealth.yml").write_text("site_url: https://own.example/\n")
    file = tmp_path / "a.md"
    file.write_text("---\nwebUrl: /pier\n---\n")
    _, (seen,), _ = run(str(file))
    assert [one["url"] for one in seen["article"]["references"]] == ["https://own.example/pier"]


def test_article_without_a_field_is_an_article(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("---\n---\nText")
    code, (seen,), _ = run(str(file))
    assert code == 0
    assert seen["article"] == {
        "title": None,
        "excerpt": None,
        "published": None,
        "references": [],
    }
    assert seen["problems"] == []


def test_problems_of_an_unreadable_article_have_their_lines(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("---\ntitle: x\nlist: [\n---\n")
    code, (seen,), _ = run(str(file))
    assert code == 1
    assert seen["problems"][0]["code"] == seen["error"] == "invalid-yaml"
    assert seen["problems"][0]["line"] > 1


def test_bad_configuration_exits_with_3(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".linkhealth.yml").write_text("site_urls: x\n")
    (tmp_path / "a.html").write_bytes(PAGE)
    code, seen, err = run("a.html")
    assert (code, seen) == (3, [])
    assert "site_url" in err


def test_files_and_urls_are_shown_in_the_order_given(web: LoopbackWeb, tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(GIF)
    (tmp_path / "a.md").write_text(ARTICLE)
    (tmp_path / "b.html").write_bytes(PAGE)
    (tmp_path / "list.jsonl").write_text('{"file": "b.html"}\n')
    web.set_rules({"//bay.test/page": Answer(body=PAGE, content_type="text/html")})
    names = ["http://bay.test/page", "a.gif", "https://bay.test/page", "a.md"]
    completed = web.run_crawler("inspect", *names, "--from", "list.jsonl", cwd=tmp_path)
    assert (completed.code, completed.stderr) == (0, "")
    seen = [json.loads(line) for line in completed.stdout.splitlines()]
    assert [one.get("file", one.get("url")) for one in seen] == [*names, "b.html"]
    assert [next(key for key in ("page", "image", "article") if key in one) for one in seen] == [
        "page",
        "image",
        "page",
        "article",
        "page",
    ]


def test_reader_that_goes_away_is_no_traceback(web: LoopbackWeb, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "crawler", "inspect", "http://bay.test/page"]
    with web.start(command, cwd=tmp_path) as process:
        assert process.stdout is not None
        process.stdout.close()
        process.stdout = None
        _, err = process.communicate(timeout=HANG)
    assert "Traceback" not in err


def test_list_names_files_beside_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(PAGE))
    (tmp_path / "b.html").write_bytes("<title>\u0417\u0430</title>".encode("cp1251"))
    rows = [
        {"file": "a.html.gz", "url": "https://bay.example/"},
        {"file": "b.html", "url": None, "content_type": "text/html; charset=windows-1251"},
        {"file": "c.html"},
    ]
    text = "\n".join(json.dumps(row) for row in rows) + "\n\n"
    (tmp_path / "list.jsonl").write_text("\ufeff" + text, encoding="utf-8")
    code, seen, _ = run("--from", str(tmp_path / "list.jsonl"))
    assert code == 1
    assert [one["file"] for one in seen] == ["a.html.gz", "b.html", "c.html"]
    assert seen[0]["page"]["canonical"] == "https://bay.example/pier"
    assert seen[1]["page"]["title"] == "\u0417\u0430"
    assert seen[2]["error"] == "not-a-file"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"---\ntitle: [x\n---\n", "invalid-yaml"),
        (b"---\na: &x 1\nb: *x\n---\n", "alias"),
        (b"%PDF-1.7", "not-a-page"),
        (b"", "not-a-page"),
        (b"only words", "not-a-page"),
        (b"<p " + b" ".join(b"a%d" % n for n in range(5_000)) + b">", "content-error"),
    ],
)
def test_what_cannot_be_read_is_one_line_too(
    run: Run, tmp_path: Path, body: bytes, error: str
) -> None:
    file = tmp_path / "file"
    file.write_bytes(body)
    code, (seen,), _ = run(str(file))
    assert (code, seen["error"]) == (1, error)
    assert seen["message"]


def test_one_bad_file_does_not_stop_the_others(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b.html").write_bytes(PAGE)
    code, seen, _ = run(str(tmp_path / "no"), str(tmp_path), str(tmp_path / "b.html"))
    assert code == 1
    assert [one.get("error") for one in seen] == ["not-a-file", "not-a-file", None]


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["--url", "https://a.example/"],
        ["a", "b", "--url", "https://a.example/"],
        ["https://a.example/page", "--url", "https://a.example/"],
        ["--no-such-option"],
    ],
)
def test_bad_arguments_exit_with_3(run: Run, args: list[str]) -> None:
    code, seen, err = run(*args)
    assert (code, seen) == (3, [])
    assert err.startswith("linkhealth: ")


@pytest.mark.parametrize(
    "text", [b"{", b"[1]", b'{"file": 7}', b"[" * 100_000, b"\xff", b'{"url": "x"}']
)
def test_bad_list_exits_with_3(run: Run, tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "list.jsonl"
    file.write_bytes(text)
    assert run("--from", str(file))[:2] == (3, [])


def test_missing_list_exits_with_3(run: Run, tmp_path: Path) -> None:
    assert run("--from", str(tmp_path / "no\u202e.jsonl"))[0] == 3


@pytest.mark.parametrize("packed", [gzip.compress(PAGE, mtime=0)[:-9], b"\x1f\x8b\x08" + b"x" * 50])
def test_corrupt_gzip_is_an_error(tmp_path: Path, packed: bytes) -> None:
    file = tmp_path / "a.gz"
    file.write_bytes(packed)
    with pytest.raises(InputError) as caught:
        read_body(file)
    assert caught.value.code == "corrupt-gzip"


def test_gz_that_is_not_packed_is_read_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "a.gz"
    file.write_bytes(PAGE)
    assert read_body(file) == PAGE


def test_unpacking_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILE", 1_000)
    file = tmp_path / "a.gz"
    file.write_bytes(gzip.compress(b"x" * 1_001))
    with pytest.raises(InputError) as caught:
        read_body(file)
    assert caught.value.code == "too-large"


@pytest.mark.parametrize("name", ["a\0b", "a" * 5_000])
def test_impossible_name_is_an_error(name: str) -> None:
    with pytest.raises(InputError) as caught:
        read_body(Path(name))
    assert caught.value.code in ("unreadable", "not-a-file")


@given(st.text(st.characters(codec=None)))
def test_line_is_one_line_of_json_whatever_it_holds(text: str) -> None:
    for ascii_only in (False, True):
        line = to_line({"v": text}, ascii_only=ascii_only)
        assert line == " ".join(line.splitlines())
        line.encode("ascii" if ascii_only else "utf-8")
        assert all(one.isprintable() for one in line)
        assert json.loads(line)["v"] == text.encode("utf-16", "surrogatepass").decode(
            "utf-16", "surrogatepass"
        )


@pytest.mark.process
def test_terminal_that_is_not_utf_8_gets_ascii(tmp_path: Path, project: Path) -> None:
    file = tmp_path / "a.html"
    file.write_bytes("<title>З</title>".encode())
    program = (
        "import argparse, sys; from crawler.commands.inspect import Command; c = Command();"
        "c.run(sys.argv[1:], argparse.Namespace(url=None, list=None))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(file)],
        cwd=project,
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    assert json.loads(done.stdout.decode("ascii"))["page"]["title"] == "З"


@pytest.mark.process
def test_import_of_the_command_is_cheap(project: Path) -> None:
    program = (
        "import sys, crawler.commands.inspect;"
        "sys.exit(any(name in sys.modules for name in ('extruct', 'crawler.extractors.page')))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=project, check=False).returncode == 0

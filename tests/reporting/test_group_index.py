"""The index of reports by group: each of its files read back by a parser that is not ours."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from crawler.model.report import Summary
from crawler.model.report_group import ReportGroup
from crawler.model.verdict import VerdictKind
from crawler.reporting.group_index import LONGEST_NAME, index_files
from crawler.reporting.words.escaping import printable


def group(name: str, folder: str | None = "ai") -> ReportGroup:
    verdicts = {kind: number for number, kind in enumerate(VerdictKind)}
    return ReportGroup(name, folder, Summary(1234, 20, 30, verdicts, 4, 5, 6), 777)


NUMBERS = ["9", "777", "3", "2", "5", "1", "4", "30", "1,234"]
"""New, priority, dead, broken, invalid, moved, unverifiable, URLs, articles."""


def html_rows(data: bytes) -> list[list[str]]:
    page = html.document_fromstring(data.decode())
    assert not page.xpath("//script|//img|//iframe|//@onload|//link")
    return [[cell.text_content() for cell in row] for row in page.xpath("//tbody/tr")]


def markdown_rows(data: bytes) -> list[list[str]]:
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(data.decode())
    page = html.fromstring(f"<div>{rendered}</div>")
    assert not page.xpath("//script|//img|//em|//strong|//code|//del")
    return [[cell.text_content() for cell in row] for row in page.xpath("//tbody/tr")]


def test_each_file_lists_each_group() -> None:
    files = index_files("topic", [group("AI"), group("", None)], "report.html")
    assert list(files) == ["index.html", "index.md", "index.json"]
    expected = [["AI", *NUMBERS], ["(none)", *NUMBERS]]
    assert html_rows(files["index.html"]) == expected
    assert markdown_rows(files["index.md"]) == expected
    assert b'<a href="ai/report.html">AI</a>' in files["index.html"]
    assert b"[AI](ai/report.html)" in files["index.md"]
    assert json.loads(files["index.json"]) == {
        "schema": 1,
        "by": "topic",
        "groups": [
            {
                "name": name,
                "folder": folder,
                "priority": 777,
                "newly_broken": 4,
                "newly_dead": 5,
                "recovered": 6,
                "dead": 3,
                "broken": 2,
                "invalid": 5,
                "moved": 1,
                "unverifiable": 4,
                "urls": 30,
                "articles": 1234,
            }
            for name, folder in (("AI", "ai"), (None, None))
        ],
    }


def check(name: str) -> None:
    files = index_files("author", [group(name)], "report.html")
    (row,) = html_rows(files["index.html"])
    shown = printable(name, LONGEST_NAME) or "(none)"
    assert row[0] == shown
    assert row[1:] == NUMBERS
    (row,) = markdown_rows(files["index.md"])
    assert row[0].split() == shown.split()
    assert row[1:] == NUMBERS
    for data in files.values():
        assert "\u202e" not in data.decode()
        assert "\x1b" not in data.decode()


@given(
    st.text(st.characters(codec="utf-8"))
    | st.text(st.sampled_from("<>&|[]()`*_\\!#:/@.w \n\u202e\x1b"))
)
def test_hostile_names_are_text(name: str) -> None:
    check(name)


def test_naughty_strings_are_text(shared: Path) -> None:
    for name in json.loads((shared / "suites" / "blns.json").read_text("utf-8")):
        check(name)


def test_a_lone_surrogate_and_credentials_are_hidden() -> None:
    files = index_files("author", [group("\ud800 https://me:secret@a.example/")], "report.csv")
    for data in files.values():
        assert b"secret" not in data
    assert json.loads(files["index.json"])["groups"][0]["name"].startswith("\ud800")

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from hypothesis import given, settings

from crawler.model.article import Problem, ProblemCode
from crawler.model.change import Change
from crawler.model.check import ArticleChecks, DeadLink, ImageSize, Level, Size
from crawler.model.link import Link
from crawler.model.priority import Priority
from crawler.model.reference import Reference, Scope
from crawler.model.report import ArticleEntry, Report, UrlEntry
from crawler.model.role import Role
from crawler.model.verdict import Verdict, VerdictKind
from crawler.reporting import FORMATS, write
from crawler.reporting.decision_rows import decision_rows
from crawler.reporting.findings import gathered
from crawler.reporting.formats.csv_report import COLUMNS, DECISION_COLUMNS, write_csv
from crawler.reporting.words.escaping import printable
from tests.strategies.examples import examples
from tests.strategies.model import report_of, reports

SMALL = ImageSize(
    "images/0/url", 9, "image-too-small", Level.WARNING, None, Size(9, 9), "https://i.test/"
)


def rows_of(report: Report) -> tuple[str, list[list[str]]]:
    stream = io.StringIO(newline="")
    with gathered(report) as findings:
        write_csv(findings, stream)
    text = stream.getvalue()
    return text, list(csv.reader(io.StringIO(text, newline=""), strict=True))


def dead_report(url: str, title: str) -> Report:
    dead = DeadLink("webUrl", 5, VerdictKind.DEAD, "http-404", date(2026, 11, 1), url)
    return report_of([], [ArticleEntry("a.md", title, ArticleChecks((dead,)), 0, 0)])


def test_a_row_and_its_columns() -> None:
    text, (head, row) = rows_of(dead_report("https://a.test/?x=1,2", 'He said "no"\r\n=1'))
    assert head == list(COLUMNS)
    filled = {name: cell for name, cell in zip(head, row, strict=True) if cell}
    assert filled == {
        "path": "a.md",
        "line": "5",
        "at": "webUrl",
        "kind": "dead-link",
        "verdict": "dead",
        "reason": "http-404",
        "level": "error",
        "url": "https://a.test/?x=1,2",
        "since": "2026-11-01",
        "title": 'He said "no"\\r\\n=1',
    }
    assert not set(filled) & set(DECISION_COLUMNS)
    assert text.endswith("\r\n")


def test_a_dead_link_is_explained() -> None:
    url = "https://a.test/"
    report = dead_report(url, "T")
    place = Reference("a.md", 5, "webUrl", Role.WEB, Scope.OWN, url, url)
    gone = Link(1, url, Verdict(VerdictKind.DEAD, "http-404", "status-gone"))
    entry = UrlEntry(gone, (place,), 0, explanation="=Because.", change=Change.CONFIRMED_DEAD)
    _, (_, row) = rows_of(replace(report, urls=lambda: iter([entry])))
    assert row[COLUMNS.index("explanation")] == "'=Because."
    assert row[COLUMNS.index("change")] == "confirmed-dead"


def test_rows_come_by_priority_then_by_url_and_name_the_owners() -> None:
    def dead(url: str, score: int, path: str) -> UrlEntry:
        gone = Link(1, url, Verdict(VerdictKind.INVALID, "http-404", "r"))
        place = Reference(path, 5, "webUrl", Role.WEB, Scope.OWN, url, url)
        return UrlEntry(gone, (place,), 0, priority=Priority(score))

    urls = [
        dead("https://b.test/", 5, "a.md"),
        dead("https://a.test/", 5, "b.md"),
        dead("https://c.test/", 9, "c.md"),
    ]
    articles = []
    for one in urls:
        path = one.references[0].path
        found = DeadLink("webUrl", 5, VerdictKind.DEAD, "http-404", None, one.link.url)
        whole = ArticleChecks((found,), image_sizes=(SMALL,))
        articles.append(ArticleEntry(path, "T", whole, 0, 0, Priority(60), ("@a", "Bob")))
    _, rows = rows_of(report_of(urls, articles))
    columns = [COLUMNS.index(name) for name in ("url", "priority", "owners")]
    assert [[row[at] for at in columns] for row in rows[1:]] == [
        ["https://c.test/", "9", "'@a, Bob"],
        *[["https://i.test/", "6", "'@a, Bob"]] * 3,  # 60, at level warning
        ["https://a.test/", "5", "'@a, Bob"],
        ["https://b.test/", "5", "'@a, Bob"],
    ]


def test_the_file_opens_in_excel(tmp_path: Path) -> None:
    (path,) = write(dead_report("https://ü.test/", "Größe"), [FORMATS["csv"]], tmp_path)
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfpath,line,at,")
    assert raw.count(b"\r\n") == raw.count(b"\n") == 2
    assert "Größe" in raw.decode("utf-8-sig")


def test_no_cell_is_evaluated() -> None:
    _, (_, row) = rows_of(dead_report("=HYPERLINK(1)", "@SUM(1+1)*cmd|' /C calc'!A0"))
    assert row[COLUMNS.index("url")] == "'=HYPERLINK(1)"
    assert row[COLUMNS.index("title")].startswith("'@SUM")


def test_a_problem_of_a_whole_file_has_no_line() -> None:
    problem = Problem("b.md", 0, ProblemCode.NOT_UTF8, "byte 0xe4")
    _, (_, row) = rows_of(report_of(problem_values=[problem]))
    assert row[:7] == ["b.md", "", "", "file", "", "not-utf-8", "warning"]
    assert row[COLUMNS.index("actual")] == "byte 0xe4"


@settings(max_examples=examples(50))
@given(reports())
def test_hostile_text_keeps_rows_and_columns(report: Report) -> None:
    text, rows = rows_of(report)
    text.encode("utf-8")
    with gathered(report) as findings:
        assert len(rows) == 1 + sum(1 for _ in decision_rows(findings.in_file_order()))
    for row in rows[1:]:
        assert len(row) == len(COLUMNS)
        assert not any(cell[:1] in set("=+-@") for cell in row)
        assert all(printable(cell) == cell for cell in row)


def test_the_page_of_documentation_names_the_columns(project: Path) -> None:
    text = (project / "docs" / "reports.md").read_text("utf-8")
    section = text.split("## `report.csv`")[1].split("\n## ")[0]
    assert tuple(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == COLUMNS

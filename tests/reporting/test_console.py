from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.model.report import Summary
from crawler.model.verdict import VerdictKind
from crawler.reporting.console import summary_lines

SOME = Summary(
    articles=4958,
    references=396_869,
    urls=9182,
    by_verdict={VerdictKind.ALIVE: 9000, VerdictKind.DEAD: 180, VerdictKind.BROKEN: 2},
    newly_broken=2,
    newly_dead=3,
    recovered=1,
    confirmed_from=datetime(2026, 3, 8, 12, tzinfo=UTC),
)
summaries = st.builds(
    Summary,
    articles=st.integers(0, 10**9),
    references=st.integers(0, 10**9),
    urls=st.integers(0, 10**9),
    by_verdict=st.dictionaries(st.sampled_from(VerdictKind), st.integers(0, 10**9)),
    newly_broken=st.integers(0, 10**6),
    newly_dead=st.integers(0, 10**6),
    recovered=st.integers(0, 10**6),
)


def test_the_summary_as_a_reader_sees_it() -> None:
    paths = [Path("out/report.html"), Path("out/report.csv")]
    assert summary_lines(SOME, paths, 80, colour=False, problems=1) == [
        "9,182 URLs in 396,869 references of 4,958 articles.",
        "",
        "    180  dead          The page is gone: checks on several days agree.",
        "      2  broken        All evidence says gone; later checks must agree.",
        "  9,000  alive         The link works.",
        "  2 newly broken, 3 newly dead, 1 recovered.",
        "  1 problem in files was found.",
        "",
        "open  out/report.html",
        "read  out/report.csv",
        "next  run it every few days: the first broken link may be confirmed from 8 March",
        "      2026 on",
        "fix   fill in the column decision of report.csv; linkhealth apply carries it out",
    ]


@pytest.mark.parametrize(
    ("verdict", "hint"),
    [
        (VerdictKind.UNCHECKED, "next  run the same"),
        (VerdictKind.MOVED, "fix   linkhealth apply --suggested moves"),
    ],
)
def test_hints_follow_from_the_counts(verdict: VerdictKind, hint: str) -> None:
    lines = summary_lines(Summary(1, 1, 1, {verdict: 1}, 0, 0, 0), [], 80, colour=False)
    assert lines[-1].startswith(hint)
    assert lines[0] == "1 URL in 1 reference of 1 article."


@pytest.mark.parametrize(
    "verdict", [VerdictKind.ALIVE, VerdictKind.INVALID, VerdictKind.EXCLUDED, VerdictKind.DEAD]
)
def test_verdicts_without_a_repair_have_no_hint(verdict: VerdictKind) -> None:
    lines = summary_lines(Summary(1, 2, 2, {verdict: 2}, 0, 0, 0), [], 80, colour=False)
    assert lines[-1].split()[:2] == ["2", verdict.value]


@given(summaries, st.integers(0, 200), st.integers(0, 10))
def test_colour_changes_nothing_but_colour(summary: Summary, width: int, problems: int) -> None:
    plain = summary_lines(summary, [], width, colour=False, problems=problems)
    coloured = summary_lines(summary, [], width, colour=True, problems=problems)
    assert "\x1b" not in "".join(plain)
    stripped = "\n".join(coloured)
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m"):
        stripped = stripped.replace(code, "")
    assert [line.rstrip() for line in stripped.split("\n")] == plain


@given(summaries, st.integers(0, 200))
@example(Summary(1, 1, 1, {}, 0, 10_000, 1_000_000), 40)
def test_no_line_is_longer_than_the_terminal(summary: Summary, width: int) -> None:
    lines = summary_lines(summary, [], width, colour=False, problems=2)
    assert max(map(len, lines)) <= max(width, 40)


def test_a_hostile_path_is_shown_escaped() -> None:
    lines = summary_lines(SOME, [Path("a\x1b[2J\u202e/report.html")], 80, colour=False)
    assert "open  a\\x1b[2J\\u202e/report.html" in lines

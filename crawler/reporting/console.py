"""The closing lines of a run on a terminal: the counts in words, the paths of the reports, the next commands."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path

from crawler.model.alarm import Alarm
from crawler.model.article import Problem
from crawler.model.held import Held
from crawler.model.highlights import Highlights
from crawler.model.report import Summary
from crawler.model.verdict import VerdictKind
from crawler.reporting.highlights_told import asking_hints, highlight_lines
from crawler.reporting.words.alarm_words import alarm_line
from crawler.reporting.words.counting import counted
from crawler.reporting.words.escaping import printable
from crawler.reporting.words.wording import explain
from crawler.reporting.words.written_dates import as_utc, date_in_words

__all__ = ["counted", "printable", "summary_lines"]

_NOTHING = Highlights()
_NARROWEST = 40
_MOST_ENDED = 5
"""Exclusions that have ended which are told; the reports have them all."""
_TEXT_LIMIT = 300
_HINT_INDENT = " " * len("next  ")
_NAME_WIDTH = max(map(len, VerdictKind)) + 2


class _Style(StrEnum):
    """ANSI styles and colours, of the eight colours that every terminal has."""

    BOLD = "\x1b[1m"
    DIM = "\x1b[2m"
    RED = "\x1b[31m"
    GREEN = "\x1b[32m"
    YELLOW = "\x1b[33m"
    RESET = "\x1b[0m"


_STYLES = {
    VerdictKind.DEAD: _Style.RED,
    VerdictKind.BROKEN: _Style.RED,
    VerdictKind.INVALID: _Style.RED,
    VerdictKind.MOVED: _Style.YELLOW,
    VerdictKind.ALIVE: _Style.GREEN,
}
_ORDER = (
    VerdictKind.DEAD,
    VerdictKind.BROKEN,
    VerdictKind.INVALID,
    VerdictKind.MOVED,
    VerdictKind.ALIVE,
    VerdictKind.UNVERIFIABLE,
    VerdictKind.EXCLUDED,
    VerdictKind.UNCHECKED,
)
"""The verdicts that need attention come first."""
_DECIDED = (VerdictKind.DEAD, VerdictKind.BROKEN, VerdictKind.INVALID, VerdictKind.MOVED)
_SHEETS = (".csv", ".xlsx")
"""The reports that an editor fills in."""


def summary_lines(
    report_summary: Summary,
    paths: Sequence[Path],
    width: int,
    colour: bool,
    *,
    problems: int = 0,
    ended: Sequence[Problem] = (),
    highlights: Highlights = _NOTHING,
    held: Sequence[Held] = (),
    alarms: Sequence[Alarm] = (),
    delay: Callable[[str], float] = lambda _host: 0.0,
) -> list[str]:
    """The closing lines of a run, none longer than `width` (at least 40) but for a path, a URL or a host.

    `paths` are the reports; `problems` counts the files' problems, of which `ended` tell of exclusions that have ended. `alarms` are what the run noticed of itself. `delay` gives the seconds between two requests to a host.
    Without `colour` (pipes, NO_COLOR) the lines have no escape sequences.
    """
    width = max(width, _NARROWEST)
    lines = [*textwrap.wrap(_headline(report_summary), width), ""]
    lines[0] = _styled(lines[0], _Style.BOLD, colour)
    lines.extend(_verdict_lines(report_summary, width, colour))
    for change in _change_lines(report_summary, problems):
        lines.extend(textwrap.wrap(change, width, initial_indent="  ", subsequent_indent="  "))
    for raised in alarms:
        told = f"alarm {alarm_line(raised)}."
        wrapped = textwrap.wrap(told, width, initial_indent="  ", subsequent_indent="  ")
        lines += [_styled(line, _Style.RED, colour) for line in wrapped]
    for one in ended[:_MOST_ENDED]:
        expired = f"ignore expired  {one.path}:{one.line}  {printable(one.message, _TEXT_LIMIT)}"
        lines += textwrap.wrap(expired, width, initial_indent="  ", subsequent_indent="  ")
    if first := list(highlight_lines(highlights, held)):
        lines += ["", *first]
    files = [_file_hint(path) for path in paths]
    hints = [
        line
        for hint in (*_hints(report_summary, paths, held), *asking_hints(highlights.asking, delay))
        for line in _wrapped(hint, width)
    ]
    return [*lines, "", *files, *hints] if files or hints else lines


def _headline(summary: Summary) -> str:
    return (
        f"{counted(summary.urls, 'URL')} in {counted(summary.references, 'reference')} "
        f"of {counted(summary.articles, 'article')}."
    )


def _verdict_lines(summary: Summary, width: int, colour: bool) -> Iterator[str]:
    amounts = {kind: f"{summary.by_verdict.get(kind, 0):,}" for kind in _ORDER}
    digits = max(map(len, amounts.values()))
    room = width - digits - _NAME_WIDTH - 4
    for kind in _ORDER:
        if not summary.by_verdict.get(kind, 0):
            continue
        line = f"  {amounts[kind]:>{digits}}  "
        name = f"{kind.value:<{_NAME_WIDTH}}"
        meaning = textwrap.shorten(explain(kind.value).meaning, room, placeholder=" …")
        style = _STYLES.get(kind, _Style.DIM)
        yield f"{line}{_styled(name, style, colour)}{meaning}".rstrip()


def _change_lines(summary: Summary, problems: int) -> Iterator[str]:
    if summary.newly_broken or summary.newly_dead or summary.recovered:
        yield (
            f"{summary.newly_broken:,} newly broken, {summary.newly_dead:,} newly dead, "
            f"{summary.recovered:,} recovered."
        )
    if problems:
        verb = "was" if problems == 1 else "were"
        yield f"{counted(problems, 'problem')} in files {verb} found."


def _file_hint(path: Path) -> str:
    """A report's path, never wrapped, so that it can be copied."""
    verb = "open" if path.suffix == ".html" else "read"
    return f"{verb}  {printable(str(path))}"


def _hints(summary: Summary, paths: Sequence[Path], held: Sequence[Held]) -> Iterator[str]:
    """The commands to run next, most useful first."""
    if held:
        yield "held  linkhealth accept --list shows what is held back, and how it is accepted"
    if summary.by_verdict.get(VerdictKind.UNCHECKED, 0):
        yield "next  run the same command again: it goes on with what is unchecked"
    if summary.confirmed_from is not None:
        day = date_in_words(as_utc(summary.confirmed_from))
        yield f"next  run it every few days: the first broken link may be confirmed from {day} on"
    sheet = next((path.name for path in paths if path.suffix in _SHEETS), None)
    if sheet and any(summary.by_verdict.get(kind, 0) for kind in _DECIDED):
        yield f"fix   fill in the column decision of {sheet}; linkhealth apply carries it out"
    if summary.by_verdict.get(VerdictKind.MOVED, 0):
        yield "fix   linkhealth apply --suggested moves shows what would follow what has moved"


def _wrapped(hint: str, width: int) -> list[str]:
    return textwrap.wrap(
        hint, width, subsequent_indent=_HINT_INDENT, break_long_words=False, break_on_hyphens=False
    )


def _styled(text: str, style: _Style, colour: bool) -> str:
    return f"{style.value}{text}{_Style.RESET.value}" if colour else text

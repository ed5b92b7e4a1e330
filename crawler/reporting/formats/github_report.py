"""`report.github.txt`: workflow commands; a step of GitHub Actions that prints them annotates the changed files.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from typing import BinaryIO

from crawler.model.verdict import VerdictKind
from crawler.reporting.console import counted
from crawler.reporting.digest import headline, held_told, owners_told, told
from crawler.reporting.formats.report_format import ReportContent, text_of
from crawler.reporting.link_rows import LinkRow
from crawler.reporting.words.escaping import printable

MOST_OF_LEVEL = 10
"""GitHub shows ten errors, ten warnings and ten notices of a step."""
_MOST_HELD = MOST_OF_LEVEL - 1
"""The last notice is that with the counts."""
_TEXT_LIMIT = 1_000
_LEVELS = {VerdictKind.BROKEN: "warning"}


def write(content: ReportContent, stream: BinaryIO) -> None:
    """Write the commands into a new file, each on its own line."""
    links, report = content.findings.links, content.report
    amounts = {"error": 0, "warning": 0}
    with text_of(stream, "utf-8") as text:
        for row in links.listed():
            level = _LEVELS.get(row.verdict, "error")
            if row.path is not None and amounts[level] < MOST_OF_LEVEL:
                amounts[level] += 1
                text.write(_command(level, row, report.folder))
            if all(amount == MOST_OF_LEVEL for amount in amounts.values()):
                break
        for held in report.held[:_MOST_HELD]:
            text.write(f"::notice title=linkhealth%3A held back::{_value(held_told(held))}\n")
        more = links.count() - sum(amounts.values())
        rest = f" And {counted(more, 'more link')}, in the other reports." if more else ""
        if (groups := len(report.held) - _MOST_HELD) > 0:
            rest += f" {counted(groups, 'more group')} held back."
        text.write(f"::notice title=linkhealth::{_value(headline(report.summary) + rest)}\n")


def _command(level: str, row: LinkRow, folder: str) -> str:
    path = row.path or ""
    whole = f"{folder}/{path}" if folder else path
    place = f"file={_property(whole)}" + (f",line={row.line}" if row.line else "")
    title = _property(f"{row.verdict.capitalize()} link: {printable(row.reason)}")
    owned = f" {owners_told(row.owners)}" if row.owners else ""
    message = f"{printable(row.url, _TEXT_LIMIT)}: {told(row)}{owned}"
    return f"::{level} {place},title={title}::{_value(message)}\n"


def _value(text: str) -> str:
    """A command's value as the runner reads it back (`escapeData` of actions/toolkit); it has no line ends."""
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    """A command's property as the runner reads it back (`escapeProperty` of actions/toolkit)."""
    return _value(text).replace(":", "%3A").replace(",", "%2C")

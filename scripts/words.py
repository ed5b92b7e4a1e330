"""Write docs/reasons.md and docs/problems.md from the words that the reports use, docs/options.md from the commands themselves.

Usage: scripts/words.py [--check]    With --check nothing is written; exit code 1 says "out of date".
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from scrapy.settings import Settings

from crawler.commands import front
from crawler.reporting.words.wording import GROUPS, Wording

DOCS = Path(__file__).resolve().parent.parent / "docs"
PROBLEMS = "Problems of files"

REASONS_HEAD = """\
# Reasons

Every code that a verdict, a check or a warning can carry, with what it means and what to do. The
words are those of the reports. Problems of article files stand in [problems.md](problems.md).

`http-NNN` is the status of the last answer. A status without a row of its own reads as its family
does: `http-4xx` refuses the request, `http-5xx` is an error of the server's own. Only 404 and 410
speak of the page itself, so only they count as evidence that it is gone.

This page is written by `make docs` from `crawler/reporting/words/wording.py`.
"""

PROBLEMS_HEAD = """\
# Problems of files

Why a file, or one value in it, was left alone, and what an editor can do. A problem is reported with
file and line and never stops a run. The codes are `ProblemCode` in `crawler/model/article.py`.

This page is written by `make docs` from `crawler/reporting/words/wording.py`.
"""

OPTIONS_HEAD = """\
# Options of the commands

Every command as it is called, its options and its examples: what `linkhealth COMMAND --help` prints. What lies behind them is told in
[commands](commands.md), with the [exit codes](commands.md#exit-codes) and the [arguments of `-a`](commands.md#arguments-of-audit-and-crawl).

This page is written by `make docs` from `crawler/commands/`. Its commands are read by a test with the program's own parser and not run, since paths and addresses are the reader's.
"""

MORE = {
    "apply": "repair.md",
    "demo": "demo.md",
    "inspect": "inspect.md",
    "report": "reports.md",
    "notify": "notifications.md#the-command",
    "review": "review.md",
    "strip": "write-back.md",
    "audit": "commands.md#summary",
}
"""Where more is told of a command; of the others in a section of commands.md."""


def table(rows: Mapping[str, Wording]) -> str:
    """A Markdown table: code, meaning, what to do."""
    lines = ["| code | meaning | what to do |", "|---|---|---|"]
    lines += [f"| `{code}` | {words.meaning} | {words.advice} |" for code, words in rows.items()]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _typed(action: argparse.Action) -> str:
    """An option with its value."""
    value = action.metavar or action.dest.upper()
    shown = f"[{value}]" if action.nargs == "?" else value
    names = ", ".join(action.option_strings)
    return names if action.nargs == 0 else f"{names} {shown}"


def _option(action: argparse.Action) -> str:
    return f"| `{_cell(_typed(action))}` | {_cell(action.help or '')} |"


def _options(actions: Iterable[argparse.Action]) -> list[str]:
    rows = [_option(one) for one in actions]
    return ["| option | meaning |", "|---|---|", *rows, ""] if rows else []


def _command(name: str) -> Iterator[str]:
    """The section of one command."""
    command = front.command_of(name, Settings())
    parser = front.Parser(name, command)
    yield f"## {name}\n"
    said = (parser.description or front.OURS[name]).rstrip(".")
    yield f"{_cell(said)}. [More]({MORE.get(name, f'commands.md#{name}')}).\n"
    for one in command.syntax().split(" | "):
        yield f"    linkhealth {name} {one}".rstrip()
    yield ""
    yield from _options(one for one in parser.options if one not in parser.of_all)
    for line, what in getattr(command, "examples", ()):
        yield f"    # {what}\n    {line}"
    yield ""


def options_page() -> str:
    """The text of options.md."""
    parser = front.Parser("audit", front.command_of("audit", Settings()))
    lines = [OPTIONS_HEAD]
    for name in front.OURS:
        lines += _command(name)
    of_all = ", ".join(f"`{_typed(one)}`" for one in parser.of_all)
    return "\n".join([*lines, f"## Of every command\n\n{of_all}.\n"])


def pages() -> dict[str, str]:
    """The text of each page by file name."""
    reasons = [
        f"## {title}\n\n{table(rows)}" for title, rows in GROUPS.items() if title != PROBLEMS
    ]
    return {
        "reasons.md": "\n".join([REASONS_HEAD, *reasons]),
        "problems.md": f"{PROBLEMS_HEAD}\n{table(GROUPS[PROBLEMS])}",
        "options.md": options_page(),
    }


def main(arguments: list[str]) -> int:
    """Write the pages, or say which of them are out of date."""
    stale = [
        name
        for name, text in pages().items()
        if not (DOCS / name).is_file() or (DOCS / name).read_text(encoding="utf-8") != text
    ]
    if "--check" in arguments:
        for name in stale:
            sys.stderr.write(f"docs/{name} is out of date: run `make docs`\n")
        return 1 if stale else 0
    for name in stale:
        (DOCS / name).write_text(pages()[name], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

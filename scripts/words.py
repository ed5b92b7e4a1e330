"""Write docs/reasons.md and docs/problems.md from the words that the reports use.

Usage: scripts/words.py [--check]    With --check nothing is written; exit code 1 says "out of date".
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

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


def table(rows: Mapping[str, Wording]) -> str:
    """A Markdown table: code, meaning, what to do."""
    lines = ["| code | meaning | what to do |", "|---|---|---|"]
    lines += [f"| `{code}` | {words.meaning} | {words.advice} |" for code, words in rows.items()]
    return "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """The text of each page by file name."""
    reasons = [
        f"## {title}\n\n{table(rows)}" for title, rows in GROUPS.items() if title != PROBLEMS
    ]
    return {
        "reasons.md": "\n".join([REASONS_HEAD, *reasons]),
        "problems.md": f"{PROBLEMS_HEAD}\n{table(GROUPS[PROBLEMS])}",
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

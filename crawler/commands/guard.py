"""What every command shares: errors become a line on stderr and an exit code, never a traceback."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.commands.patient_output import patient_output
from crawler.configuration import ConfigurationError
from crawler.configuration.errors import did_you_mean, quoted
from crawler.files import Place
from crawler.model.exit_code import ExitCode
from crawler.model.format_name import DEFAULT_FORMATS, FormatName
from crawler.reporting import FORMATS, MissingExtraError, ReportFormat
from crawler.reporting.console import printable
from crawler.reporting.status_line import StatusLine

if TYPE_CHECKING:
    from crawler.model.report import Report
    from crawler.session import Session
    from crawler.session.content import Content


@dataclass(slots=True)
class Ending:
    """How a command ended; `code` goes to the shell."""

    code: ExitCode = ExitCode.FINE


@contextmanager
def guarded() -> Iterator[Ending]:
    """Run a command's body; print an error in one line, and set its exit code. Output is patient: work is done to its
    end, though nobody reads on."""
    ending = Ending()
    with patient_output():
        try:
            yield ending
        except Exception as error:
            code = code_of(error)
            if code is None:
                raise
            complain(error)
            ending.code = code


def code_of(error: Exception) -> ExitCode | None:
    """The exit code of an error that a user can do something about; None for a bug of ours."""
    if isinstance(error, MissingExtraError):
        return ExitCode.CONFIGURATION
    # Scrapy imports every command at each start: the state, with SQLAlchemy, loads when it is needed.
    from crawler.session import ArticlesGoneError
    from crawler.state import StateError, StateLocked, StateLost
    from crawler.transport.machine_limits import MachineLimitError

    if isinstance(error, ArticlesGoneError):
        return ExitCode.ALARM_ARTICLES_MISSING
    if isinstance(error, ConfigurationError):
        return ExitCode.CONFIGURATION
    if isinstance(error, StateLocked):
        return ExitCode.LOCKED
    if isinstance(error, StateLost):
        return ExitCode.STATE_LOST
    is_known = isinstance(error, StateError | OSError | MachineLimitError | MemoryError)
    return ExitCode.ERROR if is_known else None


def complain(error: object) -> None:
    """One line on stderr, safe for a terminal; of several mistakes in a configuration one for each."""
    said = str(error) or ("out of memory" if isinstance(error, MemoryError) else repr(error))
    lines = error.lines if isinstance(error, ConfigurationError) else (said,)
    for line in lines:
        print(f"linkhealth: {printable(line)}", file=sys.stderr)


def nothing_to_visit(session: Session, report: Report) -> str:
    """What to do where a run ends without a single URL: it must not look like a success."""
    if session.content.is_list and not report.summary.articles:
        return "nothing to check: no file of the list is an article of the collection"
    where = session.content.place
    return (
        f"no URL was found in the articles of {where!r}: no field that is read holds an address, and no text that is read a "
        "link; `linkhealth init PATH` shows what their fields hold, and `fields` or `body: yes` in .linkhealth.yml has it read"
    )


def paths_in(args: Sequence[str]) -> list[str]:
    """The PATHs among arguments; behind `--` nothing is an option. Raises ConfigurationError."""
    before, after = list(args), list[str]()
    if "--" in before:
        at = before.index("--")
        before, after = before[:at], before[at + 1 :]
    for text in before:
        if text.startswith("-") and text != "-":
            raise ConfigurationError("arguments", f"unknown option {quoted(text)}; see --help")
    return [*before, *after]


def one_path(args: Sequence[str]) -> str:
    """The PATH argument, by default the current folder. Raises ConfigurationError for more."""
    paths = paths_in(args)
    if len(paths) > 1:
        raise ConfigurationError("arguments", f"one PATH is wanted, not {len(paths)}; see --help")
    return paths[0] if paths else "."


def named_values(pairs: Sequence[str]) -> dict[str, str]:
    """`-a NAME=VALUE` options as a mapping. Raises ConfigurationError."""
    values: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise ConfigurationError("-a", f"{quoted(pair)} is not NAME=VALUE")
        values[name] = value
    return values


def add_report_options(group: argparse._ArgumentGroup) -> None:
    """The options of every command that writes reports."""
    group.add_argument(
        "--format",
        metavar="LIST",
        help=f"reports to write, comma-separated ({','.join(FORMATS)}; by default {','.join(DEFAULT_FORMATS)}, or "
        "`report_formats` of .linkhealth.yml)",
    )
    group.add_argument("--out", metavar="DIR", help="folder for the reports")
    group.add_argument(
        "--all-references",
        action="store_true",
        help="list the references of related articles in report.json too",
    )
    group.add_argument(
        "--thumbnails",
        action="store_true",
        help="fetch the images of findings and show them small in report.html (needs Pillow)",
    )


def add_output_options(group: argparse._ArgumentGroup) -> None:
    """The options on what a command prints."""
    group.add_argument(
        "-q", "--quiet", action="store_true", help="print neither a summary nor progress"
    )
    group.add_argument(
        "--json",
        action="store_true",
        help="print the summary as one JSON document, and nothing else, on stdout",
    )


@contextmanager
def telling(opts: argparse.Namespace) -> Iterator[Callable[[str], None] | None]:
    """A status line on stderr for the time of the block, which is told how far the work has come; None where the options
    want no progress."""
    if opts.quiet:
        yield None
        return
    line = StatusLine(sys.stderr)
    try:
        yield line.write_if_due
    finally:
        line.end()


def print_summary(
    session: Session,
    report: Report,
    paths: Sequence[Path],
    opts: argparse.Namespace,
    hint: str | None = None,
    *,
    told: Sequence[str] = (),
    messages: Sequence[Mapping[str, str]] = (),
) -> None:
    """Print what the options ask for: text (with a `hint` at its end), a JSON document, or nothing. Which channels were
    told stands in lines in `told`, and in the document as `messages`."""
    from crawler.model.article import ProblemCode
    from crawler.reporting.console import summary_lines
    from crawler.reporting.summary_document import summary_document

    if opts.quiet and not opts.json:
        return
    state = session.state
    # The server may go away after the reports as well as before.
    highlights = state.again(lambda: state.highlights(session.content.asked))
    if opts.json:
        print(summary_document(report, highlights, paths, messages))
        return
    lines = summary_lines(
        report.summary,
        paths,
        problems=len(report.problems),
        ended=[one for one in report.problems if one.code is ProblemCode.IGNORE_EXPIRED],
        highlights=highlights,
        held=report.held,
        alarms=report.alarms,
        delay=lambda host: session.configuration.manners(host).delay,
        **terminal(),
    )
    print("\n".join([*lines, *map(printable, told), *([hint] if hint else [])]))


def nothing_readable(report: Report) -> bool:
    """Whether no article could be read, which is told: a success of checking nothing would be none."""
    if report.summary.articles or not report.problems:
        return False
    first = report.problems[0]
    where = f"{first.path}:{first.line}" if first.line else first.path
    complain(
        f"no article could be read; the first problem of {len(report.problems)}: {where}: {first.message}"
    )
    return True


def formats(
    text: str | None, ending: Ending, configured: Sequence[FormatName] = DEFAULT_FORMATS
) -> tuple[ReportFormat, ...]:
    """`--format html,csv` as formats, before a crawl rather than after it; without it those that are `configured`.

    One that is unknown, or lacks its library, is refused by itself: it is told, and sets the exit code of `ending`; the
    others are written. Raises ConfigurationError where no format is left, and MissingExtraError where the only one lacks its
    library.
    """
    parts = configured if text is None else text.split(",")
    names = list(dict.fromkeys(part.strip().lower() for part in parts if part.strip()))
    chosen: list[ReportFormat] = []
    refused: list[Exception] = []
    for name in names:
        try:
            chosen.append(_format(name))
        except (ConfigurationError, MissingExtraError) as error:
            refused.append(error)
    if refused and not chosen:
        raise refused[0]
    if not chosen:
        raise ConfigurationError("--format", f"no format given; known are {', '.join(FORMATS)}")
    for refusal in refused:
        complain(refusal)
        ending.code = ExitCode.CONFIGURATION
    return tuple(chosen)


def _format(name: str) -> ReportFormat:
    """The format of a name. Raises ConfigurationError and MissingExtraError."""
    if name not in FORMATS:
        raise ConfigurationError(
            "--format", f"unknown format {quoted(name)}; {did_you_mean(name, FORMATS)}"
        )
    FORMATS[name].check()
    return FORMATS[name]


def reports_folder(content: Content, out: str | None) -> Place:
    """Where reports go: `--out`, else `.linkhealth/reports/` under the content root, those of a part of the collection into
    `part/` there; made where it is missing.

    Raises OSError where it cannot be made or is a symbolic link, StateError where `.linkhealth` is: a collection
    must not choose where linkhealth writes, and the one who runs it learns so before a crawl.
    """
    from crawler.reporting.writing import made
    from crawler.state import state_folder

    below = f"{state_folder(content.root).name}/reports"
    if content.asked is not None:
        # Those of the whole collection stay as they are.
        below += "/part"
    place = Place(Path(out)) if out else Place(content.root, below)
    with made(place):
        return place


def terminal(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """How wide stdout is and whether it may be coloured (https://no-color.org)."""
    return {
        "width": shutil.get_terminal_size().columns,
        "colour": sys.stdout.isatty() and not environ.get("NO_COLOR") and not environ.get("CI"),
    }

"""`linkhealth demo`: a bundled collection against a bundled web, offline (docs/demo.md)."""

from __future__ import annotations

import argparse
import shlex
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, ClassVar

from crawler.commands.command_base import CommandBase
from crawler.commands.guard import complain, guarded, terminal
from crawler.commands.usage import Usage
from crawler.configuration import ConfigurationError
from crawler.configuration.errors import quoted
from crawler.model.exit_code import ExitCode
from crawler.reporting.console import printable

DEFAULT_FOLDER = "linkhealth-demo"
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


class Command(Usage, CommandBase):
    """Show on a sample collection what linkhealth does."""

    examples: ClassVar[tuple[tuple[str, str], ...]] = (
        (
            "linkhealth demo",
            "in the folder linkhealth-demo, which stays",
        ),
        (
            "linkhealth demo --keep /tmp/demo",
            "in another",
        ),
    )

    requires_project = False
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """The arguments, for `--help`."""
        return "[--keep DIR]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Audit a bundled sample collection against a bundled web, offline"

    def long_desc(self) -> str:
        """For `--help`."""
        return (
            "Copies a sample collection into a folder, starts a small web for it on the loopback "
            "interface, audits it twice with some answers changed between, and says what was found."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add `--keep` to Scrapy's own options."""
        super().add_options(parser)
        parser.add_argument(
            "--keep",
            metavar="DIR",
            default=DEFAULT_FOLDER,
            help=f"where the sample collection goes and stays (default: {DEFAULT_FOLDER})",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run both rounds; the exit code says whether everything was as the scenes expect."""
        with guarded() as ending:
            if args:
                raise ConfigurationError(
                    "arguments", f"{quoted(args[0])} is not known; --keep names the folder"
                )
            try:
                with _termination_interrupts():
                    ending.code = _demonstrate(Path(opts.keep))
            except KeyboardInterrupt:
                complain("stopped; nothing is left running, and the next demo starts anew")
                ending.code = ExitCode.STOPPED_EARLY
        self.exitcode = ending.code


def _demonstrate(folder: Path) -> ExitCode:
    # Scrapy imports every command to list them; a web server is not needed for that.
    from crawler.demonstration.playground import (
        FolderNotOursError,
        make_playground,
    )
    from crawler.demonstration.tour import AuditFailedError, tour

    try:
        wrong = tour(make_playground(folder), as_typed(), _say, _heading)
    except FolderNotOursError as error:
        raise ConfigurationError("--keep", str(error)) from None
    except AuditFailedError as error:
        wrong = [str(error)]
    if not wrong:
        _say("")
        _say("Everything was found as the demonstration has it.")
        return ExitCode.FINE
    complain("not everything was found as the demonstration has it:")
    for line in wrong:
        complain(line)
    return ExitCode.ERROR


def as_typed() -> str:
    """What starts linkhealth here: its script may be in an environment that is not active, as after `make demo`."""
    script = Path(sys.argv[0])
    if script.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m crawler"
    found = shutil.which(script.name)
    is_found = found is not None and Path(found).resolve() == script.resolve()
    return script.name if is_found else shlex.quote(str(script))


def _say(line: str) -> None:
    # Flushed, because the audits write to the same terminal.
    print(line, flush=True)


def _heading(line: str) -> None:
    _say("")
    _say(f"{_BOLD}{printable(line)}{_PLAIN}" if terminal()["colour"] else printable(line))


@contextmanager
def _termination_interrupts() -> Iterator[None]:
    """SIGTERM ends the demonstration like Ctrl-C, so that no audit is left behind."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    former = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)

"""`linkhealth diff PATH`: what a run changed, or several."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, ClassVar

from crawler.commands.command_base import CommandBase
from crawler.commands.guard import guarded
from crawler.commands.path_arguments import asked_content
from crawler.commands.usage import Usage
from crawler.configuration import ConfigurationError
from crawler.configuration.errors import quoted

if TYPE_CHECKING:
    from crawler.state import State

_MOST_DIGITS = 18


class Command(Usage, CommandBase):
    """What became of the links between two runs."""

    examples: ClassVar[tuple[tuple[str, str], ...]] = (
        (
            "linkhealth diff content/",
            "what the last run changed",
        ),
        (
            "linkhealth diff content/ --from 12 --to 20 --json",
            "between two runs, for a program",
        ),
    )

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """The arguments, for --help."""
        return "[PATH ...] [--from RUN] [--to RUN] [--json]"

    def short_desc(self) -> str:
        """One line, for the list of commands."""
        return "Show what a run changed, or several"

    def long_desc(self) -> str:
        """For --help."""
        return (
            "Lists the links under PATH (folders and files) that became broken or dead, recovered, "
            "or are gone for another reason, each with its first place. Without options the last run "
            "is compared with the one before."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's options to Scrapy's."""
        super().add_options(parser)
        group = parser.add_argument_group("diff")
        group.add_argument(
            "--from",
            dest="after",
            metavar="RUN",
            help="the earlier run (the one before --to); 0 is the time before the first",
        )
        group.add_argument("--to", dest="until", metavar="RUN", help="the later run (the last one)")
        group.add_argument("--json", action="store_true", help="one JSON document in place of text")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the changes; `exitcode` says how it went."""
        from crawler.reporting.changes_told import change_document, change_lines
        from crawler.session import Session

        with guarded() as ending:
            content = asked_content(args, ending)
            if content is None:
                return
            with Session.open({}, os.environ, exclusive=False, content=content) as session:
                after, until = _runs(session.state, opts.after, opts.until)
                changed = session.state.changed_links(after, until, session.content.asked)
                if opts.json:
                    sys.stdout.writelines(change_document(changed, after, until))
                else:
                    sys.stdout.writelines(f"{line}\n" for line in change_lines(changed))
        self.exitcode = ending.code


def _runs(state: State, after: str | None, until: str | None) -> tuple[int, int]:
    """The numbers of the two runs; 0 is the time before the first one. Raises ConfigurationError."""
    last = state.last_run()
    if last is None:
        raise ConfigurationError("diff", "no run has been made yet: `linkhealth audit` makes one")
    later = last.id if until is None else _number("--to", until, last.id)
    earlier = later - 1 if after is None else _number("--from", after, last.id)
    if earlier >= later:
        raise ConfigurationError("--from", f"run {earlier} is not before run {later}")
    return earlier, later


def _number(option: str, text: str, last: int) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    if not is_number or int(text) > last:
        raise ConfigurationError(option, f"{quoted(text)} is no run: they are 1 to {last:,}")
    return int(text)

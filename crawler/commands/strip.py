"""`linkhealth strip PATH`: take every linkHealth block out again, byte for byte."""

from __future__ import annotations

import argparse
import os
import sys
from typing import ClassVar

from crawler.commands.command_base import CommandBase
from crawler.commands.guard import complain, guarded
from crawler.commands.path_arguments import asked_content
from crawler.commands.usage import Usage
from crawler.model.exit_code import ExitCode


class Command(Usage, CommandBase):
    """The reverse of write-back."""

    examples: ClassVar[tuple[tuple[str, str], ...]] = (
        (
            "linkhealth strip content/",
            "every file as it was before",
        ),
    )

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """The arguments, for --help."""
        return "[PATH ...] [options]"

    def short_desc(self) -> str:
        """One line, for the list of commands."""
        return "Take every linkHealth block out of the files again"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002 - Scrapy's signature
        """Strip the files; `exitcode` says how it went."""
        from crawler.operations.stripping import strip_files
        from crawler.reporting.status_line import StatusLine
        from crawler.session import Session

        with guarded() as ending:
            content = asked_content(args, ending)
            if content is None:
                return
            with Session.open({}, os.environ, content=content) as session:
                line = StatusLine(sys.stderr)
                outcome = strip_files(session, lambda done: line.write_if_due(f"{done:,} files"))
                line.end()
            for problem in outcome.refused:
                complain(f"{problem.path}:{problem.line}: left alone: {problem.message}")
            sidecar = (
                f", {len(outcome.removed):,} of the sidecar removed" if outcome.removed else ""
            )
            print(
                f"{len(outcome.written):,} files restored, {outcome.without:,} had no block, "
                f"{len(outcome.refused):,} left alone{sidecar}"
            )
            if outcome.refused:
                ending.code = ExitCode.ERROR
        self.exitcode = ending.code

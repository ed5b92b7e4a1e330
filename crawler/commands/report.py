"""`linkhealth report PATH`: write the reports again from the state, without a crawl."""

from __future__ import annotations

import argparse
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from crawler.commands.command_base import CommandBase
from crawler.commands.guard import (
    add_output_options,
    add_report_options,
    complain,
    formats,
    guarded,
    nothing_readable,
    print_summary,
    reports_folder,
    telling,
)
from crawler.commands.path_arguments import add_path_options, asked_content, typed_path
from crawler.commands.report_groups import GroupedWriting
from crawler.commands.usage import Usage
from crawler.commands.with_thumbnails import check_possible, thumbnails
from crawler.configuration import ConfigurationError
from crawler.configuration.errors import did_you_mean, quoted
from crawler.model.exit_code import ExitCode
from crawler.rules.grouping import GroupBy

if TYPE_CHECKING:
    from crawler.model.report import Report


class Command(Usage, CommandBase):
    """Reports of the state as it is."""

    examples: ClassVar[tuple[tuple[str, str], ...]] = (
        (
            "linkhealth report content/",
            "the reports of what is known",
        ),
        (
            "linkhealth report content/ --format xlsx --out /tmp/reports",
            "as a workbook, elsewhere",
        ),
        (
            "linkhealth report content/ --by owner",
            "a report for each owner, and an index",
        ),
    )

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """The arguments, for --help."""
        return "[PATH ...] [options] | - [options]"

    def short_desc(self) -> str:
        """One line, for the list of commands."""
        return "Write the reports again, without a crawl"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's options to Scrapy's."""
        super().add_options(parser)
        group = parser.add_argument_group("report")
        add_path_options(group)
        add_report_options(group)
        group.add_argument(
            "--by",
            metavar="WHAT",
            help=f"one report for each {', '.join(GroupBy)}, and an index of them",
        )
        add_output_options(group)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the reports; `exitcode` says how it went."""
        from crawler.model.thumbnail import NO_THUMBNAILS
        from crawler.operations.articles_apart import ArticlesApart
        from crawler.operations.formats_apart import formats_apart
        from crawler.operations.report_assembly import assemble
        from crawler.operations.report_basis import basis_of
        from crawler.reporting import write
        from crawler.session import Session

        with guarded() as ending:
            asked = None if opts.format is None else formats(opts.format, ending)
            by = _grouping(opts.by)
            content = asked_content(args, ending, opts)
            if content is None:
                return
            with Session.open({}, os.environ, exclusive=False, content=content) as session:
                wanted = asked or formats(None, ending, session.configuration.report_formats)
                if opts.thumbnails:
                    check_possible(wanted)
                state, out = session.state, reports_folder(content, opts.out)
                last, everything = state.last_run(), bool(opts.all_references)
                if last is None:
                    raise ConfigurationError(
                        typed_path(args, content),
                        "has never been audited: `linkhealth audit` comes first",
                    )
                assembled = partial(assemble, session, last, all_references=everything)
                pictures = NO_THUMBNAILS
                if opts.thumbnails:
                    assert self.settings is not None
                    pictures = thumbnails(session, self.settings, assembled())
                with telling(opts) as tell, ArticlesApart(session) as apart:

                    def written() -> tuple[Report, tuple[Path, ...], str | None]:
                        report = assembled(apart=apart)
                        basis = basis_of(session, last, all_references=everything)
                        if by is not None:
                            groups = GroupedWriting(by, wanted, out, pictures, basis, tell)
                            paths, gone = groups.write(session, report)
                            return report, paths, gone.told
                        paths = write(
                            report,
                            wanted,
                            out,
                            pictures,
                            basis=basis,
                            tell=tell,
                            elsewhere=formats_apart(report, session.configuration.processes),
                        )
                        return report, paths, None

                    report, paths, told = state.again(written)
                if told and not opts.quiet:
                    complain(told)
                print_summary(session, report, paths, opts)
                if nothing_readable(report):
                    ending.code = ExitCode.CONFIGURATION
        self.exitcode = ending.code


def _grouping(text: str | None) -> GroupBy | None:
    """What to group by, None for one report. Raises ConfigurationError."""
    if text is None:
        return None
    name = text.strip().lower()
    if name not in set(GroupBy):
        hint = did_you_mean(name, map(str, GroupBy))
        raise ConfigurationError("--by", f"{quoted(text)} is nothing to group by; {hint}")
    return GroupBy(name)

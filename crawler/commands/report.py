"""`linkhealth report PATH`: write the reports again from the state, without a crawl."""

from __future__ import annotations

import argparse
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand

from crawler.commands.guard import (
    add_output_options,
    add_report_options,
    formats,
    guarded,
    one_path,
    print_summary,
    reports_folder,
    telling,
)
from crawler.commands.with_thumbnails import check_possible, thumbnails

if TYPE_CHECKING:
    from crawler.model.report import Report


class Command(ScrapyCommand):
    """Reports of the state as it is."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """The arguments, for --help."""
        return "[PATH] [options]"

    def short_desc(self) -> str:
        """One line, for the list of commands."""
        return "Write the reports again, without a crawl"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's options to Scrapy's."""
        super().add_options(parser)
        group = parser.add_argument_group("report")
        add_report_options(group)
        add_output_options(group)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the reports; `exitcode` says how it went."""
        from crawler.model.thumbnail import NO_THUMBNAILS
        from crawler.operations.report_assembly import assemble
        from crawler.operations.report_basis import basis_of
        from crawler.reporting import write
        from crawler.session import Session

        with guarded() as ending:
            wanted = formats(opts.format)
            if opts.thumbnails:
                check_possible(wanted)
            given = {"content": one_path(args)}
            with Session.open(given, os.environ, exclusive=False) as session:
                state, out = session.state, reports_folder(session.content.root, opts.out)
                last, everything = state.last_run(), bool(opts.all_references)
                assembled = partial(assemble, session, last, all_references=everything)
                pictures = NO_THUMBNAILS
                if opts.thumbnails:
                    assert self.settings is not None
                    pictures = thumbnails(session, self.settings, assembled())
                with telling(opts) as tell:

                    def written() -> tuple[Report, tuple[Path, ...]]:
                        report = assembled()
                        basis = basis_of(session, last, all_references=everything)
                        return report, write(report, wanted, out, pictures, basis=basis, tell=tell)

                    report, paths = state.again(written)
                print_summary(session, report, paths, opts)
        self.exitcode = ending.code

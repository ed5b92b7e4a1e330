"""`linkhealth audit PATH`: crawl what is due, write back, report, and answer with an exit code."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from crawler.commands.channels_told import ChannelsTold, came_to_end, tell_channels
from crawler.commands.command_base import CommandBase
from crawler.commands.fail_on import FailOn, read_fail_on
from crawler.commands.guard import (
    Ending,
    add_output_options,
    add_report_options,
    complain,
    formats,
    guarded,
    named_values,
    nothing_readable,
    nothing_to_visit,
    print_summary,
    reports_folder,
    telling,
)
from crawler.commands.path_arguments import add_path_options, asked_content, tell_passed_over
from crawler.commands.run_ending import alarm_lines, code_with_alarms, crawl_ended
from crawler.commands.usage import Usage
from crawler.commands.with_thumbnails import check_possible, report_again
from crawler.configuration import ConfigurationError
from crawler.files import Place
from crawler.model.exit_code import ExitCode
from crawler.model.report import Report
from crawler.reporting import ReportFormat

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

    from crawler.session import Session
    from crawler.session.content import Content

_WELL = (ExitCode.FINE, ExitCode.NOT_TOLD)
"""The codes of a run that has found nothing over its threshold."""


class Command(Usage, CommandBase):
    """The main job of the project."""

    examples: ClassVar[tuple[tuple[str, str], ...]] = (
        (
            "linkhealth audit content/",
            "visit what is due below content/, and report",
        ),
        (
            "linkhealth audit content/ --limit 50 -a write_back=no",
            "a first look: fifty links, and no file is changed",
        ),
        (
            "linkhealth audit content/ --due all -a host='*.example.com'",
            "now, whatever the schedule, and only these hosts",
        ),
        (
            "linkhealth audit content/news content/about.md",
            "a part of the collection; the state of the rest stays as it is",
        ),
        (
            "git diff --name-only -z main... | linkhealth audit -",
            "the files of a list",
        ),
        (
            "linkhealth audit content/ --changed main --offline",
            "what this branch has changed, without the network",
        ),
        (
            "linkhealth audit content/ --fail-on new-broken --format json,md",
            "for a job: exit code 2 where a link broke, and a report to paste",
        ),
    )

    requires_project = True

    def syntax(self) -> str:
        """The arguments, for --help."""
        return "[PATH ...] [options] | - [options]"

    def short_desc(self) -> str:
        """One line, for the list of commands."""
        return "Crawl what is due, write the findings back, report"

    def long_desc(self) -> str:
        """For --help."""
        return (
            "Visits every link of the articles under PATH (folders and files of one collection, or - for a list "
            "of them on standard input; by default the current folder) that is due, writes the findings into the files, writes the reports, "
            "and ends with exit code 2 where --fail-on says so."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's options to Scrapy's."""
        super().add_options(parser)
        group = parser.add_argument_group("audit")
        group.add_argument(
            "--fail-on",
            default=FailOn.NEW_DEAD.value,
            metavar="WHAT",
            help="new-dead, new-broken, dead, broken, problems or never: which findings make the exit code 2 "
            "(new-dead)",
        )
        group.add_argument(
            "--accept-mass-change",
            action="store_true",
            help="write into the files even where many articles become newly dead at once",
        )
        group.add_argument("--limit", metavar="N", help="visit at most N links")
        group.add_argument("--due", metavar="WHEN", help="now, or all to ignore the schedule")
        group.add_argument(
            "--offline",
            action="store_true",
            help="ask the network for nothing: look at files, their addresses, and what they name of the collection itself",
        )
        add_path_options(group)
        add_report_options(group)
        add_output_options(group)
        group.add_argument(
            "-a",
            dest="named",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="an argument of `scrapy crawl articles` (may be repeated)",
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Scrapy's, but quiet unless a log level is asked for."""
        super().process_options(args, opts)
        assert self.settings is not None
        asked = opts.loglevel or any(pair.startswith("LOG_LEVEL=") for pair in opts.set)
        if not asked:
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
        if opts.quiet:
            self.settings.set("LINKHEALTH_PROGRESS", False, priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the audit; `exitcode` says how it went."""
        from crawler.fetching.stop_signals import STOP_SIGNALS

        STOP_SIGNALS.begin()
        with guarded() as ending:
            code = self._audit(args, opts, ending)
            # What was refused is told where nothing worse happened.
            ending.code = code if code is not ExitCode.FINE else ending.code
        self.exitcode = ending.code

    def _audit(self, args: list[str], opts: argparse.Namespace, ending: Ending) -> ExitCode:
        from crawler.fetching.stop_signals import STOP_SIGNALS
        from crawler.session import ArticlesGoneError, Session
        from crawler.transport.machine_limits import check_limits

        fail_on = read_fail_on(opts.fail_on)
        asked = None if opts.format is None else formats(opts.format, ending)
        given = _given(opts)
        content = asked_content(_paths(given, args), ending, opts)
        if content is None:
            return ExitCode.FINE
        check_limits()
        try:
            opened = Session.open(given, os.environ, visits=True, content=content)
        except ArticlesGoneError as error:
            complain(error)
            self._tell_articles_gone(given, content, asked, opts, ending)
            return ExitCode.ALARM_ARTICLES_MISSING
        with opened as session:
            wanted = asked or formats(None, ending, session.configuration.report_formats)
            if opts.thumbnails:
                check_possible(wanted)
            place = reports_folder(content, opts.out)
            if session.reads is not None and not opts.quiet:
                complain(session.reads)
            tell_passed_over(session)
            crawler = self._crawl(session)
            if session.fault is not None:
                raise session.fault
            if STOP_SIGNALS.asked:
                return crawl_ended(crawler)
            STOP_SIGNALS.withdraw()
            settings = crawler.settings if came_to_end(crawler) else None
            report, channels = _report(session, settings, wanted, place, opts)
        STOP_SIGNALS.end()
        note = crawler.stats.get_value("linkhealth/note")
        if note is not None and not opts.quiet:
            complain(note)
        channels.complain()
        if opts.quiet or opts.json:
            _complain_of_alarms(session)
        code = channels.code(_exit_code(crawler, report, fail_on))
        code = code_with_alarms(code, session.alarms)
        if nothing_readable(report):
            code = ExitCode.CONFIGURATION if code in _WELL else code
        elif not report.summary.urls:
            complain(nothing_to_visit(session, report))
        if opts.thumbnails and (code in (*_WELL, ExitCode.FINDINGS) or code.is_alarm):
            report_again(content, opts, wanted)
        return code

    def _tell_articles_gone(
        self,
        given: dict[str, str],
        content: Content,
        asked: tuple[ReportFormat, ...] | None,
        opts: argparse.Namespace,
        ending: Ending,
    ) -> None:
        """Tell that no article is there any more, in every way in which a run tells; what is known of them stays."""
        from crawler.operations.monitoring import note_articles_gone
        from crawler.session import Session

        if given.get("offline") == "yes":
            return
        with Session.open(
            given, os.environ, visits=True, may_be_empty=True, content=content
        ) as session:
            note_articles_gone(session)
            wanted = asked or formats(None, ending, session.configuration.report_formats)
            place = reports_folder(content, opts.out)
            _, channels = _report(session, self.settings, wanted, place, opts)
        channels.complain()
        if opts.quiet or opts.json:
            _complain_of_alarms(session)

    def _crawl(self, session: Session) -> Crawler:
        process = self.crawler_process
        assert process is not None
        crawler = process.create_crawler("articles")
        process.crawl(crawler, session=session)
        process.start()
        return crawler


def _complain_of_alarms(session: Session) -> None:
    for line in alarm_lines(session.alarms):
        complain(line)


def _given(opts: argparse.Namespace) -> dict[str, str]:
    """The arguments of the run, whether they were given by `-a` or as options. Raises ConfigurationError."""
    given = named_values(opts.named)
    given |= {
        name: value
        for name, value in (("limit", opts.limit), ("due", opts.due))
        if value is not None
    }
    if opts.offline:
        given["offline"] = "yes"
    if opts.thumbnails and given.get("offline") == "yes":
        raise ConfigurationError("--thumbnails", "fetches images, so it goes without --offline")
    if opts.accept_mass_change:
        given["accept_mass_change"] = "yes"
    return given


def _paths(given: dict[str, str], args: list[str]) -> list[str]:
    """The PATHs, one of which may be the argument `content`. Raises ConfigurationError."""
    if "content" not in given:
        return args
    if args:
        raise ConfigurationError("-a content", "is named beside a PATH; give one of them")
    return [given.pop("content")]


def _report(
    session: Session,
    settings: BaseSettings | None,
    wanted: tuple[ReportFormat, ...],
    place: Place,
    opts: argparse.Namespace,
) -> tuple[Report, ChannelsTold]:
    """Write the reports, tell the channels (with `settings` alone), and print the summary."""
    from crawler.operations.articles_apart import ArticlesApart
    from crawler.operations.formats_apart import formats_apart
    from crawler.operations.report_assembly import assemble
    from crawler.operations.report_basis import basis_of
    from crawler.reporting import write

    def written() -> tuple[Report, tuple[Path, ...]]:
        last = session.state.last_run()
        all_references = bool(opts.all_references)
        with ArticlesApart(session) as apart, telling(opts) as tell:
            report = assemble(session, last, all_references=all_references, apart=apart)
            basis = basis_of(session, last, all_references=all_references)
            elsewhere = formats_apart(report, session.configuration.processes)
            paths = write(report, wanted, place, basis=basis, tell=tell, elsewhere=elsewhere)
            return report, paths

    report, paths = session.state.again(written)
    channels = ChannelsTold()
    if settings is not None:
        with telling(opts) as tell:
            channels = tell_channels(session, settings, tell)
    print_summary(
        session,
        report,
        paths,
        opts,
        session.configuration.hint,
        told=(*session.configuration.notices, *channels.lines()),
        messages=channels.rows(),
    )
    return report, channels


def _exit_code(crawler: Crawler, report: Report, fail_on: FailOn) -> ExitCode:
    ended = crawl_ended(crawler)
    if ended is not ExitCode.FINE:
        return ended
    warning = crawler.stats.get_value("linkhealth/warning")
    if warning is not None:
        complain(warning)
        if fail_on is not FailOn.NEVER:
            return ExitCode.FINDINGS
    return ExitCode.FINDINGS if fail_on.is_met(report.summary, report.problems) else ExitCode.FINE

"""`linkhealth ignore URL`: an editor's decision on a link, until a date or until its evidence changes."""

from __future__ import annotations

import argparse
import os
import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, ClassVar

from crawler.commands.command_base import CommandBase
from crawler.commands.guard import complain, guarded
from crawler.commands.path_arguments import one_content
from crawler.commands.url_argument import path_of, suggest, url_and_path
from crawler.commands.usage import Usage
from crawler.configuration import ConfigurationError
from crawler.configuration.errors import quoted
from crawler.model.exit_code import ExitCode
from crawler.operations.known_links import find, identities
from crawler.reporting.console import printable
from crawler.rules.url_globs import url_glob

if TYPE_CHECKING:
    from crawler.model.link import Link
    from crawler.session import Session

LONGEST_REASON = 500
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Command(Usage, CommandBase):
    """Decide that a link is not broken, or leave it out for a time."""

    examples: ClassVar[tuple[tuple[str, str], ...]] = (
        (
            "linkhealth ignore https://news.example/a content/ --reason 'works in a browser'",
            "it is not broken",
        ),
        (
            "linkhealth ignore 'https://news.example/*' content/ --reason 'they move' --until 2027-01-31",
            "leave all of them out until then",
        ),
        (
            "linkhealth ignore --list content/",
            "all such decisions",
        ),
    )

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """The arguments, for --help."""
        return (
            "URL|GLOB [PATH] --reason TEXT [--until DATE] | URL|GLOB [PATH] --undo | --list [PATH]"
        )

    def short_desc(self) -> str:
        """One line, for the list of commands."""
        return "Say that a link is not broken, or leave it out until a date"

    def long_desc(self) -> str:
        """For --help."""
        return (
            "Without --until, for a link that is broken or dead: it is excluded until its evidence "
            "changes, and visited on as before. With --until, for any link: it is excluded and not "
            "visited until that day. The next audit takes it out of the articles' blocks. A GLOB means "
            "every link that is known now and matches."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's options to Scrapy's."""
        super().add_options(parser)
        group = parser.add_argument_group("ignore")
        group.add_argument("--reason", metavar="TEXT", help="why; the reports show it")
        group.add_argument("--until", metavar="DATE", help="the first day (UTC) to judge it again")
        group.add_argument("--undo", action="store_true", help="take a decision back")
        group.add_argument("--list", action="store_true", help="show all decisions")
        group.add_argument(
            "--content", metavar="PATH", help="folder or file of the articles (the current folder)"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Store, take back or show decisions; `exitcode` says how it went."""
        with guarded() as ending:
            if opts.list:
                path = path_of(args, opts.content)
                _check(opts)
                _list(path)
            else:
                url, path = url_and_path(args, opts.content)
                _check(opts)
                ending.code = _change(url, path, opts)
        self.exitcode = ending.code


def _check(opts: argparse.Namespace) -> None:
    """Raises ConfigurationError for options that make no sense together."""
    given = opts.reason is not None or opts.until is not None
    if opts.list + opts.undo + given > 1:
        raise ConfigurationError("arguments", "one of --list, --undo and --reason is wanted")
    if opts.list or opts.undo:
        return
    if not (opts.reason or "").strip():
        raise ConfigurationError("--reason", "say why, for those who read the reports later")
    if len(opts.reason) > LONGEST_REASON:
        raise ConfigurationError("--reason", f"at most {LONGEST_REASON} characters; shorten it")


def _change(url: str, path: str, opts: argparse.Namespace) -> ExitCode:
    from crawler.session import Session

    with Session.open({}, os.environ, content=one_content(path)) as session:
        if opts.undo:
            return _undo(session, url)
        until = _until(opts.until, session.configuration.clock.now())
        link = find(session, url)
        if link is not None:
            _exclude(session, link, opts, until)
            return ExitCode.FINE
        if "*" not in url:
            suggest(session, url)
            return ExitCode.CONFIGURATION
        return _exclude_all(session, url, opts, until)


def _exclude(
    session: Session, link: Link, opts: argparse.Namespace, until: datetime | None
) -> None:
    from crawler.operations.exclusions import exclude

    decision = exclude(session, link, opts.reason.strip(), until)
    end = "until its evidence changes" if until is None else f"and not visited until {opts.until}"
    print(f"{printable(decision.url)}\nexcluded from now on, {end} ({decision.code})")


def _exclude_all(
    session: Session, glob: str, opts: argparse.Namespace, until: datetime | None
) -> ExitCode:
    """The links that are known now and match; those that cannot be excluded are reported and skipped."""
    state = session.state
    pattern = url_glob(glob)
    matching = state.again(lambda: list(filter(pattern.match, state.urls())))
    if not matching:
        complain(f"no known link matches {quoted(glob)}")
        return ExitCode.CONFIGURATION
    done = 0
    for known in matching:
        link = session.state.link_by_url(known)
        try:
            if link is not None:
                _exclude(session, link, opts, until)
                done += 1
        except ConfigurationError as error:
            complain(error)
    if not done:
        return ExitCode.CONFIGURATION
    print(f"{done:,} of {len(matching):,} matching links excluded")
    return ExitCode.FINE


def _undo(session: Session, raw: str) -> ExitCode:
    state = session.state
    url = next((url for url in identities(session, raw) if state.decision_on(url)), None)
    decided = [url] if url else []
    if not decided and "*" in raw:
        pattern = url_glob(raw)
        decided = [one.url for one in state.decisions() if pattern.match(one.url)]
    if not decided:
        raise ConfigurationError(
            quoted(raw), "nothing has been decided about it; `linkhealth ignore --list` shows all"
        )
    for one in decided:
        _take_back(session, one)
    return ExitCode.FINE


def _take_back(session: Session, url: str) -> None:
    from crawler.operations.exclusions import take_back

    take_back(session, url)
    link = session.state.link_by_url(url)
    now_is = f"it is {link.verdict.kind} ({link.verdict.reason}) again" if link else "taken back"
    print(f"{printable(url)}\n{now_is}")


def _list(path: str) -> None:
    from crawler.reporting.decision_table import DecidedLink, decision_table
    from crawler.session import Session

    with Session.open({}, os.environ, exclusive=False, content=one_content(path)) as session:
        state, now = session.state, session.configuration.clock.now()
        decided = [DecidedLink(each, state.link_by_url(each.url)) for each in state.decisions()]
    lines = decision_table(decided, now) if decided else ["nothing has been decided yet"]
    print("\n".join(lines))


def _until(text: str | None, now: datetime) -> datetime | None:
    """The start of a day, UTC. Raises ConfigurationError where the text is no day, or no day of the future."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise ConfigurationError("--until", f"{quoted(text)} is not a date like 2026-12-31")
    until = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if until <= now:
        raise ConfigurationError("--until", f"{text} is not in the future; today is {now:%Y-%m-%d}")
    return until

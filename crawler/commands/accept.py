"""`linkhealth accept`: what the guard on mass change holds back, and an editor's decision that it is right."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, ClassVar, TypeVar

from crawler.commands.command_base import CommandBase
from crawler.commands.guard import guarded
from crawler.commands.path_arguments import asked_content
from crawler.commands.usage import Usage
from crawler.configuration import ConfigurationError
from crawler.configuration.errors import did_you_mean, quoted
from crawler.model.held import Accepted, Held
from crawler.reporting.console import counted

if TYPE_CHECKING:
    from crawler.session import Session

_Group = TypeVar("_Group", Held, Accepted)


class Command(Usage, CommandBase):
    """Accept, host by host or cause by cause, that links are gone."""

    examples: ClassVar[tuple[tuple[str, str], ...]] = (
        (
            "linkhealth accept content/ --list",
            "what is held back, and why",
        ),
        (
            "linkhealth accept content/ --host 'old.example'",
            "write it at the next audit",
        ),
        (
            "linkhealth accept content/ --host 'old.example' --undo",
            "have it asked about again",
        ),
    )

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """The arguments, for --help."""
        return "[PATH ...] --host GLOB | --cause REASON | --all [--undo] | --list"

    def short_desc(self) -> str:
        """One line, for the list of commands."""
        return "Accept a mass change that was held back"

    def long_desc(self) -> str:
        """For --help."""
        return (
            "Where many articles would be newly marked broken or dead in one run, their files are left as "
            "they are. --list shows the links by host and cause; with --host, --cause or both the links that "
            "match are accepted: the next audit writes them, and they are not held back again while they fail. "
            "--undo takes that back."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's options to Scrapy's."""
        super().add_options(parser)
        group = parser.add_argument_group("accept")
        group.add_argument("--host", metavar="GLOB", help="the links of hosts that match")
        group.add_argument(
            "--cause", metavar="REASON", help="the links that are gone for this reason (http-404)"
        )
        group.add_argument("--all", action="store_true", help="everything that is held back")
        group.add_argument(
            "--undo", action="store_true", help="take back what was accepted of these"
        )
        group.add_argument(
            "--list", action="store_true", help="show what is held back, and what is accepted"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Show or accept; `exitcode` says how it went."""
        from crawler.session import Session

        with guarded() as ending:
            _check(opts)
            content = asked_content(args, ending)
            if content is None:
                return
            with Session.open({}, os.environ, exclusive=not opts.list, content=content) as session:
                if opts.list:
                    lines = _listed(session)
                elif opts.undo:
                    lines = _taken_back(session, opts.host, opts.cause)
                else:
                    lines = _accepted(session, opts.host, opts.cause)
                for line in lines:
                    print(line)
        self.exitcode = ending.code


def _listed(session: Session) -> Iterator[str]:
    from crawler.reporting.words.held_words import (
        accept_command,
        accepted_in_words,
        held_history,
        held_in_words,
        undo_command,
    )

    held = session.state.held(session.content.asked)
    for one in held:
        yield f"{held_in_words(one)}. {held_history(one)}"
        yield f"  {accept_command(one)}"
    if not held:
        yield "nothing is held back"
    for accepted in session.state.accepted():
        yield f"accepted: {accepted_in_words(accepted)}"
        yield f"  {undo_command(accepted)}"


def _accepted(session: Session, host: str | None, cause: str | None) -> Iterator[str]:
    from crawler.operations.held_groups import accept
    from crawler.reporting.words.held_words import held_in_words

    chosen = _chosen(session.state.held(session.content.asked), host, cause, "held back")
    links = accept(session, chosen)
    yield from (f"accepted: {held_in_words(one)}" for one in chosen)
    yield f"{counted(links, 'URL')} accepted; the next `linkhealth audit` writes them"


def _taken_back(session: Session, host: str | None, cause: str | None) -> Iterator[str]:
    from crawler.operations.held_groups import take_back
    from crawler.reporting.words.held_words import accepted_in_words

    chosen = _chosen(session.state.accepted(), host, cause, "accepted")
    links = take_back(session, chosen)
    yield from (f"taken back: {accepted_in_words(one)}" for one in chosen)
    yield f"{counted(links, 'URL')} not accepted any more; what stands in the files already stays there"


def _check(opts: argparse.Namespace) -> None:
    """Raises ConfigurationError for options that make no sense together."""
    some = opts.host is not None or opts.cause is not None
    if opts.list + opts.all + some != 1 or (opts.list and opts.undo):
        raise ConfigurationError(
            "arguments", "--list, --all, or --host and --cause (one or both) are wanted"
        )


def _chosen(
    groups: Sequence[_Group], host: str | None, cause: str | None, what: str
) -> list[_Group]:
    """The groups that match. Raises ConfigurationError where there are none, with the nearest name; `what` is what they are."""
    of_host = [one for one in groups if host is None or _matches(one.host, host)]
    chosen = [one for one in of_host if cause in (None, one.cause)]
    if chosen:
        return chosen
    if not groups:
        raise ConfigurationError("accept", f"nothing is {what}")
    if not of_host and host is not None:
        raise _unknown("--host", host, (one.host for one in groups), what)
    raise _unknown("--cause", cause or "", (one.cause for one in of_host), what)


def _matches(host: str, glob: str) -> bool:
    return fnmatchcase(host, glob.lower())


def _unknown(option: str, text: str, known: Iterable[str], what: str) -> ConfigurationError:
    message = f"nothing of {quoted(text)} is {what}; {did_you_mean(text, set(known))}"
    return ConfigurationError(option, message)

"""`linkhealth accept`: what the guard on mass change holds back, and an editor's decision that it is right."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, ClassVar

from scrapy.commands import ScrapyCommand

from crawler.commands.guard import guarded, one_path
from crawler.commands.usage import Usage
from crawler.configuration import ConfigurationError
from crawler.configuration.errors import did_you_mean, quoted

if TYPE_CHECKING:
    from crawler.model.held import Held


class Command(Usage, ScrapyCommand):
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
    )

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """The arguments, for --help."""
        return "[PATH] --host GLOB | --cause REASON | --all | --list"

    def short_desc(self) -> str:
        """One line, for the list of commands."""
        return "Accept a mass change that was held back"

    def long_desc(self) -> str:
        """For --help."""
        return (
            "Where many articles would be newly marked broken or dead in one run, their files are left as "
            "they are. --list shows the links by host and cause; with --host, --cause or both the links that "
            "match are accepted: the next audit writes them, and they are not held back again while they fail."
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
        group.add_argument("--list", action="store_true", help="show what is held back")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Show or accept; `exitcode` says how it went."""
        from crawler.reporting.words.held_words import accept_command, held_history, held_in_words
        from crawler.session import Session

        with guarded() as ending:
            path = one_path(args)
            _check(opts)
            with Session.open({"content": path}, os.environ, exclusive=not opts.list) as session:
                state = session.state
                held = state.held(session.content.path)
                if opts.list:
                    for one in held:
                        print(f"{held_in_words(one)}. {held_history(one)}")
                        print(f"  {accept_command(one)}")
                    if not held:
                        print("nothing is held back")
                else:
                    chosen = _chosen(held, opts.host, opts.cause)
                    links = state.accept(chosen, session.configuration.clock.now())
                    for one in chosen:
                        print(f"accepted: {held_in_words(one)}")
                    print(f"{links:,} URLs accepted; the next `linkhealth audit` writes them")
        self.exitcode = ending.code


def _check(opts: argparse.Namespace) -> None:
    """Raises ConfigurationError for options that make no sense together."""
    some = opts.host is not None or opts.cause is not None
    if opts.list + opts.all + some != 1:
        raise ConfigurationError(
            "arguments", "--list, --all, or --host and --cause (one or both) are wanted"
        )


def _chosen(held: Sequence[Held], host: str | None, cause: str | None) -> list[Held]:
    """The groups that match. Raises ConfigurationError where there are none, with the nearest name."""
    of_host = [one for one in held if host is None or _matches(one.host, host)]
    chosen = [one for one in of_host if cause in (None, one.cause)]
    if chosen:
        return chosen
    if not held:
        raise ConfigurationError("accept", "nothing is held back")
    if not of_host and host is not None:
        raise _unknown("--host", host, (one.host for one in held))
    raise _unknown("--cause", cause or "", (one.cause for one in of_host))


def _matches(host: str, glob: str) -> bool:
    return fnmatchcase(host, glob.lower())


def _unknown(option: str, text: str, known: Iterable[str]) -> ConfigurationError:
    message = f"nothing of {quoted(text)} is held back; {did_you_mean(text, set(known))}"
    return ConfigurationError(option, message)

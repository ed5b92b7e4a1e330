"""`linkhealth notify PATH`: send the messages that have not been sent yet, or show them."""

from __future__ import annotations

import argparse
import os
from contextlib import ExitStack
from dataclasses import replace
from typing import ClassVar

from crawler.commands.channels_told import SECONDS, ChannelsTold, tell_without_target
from crawler.commands.command_base import CommandBase
from crawler.commands.guard import guarded, one_path
from crawler.commands.path_arguments import one_content
from crawler.commands.usage import Usage
from crawler.configuration import Configuration, ConfigurationError
from crawler.configuration.errors import did_you_mean, quoted
from crawler.configuration.notification_targets import PREFIX
from crawler.reporting.console import printable


class Command(Usage, CommandBase):
    """What is still to be told, without a crawl."""

    examples: ClassVar[tuple[tuple[str, str], ...]] = (
        (
            "linkhealth notify content/ --dry-run",
            "what would be sent to whom, and nothing is sent",
        ),
        (
            "linkhealth notify content/",
            "send what the last run could not send",
        ),
        (
            "linkhealth notify content/ --channel desk --now",
            "one channel, before its digest is due",
        ),
    )

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """The arguments, for --help."""
        return "[PATH] [--dry-run] [--channel NAME] [--now]"

    def short_desc(self) -> str:
        """One line, for the list of commands."""
        return "Send the messages that are still to be sent, or show them"

    def long_desc(self) -> str:
        """For --help."""
        return (
            "Tells each channel what has changed since it was told last, as `audit` does at its end. Channels are set up "
            f"under `notifications` in .linkhealth.yml; where they lead stands in {PREFIX}_NAME, or in {PREFIX} for one "
            "that needs no file."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's options to Scrapy's."""
        super().add_options(parser)
        group = parser.add_argument_group("notify")
        group.add_argument(
            "--dry-run", action="store_true", help="show what would be sent, and send nothing"
        )
        group.add_argument("--channel", metavar="NAME", help="this channel alone")
        group.add_argument(
            "--now", action="store_true", help="send digests too whose day has not come"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Send, or show; `exitcode` says how it went."""
        from crawler.notifications.telling import Teller
        from crawler.session import Session

        with guarded() as ending, ExitStack() as stack:
            # Messages are about the whole collection, whichever file of it is named.
            content = replace(one_content(one_path(args)), asked=None)
            session = stack.enter_context(
                Session.open({}, os.environ, exclusive=False, content=content)
            )
            _check(session.configuration, opts.channel)
            tell_without_target(session)
            if not opts.dry_run:
                # Two at a time would tell everything twice.
                stack.enter_context(session.state.lock())
            teller = Teller(session, only=opts.channel, now=opts.now)
            if opts.dry_run:
                outcomes = []
                for outcome, form in teller.shown():
                    outcomes.append(outcome)
                    _show(outcome.dry_sentence, form)
            else:
                assert self.settings is not None
                outcomes = teller.tell(self.settings.getfloat(SECONDS))
                for outcome in outcomes:
                    if not outcome.has_failed:
                        print(printable(outcome.sentence))
            if not outcomes:
                print("nothing to tell: no run has been made yet")
            channels = ChannelsTold(tuple(outcomes))
            channels.complain()
            ending.code = channels.code(ending.code)
        self.exitcode = ending.code


def _show(sentence: str, form: str) -> None:
    """One target of a dry run, and its message, indented."""
    print(printable(sentence))
    for line in form.splitlines():
        print(f"    {printable(line)}".rstrip())


def _check(configuration: Configuration, only: str | None) -> None:
    """Raises ConfigurationError where there is nobody to tell."""
    if not configuration.targets:
        raise ConfigurationError(
            PREFIX, "is not set, and no other target is: nobody is told (docs/notifications.md)"
        )
    names = [one.name for one in configuration.channels]
    if only is not None and only not in names:
        raise ConfigurationError(
            "--channel", f"no channel {quoted(only)}; {did_you_mean(only, names)}"
        )
    if only is not None and only not in configuration.targets:
        raise ConfigurationError("--channel", f"the channel {quoted(only)} leads nowhere")

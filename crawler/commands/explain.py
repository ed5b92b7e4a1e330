"""`linkhealth explain URL`: why a link has its verdict, and what would change it."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from crawler.commands.command_base import CommandBase
from crawler.commands.guard import guarded, terminal
from crawler.commands.path_arguments import one_content
from crawler.commands.url_argument import suggest, url_and_path
from crawler.commands.usage import Usage
from crawler.model.exit_code import ExitCode
from crawler.operations.known_links import find

if TYPE_CHECKING:
    from crawler.model.link import Link
    from crawler.session import Session


class Command(Usage, CommandBase):
    """One link, explained."""

    examples: ClassVar[tuple[tuple[str, str], ...]] = (
        (
            "linkhealth explain https://news.example/gone content/",
            "why this link is broken, or not sure",
        ),
    )

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """The arguments, for --help."""
        return "URL [PATH] [options]"

    def short_desc(self) -> str:
        """One line, for the list of commands."""
        return "Say why a link has its verdict, and what would change it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's options to Scrapy's."""
        super().add_options(parser)
        parser.add_argument_group("explain").add_argument(
            "--content", metavar="PATH", help="folder or file of the articles (the current folder)"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Explain the link; `exitcode` says how it went."""
        from crawler.session import Session

        with guarded() as ending:
            url, path = url_and_path(args, opts.content)
            with Session.open(
                {}, os.environ, exclusive=False, content=one_content(path)
            ) as session:
                link = find(session, url)
                if link is None:
                    suggest(session, url)
                    ending.code = ExitCode.CONFIGURATION
                else:
                    print("\n".join(_explained(session, link)))
        self.exitcode = ending.code


def _explained(session: Session, link: Link) -> list[str]:
    from crawler.configuration.rule_words import rule_in_words
    from crawler.operations.exclusions import Decided
    from crawler.reporting.words.explanation import Case, explanation_lines

    state, policy = session.state, session.configuration.policy.strikes
    now, decision = session.configuration.clock.now(), Decided(session).on(link)
    case = replace(
        Case.of(link, state.history(link.id), decision, now, policy),
        references=tuple(known.reference for known in state.own_references(link.id)),
        related=state.related_count(link.id),
        host_rule=tuple(
            rule_in_words(session.configuration.rule(urlsplit(link.url).hostname or ""))
        ),
    )
    return explanation_lines(case, terminal()["width"])

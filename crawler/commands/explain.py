"""`linkhealth explain URL`: why a link has its verdict, and what would change it."""

from __future__ import annotations

import argparse
import heapq
import os
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand

from crawler.commands.guard import complain, guarded, one_path, terminal
from crawler.configuration import ConfigurationError
from crawler.configuration.errors import quoted
from crawler.model.exit_code import ExitCode

if TYPE_CHECKING:
    from crawler.model.link import Link
    from crawler.session import Session

_KNOWN_URLS = 5_000
_COMPARED = 200
_LONGEST_COMPARED = 400
_NEAREST = 5


class Command(ScrapyCommand):
    """One link, explained."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """The arguments, for --help."""
        return "URL [PATH] [options]"

    def short_desc(self) -> str:
        """One line, for the list of commands."""
        return "Say why a link has its verdict, and what would change it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Options of our own beside Scrapy's."""
        super().add_options(parser)
        parser.add_argument_group("explain").add_argument(
            "--content", metavar="PATH", help="folder or file of the articles (the current folder)"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Explain the link; `exitcode` says how it went."""
        from crawler.session import Session

        with guarded() as ending:
            url, path = _arguments(args, opts.content)
            with Session.open({"content": path}, os.environ, exclusive=False) as session:
                link = _find(session, url)
                if link is None:
                    _suggest(session, url)
                    ending.code = ExitCode.CONFIGURATION
                else:
                    print("\n".join(_explained(session, link)))
        self.exitcode = ending.code


def _arguments(args: Sequence[str], content: str | None) -> tuple[str, str]:
    """The URL and the PATH. Raises ConfigurationError."""
    if not args:
        raise ConfigurationError("arguments", "a URL is wanted; see --help")
    url, path = one_path(args[:1]), one_path(args[1:])
    if content is not None and len(args) > 1:
        raise ConfigurationError(
            "arguments", f"{quoted(args[1])} is one too many: --content names the PATH"
        )
    return url, path if content is None else content


def _find(session: Session, raw: str) -> Link | None:
    for url in _identities(session, raw):
        link = session.state.link_by_url(url)
        if link is not None:
            return link
    return None


def _identities(session: Session, raw: str) -> Iterator[str]:
    """Under which URLs the state may know what somebody typed: as it stands, normalised, or resolved."""
    from crawler.rules.urls import examine

    site = session.repository.address
    yield raw
    yield examine(raw).url
    if site is not None:
        yield examine(raw, site).url
    if "//" not in raw:
        yield examine(f"https://{raw}").url
        yield examine(f"http://{raw}").url


def _suggest(session: Session, raw: str) -> None:
    """Say that a URL is not known, and which known ones of its host come near."""
    from crawler.rules.urls import examine

    complain(f"no article is known to hold {quoted(raw)}")
    url = next((url for url in _identities(session, raw) if examine(url).host), raw)
    host = examine(url).host
    near = nearest(url, session.state.urls_of_host(host, _KNOWN_URLS))
    if near:
        complain("the nearest that are known:")
        for known in near:
            complain(f"  {known}")
    elif session.state.last_run() is None:
        complain("nothing has been visited yet: run `linkhealth audit` first")
    elif host:
        complain(f"no link like it is known at {quoted(host)}")


def nearest(url: str, known: Iterable[str]) -> list[str]:
    """The few of `known` that are most like `url`, best first.

    Bounded: only the 200 that begin most alike are compared as a whole, and none longer than 400.
    """
    short = (one for one in known if len(one) <= _LONGEST_COMPARED)
    alike = heapq.nlargest(_COMPARED, short, key=lambda one: _shared_beginning(url, one))
    return get_close_matches(url[:_LONGEST_COMPARED], alike, n=_NEAREST)


def _shared_beginning(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _explained(session: Session, link: Link) -> list[str]:
    from crawler.reporting.explanation import Case, explanation_lines
    from crawler.rules.confirmation import until_dead
    from crawler.rules.verdicts import trace

    state, policy = session.state, session.configuration.policy.strikes
    now = session.configuration.clock.now()
    steps = trace(state.history(link.id), policy)
    case = Case(
        link=link,
        steps=steps,
        missing=until_dead(steps, now, policy),
        references=tuple(known.reference for known in state.own_references(link.id)),
        related=state.related_count(link.id),
        now=now,
        policy=policy,
    )
    return explanation_lines(case, terminal()["width"])

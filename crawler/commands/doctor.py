"""`linkhealth doctor PATH`: whether a collection, this machine and its network are ready for a run."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from crawler.commands.command_base import CommandBase
from crawler.commands.guard import guarded, one_path, terminal
from crawler.commands.path_arguments import one_content
from crawler.commands.usage import Usage
from crawler.configuration import Configuration, ConfigurationError, load
from crawler.model.condition import CheckedPart, Condition, Fitness, fail, ok, warn
from crawler.model.exit_code import ExitCode
from crawler.reporting.console import printable
from crawler.reporting.status_line import StatusLine
from crawler.rules.policy import WriteBack

if TYPE_CHECKING:
    from crawler.crawl.network_check_up import AskedHost
    from crawler.operations.check_up import DueHost
    from crawler.session import Session
    from crawler.state import Peek, State

_COLOURS = {Fitness.OK: "32", Fitness.WARN: "33", Fitness.FAIL: "31"}


class Command(Usage, CommandBase):
    """Looks at everything that a run needs, and changes nothing."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}
    examples: ClassVar[tuple[tuple[str, str], ...]] = (
        ("linkhealth doctor content/", "before the first audit, or where one went wrong"),
        ("linkhealth doctor content/ --offline", "without asking the network for anything"),
    )

    def syntax(self) -> str:
        """The arguments, for --help."""
        return "[PATH] [--offline] [--json]"

    def short_desc(self) -> str:
        """One line, for the list of commands."""
        return "Say whether collection, machine and network are ready for a run"

    def long_desc(self) -> str:
        """For --help."""
        return (
            "Looks at the configuration, the articles, the state, this machine and its network, and says of each "
            "whether it is well and what to do. Nothing is changed; at most five hosts are asked for their robots.txt."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's options to Scrapy's."""
        super().add_options(parser)
        group = parser.add_argument_group("doctor")
        group.add_argument("--offline", action="store_true", help="ask the network for nothing")
        group.add_argument("--json", action="store_true", help="print one JSON document")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Look, and print; `exitcode` is 1 where a run would fail, 3 where the configuration is wrong."""
        with guarded() as ending:
            shown = _Shown(as_json=opts.json)
            try:
                for condition in self._conditions(one_path(args), is_offline=opts.offline):
                    shown.add(condition)
            except ConfigurationError as error:
                advice = "mend it; the rest was not looked at"
                for line in error.lines:
                    shown.add(fail(CheckedPart.CONFIGURATION, line, advice))
                ending.code = ExitCode.CONFIGURATION
            shown.end()
            if ending.code is ExitCode.FINE and shown.count[Fitness.FAIL]:
                ending.code = ExitCode.ERROR
        self.exitcode = ending.code

    def _conditions(self, path: str, *, is_offline: bool) -> Iterator[Condition]:
        from crawler.operations import check_up
        from crawler.state import open_state
        from crawler.transport.machine_limits import MachineLimitError, check_limits

        content = one_content(path)
        configuration = load(content.root, {}, os.environ)
        yield from check_up.configuration_conditions(configuration, content.root)
        yield from check_up.channel_conditions(configuration)
        try:
            check_limits()
            yield ok(CheckedPart.MACHINE, "descriptors and memory are enough")
        except MachineLimitError as error:
            yield fail(CheckedPart.MACHINE, str(error), "a run would end with this message")
        with ExitStack() as stack:
            found, seen = check_up.state_conditions(content.root, configuration.database_url)
            state: State | None = None
            if seen is not None and seen.version is not None:
                state = stack.enter_context(open_state(content.root, configuration.database_url))
            last, now = state.last_run() if state else None, configuration.clock.now()
            is_set = configuration.clock.start is not None
            yield from check_up.clock_conditions(
                now, last.started_at if last else None, is_set=is_set
            )
            yield from _disk(configuration, content.root, seen)
            yield from found
            if state is not None:
                yield check_up.run_condition(last, now)
            session = stack.enter_context(check_up.read_apart({"content": path}, os.environ))
            yield from _articles(session)
            # Before the first run all links are due: so they are in the state of the files alone.
            every, urls = check_up.due_hosts(session.state, session)
            if every and not is_offline:
                yield from self._network(configuration, _asked(session, every))
            if state is not None and last is not None:
                every, urls = check_up.due_hosts(state, session)
            yield check_up.plan_condition(every, urls)

    def _network(
        self, configuration: Configuration, hosts: Sequence[AskedHost]
    ) -> Sequence[Condition]:
        from crawler.crawl.network_check_up import network_conditions
        from crawler.fetching.one_off import OneOffSpider, run_with_web

        found: list[Condition] = []
        if configuration.secrets.faults:
            return [warn(CheckedPart.NETWORK, "not asked: a credential is missing", "see above")]

        async def job(web: OneOffSpider) -> None:
            found.extend(await network_conditions(web, hosts, configuration))

        assert self.settings is not None
        if not run_with_web(self.settings, configuration, job):
            found.append(fail(CheckedPart.NETWORK, "stopped before the end", "run it again"))
        return found


def _disk(configuration: Configuration, root: Path, seen: Peek | None) -> Iterator[Condition]:
    from crawler.operations.check_up import disk_conditions

    places = {"temporary files": Path(tempfile.gettempdir())}
    if configuration.database_url is None or (seen is not None and seen.bytes is not None):
        places = {"the state": root, **places}
    writes = None if configuration.policy.write_back is WriteBack.NO else root
    yield from disk_conditions(places, writes=writes)


def _articles(session: Session) -> Iterator[Condition]:
    from crawler.operations.check_up import article_conditions
    from crawler.operations.intake import IntakeCount, take_in

    line, count = StatusLine(sys.stderr), IntakeCount()
    try:
        for count in take_in(session):
            line.write_if_due(f"{count.seen:,} files read")
    finally:
        line.end()
    yield from article_conditions(session, count)


def _asked(session: Session, hosts: Sequence[DueHost]) -> list[AskedHost]:
    """The hosts with most links, each by the origin of the first of these."""
    from crawler.crawl.network_check_up import MOST_HOSTS, AskedHost
    from crawler.operations.check_up import some_urls

    asked = []
    for one in sorted(hosts, key=lambda one: (-one.links, one.host))[:MOST_HOSTS]:
        urls = some_urls(session.state, session, one.host)
        parts = urlsplit(urls[0])
        asked.append(AskedHost(f"{parts.scheme}://{parts.netloc}", urls))
    return asked


class _Shown:
    """The conditions as they come, and how many there are of each fitness."""

    def __init__(self, *, as_json: bool) -> None:
        self.count: Counter[Fitness] = Counter()
        self._kept: list[Condition] | None = [] if as_json else None
        self._has_colour = bool(terminal()["colour"])

    def add(self, one: Condition) -> None:
        """Print one, or keep it for the document."""
        self.count[one.fitness] += 1
        if self._kept is not None:
            self._kept.append(one)
            return
        word = f"{one.fitness.value:<4}"
        if self._has_colour:
            word = f"\x1b[{_COLOURS[one.fitness]}m{word}\x1b[0m"
        print(f"{word}  {one.part.value:<13}  {printable(one.text)}")
        if one.advice:
            print(f"{'':<19}  -> {printable(one.advice)}")

    def end(self) -> None:
        """Print the document, or the counts."""
        counts = {fitness.value: self.count[fitness] for fitness in Fitness}
        if self._kept is not None:
            lines = [
                {"part": one.part, "fitness": one.fitness, "text": one.text, "advice": one.advice}
                for one in self._kept
            ]
            print(json.dumps({"schema": 1, "counts": counts, "conditions": lines}, indent=1))
            return
        told = ", ".join(f"{amount} {name}" for name, amount in counts.items())
        print(f"\n{told}")

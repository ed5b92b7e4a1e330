"""`linkhealth hosts PATH`: each host in one place, with what one decision would settle."""

from __future__ import annotations

import argparse
import os
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from crawler.commands.command_base import CommandBase
from crawler.commands.guard import guarded
from crawler.commands.path_arguments import asked_content, typed_path
from crawler.commands.usage import Usage
from crawler.configuration import ConfigurationError
from crawler.configuration.errors import LONGEST_QUOTE, quoted
from crawler.reporting.console import counted, printable

if TYPE_CHECKING:
    from crawler.model.host_overview import HostOverview
    from crawler.session import Session

_MOST_PREVIEWED = 10


class Command(Usage, CommandBase):
    """Hosts and publishers."""

    examples: ClassVar[tuple[tuple[str, str], ...]] = (
        (
            "linkhealth hosts content/",
            "the hosts with something to tell",
        ),
        (
            "linkhealth hosts content/ --host news.example --decide moved.csv",
            "one of them, and a file of decisions for `apply`",
        ),
    )

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """The arguments, for --help."""
        return "[PATH ...] [--host NAME] [--decide FILE] [--json]"

    def short_desc(self) -> str:
        """One line, for the list of commands."""
        return "Show each host in one place, and what one decision would settle"

    def long_desc(self) -> str:
        """For --help."""
        return (
            "Lists the hosts under PATH (folders and files), the most work first: what is dead, moved or not "
            "sure, how that went on over the last runs, how its links moved, whether its AMP pages are given up. "
            "--decide writes the host's moves and AMP addresses as a file of decisions for `linkhealth apply`."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's options to Scrapy's."""
        super().add_options(parser)
        group = parser.add_argument_group("hosts")
        group.add_argument(
            "--host", metavar="NAME", help="this host alone, though there be nothing to tell"
        )
        group.add_argument(
            "--decide",
            metavar="FILE",
            help="with --host: write a file of decisions (.csv, never over one that is there), and show its first rows",
        )
        group.add_argument("--json", action="store_true", help="one JSON document in place of text")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the hosts; `exitcode` says how it went."""
        from crawler.operations.host_overviews import host_overviews
        from crawler.reporting.hosts_told import host_document, host_lines
        from crawler.session import Session

        with guarded() as ending:
            file, content = _decision_file(opts), asked_content(args, ending)
            if content is None:
                return
            host = opts.host.strip().lower() if opts.host else None
            with Session.open({}, os.environ, exclusive=False, content=content) as session:
                found = session.state.again(lambda: host_overviews(session, host))
                if host is not None and not found:
                    raise _unknown(session, host)
            if file is not None:
                _decide(found[0], file, typed_path(args, content))
            elif opts.json:
                sys.stdout.writelines(host_document(found))
            else:
                lines = host_lines(found, typed_path(args, content), is_one=host is not None)
                sys.stdout.writelines(f"{line}\n" for line in lines)
        self.exitcode = ending.code


def _decision_file(opts: argparse.Namespace) -> Path | None:
    """The file to write decisions into, None for none. Raises ConfigurationError."""
    if opts.decide is None:
        return None
    if not opts.host:
        raise ConfigurationError("--decide", "goes with --host: one host, one file of decisions")
    if opts.json:
        raise ConfigurationError("--decide", "goes without --json")
    file = Path(opts.decide)
    if file.suffix.lower() != ".csv":
        raise ConfigurationError("--decide", f"{quoted(opts.decide)} does not end in .csv")
    return file


def _unknown(session: Session, host: str) -> ConfigurationError:
    names = [name for name, _ in session.state.links_by_host(session.content.asked)]
    near = get_close_matches(host[:LONGEST_QUOTE], names, n=1)
    hint = f"did you mean {quoted(near[0])}?" if near else "`linkhealth hosts` lists what is"
    return ConfigurationError("--host", f"no URL of {quoted(host)} is known; {hint}")


def _decide(one: HostOverview, file: Path, content: str) -> None:
    """Write the file, and show the first of what it decides. Raises ConfigurationError where it is there already."""
    from crawler.reporting.host_decisions import decision_file, decision_rows

    data, decided = decision_file(one)
    if not decided:
        raise ConfigurationError("--decide", f"nothing of {quoted(one.host)} has moved for good")
    try:
        with file.open("xb") as stream:
            stream.write(data)
    except FileExistsError:
        message = f"{quoted(str(file))} is there already, perhaps with decisions; name another file"
        raise ConfigurationError("--decide", message) from None
    for number, (url, led, verb, perhaps, _) in enumerate(decision_rows(one)):
        if number == _MOST_PREVIEWED:
            break
        target = f" -> {printable(led or perhaps)}" if led or perhaps else ""
        print(f"{verb or '(open)'}  {printable(url)}{target}")
    rows = data.count(b"\r\n") - 1
    more = rows - _MOST_PREVIEWED
    if more > 0:
        print(f"… and {more:,} more")
    print(f"\n{counted(decided, 'decision')} in {printable(str(file))}; look at it, then:")
    print(f"next  linkhealth apply {printable(str(file))} --content {printable(content)}")

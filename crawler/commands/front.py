"""The front of `linkhealth`: its help, its version, and the one command that is asked for.

Scrapy's own front loads all commands to find one, and speaks of Scrapy. Its other commands are still there: a name that is
not ours is passed on to it.
"""

from __future__ import annotations

import argparse
import platform
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final

from crawler import __version__
from crawler.commands.own_packages import other_package
from crawler.commands.usage import GLOBAL_OPTIONS, wrong_use

if TYPE_CHECKING:
    from scrapy.settings import Settings

    from crawler.commands.command_base import CommandBase

GROUPS: Final = (
    (
        "Begin",
        (
            ("demo", "Audit a bundled sample collection against a bundled web, offline"),
            ("init", "Look at a collection and write a commented .linkhealth.yml"),
        ),
    ),
    (
        "Check",
        (
            ("audit", "Crawl what is due, write the findings back, report"),
            ("report", "Write the reports again, without a crawl"),
            ("diff", "Show what a run changed, or several"),
            ("notify", "Send the messages that are still to be sent, or show them"),
            ("hosts", "Show each host in one place, and what one decision would settle"),
            ("explain", "Say why a link has its verdict, and what would change it"),
            ("inspect", "Show what the extractors see in pages, images and articles"),
        ),
    ),
    (
        "Decide",
        (
            ("review", "Decide in the report, as a page of this machine alone, and write"),
            ("apply", "Carry out an editor's decisions, as a diff first"),
            ("ignore", "Say that a link is not broken, or leave it out until a date"),
            ("accept", "Accept a mass change that was held back"),
            ("strip", "Take every linkHealth block out of the files again"),
        ),
    ),
    (
        "Set up",
        (
            ("doctor", "Say whether collection, machine and network are ready for a run"),
            ("completion", "Print a script that completes commands and options in a shell"),
        ),
    ),
)
"""Our commands by what they are for, each with its line; a test compares these lines with the commands' own."""
OURS: Final = {name: line for _, commands in GROUPS for name, line in commands}
SCRAPYS: Final = ("crawl", "list", "settings", "shell", "fetch")
"""The commands of Scrapy's that one may want here; the others are passed on, too."""
WITHOUT_SCRAPY: Final = frozenset({"accept", "diff", "explain", "hosts", "ignore", "strip"})
"""The commands that ask the state or the files alone, and so do not load Scrapy."""


def front(arguments: Sequence[str], settings_module: str) -> int:
    """Do what the arguments say, and return the exit code. May end the process, too, as argparse and Scrapy do."""
    first = arguments[0] if arguments else "--help"
    if first in ("-h", "--help", "help"):
        named = arguments[1:2] if first == "help" else ()
        if not named:
            print(help_text())
            return 0
        arguments = [*named, "--help"]
        first = named[0]
    if first in ("-V", "--version"):
        print(version_text())
        return 0
    if first.startswith("-"):
        wrong_use(f"unknown option {first!r} before the command")
    if (hidden := other_package()) is not None:
        from crawler.commands.guard import complain
        from crawler.model.exit_code import ExitCode

        complain(hidden)
        return ExitCode.CONFIGURATION
    if first in WITHOUT_SCRAPY:
        from crawler.commands.command_base import IS_SCRAPYS

        if not IS_SCRAPYS:
            return _run_command(first, arguments[1:], None)
    from scrapy.settings import Settings

    settings = Settings()
    settings.setmodule(settings_module, priority="project")
    if first in OURS:
        return _run(first, arguments[1:], settings)
    return _passed_on(arguments, settings)


def help_text() -> str:
    """What `linkhealth --help` prints."""
    lines = [
        f"linkhealth {__version__}: link health and metadata of collections of articles",
        "",
        "usage: linkhealth COMMAND [PATH] [options]",
        "",
        "  linkhealth demo                 see it work, offline",
        "  linkhealth init PATH            look at a folder of articles, and write a configuration",
        "  linkhealth audit PATH           visit the links of a folder of articles, and report",
        "  linkhealth COMMAND --help       the options of a command, with examples",
    ]
    for title, commands in GROUPS:
        lines += ["", f"{title}:", *(f"  {name:<11} {line}" for name, line in commands)]
    lines += [
        "",
        f"Scrapy's own commands work as well: {', '.join(SCRAPYS)}, … (`linkhealth crawl articles -a content=PATH`).",
        "linkhealth --version says which versions these are.",
    ]
    return "\n".join(lines)


def version_text() -> str:
    """Our version, and those that matter for a report of a fault."""
    from importlib.metadata import version

    return (
        f"linkhealth {__version__} (Python {platform.python_version()}, Scrapy {version('scrapy')})"
    )


class Parser(argparse.ArgumentParser):
    """The options of one command, ours before those that all have."""

    def __init__(self, name: str, command: CommandBase) -> None:
        super().__init__(
            prog=f"linkhealth {name}",
            usage="\n       ".join(
                f"linkhealth {name} {one}".rstrip() for one in command.syntax().split(" | ")
            ),
            description=command.long_desc(),
            epilog=_examples(command),
            formatter_class=_Formatter,
            conflict_handler="resolve",
        )
        command.add_options(self)
        self._action_groups.sort(key=lambda group: group.title == GLOBAL_OPTIONS)

    @property
    def options(self) -> list[argparse.Action]:
        """Every option, in the order of the help."""
        return [one for one in self._actions if one.option_strings]

    @property
    def of_all(self) -> list[argparse.Action]:
        """The options that every command has: --help, and Scrapy's."""
        of_scrapy = (one for one in self._action_groups if one.title == GLOBAL_OPTIONS)
        inherited = {id(one) for group in of_scrapy for one in group._group_actions}  # noqa: SLF001 - argparse tells it nowhere else
        return [one for one in self.options if one.dest == "help" or id(one) in inherited]


class _Formatter(argparse.HelpFormatter):
    """Text is filled as argparse does it, but for examples, which stand as they are."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if text.startswith("examples:"):
            return text
        return super()._fill_text(text, width, indent)


def _examples(command: CommandBase) -> str | None:
    examples: Sequence[tuple[str, str]] = getattr(command, "examples", ())
    lines = [f"  {line}\n      {what}" for line, what in examples]
    return "\n".join(["examples:", *lines]) if lines else None


def command_of(name: str, settings: Settings | None) -> CommandBase:
    """One of our commands, ready for its options. Without settings it is one that asks Scrapy for nothing."""
    command: CommandBase = import_module(f"crawler.commands.{name}").Command()
    if settings is not None:
        settings.setdict(command.default_settings, priority="command")
    command.settings = settings
    return command


def _run(name: str, arguments: Sequence[str], settings: Settings) -> int:
    """What `scrapy.cmdline.execute` does with a command that it has found."""
    from scrapy.exceptions import UsageError

    try:
        return _run_command(name, arguments, settings)
    except UsageError as error:
        wrong_use(str(error))


def _run_command(name: str, arguments: Sequence[str], settings: Settings | None) -> int:
    command = command_of(name, settings)
    opts, others = Parser(name, command).parse_known_args(arguments)
    command.process_options(others, opts)
    if command.requires_crawler_process:
        # Loading it has the whole stack looked at: from within a crawl that takes a twentieth of a run with nothing due.
        import scrapy.core.downloader.contextfactory  # noqa: F401
        from scrapy.crawler import AsyncCrawlerProcess

        command.crawler_process = AsyncCrawlerProcess(settings)
    if opts.profile:
        from cProfile import Profile

        profile = Profile()
        profile.runcall(command.run, others, opts)
        profile.dump_stats(opts.profile)
    else:
        command.run(others, opts)
    return command.exitcode


def _passed_on(arguments: Sequence[str], settings: Settings) -> int:
    """A command of Scrapy's. An unknown one ends with the nearest of all."""
    from scrapy.cmdline import execute
    from scrapy.utils.misc import walk_modules_iter

    from crawler.commands.usage import wrong_use
    from crawler.configuration.errors import did_you_mean, quoted

    name = arguments[0]
    known = {module.__name__.rpartition(".")[2] for module in walk_modules_iter("scrapy.commands")}
    if name not in known:
        wrong_use(f"no command {quoted(name)}; {did_you_mean(name, [*OURS, *SCRAPYS])}")
    execute(["linkhealth", *arguments], settings)
    return 0


def known_commands() -> list[str]:
    """The commands that a shell completes, in the order of the help."""
    return [*OURS, *SCRAPYS[:1]]

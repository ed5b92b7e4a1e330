"""`linkhealth completion SHELL`: a script that completes commands, options and their values."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, ClassVar, Final

from scrapy.settings import Settings

from crawler.commands.command_base import CommandBase
from crawler.commands.fail_on import FailOn
from crawler.commands.front import OURS, Parser, command_of
from crawler.commands.guard import guarded
from crawler.commands.shell_scripts import Completed, CompletedOption, bash, fish, zsh
from crawler.commands.usage import Usage
from crawler.configuration import ConfigurationError
from crawler.configuration.errors import did_you_mean, quoted
from crawler.reporting import FORMATS
from crawler.rules.grouping import GroupBy

SHELLS: Final[dict[str, Callable[[list[Completed]], str]]] = {
    "bash": bash,
    "zsh": zsh,
    "fish": fish,
}
_VALUES: Final = {
    "--fail-on": tuple(FailOn),
    "--by": tuple(GroupBy),
    "--due": ("now", "all"),
    "--format": tuple(FORMATS),
}


class Command(Usage, CommandBase):
    """Made from the commands themselves."""

    requires_project = False
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}
    examples: ClassVar[tuple[tuple[str, str], ...]] = (
        (
            "linkhealth completion bash > ~/.local/share/bash-completion/completions/linkhealth",
            "bash",
        ),
        ("linkhealth completion zsh > ~/.zfunc/_linkhealth", "zsh, where ~/.zfunc is in $fpath"),
        ("linkhealth completion fish > ~/.config/fish/completions/linkhealth.fish", "fish"),
    )

    def syntax(self) -> str:
        """The arguments, for --help."""
        return " | ".join(SHELLS)

    def short_desc(self) -> str:
        """One line, for the list of commands."""
        return OURS["completion"]

    def run(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002 - Scrapy's signature
        """Print the script; `exitcode` says how it went."""
        with guarded() as ending:
            print(_script(args))
        self.exitcode = ending.code


def _script(args: list[str]) -> str:
    if len(args) != 1:
        raise ConfigurationError("arguments", f"one shell is wanted: {', '.join(SHELLS)}")
    if args[0] not in SHELLS:
        hint = did_you_mean(args[0], SHELLS)
        raise ConfigurationError("arguments", f"no script for {quoted(args[0])}; {hint}")
    return SHELLS[args[0]]([_completed(name, line) for name, line in OURS.items()])


def _completed(name: str, line: str) -> Completed:
    parser = Parser(name, command_of(name, Settings()))
    options = [
        CompletedOption(
            tuple(one.option_strings),
            one.help or "",
            takes_value=one.nargs != 0,
            values=tuple(map(str, _VALUES.get(one.option_strings[-1], ()))),
        )
        for one in parser.options
    ]
    return Completed(name, line, options)

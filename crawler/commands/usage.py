"""What every command of ours says of its use, whether `linkhealth` or `scrapy` calls it."""

from __future__ import annotations

import argparse
import sys
from typing import ClassVar, Final, NoReturn

GLOBAL_OPTIONS: Final = "Global Options"
"""Scrapy's title of the options that every command has."""


class Usage:
    """To be named before Scrapy's class among the bases of a command."""

    examples: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Command lines as they are typed, each with what it does."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's options. A wrong use of any ends with our code: 2, which argparse has for it, stands for findings."""
        super().add_options(parser)  # type: ignore[misc]
        parser.error = wrong_use  # type: ignore[method-assign]


def wrong_use(message: str) -> NoReturn:
    """Say what is wrong with a command line, and end."""
    from crawler.model.exit_code import ExitCode
    from crawler.reporting.console import printable

    hint = "" if message.endswith("?") else "; see --help"
    print(f"linkhealth: {printable(message)}{hint}", file=sys.stderr)
    sys.exit(ExitCode.CONFIGURATION)

"""What every command of ours is built on: Scrapy's class where Scrapy looks for commands, and without it where `linkhealth` runs one.

Importing Scrapy takes longer than all that a command does which only asks the state. So `linkhealth explain` does without it,
and `scrapy explain` is the same command on Scrapy's own class. Its options stand here once more; a test compares them.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any, ClassVar, Final

from crawler.commands.usage import GLOBAL_OPTIONS, wrong_use

__all__ = ["IS_SCRAPYS", "CommandBase"]

IS_SCRAPYS: Final = "scrapy" in sys.modules
"""Whether the commands of this process are Scrapy's."""

if TYPE_CHECKING or IS_SCRAPYS:
    from scrapy.commands import ScrapyCommand as CommandBase
else:

    class CommandBase:
        """What a command uses of Scrapy's class."""

        requires_project = False
        requires_crawler_process = True
        crawler_process = None
        default_settings: ClassVar[dict[str, Any]] = {}
        exitcode = 0

        def __init__(self) -> None:
            self.settings = None

        def long_desc(self) -> str:
            """For --help; by default the one line."""
            return self.short_desc()

        def add_options(self, parser: argparse.ArgumentParser) -> None:
            """Scrapy's options, in Scrapy's words."""
            group = parser.add_argument_group(title=GLOBAL_OPTIONS)
            group.add_argument(
                "--logfile", metavar="FILE", help="log file. if omitted stderr will be used"
            )
            group.add_argument(
                "-L", "--loglevel", metavar="LEVEL", help=f"log level (default: {_log_level()})"
            )
            group.add_argument("--nolog", action="store_true", help="disable logging completely")
            group.add_argument(
                "--profile", metavar="FILE", help="write python cProfile stats to FILE"
            )
            group.add_argument("--pidfile", metavar="FILE", help="write process ID to FILE")
            group.add_argument(
                "-s",
                "--set",
                action="append",
                default=[],
                metavar="NAME=VALUE",
                help="set/override setting (may be repeated)",
            )
            group.add_argument(
                "--pdb",
                action="store_true",
                help="enable pdb on failure (uses ipdb if installed)",
            )

        def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
            """Where one of Scrapy's options is given, Scrapy says what it means."""
            if not any((opts.logfile, opts.loglevel, opts.nolog, opts.pidfile, opts.set, opts.pdb)):
                return
            from scrapy.commands import ScrapyCommand
            from scrapy.exceptions import UsageError
            from scrapy.settings import Settings

            self.settings = Settings()
            try:
                ScrapyCommand.process_options(self, args, opts)
            except UsageError as error:
                wrong_use(str(error))


def _log_level() -> str:
    from crawler import settings

    return settings.LOG_LEVEL

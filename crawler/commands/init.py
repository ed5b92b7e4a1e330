"""`linkhealth init PATH`: look at a collection, and write a commented `.linkhealth.yml`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import ClassVar

from crawler.commands.command_base import CommandBase
from crawler.commands.guard import guarded, one_path
from crawler.commands.usage import Usage
from crawler.configuration import FILE_NAME, ConfigurationError
from crawler.configuration.errors import quoted
from crawler.reporting.console import printable

_PRINTS = "-"


class Command(Usage, CommandBase):
    """The first step with a collection of one's own."""

    examples: ClassVar[tuple[tuple[str, str], ...]] = (
        (
            "linkhealth init content/ --dry-run",
            "what is read there, and the file; nothing is written",
        ),
        ("linkhealth init content/", "write content/.linkhealth.yml, to be read and changed"),
    )

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """The arguments, for --help."""
        return "[PATH] [--dry-run] | [PATH] -"

    def short_desc(self) -> str:
        """One line, for the list of commands."""
        return "Look at a collection and write a commented .linkhealth.yml"

    def long_desc(self) -> str:
        """For --help."""
        return (
            "Looks at the files under PATH (by default the current folder), and writes into "
            f"{FILE_NAME} there what it found: the generator and its site, the names of fields, what "
            "to leave out. A file that is there already is never written over."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's options to Scrapy's."""
        super().add_options(parser)
        group = parser.add_argument_group("init")
        group.add_argument(
            "--dry-run", action="store_true", help="print the file and write nothing (so does -)"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Look, and write or print; `exitcode` says how it went."""
        with guarded() as ending:
            prints = opts.dry_run or _PRINTS in args
            _init(one_path([text for text in args if text != _PRINTS]), prints=prints)
        self.exitcode = ending.code


def _init(path: str, *, prints: bool) -> None:
    from crawler.content import WriteRefused, create
    from crawler.operations.new_configuration import look_at, text_of, told
    from crawler.session.content import folder_at

    root = folder_at(path)
    if not prints and _is_there(root):
        raise ConfigurationError(
            FILE_NAME,
            f"is there already in {quoted(str(root))}; --dry-run prints what would be new",
        )
    look = look_at(root)
    if not look.detection.looked_at:
        raise ConfigurationError(
            "content",
            f"no article that can be read in {quoted(str(root))}; give the folder of the articles",
        )
    text = text_of(look)
    print("\n".join(map(printable, told(look))), file=sys.stderr if prints else sys.stdout)
    if prints:
        print(text, end="")
        return
    try:
        create(root, FILE_NAME, text.encode())
    except WriteRefused as refused:
        raise ConfigurationError(FILE_NAME, refused.reason) from None
    print(f"written: {printable(str(root / FILE_NAME))}")
    print(f"next: linkhealth audit {printable(path)}")


def _is_there(root: Path) -> bool:
    return (root / FILE_NAME).is_symlink() or (root / FILE_NAME).exists()

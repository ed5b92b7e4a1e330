"""PATHs on the command line, a list of them on standard input, and what has changed since a commit (rule K9); no command."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crawler.commands.guard import Ending, complain, paths_in
from crawler.configuration import ConfigurationError
from crawler.configuration.errors import quoted_few
from crawler.model.exit_code import ExitCode
from crawler.operations.changed_files import HEAD

if TYPE_CHECKING:
    from crawler.session import Session
    from crawler.session.content import Content

LIST: Final = "-"
"""The PATH that stands for a list on standard input."""
_LARGEST_LIST: Final = 32 << 20
_ESCAPE: Final = re.compile(rb'\\([0-7]{3}|[abfnrtv"\\])')
_ESCAPED: Final = {
    b"a": b"\a",
    b"b": b"\b",
    b"f": b"\f",
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"v": b"\v",
}


def add_path_options(group: argparse._ArgumentGroup) -> None:
    """The options of the commands that know a list of PATHs."""
    group.add_argument(
        "--changed",
        nargs="?",
        const=HEAD,
        metavar="BASE",
        help="only files that Git says have changed: since the last commit, or on this branch since it left BASE",
    )
    group.add_argument(
        "--as-list",
        action="store_true",
        help="take PATHs for a list: files that are no articles, or left out, are passed over",
    )


def one_content(path: str) -> Content:
    """The content of a command that takes one PATH. Raises ConfigurationError."""
    from crawler.session.content import Content

    if path == LIST:
        raise ConfigurationError(
            "arguments", "this command takes one PATH, and no list; see --help"
        )
    return _told(Content.at(path))


def asked_content(
    args: Sequence[str], ending: Ending, opts: argparse.Namespace | None = None
) -> Content | None:
    """The content of a command that takes several PATHs, by default the current folder; None for an empty list, which is
    told. `ending` is told of PATHs that could not be taken. Raises ConfigurationError."""
    from crawler.session.content import Content

    paths, is_list = paths_in(args), bool(opts and opts.as_list)
    base = opts.changed if opts else None
    named = [path for path in paths if path != LIST]
    wants_list = len(named) < len(paths)
    if wants_list and (len(paths) - len(named) > 1 or base is not None):
        raise ConfigurationError(
            "arguments", "one list is wanted: `-` once, and not with --changed; see --help"
        )
    if base is not None:
        content = _changed(named, base, as_list=is_list)
    elif wants_list:
        listed = _read_list()
        if not listed and not named:
            complain("nothing to do: the list is empty")
            return None
        content = Content.of(named, listed, as_list=is_list)
    else:
        content = Content.of(named or ["."], as_list=is_list)
    if content is None:
        complain("nothing to do: nothing has changed, as Git says")
        return None
    if not content.is_complete:
        ending.code = ExitCode.CONFIGURATION
    return _told(content)


def typed_path(args: Sequence[str], content: Content) -> str:
    """One PATH for what is shown: as it was typed; of several, or a list, the root."""
    paths = paths_in(args) or ["."]
    return paths[0] if len(paths) == 1 and paths[0] != LIST else str(content.root)


def tell_passed_over(session: Session) -> None:
    """Tell which files of a list were not looked at."""
    found = session.passed_over()
    if not found:
        return
    complain(f"no articles, or left out: {quoted_few(found)}")


def _told(content: Content) -> Content:
    for line in content.told:
        complain(line)
    return content


def _changed(named: Sequence[str], base: str, *, as_list: bool) -> Content | None:
    """What has changed of the PATHs; without any of the current folder, whose collection is found from the files."""
    from crawler.operations.changed_files import changed_files
    from crawler.session.content import Content

    if not named:
        found = changed_files(Path.cwd().resolve(), base, os.environ)
        return Content.of((), list(map(str, found)), may_be_gone=True) if found else None
    whole = Content.of(named, as_list=as_list)
    found = changed_files(whole.root, base, os.environ)
    names = [path.relative_to(whole.root).as_posix() for path in found]
    wanted = [name for name in names if whole.asks_for(name)]
    return whole.narrowed(wanted) if wanted else None


def _read_list() -> list[str]:
    """The names on standard input: one a line, as `git diff --name-only` prints them, or each ended by a NUL."""
    if sys.stdin is None:
        raise ConfigurationError("-", "standard input is closed")
    data = sys.stdin.buffer.read(_LARGEST_LIST + 1)
    if len(data) > _LARGEST_LIST:
        raise ConfigurationError("-", f"a list of more than {_LARGEST_LIST:,} bytes; give a folder")
    return names_in(data)


def names_in(data: bytes) -> list[str]:
    """The names of a list. With a NUL in it names end with NUL, and are taken as they are."""
    if b"\0" in data:
        return [os.fsdecode(name) for name in data.split(b"\0") if name]
    lines = (line.removesuffix(b"\r") for line in data.split(b"\n"))
    return [os.fsdecode(name) for name in map(_unquoted, lines) if name.strip()]


def _unquoted(line: bytes) -> bytes:
    """A name that Git has put into quotes for its unusual characters (`core.quotePath`)."""
    is_quoted = len(line) > 1 and line.startswith(b'"') and line.endswith(b'"')
    if not is_quoted or os.path.lexists(line):
        return line
    return _ESCAPE.sub(_meant, line[1:-1])


def _meant(match: re.Match[bytes]) -> bytes:
    sign = match[1]
    if len(sign) == 3:
        return bytes([int(sign, 8) & 0xFF])
    return _ESCAPED.get(sign, sign)

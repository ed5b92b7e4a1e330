"""Repairs as commits, one for each kind of change; nothing is ever pushed.

Only the files that a repair changed go into its commit, and only where they had no other change: what a
person has staged or changed without committing stays as it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from crawler.configuration import ConfigurationError
from crawler.configuration.errors import quoted
from crawler.content import without_secrets
from crawler.model.article_keys import SECURED
from crawler.model.check import FieldChange
from crawler.model.repair import Repair, RepairKind
from crawler.reporting.words.escaping import printable

_PLACE: Final = "--commit"
_MOST_CAUSES: Final = 100
_LONGEST_VALUE: Final = 200
_TITLES: Final = {
    RepairKind.MOVES: "Follow links that have moved for good",
    RepairKind.URLS: "Replace links",
    RepairKind.IMAGE_SIZES: "State the true sizes of images",
    RepairKind.IMAGES: "Replace images",
    RepairKind.AMP: "Bring AMP addresses up to date",
    RepairKind.CANONICAL: "Name pages by their own addresses",
    RepairKind.METADATA: "Bring titles, excerpts and dates up to date",
    RepairKind.PROVIDER: "Name the publishers of pages",
}
_SECONDS: Final = 600
"""A commit runs the collection's own hooks, which may check all of its files."""


class Worktree:
    """The Git worktree that a collection lies in."""

    def __init__(self, root: Path, secret: frozenset[str] = frozenset({SECURED})) -> None:
        """`secret` are the keys whose values are not shown where Git, or a hook, quotes a line.

        Raises ConfigurationError where there is no worktree, or it is in the middle of a merge."""
        self._root = root
        self._secret = secret
        program = shutil.which("git")
        if program is None:
            raise ConfigurationError(_PLACE, "git is not installed")
        self._program = program
        if self._run("rev-parse", "--is-inside-work-tree").strip() != "true":
            raise ConfigurationError(_PLACE, f"{quoted(str(root))} is in no Git worktree")
        folder = Path(root, self._run("rev-parse", "--git-dir").strip())
        for name in (
            "MERGE_HEAD",
            "CHERRY_PICK_HEAD",
            "REVERT_HEAD",
            "rebase-merge",
            "rebase-apply",
        ):
            if (folder / name).exists():
                raise ConfigurationError(
                    _PLACE,
                    f"the worktree is in the middle of something ({name}); finish that first",
                )

    def unclean(self, paths: Iterable[str]) -> dict[str, str]:
        """The paths that cannot be committed by themselves, each with the reason."""
        wanted = sorted(paths)
        changed = self._paths("status", "--porcelain=v1", "-z", "--no-renames", paths=wanted)
        found = {line[3:]: "it has changes that are not committed" for line in changed}
        prefix = self._run("rev-parse", "--show-prefix").rstrip("\n")
        found = {path.removeprefix(prefix): reason for path, reason in found.items()}
        known = set(self._paths("ls-files", "-z", paths=wanted))
        unknown = {path: "Git does not know it" for path in wanted if path not in known}
        return {path: reason for path, reason in (found | unknown).items() if path in set(wanted)}

    def commit(self, kind: RepairKind, repairs: Sequence[Repair]) -> str:
        """Commit the files of these repairs; returns the commit's short name.

        Raises ConfigurationError with what Git says, such as a hook's refusal: the files stay changed.
        """
        paths = sorted({repair.path for repair in repairs})
        message = "\n".join(_message(kind, repairs, len(paths)))
        # A file without a name: nothing of it is left behind by a run that is killed.
        with TemporaryFile() as listed:
            listed.write(b"".join(os.fsencode(path) + b"\0" for path in paths))
            listed.seek(0)
            number = listed.fileno()
            self._run(
                "commit", "--quiet", "--only", "--file=-", "--cleanup=verbatim",
                f"--pathspec-from-file=/dev/fd/{number}", "--pathspec-file-nul",
                given=message, passed=(number,),
            )  # fmt: skip
        return self._run("rev-parse", "--short", "HEAD").strip()

    def _paths(self, *arguments: str, paths: Sequence[str]) -> list[str]:
        """The names that Git prints for these paths; asked in parts, because the length of a command line is limited."""
        found: list[str] = []
        for at in range(0, len(paths), 500):
            names = self._run(*arguments, "--", *paths[at : at + 500])
            found += [name for name in names.split("\0") if name]
        return found

    def _run(self, *arguments: str, given: str = "", passed: Sequence[int] = ()) -> str:
        # Git takes each path literally: `*` is no wildcard, and `:(…)` has no meaning.
        environment = os.environ | {"GIT_LITERAL_PATHSPECS": "1", "LC_ALL": "C"}
        try:
            done = subprocess.run(  # noqa: S603 - git itself, no shell, every path behind `--`
                [self._program, "-C", str(self._root), *arguments],
                input=given.encode("utf-8", "surrogateescape"),
                capture_output=True,
                env=environment,
                pass_fds=passed,
                timeout=_SECONDS,
                check=True,
            )
        except subprocess.CalledProcessError as error:
            lines = (error.stderr or error.stdout).decode("utf-8", "replace").strip().split("\n")
            said = without_secrets(lines[-1], self._secret)
            raise ConfigurationError(_PLACE, f"git: {printable(said, 300)}") from None
        except subprocess.TimeoutExpired:
            raise ConfigurationError(_PLACE, f"git took longer than {_SECONDS} s") from None
        return done.stdout.decode("utf-8", "surrogateescape")


def _message(kind: RepairKind, repairs: Sequence[Repair], files: int) -> Iterable[str]:
    yield f"{_TITLES[kind]} ({files:,} {'file' if files == 1 else 'files'})"
    yield ""
    for repair in repairs[:_MOST_CAUSES]:
        yield f"- {printable(repair.path)}: {described(repair.change)}"
    if len(repairs) > _MOST_CAUSES:
        yield f"- and {len(repairs) - _MOST_CAUSES:,} more"
    yield ""
    yield "By linkhealth apply."


def described(change: FieldChange) -> str:
    """A change in one line: the field, both values, and why."""
    old, new = (_short(value) for value in (change.old, change.new))
    return f"{printable(change.at)} {old} -> {new} ({printable(change.reason)})"


def _short(value: str | None) -> str:
    return "(nothing)" if value is None else printable(value, _LONGEST_VALUE)

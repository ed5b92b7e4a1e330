"""The files that have changed in a Git work tree, as Git says (rule K9).

A repository may be a stranger's, and its configuration names programs. None is run: nothing is compared by content, so that no
filter is asked; no file monitor, no other repository within it, and nothing is fetched. `safe.directory` holds as always.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from crawler.configuration import ConfigurationError
from crawler.configuration.errors import quoted
from crawler.reporting.words.escaping import printable

HEAD: Final = "HEAD"
"""The last commit."""
_PLACE: Final = "--changed"
_SECONDS: Final = 120
_NO_PROGRAMS: Final = (
    "-c", "core.fsmonitor=false",
    "-c", "core.untrackedCache=false",
    "-c", "core.hooksPath=/dev/null",
)  # fmt: skip
_ALONE: Final = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_OF_ANOTHER: Final = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_EXTERNAL_DIFF",
)
"""What a hook of Git's is given: the repository of a folder is the one that it lies in."""


def changed_files(folder: Path, base: str, environ: Mapping[str, str]) -> list[Path]:
    """The files below `folder` that differ from `base`, deleted ones and those that Git does not know among them, by name.

    `base` is a revision: what differs from the point at which the branch left it; with `HEAD` from the last commit. Raises
    ConfigurationError where Git cannot say.
    """
    git = _Git(folder, environ)
    found: set[str] = set(git.names("ls-files", "--others", "--exclude-standard"))
    since = git.beginning(base)
    if since is None:
        found |= set(git.names("ls-files", "--cached"))
    else:
        found |= set(
            git.names(
                "diff-index", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv",
                "--ignore-submodules=all", "--relative", since, "--",
            )
        )  # fmt: skip
    return [folder / name for name in sorted(found)]


class _Git:
    """Git, asked about a folder."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        program = shutil.which("git", path=environ.get("PATH"))
        if program is None:
            raise ConfigurationError(_PLACE, "git is not installed; name the files")
        self._program = program
        self._folder = folder
        self._environ = {
            **{name: value for name, value in environ.items() if name not in _OF_ANOTHER},
            **_ALONE,
        }
        code, found, said = self._asked("rev-parse", "--is-inside-work-tree")
        if code or found.strip() != b"true":
            raise ConfigurationError(
                _PLACE,
                f"{quoted(str(folder))} is in no Git work tree that can be read ({said or 'a bare one'})",
            )

    def names(self, command: str, *options: str) -> list[str]:
        """The names that a command lists. Raises ConfigurationError."""
        code, found, said = self._asked(command, "-z", *options)
        if code:
            raise ConfigurationError(_PLACE, f"git {command}: {said}")
        return [os.fsdecode(name) for name in found.split(b"\0") if name]

    def beginning(self, base: str) -> str | None:
        """The commit to compare with; None where there is no commit yet. Raises ConfigurationError."""
        if not base or base.startswith("-"):
            raise ConfigurationError(_PLACE, f"{quoted(base)} is no revision; see --help")
        head, of_base = self._commit(HEAD), self._commit(base)
        if of_base is None and base == HEAD:
            return None
        if of_base is None:
            is_path = (self._folder / base).exists() or Path(base).exists()
            hint = "PATH comes before --changed" if is_path else "`git fetch` may bring it"
            raise ConfigurationError(_PLACE, f"Git knows no commit {quoted(base)}; {hint}")
        code, found, _ = self._asked("merge-base", of_base, head or of_base)
        if code:
            raise ConfigurationError(
                _PLACE,
                f"Git knows no commit that {quoted(base)} and this branch share; a shallow clone lacks it: "
                "`git fetch --unshallow`",
            )
        return found.decode("ascii").strip()

    def _commit(self, revision: str) -> str | None:
        code, found, _ = self._asked("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        return None if code else found.decode("ascii", "replace").strip()

    def _asked(self, *arguments: str) -> tuple[int, bytes, str]:
        """The exit code, what Git printed, and the first line that it complained of."""
        try:
            done = subprocess.run(  # noqa: S603 - git itself, no shell; a revision never begins with `-`
                [self._program, "-C", str(self._folder), "--no-pager", *_NO_PROGRAMS, *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env=self._environ,
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            raise ConfigurationError(
                _PLACE, f"git cannot be asked: {printable(str(error), 300)}"
            ) from None
        lines = done.stderr.decode("utf-8", "replace").strip().split("\n")
        return done.returncode, done.stdout, printable(lines[0], 300)

"""The CODEOWNERS file of the repository that a collection lies in (rule Q6)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from crawler import files
from crawler.rules.owners import CodeOwners

PLACES: Final = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks for it, in this order; the first that is there counts."""
LARGEST: Final = 3_000_000
"""Bytes; GitHub takes no larger one either."""
_HIGHEST: Final = 40
"""Levels above the content at which the root of its repository is looked for."""


def read_code_owners(root: Path) -> CodeOwners | None:
    """The owners by the file of the repository whose folder `root` is or is in; None where there is none.

    Outside of a repository only `root` itself is looked at. As on GitHub, a file that is too large names nobody.
    """
    repository = _repository(root)
    below = root.relative_to(repository).as_posix()
    for place in PLACES:
        data = _read(repository, place)
        if data is None:
            continue
        return CodeOwners(data.decode("utf-8", "replace"), "" if below == "." else below)
    return None


def _repository(root: Path) -> Path:
    folder = root
    for _ in range(_HIGHEST):
        if (folder / ".git").exists():
            return folder
        if folder.parent == folder:
            break
        folder = folder.parent
    return root


def _read(repository: Path, place: str) -> bytes | None:
    """The bytes of a regular file below the repository, none through a link; None where there is none."""
    folder, _, name = place.rpartition("/")
    try:
        with (
            files.Folder.opened(repository, folder) as opened,
            opened.file(name) as (descriptor, _),
        ):
            data = files.read_at_most(descriptor, LARGEST + 1)
            return data if len(data) <= LARGEST else b""
    except OSError:
        return None

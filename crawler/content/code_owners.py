"""The CODEOWNERS file of the repository that a collection lies in (rule Q6)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from crawler import files
from crawler.content.containing_repository import folder_in_repository, repository_of
from crawler.rules.owners import CodeOwners

PLACES: Final = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks for it, in this order; the first that is there counts."""
LARGEST: Final = 3_000_000
"""Bytes; GitHub takes no larger one either."""


def read_code_owners(root: Path) -> CodeOwners | None:
    """The owners by the file of the repository whose folder `root` is or is in; None where there is none.

    Outside of a repository only `root` itself is looked at. As on GitHub, a file that is too large names nobody.
    """
    text = code_owners_text(root)
    return None if text is None else CodeOwners(text, folder_in_repository(root))


def code_owners_text(root: Path) -> str | None:
    """What that file says; None where there is none."""
    found = (_read(repository_of(root), place) for place in PLACES)
    data = next((data for data in found if data is not None), None)
    return None if data is None else data.decode("utf-8", "replace")


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

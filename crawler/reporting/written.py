"""What stands beside the reports: from what each was written, so that a run in which nothing changed writes nothing."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from crawler.files import Folder

NOTE: Final = ".written.json"
_MODE = 0o666
_LARGEST_NOTE = 1_000_000
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Written:
    """One file: the digest of what it was written from, and its own SHA-256."""

    basis: str
    sha256: str


def read_note(folder: Folder) -> dict[str, Written]:
    """What the note says of each file; empty where there is none, or none that can be read."""
    try:
        with folder.file(NOTE) as (descriptor, _):
            found = json.loads(os.read(descriptor, _LARGEST_NOTE))
        return {name: Written(one["basis"], one["sha256"]) for name, one in found.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def write_note(folder: Folder, files: Mapping[str, Written]) -> None:
    """Write the note, whole or not at all. Raises OSError."""
    note = {name: {"basis": one.basis, "sha256": one.sha256} for name, one in files.items()}
    with folder.temporary(".written.", ".tmp", _MODE) as (descriptor, temporary):
        with os.fdopen(descriptor, "wb", closefd=False) as stream:
            stream.write(json.dumps(note, indent=1).encode())
        os.fsync(descriptor)
        folder.replace(NOTE, temporary)


def is_as_written(folder: Folder, name: str, written: Written | None, basis: str) -> bool:
    """Whether a file was written from `basis` and is what was written then: nobody has edited or removed it."""
    if written is None or written.basis != basis:
        return False
    try:
        with folder.file(name) as (descriptor, _):
            return hash_of(descriptor) == written.sha256
    except OSError:
        return False


def hash_of(descriptor: int) -> str:
    """The SHA-256 of an open file."""
    found = hashlib.sha256()
    os.lseek(descriptor, 0, os.SEEK_SET)
    while chunk := os.read(descriptor, _CHUNK):
        found.update(chunk)
    return found.hexdigest()

"""Updating the sidecar of a collection: data files about URLs, made from committed state.

It is derived again whenever files are written: a killed run leaves each file old or new, and the next run
writes the rest.
"""

from __future__ import annotations

import os
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.content import (
    LARGEST_FILE,
    WriteRefused,
    create,
    read_bytes,
    remove,
    replace,
    sha256_of,
    sweep,
)
from crawler.model.article import Problem, ProblemCode
from crawler.session import Session
from crawler.sidecar.notes import merged, url_notes
from crawler.sidecar.shards import (
    HUGO_FOLDER,
    JEKYLL_FOLDER,
    SHARDS,
    is_ours,
    read_shard,
    render_shards,
    shard_path,
    sidecar_folder,
)
from crawler.sidecar.url_note import UrlNote


@dataclass(frozen=True, slots=True)
class SidecarOutcome:
    """The paths that were written or removed, and the problems of those that were left alone."""

    changed: tuple[str, ...] = ()
    refused: tuple[Problem, ...] = ()


def written_notes(session: Session) -> dict[str, UrlNote]:
    """The notes that the sidecar holds now. Files that are not ours, or cannot be read, count as empty."""
    notes: dict[str, UrlNote] = {}
    for shard in SHARDS:
        try:
            data = _present(session.content.root, shard_path(_folder(session), shard))
        except WriteRefused:
            continue
        if data is not None and is_ours(data):
            notes |= read_shard(data)
    return notes


def update(
    session: Session, *, hold_ends: bool = False, accepted: Container[str] = ()
) -> SidecarOutcome:
    """Bring the sidecar up to date; `hold_ends` keeps the notes of URLs that would be newly
    broken, or newly dead, but for those that are `accepted`, as the files spell them.

    With a part of the collection only its URLs are brought up to date. Sidecars in other folders are removed.
    """
    asked = session.content.asked
    if asked is not None:
        # A run with the whole collection has swept all of its folders when it was opened.
        _sweep(session.content.root, _folder(session))
    new = url_notes(session.state.texts_of_links(asked), session.configuration.policy.images)
    notes = merged(
        written_notes(session), new, whole=asked is None, hold_ends=hold_ends, accepted=accepted
    )
    shards = render_shards(notes)
    changes = {shard_path(_folder(session), shard): shards.get(shard) for shard in SHARDS}
    return _carried_out(session, changes | dict.fromkeys(_elsewhere(session)))


def withdraw(session: Session) -> SidecarOutcome:
    """Remove the sidecar from every folder. With a part of the collection it stays, because it belongs to the whole collection."""
    if session.content.asked is not None:
        return SidecarOutcome()
    here = (shard_path(_folder(session), shard) for shard in SHARDS)
    return _carried_out(session, dict.fromkeys([*here, *_elsewhere(session)]))


def _folder(session: Session) -> str:
    configured = session.configuration.sidecar_folder
    return configured or sidecar_folder(session.content.root)


def _elsewhere(session: Session) -> Iterator[str]:
    """The paths of a sidecar under an earlier configuration or another site generator."""
    if session.content.asked is not None:
        return
    for folder in (JEKYLL_FOLDER, HUGO_FOLDER):
        if folder != _folder(session):
            yield from (shard_path(folder, shard) for shard in SHARDS)


def _sweep(root: Path, folder: str) -> None:
    """Remove what killed runs left in the folder; not where a link leads out of the collection."""
    real = root.resolve()
    if (real / folder).resolve().is_relative_to(real):
        sweep(real / folder, below=False)


def _carried_out(session: Session, changes: dict[str, bytes | None]) -> SidecarOutcome:
    """Write or (None) remove the files by path, where that changes anything."""
    changed: list[str] = []
    refused: list[Problem] = []
    for path, wanted in changes.items():
        try:
            if _change(session.content.root, path, wanted):
                changed.append(path)
        except WriteRefused as refusal:
            refused.append(refusal.problem())
    _note(session, refused)
    return SidecarOutcome(tuple(changed), tuple(refused))


def _change(root: Path, path: str, wanted: bytes | None) -> bool:
    """Write or remove one file; returns whether it changed. Raises WriteRefused."""
    try:
        present = _present(root, path)
    except WriteRefused:
        if wanted is None:
            # A file that cannot be read is not ours, so there is nothing to remove.
            return False
        raise
    ours = present is not None and is_ours(present)
    if wanted == present or (wanted is None and not ours):
        return False
    if wanted is None:
        assert present is not None
        remove(root, path, sha256_of(present))
    elif len(wanted) > LARGEST_FILE:
        reason = f"it would be larger than {LARGEST_FILE:,} bytes"
        raise WriteRefused(path, ProblemCode.FILE_TOO_LARGE, reason)
    elif present is None:
        create(root, path, wanted)
    elif ours:
        replace(root, path, sha256_of(present), wanted)
    else:
        reason = "it was not made by linkhealth: move it, or choose another sidecar_folder"
        raise WriteRefused(path, ProblemCode.WRITE_REFUSED, reason)
    return True


def _present(root: Path, path: str) -> bytes | None:
    """A file's bytes; None where there is none. Raises WriteRefused."""
    return read_bytes(root, path) if os.path.lexists(root / path) else None


def _note(session: Session, refused: Sequence[Problem]) -> None:
    """Keep the problems for the reports; the next intake drops those of files that are no articles."""
    for problem in refused:
        if session.state.stamps(problem.path):
            session.state.save_write_problems((problem,))
        else:
            session.state.save_unreadable(problem.path, None, (problem,))

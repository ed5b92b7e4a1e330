"""Intake: article files that changed on disk are read into the state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from crawler.content import (
    Candidate,
    Repository,
    Scan,
    Touched,
    Unreadable,
    Vanished,
    WithoutFrontMatter,
)
from crawler.model.article import FileStamp
from crawler.model.field_map import OWN_FIELDS
from crawler.model.role import ON_REQUEST, Role
from crawler.operations.file_reading import FileReading
from crawler.operations.work_apart import WorkApart
from crawler.session import Session
from crawler.state import StoredArticle

BATCH_REFERENCES = 20_000
BATCH_FILES = 1_000
"""References and files per transaction: large enough to be fast, small enough to keep memory flat."""


@dataclass(slots=True)
class IntakeCount:
    """The progress of an intake: files seen, files read anew, files that could not be read, Markdown
    files that are no articles, and files that have gone."""

    seen: int = 0
    read: int = 0
    unreadable: int = 0
    without_front_matter: int = 0
    gone: int = 0


def take_in(session: Session) -> Iterator[IntakeCount]:
    """Bring the state up to date with the files; yields after each file so that a caller can show
    progress and do other things in between."""
    state, now = session.state, session.configuration.clock.now()
    progress = IntakeCount()
    batch: list[StoredArticle] = []
    touched: dict[str, FileStamp] = {}
    unread: set[str] = set()
    waiting = 0
    repository = session.repository
    scan = Scan(repository, _stamps(session, repository))
    reading = FileReading(repository)
    with WorkApart(reading, Candidate, session.configuration.processes) as apart:
        for found in chain(apart.results(scan.files()), scan.vanished()):
            if found is None:
                continue
            progress.seen += 1
            match found:
                case StoredArticle():
                    progress.read += 1
                    batch.append(found)
                    waiting += len(found.references)
                case Touched(path, stamp):
                    touched[path] = stamp
                case Unreadable(path, problems, stamp):
                    progress.unreadable += 1
                    state.save_unreadable(path, stamp, problems)
                    unread.add(path)
                case WithoutFrontMatter():
                    progress.without_front_matter += 1
                case Vanished(path):
                    progress.gone += 1
                    state.forget([path])
            scan.met(found)
            if waiting >= BATCH_REFERENCES or len(batch) + len(touched) >= BATCH_FILES:
                _save(session, batch, touched, now)
                waiting = 0
            yield progress
    _save(session, batch, touched, now)
    if session.content.asked is None:
        # A file whose bytes could not be read has no stamp, so the scan does not report that it has gone.
        state.forget(state.unstamped() - unread)
        state.note_reading(_reading(session))
    asked = session.selection.roles & ON_REQUEST
    if asked:
        state.note_unvisitable(replace(session.selection, roles=asked), now)


def _save(
    session: Session,
    batch: list[StoredArticle],
    touched: dict[str, FileStamp],
    now: datetime,
) -> None:
    if batch:
        session.state.save_stored(batch, now)
    session.state.restamp(touched)
    batch.clear()
    touched.clear()


def _stamps(session: Session, repository: Repository) -> dict[str, FileStamp]:
    """The stamps of the files. A file that must be read again gets a stamp that no file has.

    These are all files where the site's address has changed, and each article one of whose images, or a file that its text
    links to, has come into the collection or gone from it.
    """
    stamps = session.state.stamps(session.content.asked)
    if session.state.reading() not in (None, _reading(session)):
        return dict.fromkeys(stamps, _UNLIKE_ANY)
    for one in session.state.relative_references(session.content.asked):
        if one.role is Role.BODY:
            means = repository.resolve_text(one.raw, one.path)
        else:
            means = repository.resolve(one.raw, one.path, is_image=True)
        if (means.url, means.invalid) != (one.url, one.invalid) and one.path in stamps:
            stamps[one.path] = _UNLIKE_ANY
    return stamps


def _reading(session: Session) -> str:
    """What decides the references of a file apart from its bytes: how addresses are read, and the site's own."""
    how = f"{_READING} site {session.repository.address or '-'}"
    field_map = session.field_map
    return how if field_map == OWN_FIELDS else f"{how} fields {field_map!r}"


_READING = 3
"""Counts the ways in which files have been read: with another one they are all read again. The second keeps no
credentials (rule U8) and reads what was typed in the place of an address (rule U9), the third knows what links of a text
mean within the collection (rule K7)."""
_UNLIKE_ANY = FileStamp(size=-1, mtime_ns=-1, ctime_ns=-1, inode=-1, sha256="")

"""Visits of files of the collection: of local images, and of what texts link to, without the network (rules I17, K7).

Every run looks at each of them, and only at its file's facts where these have not changed. News about one
is an observation like any other, so that verdict, history and reports are made as for the web.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from crawler.content import LocalImages, Look, Presence
from crawler.content.notations import TEXTS
from crawler.content.own_anchors import LARGEST_READ, anchors_in
from crawler.content.own_files import is_picture
from crawler.extractors.image.header import (
    PIECE,
    STEPS,
    Info,
    Need,
    Piece,
    probe,
    probe_piece,
    stands_behind,
    to_facts,
)
from crawler.model.link import DueLink
from crawler.model.observation import FailureKind, Observation, PageFacts
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import FILE, find
from crawler.session import Session
from crawler.state import KnownFile

_FAILURES = {
    Presence.MISSING: FailureKind.IMAGE_FILE_MISSING,
    Presence.NO_FOLDER: FailureKind.IMAGE_FOLDER_MISSING,
    Presence.CLOSED: FailureKind.IMAGE_FILE_CLOSED,
}


def visit_local_images(session: Session) -> Iterator[tuple[DueLink, Observation]]:
    """The observations of files of the selection that differ from the last ones, by path. Raises `StateError`."""
    now = session.configuration.clock.now()
    pictures = LocalImages(session.content.root)
    for known in session.state.image_files(session.selection, now):
        seen = _look(session, pictures, known)
        if seen is not None:
            yield known.link, seen


def _look(session: Session, pictures: LocalImages, known: KnownFile) -> Observation | None:
    """The observation of one file; None where it equals the last one and no strike is due."""
    everything = session.selection.ignore_schedule
    found = pictures.look_at(known.link.url)
    is_same = found.mark is not None and found.mark == known.link.etag
    if is_same and known.reason == FILE and not everything:
        return None
    history = session.state.history(known.link.id)
    seen = _observed(session, pictures, known.link, history)
    if everything or not history or _is_news(seen, history[-1]):
        return seen
    is_well = find(seen).outcome is Outcome.ALIVE
    is_due = known.due_at is not None and known.due_at <= seen.at
    return seen if is_due and not is_well else None


def _is_news(seen: Observation, last: Observation) -> bool:
    return _facts(seen) != _facts(last)


def _facts(seen: Observation) -> tuple[object, ...]:
    """All that is compared. A file that changed just now has no mark, so that its parts are compared themselves."""
    anchors = seen.page.anchors if seen.page is not None else None
    return seen.failure, seen.failure_detail, seen.image, seen.etag, anchors


def _observed(
    session: Session, pictures: LocalImages, link: DueLink, history: Sequence[Observation]
) -> Observation:
    assert session.run is not None
    at, run = session.configuration.clock.now(), session.run.id
    if not link.wants_image and not is_picture(link.url):
        return _of_page(pictures, link, at, run)
    read = pictures.read_beginning(link.url, _wanted)
    if isinstance(read, Look):
        failure = _FAILURES[read.presence]
        if failure is FailureKind.IMAGE_FOLDER_MISSING and any(seen.image for seen in history):
            # An earlier visit found the image: the folder has gone with its last image.
            failure = FailureKind.IMAGE_FILE_MISSING
        return Observation(link.url, at, run, failure=failure, failure_detail=read.detail)
    length = len(read.head)
    result = probe(read.head, complete=length >= read.size)
    is_unknown = isinstance(result, Info) and result.width is None
    behind = stands_behind(read.head) if is_unknown else None
    if behind is not None and behind < read.size:
        piece = pictures.read_piece(link.url, behind, PIECE)
        length += len(piece)
        result = probe_piece(read.head, Piece(behind, piece)) or result
    image = to_facts(result, total_bytes=read.size, bytes_read=length, head=read.head)
    return Observation(link.url, at, run, image=image, etag=read.mark, bytes_read=length)


def _of_page(pictures: LocalImages, link: DueLink, at: datetime, run: int) -> Observation:
    """What was seen of a file that is no image: whether it is there, and its parts."""
    read = pictures.read_beginning(link.url, lambda _, is_all: None if is_all else LARGEST_READ)
    if isinstance(read, Look):
        is_closed = read.presence is Presence.CLOSED
        failure = FailureKind.IMAGE_FILE_CLOSED if is_closed else FailureKind.FILE_MISSING
        return Observation(link.url, at, run, failure=failure, failure_detail=read.detail)
    is_text = link.url.lower().endswith(TEXTS)
    page = PageFacts(anchors=anchors_in(read.head) if is_text else None)
    return Observation(link.url, at, run, page=page, etag=read.mark, bytes_read=len(read.head))


def _wanted(head: bytes, is_all: bool) -> int | None:
    if not head and not is_all:
        return STEPS[0]
    answer = probe(head, complete=is_all)
    return answer.total if isinstance(answer, Need) else None

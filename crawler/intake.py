"""Taking the article files in: what has changed on disk goes into the state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crawler.content import Read, Touched, Unreadable, Vanished, WithoutFrontMatter
from crawler.model.article import Article, FileStamp
from crawler.session import Session

BATCH_REFERENCES = 20_000
"""References per transaction: large enough to be fast, small enough to keep memory flat."""


@dataclass(slots=True)
class IntakeCount:
    """How far an intake is: files seen, those read anew, those that could not be read, Markdown
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
    batch: list[tuple[Article, FileStamp]] = []
    waiting = 0
    for found in session.repository.scan(state.stamps(session.content.path)):
        progress.seen += 1
        match found:
            case Read(article, stamp):
                progress.read += 1
                batch.append((article, stamp))
                waiting += len(article.references)
            case Touched(path, stamp):
                state.restamp(path, stamp)
            case Unreadable(path, problems, stamp):
                progress.unreadable += 1
                state.save_unreadable(path, stamp, problems)
            case WithoutFrontMatter():
                progress.without_front_matter += 1
            case Vanished(path):
                progress.gone += 1
                state.forget([path])
        if waiting >= BATCH_REFERENCES:
            state.save_articles(batch, now)
            batch.clear()
            waiting = 0
        yield progress
    if batch:
        state.save_articles(batch, now)

"""Editors' decisions on a link, which change no file: not broken, left out until a date, or seen as it is now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time

from crawler.configuration import ConfigurationError
from crawler.model.link import Link
from crawler.model.repair import Instruction, Verb
from crawler.operations.exclusions import excludable, exclude
from crawler.operations.known_links import find
from crawler.rules.article.updates import seen_baseline
from crawler.rules.verdict.page_evidence import compared_link
from crawler.session import Session


def note_link_decision(session: Session, row: Instruction, *, write: bool) -> str | None:
    """Note a row's decision on a link, with `write`; returns why it cannot be noted, None where it can."""
    link = find(session, row.url)
    if link is None:
        return "no article is known to hold the link"
    if row.verb is Verb.SEEN:
        return _see(session, link, write=write)
    until = datetime.combine(row.until, time(), UTC) if row.until else None
    if until is not None and until <= session.configuration.clock.now():
        return f"{row.until} is not in the future"
    try:
        if write:
            exclude(session, link, row.note, until)
        else:
            excludable(session, link, until)
    except ConfigurationError as error:
        return error.message
    return None


def note_accepted(session: Session, paths: Iterable[str]) -> None:
    """Note that the pages of these articles have been seen: their words were taken over, so somebody read them."""
    for path in sorted(paths):
        for article in session.state.known_articles(path):
            link = compared_link(article.own)
            if link is not None:
                _see(session, link, write=True)


def _see(session: Session, link: Link, *, write: bool) -> str | None:
    """Compare the page from now on with what it says now; returns why that cannot be."""
    baseline = seen_baseline(link)
    if baseline is None:
        return "no page was read there yet"
    if write:
        session.state.move_baseline(link.id, baseline)
    return None

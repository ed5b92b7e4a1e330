"""Editors' decisions on a link, which change no file: not broken, or left out until a date."""

from __future__ import annotations

from datetime import UTC, datetime, time

from crawler.configuration import ConfigurationError
from crawler.model.repair import Instruction
from crawler.operations.exclusions import excludable, exclude
from crawler.operations.known_links import find
from crawler.session import Session


def note_link_decision(session: Session, row: Instruction, *, write: bool) -> str | None:
    """Note a row's decision on a link, with `write`; returns why it cannot be noted, None where it can."""
    link = find(session, row.url)
    if link is None:
        return "no article is known to hold the link"
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

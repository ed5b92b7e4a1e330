"""What reports are written from, as one digest: where it is the same, they need not be written again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Final

import crawler
from crawler.content.code_owners import code_owners_text
from crawler.content.containing_repository import folder_in_repository
from crawler.model.run import Run
from crawler.session import Session

_SAYS_NOTHING: Final = frozenset(
    {
        "accept_mass_change",
        "allow_private",
        "body",
        "ca_file",
        "canaries",
        "clock",
        "connect_timeout",
        "connect_to",
        "contact_url",
        "database_url",
        "dns_timeout",
        "fixed_delay",
        "hosts",
        "notifications",
        "processes",
        "proxy",
        "related",
        "report_formats",
        "respect_robots",
        "response_timeout",
        "second_resolver",
        "secret_keys",
        "secrets",
        "settings",
        "targets",
        "user_agent",
        "in_flight",
    }
)
"""Values of the configuration that no report depends on: they are about visits, or differ from command to command."""


def basis_of(
    session: Session,
    run: Run | None,
    *,
    all_references: bool = False,
    now: datetime | None = None,
) -> str:
    """The digest of what the reports of a session show: its state, what `run` changed, the configuration, the day and
    this version's own code. `now` is the time of the report, None for the present one: what has become due since is told
    in other words."""
    state = session.state
    now = now or session.configuration.clock.now()
    return digest_of(
        (
            *said_by(session, now),
            session.content.name,
            str(run is None),
            folder_in_repository(session.content.root),
            code_owners_text(session.content.root) or "",
            str(all_references),
            repr(state.alarms()),
            state.fingerprint(run.id if run else None, state.told_until(), now),
        )
    )


def said_by(session: Session, now: datetime) -> Iterator[str]:
    """What decides beside the state: this version's own code, the part that is looked at, the day and the configuration."""
    configuration = session.configuration
    yield _code()
    yield session.content.digest
    # Ages and ends are told by the day.
    yield now.date().isoformat()
    for field in fields(configuration):
        if field.name not in _SAYS_NOTHING:
            yield f"{field.name}={getattr(configuration, field.name)!r}"


def digest_of(parts: Iterable[str]) -> str:
    """One digest of several texts: what one part says cannot pass for the next."""
    return hashlib.sha256(repr(list(parts)).encode("ascii", "backslashreplace")).hexdigest()


@cache
def _code() -> str:
    """A mark of the program's files: after an update reports are written again."""
    package = Path(crawler.__file__).parent
    if package.is_dir():
        return "\n".join(_marks(package))
    # scrapyd runs from an archive, which is one file.
    archive = next(folder for folder in package.parents if folder.is_file())
    facts = archive.stat()
    return f"{archive.name} {facts.st_size} {facts.st_mtime_ns}"


def _marks(folder: Path | os.DirEntry[str], above: str = "") -> Iterator[str]:
    # By entries: objects of pathlib for 700 files would be a tenth of a small run.
    with os.scandir(folder) as found:
        entries = sorted(found, key=attrgetter("name"))
    for entry in entries:
        if entry.is_file():
            facts = entry.stat()
            yield f"{above}{entry.name} {facts.st_size} {facts.st_mtime_ns}"
        elif entry.name != "__pycache__":
            yield from _marks(entry, f"{above}{entry.name}/")

"""A look at a state that makes, upgrades and keeps nothing: for who wants to know how it is before a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import exists, inspect, select

from crawler.state.connecting import FILE, FOLDER, from_file, from_url
from crawler.state.errors import StateError, StateLocked
from crawler.state.schema import files, meta
from crawler.state.upgrades import SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Peek:
    """How a state is. `name` is as users know it, without a password; `version` None where there is none yet; `bytes` of a
    file, None for a server's. `knows_articles` where it has read some."""

    name: str
    version: int | None = None
    bytes: int | None = None
    is_held: bool = False
    knows_articles: bool = False

    @property
    def is_current(self) -> bool:
        """Whether this version of linkhealth reads it as it is."""
        return self.version == SCHEMA_VERSION


def peek_at(root: Path, database_url: str | None) -> Peek:
    """The state of the collection under `root` as it is. Raises StateError where it cannot be read."""
    file = root / FOLDER / FILE
    if database_url is None:
        if file.parent.is_symlink():
            raise StateError(f"{file.parent}: is a symbolic link; replace it by a folder")
        if not file.exists() and not file.is_symlink():
            return Peek(str(file))
    database = from_url(database_url) if database_url else from_file(file)
    try:
        if database.file is not None and not database.file.exists():
            return Peek(database.name)
        size = database.file.stat().st_size if database.file is not None else None
        with database.read() as connection:
            if not inspect(connection).has_table(meta.name):
                return Peek(database.name, bytes=size)
            stored = connection.execute(
                select(meta.c.value).where(meta.c.key == "schema_version")
            ).scalar_one_or_none()
            knows_articles = inspect(connection).has_table(files.name) and bool(
                connection.execute(select(exists(select(files.c.path)))).scalar_one()
            )
        if stored is None or not stored.isdigit():
            raise StateError(
                f"{database.name}: the schema version cannot be read; move this database away or name another"
            )
        try:
            with database.exclusive():
                is_held = False
        except StateLocked:
            is_held = True
        return Peek(database.name, int(stored), size, is_held, knows_articles)
    finally:
        database.engine.dispose()

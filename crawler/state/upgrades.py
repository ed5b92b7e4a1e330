"""The version of the schema, and the steps that bring an older database to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, inspect, select, text

from crawler.state.errors import StateError, StateTooNew, damaged
from crawler.state.schema import meta, schema

Step = Callable[[Connection], None]


def _add_write_problems(connection: Connection) -> None:
    connection.execute(
        text("ALTER TABLE problems ADD COLUMN at_write BOOLEAN NOT NULL DEFAULT FALSE")
    )


def _add_inconclusive(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE observations ADD COLUMN inconclusive TEXT"))


def _add_certificate_and_probe(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE observations ADD COLUMN certificate TEXT"))
    connection.execute(text("ALTER TABLE observations ADD COLUMN sibling TEXT"))


def _add_pending_observations(connection: Connection) -> None:
    kinds = {
        "sqlite": ("INTEGER", "FLOAT", "TEXT"),
        "postgresql": ("BIGINT", "FLOAT", 'TEXT COLLATE "C"'),
    }
    big, real, exact = kinds[connection.dialect.name]
    connection.execute(
        text(
            f"""CREATE TABLE staged_observations (
                link_id {big} NOT NULL PRIMARY KEY REFERENCES links (id) ON DELETE CASCADE,
                run_id {big} NOT NULL REFERENCES runs (id),
                at BIGINT NOT NULL, status INTEGER, failure TEXT, failure_detail {exact}, hops TEXT,
                final_url {exact}, content_type {exact}, etag {exact}, last_modified {exact},
                retry_after {real}, elapsed {real}, bytes_read BIGINT NOT NULL, sign TEXT, page TEXT,
                image TEXT, inconclusive TEXT, certificate TEXT, sibling TEXT)"""
        )
    )
    connection.execute(
        text(
            f"""CREATE TABLE origin_answers (
                key TEXT NOT NULL PRIMARY KEY, origin {exact} NOT NULL, status INTEGER NOT NULL,
                fingerprint TEXT, final_url {exact})"""
        )
    )


def _add_decisions(connection: Connection) -> None:
    exact = 'VARCHAR COLLATE "C"' if connection.dialect.name == "postgresql" else "TEXT"
    connection.execute(
        text(
            f"CREATE TABLE decisions (key TEXT NOT NULL PRIMARY KEY, url {exact} NOT NULL,"
            f" note {exact} NOT NULL, decided_at BIGINT NOT NULL, until BIGINT,"
            " against_reason TEXT, against_since BIGINT)"
        )
    )


def _add_baseline(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE links ADD COLUMN baseline TEXT"))


def _add_further(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE observations ADD COLUMN further TEXT"))
    connection.execute(text("ALTER TABLE staged_observations ADD COLUMN further TEXT"))


def _add_provider(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE files ADD COLUMN provider TEXT"))
    _read_every_file_again(connection)


def _add_labels(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE files ADD COLUMN labels TEXT"))
    _read_every_file_again(connection)


def _read_every_file_again(connection: Connection) -> None:
    """Give each file a stamp that none has, for a value that was not read before."""
    connection.execute(
        text(
            "UPDATE files SET size = -1, mtime_ns = -1, ctime_ns = -1, inode = -1, sha256 = ''"
            " WHERE sha256 IS NOT NULL"
        )
    )


def _add_standing(connection: Connection) -> None:
    big = "BIGINT" if connection.dialect.name == "postgresql" else "INTEGER"
    compact = " WITHOUT ROWID" if connection.dialect.name == "sqlite" else ""
    connection.execute(
        text(
            f"""CREATE TABLE held_links (
                file_id {big} NOT NULL REFERENCES files (id) ON DELETE CASCADE,
                link_id {big} NOT NULL REFERENCES links (id) ON DELETE CASCADE,
                is_first BOOLEAN NOT NULL, PRIMARY KEY (file_id, link_id)){compact}"""
        )
    )
    connection.execute(text("CREATE INDEX ix_held_links_link_id ON held_links (link_id)"))
    connection.execute(
        text(
            "CREATE TABLE accepted_links (key TEXT NOT NULL PRIMARY KEY, failing_since BIGINT,"
            " accepted_at BIGINT NOT NULL)"
        )
    )


def _add_review_decisions(connection: Connection) -> None:
    exact = 'VARCHAR COLLATE "C"' if connection.dialect.name == "postgresql" else "TEXT"
    connection.execute(
        text(
            f"CREATE TABLE review_decisions (key TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL UNIQUE,"
            f" stage TEXT NOT NULL, cells TEXT NOT NULL, link {exact}, seen_verdict {exact},"
            f" seen_reason {exact}, seen_suggestion {exact}, author TEXT NOT NULL, changed_at BIGINT NOT NULL)"
        )
    )
    connection.execute(text("CREATE INDEX ix_review_decisions_stage ON review_decisions (stage)"))


def _add_host_certificates(connection: Connection) -> None:
    exact = 'VARCHAR COLLATE "C"' if connection.dialect.name == "postgresql" else "TEXT"
    connection.execute(
        text(
            f"CREATE TABLE host_certificates (key TEXT NOT NULL PRIMARY KEY, host {exact} NOT NULL,"
            " begins_at BIGINT NOT NULL, ends_at BIGINT NOT NULL, seen_at BIGINT NOT NULL)"
        )
    )


def _add_told_channels(connection: Connection) -> None:
    exact = 'VARCHAR COLLATE "C"' if connection.dialect.name == "postgresql" else "TEXT"
    connection.execute(
        text(
            "CREATE TABLE told_channels (channel TEXT NOT NULL, target TEXT NOT NULL, run_id BIGINT NOT NULL,"
            f" told_at BIGINT, held {exact}, PRIMARY KEY (channel, target))"
        )
    )


def _add_page_marks(connection: Connection) -> None:
    for table in ("links", "observations", "staged_observations"):
        connection.execute(text(f"ALTER TABLE {table} ADD COLUMN page_mark TEXT"))


STEPS: Sequence[Step] = (
    _add_write_problems,
    _add_inconclusive,
    _add_certificate_and_probe,
    _add_pending_observations,
    _add_decisions,
    _add_baseline,
    _add_further,
    _add_provider,
    _add_labels,
    _add_standing,
    _add_review_decisions,
    _add_host_certificates,
    _add_told_channels,
    _add_page_marks,
)
"""`STEPS[n]` takes a database from version n + 1 to n + 2. It is fixed SQL: never write one
with the tables of `schema.py`, which will change."""

SCHEMA_VERSION = 1 + len(STEPS)

# The number of a lock, so that two processes that open a new database take turns: any number, but it must stay.
_OPENING = 0x6C68_0001


def upgrade(connection: Connection, name: str, steps: Sequence[Step] = STEPS) -> None:
    """Create the tables, or bring them to the present version. One transaction: the caller's.

    Raises `StateTooNew` for a database of a later version, `StateError` where `name` holds tables
    but no version that can be read.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _OPENING})
    newest = 1 + len(steps)
    tables = set(inspect(connection).get_table_names())
    if meta.name not in tables:
        if not tables.isdisjoint(schema.tables):
            raise damaged(name, f"its table {meta.name} is missing")
        schema.create_all(connection, checkfirst=False)
        connection.execute(meta.insert().values(key="schema_version", value=str(newest)))
        return
    version = _version(connection, name)
    if version > newest:
        raise StateTooNew(
            f"{name}: written by a newer version of linkhealth (schema {version}, this one knows "
            f"up to {newest}); update linkhealth, or name another database"
        )
    for step in steps[version - 1 :]:
        step(connection)
    if version < newest:
        stamp = meta.update().where(meta.c.key == "schema_version").values(value=str(newest))
        connection.execute(stamp)


def _version(connection: Connection, name: str) -> int:
    value = connection.execute(
        select(meta.c.value).where(meta.c.key == "schema_version")
    ).scalar_one_or_none()
    if value is None or not value.isdecimal() or int(value[:9]) < 1:
        raise StateError(
            f"{name}: the schema version cannot be read; move this database away or name another"
        )
    return int(value[:9])

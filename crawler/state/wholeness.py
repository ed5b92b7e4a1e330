"""Whether a database has every table and column that this version uses: one query, however large it is.

Damage inside a table is told when it is met: a look at every page (`PRAGMA quick_check`) would take minutes where the
file is large, and every command opens the state.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

from crawler.state.errors import damaged
from crawler.state.schema import schema

_COLUMNS: Final = {
    "sqlite": text(
        "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c"
        " WHERE m.type = 'table'"
    ),
    "postgresql": text(
        "SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid"
        " WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
        " AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped"
    ),
}
"""Every table with each of its columns."""


def check_whole(connection: Connection, name: str) -> None:
    """Raises `StateError` with the first thing that is missing; `name` is the database as a user knows it."""
    found: dict[str, set[str]] = {}
    for table, column in connection.execute(_COLUMNS[connection.dialect.name]):
        found.setdefault(table, set()).add(column)
    for wanted in schema.sorted_tables:
        if wanted.name not in found:
            raise damaged(name, f"its table {wanted.name} is missing")
        for column in wanted.columns:
            if column.name not in found[wanted.name]:
                raise damaged(
                    name, f"the column {column.name} of its table {wanted.name} is missing"
                )

"""The base class of the parts of `State`, and what more than one of them needs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import wraps
from itertools import islice
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    Text,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects import sqlite

from crawler.model.decision import DecisionCode
from crawler.model.portion import Portion, Within
from crawler.model.role import ON_REQUEST
from crawler.model.verdict import VerdictKind
from crawler.state.columns import digest, storable
from crawler.state.database import Database
from crawler.state.schema import files, links, references

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

_T = TypeVar("_T")
_P = ParamSpec("_P")
_PartOfState = TypeVar("_PartOfState", bound="Part")

# SQLite takes 32,766 values in a statement, PostgreSQL 65,535; short lists are compiled faster.
CHUNK = 500

# EXISTS (SELECT *) would make SQLite read the table behind the index.
ONE: ColumnElement[int] = literal_column("1")

GONE = tuple(kind.value for kind in VerdictKind if kind.is_gone)
WRITTEN_BACK = tuple(kind.value for kind in VerdictKind if kind.is_written_back)
NEVER_VISITED = (VerdictKind.INVALID.value, VerdictKind.EXCLUDED.value)
DECIDED = tuple(code.value for code in DecisionCode)
"""Reasons of links that are excluded by an editor's decision, not because they cannot be visited."""


class Part:
    """A group of `State`'s methods."""

    def __init__(self, database: Database) -> None:
        self._database = database


def transaction(
    method: Callable[Concatenate[_PartOfState, _P], _T],
) -> Callable[Concatenate[_PartOfState, _P], _T]:
    """A method that is one transaction, and is made again where the server went away in the middle.

    It must have the effect of one when it is made twice, and return no iterator, which could not be read again from its
    beginning (`State.again` does that for whoever reads one).
    """

    @wraps(method)
    def made(self: _PartOfState, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        return self._database.again(lambda: method(self, *args, **kwargs))

    return made


def chunks(values: Iterable[_T], size: int = CHUNK) -> Iterator[list[_T]]:
    """`values` in lists of `size`, the last one shorter."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def insert_on_conflict(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that supports ON CONFLICT: SQLAlchemy has a class of its own for each engine."""
    if connection.dialect.name == "postgresql":
        # Loaded where it is used: that takes a tenth of the start of a short command.
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    return sqlite.insert(table)


def among(
    connection: Connection, column: ColumnElement[Any], values: Collection[Any]
) -> ColumnElement[bool]:
    """Whether `column` is one of `values`, however many.

    PostgreSQL keeps the plan of a repeated statement: a plan from an empty table would compare each row with
    each value. Values that are a table are joined under any plan.
    """
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        listed = bindparam(None, list(values), type_=postgresql.ARRAY(column.type))
        return column.in_(select(func.unnest(listed)))
    return column.in_(values)


def is_file(path: str) -> ColumnElement[bool]:
    """Whether a row of `files` is of this path."""
    return files.c.key == digest(path)


def is_part(asked: Portion | str) -> ColumnElement[bool]:
    """Whether a row of `files` is in a part of the collection, or of this path."""
    if isinstance(asked, str):
        return is_file(asked)
    if asked.file is not None:
        return is_file(asked.file)
    below = (
        func.substr(files.c.path, 1, len(start), type_=Text) == start
        for start in sorted(f"{storable(folder)}/" for folder in asked.folders)
    )
    return or_(files.c.key.in_(sorted(map(digest, asked.files))), *below)


def is_on_request() -> ColumnElement[bool]:
    """Whether a row of references is of a role that is visited on request only."""
    return references.c.role.in_([role.value for role in ON_REQUEST])


def is_within(asked: Within) -> ColumnElement[bool]:
    """Whether a row of references is in what is asked for."""
    if asked is None:
        return references.c.file_id.is_not(None)
    ids = select(files.c.id).where(is_part(asked))
    if isinstance(asked, Portion) and asked.file is None:
        return references.c.file_id.in_(ids)
    return references.c.file_id == ids.scalar_subquery()


def is_reported() -> ColumnElement[bool]:
    """Whether reports list a row of references, joined with its row of links.

    Links of the body are always read, but visited on request only: reports leave them out until then.
    """
    return or_(~is_on_request(), links.c.checked_at.is_not(None))


def stream(connection: Connection, statement: Any, size: int = CHUNK) -> Iterator[list[Any]]:
    """The rows of a query in lists of `size`, read from the database as they are taken."""
    result = connection.execution_options(yield_per=size).execute(statement)
    yield from (list(rows) for rows in result.partitions(size))

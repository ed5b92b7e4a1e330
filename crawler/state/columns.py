"""Column types that hold the same value on both engines, whatever a hostile file or page contains."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from crawler.state.errors import DamagedValueError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FIRST = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND

_UNSTORABLE = re.compile("[\x00\x10\ud800-\udfff]")
_STORED = re.compile("\x10([0-9a-f]{4})")


def digest(text: str) -> str:
    """The key under which a long text is found: 32 hex digits of its SHA-256.

    URLs and paths may exceed what an index row of PostgreSQL holds (2,704 bytes).
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970 in UTC. `moment` is aware; one that is out of range only in UTC is cut."""
    return min(max((moment - _EPOCH) // _MICROSECOND, _FIRST), _LAST)


def storable(text: str) -> str:
    """`text` without NUL and lone surrogates, which PostgreSQL and UTF-8 refuse; see `original`."""
    if text.isprintable():  # much faster than the search, and true of nearly every text
        return text
    return _UNSTORABLE.sub(lambda match: f"\x10{ord(match[0]):04x}", text)


def original(text: str) -> str:
    """The text that `storable` was given."""
    if "\x10" not in text:
        return text
    return _STORED.sub(lambda match: chr(int(match[1], 16)), text)


_UNREADABLE = (ArithmeticError, TypeError, ValueError)


def _damaged(error: Exception) -> DamagedValueError:
    """A damaged file may hold anything in the place of a value."""
    return DamagedValueError(f"a value cannot be read ({error})")


class ExactText(TypeDecorator[str]):
    """Any Python string, file names with stray bytes included; sorted by code point on both engines."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type with collation C on PostgreSQL, whose order otherwise depends on its locale."""
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(Text(collation=collation))

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else storable(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        """From the database."""
        try:
            return None if value is None else original(value)
        except _UNREADABLE as error:
            raise _damaged(error) from error


class Moment(TypeDecorator[datetime]):
    """An aware time, kept as microseconds since 1970: the same number on both engines."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        """To the database."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, _dialect: Dialect) -> datetime | None:
        """From the database."""
        try:
            return None if value is None else _EPOCH + value * _MICROSECOND
        except _UNREADABLE as error:
            raise _damaged(error) from error


class WideInteger(TypeDecorator[int]):
    """An integer that may pass 64 bits (inode numbers, times far off), kept as decimal text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: int | None, _dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> int | None:
        """From the database."""
        try:
            return None if value is None else int(value)
        except _UNREADABLE as error:
            raise _damaged(error) from error

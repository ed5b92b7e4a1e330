"""Kinds of values: how the text of an option is read, and how editors are told the same (JSON Schema).

A value is always read from its text: YAML's own types would turn `write_back: no` into a boolean. A schema is about
those types, so it takes a number as well as its text, and words of yes and no as booleans too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from crawler.configuration.errors import quoted

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Schema = Mapping[str, Any]
LONGEST_TEXT = 512
YES = ("yes", "true", "on", "1")
NO = ("no", "false", "off", "0")
_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", re.ASCII)
_SPECIAL = re.compile(r"[.^$*+?()\[\]{}|\\/]")
"""What has to be escaped in a pattern; editors take no other escape."""
_NOTHING = {"enum": [None, ""]}
"""YAML's null, and an empty text."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[T_co]):
    """One kind of value. `parse` takes a text without white space around it, and raises ValueError with what is wrong
    and what is wanted. `schema` is what an editor takes for such a value."""

    parse: Callable[[str], T_co]
    schema: Schema


def optional(kind: Kind[T]) -> Kind[T | None]:
    """A kind that may have no value: None for an empty text."""
    return Kind(lambda text: kind.parse(text) if text else None, {"anyOf": [kind.schema, _NOTHING]})


def any_case(words: Iterable[str]) -> str:
    """A pattern of words in any mix of cases; a JSON Schema has no other way to say it."""
    spelt = (
        "".join(
            f"[{letter.upper()}{letter}]" if letter.isalpha() else _SPECIAL.sub(r"\\\g<0>", letter)
            for letter in word
        )
        for word in words
    )
    return f"^ *({'|'.join(spelt)}) *$"


def one_of(words: Iterable[str]) -> Schema:
    """The schema of a word: the words themselves for completion, and the same in other cases."""
    known = list(words)
    return {"anyOf": [{"enum": known}, {"type": "string", "pattern": any_case(known)}]}


# ---------------------------------------------------------------------------- yes and no


def is_yes(text: str) -> bool:
    """Whether a word means yes. Raises ValueError where it means neither yes nor no."""
    word = text.lower()
    if word in YES or word in NO:
        return word in YES
    raise ValueError(f"{quoted(text)} is neither yes nor no")


FLAG = Kind(
    is_yes,
    {
        "anyOf": [
            {"type": "boolean"},
            {"enum": ["yes", "no", 0, 1]},
            {"type": "string", "pattern": any_case((*YES, *NO))},
        ]
    },
)


# -------------------------------------------------------------------------------- numbers


def decimal(lowest: float, highest: float, unit: str = "") -> Kind[float]:
    """A number within bounds, without sign and exponent; `unit` is a word for what is counted."""
    wanted = f"is not a number{f' of {unit}' if unit else ''} from {lowest:g} to {highest:g}"

    def parse(text: str) -> float:
        if _DECIMAL.fullmatch(text) and lowest <= float(text) <= highest:
            return float(text)
        raise ValueError(f"{quoted(text)} {wanted}")

    return Kind(parse, _numbers("number", lowest, highest, _DECIMAL.pattern))


def whole_number(lowest: int, highest: int) -> Kind[int]:
    """A whole number within bounds."""

    def parse(text: str) -> int:
        if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) and lowest <= int(text) <= highest:
            return int(text)
        raise ValueError(f"{quoted(text)} is not a whole number from {lowest} to {highest}")

    return Kind(parse, _numbers("integer", lowest, highest, "[0-9]{1,9}"))


def _numbers(kind: str, lowest: float, highest: float, pattern: str) -> Schema:
    return {
        "anyOf": [
            {"type": kind, "minimum": lowest, "maximum": highest},
            # A number between quotes; the bounds are for the number itself.
            {"type": "string", "pattern": f"^ *{pattern} *$"},
        ]
    }


def duration(kind: Kind[float], unit: timedelta = timedelta(seconds=1)) -> Kind[timedelta]:
    """A length of time, from its number of a unit."""
    return Kind(lambda text: kind.parse(text) * unit, kind.schema)


SECONDS = decimal(0, 3600, "seconds")


# ---------------------------------------------------------------------------------- texts


def line_of_text(text: str) -> str:
    """Printable ASCII: the value goes into an HTTP header. Raises ValueError."""
    if len(text) > LONGEST_TEXT or not (text.isascii() and text.isprintable()):
        raise ValueError(f"{quoted(text)} is not printable ASCII of at most {LONGEST_TEXT} letters")
    return text


LINE_OF_TEXT = Kind(
    line_of_text,
    {
        "type": ["string", "number", "boolean"],
        "maxLength": LONGEST_TEXT,
        "pattern": "^[ -~]*$",
    },
)


def web_address(text: str) -> str:
    """An address of the web without credentials. Raises ValueError."""
    wanted = f"{quoted(text)} is not an address that starts with https:// or http://"
    try:
        parts = urlsplit(line_of_text(text))
        _ = parts.port
    except ValueError:
        raise ValueError(wanted) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in text:
        raise ValueError(wanted)
    if parts.username is not None:
        raise ValueError("holds a user name; leave it out, the address is shown to others")
    return text


_HTTP = "[Hh][Tt][Tt][Pp][Ss]?://"
_HOST_AND_REST = "[!-.0->A-~]+(?:[/?#][!-~]*)?"
_WEB = f"{_HTTP}{_HOST_AND_REST}"
"""An address without a user name: no @ before the path."""
WEB_ADDRESS = Kind(
    web_address,
    {"type": "string", "maxLength": LONGEST_TEXT, "pattern": f"^ *{_WEB} *$"},
)
HOST_OR_ADDRESS: Schema = {
    "type": ["string", "number", "boolean"],
    "maxLength": LONGEST_TEXT,
    "pattern": f"^ *(?:{_HTTP}|(?![A-Za-z0-9+.-]*://)){_HOST_AND_REST} *$",
}
"""A host, or an address of the web, without a user name."""
_MAIL = r"mailto:[^@\s]+@[^@\s]+"


def contact(text: str) -> str:
    """An address of the web, or one for mail. Raises ValueError."""
    if re.fullmatch(_MAIL, text):
        return line_of_text(text)
    try:
        return web_address(text)
    except ValueError as error:
        raise ValueError(f"{error}, nor one that starts with mailto:") from None


CONTACT = Kind(
    contact,
    {"type": "string", "maxLength": LONGEST_TEXT, "pattern": f"^ *(?:{_WEB}|{_MAIL}) *$"},
)

"""Bodies of requests: JSON to values, each within its bounds (rule L2). What is wrong is named, so that a page can say it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from crawler.configuration.errors import did_you_mean, quoted
from crawler.model.review_decision import Standing
from crawler.operations.repair.decision_tables import KNOWN

LARGEST_BODY: Final = 8_000_000
"""Bytes: a group of 20,000 links, decided at once."""
MOST_AT_ONCE: Final = 20_000
"""Decisions in one request."""
LONGEST_CELL: Final = 32_000
"""Characters, as in a report's cell."""
_PAGE: Final = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
_SEEN: Final = {"verdict", "reason", "suggestion"}


class BadBodyError(ValueError):
    """A body that makes no sense as a whole; the text says why."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One decision as a page sends it: the cells of its row without empty ones, and how the link stood in the page.

    `problem` says why the row cannot be read, None where it can.
    """

    cells: Mapping[str, str]
    seen: Standing | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Deciding:
    """A request to keep decisions. `after` is the last change that the page has seen, `page` its own name."""

    page: str
    after: int
    wishes: tuple[Wish, ...]


@dataclass(frozen=True, slots=True)
class Showing:
    """A request for a diff: of rows that are not kept yet, or of kept decisions by their keys (None: all)."""

    rows: tuple[Wish, ...] | None
    keys: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Writing:
    """A request to carry decisions out, those of `keys` (None: all). `digest` is that of the diff that was looked at."""

    page: str
    keys: frozenset[str] | None
    digest: str | None
    commit: bool


def read_object(data: bytes) -> Mapping[str, Any]:
    """The object that a body holds. Raises BadBodyError."""
    try:
        found = json.loads(data.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadBodyError(f"not JSON ({str(error)[:200]})") from None
    if not isinstance(found, dict):
        raise BadBodyError("not a JSON object")
    return found


def deciding(body: Mapping[str, Any]) -> Deciding:
    """Raises BadBodyError."""
    _check_names(body, {"page", "after", "decisions"})
    return Deciding(_page(body), _number(body, "after"), _wishes(body, "decisions"))


def showing(body: Mapping[str, Any]) -> Showing:
    """Raises BadBodyError."""
    _check_names(body, {"keys", "decisions"})
    rows = _wishes(body, "decisions") if body.get("decisions") is not None else None
    keys = _keys(body)
    if rows is not None and keys is not None:
        raise BadBodyError("either keys or decisions are wanted")
    return Showing(rows, keys)


def writing(body: Mapping[str, Any]) -> Writing:
    """Raises BadBodyError."""
    _check_names(body, {"page", "keys", "digest", "commit"})
    digest, commit = body.get("digest"), body.get("commit", False)
    if not (digest is None or isinstance(digest, str)):
        raise BadBodyError("digest is not a text")
    if not isinstance(commit, bool):
        raise BadBodyError("commit is neither true nor false")
    return Writing(_page(body), _keys(body), digest, commit)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _check_names(body: Mapping[str, Any], known: set[str]) -> None:
    for name in body:
        if name not in known:
            raise BadBodyError(f"unknown name {quoted(name)}; {did_you_mean(name, sorted(known))}")


def _page(body: Mapping[str, Any]) -> str:
    page = body.get("page")
    if not (isinstance(page, str) and _PAGE.fullmatch(page)):
        raise BadBodyError("page is no name of 8 to 64 letters and digits")
    return page


def _number(body: Mapping[str, Any], name: str) -> int:
    number = body.get(name)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 1 << 62:
        raise BadBodyError(f"{name} is not a number of a change")
    return number


def _keys(body: Mapping[str, Any]) -> frozenset[str] | None:
    keys = body.get("keys")
    if keys is None:
        return None
    if not (isinstance(keys, list) and all(isinstance(key, str) for key in keys)):
        raise BadBodyError("keys is not a list of texts")
    return frozenset(keys)


def _wishes(body: Mapping[str, Any], name: str) -> tuple[Wish, ...]:
    rows = body.get(name)
    if not isinstance(rows, list):
        raise BadBodyError(f"{name} is not a list")
    if len(rows) > MOST_AT_ONCE:
        raise BadBodyError(f"{name} holds more than {MOST_AT_ONCE:,}")
    return tuple(map(_wish, rows))


def _wish(row: object) -> Wish:
    if not isinstance(row, dict):
        return Wish({}, problem="not an object")
    cells: dict[str, str] = {}
    for name, value in row.items():
        if name == "seen":
            continue
        if name not in KNOWN:
            hint = did_you_mean(name, sorted(KNOWN))
            return Wish({}, problem=f"unknown column {quoted(name)}; {hint}")
        text = str(value) if type(value) is int else value
        if text is None:
            continue
        if not isinstance(text, str) or len(text) > LONGEST_CELL:
            wanted = f"a text of at most {LONGEST_CELL:,} characters"
            return Wish({}, problem=f"{name} is not {wanted}")
        if text.strip():
            cells[name] = text
    seen = row.get("seen")
    if seen is None:
        return Wish(cells)
    if not _is_standing(seen):
        return Wish(cells, problem="seen is not the verdict, reason and suggestion of a link")
    return Wish(cells, Standing(seen["verdict"], seen["reason"], seen.get("suggestion")))


def _is_standing(seen: object) -> bool:
    if not isinstance(seen, dict) or not seen.keys() <= _SEEN:
        return False
    texts: Sequence[object] = (seen.get("verdict"), seen.get("reason"))
    suggestion = seen.get("suggestion")
    is_text = all(isinstance(one, str) and len(one) <= LONGEST_CELL for one in texts)
    return is_text and (
        suggestion is None or (isinstance(suggestion, str) and len(suggestion) <= LONGEST_CELL)
    )

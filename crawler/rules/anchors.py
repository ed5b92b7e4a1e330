"""The part of a page that a link names (`#part`), and whether the page has it (rule K8).

Of a page's ids and names only short marks are kept: enough to say that one is not there.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote

from crawler.model.observation import ANY_ANCHOR, Anchors

MOST_ANCHORS: Final = 3_000
LONGEST_FRAGMENT: Final = 300
_DIGITS: Final = 8
_DIRECTIVE: Final = ":~:"
_TEXT: Final = "text="
_LOOSE: Final = "~"
"""Before marks of headings of which nobody knows how the generator spells their ids."""
_PREFIX: Final = "user-content-"
"""What GitHub puts before ids of an author; its script leads there all the same."""
_OF_A_SCRIPT = re.compile(r"[/!?:]|.*[=&]|L\d+(?:-L?\d+)?$", re.DOTALL)
"""Routes, settings, and lines of code: a script reads them, and no id is meant."""
_NOT_ALNUM = re.compile(r"[\W_]+")
_NUMBER_BEHIND = re.compile(r"\d+$")
_BLANK = re.compile(r"\s+")


def marks_of(names: Iterable[str], headings: Iterable[str] = ()) -> str:
    """The marks of ids and names, and of the texts of headings whose ids nobody knows; `ANY_ANCHOR` for too many."""
    found = {_mark(name) for name in names}
    found |= {_mark(f"{_LOOSE}{loose}") for heading in headings if (loose := _loosely(heading))}
    return "".join(sorted(found)) if len(found) <= MOST_ANCHORS else ANY_ANCHOR


def part_named(raw: str) -> str | None:
    """The part that a link names and that a page can have or not; None where it names none, or only a script reads it."""
    fragment = raw.strip().partition("#")[2].partition(_DIRECTIVE)[0]
    plain = unquote(fragment)
    if not plain or len(fragment) > LONGEST_FRAGMENT or plain.lower() == "top":
        return None
    return None if _OF_A_SCRIPT.match(plain) else fragment


def texts_named(raw: str) -> tuple[str, ...]:
    """The text directives of a link (`#:~:text=…`), as they stand in it."""
    directives = raw.strip().partition(_DIRECTIVE)[2].split("&")
    wanted = (one.removeprefix(_TEXT) for one in directives if one.startswith(_TEXT))
    return tuple(one for one in wanted if one and len(one) <= 4 * LONGEST_FRAGMENT)


def names_a_part(raw: str) -> bool:
    """Whether a link names a part or a text of its page."""
    return part_named(raw) is not None or bool(texts_named(raw))


def has_part(anchors: Anchors, fragment: str) -> bool:
    """Whether a page has a part, by the marks of its ids."""
    if anchors.marks == ANY_ANCHOR:
        return True
    known = {anchors.marks[at : at + _DIGITS] for at in range(0, len(anchors.marks), _DIGITS)}
    return any(_mark(name) in known for name in _spellings(fragment))


def absent_texts(text: str, directives: Iterable[str]) -> tuple[str, ...]:
    """The directives whose words are not in a page's text; white space, case and forms of letters make no difference."""
    folded = _folded(text)
    return tuple(one for one in directives if not _says(folded, one))


def _says(folded: str, directive: str) -> bool:
    parts = directive.split(",")
    words = [part for part in parts if not (part.endswith("-") or part.startswith("-"))]
    return all(_folded(unquote(part)) in folded for part in words)


def _folded(text: str) -> str:
    return _BLANK.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _spellings(fragment: str) -> Iterator[str]:
    for name in dict.fromkeys((fragment, unquote(fragment))):
        yield name
        yield f"{_PREFIX}{name}"
        loose = _loosely(name)
        if loose:
            yield f"{_LOOSE}{loose}"
            # A heading that comes again gets a number.
            yield f"{_LOOSE}{_NUMBER_BEHIND.sub('', loose)}"


def _loosely(text: str) -> str:
    """Letters and digits alone, without accents: what the ids that generators make of a heading have in common."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _NOT_ALNUM.sub("", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def _mark(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]

"""Whether two names are of one publisher, as a reader would say (rule D4).

Case, accents, marks, articles and the suffix of a domain make no difference; a name may hold the other one, or be cut to its
initials (`PSU`, `redmondmag`). The label of a domain is a name too, whose words nothing parts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crawler.rules.text_folding import plain

GENERAL = frozenset({
    "the", "a", "an", "of", "and", "at", "for", "in", "on", "by", "from", "to", "der", "die", "das", "le", "la", "les", "el", "los",
    "il", "de", "von", "news", "online", "magazine", "mag", "blog", "blogs", "daily", "official", "site", "website", "web",
    "home", "page", "homepage", "com", "net", "org", "inc", "llc", "ltd", "corp", "co", "gmbh", "tv", "network",
    "media", "group", "digital", "www", "http", "https", "us", "uk",
})  # fmt: skip
"""Words that many publishers have in their names."""
_COMMON = frozenset({
    "times", "post", "herald", "journal", "press", "world", "star", "express", "sun", "tribune", "gazette", "chronicle", "register",
    "today", "business", "tech", "technology", "next", "gaming", "games", "game", "gamer", "report", "review", "insider", "update",
    "weekly", "standard", "observer", "mirror", "mail", "record", "sentinel", "bulletin", "courier", "free", "new", "first",
    "week", "now", "life", "money", "market", "markets", "science", "security", "health", "computing", "cloud", "data", "internet",
})  # fmt: skip
"""Words that name a publisher alone, and as a part of a longer name any (`The Times`, `Financial Times`)."""
_JOINING = frozenset({
    "the", "a", "an", "of", "and", "at", "for", "in", "on", "by", "from", "to", "der", "die", "das", "la", "de",
})  # fmt: skip
"""Words of a name that its initials leave out."""
_BEFORE = ("the", "daily")
_BEHIND = ("magazine", "online", "news", "media", "daily", "blog", "web", "mag", "net", "tv")
"""General words that stand in the label of a domain without a mark."""
_MOST_WORDS = 12
_LONGEST = 200
_SHORTEST_PART = 5
"""Letters of a beginning or an end by which a longer name is recognised, where nothing parts its words."""
_SHORTEST_LEFT = 3
_SHARE = 0.6
"""The share of the longer name that such a part has."""
_SHORTEST_TYPED, _LONG_TYPED = 6, 12
"""Letters of a name in which one letter may be mistyped, and of one in which two may be."""
_SUFFIX = re.compile(
    r"(?<=\w\w)\.(?:(?:com?|org|net|gov|ac|edu)\.[a-z]{2}"
    r"|[a-z]{2}|com|net|org|info|biz|gov|edu|news|tech|media|online|digital|blog|site|app|dev|live|today|world|games)(?!\w)"
)
_SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W_]+")
_FIGURES = re.compile(r"\d+")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


@dataclass(frozen=True, slots=True)
class _Form:
    """A name by its folded words; `telling` are those that few publishers share, or all where there is no such word."""

    words: tuple[str, ...]
    telling: tuple[str, ...]

    @property
    def key(self) -> str:
        return "".join(self.words)

    @property
    def bare(self) -> str:
        return "".join(self.telling)


def are_alike(one: str, other: str, *, whole: bool = False) -> bool:
    """Whether two names, or labels of domains, are of one publisher. `whole` asks for the same name in another spelling."""
    for first in _forms(one[:_LONGEST]):
        for second in _forms(other[:_LONGEST]):
            if _are_equal(first, second):
                return True
            if not whole and (_holds(first, second) or _holds(second, first)):
                return True
            if not whole and _is_close(first.bare, second.bare):
                return True
    return False


def are_comparable(one: str, other: str) -> bool:
    """Whether two names have letters of one script: `TASS` and `ТАСС` may be of one publisher for all that is known."""
    first, second = (
        {
            unicodedata.name(letter, "?").partition(" ")[0]
            for letter in plain(text)
            if letter.isalpha()
        }
        for text in (one, other)
    )
    return bool(first & second)


def is_general(name: str) -> bool:
    """Whether a name has no word that tells one publisher from another."""
    return all(word in GENERAL for form in _forms(name[:_LONGEST]) for word in form.words)


@lru_cache(maxsize=2048)
def _forms(text: str) -> tuple[_Form, ...]:
    """The name with its accents left out, and as typed where there are none (`ü` as `u` and as `ue`)."""
    folded = plain(_CAMEL.sub(" ", text))
    folded = _SUFFIX.sub(" ", _SCHEME.sub("", folded)).replace("'", "").replace("&", " and ")
    folded = folded.replace("+", " plus ")
    spellings = dict.fromkeys((folded.translate(_LETTERS), folded.translate(_UMLAUTS)))
    return tuple(_form(_without_accents(one)) for one in spellings)


def _form(folded: str) -> _Form:
    words = tuple(_WORD.findall(folded)[:_MOST_WORDS])
    telling = tuple(word for word in words if word not in GENERAL)
    if len(words) == len(telling) == 1:
        telling = (_without_general(words[0]),)
    return _Form(words, telling or words)


def _without_general(word: str) -> str:
    """A label without the general words at its ends: `apnews` gives `ap`."""
    before = next((part for part in _BEFORE if word.startswith(part)), "")
    bare = word.removeprefix(before) if len(word) >= len(before) + 2 else word
    behind = next((part for part in _BEHIND if bare.endswith(part)), "")
    bare = bare.removesuffix(behind) if len(bare) >= len(behind) + 2 else bare
    return word if bare in GENERAL else bare


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize(
        "NFC", "".join(one for one in parts if not unicodedata.combining(one))
    )


def _are_equal(one: _Form, other: _Form) -> bool:
    if one.key == other.key:
        return bool(one.key)
    return one.bare == other.bare and _is_telling(one)


def _is_telling(form: _Form) -> bool:
    return bool(form.key) and not GENERAL.issuperset(form.telling)


def _holds(long: _Form, short: _Form) -> bool:
    """Whether a name holds another one: its words in a row, its beginning or end, or what it is cut to."""
    if not _is_telling(short):
        return False
    names = {short.key, short.bare}
    if any(is_cut_to(long.words, name) for name in names):
        return True
    if _COMMON.issuperset(short.telling):
        return False
    # What is left of a label may be two letters of any word: `itweb` is not held by "IT Security".
    held = {name for name in names if name == short.key or len(name) >= _SHORTEST_LEFT}
    if held & {*_runs(long.words), *_runs(long.telling)}:
        return True
    return _is_part(long.key, short.key) or _is_part(long.bare, short.bare)


def _runs(words: Sequence[str]) -> Iterator[str]:
    """What words in a row give together, where one of them tells something."""
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            if not GENERAL.issuperset(words[start:end]):
                yield "".join(words[start:end])


def _is_part(long: str, short: str) -> bool:
    if not (long.startswith(short) or long.endswith(short)):
        return False
    # Chinese and Japanese part no words, and a few characters are a name.
    least = _SHORTEST_PART if short.isascii() else 2
    return len(short) >= max(least, _SHARE * len(long) if short.isascii() else len(long) / 2)


def is_cut_to(words: Sequence[str], short: str) -> bool:
    """Whether a name is made of beginnings of words: `psu`, `ibtimes`, `redmondmag`. Each word but the joining ones gives
    one letter or more."""
    if len(short) <= 1 or len(words) <= 1:
        return False
    ends = {0}
    for word in words:
        reached = set(ends) if word in _JOINING else set()
        for start in ends:
            for length in range(1, min(len(word), len(short) - start) + 1):
                if word[length - 1] != short[start + length - 1]:
                    break
                reached.add(start + length)
        ends = reached
    return len(short) in ends


def _is_close(one: str, other: str) -> bool:
    """Whether one name is the other with a letter mistyped; figures are never."""
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORTEST_TYPED or short[0] != long[0]:
        return False
    if _FIGURES.findall(short) != _FIGURES.findall(long):
        return False
    most = 1 if len(short) < _LONG_TYPED else 2
    return len(long) - len(short) <= most and _distance(short, long) <= most


def _distance(one: str, other: str) -> int:
    """How many letters must be exchanged, put in or left out (Levenshtein)."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, start=1):
        before, row[0] = row[0], number
        for at, found in enumerate(other, start=1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (letter != found))
    return row[-1]

"""What a robots.txt allows one crawler (RFC 9309; rule P3), in a form that stays small whatever the file holds.

Only the group that applies is kept: the one that names the crawler, else that of `*`; groups of one name are one. The rules
are kept as one text, the longest first (RFC 9309, 2.2.2: the longest match decides, and of two equal ones `Allow`), in which a
look for a URL's rule is linear in its length. A large text is kept compressed.

Files are read as Protego reads them, which Scrapy uses: it forgives what many files do (a missing colon, `useragent`, five
misspellings of `Disallow`); tests hold the two against each other.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit

_DISALLOW = frozenset({"disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"})
_ALLOW = "allow"
_AGENT = frozenset({"user-agent", "useragent", "user agent"})
_DELAY = frozenset({"crawl-delay", "crawl delay"})
_OTHERS = frozenset({"request-rate", "request rate", "visit-time", "visit time"})
_OF_THE_SITE = frozenset({"sitemap", "sitemaps", "site-map", "host"})
"""They belong to no group and end none (RFC 9309, 2.2.4)."""
_KNOWN = _DISALLOW | {_ALLOW} | _AGENT | _DELAY | _OTHERS | _OF_THE_SITE
_MAY_BE_KNOWN = re.compile(r"[acdhrsuv]", re.IGNORECASE)
_INDEX = "index.html"

_PLAIN_PATTERN = re.compile(r"[A-Za-z0-9_.~/=*-]+\$?").fullmatch
_STARS = re.compile(r"\*{2,}")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_KEPT_OF_PATH, _KEPT_OF_PATTERN = b"/%", b"/%*"

_LARGE = 8_192
"""Characters above which the rules are kept compressed; most files have some hundred."""


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """The rules for one crawler. `crawl_delay` is seconds, None where there is none.

    `kept` holds a rule a line, `+` or `-` before its pattern.
    """

    kept: str | bytes = ""
    crawl_delay: float | None = None

    def allows(self, url: str) -> bool:
        """Whether a URL may be asked."""
        if not self.kept:
            return True
        path = _normalized_path(url)
        if path == "/robots.txt":
            return True
        for rule in _may_match(self.kept, path):
            if _matches(rule[1:], path):
                return rule[0] == "+"
        return True

    @property
    def size(self) -> int:
        """Bytes, more or less, that it takes."""
        return len(self.kept)


def read_robots(text: str, token: str) -> RobotsRules:
    """The rules of a robots.txt for the crawler that calls itself `token`."""
    groups = _groups(text, token.lower())
    if not groups:
        return RobotsRules()
    _, group = max(groups.items(), key=lambda named: _score(named[0], token.lower()))
    rules = {rule for is_allowed, value in group.rules for rule in _rules(is_allowed, value)}
    ordered = sorted(rules, key=lambda rule: (-rule[2], not rule[0], rule[1]))
    kept = "\n".join(f"{'+' if is_allowed else '-'}{pattern}" for is_allowed, pattern, _ in ordered)
    if len(kept) <= _LARGE:
        return RobotsRules(kept, group.delay)
    return RobotsRules(zlib.compress(kept.encode("ascii"), 1), group.delay)


@dataclass(slots=True, eq=False)
class _Group:
    """The rules for a name, as they stand in the file."""

    rules: list[tuple[bool, str]]
    delay: float | None = None

    def note(self, field: str, value: str) -> None:
        """Take in a line. One without a value says nothing."""
        if value and (field == _ALLOW or field in _DISALLOW):
            self.rules.append((field == _ALLOW, value))
        elif field in _DELAY:
            delay = _delay(value)
            self.delay = self.delay if delay is None else delay


def _groups(text: str, token: str) -> dict[str, _Group]:
    """The groups that may apply, by the name that they are for."""
    groups: dict[str, _Group] = {}
    current: list[_Group] = []
    ends_group = False
    for field, value in _directives(text):
        if field in _AGENT:
            if ends_group:
                current, ends_group = [], False
            for name in _names(value):
                if _score(name, token):
                    current.append(groups.setdefault(name, _Group([])))
        elif field not in _OF_THE_SITE:
            ends_group = True
            for group in dict.fromkeys(current):
                group.note(field, value)
    return groups


def _directives(text: str) -> Iterator[tuple[str, str]]:
    """Each line that says something, as its field and its value."""
    for raw in text.splitlines():
        line = raw.partition("#")[0].strip()
        if not line:
            continue
        name, colon, value = line.partition(":")
        field = name.strip().lower()
        if colon and (field in _KNOWN or not value or value[0].isspace()):
            yield field, value.strip()
        elif _MAY_BE_KNOWN.match(line) and (found := _without_colon(line)) is not None:
            yield found
        elif colon:
            yield field, value.strip()


def _without_colon(line: str) -> tuple[str, str] | None:
    """A line whose field is known and ends at a space; None for any other."""
    words = line.split(None, 2)
    for count in (1, 2):
        field = " ".join(words[:count]).lower()
        if field in _KNOWN:
            return field, " ".join(line.split()[count:])
    return None


def _names(value: str) -> Iterator[str]:
    """The names that a User-agent line is for: wildcards within a name are forgiven."""
    name = value.lower()
    yield name
    if name != "*" and "*" in name:
        yield name.replace("*", "")


def _score(name: str, token: str) -> int:
    """How well a group's name fits the crawler: 0 for not at all. The beginning of its name is enough."""
    if name == "*":
        return 1
    return len(name) if name and token.startswith(name) else 0


def _delay(value: str) -> float | None:
    try:
        delay = float(value)
    except ValueError:
        return None
    return delay if math.isfinite(delay) and delay >= 0 else None


def _rules(is_allowed: bool, value: str) -> Iterator[tuple[bool, str, int]]:
    """The rules that a line means, each with its weight: the length of its pattern as it is written.

    A `$` is taken for the end of the URL and for itself, and the permission of a folder's index for that of the folder.
    """
    if "$" in value:
        yield from _rules(is_allowed, value.replace("$", "%24"))
    pattern = _normalized_pattern(value)
    yield is_allowed, _STARS.sub("*", pattern), len(pattern)
    if is_allowed and pattern.endswith(f"/{_INDEX}"):
        folder = f"{pattern.removesuffix(_INDEX)}$"
        yield is_allowed, _STARS.sub("*", folder), len(folder)


def _matches(pattern: str, path: str) -> bool:
    """Whether a pattern matches a path: `*` stands for anything, `$` at its end for the end of the path.

    Each part between wildcards is looked for at its first place: linear, whatever the pattern.
    """
    if "*" not in pattern:
        return path == pattern[:-1] if pattern[-1] == "$" else path.startswith(pattern)
    is_anchored = pattern[-1] == "$"
    first, *parts = (pattern[:-1] if is_anchored else pattern).split("*")
    if not path.startswith(first):
        return False
    at, last = len(first), parts.pop()
    for part in parts:
        at = path.find(part, at)
        if at < 0:
            return False
        at += len(part)
    if is_anchored:
        return len(path) - len(last) >= at and path.endswith(last)
    return path.find(last, at) >= 0


def _normalized_path(url: str) -> str:
    """Path and query of a URL, with their escapes in one spelling."""
    before, _, _ = url.partition("#")
    parts = urlsplit(before)
    path = f"{parts.path}?{parts.query}" if "?" in before else parts.path
    path = _one_spelling(path, _KEPT_OF_PATH)
    return path if path.startswith("/") else f"/{path}"


def _normalized_pattern(value: str) -> str:
    """A pattern, with its escapes in one spelling."""
    if _PLAIN_PATTERN(value):
        return value
    if value.startswith(("https://", "http://")):
        value = f"/{value}"
    anchor = "$" if value.endswith("$") else ""
    return _one_spelling(value.removesuffix(anchor), _KEPT_OF_PATTERN) + anchor


def _one_spelling(text: str, kept: bytes) -> str:
    """Text with every escape decoded but those of the characters in `kept`, and encoded again."""

    def decoded(escape: re.Match[bytes]) -> bytes:
        byte = bytes.fromhex(escape[1].decode("ascii"))
        return b"%" + escape[1].upper() if byte in kept else byte

    raw = _ESCAPE.sub(decoded, text.encode("utf-8", "replace"))
    return quote(raw.decode("utf-8", "replace"), safe=f"{kept.decode()}=")


def _may_match(kept: str | bytes, path: str) -> Iterable[str]:
    """The rules, the longest first, without those that have a character which the path has not: of many rules, few are left."""
    if isinstance(kept, str):
        return kept.split("\n")
    known = re.escape("".join(sorted({*path, "*", "$"})))
    lines = re.compile(rf"^[+-][{known}]+$", re.MULTILINE).finditer(_unpacked(kept))
    return (line[0] for line in lines)


@lru_cache(maxsize=4)
def _unpacked(kept: bytes) -> str:
    return zlib.decompress(kept).decode("ascii")

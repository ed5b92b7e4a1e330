"""In which notation a file's front matter is written, and where it stands: YAML, TOML, JSON, or none (rule K5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MARKDOWN: Final = (".md", ".markdown", ".mdown", ".mkd", ".mdx")
TEXTS: Final = (*MARKDOWN, ".html", ".htm")
"""Endings of files in which another notation than YAML counts: `{` begins any file of data."""


BEGINNING: Final = 256
"""Bytes that are enough to see whether a file begins with front matter; blanks may follow the first line's marks."""


class Notation(StrEnum):
    """A notation of front matter. The strings are shown to people."""

    YAML = "YAML"
    TOML = "TOML"
    JSON = "JSON"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Opening:
    """How front matter begins: its data at `start`; `closing` is the line that ends it, None where its own brace does."""

    notation: Notation
    start: int
    closing: re.Pattern[str] | None


_YAML_END = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_DASHES_END = re.compile(r"^---[ \t]*\r?$", re.MULTILINE)
_PLUS_END = re.compile(r"^\+\+\+[ \t]*\r?$", re.MULTILINE)
_SEMICOLON_END = re.compile(r"^;;;[ \t]*\r?$", re.MULTILINE)
_LINES: Final = (
    (re.compile(r"---[ \t]*(?:\r?\n|\Z)"), Notation.YAML, _YAML_END),
    (re.compile(r"\+\+\+[ \t]*(?:\r?\n|\Z)"), Notation.TOML, _PLUS_END),
    (re.compile(r"---toml[ \t]*(?:\r?\n|\Z)", re.IGNORECASE), Notation.TOML, _DASHES_END),
    (re.compile(r"---json[ \t]*(?:\r?\n|\Z)", re.IGNORECASE), Notation.JSON, _DASHES_END),
    (re.compile(r";;;[ \t]*(?:\r?\n|\Z)"), Notation.JSON, _SEMICOLON_END),
)
"""First lines, as Jekyll, Hugo and gray-matter mark front matter."""
_BRACE = re.compile(r"\{\s*\"(?:[^\"\\\r\n]|\\.)*\"\s*:")


def opening_of(text: str) -> Opening | None:
    """The beginning of front matter; None for a text without any. `text` has no byte order mark."""
    for first, notation, closing in _LINES:
        found = first.match(text)
        if found is not None:
            return Opening(notation, found.end(), closing)
    return Opening(Notation.JSON, 0, None) if _BRACE.match(text) else None


def begins_front_matter(data: bytes, path: str) -> bool:
    """Whether the first bytes of a file begin front matter: YAML in any file, another notation in Markdown and HTML."""
    found = opening_of(data[:BEGINNING].decode("utf-8-sig", "replace"))
    if found is None:
        return False
    return found.notation is Notation.YAML or path.lower().endswith(TEXTS)

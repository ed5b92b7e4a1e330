"""Whether TOML may be given to the standard library.

For a dotted key its parser keeps every beginning of the key: 30,000 parts take 3.4 GB, and a million, which is a file of 2 MB, more than
any machine has.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

from crawler.content.nodes import DEEPEST

_LONG_KEY: Final = re.compile(
    r"(?:\.[ \t]*+(?:[A-Za-z0-9_-]++|\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+')[ \t]*+)"
    f"{{{DEEPEST}}}"
)


def has_long_key(text: str, start: int = 0, end: int | None = None) -> bool:
    """Whether something in the text looks like a key of more parts than are read; it may be a string or a comment, too."""
    return _LONG_KEY.search(text, start, len(text) if end is None else end) is not None


def loads(text: str) -> dict[str, Any]:
    """The values of a text. Raises ValueError for one that is not valid, or that may have a key of too many parts."""
    if has_long_key(text):
        raise ValueError(f"something like a key of more than {DEEPEST} parts")
    return tomllib.loads(text)

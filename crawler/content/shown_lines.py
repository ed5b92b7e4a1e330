"""The lines of an article as a person may see them around a change: nothing secret, and no values that are not meant.

Lines stay lines, so that two versions of a file can be compared as they are shown (rule W7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from crawler.content import nodes
from crawler.content.article_document import BLOCK_KEY, Document, UnreadableArticle
from crawler.content.nodes import Mapping, Node, Scalar
from crawler.model.article_keys import KEYS_READ, SECURED
from crawler.rules.credentials import HIDDEN, url_without_credentials, without_credentials

CUT: Final = "…"
_CONTENT = re.compile(r"\S[^\r\n]*")
"""What stands on a line, or on a part of it, behind the blanks before it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The keys whose values may be shown: `meant` are those that a change is about, besides those that linkhealth reads;
    a value of a key of `secret` is never shown, whatever else is said."""

    meant: frozenset[str] = frozenset()
    secret: frozenset[str] = field(default=frozenset({SECURED}))

    def allows(self, key: str) -> bool:
        """Whether the value of a key may be shown."""
        return key in KEYS_READ or key in self.meant


def shown_lines(path: str, data: bytes, shown: Shown) -> list[str]:
    """The lines of a file, without line ends. Of a file that cannot be read as an article only the text is shown.

    Never raises.
    """
    try:
        document = Document(path, data)
    except UnreadableArticle:
        text = data.decode("utf-8", "replace")
    else:
        text = _masked(document, shown)
    return [without_secrets(line, shown.secret) for line in text.split("\n")]


def without_secrets(text: str, keys: frozenset[str]) -> str:
    """One line of any text, such as a comment or a program's message: what follows the name of a secret key is hidden,
    and so are credentials in URLs."""
    return without_credentials(_named(keys).sub(rf"\g<key>{HIDDEN}", text))


@lru_cache(maxsize=16)
def _named(keys: frozenset[str]) -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(keys)))
    return re.compile(
        rf"(?P<key>(?<![\w-])(?:{names})[\"']?[ \t]*[:=][ \t]*+)(?!\Z|\*{{3}})[^\r\n]+"
    )


def _masked(document: Document, shown: Shown) -> str:
    """The text with a mark on each line of a value that is not to be shown."""
    pieces: list[str] = []
    at = 0
    # Of a table of TOML the parts may stand apart from each other.
    for start, end, mark in sorted(_hidden(document, shown)):
        if start >= at:
            pieces += [document.text[at:start], _CONTENT.sub(mark, document.text[start:end])]
            at = end
    pieces.append(document.text[at:])
    return "".join(pieces)


def _hidden(document: Document, shown: Shown) -> Iterator[tuple[int, int, str]]:
    """The parts of the front matter that are not to be shown, in order, each with its mark."""
    if document.root is None:
        return
    pending: list[tuple[Node, str, bool]] = [(document.root, "", False)]
    while pending:
        node, key, in_flow = pending.pop()
        if key in shown.secret:
            end = _end(document, node)
            # A comment behind a secret is as secret.
            yield nodes.start_of(node), end if in_flow else _end_of_line(document, end), HIDDEN
        elif isinstance(node, Mapping):
            in_flow = in_flow or bool(node.opening.flow_style)
            inner = [
                (value, name.value if isinstance(name, Scalar) else "", in_flow)
                for name, value in node.pairs()
                if key != BLOCK_KEY
            ]
            pending += reversed(inner)
        elif isinstance(node, nodes.Sequence):
            in_flow = in_flow or bool(node.opening.flow_style)
            pending += [(item, key, in_flow) for item in reversed(node.items)]
        elif not shown.allows(key):
            yield nodes.start_of(node), _end(document, node), CUT
        elif url_without_credentials(node.value) != node.value:
            # In its own notation a value may have escapes, or stand on several lines.
            yield nodes.start_of(node), _end(document, node), HIDDEN


def _end_of_line(document: Document, index: int) -> int:
    """The end of the line of a code point; the code point itself where it begins a line."""
    if document.text[index - 1 : index] == "\n":
        return index
    found = document.text.find("\n", index)
    return len(document.text) if found < 0 else found


def _end(document: Document, node: Node) -> int:
    """The code point after a value. libyaml's mark may lie behind comments that follow: more is hidden then, not less."""
    while not isinstance(node, Scalar):
        if not node.items:
            return min(nodes.start_of(node) + len("[]"), document.end)
        node = node.items[-1]
    mark = node.end_mark
    return document.end if mark is None else int(mark.index)

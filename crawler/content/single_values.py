"""Reading single values of a front matter, as the file spells them."""

from __future__ import annotations

from crawler.content import pointers
from crawler.content.article_document import Document, UnreadableArticle
from crawler.content.nodes import Mapping, Node, Scalar
from crawler.content.refusals import EditRefused


def has_mapping(data: bytes, pointer: str) -> bool:
    """Whether a mapping stands at a pointer."""
    return isinstance(_at(data, pointer), Mapping)


def text_at(data: bytes, pointer: str) -> str | None:
    """The text of the scalar at a pointer, as references have them; None where there is none."""
    node = _at(data, pointer)
    return node.value if isinstance(node, Scalar) else None


def _at(data: bytes, pointer: str) -> Node | None:
    try:
        return pointers.find(Document("", data), pointer).node
    except (UnreadableArticle, EditRefused):
        return None

"""Reading single values of a front matter, as the file spells them."""

from __future__ import annotations

from crawler.content import pointers
from crawler.content.article_document import Document, UnreadableArticle
from crawler.content.nodes import Scalar
from crawler.content.refusals import EditRefused


def text_at(data: bytes, pointer: str) -> str | None:
    """The text of the scalar at a pointer, as references have them; None where there is none."""
    try:
        node = pointers.find(Document("", data), pointer).node
    except (UnreadableArticle, EditRefused):
        return None
    return node.value if isinstance(node, Scalar) else None

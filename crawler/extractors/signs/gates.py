"""Whether a page has marks of a barrier, or words of not-found, beyond what rule N2 asks for (rule N9)."""

from __future__ import annotations

import re

from crawler.extractors.html.document import Document
from crawler.extractors.signs.not_found import says_not_found
from crawler.extractors.signs.page_shape import read_shape

_GATE = re.compile(
    r"captcha|robot|log ?in|sign ?up|member|cookie|region|country|maintenance|wartung|moment|queue",
    re.IGNORECASE,
)


def says_gate(document: Document) -> bool:
    """See the module."""
    text = read_shape(document).text
    return len(text) < 1500 and bool(_GATE.search(text))


def says_gone(document: Document) -> bool:
    """See the module."""
    return any(map(says_not_found, (document.title, *document.headings)))

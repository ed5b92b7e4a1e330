"""The surroundings of an article: comments, lists of other articles, the site's own parts."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_ANCESTORS = 50

_TAGS = frozenset({"aside", "nav", "footer"})
_NAMES = re.compile(
    r"comment|related|sidebar|teaser|recent|widget|footer|latest|popular", re.IGNORECASE
)


def is_around(element: _Element) -> bool:
    """Whether an element belongs to the surroundings of the article, by its ancestors' tags and names."""
    return any(
        one.tag in _TAGS or _NAMES.search(f"{one.get('class')} {one.get('id')}"[:500])
        for one in islice(element.iterancestors(), MOST_ANCESTORS)
        if one.tag not in ("body", "html")
    )

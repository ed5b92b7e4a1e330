"""The surroundings of an article: comments, lists of other articles, the site's own parts."""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import islice, takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_ANCESTORS = 50

_TAGS = frozenset({"aside", "nav", "figure", "figcaption"})
_TAGS_WITHIN = _TAGS - {"aside"}
"""An article may state its own date in an aside."""
_NAMES = re.compile(
    r"comment|kommentar|comentari|disqus|related|teaser|recent|widget|latest|popular|side-?bar(?:\s|$)",
    re.IGNORECASE,
)
"""A name that goes on after `sidebar` is that of a page with one (`sidebar-right`)."""
_FOOTER = re.compile(r"footer", re.IGNORECASE)


def is_around(
    element: _Element,
    headed: Container[_Element],
    within: _Element | None = None,
    *,
    footers: bool = False,
) -> bool:
    """Whether an element belongs to the surroundings of the article, by the tags and names of its ancestors below
    `within`.

    `headed` are elements around the headline: what holds it is no surroundings, whatever it is called. `footers` says
    whether a footer is a part of them: an article may state its date in its own.
    """
    tags = _TAGS if within is None else _TAGS_WITHIN
    return any(
        (
            one.tag in tags
            or is_named_around(one)
            or (footers and (one.tag == "footer" or _FOOTER.search(_called(one)) is not None))
        )
        and one not in headed
        for one in takewhile(
            lambda one: one is not within, islice(element.iterancestors(), MOST_ANCESTORS)
        )
        if one.tag not in ("body", "html")
    )


def is_named_around(element: _Element) -> bool:
    """Whether an element is called like a part of the surroundings, by its class or id."""
    return _NAMES.search(_called(element)) is not None


def _called(element: _Element) -> str:
    return f"{element.get('class')} {element.get('id')}"[:500]

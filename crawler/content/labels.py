"""Reading what a file says about its article itself: `heat`, `quality`, `topics`, `author` or `authors`.

Other collections may mean other things by these keys: a value of another kind is no fault of the file, and no label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from crawler.content import nodes
from crawler.content.nodes import Node, Scalar, Sequence
from crawler.model.article_labels import LONGEST_LABEL, MOST_LABELS, ArticleLabels
from crawler.rules.credentials import url_without_credentials

_NUMBER = re.compile(r"[-+]?[0-9]{1,15}(?:\.[0-9]{0,15})?", re.ASCII)
_NAME: Final = "name"
"""The key of a person or topic that is a mapping."""


def read_labels(
    fields: Mapping[str, Node], other_authors: Iterable[Node | None] = ()
) -> ArticleLabels:
    """The labels among the values of an article's front matter, by key. `other_authors` are the values under other names
    for authors: the first that names one counts where the usual names do not."""
    named = (fields.get("authors"), fields.get("author"), *other_authors)
    return ArticleLabels(
        heat=_number(fields.get("heat")),
        quality=_number(fields.get("quality")),
        topics=_texts(fields.get("topics")),
        authors=next(filter(None, map(_texts, named)), ()),
    )


def _number(value: Node | None) -> float | None:
    if not isinstance(value, Scalar) or not _NUMBER.fullmatch(value.value):
        return None
    return float(value.value)


def _texts(value: Node | None) -> tuple[str, ...]:
    """The texts of a list or of a single value, each once, at most `MOST_LABELS`."""
    found: dict[str, None] = {}
    for text in _each(value):
        if len(found) == MOST_LABELS:
            break
        label = url_without_credentials(text.replace("\0", "\ufffd").strip())[:LONGEST_LABEL]
        if label:
            found[label] = None
    return tuple(found)


def _each(value: Node | None) -> Iterator[str]:
    for item in value.items if isinstance(value, Sequence) else [value]:
        named = item.by_key.get(_NAME) if isinstance(item, nodes.Mapping) else item
        if isinstance(named, Scalar) and not nodes.is_null(named):
            yield named.value

"""What an article's file says about the article itself: how much it is read, how good it is, what and whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from crawler.model.provider import Provider

MOST_LABELS: Final = 50
"""Topics, or authors, that are kept of one article."""
LONGEST_LABEL: Final = 200
"""Characters that are kept of one topic or author."""


@dataclass(frozen=True, slots=True)
class ArticleLabels:
    """`heat` and `quality` are numbers of the collection's own making, the more the better; None where the file has none.

    `topics` and `authors` are in the order of the file, each once.
    """

    heat: float | None = None
    quality: float | None = None
    topics: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


NO_LABELS: Final = ArticleLabels()


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article by its labels. `listed` is false where the file says `published: false` or `removed: true`."""

    path: str
    listed: bool
    labels: ArticleLabels = NO_LABELS
    provider: Provider | None = None

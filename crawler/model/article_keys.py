"""Keys of an article's front matter that have a meaning here."""

from __future__ import annotations

from typing import Final

from crawler.model.role import Role

SECURED: Final = "secured"
"""A secret of the article's owner: never edited, never shown."""
KEYS_READ: Final = frozenset(
    {
        *("title", "excerpt", "publishedDateTime", "published", "removed", "related"),
        *("heat", "quality", "topics", "author", "authors"),
        *("url", "width", "height", "isCached"),
        *(part for role in Role for part in (role.traits.place or "").split("/") if part.isalpha()),
    }
)
"""The keys whose values linkhealth reads, so that reports and messages may show them."""

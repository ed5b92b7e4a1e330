"""Articles in the form in which the state takes them: plain values, ready for the driver.

Making them costs as much as writing them, and needs no database: the processes that read files do it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from crawler.model.article import Article, FileStamp, Problem
from crawler.model.reference import Reference
from crawler.model.role import IMAGES, Role
from crawler.rules.anchors import names_a_part
from crawler.state.columns import digest
from crawler.state.json_columns import labels_to_json, provider_to_json
from crawler.state.rows import stamp_columns, stored_reference

FILE_REASONS: Final = ("local-file", "image-file-missing", "file-missing")
"""The `invalid` reasons of references to files of the collection."""
IMAGE_FILE: Final = "image-file"
"""In place of an `invalid` reason, for a local image: every run looks at it."""
LOOKED_AT: Final = (*IMAGES, Role.BODY)
"""The roles whose files of the collection are looked at by every run."""
PART_ROLES: Final = (Role.BODY, Role.LINK)
"""The roles whose fragments are compared with the parts of their pages (rule K8)."""

StoredReference = tuple[str, str | None, tuple[object, ...]]
"""The URL of a reference, why its link cannot be visited (None where it can, `IMAGE_FILE` for a local image), and the columns
behind the three ids of `STORED_REFERENCE`."""


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article's row, its references in file order, the URLs of which it names a part, and its problems."""

    path: str
    row: dict[str, Any]
    references: tuple[StoredReference, ...]
    parts: frozenset[str]
    problems: tuple[Problem, ...]


def stored_article(article: Article, stamp: FileStamp) -> StoredArticle:
    """The form in which the state takes an article."""
    return StoredArticle(
        article.path,
        {
            "key": digest(article.path),
            "path": article.path,
            "readable": True,
            "title": article.title,
            "excerpt": article.excerpt,
            "published_at": article.published,
            "listed": article.listed,
            "block": article.block,
            "provider": provider_to_json(article.provider),
            "labels": labels_to_json(article.labels),
            **stamp_columns(stamp),
        },
        tuple(_references(article)),
        frozenset(filter(None, map(_part, article.references))),
        article.problems,
    )


def _references(article: Article) -> Iterator[StoredReference]:
    for one in article.references:
        is_local_image = one.invalid in FILE_REASONS and one.role in LOOKED_AT
        yield one.url, IMAGE_FILE if is_local_image else one.invalid, stored_reference(one)


def _part(reference: Reference) -> str | None:
    """The URL of a reference that names a part of its page; None of others."""
    if reference.role not in PART_ROLES or "#" not in reference.raw:
        return None
    return reference.url if names_a_part(reference.raw) else None

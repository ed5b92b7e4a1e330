"""The work of reading one article file, as any process can do it."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.content import Candidate, Read, Repository, ScanResult
from crawler.state import StoredArticle, stored_article

Looked = StoredArticle | ScanResult | None
"""What a file is: an article in the state's own form, or something else; None for a file that is ignored."""


@dataclass(frozen=True, slots=True)
class FileReading:
    """Says what a file is."""

    repository: Repository

    def __call__(self, file: Candidate) -> Looked:
        """Read a file."""
        found = self.repository.look_at(file)
        return stored_article(found.article, found.stamp) if isinstance(found, Read) else found

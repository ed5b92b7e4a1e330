"""Article files: find them, read them, write one block into them, and nothing else."""

from crawler.content.block import render, same_result, says_dead, since_of
from crawler.content.document import BLOCK_KEY, UnreadableArticle
from crawler.content.front_matter import read_article
from crawler.content.pictures import Beginning, Look, Pictures, Presence
from crawler.content.repository import (
    Read,
    Repository,
    ScanResult,
    Touched,
    Unchanged,
    Unreadable,
    Vanished,
    WithoutFrontMatter,
)
from crawler.content.safe_write import WriteRefused, read_bytes, replace, sha256_of, sweep
from crawler.content.site import Site, read_site
from crawler.content.splice import Spliced, SpliceRefused, splice, strip

__all__ = [
    "BLOCK_KEY",
    "Beginning",
    "Look",
    "Pictures",
    "Presence",
    "Read",
    "Repository",
    "ScanResult",
    "Site",
    "SpliceRefused",
    "Spliced",
    "Touched",
    "Unchanged",
    "Unreadable",
    "UnreadableArticle",
    "Vanished",
    "WithoutFrontMatter",
    "WriteRefused",
    "read_article",
    "read_bytes",
    "read_site",
    "render",
    "replace",
    "same_result",
    "says_dead",
    "sha256_of",
    "since_of",
    "splice",
    "strip",
    "sweep",
]

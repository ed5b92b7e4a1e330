"""The mark of a page's answer: two answers with the same one have the same facts (rule M20)."""

from __future__ import annotations

import hashlib

from crawler.extractors.code_version import code_version
from crawler.fetching.answer import Answer
from crawler.fetching.visit import Visit

_FIELDS = (b"Content-Type", b"Refresh")
"""The header fields that say something about the page in the body."""


def digest_of(visit: Visit, answer: Answer) -> str:
    """A hash of all that the facts of a page depend on, as 32 hex digits: the body as it is decoded, the header fields that
    say something about it, where it was asked for and found, the parts that links name, and the code that reads it."""
    told = (visit.begun_at, visit.url, *map(answer.text, _FIELDS), *visit.parts)
    # SHA-256 is the fastest of the standard library's where processors know it, as nearly all do.
    made = hashlib.sha256(code_version(), usedforsecurity=False)
    made.update(repr(told).encode("utf-8", "backslashreplace"))
    made.update(answer.body)
    return made.hexdigest()[:32]

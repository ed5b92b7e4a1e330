"""The version of what reads pages: another one reads every page again (rule M20)."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

_PACKAGES = ("crawler.extractors", "crawler.rules", "crawler.model")
"""The code on which facts of pages depend. Rules are more of it than needed: that costs a reading after an update, no more."""


@cache
def code_version() -> bytes:
    """A hash of the extractors' code and of the parser's version: a number would have to be thought of at each change."""
    from lxml import etree

    made = hashlib.sha256(repr((etree.LXML_VERSION, etree.LIBXML_VERSION)).encode())
    for package in _PACKAGES:
        # Never from paths: scrapyd runs from an archive.
        _add(made, resources.files(package))
    return made.digest()


def _add(made: hashlib._Hash, folder: Traversable) -> None:
    for one in sorted(folder.iterdir(), key=lambda each: each.name):
        if one.is_dir():
            _add(made, one)
        elif one.name.endswith(".py"):
            made.update(one.name.encode() + b"\0" + one.read_bytes())

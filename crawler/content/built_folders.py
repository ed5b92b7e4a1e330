"""The folders into which a site's generator writes, by its own configuration at the root of the site."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from crawler import files

_LARGEST: Final = 1_000_000
_HUGO = re.compile(r"^publishDir\s*[:=]\s*(.*)", re.MULTILINE | re.IGNORECASE)
_JEKYLL = re.compile(r"^destination[ \t]*:[ \t]*(.*)", re.MULTILINE)
_MKDOCS = re.compile(r"^site_dir[ \t]*:[ \t]*(.*)", re.MULTILINE)
_HUGO_JSON = re.compile(r"^\s*\"publishDir\"\s*:\s*(.*)", re.MULTILINE | re.IGNORECASE)
_GENERATORS = (
    ("_config.yml", _JEKYLL, "_site"),
    *(
        (f"{name}.{kind}", _HUGO, "public")
        for name in ("hugo", "config")
        for kind in ("toml", "yaml")
    ),
    *((f"{name}.json", _HUGO_JSON, "public") for name in ("hugo", "config")),
    ("mkdocs.yml", _MKDOCS, "site"),
)
"""By a configuration's name: the line that says where the site goes, and where it goes without one."""
_VALUE = re.compile(r"\"([^\"]*)\"|'([^']*)'|([^\s#,]*)")


def built_folders(root: Path) -> frozenset[str]:
    """The paths, relative to the root, of the folders that are built; those of no generator known are not among them."""
    return frozenset(_found(root))


def _found(root: Path) -> Iterator[str]:
    for name, line, default in _GENERATORS:
        try:
            with files.opened(root / name) as (descriptor, _):
                text = files.read_at_most(descriptor, _LARGEST).decode("utf-8", "replace")
        except OSError:
            continue
        said = line.findall(text)
        value = _VALUE.match(said[-1]) if said else None
        path = posixpath.normpath("".join(value.groups("")) if value else default)
        inside = posixpath.relpath(path, root) if posixpath.isabs(path) else path
        if inside.partition("/")[0] not in ("", ".", ".."):
            yield inside

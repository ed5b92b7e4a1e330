"""The files of the sidecar: data files of a static site generator, one URL a line (rule W6).

Jekyll reads JSON with a YAML parser: JSON and YAML parsers read these files alike (docs/sidecar.md).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, Final

from crawler.model.check import Size
from crawler.model.verdict import VerdictKind
from crawler.sidecar.url_note import UrlNote

SCHEMA: Final = 1
SHARDS: Final = "0123456789abcdef"
JEKYLL_FOLDER: Final = "_data/link-health"
HUGO_FOLDER: Final = "data/link-health"
MARKER: Final = "linkHealth"
"""The key of the last line; a file without it is not ours. No URL of a reference is written under it."""
LONGEST_KEY: Final = 1_000
"""Characters of a key as it is written. Above 1,024 YAML parsers refuse the whole file, and Jekyll then the
site (YAML 1.1, 7.3.3: a simple key)."""

_JEKYLL = ("_config.yml", "_config.yaml", "_config.toml")
_HUGO = tuple(
    f"{name}.{ending}" for name in ("hugo", "config") for ending in ("toml", "yaml", "yml", "json")
)
_MARKED = re.compile(rb'^"linkHealth": \{"schema": [0-9]{1,3}\}\r?$', re.MULTILINE)
_LONGEST_REASON = 100
_OF_VALUES = (b"[", b"{", b",")
_MOST_VALUES = 1_000_000
"""A shard of 10 MB has some 400,000."""
_MOST_PIXELS = 10**9


def sidecar_folder(root: Path) -> str:
    """The folder in which the generator of the site at `root` looks for data: Hugo's, or Jekyll's, the default."""
    if any((root / name).is_file() for name in _JEKYLL):
        return JEKYLL_FOLDER
    is_hugo = any((root / name).is_file() for name in _HUGO) or (root / "config/_default").is_dir()
    return HUGO_FOLDER if is_hugo else JEKYLL_FOLDER


def shard_of(url: str) -> str:
    """The first hexadecimal digit of the SHA-256 of the URL's UTF-8."""
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[0]


def shard_path(folder: str, shard: str) -> str:
    """The path of a shard's file, POSIX and relative to the content root."""
    return (PurePosixPath(folder) / f"{shard}.json").as_posix()


def render_shards(notes: Mapping[str, UrlNote]) -> dict[str, bytes]:
    """The files by shard, without empty ones: LF, UTF-8, one URL a line, by code point.

    The marker is the last line, so that a URL that comes or goes is exactly one line of a diff.
    """
    lines: dict[str, list[str]] = {}
    for url in sorted(notes):
        key = _text(url)
        if len(key) <= LONGEST_KEY and url != MARKER:
            lines.setdefault(shard_of(url), []).append(f"{key}: {_value(notes[url])},")
    last = f'"{MARKER}": {{"schema": {SCHEMA}}}'
    return {
        shard: ("\n".join(("{", *entries, last, "}")) + "\n").encode()
        for shard, entries in sorted(lines.items())
    }


def is_ours(data: bytes) -> bool:
    """Whether linkhealth made a file, even if somebody has changed it since."""
    return _MARKED.search(data) is not None


def read_shard(data: bytes) -> dict[str, UrlNote]:
    """The notes of a file of ours; entries that cannot be read are skipped. One with more values than such a file has
    counts as empty: a few megabytes of brackets would become hundreds of megabytes of lists."""
    if sum(map(data.count, _OF_VALUES)) > _MOST_VALUES:
        return {}
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return dict(_notes(found)) if isinstance(found, dict) else {}


def _notes(found: Mapping[str, Any]) -> Iterator[tuple[str, UrlNote]]:
    for url, value in found.items():
        if not isinstance(value, dict):
            continue
        try:
            yield url, _note(value)
        except (KeyError, TypeError, ValueError):
            continue


def _note(value: Mapping[str, Any]) -> UrlNote:
    """The note of an entry. Raises KeyError, TypeError or ValueError for one that linkhealth did not write."""
    reason, since, suggestion = value["reason"], value.get("since"), value.get("suggestion")
    if not isinstance(reason, str) or len(reason) > _LONGEST_REASON:
        raise ValueError("not a reason")
    if suggestion is not None and not isinstance(suggestion, str):
        raise TypeError("not an address")
    image = value.get("image")
    return UrlNote(
        VerdictKind(value["verdict"]),
        reason,
        None if since is None else date.fromisoformat(since),
        suggestion,
        None if image is None else Size(_pixels(image["width"]), _pixels(image["height"])),
    )


def _pixels(value: object) -> int:
    if type(value) is not int or not 0 < value <= _MOST_PIXELS:
        raise ValueError("not a number of pixels")
    return value


def _value(note: UrlNote) -> str:
    members = {
        "verdict": _text(note.verdict),
        "reason": _text(note.reason),
        "since": None if note.since is None else _text(note.since.isoformat()),
        "suggestion": None if note.suggestion is None else _text(note.suggestion),
        "image": note.image and f'{{"width": {note.image.width}, "height": {note.image.height}}}',
    }
    return "{" + ", ".join(f'"{name}": {text}' for name, text in members.items() if text) + "}"


def _text(text: str) -> str:
    """A JSON string that YAML reads alike: characters above U+FFFF stay unescaped, because YAML does not know surrogate pairs."""
    return "".join(map(_as_both_read_it, json.dumps(text, ensure_ascii=False)))


def _as_both_read_it(character: str) -> str:
    if character.isprintable() or ord(character) > 0xFFFF:
        return character
    if "\ud800" <= character <= "\udfff":
        # No UTF-8 file can hold a lone surrogate.
        return "\ufffd"
    return f"\\u{ord(character):04x}"

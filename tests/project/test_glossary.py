"""docs/glossary.md: one line a term, in order, each in use; words that it has replaced stay away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "glossary.md"
GROUPS = {
    title: re.findall(r"^\| (?!term|---)([^|]+?) \| (.+) \|$", body, re.MULTILINE)
    for title, body in re.findall(
        r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
}
TERMS = [term for rows in GROUPS.values() for term, _ in rows]

RETIRED = {
    "courtesy": "back-off",
    "editor's word": "an editor's decision",
    "ledger": "results",
    "sibling": "probe",
    "glance": "evidence",
}
"""Words that had to be guessed, and what says the same."""
KEPT = {
    # The name of a column of the state, and of the history that it came with.
    "sibling": {
        "crawler/state/rows.py",
        "crawler/state/schema.py",
        "crawler/state/upgrades.py",
        "docs/state.md",
    },
    # A newspaper of the sample collection.
    "ledger": {"crawler/demonstration/surprises.py"},
    # As parking services write it.
    "courtesy": {"crawler/extractors/signs/parked.py"},
}
"""Files where such a word is a name that cannot change."""


def texts() -> Iterator[tuple[str, str]]:
    """What a newcomer reads: code and pages. Records tell how things were called in their day."""
    places = (
        "crawler/**/*.py",
        "crawler/**/*.json",
        "spiders/*.py",
        "pipelines/*.py",
        "docs/*.md",
        "*.md",
    )
    for place in places:
        for path in PROJECT.glob(place):
            name = path.relative_to(PROJECT).as_posix()
            if name not in ("CHANGELOG.md", "docs/glossary.md"):
                yield name, path.read_text(encoding="utf-8")


def test_every_term_has_one_line_and_its_place() -> None:
    assert len(GROUPS) >= 4
    assert len(TERMS) >= 60
    assert sorted(TERMS) == sorted(set(TERMS))
    for rows in GROUPS.values():
        names = [term.lower() for term, _ in rows]
        assert names == sorted(names)
        assert [term for term, meaning in rows if not meaning.strip()] == []


def test_every_term_is_in_use() -> None:
    together = " ".join(" ".join(text.split()) for _, text in texts()).lower()
    unused = [
        term
        for term in TERMS
        for word in term.lower().split(", ")
        if not re.search(rf"\b{re.escape(word)}(s|es)?\b", together)
    ]
    assert unused == []


def test_retired_words_stay_away() -> None:
    found = [
        f"{name}: {word} (say: {instead})"
        for name, text in texts()
        for word, instead in RETIRED.items()
        if name not in KEPT.get(word, ()) and re.search(rf"\b{word}", text, re.IGNORECASE)
    ]
    assert found == []

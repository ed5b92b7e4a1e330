"""Pages that say what their files say, in every dress: none drifts; with one true change each does.

The same on whole collections is `benchmarks/drift_of_dresses.py`.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from benchmarks.drift_of_dresses import (
    PICTURES,
    PUNCTUATION,
    STORED,
    TITLES,
    Case,
    case_of,
    changes,
    seen,
)
from crawler.model.article import Article
from crawler.model.check import FreshnessState
from crawler.model.reference import Reference, Scope
from crawler.model.role import Role

_PICTURE = "https://cdn.example/wp-content/uploads/2024/03/old-pier.jpg"
_TEXTS = (
    (
        'Council votes: "No" to pre-war pier - and what\'s next',
        "The council's vote was clear, 12 - 3. \"We will not pay\", said the mayor – for now...",
    ),
    ("Beta 1 of Acme's C++ tools", "What's new in the pre-release of Acme's tools, and for whom?"),
    ("Über 40 Jahre „Tatort“", "Die Reihe läuft seit 1970 – und ist so beliebt wie nie, sagt der Sender."),
)  # fmt: skip


def article(title: str, excerpt: str) -> Article:
    image = Reference("a.md", 9, "images/0", Role.IMAGE, Scope.OWN, _PICTURE, _PICTURE)
    return Article("a.md", title, excerpt, datetime(2024, 3, 5, 12, tzinfo=UTC), True, (image,))


def all_cases() -> list[Case]:
    """Every dress of every kind, each with others of the other kinds."""
    most = max(map(len, (PUNCTUATION, TITLES, STORED, PICTURES)))
    found = []
    for number, (title, excerpt) in enumerate(_TEXTS):
        for at in range(most):
            names = tuple(
                list(table)[(at + shift * number) % len(table)]
                for shift, table in enumerate((PUNCTUATION, TITLES, STORED, PICTURES), 1)
            )
            found.append(case_of(article(title, excerpt), names, markup=at + number))
    return found


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: "-".join(case.names))
def test_a_dress_is_no_drift_and_a_change_is(case: Case) -> None:
    found = seen(case)
    assert (found.state, found.drift) == (FreshnessState.CURRENT, ())
    changed = list(changes(case))
    assert [field for field, _ in changed] == ["title", "excerpt", "publishedDateTime", "image"]
    for field, other in changed:
        assert seen(other).drift == (field,)

"""What a file says of its article itself: heat, quality, topics, authors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.content.front_matter import read_article
from crawler.content.site import Site
from crawler.model.article_labels import LONGEST_LABEL, MOST_LABELS, NO_LABELS, ArticleLabels


def labels(front_matter: str) -> ArticleLabels:
    article = read_article("a.md", f"---\n{front_matter}\n---\n".encode(), Site())
    assert article.problems == ()
    return article.labels


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: T", NO_LABELS),
        ("heat: -1\nquality: 37", ArticleLabels(-1, 37)),
        ("heat: 1.5\nquality: '+7.'", ArticleLabels(1.5, 7)),
        ("heat: hot\nquality: [1]", NO_LABELS),
        ("heat: .inf\nquality: .nan", NO_LABELS),
        ("heat: 1e9\nquality: 1_000", NO_LABELS),
        ("heat:\nquality: ~", NO_LABELS),
        ("heat: {a: 1}", NO_LABELS),
        (f"heat: {'9' * 400}", NO_LABELS),
        ("topics: [AI, Cloud, AI, '', ~]", ArticleLabels(topics=("AI", "Cloud"))),
        ("topics: AI", ArticleLabels(topics=("AI",))),
        ("topics: {name: AI}", ArticleLabels(topics=("AI",))),
        ("topics: [{name: AI}, {title: x}, [y]]", ArticleLabels(topics=("AI",))),
        ("author: Ada", ArticleLabels(authors=("Ada",))),
        ("author: {name: Ada}\nauthors: []", ArticleLabels(authors=("Ada",))),
        ("author: Ada\nauthors: [Bob, {name: Cy}]", ArticleLabels(authors=("Bob", "Cy"))),
        (
            "author: 'https://u:secret@a.example/'",
            ArticleLabels(authors=("https://***@a.example/",)),
        ),
    ],
)
def test_labels_are_read_and_nothing_else_is_told(text: str, expected: ArticleLabels) -> None:
    assert labels(text) == expected


def test_labels_are_bounded() -> None:
    many = ", ".join(f"t{number}" for number in range(MOST_LABELS + 10))
    found = labels(f"topics: [{many}]\nauthor: {'x' * 1000}")
    assert len(found.topics) == MOST_LABELS
    assert found.authors == ("x" * LONGEST_LABEL,)


@given(st.floats() | st.integers() | st.text(st.characters(codec="ascii", categories=["L", "N"])))
def test_any_value_of_heat_is_a_finite_number_or_none(value: object) -> None:
    heat = labels(f"heat: '{value}'").heat
    assert heat is None or abs(heat) < 1e16

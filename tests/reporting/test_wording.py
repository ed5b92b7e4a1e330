from __future__ import annotations

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.article import ProblemCode
from crawler.model.check import FreshnessState
from crawler.model.observation import FailureKind
from crawler.model.verdict import UNCHECKED, VerdictKind, WarningCode
from crawler.reporting.wording import GROUPS, Wording, explain, is_known
from crawler.rules.urls import InvalidReason

CODES: list[StrEnum] = [
    *FailureKind,
    *WarningCode,
    *VerdictKind,
    *FreshnessState,
    *ProblemCode,
    *InvalidReason,
]
RULES_6 = [
    *("image-dead", "html-for-image", "not-an-image", "size-mismatch", "resized"),
    *("aspect-mismatch", "size-missing", "image-too-small", "image-card", "image-discover"),
    *("image-weight", "image-type-mismatch", "image-placeholder", "image-expiring"),
    *("image-mixed-content", "image-bomb"),
]


@pytest.mark.parametrize("code", [*CODES, *RULES_6, UNCHECKED.reason, "soft-404", "parked"])
def test_every_code_has_words(code: str) -> None:
    assert is_known(code)


def test_no_code_stands_in_two_groups() -> None:
    codes = [code for group in GROUPS.values() for code in group]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("words", [words for group in GROUPS.values() for words in group.values()])
def test_words_are_sentences(words: Wording) -> None:
    for sentence in (words.meaning, words.advice):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert sentence.isprintable()


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("http-404", "does not exist"),
        ("http-410", "removed for good"),
        ("http-418", "joke"),
        ("http-423", "refused"),
        ("http-599", "error of its own"),
        ("http-305", "pointed elsewhere"),
        ("http-206", "answered"),
        ("http-199", "never gave it"),
        ("http-799", "no standard"),
        ("http-99", "No plain words"),
        ("http-4040", "No plain words"),
        ("made-up", "No plain words"),
        ("", "No plain words"),
    ],
)
def test_statuses_fall_back_to_their_family(code: str, part: str) -> None:
    assert part in explain(code).meaning


@given(st.text())
def test_any_code_is_explained(code: str) -> None:
    assert explain(code).meaning

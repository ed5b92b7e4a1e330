"""Priorities (rules Q1 to Q5): what each factor does, and what holds for all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.article_labels import ArticleLabels, LabelledArticle
from crawler.model.check import Level
from crawler.model.priority import NOTHING_TO_DO, Factor, Priority
from crawler.model.role import Role
from crawler.model.verdict import (
    UNCHECKED,
    Suggestion,
    SuggestionKind,
    Verdict,
    VerdictKind,
    WarningCode,
)
from crawler.rules.policy import PriorityPolicy
from crawler.rules.priorities import (
    HIGHEST,
    Uses,
    article_priority,
    finding_score,
    priority_of,
)
from crawler.rules.verdict.page_state import HIJACKED

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DEFAULT = PriorityPolicy()
DEAD = Verdict(VerdictKind.DEAD, "http-404", "r", since=NOW)
MOVED_TO = Suggestion(SuggestionKind.REPLACE_URL, "https://b.example/")


def article(
    heat: float | None = None, quality: float | None = None, *, listed: bool = True
) -> LabelledArticle:
    return LabelledArticle("a.md", listed, ArticleLabels(heat, quality))


def at(*roles: Role, of: LabelledArticle | None = None, related: int = 0) -> Uses:
    return Uses(tuple((role, of or article()) for role in roles), related)


def score(
    verdict: Verdict = DEAD, uses: Uses | None = None, policy: PriorityPolicy = DEFAULT
) -> int:
    return priority_of(verdict, at(Role.WEB) if uses is None else uses, policy, NOW).score


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (DEAD, 100),
        (replace(DEAD, kind=VerdictKind.BROKEN), 100),
        (replace(DEAD, kind=VerdictKind.INVALID), 100),
        (replace(DEAD, kind=VerdictKind.MOVED), 10),
        (replace(DEAD, kind=VerdictKind.UNVERIFIABLE), 2),
        (replace(DEAD, kind=VerdictKind.UNVERIFIABLE, reason=HIJACKED), 100),
        (replace(DEAD, kind=VerdictKind.ALIVE, warnings=(WarningCode.REDIRECTS_TO_HOME,)), 10),
        (replace(DEAD, kind=VerdictKind.ALIVE, suggestion=MOVED_TO), 10),
        (replace(DEAD, kind=VerdictKind.ALIVE, warnings=(WarningCode.TLS_TOO_OLD,)), 0),
        (replace(DEAD, kind=VerdictKind.ALIVE), 0),
        (replace(DEAD, kind=VerdictKind.EXCLUDED, suggestion=MOVED_TO), 0),
        (UNCHECKED, 0),
    ],
)
def test_what_readers_meet(verdict: Verdict, expected: int) -> None:
    assert score(verdict) == expected


@pytest.mark.parametrize(
    ("uses", "expected"),
    [
        (at(Role.WEB), 100),
        (at(Role.ORIGINAL), 80),
        (at(Role.BODY), 60),
        (at(Role.IMAGE), 50),
        (at(Role.AMP), 40),
        (at(Role.PROVIDER_IMAGE), 20),
        (at(Role.AMP_CACHE), 10),
        (at(Role.AMP_CACHE, Role.WEB), 130),  # the more important field, at two places
        (Uses(related=1), 20),
        (Uses(related=100), 60),
        (at(Role.WEB, related=9), 200),
        (at(*[Role.WEB] * 100), 300),
        (Uses(), 20),
    ],
)
def test_field_and_number_of_references(uses: Uses, expected: int) -> None:
    assert score(uses=uses) == expected


@pytest.mark.parametrize(
    ("days", "expected"), [(-1, 100), (0, 100), (73, 120), (365, 200), (4000, 200)]
)
def test_age_counts_from_the_first_failure_and_doubles_at_most(days: int, expected: int) -> None:
    failing = replace(DEAD, failing_since=NOW - timedelta(days=days))
    assert score(failing) == expected


def test_age_counts_from_the_verdict_where_nothing_fails() -> None:
    assert score(replace(DEAD, since=NOW - timedelta(days=365))) == 200
    assert score(replace(DEAD, since=None)) == 100


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (article(heat=-1), 100),
        (article(heat=0), 100),
        (article(heat=9), 200),
        (article(heat=1e15), 400),
        (article(quality=0), 50),
        (article(quality=-1e9), 50),
        (article(quality=50), 100),
        (article(quality=136), 186),
        (article(quality=1e15), 200),
        (article(listed=False), 25),
        (article(heat=9, quality=100, listed=False), 75),
    ],
)
def test_what_the_article_says_of_itself(of: LabelledArticle, expected: int) -> None:
    assert score(uses=at(Role.WEB, of=of)) == expected


def test_the_best_of_the_articles_that_hold_it_counts() -> None:
    best = Uses(((Role.WEB, article(9, listed=False)), (Role.WEB, article(None, 150))))
    alone = Uses(((Role.WEB, article(9, 150)), (Role.WEB, article(9, 150))))
    assert score(uses=best) == score(uses=alone)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (PriorityPolicy(), 50 * 1.2 * 2 * 2 * 2 * 0.25),
        (PriorityPolicy(age=0), 50 * 2 * 2 * 2 * 0.25),
        (PriorityPolicy(references=0), 50 * 1.2 * 2 * 2 * 0.25),
        (PriorityPolicy(heat=0), 50 * 1.2 * 2 * 2 * 0.25),
        (PriorityPolicy(quality=0), 50 * 1.2 * 2 * 2 * 0.25),
        (PriorityPolicy(published=0), 50 * 1.2 * 2 * 2 * 2),
        (PriorityPolicy(published=2), 50 * 1.2 * 2 * 2 * 2 * 0.0625),
        (PriorityPolicy(fields={"image": 100}), 1000 * 1.2 * 2 * 2 * 2 * 0.25),
        (PriorityPolicy(fields={"image": 0}), 0),
    ],
)
def test_weights_are_configurable(policy: PriorityPolicy, expected: float) -> None:
    verdict = replace(DEAD, failing_since=NOW - timedelta(days=73))
    uses = at(Role.IMAGE, of=article(9, 150, listed=False), related=9)
    assert score(verdict, uses, policy) == round(expected)


def test_related_fields_have_a_weight_too() -> None:
    assert score(uses=Uses(related=1), policy=PriorityPolicy(fields={"related": 7})) == 70


def test_a_score_is_explained_by_its_parts() -> None:
    found = priority_of(DEAD, at(Role.WEB, of=article(9, 50), related=9), DEFAULT, NOW)
    assert [(part.factor, part.of, part.times) for part in found.parts] == [
        (Factor.TROUBLE, "dead", 1),
        (Factor.FIELD, "web", 10),
        (Factor.AGE, "0", 1),
        (Factor.REFERENCES, "10", 2),
        (Factor.HEAT, "9", 2),
        (Factor.QUALITY, "50", 1),
        (Factor.PUBLISHED, "yes", 1),
    ]


def test_an_article_has_the_priority_of_its_page_and_its_findings_by_level() -> None:
    whole = article_priority(article(9, 50), DEFAULT)
    assert whole.score == 200
    assert [finding_score(whole.score, level) for level in Level] == [200, 20, 4]
    assert finding_score(0, Level.ERROR) == 0
    assert finding_score(1, Level.INFO) == 1


numbers = st.none() | st.floats(-1e15, 1e15)
articles = st.builds(
    LabelledArticle,
    st.text(max_size=3),
    st.booleans(),
    st.builds(ArticleLabels, numbers, numbers),
)
places = st.lists(st.tuples(st.sampled_from(Role), articles), max_size=5)
uses_of = st.builds(Uses, places, st.integers(0, 10**9))
weights = st.floats(0, 5)
policies = st.builds(
    PriorityPolicy,
    weights,
    weights,
    weights,
    weights,
    weights,
    fields=st.dictionaries(st.sampled_from([*Role, "related"]), st.floats(0, 100)),
)
verdicts = st.builds(
    Verdict,
    st.sampled_from(VerdictKind),
    st.just("x"),
    st.just("r"),
    failing_since=st.none() | st.datetimes(timezones=st.just(UTC)),
)


@given(verdicts, uses_of, policies)
def test_every_score_is_bounded_and_is_the_product_of_its_parts(
    verdict: Verdict, uses: Uses, policy: PriorityPolicy
) -> None:
    found: Priority = priority_of(verdict, uses, policy, NOW)
    assert 0 <= found.score <= HIGHEST
    assert (found == NOTHING_TO_DO) == (found.score == 0)
    product = 10.0
    for part in found.parts:
        product *= part.times
    if found.parts:
        assert found.score == pytest.approx(min(HIGHEST, max(1, product)), abs=1)


@given(uses_of, policies)
def test_more_places_never_count_less(uses: Uses, policy: PriorityPolicy) -> None:
    more = replace(uses, related=uses.related + 1)
    if uses.own or uses.related:
        assert score(uses=more, policy=policy) >= score(uses=uses, policy=policy)


@given(uses_of, st.integers(0, 5000), st.integers(0, 5000), policies)
def test_what_fails_for_longer_never_counts_less(
    uses: Uses, one: int, more: int, policy: PriorityPolicy
) -> None:
    newer, older = (
        replace(DEAD, failing_since=NOW - timedelta(days=days)) for days in (one, one + more)
    )
    assert score(older, uses, policy) >= score(newer, uses, policy)

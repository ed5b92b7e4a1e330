"""One answer for any address: when it is a soft 404, and when a barrier (rules N6, N7, N9, N10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.model.observation import (
    Further,
    Hop,
    Neighbour,
    Observation,
    PageFacts,
    Probe,
    SoftSign,
)
from crawler.rules.verdict.any_address import (
    LONG_ANSWER,
    answered_as_itself,
    is_root_worth_asking,
    lacks_evidence,
    would_be_gone,
)
from crawler.rules.verdict.page_state import find

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SITE = "https://news.example"
DEEP = f"{SITE}/2020/06/a-story-of-note"
NO_SUCH = f"{SITE}/2020/06/vomekatu-rilosane-pudifoke"
PAGE = PageFacts(title="The Daily Harbour")
LIKE = Probe(NO_SUCH, 200, NO_SUCH, 1.0)
ROOT = Probe(f"{SITE}/", 200, f"{SITE}/", 0.2)
SINCE, LATELY = Neighbour.SINCE, Neighbour.LATELY


def one_answer(page: PageFacts | None = PAGE, **further: object) -> Observation:
    """A page that any address of the site gets."""
    more = Further(**further)  # type: ignore[arg-type]
    return Observation(DEEP, NOW, 1, 200, final_url=DEEP, page=page, probe=LIKE, further=more)


def one_end(end: str, **further: bool) -> Observation:
    """A redirect that any address of the site gets, for the time being."""
    seen = one_answer(PAGE, **further)
    return replace(seen, hops=(Hop(DEEP, 302),), final_url=end, probe=replace(LIKE, final_url=end))


HOME = replace(PAGE, canonical=f"{SITE}/")


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(one_answer(says_gone=True), id="it says so"),
        pytest.param(one_answer(says_gone=True, is_gate=True), id="it says so beside a log-in"),
        pytest.param(one_answer(HOME), id="it calls itself the home page"),
        pytest.param(one_answer(neighbour=SINCE, is_lasting=True), id="the site lives"),
        pytest.param(one_answer(neighbour=LATELY, front=ROOT, is_lasting=True), id="lived, and its root does"),
        pytest.param(one_answer(spoken=LONG_ANSWER, front=ROOT, is_lasting=True), id="long, and its root lives"),
        pytest.param(one_end(f"{SITE}/news/search?q=a"), id="a search"),
        pytest.param(one_end(f"{SITE}/2020/"), id="a folder above"),
        pytest.param(one_end(f"{SITE}/oops/", says_gone=True), id="an end that says so"),
    ],
)  # fmt: skip
def test_soft_404s(seen: Observation) -> None:
    assert find(seen).reason == "soft-404"


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(one_answer(), id="nothing is known"),
        pytest.param(one_answer(HOME, is_gate=True), id="a gate that calls itself the home page"),
        pytest.param(one_answer(neighbour=SINCE), id="the site lives, and answers otherwise by now"),
        pytest.param(one_answer(neighbour=SINCE, is_gate=True, is_lasting=True), id="members only"),
        pytest.param(one_answer(neighbour=LATELY, is_lasting=True), id="it lived"),
        pytest.param(one_answer(front=replace(ROOT, alike=0.95), is_lasting=True), id="the root too"),
        pytest.param(one_answer(front=replace(ROOT, alike=None), is_lasting=True), id="a bare root"),
        pytest.param(one_answer(front=replace(ROOT, status=503), is_lasting=True), id="a failing root"),
        pytest.param(
            one_answer(front=replace(ROOT, final_url="https://gate.example/"), is_lasting=True), id="a root led away"
        ),
        pytest.param(one_end(f"{SITE}/hello/"), id="an end of some name"),
        pytest.param(one_end("https://other.example/2020/"), id="another site's folder"),
        pytest.param(one_end(f"{SITE}/2020/", is_gate=True), id="a gate in a folder above"),
    ],
)  # fmt: skip
def test_barriers(seen: Observation) -> None:
    assert find(seen).reason == "site-barrier"
    assert lacks_evidence(find(seen))


def test_when_the_root_is_worth_a_request() -> None:
    assert is_root_worth_asking(one_answer(neighbour=LATELY))
    assert is_root_worth_asking(one_answer(spoken=LONG_ANSWER))
    assert not is_root_worth_asking(one_answer(spoken=LONG_ANSWER - 1))
    assert not is_root_worth_asking(one_answer(neighbour=SINCE, spoken=LONG_ANSWER))
    assert not is_root_worth_asking(one_answer(neighbour=LATELY, is_gate=True))
    assert not is_root_worth_asking(one_answer(neighbour=LATELY, front=ROOT))


def test_when_the_site_is_worth_asking_again() -> None:
    assert would_be_gone(one_answer(neighbour=SINCE))
    assert not would_be_gone(one_answer(neighbour=LATELY))
    assert not would_be_gone(replace(one_answer(neighbour=SINCE), probe=None))


CLEARED = replace(LIKE, status=404, alike=None)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Observation(DEEP, NOW, 1, 304), True),
        (Observation(f"{SITE}/", NOW, 1, 304), False),
        (replace(one_answer(), probe=CLEARED), True),
        (replace(one_answer(), probe=replace(LIKE, status=None)), False),
        (one_answer(), False),
        (one_answer(is_titled=True), True),
        (one_answer(replace(PAGE, published="2020-01-01")), True),
        (one_answer(page=None), False),
        (replace(one_answer(is_titled=True), sign=SoftSign.NOT_FOUND), False),
        (replace(one_answer(is_titled=True), final_url="https://other.example/a/b"), False),
    ],
)
def test_answers_as_itself(seen: Observation, expected: bool) -> None:
    assert answered_as_itself(seen) is expected

"""Words of texts in any script, and the sketch that is kept of them."""

from __future__ import annotations

import pytest

from crawler.rules.text_words import (
    NO_WORDS,
    Shared,
    TextWords,
    shared_by_sketches,
    shared_with_sketch,
    shared_words,
    sketch_of,
    words_of,
)


@pytest.mark.parametrize(
    ("text", "telling", "short"),
    [
        ("The Pier, the PIER of 1903: 12 boats, 350 men", {"pier", "boats", "350"}, {"the", "of", "men"}),
        ("Ｐｉｅｒ", {"pier"}, set()),
        ("桟橋が開く", {"桟橋", "橋が", "が開", "開く"}, set()),
        ("부두가 열린다", {"부두", "두가", "열린", "린다"}, set()),
        ("สะพาน", {"สะ", "ะพ", "พา", "าน"}, set()),
        ("घाट समाचार", {"समाचार"}, {"घाट"}),
        ("причал и мост", {"причал", "мост"}, {"и"}),
        ("開 open", {"open"}, set()),
        ("", set(), set()),
    ],
)  # fmt: skip
def test_words(text: str, telling: set[str], short: set[str]) -> None:
    assert words_of(text) == TextWords(frozenset(telling), frozenset(short))


LONG = words_of(
    " ".join(f"word{chr(97 + at % 26)}{chr(97 + at // 26)}" for at in range(400)) + " a of to"
)


def test_a_sketch_finds_its_own_words_and_no_others() -> None:
    sketch = sketch_of(LONG)
    assert sketch is not None
    assert len(sketch) <= 386
    whole = shared_with_sketch(sketch, LONG)
    assert (whole.found, whole.known, whole.share, whole.share_of_short) == (64, 64, 1.0, 1.0)
    other = shared_with_sketch(sketch, words_of("Quite another text, and not a long one"))
    assert (other.found, other.found_short, other.known_short) == (0, 1, 3)


@pytest.mark.parametrize("sketch", [None, "", ".", "no sketch", "????.????", "AAA"])
def test_a_sketch_that_cannot_be_read_knows_nothing(sketch: str | None) -> None:
    found = shared_with_sketch(sketch, LONG)
    assert found == Shared(0, 0)
    assert (found.share, found.share_of_short) == (0.0, 0.0)


def test_there_is_no_sketch_of_nothing() -> None:
    assert sketch_of(NO_WORDS) is None
    assert sketch_of(words_of("of")) == "." + sketch_of(words_of("of")).partition(".")[2]  # type: ignore[union-attr]


def test_shared_words_are_counted() -> None:
    known, found = words_of("The pier opens again"), words_of("The pier is open")
    assert shared_words(known, found) == Shared(1, 3, 1, 1)
    assert shared_words(NO_WORDS, found).share == 0.0


def test_lone_surrogates_do_no_harm() -> None:
    words = TextWords(frozenset({"\ud800abc"}), frozenset())
    assert shared_with_sketch(sketch_of(words), words).share == 1.0


def numbered(*numbers: int) -> str:
    """Words that are alike in nothing but their numbers."""
    return " ".join(f"{number + 3_000}" for number in numbers)


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        pytest.param(numbered(*range(400)), numbered(*range(400)), 1.0, 1.0, id="the same"),
        pytest.param(numbered(*range(400)), numbered(*range(400, 800)), 0.0, 0.0, id="others"),
        pytest.param(numbered(*range(400)), numbered(*range(40, 400)), 0.75, 1.0, id="nine tenths"),
        pytest.param(numbered(*range(400)), numbered(*range(200, 600)), 0.15, 0.55, id="a third"),
        pytest.param(numbered(*range(400)), numbered(*range(40)), 0.0, 0.25, id="a part"),
        pytest.param(numbered(*range(30)), numbered(*range(33)), 0.9, 0.92, id="few words"),
    ],
)
def test_two_sketches_say_how_many_words_two_texts_share(
    one: str, other: str, least: float, most: float
) -> None:
    sketches = sketch_of(words_of(one)), sketch_of(words_of(other))
    shared = shared_by_sketches(*sketches)
    assert least <= shared.share <= most
    assert shared == shared_by_sketches(*reversed(sketches))
    assert shared.known <= 64


@pytest.mark.parametrize(
    ("one", "other", "known"),
    [(None, None, 0), ("no sketch", None, 0), (".", ".", 0), (None, sketch_of(LONG), 64)],
)
def test_sketches_without_words_share_nothing(
    one: str | None, other: str | None, known: int
) -> None:
    assert shared_by_sketches(one, other) == Shared(0, known)

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crawler.content import lists_dead, render, same_result, since_of
from crawler.content.block import LONGEST_SHOWN, MOST_RELATED, is_as_rendered
from crawler.model.check import (
    ArticleChecks,
    DeadLink,
    Freshness,
    FreshnessState,
    ImageSize,
    Level,
    Size,
)
from crawler.model.observation import Notice, NoticeKind
from crawler.model.verdict import VerdictKind

DAY = date(2026, 11, 22)
DEAD = DeadLink("ampWebUrl", 7, VerdictKind.BROKEN, "http-404", DAY, "https://a.test/x")
IMAGE = ImageSize(
    "images/0",
    9,
    "size-mismatch",
    Level.WARNING,
    Size(1400, 787),
    Size(1024, 576),
    "https://a.test/i",
)


def test_a_sick_article() -> None:
    drifted = Freshness(FreshnessState.DRIFTED, ("title",), date(2020, 6, 11))
    assert (
        render(ArticleChecks((DEAD,), drifted, (IMAGE,)), DAY)
        == """\
linkHealth:
  schema: 1
  since: '2026-11-22'
  deadLinks:
    - {at: ampWebUrl, verdict: broken, reason: http-404, since: '2026-11-22', url: 'https://a.test/x'}
  freshness: {state: drifted, drift: [title], modified: '2020-06-11'}
  imageSizes:
    - {at: images/0, reason: size-mismatch, declared: 1400x787, actual: 1024x576, url: 'https://a.test/i'}
"""
    )


def test_a_healthy_article() -> None:
    assert (
        render(ArticleChecks((), Freshness(FreshnessState.CURRENT), ()), DAY)
        == """\
linkHealth:
  schema: 1
  since: '2026-11-22'
  deadLinks: []
  freshness: {state: current}
  imageSizes: []
"""
    )


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (NoticeKind.RETRACTED, "{state: current, modified: '2020-06-11', notice: retracted}"),
        (NoticeKind.CORRECTED, "{state: current, modified: '2020-06-11'}"),
    ],
)
def test_a_retraction_is_written_and_a_correction_is_advice(kind: NoticeKind, written: str) -> None:
    notice = Notice(kind, "So: it's {wrong}.")
    found = Freshness(FreshnessState.CURRENT, (), date(2020, 6, 11), notice=notice)
    block = render(ArticleChecks((), found, ()), DAY)
    assert f"  freshness: {written}\n" in block
    assert is_as_rendered(block)


def test_related_findings_end_after_twenty_lines() -> None:
    many = [DEAD] * MOST_RELATED + [IMAGE] * 3
    loaded = yaml.safe_load(render(ArticleChecks(), DAY, many))["linkHealth"]
    assert len(loaded["related"]) == 20
    assert loaded["more"] == 3
    loaded = yaml.safe_load(render(ArticleChecks(), DAY, many[-4:]))["linkHealth"]
    assert [entry["reason"] for entry in loaded["related"]] == ["http-404"] + ["size-mismatch"] * 3
    assert "more" not in loaded


def test_since() -> None:
    block = render(ArticleChecks(), DAY)
    assert since_of(block) == DAY
    assert since_of(block.replace("2026-11-22", "2026-02-30")) is None
    assert since_of("linkHealth:\n  schema: 1\n") is None


def test_only_a_result_makes_a_difference() -> None:
    block = render(ArticleChecks((DEAD,)), DAY)
    assert same_result(block, render(ArticleChecks((DEAD,)), date(2027, 1, 1)))
    assert not same_result(block, render(ArticleChecks(), DAY))
    assert not same_result(
        block, block.replace("since: '2026-11-22', url", "since: '2027-01-01', url")
    )


@pytest.mark.parametrize(
    "text",
    ["null", "~", "true", "no", "y", "1", "1.5", "0x10", "1_000", "12:30:45", "2020-01-01", "=", "<<",
     "", " ", "a: b", "a #b", "- a", "{", "*x", "&x", "!x", "%x", "@x", "it's", '"', "\\", "a\nb", "\t",
     "\x00", "\x7f", "\x85", "\u2028", "\ufeff", "\ufffe", "😀", "\U000e0001", "\u00a0", "'\u2029\""],
)  # fmt: skip
def test_every_text_survives(text: str) -> None:
    link = DeadLink(text, 1, VerdictKind.DEAD, text, None, text)
    assert loads_to(render(ArticleChecks((link,)), DAY))["deadLinks"] == [
        {"at": text, "verdict": "dead", "reason": text, "url": text}
    ]


def test_sizes_that_look_like_hexadecimal_stay_texts() -> None:
    image = ImageSize("images/0", 1, "x", Level.INFO, Size(0, 10), None, "u")
    (entry,) = loads_to(render(ArticleChecks((), image_sizes=(image,)), DAY))["imageSizes"]
    assert entry == {"at": "images/0", "reason": "x", "declared": "0x10", "url": "u"}


def test_what_cannot_be_written_is_replaced_and_what_is_endless_is_cut() -> None:
    link = DeadLink("webUrl", 1, VerdictKind.INVALID, "too-long", None, "\ud800" + "x" * 9_000)
    (entry,) = loads_to(render(ArticleChecks((link,)), DAY))["deadLinks"]
    assert entry["url"] == "\ufffd" + "x" * (LONGEST_SHOWN - 1) + "…"


def loads_to(block: str) -> dict[str, Any]:
    """What both of PyYAML's loaders read, which must be the same."""
    block.encode()
    assert all(line.startswith("  ") for line in block.splitlines()[1:] if "\u2028" not in line)
    slow, fast = yaml.load(block, yaml.SafeLoader), yaml.load(block, yaml.CSafeLoader)
    assert slow == fast
    assert list(slow) == ["linkHealth"]
    loaded: dict[str, Any] = slow["linkHealth"]
    return loaded


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
days = st.none() | st.dates()
sizes = st.none() | st.builds(Size, st.integers(0, 99_999), st.integers(0, 99_999))


@given(
    st.lists(st.builds(DeadLink, texts, st.just(1), st.sampled_from(VerdictKind), texts, days, texts), max_size=3),
    st.lists(st.builds(ImageSize, texts, st.just(1), texts, st.just(Level.INFO), sizes, sizes, texts), max_size=3),
    st.builds(Freshness, st.sampled_from(FreshnessState), st.lists(texts, max_size=3).map(tuple), days),
    st.dates(),
)  # fmt: skip
def test_a_block_loads_to_what_was_meant(
    links: list[DeadLink], images: list[ImageSize], freshness: Freshness, since: date
) -> None:
    block = render(ArticleChecks(tuple(links), freshness, tuple(images)), since, links)
    assert is_as_rendered(block)
    loaded = loads_to(block)

    def known(**values: object) -> dict[str, object]:
        return {key: value for key, value in values.items() if value is not None}

    dead = [
        known(at=link.at, verdict=link.verdict.value, reason=link.reason,
              since=link.since and link.since.isoformat(), url=link.url)
        for link in links
    ]  # fmt: skip
    expected: dict[str, object] = {
        "schema": 1,
        "since": since.isoformat(),
        "deadLinks": dead,
        "freshness": known(
            state=freshness.state.value,
            drift=list(freshness.drift) or None,
            modified=freshness.modified and freshness.modified.isoformat(),
        ),
        "imageSizes": [
            known(at=image.at, reason=image.reason, declared=image.declared and str(image.declared),
                  actual=image.actual and str(image.actual), url=image.url)
            for image in images
        ],
    }  # fmt: skip
    if links:
        expected["related"] = dead
    assert loaded == expected


def test_a_block_says_dead_only_of_dead_links() -> None:
    dead = replace(DEAD, verdict=VerdictKind.DEAD)
    broken = replace(DEAD, verdict=VerdictKind.BROKEN, reason="verdict: dead, reason: x")
    assert lists_dead(render(ArticleChecks((broken, dead)), DAY))
    assert not lists_dead(render(ArticleChecks((broken,)), DAY))
    assert not lists_dead(render(ArticleChecks(), DAY))
    assert not lists_dead(None)


WRITTEN = render(
    ArticleChecks(
        (DEAD,),
        Freshness(FreshnessState.DRIFTED, ("title", "excerpt"), date(2020, 6, 11)),
        (IMAGE,),
    ),
    DAY,
    [DEAD] * (MOST_RELATED + 3),
)


def test_half_a_character_makes_no_block_of_another_shape() -> None:
    link = DeadLink("webUrl", 1, VerdictKind.INVALID, "too-long", None, "a\ud800")
    assert is_as_rendered(render(ArticleChecks((link,)), DAY))


@pytest.mark.parametrize(
    "block", [WRITTEN, render(ArticleChecks(), DAY), "linkHealth:\n  schema: 1\n"]
)
def test_what_is_written_is_known_again(block: str) -> None:
    assert is_as_rendered(block)


@pytest.mark.parametrize(
    ("written", "edited"),
    [
        ("  schema: 1\n", "  schema: 1\n  note: asked them\n"),
        ("  schema: 1\n", "  schema: 1 # mine\n"),
        ("  schema: 1\n", "  schema: 2\n"),
        ("  schema: 1\n", "  schema: [1]\n"),
        ("  schema: 1\n", ""),
        ("linkHealth:\n", "linkHealth: # mine\n"),
        ("http-404,", "http-404, note: asked them,"),
        ("http-404,", "http-404 ,"),
        ("verdict: broken, reason: http-404", "reason: http-404, verdict: broken"),
        ("verdict: broken, ", "verdict: broken, verdict: broken, "),
        ("{state: drifted,", "{state:  drifted,"),
        ("[title, excerpt]", "[title,excerpt]"),
        ("[title, excerpt]", "[title, excerpt] "),
        ("  freshness:", "  # mine\n  freshness:"),
        ("  more: 3\n", "  more: 3\n\n"),
        ("  more: 3\n", "  more: 3"),
        ("  more: 3\n", "  more: 3\nb: 1\n"),
        ("  more: 3\n", "  more: |\n    3\n"),
        ("  more: 3\n", "  more: *x\n"),
        ("  since: '2026-11-22'\n", "  ? since\n  : '2026-11-22'\n"),
        ("    - {at: ampWebUrl", "      - {at: ampWebUrl"),
        ("    - {at: ampWebUrl", "    - just looked\n    - {at: ampWebUrl"),
    ],
)
def test_a_block_that_a_person_has_touched_is_theirs(written: str, edited: str) -> None:
    assert written in WRITTEN
    changed = WRITTEN.replace(written, edited, 1)
    assert not is_as_rendered(changed)


@pytest.mark.parametrize("text", ["", "linkHealth: x\n", "- a\n", "linkHealth:\n- a\n"])
def test_what_is_no_block_is_not_ours(text: str) -> None:
    assert not is_as_rendered(text)

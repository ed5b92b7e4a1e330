"""The notes on URLs, and which of them a run changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from crawler.model.check import LinkedReference, Size
from crawler.model.observation import ImageFacts
from crawler.model.reference import Declared
from crawler.model.role import Role
from crawler.model.verdict import VerdictKind
from crawler.rules.policy import ImagePolicy
from crawler.sidecar.notes import UrlNotes, merged, url_note, url_notes
from crawler.sidecar.url_note import UrlNote
from tests.rules.articles import SINCE, linked

POLICY = ImagePolicy()
URL = "https://news.example/a"
EARLIER = datetime(2026, 11, 1, tzinfo=UTC)
IMAGE = ImageFacts("JPEG", 1024, 576, 90_000, 16_384)
UNMEASURED = ImageFacts("JPEG", None, None, None, 0)
ALIVE, DEAD, BROKEN = VerdictKind.ALIVE, VerdictKind.DEAD, VerdictKind.BROKEN
SAME, OTHER, NONE = Declared(1024, 576), Declared(400, 400), Declared()


def image(
    kind: VerdictKind = ALIVE, *, declared: Declared = OTHER, facts: ImageFacts = IMAGE
) -> LinkedReference:
    return linked(Role.IMAGE, kind, pointer="images/0", reason="x", image=facts, declared=declared)


@pytest.mark.parametrize(
    ("reference", "note"),
    [
        (linked(), None),
        *((linked(kind=kind), None) for kind in VerdictKind if not kind.is_written_back),
        (linked(kind=BROKEN, reason="x"), UrlNote(BROKEN, "x", SINCE.date())),
        (linked(kind=DEAD, reason="x", failing_since=EARLIER), UrlNote(DEAD, "x", date(2026, 11, 1))),
        (linked(kind=VerdictKind.INVALID, reason="x"), UrlNote(VerdictKind.INVALID, "x", SINCE.date())),
        (
            linked(kind=VerdictKind.MOVED, reason="x", suggestion="https://b.example/"),
            UrlNote(VerdictKind.MOVED, "x", SINCE.date(), "https://b.example/"),
        ),
        (image(), UrlNote(ALIVE, "x", SINCE.date(), None, Size(1024, 576))),
        (image(declared=NONE), UrlNote(ALIVE, "x", SINCE.date(), None, Size(1024, 576))),
        (image(declared=SAME), None),
        (image(facts=UNMEASURED), None),
        # A dead image has no size any more.
        (image(DEAD), UrlNote(DEAD, "x", SINCE.date())),
        # Failing for a while, and alive again in the meantime: the verdict's own day.
        (
            replace(image(), link=linked(image=IMAGE, reason="x", failing_since=EARLIER).link),
            UrlNote(ALIVE, "x", SINCE.date(), None, Size(1024, 576)),
        ),
    ],
)  # fmt: skip
def test_what_is_noted(reference: LinkedReference, note: UrlNote | None) -> None:
    assert url_note(reference, POLICY) == note


def test_an_image_is_noted_where_any_article_declares_another_size() -> None:
    for references in ([image(declared=SAME), image()], [image(), image(declared=SAME)]):
        found = url_notes(references, POLICY)
        assert found.by_url == {URL: UrlNote(ALIVE, "x", SINCE.date(), None, Size(1024, 576))}


def other(reference: LinkedReference) -> LinkedReference:
    """The same text, and another page behind it."""
    return replace(reference, link=replace(reference.link, id=2))


def test_a_url_that_means_several_pages_is_noted_only_where_they_agree() -> None:
    dead = linked(kind=DEAD, reason="x")
    assert url_notes([dead, other(dead)], POLICY).by_url == {URL: UrlNote(DEAD, "x", SINCE.date())}
    for references in ([dead, other(linked())], [linked(), other(dead)]):
        found = url_notes(references, POLICY)
        assert (found.by_url, found.known, found.open) == ({}, {URL}, set())


def test_a_url_that_was_never_visited_is_open() -> None:
    found = url_notes([linked(kind=VerdictKind.UNCHECKED)], POLICY)
    assert (found.by_url, found.known, found.open) == ({}, {URL}, {URL})


DAY, LATER = date(2026, 3, 1), date(2026, 4, 1)
GONE, LOST = UrlNote(DEAD, "x", DAY), UrlNote(BROKEN, "x", DAY)


@pytest.mark.parametrize(
    ("old", "new", "whole", "hold", "expected"),
    [
        (None, None, True, False, None),
        (None, GONE, True, False, GONE),
        (GONE, None, True, False, None),
        # The same result, with another `since`.
        (GONE, replace(GONE, since=LATER), True, False, GONE),
        (replace(GONE, since=None), GONE, True, False, replace(GONE, since=None)),
        (LOST, replace(GONE, since=LATER), True, False, replace(GONE, since=LATER)),
        (LOST, replace(LOST, reason="y", since=LATER), True, False, replace(LOST, reason="y", since=LATER)),
        # Held back: the notes of URLs that would be newly broken, or dead, stay as they were.
        (None, GONE, True, True, None),
        (LOST, GONE, True, True, LOST),
        (GONE, replace(GONE, reason="y"), True, True, replace(GONE, reason="y")),
        (None, LOST, True, True, None),
        (GONE, None, True, True, None),
        # A single file knows of its own URLs.
        (GONE, None, False, False, None),
        (None, GONE, False, False, GONE),
    ],
)  # fmt: skip
def test_the_notes_after_a_run(
    old: UrlNote | None, new: UrlNote | None, whole: bool, hold: bool, expected: UrlNote | None
) -> None:
    found = UrlNotes({URL: new} if new else {}, {URL})
    before = {URL: old} if old else {}
    after = merged(before, found, whole=whole, hold_ends=hold)
    assert after == ({URL: expected} if expected else {})


@pytest.mark.parametrize(
    ("known", "unvisited", "whole", "stays"),
    [
        (False, False, True, False),
        (False, False, False, True),
        (True, True, True, True),
        (True, True, False, True),
        (True, False, True, False),
    ],
)
def test_notes_on_urls_that_a_run_does_not_know(
    known: bool, unvisited: bool, whole: bool, stays: bool
) -> None:
    found = UrlNotes({}, {URL} if known else set(), {URL} if unvisited else set())
    assert merged({URL: GONE}, found, whole=whole) == ({URL: GONE} if stays else {})

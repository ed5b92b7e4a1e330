"""Candidates: the page's own image and https, which are visited first and suggested once they are measured."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.model.check import ChangeKind, FieldChange, LinkedReference
from crawler.model.link import Link
from crawler.model.observation import ImageFacts, PageFacts
from crawler.model.reference import Declared
from crawler.model.role import Role
from crawler.model.verdict import VerdictKind, WarningCode
from crawler.rules.article.article_checks import article_checks
from crawler.rules.image.image_candidates import candidates
from crawler.rules.image.image_checks import image_checks
from crawler.rules.image.image_uses import SharedImages
from crawler.rules.policy import ImagePolicy, Policy
from tests.rules.articles import article, linked

NOW = datetime(2026, 11, 23, tzinfo=UTC)
OLD, NEW = "https://news.example/img/old.jpg", "https://news.example/img/new.jpg"
PLAIN, HTTPS = "http://pics.example/a.jpg", "https://pics.example/a.jpg"
GONE = VerdictKind.BROKEN


def facts(width: int | None, height: int | None, **more: Any) -> ImageFacts:
    return ImageFacts("JPEG", width, height, **{"bytes": 900, "bytes_read": 900, **more})


def page(image: str | None = NEW) -> LinkedReference:
    return linked(page=PageFacts("A story of note", image=image))


def image(
    seen: ImageFacts | None, kind: VerdictKind = VerdictKind.ALIVE, **more: Any
) -> LinkedReference:
    given = {"url": OLD, "pointer": "images/0", "declared": Declared(300, 200), "image": seen}
    return linked(Role.IMAGE, kind, **{**given, **more})


def wanted(*own: LinkedReference) -> list[str]:
    known = article(*own)
    return list(candidates(known, image_checks(own, ImagePolicy(), NOW)))


def changes(*own: LinkedReference, **links: Link) -> list[FieldChange]:
    by_url = {link.url: link for link in links.values()}
    found = article_checks(article(*own), Policy(), NOW, known=by_url.get).suggestions
    return [one for one in found if one.reason != "image"]


def link(
    url: str, seen: ImageFacts | None, kind: VerdictKind = VerdictKind.ALIVE, **more: Any
) -> Link:
    return linked(Role.IMAGE, kind, url=url, image=seen, **more).link


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ((page(), image(None, GONE)), [NEW]),
        ((page(), image(None, GONE, reason="html-for-image")), [NEW]),
        ((page(), image(facts(300, 200))), [NEW]),
        ((page(), image(facts(1, 1))), [NEW]),
        ((page(), image(ImageFacts("PDF", None, None, 9, 9))), [NEW]),
        ((page(), image(facts(1400, 788))), [NEW]),  # the page shows another one now
        ((page("https://news.example/x/old.jpg?w=900"), image(facts(1400, 788))), []),
        ((page("https://news.example/logo.png"), image(None, GONE)), []),
        ((page(OLD), image(None, GONE)), []),
        ((page(None), image(None, GONE)), []),
        ((page("data:image/png;base64,AA=="), image(None, GONE)), []),
        ((image(None, GONE),), []),
        ((page(),), [NEW]),  # the article has none
        ((page("https://news.example/static/no-image.png"),), []),
        ((page("https://news.example:99999/a.jpg"),), []),
        ((page(), image(facts(300, 200), final_url=NEW)), []),
        ((page(), image(facts(1400, 788)), image(None, GONE, pointer="images/1")), [NEW]),
    ],
)
def test_what_is_worth_a_visit(own: tuple[LinkedReference, ...], expected: list[str]) -> None:
    assert wanted(*own) == expected


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        (image(facts(1400, 788), url=PLAIN), [HTTPS]),
        (image(facts(1400, 788), url=PLAIN, final_url=HTTPS), []),
        (image(None, VerdictKind.UNVERIFIABLE, url=PLAIN), []),
        (image(facts(1400, 788), url="http://pics.example:99999/a.jpg"), []),
        (linked(Role.PROVIDER_IMAGE, url=PLAIN, pointer="provider/images/0"), [HTTPS]),
        (linked(Role.WEB, url=PLAIN), []),
    ],
)
def test_https_is_worth_a_visit_where_http_answers(
    stored: LinkedReference, expected: list[str]
) -> None:
    assert wanted(stored) == expected


def test_a_better_image_is_suggested_with_its_size() -> None:
    reason = "image-dead"
    assert changes(page(), image(None, GONE), new=link(NEW, facts(1200, 630))) == [
        FieldChange("images/0", 7, ChangeKind.REPLACE, OLD, NEW, reason),
        FieldChange("images/0/width", 0, ChangeKind.REPLACE, "300", "1200", reason),
        FieldChange("images/0/height", 0, ChangeKind.REPLACE, "200", "630", reason),
    ]
    unsaid = image(None, GONE, declared=Declared(None, 630))
    assert [
        (one.at, one.kind) for one in changes(page(), unsaid, new=link(NEW, facts(1200, 630)))
    ] == [
        ("images/0", ChangeKind.REPLACE),
        ("images/0/width", ChangeKind.ADD),
    ]


def test_a_replaced_image_is_suggested_once() -> None:
    known = article(page(), image(facts(310, 200)))
    new = {NEW: link(NEW, facts(1200, 630))}
    found = article_checks(known, Policy(), NOW, known=new.get).suggestions
    # Neither the drift of the same field nor the stored image's own size is left beside it.
    assert {one.reason for one in found} == {"image-too-small"}
    assert len(found) == len({one.at for one in found}) == 3


def test_a_candidate_that_nobody_visited_is_not_suggested() -> None:
    assert article_checks(article(page(), image(None, GONE)), Policy(), NOW).suggestions == ()


def drift(stored: LinkedReference | None, new: ImageFacts | None, shown: str = NEW) -> list[str]:
    """The places of what is suggested where the page shows another image."""
    own = (page(shown), stored) if stored else (page(shown),)
    known = {shown: link(shown, new)}
    found = article_checks(article(*own), Policy(), NOW, known=known.get).suggestions
    return [f"{one.at} {one.reason}" for one in found]


OF_THE_PAGE = ["images/0 image", "images/0/width image", "images/0/height image"]
FITTING = Declared(1400, 788)


@pytest.mark.parametrize(
    ("stored", "new", "expected"),
    [
        (image(facts(1400, 788), declared=FITTING), facts(1600, 900), OF_THE_PAGE),
        (image(facts(1400, 788), declared=FITTING), facts(1200, 630), OF_THE_PAGE),
        (image(facts(1400, 788), declared=FITTING), facts(1100, 620), []),  # smaller
        (image(facts(700, 400), declared=Declared(700, 400)), facts(800, 390), []),
        (image(facts(700, 400), declared=Declared(700, 400)), facts(690, 410), []),
        (image(facts(700, 400), declared=Declared(700, 400)), facts(800, 450), OF_THE_PAGE),
        (image(None, VerdictKind.UNVERIFIABLE), facts(800, 450), OF_THE_PAGE),
        (image(facts(1400, 788), declared=FITTING), facts(120, 90), []),
        (image(facts(1400, 788), declared=FITTING), None, []),
        (None, facts(1200, 630), ["images/0 image-offered"]),
        (None, facts(590, 630), []),
        (None, facts(1200, 300), []),
    ],
)
def test_another_image_is_suggested_where_it_is_there_and_large(
    stored: LinkedReference | None, new: ImageFacts | None, expected: list[str]
) -> None:
    assert drift(stored, new) == expected


def test_the_size_of_the_image_before_is_not_suggested_for_the_new_one() -> None:
    stored = image(facts(1263, 861), declared=Declared(1600, 900))
    assert drift(stored, facts(1600, 900)) == ["images/0 image"]


@pytest.mark.parametrize(
    "name", ["share-logo.png", "logo.svg", "default.jpg", "og_placeholder_2.png", "no-image.webp"]
)
def test_a_stand_in_is_no_picture_of_the_article(name: str) -> None:
    shown = f"https://news.example/assets/{name}"
    assert drift(image(None, GONE), facts(1200, 630), shown) == []
    assert drift(None, facts(1200, 630), shown) == []


@pytest.mark.parametrize("name", ["catalogo.jpg", "defaults-on-loans.jpg", "logos-of-2024.png"])
def test_a_name_that_only_looks_like_one_is_a_picture(name: str) -> None:
    assert drift(None, facts(1200, 630), f"https://news.example/{name}")


def test_an_image_that_is_on_many_pages_is_not_suggested() -> None:
    known = {NEW: link(NEW, facts(1200, 630))}
    for pages in (SharedImages(), SharedImages({f"url {NEW}": 10})):
        found = article_checks(
            article(page()), Policy(), NOW, shared_images=pages, known=known.get
        ).suggestions
        assert bool(found) is not bool(pages.pages)


def test_the_image_of_a_page_that_is_not_recognised_is_not_suggested() -> None:
    other = linked(page=PageFacts("Ten recipes", image=NEW))
    known = {NEW: link(NEW, facts(1200, 630))}
    for own in ((other,), (other, image(None, GONE))):
        assert article_checks(article(*own), Policy(), NOW, known=known.get).suggestions == ()


@pytest.mark.parametrize(
    ("stored", "new"),
    [
        (image(None, GONE), None),
        (image(None, GONE), link(NEW, None, GONE)),
        (image(None, GONE), link(NEW, facts(1200, 630), VerdictKind.UNVERIFIABLE)),
        (image(None, GONE), link(NEW, facts(None, None))),
        (image(None, GONE), link(NEW, facts(199, 900))),
        (image(None, GONE), link(NEW, facts(900, 199))),
        (
            image(None, GONE),
            link(NEW, facts(1200, 630), warnings=(WarningCode.CERTIFICATE_WRONG_HOST,)),
        ),
        (image(facts(300, 200)), link(NEW, facts(300, 400))),
        (image(facts(300, 200)), link(NEW, facts(400, 200))),
    ],
)
def test_what_is_no_better_is_not_suggested(stored: LinkedReference, new: Link | None) -> None:
    by_name = {"new": new} if new else {}
    assert changes(page(), stored, **by_name) == []


def over_https(old: ImageFacts | None, new: ImageFacts | None, **more: Any) -> bool:
    stored = image(old, url=PLAIN, declared=Declared(1400, 788), **more)
    (change,) = changes(stored, new=link(HTTPS, new)) or (None,)
    assert change is None or change == FieldChange(
        "images/0", 7, ChangeKind.REPLACE, PLAIN, HTTPS, "image-mixed-content"
    )
    return change is not None


FIT = facts(1400, 788)


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (FIT, FIT, True),
        (facts(1400, 788, fingerprint="a"), facts(1400, 788, fingerprint="a"), True),
        (facts(1400, 788, fingerprint="a"), facts(1400, 788, fingerprint="b"), False),
        (facts(1400, 788, fingerprint="a"), FIT, True),
        (FIT, facts(1400, 788, bytes=901), False),
        (FIT, facts(1400, 789), False),
        (facts(None, None), facts(None, None), False),
        (FIT, None, False),
        (None, FIT, False),
    ],
)
def test_https_needs_the_same_image(
    old: ImageFacts | None, new: ImageFacts | None, same: bool
) -> None:
    assert over_https(old, new) is same


def test_a_redirect_to_https_is_proof_enough() -> None:
    led = image(FIT, url=PLAIN, declared=Declared(1400, 788), final_url=HTTPS)
    (change,) = changes(led)
    assert change.new == HTTPS

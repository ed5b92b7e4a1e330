"""Rules I4 to I16: an image and its near miss for every code."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.model.check import ImageCode, ImageSize, Level, LinkedReference
from crawler.model.observation import ImageFacts
from crawler.model.reference import Declared
from crawler.model.role import Role
from crawler.model.verdict import VerdictKind, WarningCode
from crawler.rules.image.image_checks import image_checks
from crawler.rules.image.image_uses import NO_SHARED_IMAGES, SharedImages, image_uses
from crawler.rules.policy import ImagePolicy
from tests.rules.articles import article, linked

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://news.example/img/a.jpg"
FIT = (1400, 787)
ERROR, WARNING, INFO = Level.ERROR, Level.WARNING, Level.INFO


def facts(
    size: tuple[int | None, int | None] = FIT, kind: str | None = "JPEG", **more: Any
) -> ImageFacts:
    return ImageFacts(kind, *size, **{"bytes": 90_000, "bytes_read": 16_384, **more})


def image(seen: ImageFacts | None = None, **more: Any) -> LinkedReference:
    """An image that is as the file says, unless it is said what else."""
    size = Declared(seen.width, seen.height) if seen else Declared(*FIT)
    given = {"role": Role.IMAGE, "url": URL, "pointer": "images/0", "declared": size, "image": seen}
    return linked(**{**given, **more})


def icon(seen: ImageFacts | None, **more: Any) -> LinkedReference:
    return image(seen, role=Role.PROVIDER_IMAGE, pointer="provider/images/0", **more)


def found(
    *own: LinkedReference,
    policy: ImagePolicy | None = None,
    shared: SharedImages = NO_SHARED_IMAGES,
) -> list[tuple[str, Level]]:
    return [(one.reason, one.level) for one in checks(*own, policy=policy, shared=shared)]


def checks(
    *own: LinkedReference,
    policy: ImagePolicy | None = None,
    shared: SharedImages = NO_SHARED_IMAGES,
) -> tuple[ImageSize, ...]:
    return image_checks(own, policy or ImagePolicy(), NOW, shared)


def test_an_image_that_suits_has_no_finding() -> None:
    assert found(image(facts())) == []
    assert found(linked(Role.WEB)) == []


@pytest.mark.parametrize("kind", VerdictKind)
def test_a_dead_image_is_told_by_its_verdict_alone(kind: VerdictKind) -> None:
    small = image(facts((50, 50)), kind=kind, url="http://news.example/a.jpg?expires=1600000000")
    reasons = [reason for reason, _ in found(linked(), small)]
    match kind:
        case VerdictKind.BROKEN | VerdictKind.DEAD:
            assert reasons == ["image-dead"]
        case VerdictKind.INVALID | VerdictKind.EXCLUDED:
            assert reasons == []
        case _:
            assert reasons == ["image-too-small", "image-expiring", "image-mixed-content"]


def test_a_page_in_the_place_of_an_image() -> None:
    page = image(facts((None, None), "HTML"), kind=VerdictKind.BROKEN, reason="html-for-image")
    assert found(page) == [("html-for-image", ERROR)]
    # An editor has said that it is not broken.
    assert found(image(facts((None, None), "HTML"))) == []


def test_a_cached_copy_is_noted_and_changes_nothing() -> None:
    (dead,) = checks(image(kind=VerdictKind.DEAD, declared=Declared(*FIT, is_cached=True)))
    assert (dead.reason, dead.level, dead.is_cached) == ("image-dead", ERROR, True)
    (dead,) = checks(image(kind=VerdictKind.DEAD))
    assert not dead.is_cached


def test_something_else_is_not_an_image() -> None:
    (pdf,) = checks(image(facts((None, None), "PDF", served_type="image/jpeg")))
    assert (pdf.reason, pdf.level, pdf.detail) == ("not-an-image", ERROR, "PDF")
    assert found(image(facts((None, None), None))) == []  # nobody knows what it is
    assert found(image(facts((None, None), "JPEG"))) == []  # its size is out of reach


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((199, 900), [("image-too-small", ERROR)]),
        ((900, 199), [("image-too-small", ERROR)]),
        ((200, 200), [("image-too-small", WARNING)]),
        ((599, 900), [("image-too-small", WARNING)]),
        ((600, 314), [("image-too-small", WARNING)]),
        ((600, 315), [("image-too-small", INFO), ("image-discover", INFO)]),
        ((1100, 700), [("image-too-small", INFO), ("image-discover", INFO)]),
        ((1199, 630), [("image-too-small", INFO), ("image-discover", INFO)]),
        ((1200, 629), [("image-too-small", INFO)]),
        ((1200, 630), []),
        ((4096, 4096), []),
        ((4097, 1000), [("image-card", INFO)]),
        ((5000, 10_000), [("image-card", INFO)]),
        ((5001, 10_000), [("image-bomb", ERROR)]),
        ((2, 2), [("image-placeholder", WARNING)]),
        ((1, 3), [("image-too-small", ERROR)]),
    ],
)
def test_sizes(size: tuple[int, int], expected: list[tuple[str, Level]]) -> None:
    assert found(image(facts(size))) == expected


def test_only_the_first_image_is_for_previews() -> None:
    second = image(facts((1100, 700)), pointer="images/1")
    assert found(second) == [("image-too-small", INFO)]
    related = image(facts((4097, 1000)), pointer="related/0/images/0")
    assert found(related) == []


def test_the_least_of_a_card_counts_where_small_images_are_wanted() -> None:
    wanted = ImagePolicy(levels={ImageCode.TOO_SMALL: None, ImageCode.DISCOVER: None})
    assert found(image(facts((299, 157))), policy=wanted) == [("image-card", INFO)]
    assert found(image(facts((300, 157))), policy=wanted) == []


def test_a_drawing_has_no_pixels_and_no_card() -> None:
    drawing = facts((24, 24), "SVG")
    (card,) = checks(image(drawing, url="https://a.example/a.svg"))
    assert (card.reason, card.detail) == ("image-card", "SVG")
    assert found(image(facts((90_000, 90_000), "SVG"), url="https://a.example/a")) == [
        ("image-card", INFO)
    ]


def test_icons_are_quiet() -> None:
    assert found(icon(facts((50, 50)))) == []
    assert found(icon(facts((50, 50)), declared=Declared())) == []
    assert found(icon(facts((50, 50)), declared=Declared(64, 32))) == []
    assert found(icon(facts((1, 1)))) == [("image-placeholder", WARNING)]
    assert found(icon(facts((50, 50), bytes=2_000_000))) == [("image-weight", WARNING)]
    shared = SharedImages({f"url {URL}": 2_000})
    assert found(icon(facts((50, 50))), shared=shared) == []


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        (None, []),
        (1_000_000, []),
        (1_000_001, [("image-weight", WARNING)]),
        (4_999_999, [("image-weight", WARNING)]),
        (5_000_000, [("image-card", INFO), ("image-weight", WARNING)]),
        (8_000_000, [("image-card", INFO), ("image-weight", WARNING)]),
        (8_000_001, [("image-card", INFO), ("image-weight", ERROR)]),
    ],
)
def test_weights(weight: int | None, expected: list[tuple[str, Level]]) -> None:
    assert found(image(facts(bytes=weight))) == expected


def test_a_weight_is_written_as_people_read_it() -> None:
    (heavy,) = checks(image(facts(bytes=1_440_000)))
    assert heavy.detail == "1.4 MB"


@pytest.mark.parametrize(
    ("kind", "served", "name", "level"),
    [
        ("JPEG", "image/jpeg", "a.jpg", None),
        ("JPEG", "image/jpg", "a.jfif", None),
        ("JPEG", "image/pjpeg", "a.JPEG", None),
        ("JPEG", None, "a", None),
        ("JPEG", None, "a.ashx", None),
        ("JPEG", "application/octet-stream", "a.jpg", None),
        ("JPEG", "binary/octet-stream", "a.jpg", None),
        ("JPEG", "image", "a.jpg", None),
        ("JPEG", "image/*", "a.jpg", None),
        ("SVG", "image/svg+xml", "a.svg", None),
        ("ICO", "image/x-icon", "a.ico", None),
        ("ICO", "image/vnd.microsoft.icon", "a.ico", None),
        ("PNG", "image/x-icon", "favicon.ico", None),
        ("PNG", "image/x-png", "a.png", None),
        ("HEIF", "image/avif", "a.avif", None),
        ("WEBP", "image/webp", "a.jpg", None),
        ("AVIF", "image/avif", "a.png", None),
        ("WEBP", None, "a.jpg", None),
        (None, "text/html", "a.png", None),
        ("JPEG", "image/png", "a.jpg", WARNING),
        ("WEBP", "image/jpeg", "a.jpg", WARNING),
        ("JPEG", "text/html", "a.jpg", WARNING),
        ("SVG", "text/xml", "a.svg", WARNING),
        ("SVG", "image/x-icon", "a.svg", WARNING),
        ("JPEG", "image/jpeg", "a.png", INFO),
        ("PNG", "application/octet-stream", "a.gif", WARNING),
        ("PNG", None, "a%2Egif", WARNING),
    ],
)
def test_types(kind: str | None, served: str | None, name: str, level: Level | None) -> None:
    known = image(facts(kind=kind, served_type=served), url=f"https://a.example/i/{name}?w=1")
    reasons = dict(found(known))
    assert reasons.get("image-type-mismatch") is level


def test_the_name_is_that_of_where_redirects_ended() -> None:
    led = image(facts(kind="PNG"), final_url="https://a.example/real.png")
    assert found(led) == []
    (odd,) = checks(image(facts(kind="PNG")))
    assert odd.detail == "PNG, named .jpg"
    assert found(image(facts(kind="PNG"), final_url="https://[::1/a")) == []


def test_an_image_of_many_pages_is_a_placeholder() -> None:
    seen = facts(fingerprint="90000:abc")
    content = "content 90000:abc of news.example"
    for key in (f"url {URL}", content):
        (shared,) = checks(image(seen), shared=SharedImages({key: 12}))
        assert (shared.reason, shared.level) == ("image-placeholder", WARNING)
        assert shared.detail == "the same on 12 pages"
    other_host = image(seen, url="https://other.example/img/a.jpg")
    assert found(other_host, shared=SharedImages({content: 12})) == []
    small = image(facts((300, 300), fingerprint="90000:abc"))
    assert found(small, shared=SharedImages({content: 12})) == [("image-placeholder", WARNING)]
    unseen = image(None)
    assert found(unseen, shared=SharedImages({f"url {URL}": 12})) == [
        ("image-placeholder", WARNING)
    ]
    # It is a placeholder once.
    tiny = image(facts((1, 1)))
    assert found(tiny, shared=SharedImages({f"url {URL}": 12})) == [("image-placeholder", WARNING)]


def test_uses_are_of_pages_and_leave_icons_out() -> None:
    seen = facts(fingerprint="1:a")
    web = linked(url="https://www.news.example/a/?utm_source=x")
    uses = list(image_uses(article(web, image(seen), icon(seen), image(None, invalid="malformed"))))
    assert [use.image for use in uses] == [f"url {URL}", "content 1:a of news.example"]
    (other,) = image_uses(article(linked(url="https://news.example/a"), image(None)))
    assert other == uses[0]
    (alone,) = image_uses(article(image(None), path="b.md"))
    assert alone.page == "file b.md"


def signed(days: float, *, name: str = "X-Amz-Date", **more: Any) -> LinkedReference:
    end = NOW + timedelta(days=days)
    if name == "X-Amz-Date":
        query = f"X-Amz-Date={end - timedelta(hours=1):%Y%m%dT%H%M%SZ}&X-Amz-Expires=3600"
    else:
        query = f"{name}={int(end.timestamp())}"
    return image(facts(), url=f"{URL}?{query}", **more)


@pytest.mark.parametrize(
    ("days", "level"), [(400, None), (364, WARNING), (1, WARNING), (0, ERROR), (-900, ERROR)]
)
def test_signed_addresses_end(days: float, level: Level | None) -> None:
    assert dict(found(signed(days))).get("image-expiring") is level


def test_the_finding_names_the_day_of_the_end() -> None:
    (ending,) = checks(signed(7))
    assert ending.detail == "2026-11-30"


def test_an_address_that_answers_after_its_end_is_no_error() -> None:
    held = signed(-900, name="expires")
    assert found(held) == [("image-expiring", ERROR)]
    assert found(_seen(held)) == [("image-expiring", WARNING)]
    assert found(_seen(signed(-900))) == [("image-expiring", ERROR)]
    walled = _seen(signed(-900, name="expires", kind=VerdictKind.UNVERIFIABLE))
    assert found(walled) == [("image-expiring", ERROR)]


def _seen(one: LinkedReference) -> LinkedReference:
    return replace(one, link=replace(one.link, checked_at=NOW))


def test_a_plain_image_of_an_encrypted_page() -> None:
    plain = image(facts(), url="http://a.example/a.jpg")
    assert found(linked(), plain) == [("image-mixed-content", WARNING)]
    assert found(linked(url="http://news.example/a"), plain) == []
    assert found(plain) == []
    assert found(linked(), image(facts())) == []


def test_the_configuration_sets_levels() -> None:
    heavy = image(facts((1100, 700), bytes=2_000_000))
    levels: dict[ImageCode, Level | None] = {
        ImageCode.DISCOVER: None,
        ImageCode.WEIGHT: ERROR,
        ImageCode.TOO_SMALL: INFO,
    }
    assert found(heavy, policy=ImagePolicy(levels=levels)) == [
        ("image-too-small", INFO),
        ("image-weight", ERROR),
    ]


def test_advice_is_not_counted_and_nothing_is_reported_twice() -> None:
    small = checks(image(facts((1100, 700)), declared=Declared(2200, 1400)))
    assert [(one.reason, one.is_counted) for one in small] == [
        ("size-mismatch", True),
        ("image-too-small", False),
        ("image-discover", False),
    ]
    assert [one.is_counted for one in checks(image(facts((500, 300))))] == [True]
    assert [one.is_counted for one in checks(image(kind=VerdictKind.DEAD))] == [False]


@pytest.mark.parametrize(
    ("news_since", "run", "warnings", "told"),
    [
        (4, 5, (WarningCode.IMAGE_CHANGED,), True),
        (3, 5, (WarningCode.IMAGE_CHANGED,), True),
        (5, 5, (WarningCode.IMAGE_CHANGED,), False),
        (None, 5, (WarningCode.IMAGE_CHANGED,), False),
        (4, None, (WarningCode.IMAGE_CHANGED,), False),
        (4, 5, (), False),
    ],
)
def test_another_picture_is_told_by_the_report_of_its_run(
    news_since: int | None, run: int | None, warnings: tuple[WarningCode, ...], told: bool
) -> None:
    own = [image(facts(), warnings=warnings, run=run)]
    found = image_checks(own, ImagePolicy(), NOW, news_since=news_since)
    assert [(one.reason, one.level) for one in found] == [("image-replaced", INFO)] * told
    assert not any(one.is_counted for one in found)

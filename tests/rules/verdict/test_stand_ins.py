"""Rules E2 and E6: pictures that stand in for another one, by their names."""

from __future__ import annotations

import pytest

from crawler.rules.verdict.stand_ins import is_stand_in, leads_to_stand_in, picture_name

SITE = "https://news.example"


@pytest.mark.parametrize(
    "name",
    [
        "logo.png", "share-logo.png", "Logo_2x.PNG", "logo@2x.png", "default.jpg", "og_placeholder_2.png", "no-image.webp",
        "noimage.gif", "favicon.ico", "avatar-1.png", "removed.png", "image_deleted.gif", "photo-not-found.jpg", "logo",
    ],
)  # fmt: skip
def test_names_of_what_a_site_shows_without_a_picture(name: str) -> None:
    assert is_stand_in(f"{SITE}/static/{name}?v=2")


@pytest.mark.parametrize(
    "url",
    [
        "catalogo.jpg", "defaults-on-loans.jpg", "logos-of-2024.png", "removed-pier.png", "pier.jpg", "logo/pier.jpg",
        "blanket.jpg", "removed", "", "https://[bad/logo.png",
    ],
)  # fmt: skip
def test_other_names(url: str) -> None:
    assert not is_stand_in(url)


@pytest.mark.parametrize(
    ("asked", "end", "expected"),
    [
        ("/resources/r/?m=02&d=2020", "/static/removed.png", True),
        ("/pier.jpg", "/default.jpg", True),
        ("/logo.png", "/new/logo.png", False),
        ("/about/logo", "/logo.png", False),
        ("/pier", "/about/logo", False),
        ("/pier.jpg", "/pier.png", False),
        ("/pier-removed.jpg", "/removed.jpg", False),
    ],
)
def test_redirects_to_one(asked: str, end: str, expected: bool) -> None:
    assert leads_to_stand_in(f"{SITE}{asked}", f"{SITE}{end}") is expected


def test_the_name_of_a_picture() -> None:
    assert picture_name(f"{SITE}/a/The%20Pier.JPG?w=9#x") == "the pier.jpg"
    assert picture_name("https://[bad/a.jpg") == ""

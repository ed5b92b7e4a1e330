"""Names of fields and what stands there (rule K1): near misses among them."""

from __future__ import annotations

import pytest

from crawler.model.field_map import FieldMap, TextField, in_words, way_of
from crawler.model.role import Role
from crawler.rules.field_names import DEEPEST, TEXT_WAYS, is_address, role_of, spelled


@pytest.mark.parametrize(
    ("way", "role"),
    [
        ("link", Role.LINK),
        ("Link", Role.LINK),
        ("externalUrl", Role.LINK),
        ("externalURL", Role.LINK),
        ("external-url", Role.LINK),
        ("canonical_url", Role.LINK),
        ("url_code", Role.LINK),
        ("seo.canonical", Role.LINK),
        ("featured_image", Role.IMAGE),
        ("featuredImage", Role.IMAGE),
        ("heroImage", Role.IMAGE),
        ("cover", Role.IMAGE),
        ("cover.image", Role.IMAGE),
        ("header.overlay_image", Role.IMAGE),
        ("ogImage", Role.IMAGE),
        ("header.teaser", Role.SMALL_IMAGE),
        ("thumbnail", Role.SMALL_IMAGE),
        ("amphtml", Role.AMP),
        ("permalink", None),
        ("links.url", None),
        ("title", None),
        ("imagefeature", None),
        ("image_caption", None),
        ("cover.alt", None),
        ("header.image.url", None),
        ("author", None),
        ("slug", None),
        ("webUrl", Role.LINK),
    ],
)
def test_names_in_any_spelling(way: str, role: Role | None) -> None:
    assert role_of(way_of(way)) is role


@pytest.mark.parametrize(
    ("text", "role", "is_one"),
    [
        ("https://a.example/x", Role.LINK, True),
        ("HTTP://A.EXAMPLE", Role.LINK, True),
        ("//cdn.example/x.png", Role.IMAGE, True),
        ("  https://a.example/  ", Role.LINK, True),
        ("Read more", Role.LINK, False),
        ("www.a.example", Role.LINK, False),
        ("mailto:a@b.example", Role.LINK, False),
        ("true", Role.IMAGE, False),
        ("/2020/01/x/", Role.LINK, False),
        ("/assets/x.png", Role.IMAGE, True),
        ("x.png", Role.IMAGE, True),
        ("my photo.JPG?v=2", Role.IMAGE, True),
        ("../../assets/x.webp", Role.IMAGE, True),
        ("my-cover", Role.IMAGE, False),
        ("An image of x.png and more", Role.IMAGE, False),
        ("fa-github", Role.SMALL_IMAGE, False),
        ("logo.svg", Role.SMALL_IMAGE, True),
        ("data:image/png;base64,AAAA", Role.IMAGE, False),
        ("", Role.IMAGE, False),
        ("true", Role.AMP, False),
        ("/amp/x", Role.AMP, False),
    ],
)
def test_what_stands_there_decides_too(text: str, role: Role, is_one: bool) -> None:
    assert is_address(text, role, has_site=False) is is_one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("/2020/01/x/", True), ("/", True), ("2020/01/x/", False), ("/a b/", False), ("x", False)],
)
def test_a_path_of_the_site_needs_the_site(text: str, is_one: bool) -> None:
    assert is_address(text, Role.LINK, has_site=True) is is_one
    assert not is_address(text, Role.LINK, has_site=False)
    assert not is_address(text, Role.AMP, has_site=True)


def test_a_day_of_publication_goes_before_one_of_a_change() -> None:
    ways = TEXT_WAYS[TextField.PUBLISHED]
    assert ways.index(("date",)) < ways.index(("lastmod",)) < ways.index(("lastupdated",))
    assert all(way == tuple(map(spelled, way)) for way in ways)


def test_no_name_is_longer_than_is_looked_for() -> None:
    from crawler.rules import field_names

    assert max(map(len, field_names._ROLES)) < DEEPEST


@pytest.mark.parametrize("text", ["link", "cover.image", "og.data/image", "a/b.c/d"])
def test_a_way_is_written_as_it_is_read(text: str) -> None:
    assert in_words(way_of(text)) == text


@pytest.mark.parametrize(
    ("pointer", "role"),
    [
        ("link", Role.LINK),
        ("cover/image", Role.IMAGE),
        ("gallery/3", Role.IMAGE),
        ("gallery/3/src", Role.IMAGE),
        ("photos/0/file/path", Role.IMAGE),
        ("cover", None),
        ("cover/width", None),
        ("gallery/3/alt", None),
        ("linked", None),
        ("related/0/link", None),
        ("webUrl", None),
        ("images/0", None),
    ],
)
def test_the_role_at_a_pointer(pointer: str, role: Role | None) -> None:
    field_map = FieldMap(
        (
            (("link",), Role.LINK),
            (("cover", "image"), Role.IMAGE),
            (("gallery",), Role.IMAGE),
            (("photos", "*", "file"), Role.IMAGE),
        )
    )
    assert field_map.role_at(pointer) is role
    assert field_map.is_image(pointer) is (role is Role.IMAGE)
    assert FieldMap().role_at(pointer) is None

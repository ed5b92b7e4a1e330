"""`fields:` of `.linkhealth.yml`: what maps, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.configuration import FILE_NAME, ConfigurationError, load
from crawler.model.field_map import OWN_FIELDS, FieldMap, TextField
from crawler.model.role import Role

TEXT = """\
fields:
  web: source_url
  link: [link, links.*.href]
  image: og.data/image
  published: [date, lastmod]
profiles:
  other:
    fields: {link: via}
"""


def loaded(folder: Path, text: str, **flags: str) -> FieldMap | None:
    (folder / FILE_NAME).write_text(text)
    return load(folder, flags, {}).fields


def test_fields_are_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    assert loaded(tmp_path, TEXT) == FieldMap(
        (
            (("source_url",), Role.WEB),
            (("link",), Role.LINK),
            (("links", "*", "href"), Role.LINK),
            (("og.data", "image"), Role.IMAGE),
        ),
        ((("date",), TextField.PUBLISHED), (("lastmod",), TextField.PUBLISHED)),
        is_settled=True,
        is_foreign=True,
    )


def test_a_profiles_fields_count_where_the_file_has_none(tmp_path: Path) -> None:
    found = loaded(tmp_path, TEXT, profile="other")
    assert found is not None
    assert found.first_way(Role.WEB) == ("source_url",)
    alone_text = "profiles:\n  other:\n    fields: {link: via}\n"
    alone = loaded(tmp_path, alone_text, profile="other")
    assert alone is not None
    assert alone.places == ((("via",), Role.LINK),)
    found_out = loaded(tmp_path, f"fields: auto\n{alone_text}", profile="other")
    assert found_out is None


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("", None),
        ("fields:", None),
        ("fields: auto", None),
        ("fields: no", OWN_FIELDS),
        ("fields: None", OWN_FIELDS),
        ("fields: {}", FieldMap(is_settled=True, is_foreign=True)),
    ],
)
def test_fields_may_be_found_out_or_not(tmp_path: Path, text: str, fields: FieldMap | None) -> None:
    assert loaded(tmp_path, text) == fields


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fields: link", ":1: fields must be names with fields below, or auto, or no"),
        ("fields: [link]", ":1: fields must be names with fields below, or auto, or no"),
        ("fields:\n  lnik: link", ":2: unknown name 'lnik' of what is read; did you mean 'link'?"),
        ("fields:\n  body: link", ":2: unknown name 'body' of what is read; "),
        ("fields:\n  link: {a: b}", ":2: link takes a field like cover.image, or a list of some"),
        ("fields:\n  link: a..b", ":2: 'a..b' is not a field like link or cover.image"),
        ("fields:\n  link: ''", ":2: '' is not a field like link or cover.image"),
        ("fields:\n  link: '*'", ":2: '*' is not a field like link or cover.image"),
        ("fields:\n  link: '*.a'", ":2: '*.a' is not a field like link or cover.image"),
        ('fields:\n  link: "a\\tb"', ":2: 'a\\tb' is not a field like link or cover.image"),
        ("fields:\n  link: a.b.c.d.e.f.g.h.i", ":2: 'a.b.c.d.e.f.g.h.i' is not a field like"),
        ("fields:\n  link: secured", ":2: secured is read or kept as it is, and never mapped"),
        ("fields:\n  link: related.url", ":2: related is read or kept as it is, and never mapped"),
        ("fields:\n  link: a\n  image: [b, a]", ":3: 'a' cannot be image: it is link"),
        (
            "fields:\n  link: [" + ",".join(f"k{n}" for n in range(61)) + "]",
            ":1: fields holds more than 60 fields",
        ),
    ],
)
def test_mistakes_name_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        loaded(tmp_path, text)
    assert str(error.value).startswith(FILE_NAME + message)


def test_what_is_secret_is_not_read(tmp_path: Path) -> None:
    text = "secret_keys: token\nfields:\n  image: cover\n  link: a.token\n"
    with pytest.raises(ConfigurationError, match=":4: 'token' cannot be secret and be read"):
        loaded(tmp_path, text)
    with pytest.raises(ConfigurationError, match=":2: 'x' cannot be secret and be read"):
        loaded(tmp_path, "fields:\n  title: x\n", secret_keys="x")

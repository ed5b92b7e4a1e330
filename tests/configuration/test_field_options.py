"""`fields:` of `.linkhealth.yml`: what maps, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.configuration import FILE_NAME, load
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
    alone = loaded(tmp_path, "profiles:\n  other:\n    fields: {link: via}\n", profile="other")
    assert alone is not None
    assert alone.places == ((("via",), Role.LINK),)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("", None),
        ("fields:", None),
        ("fields: auto", None),
        ("fields: no", OWN_FIELDS),
        ("fields: Off", OWN_FIELDS),
        ("fields: {}", FieldMap(is_settled=True, is_foreign=True)),
    ],
)
def test_fields_may_be_found_out_or_not(tmp_path: Path, text: str, fields: FieldMap | None) -> None:
    assert loaded(tmp_path, text) == fields

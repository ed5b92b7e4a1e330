"""The names of fields that were found out, kept in the state."""

from __future__ import annotations

import pytest

from crawler.model.field_map import OWN_FIELDS, FieldMap, TextField
from crawler.model.role import Role
from crawler.state import State
from crawler.state.json_columns import field_map_from_json

FOUND = FieldMap(
    ((("cover", "image"), Role.IMAGE), (("li\ud800nk\0",), Role.LINK)),
    ((("date",), TextField.PUBLISHED),),
    is_foreign=True,
    is_plain=True,
)


def test_a_field_map_is_kept(state: State) -> None:
    assert state.field_map() is None
    for found in (FOUND, OWN_FIELDS, FOUND):
        state.note_field_map(found)
        assert state.field_map() == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, None),
        ("[]", None),
        ("{", None),
        ("{}", FieldMap()),
        ('{"places": 1, "texts": [[["a"], "gone"], [[], "title"], ["a", "title"], 3]}', FieldMap()),
        ('{"places": [[["a", 1], "link"], [["b"], "body"], [["c"], "link"]], "is_foreign": 1}',
         FieldMap(((("c",), Role.LINK),))),
    ],
)  # fmt: skip
def test_what_a_database_holds_never_raises(text: str | None, found: FieldMap | None) -> None:
    assert field_map_from_json(text) == found

"""A page's notice in the state: kept as it is, absent in older rows, None for a kind of a later version."""

from __future__ import annotations

import json

import pytest

from crawler.model.observation import Notice, NoticeKind, PageFacts
from crawler.state.json_columns import page_from_json, page_to_json


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_notice_is_read_as_it_was_written(kind: NoticeKind) -> None:
    page = PageFacts(title="T", notice=Notice(kind, "Wrong\x1b\ud800."))
    assert page_from_json(page_to_json(page)) == page


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        ["corrected"],
        ["amended", "x"],
        "corrected",
        {"kind": 1},
        [1, "x"],
        ["corrected", 2],
    ],
)
def test_other_values_are_no_notice(value: object) -> None:
    assert page_from_json(json.dumps({"title": "T", "notice": value})) == PageFacts(title="T")


def test_a_row_from_before_has_none() -> None:
    assert page_from_json('{"title":"T"}') == PageFacts(title="T")

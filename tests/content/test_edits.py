"""Single values changed, added and removed: the text that results, and what is refused why."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.content.article_document import Document
from crawler.content.edit_plans import Change, plan
from crawler.content.edits import Edit, Edited, EditState, _is_proven, edit_values
from crawler.content.refusals import RefusalCode
from crawler.content.scalars import UnwritableValueError, Value, scalar_text
from crawler.model.article import ProblemCode
from tests.content.edit_oracle import check_edits


def edited(text: str, *edits: Edit) -> str:
    """The new text, where every edit was applied."""
    found = check_edits(text.encode(), edits)
    assert [(o.state, o.reason) for o in found.outcomes] == [(EditState.APPLIED, "")] * len(edits)
    return found.data.decode()


def only(text: str, edit: Edit) -> tuple[EditState, int, object, str]:
    """The outcome of one edit; the text is unchanged unless it was applied."""
    found = edit_values(text.encode(), [edit])
    assert (found.data == text.encode()) == (found.applied == 0)
    outcome = found.outcomes[0]
    return outcome.state, outcome.line, outcome.code, outcome.reason


@pytest.mark.parametrize(
    ("before", "old", "new", "after"),
    [
        ("old", "old", "new", "new"),
        ("'old'", "old", "new", "'new'"),
        ('"old"', "old", "new", '"new"'),
        ('"o\\u006cd"', "old", "new", '"new"'),
        ("old  # note", "old", "new", "new  # note"),
        ("old\t# note", "old", "a: b", "'a: b'\t# note"),
        ("http://a.test/", "http://a.test/", "https://a.test/?b=1#c", "https://a.test/?b=1#c"),
        # A text that would be of another type gets quotes.
        ("old", "old", "1400", "'1400'"),
        ("old", "old", "true", "'true'"),
        ("old", "old", "y", "'y'"),
        ("old", "old", "~", "'~'"),
        ("old", "old", "2026-11-22", "'2026-11-22'"),
        ("old", "old", "1e3", "'1e3'"),
        ("old", "old", "0x1F", "'0x1F'"),
        ("old", "old", "", "''"),
        # A date stays a date, a number a number.
        ("2020-01-01", "2020-01-01", "2026-11-22", "2026-11-22"),
        ("2020-01-01", "2020-01-01", "2026-11-22T01:02:03Z", "2026-11-22T01:02:03Z"),
        ("2020-01-01", "2020-01-01", "long ago", "long ago"),
        ("1400", 1400, 1024, "1024"),
        ("'1400'", 1400, 1024, "'1024'"),
        ("1400", "1400", "1024", "1024"),
        ("true", True, False, "false"),
        ("true", True, "no", "no"),
        # The text "null" gets quotes, even in the place of a null.
        ("~", "~", "null", "'null'"),
        # Texts that no plain scalar can hold.
        ("old", "old", "it's: #1", "'it''s: #1'"),
        ("old", "old", "- a", "'- a'"),
        ("old", "old", "[a", "'[a'"),
        ("old", "old", " a", "' a'"),
        ("old", "old", "a:", "'a:'"),
        ("old", "old", "two\nlines", '"two\\nlines"'),
        ("'old'", "old", "tab\t", '"tab\\t"'),
        ("'old'", "old", "sep\u2028", '"sep\\u2028"'),
        ("'old'", "old", "turn\u202e", '"turn\\u202e"'),
        ("'old'", "old", "\ufeff\x00\x7f", '"\\ufeff\\x00\\x7f"'),
        ("'old'", "old", "👩\u200d💻 \U0001f600", "'👩\u200d💻 \U0001f600'"),
        ('"old"', "old", 'say "a\\b"', '"say \\"a\\\\b\\""'),
        # Values of several lines become one.
        ("'a\n    b\n\n    c'  # note", "a b\nc", "new", "'new'  # note"),
        ('"a \\\n    b" # note', "a b", "new", '"new" # note'),
        ("a\n    b # note", "a b", "new", "new # note"),
        # Between brackets.
        ("{c: old, d: 1}", None, "new", "{c: new, d: 1}"),
        ("{c: old, d: 1}", None, "a, b", "{c: 'a, b', d: 1}"),
        ("{c: 'old'}", None, "https://a.test/", "{c: 'https://a.test/'}"),
        ("{c: old}", None, "https://a.test/x", "{c: https://a.test/x}"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_replaced(before: str, old: Value | None, new: Value, after: str, newline: str) -> None:
    edit = Edit("a/b", old, new) if old is not None else Edit("a/b/c", "old", new)
    template = "---\n# note\na:\n  b: {}\n# end\nsecured: x\n---\nold\n"
    text = template.replace("{}", before).replace("\n", newline)
    assert edited(text, edit) == template.replace("\n", newline).replace("{}", after)


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        # Behind the key that it belongs to, with that key's quotes.
        ('webUrl: "a"  # web\n# amp\nb: 1\n', Edit("ampWebUrl", None, "c"), 'webUrl: "a"  # web\nampWebUrl: "c"\n# amp\nb: 1\n'),
        ("webUrl: 'a'\nb: 1\n", Edit("ampWebUrl", None, "c"), "webUrl: 'a'\nampWebUrl: 'c'\nb: 1\n"),
        ("webUrl: a\n\nb: 1\n", Edit("cdnAmpWebUrl", None, "c"), "webUrl: a\ncdnAmpWebUrl: c\n\nb: 1\n"),
        # Numbers without quotes; at the column of its neighbours.
        ('images:\n  - url: "a"\n  - url: b\n', Edit("images/0/width", None, 5), 'images:\n  - url: "a"\n    width: 5\n  - url: b\n'),
        ("images:\n-   url: a\n    height: 1\n", Edit("images/0/width", None, 5), "images:\n-   url: a\n    width: 5\n    height: 1\n"),
        # Behind the last key otherwise, never behind keys that are not edited.
        ("a: 1\nb:\n  - c\n  # own\nsecured: x\n", Edit("new", None, "y es"), "a: 1\nb:\n  - c\nnew: y es\n  # own\nsecured: x\n"),
        ("a: 1\nb: |\n  text\n", Edit("new", None, "n"), "a: 1\nnew: 'n'\nb: |\n  text\n"),
        ("a: 1\nb: {c: [d,\n  e]}  # own\n# other\n", Edit("new", None, 7), "a: 1\nb: {c: [d,\n  e]}  # own\nnew: 7\n# other\n"),
        # Lists and mappings, as the file indents them.
        ("webUrl: 'a'\nrelated:\n- b: 'c'\n", Edit("images", None, [{"url": "d", "width": 4}]), "webUrl: 'a'\nrelated:\n- b: 'c'\nimages:\n- url: 'd'\n  width: 4\n"),
        ("related:\n    - b: c\nx: y\n", Edit("images", None, ["d", "e"]), "related:\n    - b: c\nx: y\nimages:\n    - d\n    - e\n"),
        ("a: b\n", Edit("provider", None, {"name": "c", "images": [{"url": "d"}]}), "a: b\nprovider:\n  name: c\n  images:\n    - url: d\n"),
        # At a key that has no value.
        ("a: x\nimages: # own\n# other\nb: 1\n", Edit("images", None, [{"url": "d"}]), "a: x\nimages: # own\n  - url: d\n# other\nb: 1\n"),
        ("a: 'x'\nwebUrl:   # own\n", Edit("webUrl", None, "d"), "a: 'x'\nwebUrl: 'd'   # own\n"),
        ("a: 'x'\nwebUrl: ~ # own\n", Edit("webUrl", None, "d"), "a: 'x'\nwebUrl: d # own\n"),
        ("a: x\nwebUrl:\n", Edit("webUrl", "", "d"), "a: x\nwebUrl: d\n"),
        # Entries.
        ("images:\n  - url: 'a'\n    width: 1 # own\n\nb: 1\n", Edit("images/-", None, {"url": "c", "width": 2}), "images:\n  - url: 'a'\n    width: 1 # own\n  - url: 'c'\n    width: 2\n\nb: 1\n"),
        ('tags:\n- "a"\n', Edit("tags/1", None, "c"), 'tags:\n- "a"\n- "c"\n'),
    ],
)  # fmt: skip
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_added(before: str, edit: Edit, after: str, newline: str) -> None:
    text = f"---\n{before}---\nbody".replace("\n", newline)
    assert edited(text, edit) == f"---\n{after}---\nbody".replace("\n", newline)


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        ("a: 1\n# over b\nb: 2 # own\n# over c\n\nc: 3\n", Edit("b", 2, None), "a: 1\n# over b\n# over c\n\nc: 3\n"),
        ("a: 1\nb: 'x\n  y' # own\nc: 3\n", Edit("b", "x y", None), "a: 1\nc: 3\n"),
        ("a: 1\nb:\n  c: 2\n  # in b\n  d: [3,\n    4]\n# over e\ne: 5\n", Edit("b", {"c": 2, "d": [3, 4]}, None), "a: 1\n# over e\ne: 5\n"),
        ("a: 1\nb: [c, # in b\n  d]\ne: 5\n", Edit("b", ["c", "d"], None), "a: 1\ne: 5\n"),
        ("a:\n  - b: 1\n    c: 2\n", Edit("a/0/b", 1, None), "a:\n  - c: 2\n"),
        ("a:\n  - b: 1 # own\n\n    c: 2\n", Edit("a/0/b", 1, None), "a:\n  - c: 2\n"),
        ("a:\n  - b: 1\n    c: 2\n  - d: 3\n", Edit("a/0/c", 2, None), "a:\n  - b: 1\n  - d: 3\n"),
        ("a:\nb: 1\n", Edit("a", "", None), "b: 1\n"),
        ("'a b': x\nb: 1\n", Edit("a b", "x", None), "b: 1\n"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_taken_out(before: str, edit: Edit, after: str, newline: str) -> None:
    text = f"---\n{before}...\nbody".replace("\n", newline)
    assert edited(text, edit) == f"---\n{after}...\nbody".replace("\n", newline)


def test_an_image_is_its_address() -> None:
    text = "---\nimages:\n  - url: a\n    width: 1\n  - b\n---\n"
    found = edited(text, Edit("images/0", "a", "c"), Edit("images/1", "b", "d"))
    assert found == "---\nimages:\n  - url: c\n    width: 1\n  - d\n---\n"


def test_many_edits_of_one_file_in_one_pass() -> None:
    text = (
        "\ufeff---\ntitle: 'old'\nwebUrl: https://a.test/\nampWebUrl: https://a.test/amp # amp\n"
        "cdnAmpWebUrl: https://c.test/\nimages:\n  - url: 'i'\nrelated:\n  - webUrl: r\n"
        "secured: x\n---\nbody"
    )
    found = edited(
        text,
        Edit("related/0/webUrl", "r", "https://r.test/"),
        Edit("images/0/width", None, 640),
        Edit("images/0/height", None, 480),
        Edit("title", "old", "A new one: longer"),
        Edit("ampWebUrl", "https://a.test/amp", None),
        Edit("cdnAmpWebUrl", "https://c.test/", None),
        Edit("webUrl", "https://a.test/", "https://b.test/"),
    )
    assert found == (
        "\ufeff---\ntitle: 'A new one: longer'\nwebUrl: https://b.test/\n"
        "images:\n  - url: 'i'\n    width: 640\n    height: 480\nrelated:\n"
        "  - webUrl: https://r.test/\nsecured: x\n---\nbody"
    )


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
@pytest.mark.parametrize("dash", ["", "  "])
def test_lines_added_at_one_place_nest_as_they_should(order: tuple[int, ...], dash: str) -> None:
    text = f"---\na: b\nimages:\n{dash}- url: c\n---\n"
    edits = [
        Edit("images/-", None, {"url": "d"}),
        Edit("new", None, "e"),
        Edit("images/0/width", None, 1),
        Edit("provider", None, {"name": "f"}),
    ]
    found = edited(text, *(edits[number] for number in order))
    head = f"---\na: b\nimages:\n{dash}- url: c\n{dash}  width: 1\n{dash}- url: d\n"
    ends = "new: e\nprovider:\n  name: f\n---\n", "provider:\n  name: f\nnew: e\n---\n"
    assert found in {head + end for end in ends}


@pytest.mark.parametrize(
    ("text", "edit", "line"),
    [
        ("a: x\nb: 'new'\n", Edit("b", "old", "new"), 3),
        ("b: '5'\n", Edit("b", 4, 5), 2),
        ("b: 5\n", Edit("b", None, 5), 2),
        ("a: 1\n", Edit("b", "x", None), 2),
        ("a:\n- b\n- c\n", Edit("a/-", None, "b"), 3),
        ("a:\n- {url: b}\n", Edit("a", None, [{"url": "b"}]), 2),
        ("a: |\n  text\n", Edit("a", "old", "text\n"), 2),
    ],
)
def test_what_the_file_says_already_is_left_alone(text: str, edit: Edit, line: int) -> None:
    assert only(f"---\n{text}---\n", edit) == (EditState.ALREADY_SO, line, None, "")


@pytest.mark.parametrize(
    ("text", "edit", "line", "code"),
    [
        ("a: 1\nb: new\n", Edit("b", "old", "other"), 3, RefusalCode.VALUE_DIFFERS),
        ("a: 1\nb: new\n", Edit("b", None, "other"), 3, RefusalCode.VALUE_DIFFERS),
        ("a: 1\nb: new\n", Edit("b", "old", None), 3, RefusalCode.VALUE_DIFFERS),
        ("a: 1\nb: [c]\n", Edit("b", "old", "new"), 3, RefusalCode.VALUE_DIFFERS),
        ("a: 1\nb: x\n", Edit("b", ["c"], 5), 3, RefusalCode.VALUE_DIFFERS),
        ("a: 1\nb: x\n", Edit("b", {"c": "d"}, 5), 3, RefusalCode.VALUE_DIFFERS),
        ("a: 1\n", Edit("b", "old", "new"), 2, RefusalCode.MISSING),
        ("a: 1\n", Edit("b/c", "old", "new"), 2, RefusalCode.MISSING),
        ("a: 1\n", Edit("a/b", None, "new"), 2, RefusalCode.MISSING),
        ("a: 1\nb:\n- c\n", Edit("b/2", None, "new"), 4, RefusalCode.MISSING),
        ("a: 1\nb:\n- c\n", Edit("b/x/y", "old", "new"), 4, RefusalCode.MISSING),
        ("a: 1\nb:\n- c\n", Edit("", "old", "new"), 2, RefusalCode.MISSING),
        ("a: 1\nb: |\n  old\n", Edit("b", "old\n", "new"), 3, RefusalCode.BLOCK_SCALAR),
        ("a: 1\nb: >-\n  old\n", Edit("b", "old", None), 3, RefusalCode.BLOCK_SCALAR),
        ("a: 1\nb: &x old\n", Edit("b", "old", "new"), 3, RefusalCode.TAGGED),
        ("a: 1\nb: !!str old\n", Edit("b", "old", "new"), 3, RefusalCode.TAGGED),
        ("a: 1\nb: !x old\n", Edit("b", "old", "new"), 3, RefusalCode.TAGGED),
        ("a: 1\nb: {c: 1}\n", Edit("b/d", None, 2), 3, RefusalCode.FLOW),
        ("a: 1\nb: {c: 1, d: 2}\n", Edit("b/c", 1, None), 3, RefusalCode.FLOW),
        ("a: 1\nb: [c]\n", Edit("b/-", None, "d"), 3, RefusalCode.FLOW),
        ("a: 1\nb: {c: , d: 1}\n", Edit("b/c", None, "e"), 3, RefusalCode.FLOW),
        ("a: 1\nb: {c: , d: 1}\n", Edit("b/c", "", "e"), 3, RefusalCode.FLOW),
        ("a: 1\nb:\n  c: 2\n", Edit("b/c", 2, None), 4, RefusalCode.ONLY_KEY),
        ("a: 1\nb:\n- c\n- d\n", Edit("b/0", "c", None), 4, RefusalCode.NOT_A_VALUE),
        ("a: 1\nb: [c]\n", Edit("b", ["c"], "new"), 3, RefusalCode.NOT_A_VALUE),
        ("a: 1\nb: c\n", Edit("b", "c", ["new"]), 3, RefusalCode.NOT_A_VALUE),
        ("a: 1\nb:\n- c: 1\n  # over d\n  d: 2\n", Edit("b/0/c", 1, None), 4, RefusalCode.NO_PLACE),
        ("a: 1\nb: ~\n", Edit("b", None, ["c"]), 3, RefusalCode.NO_PLACE),
        ("a:\n  b: |\n    x\n", Edit("a/c", None, "d"), 3, RefusalCode.NO_PLACE),
        ("a: 1\n? b\n: 2\n", Edit("b", 2, None), 3, RefusalCode.NO_PLACE),
        ("a: 1\nb: 'c'\u2028d: 2\n", Edit("b", "c", None), 3, RefusalCode.NO_PLACE),
        ("a: 1\nb: c # note\u2028d: 2\n", Edit("b", "c", None), 3, RefusalCode.NO_PLACE),
        ("a: |+\n  x\nb: 2\n\nc: 3\n", Edit("b", 2, None), 4, RefusalCode.UNPROVEN),
        ("a: 1\nb: c\n", Edit("b", "c", "\ud800"), 3, RefusalCode.UNWRITABLE),
        ("a: 1\nb: 2\n", Edit("c", None, []), 2, RefusalCode.UNWRITABLE),
        ("a: 1\nb: 2\n", Edit("c", None, [["d"]]), 2, RefusalCode.UNWRITABLE),
        ("a: 1\nsecured: x\n", Edit("secured", "x", "y"), 0, RefusalCode.PROTECTED),
        ("a: 1\nb: 2\n", Edit("linkHealth", None, "y"), 0, RefusalCode.PROTECTED),
        ("a: 1\na: 2\n", Edit("a", 2, 3), 3, ProblemCode.DUPLICATE_KEY),
        ("a: &x 1\nb: *x\n", Edit("a", 1, 3), 3, ProblemCode.ALIAS),
        ("a: &x {c: 1}\nb:\n  <<: *x\n", Edit("a", 1, 3), 4, ProblemCode.ALIAS),
        ("a: 1\nb: {<<: {c: 1}}\n", Edit("a", 1, 3), 3, ProblemCode.MERGE_KEY),
        ("{a: 1}\n", Edit("a", 1, 3), 2, ProblemCode.WRITE_REFUSED),
        ("a: 'x\ry'\n", Edit("a", "x y", "z"), 2, ProblemCode.LONE_CARRIAGE_RETURN),
        ("a: [\n", Edit("a", 1, 3), 3, ProblemCode.INVALID_YAML),
    ],
)  # fmt: skip
def test_refused_with_line_and_reason(
    text: str, edit: Edit, line: int, code: RefusalCode | ProblemCode
) -> None:
    state, where, why, reason = only(f"---\n{text}---\n", edit)
    assert (state, where, why) == (EditState.REFUSED, line, code)
    assert reason
    assert "\n" not in reason


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"+++\na = x\n+++\n", ProblemCode.INVALID_TOML, 2),
        (b"---\na: \xff\n---\n", ProblemCode.NOT_UTF8, 2),
        (b"# text\n", ProblemCode.NO_FRONT_MATTER, 1),
    ],
)
def test_files_that_cannot_be_edited_refuse_every_edit(
    data: bytes, code: ProblemCode, line: int
) -> None:
    edits = [Edit("a", 1, 2), Edit("b", None, 2)]
    found = edit_values(data, edits)
    assert found.data == data
    assert [(o.edit, o.state, o.code, o.line) for o in found.outcomes] == [
        (edit, EditState.REFUSED, code, line) for edit in edits
    ]


def test_one_refusal_stops_no_other_edit() -> None:
    text = "---\na: 1\nb: 2\nc: 3\n---\n"
    found = edit_values(
        text.encode(),
        [Edit("a", 9, 8), Edit("b", 2, 20), Edit("b", 2, 21), Edit("x/y", 1, 2), Edit("c", 3, 30)],
    )
    assert found.data == b"---\na: 1\nb: 20\nc: 30\n---\n"
    assert [(o.state, o.line, o.code) for o in found.outcomes] == [
        (EditState.REFUSED, 2, RefusalCode.VALUE_DIFFERS),
        (EditState.APPLIED, 3, None),
        (EditState.REFUSED, 3, RefusalCode.CONFLICT),
        (EditState.REFUSED, 2, RefusalCode.MISSING),
        (EditState.APPLIED, 4, None),
    ]
    assert found.applied == 2
    assert "9" in found.outcomes[0].reason
    assert "1" in found.outcomes[0].reason


@pytest.mark.parametrize("pointer", ["body/0", "body/17"])
def test_a_link_of_the_text_is_said_to_be_one(pointer: str) -> None:
    found = edit_values(
        b"---\na: 1\n---\n[b](https://old.example/)\n", [Edit(pointer, "old", "new")]
    )
    (outcome,) = found.outcomes
    assert outcome.code is RefusalCode.MISSING
    assert (
        outcome.reason == "it stands in the text below the front matter, which is changed by hand"
    )


@pytest.mark.parametrize("pointer", ["body/x", "body/0/a", "bodies/0"])
def test_another_place_that_is_not_there_is_named(pointer: str) -> None:
    (outcome,) = edit_values(b"---\na: 1\n---\n", [Edit(pointer, "old", "new")]).outcomes
    assert repr(pointer) in outcome.reason


def test_edits_that_cannot_be_proven_together_keep_the_most() -> None:
    """Both keys of a mapping gone would leave a null."""
    text = "---\na: 1\nm:\n  b: 2\n  c: 3\nd: 4\n---\n"
    edits = [Edit("d", 4, 5), Edit("m/b", 2, None), Edit("m/c", 3, None), Edit("a", 1, 2)]
    found = edit_values(text.encode(), edits)
    assert found.data == b"---\na: 2\nm:\n  c: 3\nd: 5\n---\n"
    states = [outcome.code for outcome in found.outcomes]
    assert states == [None, None, RefusalCode.UNPROVEN, None]


def test_nothing_asked_is_nothing_done() -> None:
    data = b"---\na: 1\n---\n"
    assert edit_values(data, []) == Edited(data, ())


def test_an_edit_says_something() -> None:
    with pytest.raises(ValueError, match="old or a new"):
        Edit("a", None, None)


@pytest.mark.parametrize("value", ["\ud800", "a\udfffb"])
def test_half_a_character_is_never_written(value: str) -> None:
    with pytest.raises(UnwritableValueError):
        scalar_text(value)


DOCUMENT = Document("", b"---\na: 1\nb: [x, {c: d}]\ne: f\n---\nbody")
REPLACED = plan(DOCUMENT, Edit("a", 1, 2), 0)
REMOVED = plan(DOCUMENT, Edit("a", 1, None), 0)
ADDED = plan(DOCUMENT, Edit("g", None, "h"), 0)


@pytest.mark.parametrize(
    "change",
    [
        # Another value, too much, too little, elsewhere, another type, no YAML, the body.
        (REPLACED, {"text": "3"}),
        (REPLACED, {"text": "'2'"}),
        (REPLACED, {"text": "2\ni: j"}),
        (REPLACED, {"text": "2 2"}),
        (REPLACED, {"text": "["}),
        (REPLACED, {"text": "2\n---"}),
        (REPLACED, {"text": "2\na: 2"}),
        (REPLACED, {"text": "&x 2\nk: *x"}),
        (REPLACED, {"end": REPLACED.end + 4}),
        (REPLACED, {"start": 1, "end": 1}),
        (REMOVED, {"end": REMOVED.end + 17}),
        (REMOVED, {"end": REMOVED.end - 3}),
        (ADDED, {"text": "g: i\n"}),
        (ADDED, {"text": "g: 1\n"}),
        (ADDED, {"text": "i: h\n"}),
        (ADDED, {"text": "g: h\nk: l\n"}),
        (ADDED, {"added": 0}),
        (ADDED, {"start": 4, "end": 4}),
        (ADDED, {"text": "# g: h\n"}),
    ],
)  # fmt: skip
def test_the_proof_sees_every_other_change(change: tuple[Change, dict[str, object]]) -> None:
    right, wrong = change
    data = DOCUMENT.text.encode()
    assert _is_proven(DOCUMENT, data, [right])
    assert not _is_proven(DOCUMENT, data + b"!", [right])
    assert not _is_proven(DOCUMENT, data, [replace(right, **wrong)])  # type: ignore[arg-type]


def test_every_refusal_is_documented(project: Path) -> None:
    page = (project / "docs" / "write-back.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE) == sorted(RefusalCode)

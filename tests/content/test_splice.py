from __future__ import annotations

from datetime import date

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from crawler.content import (
    Site,
    Spliced,
    SpliceRefused,
    read_article,
    render,
    splice,
    strip,
)
from crawler.content.article_document import Document
from crawler.content.splice import _prove
from crawler.model.article import ProblemCode
from crawler.model.check import ArticleChecks, DeadLink
from crawler.model.verdict import VerdictKind

DAY = date(2026, 11, 22)
DEAD = DeadLink("webUrl", 2, VerdictKind.DEAD, "http-410", DAY, "https://a.test/it's \u2028")
BLOCK = render(ArticleChecks(), DAY)
LONGER = render(ArticleChecks((DEAD, DEAD)), DAY)


def lines_of(data: bytes) -> dict[str, int]:
    return {r.pointer: r.line for r in read_article("a.md", data, Site()).references}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\na: 1\nsecured: x\n---\nbody\n", "---\na: 1\n@secured: x\n---\nbody\n"),
        ("---\na: 1\n---\nbody", "---\na: 1\n@---\nbody"),
        ("---\na: 1\n# note\n\n...\nsecured: x", "---\na: 1\n# note\n\n@...\nsecured: x"),
        ("---\n---\n", "---\n@---\n"),
        ("---\n# note\n---", "---\n# note\n@---"),
        ("---\na: |+\n  x\n\nsecured: x\n---\n", "---\na: |+\n  x\n\n@secured: x\n---\n"),
        ("---\na: x\n  y\n'secured': x\n---\n", "---\na: x\n  y\n@'secured': x\n---\n"),
        ("---\nb:\n  secured: x\nc: d\n---\n", "---\nb:\n  secured: x\nc: d\n@---\n"),
        ("---\nb:\n- c\nsecured:\n- d\n---\n", "---\nb:\n- c\n@secured:\n- d\n---\n"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_block_stands_before_secured_or_last(
    before: str, after: str, newline: str, mark: str
) -> None:
    data = (mark + before.replace("\n", newline)).encode()
    found = splice(data, BLOCK)
    assert found.data == (mark + after.replace("@", BLOCK).replace("\n", newline)).encode()
    assert found.shift == BLOCK.count("\n")
    assert strip(found.data) == data


def test_lines_after_the_edit_move_and_others_stay() -> None:
    data = b"---\nwebUrl: http://a.test/\nsecured: x\nampWebUrl: http://b.test/\n---\n"
    for block in (BLOCK, LONGER):
        found = splice(data, block)
        moved = {p: n + found.shift if n >= found.line else n for p, n in lines_of(data).items()}
        assert lines_of(found.data) == moved
        assert lines_of(found.data)["webUrl"] == 2
        again = splice(found.data, LONGER)
        moved = {p: n + again.shift if n >= again.line else n for p, n in moved.items()}
        assert lines_of(again.data) == moved
        last = splice(again.data, None)
        moved = {p: n + last.shift if n >= last.line else n for p, n in moved.items()}
        assert moved == lines_of(data)


def test_a_block_that_was_moved_is_replaced_in_its_place() -> None:
    data = f"---\n{BLOCK}\n# note\na: 1\nsecured: x\n---\n".encode()
    assert splice(data, LONGER).data == data.replace(BLOCK.encode(), LONGER.encode())
    assert splice(data, BLOCK).data == data


@pytest.mark.parametrize("data", [b"", b"---\na: 1\n---\n", b"\xff", b"---\na: linkHealth\n---\nx"])
def test_nothing_to_take_out_is_nothing_to_do(data: bytes) -> None:
    assert strip(data) == data
    assert splice(data, None).shift == 0


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("no front matter, linkHealth", 1, ProblemCode.NO_FRONT_MATTER),
        ("---", 1, ProblemCode.NO_FRONT_MATTER),
        ("---\na: [\n---\n", 3, ProblemCode.INVALID_YAML),
        ("---\n{a: 1}\n---\n", 2, ProblemCode.WRITE_REFUSED),
        ("---\n  a: 1\n  b: 2\n---\n", 2, ProblemCode.WRITE_REFUSED),
        ("---\n? a\n: 1\n---\n", 2, ProblemCode.WRITE_REFUSED),
        ("---\na: 1\n? secured\n: 1\n---\n", 3, ProblemCode.WRITE_REFUSED),
        ("---\na: 1\nb: 'x'\u2028secured: x\n---\n", 3, ProblemCode.WRITE_REFUSED),
        ("---\na: 1\na: 2\n---\n", 3, ProblemCode.DUPLICATE_KEY),
        ("---\na: 1\nb: {c: 1, c: 2}\n---\n", 3, ProblemCode.DUPLICATE_KEY),
        ("---\na: 'x\ry'\n---\n", 2, ProblemCode.LONE_CARRIAGE_RETURN),
        ("+++\na = 1\nlinkHealth", 1, ProblemCode.NEVER_CLOSED),
        ("---\na: &x 1\nb: *x\n---\n", 3, ProblemCode.ALIAS),
        ("---\na: 1\nb: {<<: {c: d}}\n---\n", 3, ProblemCode.MERGE_KEY),
        ("---\na: 1\nb: |\n  text", 1, ProblemCode.NEVER_CLOSED),
        ("---\na: 1", 1, ProblemCode.NEVER_CLOSED),
        (f"---\na: 1\n{BLOCK}", 1, ProblemCode.NEVER_CLOSED),
        ("---\nlinkHealth:\n  schema: 1\n  note: asked them\n---\n", 2, ProblemCode.INVALID_BLOCK),
        ("---\nlinkHealth:\n  schema: 2\n---\n", 2, ProblemCode.INVALID_BLOCK),
        ("---\na: 1\nlinkHealth: {schema: 1}\n---\n", 3, ProblemCode.INVALID_BLOCK),
        ("---\na: 1\nlinkHealth:\n  note: mine\n---\n", 3, ProblemCode.INVALID_BLOCK),
        ("---\nlinkHealth:\n    schema: 1\n---\n", 2, ProblemCode.INVALID_BLOCK),
        ("---\nlinkHealth:\n  schema: 1\n  # mine\n---\n", 2, ProblemCode.INVALID_BLOCK),
        ("---\n'linkHealth':\n  schema: 1\n---\n", 2, ProblemCode.INVALID_BLOCK),
        ("---\nlinkHealth:\n  schema: 1\n  note: 'a\n    b'\n---\n", 2, ProblemCode.INVALID_BLOCK),
        ("---\na: 1\nlinkHealth:\n  schema: 1\n\n  note: 1\n---\n", 0, ProblemCode.WRITE_REFUSED),
    ],
)
def test_what_cannot_be_edited_for_sure_is_refused(text: str, line: int, code: ProblemCode) -> None:
    with pytest.raises(SpliceRefused) as caught:
        splice(text.encode(), BLOCK)
    assert (caught.value.line, caught.value.code) == (line, code)
    problem = caught.value.problem("news/a.md")
    assert (problem.path, problem.line, problem.code) == ("news/a.md", line, code)


@pytest.mark.parametrize(
    "block", ["linkHealth:\n  schema: [\n", "- a\n", "other: 1\n", "linkHealth:\n  schema: 1\nb: 2\n",
              "linkHealth: x\n", "linkHealth:\n  schema: 1\n  a: *x\n"],
)  # fmt: skip
def test_a_block_that_is_none_is_never_written(block: str) -> None:
    with pytest.raises(SpliceRefused):
        splice(b"---\na: 1\n---\n", block)


@pytest.mark.parametrize("data", [b"", b"# A text\n", b"\xef\xbb\xbf[x](y)\n"])
def test_a_file_without_front_matter_is_refused(data: bytes) -> None:
    with pytest.raises(SpliceRefused) as refused:
        splice(data, BLOCK)
    assert refused.value.code is ProblemCode.NO_FRONT_MATTER


def test_a_note_in_the_block_is_never_overwritten() -> None:
    noted = splice(b"---\na: 1\n---\n", LONGER).data.replace(
        b"reason: http-410", b"reason: http-410, note: 'moved, I think'", 1
    )
    for block in (BLOCK, LONGER, None):
        with pytest.raises(SpliceRefused, match="edited by hand") as caught:
            splice(noted, block)
        assert (caught.value.line, caught.value.code) == (3, ProblemCode.INVALID_BLOCK)


def test_non_utf8_is_refused_by_line() -> None:
    with pytest.raises(SpliceRefused) as caught:
        splice(b"---\na: 1\nb: \xff\n---\n", BLOCK)
    assert (caught.value.line, caught.value.code) == (3, ProblemCode.NOT_UTF8)


# Lines that mean something to YAML at the start, in the middle or at the end of front matter.
LINES = st.sampled_from(
    ["a: 1", "b: 'x", "  y'", 'c: "é\\u2028"', "d:", "  - e: f", "    g: [1, {h: i}]", "- j", "# note", "",
     "   ", "k: |", "  literal", "l: >-", "\tm", "n: 😀\u200b", "o: \u2028p", "secured: q", "secured:",
     "webUrl: http://a.test/", "---", "...", "--- r", "%TAG ! x", "? s", ": t", "&u v: w", "!x y: z",
     "linkHealth:", "  schema: 1", "linkHealth: {}", "{aa: bb}", "cc: dd: ee", "\r"]
)  # fmt: skip


@given(
    st.lists(LINES, max_size=9),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\ufeff"]),
    st.booleans(),
    st.booleans(),
)
def test_any_file_is_refused_or_restored(
    lines: list[str], newline: str, mark: str, closed: bool, ended: bool
) -> None:
    text = newline.join(["---", *lines, *(["---", "body"] if closed else [])])
    data = (mark + text + (newline if ended else "")).encode()
    had_block = any(line.startswith("linkHealth") for line in lines)
    try:
        found = splice(data, LONGER)
    except SpliceRefused:
        return
    assert splice(found.data, LONGER).data == found.data
    restored = strip(found.data)
    assert restored == (strip(data) if had_block else data)
    other_style = [text.replace(newline.encode(), b"").count(b"\n") for text in (data, found.data)]
    assert other_style[0] == other_style[1]


@pytest.mark.parametrize(
    ("changed", "block"),
    [
        (b"---\na: 2\nb: [1, {c: d}]\n---\nbody", None),
        (b"---\na: '1'\nb: [1, {c: d}]\n---\nbody", None),
        (b"---\na: !!str 1\nb: [1, {c: d}]\n---\nbody", None),
        (b"---\nb: [1, {c: d}]\na: 1\n---\nbody", None),
        (b"---\na: 1\nb: [1, {c: d}, 2]\n---\nbody", None),
        (b"---\na: 1\nb: [1, [c, d]]\n---\nbody", None),
        (b"---\na: 1\nb: !x [1, {c: d}]\n---\nbody", None),
        (b"---\na: 1\nb: [1, {c: d}]\ne: 1\n---\nbody", None),
        (b"---\na: 1\nb: [1, {c: d}]\n---\nbody!", None),
        (b"---\na: 1\nb: [\n---\nbody", None),
        (f"---\na: 1\nb: [1, {{c: d}}]\n{BLOCK}---\nbody".encode(), None),
        (f"---\na: 1\nb: [1, {{c: d}}]\n{LONGER}---\nbody".encode(), BLOCK),
        (f"---\na:   1\nb: [1, {{c: d}}]\n{BLOCK}---\nbody".encode(), BLOCK),
    ],
)
def test_the_proof_sees_every_other_change(changed: bytes, block: str | None) -> None:
    data = b"---\na: 1\nb: [1, {c: d}]\n---\nbody"
    with pytest.raises(SpliceRefused):
        _prove(Document("", data), data, None, changed, block)


def outcome(data: bytes) -> Spliced | SpliceRefused:
    """The edit, or its refusal as a value."""
    try:
        return splice(data, BLOCK)
    except SpliceRefused as refused:
        return refused


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(st.text(max_size=8), values, max_size=5),
    st.booleans(),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_whatever_yaml_dumps_is_restored_and_reads_the_same(
    fields: dict[str, object], secured: bool, newline: str, unicode: bool
) -> None:
    fields.pop("linkHealth", None)
    if secured:
        fields = {"first": 1, "secured": "x"} | fields
    dumped = yaml.safe_dump(
        fields, allow_unicode=unicode, sort_keys=False, default_flow_style=False
    )
    assume(fields)
    data = f"---\n{dumped}---\nbody\n".replace("\n", newline).encode()
    found = outcome(data)
    if isinstance(found, SpliceRefused):
        # Keys that are no simple keys, and what only PyYAML's dumper thinks is allowed.
        assert found.code in {
            ProblemCode.WRITE_REFUSED, ProblemCode.INVALID_YAML, ProblemCode.LONE_CARRIAGE_RETURN,
            ProblemCode.MERGE_KEY, ProblemCode.DUPLICATE_KEY,
        }  # fmt: skip
        return
    assert strip(found.data) == data
    old = yaml.safe_load(data.decode().split(f"---{newline}")[1])
    new = yaml.safe_load(found.data.decode().split(f"---{newline}")[1])
    assert new.pop("linkHealth")["schema"] == 1
    assert new == old

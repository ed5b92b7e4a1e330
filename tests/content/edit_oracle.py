"""Invariants of every edit, checked with PyYAML's loaders and plain bytes instead of our own proof."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import yaml

from crawler.content import SpliceRefused, render, splice, strip
from crawler.content.article_document import Document
from crawler.content.edits import Edit, Edited, EditOutcome, EditState, edit_values
from crawler.content.refusals import RefusalCode
from crawler.model.article import ProblemCode
from crawler.model.check import ArticleChecks, DeadLink
from crawler.model.verdict import VerdictKind

DAY = date(2026, 11, 22)
BLOCK = render(ArticleChecks(), DAY)
LONGER = render(
    ArticleChecks((DeadLink("webUrl", 2, VerdictKind.DEAD, "http-410", DAY, "https://a.test/'\u2028"),)), DAY
)  # fmt: skip


def front_matter(data: bytes) -> str:
    """The part that YAML reads."""
    document = Document("", data)
    return document.text[: document.end]


def loaded(data: bytes, loader: Any = yaml.CSafeLoader) -> Any:
    """The front matter as PyYAML loads it."""
    return yaml.load(front_matter(data), Loader=loader)


def check_block(data: bytes) -> SpliceRefused | None:
    """Block in, replaced, again, and out; the refusal where it was refused.

    Only a tail that cannot be kept is: a text block whose last line has no end would get one.
    """
    found = _spliced(data)
    if isinstance(found, SpliceRefused):
        assert found.code is ProblemCode.WRITE_REFUSED
        assert not data.endswith(b"\n")
        return found
    newline = b"\r\n" if data.partition(b"\n")[0].endswith(b"\r") else b"\n"
    block = BLOCK.encode().replace(b"\n", newline)
    if data.endswith(newline) or Document("", data).end < len(Document("", data).text):
        before, _, after = found.partition(block)
    else:
        before, _, after = found.partition(newline + block.removesuffix(newline))
        if before + after != data:
            before, _, after = found.partition(block)
    assert before + after == data
    values = loaded(found)
    assert values.pop("linkHealth")["schema"] == 1
    assert list(values.items()) == list(loaded(data).items())
    assert splice(found, BLOCK).data == found
    longer = splice(found, LONGER).data
    assert loaded(longer)["linkHealth"]["deadLinks"][0]["url"] == "https://a.test/'\u2028"
    assert splice(longer, BLOCK).data == found
    assert strip(longer) == strip(found) == data
    return None


def _spliced(data: bytes) -> bytes | SpliceRefused:
    try:
        return splice(data, BLOCK).data
    except SpliceRefused as refused:
        return refused


def check_edits(data: bytes, edits: Sequence[Edit]) -> Edited:
    """Edits made, loaded, and made once more."""
    found = edit_values(data, edits)
    assert [outcome.edit for outcome in found.outcomes] == list(edits)
    applied = [o.edit for o in found.outcomes if o.state is EditState.APPLIED]
    assert (found.data != data) == bool(applied)
    _check_refusals(data, found.outcomes)
    again = edit_values(found.data, applied)
    assert again.data == found.data
    assert {outcome.state for outcome in again.outcomes} <= {EditState.ALREADY_SO}
    expected = loaded(data, yaml.CBaseLoader)
    for edit in applied:
        _make(expected, edit)
    assert loaded(found.data, yaml.CBaseLoader) == expected
    if not any(isinstance(edit.old, list | dict) for edit in applied):
        assert _comment_lines(found.data) == _comment_lines(data)
    _check_types(data, found.data, applied)
    if "\r\n" in front_matter(data):
        assert "\n" not in front_matter(found.data).replace("\r\n", "")
    document, after = Document("", data), Document("", found.data)
    assert after.text[after.end :] == document.text[document.end :]
    assert after.byte_order_mark == document.byte_order_mark
    return found


def _check_types(data: bytes, changed: bytes, applied: Sequence[Edit]) -> None:
    """A new text reads as a text, or as the type that the old value had."""
    before, after = (loaded(text) if applied else None for text in (data, changed))
    for edit in applied:
        if not isinstance(edit.new, str) or edit.pointer.endswith("-"):
            continue
        new = _at(after, edit.pointer)
        old = None if edit.old is None else _at(before, edit.pointer)
        dates = isinstance(new, date) and isinstance(old, date)
        assert isinstance(new, str) or dates or (old is not None and type(new) is type(old))


def _check_refusals(data: bytes, outcomes: Sequence[EditOutcome]) -> None:
    lines = front_matter(data).count("\n") + 1
    for outcome in outcomes:
        refused = outcome.state is EditState.REFUSED
        assert refused == bool(outcome.reason) == (outcome.code is not None)
        assert 0 <= outcome.line <= lines
        assert outcome.line > 0 or outcome.code is RefusalCode.PROTECTED


def _comment_lines(data: bytes) -> list[str]:
    lines = (line.strip() for line in front_matter(data).split("\n"))
    return [line for line in lines if line.startswith("#")]


def _parts(pointer: str) -> list[str]:
    return pointer.split("/")


def _at(values: Any, pointer: str) -> Any:
    for part in _parts(pointer):
        values = values[int(part)] if isinstance(values, list) else values[_key(values, part)]
    return values


def _key(values: dict[Any, Any], part: str) -> Any:
    """The key as the loader made it of this text."""
    return next(key for key in values if str(key) == part)


def _text(value: Any) -> Any:
    """A value as PyYAML's base loader gives it: texts only."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return {key: _text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_text(inner) for inner in value]
    return str(value)


def _make(values: Any, edit: Edit) -> None:
    """The same edit, of what was loaded."""
    *way, last = _parts(edit.pointer)
    parent = _at(values, "/".join(way)) if way else values
    if edit.new is None:
        del parent[last]
    elif isinstance(parent, list):
        if last == "-" or int(last) >= len(parent):
            parent.append(_text(edit.new))
        else:
            _replace(parent, int(last), edit)
    elif last in parent:
        _replace(parent, last, edit)
    else:
        parent[last] = _text(edit.new)


def _replace(parent: Any, at: Any, edit: Edit) -> None:
    if isinstance(parent[at], dict) and "url" in parent[at]:
        parent[at]["url"] = _text(edit.new)
    else:
        parent[at] = _text(edit.new)

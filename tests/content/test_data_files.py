"""Front matter in TOML and JSON: read with the places of its values, and written without changing another byte (rule K5)."""

from __future__ import annotations

import json
import tomllib
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.content import (
    Edit,
    EditState,
    Site,
    SpliceRefused,
    UnreadableArticle,
    edit_values,
    fields_of,
    read_article,
    render,
    splice,
    strip,
)
from crawler.content.article_document import Document
from crawler.content.nodes import Mapping, Node, Scalar, start_of
from crawler.content.notations import Notation
from crawler.content.refusals import RefusalCode
from crawler.content.shown_lines import Shown, shown_lines
from crawler.model.article import ProblemCode
from crawler.model.check import ArticleChecks, DeadLink
from crawler.model.verdict import VerdictKind
from tests.strategies.data_files import json_files, toml_files
from tests.strategies.examples import examples

DAY = date(2026, 11, 22)
BLOCK = render(ArticleChecks(), DAY)
LONGER = render(
    ArticleChecks(
        (
            DeadLink(
                "link", 2, VerdictKind.DEAD, "http-410", DAY, "https://a.test/'\u2028\x7f\\\""
            ),
            DeadLink("x", 2, VerdictKind.BROKEN, "no", None, "2020-01-01"),
        )
    ),
    DAY,
)
FILES = st.one_of(toml_files(), json_files())


def loaded(data: bytes) -> Any:
    """The front matter as the standard library loads it."""
    document = Document("a.md", data)
    if document.notation is Notation.TOML:
        return tomllib.loads(document.text[4 : document.end])
    return json.JSONDecoder().raw_decode(document.text)[0]


def check_places(document: Document, node: Node, value: Any) -> None:
    """Each value stands where its mark says, and what stands there is the value."""
    if isinstance(value, dict):
        assert isinstance(node, Mapping)
        assert list(node.by_key) == list(value)
        for key, inner in value.items():
            check_places(document, node.by_key[key], inner)
    elif isinstance(value, list):
        assert not isinstance(node, Mapping | Scalar)
        for item, inner in zip(node.items, value, strict=True):
            check_places(document, item, inner)
    else:
        assert isinstance(node, Scalar)
        mark: Any = node.end_mark
        text = document.text[start_of(node) : mark.index]
        if document.notation is Notation.TOML:
            assert tomllib.loads(f"x = {text}")["x"] == value
        else:
            assert json.loads(text) == value
        assert node.implicit[1] is isinstance(value, str)
        if isinstance(value, str):
            assert node.value == value


@given(FILES)
@settings(max_examples=examples(200))
def test_every_value_has_its_place(file: tuple[bytes, dict[str, Any]]) -> None:
    data, values = file
    document = Document("a.md", data)
    assert loaded(data) == values
    assert document.root is not None
    check_places(document, document.root, loaded(data))


@given(FILES)
@settings(max_examples=examples(200))
def test_the_block_of_any_file(file: tuple[bytes, dict[str, Any]]) -> None:
    data, values = file
    first = splice(data, BLOCK).data
    found = loaded(first)
    assert found.pop("linkHealth") == {
        "schema": 1,
        "since": "2026-11-22",
        "deadLinks": [],
        "freshness": {"state": "unverified"},
        "imageSizes": [],
    }
    assert found == values
    assert strip(first) == data
    assert splice(first, BLOCK).data == first
    longer = splice(first, LONGER).data
    assert loaded(longer)["linkHealth"]["deadLinks"][0]["url"] == "https://a.test/'\u2028\x7f\\\""
    assert read_article("a.md", longer, Site()).block == LONGER
    assert splice(longer, BLOCK).data == first
    assert strip(longer) == data
    below = Document("a.md", data)
    assert longer.endswith(below.text[below.end :].encode())


@given(FILES, st.data())
@settings(max_examples=examples(200))
def test_an_edit_changes_one_value_and_no_other_byte(
    file: tuple[bytes, dict[str, Any]], draws: st.DataObject
) -> None:
    data, values = file
    ways = list(_texts(values, ()))
    if not ways:
        return
    way, old = draws.draw(st.sampled_from(ways))
    new = draws.draw(
        st.sampled_from(["https://new.example/'\"", "n\\\n", "é", "2021-01-02", "true", ""])
    )
    edited = edit_values(data, [Edit("/".join(way), old, new)])
    (outcome,) = edited.outcomes
    if way[0] == "secured":
        assert outcome.code is RefusalCode.PROTECTED
        return
    if outcome.state is EditState.ALREADY_SO:
        assert new == old
        return
    assert outcome.state is EditState.APPLIED, outcome
    expected = deepcopy(values)
    holder: Any = expected
    for part in way[:-1]:
        holder = holder[int(part) if isinstance(holder, list) else part]
    holder[int(way[-1]) if isinstance(holder, list) else way[-1]] = new
    assert loaded(edited.data) == expected
    assert edit_values(edited.data, [Edit("/".join(way), new, old)]).applied == 1


def _texts(value: Any, way: tuple[str, ...]) -> Any:
    """The ways to texts that a pointer can name."""
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in pairs:
        if isinstance(inner, str) and "/" not in str(key):
            yield (*way, str(key)), inner
        elif "/" not in str(key):
            yield from _texts(inner, (*way, str(key)))


@pytest.mark.parametrize(
    ("text", "old", "new", "after"),
    [
        ('+++\nlink = "a" # n\n+++\n', "a", "b", '+++\nlink = "b" # n\n+++\n'),
        ("+++\nlink = 'a'\n+++\n", "a", "it's", '+++\nlink = "it\'s"\n+++\n'),
        ("+++\nlink = '''\na'''\n+++\n", "a", "b", "+++\nlink = 'b'\n+++\n"),
        (
            "+++\nlink = 2020-01-02\n+++\n",
            "2020-01-02",
            "2021-03-04",
            "+++\nlink = 2021-03-04\n+++\n",
        ),
        ("+++\nlink = 7\n+++\n", 7, 8, "+++\nlink = 8\n+++\n"),
        ('{"link": "a"}', "a", 'b"', '{"link": "b\\""}'),
        ('{"link": 7}', 7, 8, '{"link": 8}'),
    ],
)
def test_a_value_keeps_its_notation(text: str, old: str | int, new: str | int, after: str) -> None:
    edited = edit_values(text.encode(), [Edit("link", old, new)])
    assert edited.data.decode() == after, edited.outcomes


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (Edit("link", None, "x"), RefusalCode.NOTATION),
        (Edit("link", "a", None), RefusalCode.NOTATION),
        (Edit("link", "b", "c"), RefusalCode.VALUE_DIFFERS),
        (Edit("link", "a", "\ud800"), RefusalCode.UNWRITABLE),
        (Edit("gone", "a", "b"), RefusalCode.MISSING),
        (Edit("secured", "s", "b"), RefusalCode.PROTECTED),
    ],
)
@pytest.mark.parametrize(
    "text", ["+++\nlink = 'a'\nsecured = 's'\n+++\n", '{"link": "a", "secured": "s"}']
)
def test_an_edit_that_is_not_made(text: str, edit: Edit, code: RefusalCode) -> None:
    edited = edit_values(text.encode(), [edit])
    assert edited.data == text.encode()
    assert [outcome.code for outcome in edited.outcomes] == [code]


@pytest.mark.parametrize(
    "text",
    [
        "+++\nlinkHealth = {schema = 1}\n+++\n",
        "+++\n[linkHealth]\nschema = 1\nmore = 'x'\n+++\n",
        "+++\n[linkHealth]\nschema = 2\n+++\n",
        "+++\nlinkHealth.schema = 1\n+++\n",
        "+++\n[linkHealth] # mine\nschema = 1\ndeadLinks = []\n+++\n",
        '{"a": 1, "linkHealth": {"schema":1}}',
        '{"a": 1, "linkHealth": {"schema": "1"}}',
        '{"a": 1, "linkHealth" : {"schema": 1, "deadLinks": []}}',
        '{"a": 1, "linkHealth": null}',
    ],
)
def test_a_block_of_another_shape_is_a_persons(text: str) -> None:
    article = read_article("a.md", text.encode(), Site())
    assert article.block is None
    assert [problem.code for problem in article.problems] == [ProblemCode.INVALID_BLOCK]
    with pytest.raises(SpliceRefused) as refused:
        splice(text.encode(), BLOCK)
    assert refused.value.code is ProblemCode.INVALID_BLOCK


def test_a_member_behind_the_block_stays() -> None:
    data = splice(b'{\n "a": 1\n}\n', BLOCK).data
    grown = data.replace(b"\n}", b',\n "b": 2\n}')
    assert strip(grown) == b'{\n "a": 1,\n "b": 2\n}\n'
    assert loaded(splice(grown, LONGER).data)["b"] == 2
    first = data.replace(b'"a": 1,\n ', b"").replace(b"\n}", b',\n "b": 2\n}')
    with pytest.raises(SpliceRefused):
        strip(first)


def test_a_key_twice_is_left_alone() -> None:
    data = b'{"link": "https://a.example/", "link": "https://b.example/"}'
    article = read_article("a.md", data, Site(), fields_of("a.md", data, Site()))
    assert [one.raw for one in article.references] == ["https://b.example/"]
    assert [problem.code for problem in article.problems] == [ProblemCode.DUPLICATE_KEY]
    with pytest.raises(SpliceRefused):
        splice(data, BLOCK)


def test_what_is_secret_is_not_shown() -> None:
    toml = "+++\nlink = 'a'\nsecured = '''\nS3CRET\nS3CRET'''\n[x]\ny = 'hide'\n[secured2]\nz = 1\n+++\ntext\n"
    lines = shown_lines("a.md", toml.encode(), Shown(frozenset({"link"}), frozenset({"secured"})))
    assert lines[1] == "link = 'a'"
    assert "S3CRET" not in "\n".join(lines)
    assert "hide" not in "\n".join(lines)
    both = '{"secured": {"a": "S3CRET"}, "link": "a", "b": ["hide"]}'
    (line,) = shown_lines("a.md", both.encode(), Shown(frozenset({"link"}), frozenset({"secured"})))
    assert "S3CRET" not in line


@pytest.mark.shared_data
def test_what_is_no_json_is_told(shared: Path) -> None:
    """The files of the JSON test suite, as the value of a key."""
    counts = {"y": 0, "n": 0, "i": 0}
    for path in sorted((shared / "suites/json-test-suite/test_parsing").iterdir()):
        data = b'{"a": ' + path.read_bytes().removeprefix(b"\xef\xbb\xbf") + b"\n}\n"
        try:
            expected: object = json.loads(data.decode(), parse_constant=_refuse)
        except (ValueError, RecursionError):
            expected = None
        try:
            document = Document("a.md", data)
        except UnreadableArticle as error:
            is_deep = error.problems[0].code is ProblemCode.TOO_DEEP
            assert expected is None or is_deep, path.name
            assert not path.name.startswith("y_")
        else:
            assert document.root is not None
            counts[path.name[0]] += 1
    assert counts["y"] == 95


def _refuse(_name: str) -> object:
    raise ValueError

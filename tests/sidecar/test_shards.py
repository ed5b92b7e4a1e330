"""The sidecar's files: how JSON and YAML parsers read them, and what a diff of them shows."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.check import Size
from crawler.model.verdict import VerdictKind
from crawler.sidecar.shards import (
    HUGO_FOLDER,
    JEKYLL_FOLDER,
    LONGEST_KEY,
    MARKER,
    SHARDS,
    is_ours,
    read_shard,
    render_shards,
    shard_of,
    shard_path,
    sidecar_folder,
)
from crawler.sidecar.url_note import UrlNote

DAY = date(2026, 3, 1)
DEAD = UrlNote(VerdictKind.DEAD, "http-404", DAY)
FULL = UrlNote(VerdictKind.MOVED, "moved-permanently", DAY, "https://b.test/ü?a=1&b=2", Size(4, 3))
LAST = '"linkHealth": {"schema": 1}\n}\n'

urls = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
notes = st.builds(
    UrlNote,
    st.sampled_from(VerdictKind),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.none() | st.dates(),
    st.none() | urls,
    st.none() | st.builds(Size, st.integers(1, 99_999), st.integers(1, 99_999)),
)
tables = st.dictionaries(urls.filter(lambda url: url != MARKER), notes, max_size=8)


def test_a_file() -> None:
    assert render_shards({"https://a.test/4": DEAD, "https://a.test/12": FULL}) == {
        shard_of("https://a.test/4"): (
            '{\n"https://a.test/4": {"verdict": "dead", "reason": "http-404", "since": "2026-03-01"},\n'
            + LAST
        ).encode(),
        shard_of("https://a.test/12"): (
            '{\n"https://a.test/12": {"verdict": "moved", "reason": "moved-permanently", '
            '"since": "2026-03-01", "suggestion": "https://b.test/ü?a=1&b=2", '
            '"image": {"width": 4, "height": 3}},\n' + LAST
        ).encode(),
    }


def test_nothing_to_say_is_no_file() -> None:
    assert render_shards({}) == {}


def test_the_shard_is_the_first_digit_of_the_sha256() -> None:
    # printf https://example.com/ | sha256sum
    assert shard_of("https://example.com/") == "0"
    assert {shard_of(f"https://example.com/{number}") for number in range(200)} == set(SHARDS)
    assert shard_path(JEKYLL_FOLDER, "0") == "_data/link-health/0.json"


@pytest.mark.parametrize(
    ("names", "folder"),
    [
        ([], JEKYLL_FOLDER),
        (["_config.yml"], JEKYLL_FOLDER),
        (["hugo.toml"], HUGO_FOLDER),
        (["config.toml"], HUGO_FOLDER),
        (["hugo.yaml", "data/x"], HUGO_FOLDER),
        (["config/_default/hugo.toml"], HUGO_FOLDER),
        # Jekyll's comes first: a config.toml may be another program's.
        (["_config.yml", "config.toml"], JEKYLL_FOLDER),
    ],
)
def test_the_folder_is_the_generators(names: list[str], folder: str, tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert sidecar_folder(tmp_path) == folder


@given(tables)
def test_json_yaml_and_linkhealth_read_the_same_notes(table: dict[str, UrlNote]) -> None:
    found: dict[str, object] = {}
    back: dict[str, UrlNote] = {}
    for shard, data in render_shards(table).items():
        assert is_ours(data)
        loaded = json.loads(data)
        assert loaded == yaml.load(data, yaml.CSafeLoader) == yaml.load(data, yaml.SafeLoader)
        assert loaded.pop(MARKER) == {"schema": 1}
        assert {shard_of(url) for url in loaded} == {shard}
        found |= loaded
        back |= read_shard(data)
    assert back == table
    assert found.keys() == table.keys()


@given(tables, st.randoms(use_true_random=False))
def test_the_same_notes_give_the_same_bytes(table: dict[str, UrlNote], rng: random.Random) -> None:
    items = list(table.items())
    rng.shuffle(items)
    assert render_shards(dict(items)) == render_shards(table)


@given(tables, urls, notes)
def test_a_url_that_comes_is_one_line_of_one_file(
    table: dict[str, UrlNote], url: str, note: UrlNote
) -> None:
    table = {other: note for other, note in table.items() if other != url} | {"x": DEAD}
    before, after = render_shards(table), render_shards(table | {url: note})
    changed = {shard for shard in SHARDS if before.get(shard) != after.get(shard)}
    if url in (MARKER, "x"):
        return
    assert changed == {shard_of(url)}
    (shard,) = changed
    if shard in before:
        lines = lines_of(after[shard])
        (new,) = [line for line in lines if line not in lines_of(before[shard])]
        assert [line for line in lines if line != new] == lines_of(before[shard])


def lines_of(data: bytes) -> list[str]:
    return data.decode().split("\n")


def test_what_no_generator_could_read_is_left_out() -> None:
    fits = "x" * (LONGEST_KEY - 2)
    table = {fits: DEAD, fits + "x": DEAD, MARKER: DEAD, "\x01" * (LONGEST_KEY // 6 + 1): DEAD}
    (data,) = render_shards(table).values()
    assert read_shard(data) == {fits: DEAD}
    assert yaml.load(data, yaml.CSafeLoader).keys() == {fits, MARKER}


def test_a_lone_surrogate_is_replaced() -> None:
    (data,) = render_shards({"https://a.test/\ud800": DEAD}).values()
    assert read_shard(data) == {"https://a.test/\ufffd": DEAD}


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        (LAST, True),
        (LAST.replace("\n", "\r\n"), True),
        ('{\n<<<<<<< HEAD\n"https://a.test/": {},\n' + LAST, True),
        ('{"linkHealth": {"schema": 1}}', False),
        ('{"a": "\\n\\"linkHealth\\": {\\"schema\\": 1}\\n"}', False),
        ("", False),
        ("{}", False),
        ("\x00\xff", False),
    ],
)
def test_what_is_ours_has_our_line(text: str, ours: bool) -> None:
    assert is_ours(text.encode("latin-1")) is ours


def member(**values: object) -> str:
    return json.dumps({"verdict": "dead", "reason": "x", **values})


@pytest.mark.parametrize(
    "value",
    [
        "1", "null", "[]", "{}", '{"verdict": "dead"}', '{"reason": "x"}', '{"verdict": 1, "reason": "x"}',
        member(verdict="lost"), member(verdict=[]), member(reason=1), member(reason="x" * 101),
        member(since=1), member(since="yesterday"), member(suggestion=1), member(image=1), member(image={}),
        member(image={"width": True, "height": 1}), member(image={"width": 0, "height": 1}),
        member(image={"width": 1.5, "height": 1}), member(image={"width": 10**10, "height": 1}),
    ],
)  # fmt: skip
def test_entries_that_cannot_be_read_are_skipped(value: str) -> None:
    data = f'{{"https://a.test/": {value}, "https://b.test/": {member()}}}'.encode()
    assert read_shard(data) == {"https://b.test/": UrlNote(VerdictKind.DEAD, "x")}


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"[]", b"1", b"{", b"[" * 200_000, b'{"a":' * 200_000, b'{"a": 1' + b"0" * 9_000 + b"}"],
)  # fmt: skip
def test_a_broken_file_says_nothing(data: bytes) -> None:
    assert read_shard(data) == {}


def spread(count: int) -> Iterable[str]:
    return (f"https://host{number % 7}.test/story/{number}" for number in range(count))


def test_urls_are_spread_evenly() -> None:
    counts = [
        data.count(b"\n") - 3 for data in render_shards(dict.fromkeys(spread(3200), DEAD)).values()
    ]
    assert sum(counts) == 3200
    assert min(counts) > 120
    assert max(counts) < 280


def test_a_file_of_brackets_is_not_taken_apart() -> None:
    data = b'{"a": [' + b"[]," * 900_000 + b'0],\n"linkHealth": {"schema": 1}\n}\n'
    assert is_ours(data)
    assert read_shard(data) == {}

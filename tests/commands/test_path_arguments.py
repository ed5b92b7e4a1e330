"""Lists of names as programs print them, and PATHs among options (rule K9)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crawler.commands.guard import one_path, paths_in
from crawler.commands.path_arguments import names_in
from crawler.commands.url_argument import url_and_path
from crawler.configuration import ConfigurationError

LISTS: list[tuple[bytes, list[str]]] = [
    (b"", []),
    (b"\n \n\r\n\t\n", []),
    (b'""\n"', ['"']),
    (b"a.md", ["a.md"]),
    (b"a.md\nb c.md\n", ["a.md", "b c.md"]),
    (b"a.md\r\nb.md\r\n", ["a.md", "b.md"]),
    (b" a.md \n", [" a.md "]),
    (b"-rf.md\n--\n-\n", ["-rf.md", "--", "-"]),
    (b"a.md\0b\nc.md\0", ["a.md", "b\nc.md"]),
    (b'"quoted".md\0\0"x"\0', ['"quoted".md', '"x"']),
    (b"a.md\0", ["a.md"]),
    (b'"caf\\303\\251.md"\n', ["café.md"]),
    (b'"a\\nb\\tc\\"d\\\\e.md"\n', ['a\nb\tc"d\\e.md']),
    (b'"\\\\303.md"\n', ["\\303.md"]),
    (b'"\\a\\b\\f\\r\\v.md"\n', ["\a\b\f\r\v.md"]),
    (b'"\\377.md"\n', [os.fsdecode(b"\xff.md")]),
    (b'"half\n', ['"half']),
    (b'"\\x41.md"\n', ["\\x41.md"]),
    ("é.md\n".encode(), ["é.md"]),
    (b"\xff.md\n", [os.fsdecode(b"\xff.md")]),
]


@pytest.mark.parametrize(("data", "names"), LISTS)
def test_names_of_a_list(
    data: bytes, names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert names_in(data) == names


def test_a_file_whose_name_has_quotes_is_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / '"a.md"').touch()
    assert names_in(b'"a.md"\n"b.md"\n') == ['"a.md"', "b.md"]


def test_nothing_behind_two_dashes_is_an_option() -> None:
    assert paths_in(["a", "-", "--", "-x", "--", "b"]) == ["a", "-", "-x", "--", "b"]
    assert one_path(["--", "-x"]) == "-x"
    assert one_path(["--"]) == one_path([]) == "."
    assert url_and_path(["--", "u", "-x"], None) == ("u", "-x")
    assert url_and_path(["u", "--"], "c") == ("u", "c")
    for wrong in (["-x"], ["a", "--x", "--", "b"]):
        with pytest.raises(ConfigurationError, match="unknown option"):
            paths_in(wrong)

"""Every message for a bad configuration, as it is told: messages.golden has what is wrong and what is said.

After a message was changed on purpose `GOLDEN=write pytest tests/configuration/test_messages.py` writes the file anew; read
what has changed in it.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crawler.configuration import FILE_NAME, ConfigurationError, Mistakes, load
from crawler.session.arguments import split

GOLDEN = Path(__file__).with_name("messages.golden")
MODULES = Path(__file__).resolve().parents[2] / "crawler" / "configuration"


@dataclass(slots=True)
class Case:
    """One bad configuration: the lines of the file, flags and variables, and what is told."""

    name: str
    file: list[str] = field(default_factory=list)
    flags: dict[str, str] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        flags = [f"flag {name}={value}" for name, value in self.flags.items()]
        environ = [f"environment {name}={value}" for name, value in self.environ.items()]
        file = [f"| {line}".rstrip() for line in self.file]
        told = [f"> {line}" for line in self.told]
        return "\n".join([f"# {self.name}", *flags, *environ, *file, *told]) + "\n"


def cases() -> Iterator[Case]:
    """The cases of the golden file; `\\xNN` in a line of the file is a byte."""
    case = Case("")
    for line in GOLDEN.read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        match kind:
            case "#":
                if case.name:
                    yield case
                case = Case(rest)
            case "flag" | "environment":
                name, _, value = rest.partition("=")
                (case.flags if kind == "flag" else case.environ)[name] = value
            case "|":
                case.file.append(rest)
            case ">":
                case.told.append(rest)
            case _:
                assert not line, line
    yield case


CASES = list(cases())


def file_of(case: Case) -> bytes:
    """The file of a case."""
    text = "\n".join(case.file) + "\n"
    return re.sub(rb"\\x([0-9a-f]{2})", lambda byte: bytes.fromhex(byte[1].decode()), text.encode())


def told(case: Case, folder: Path) -> list[str]:
    """What is told of a case."""
    if case.file:
        (folder / FILE_NAME).write_bytes(file_of(case))
    mistakes = Mistakes()
    _, flags = split(case.flags, mistakes)
    with mistakes.noting():
        load(folder, flags, case.environ).check_secrets()
    with pytest.raises(ConfigurationError) as caught:
        mistakes.end()
    return list(caught.value.lines)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_told_of_a_bad_configuration(case: Case, tmp_path: Path) -> None:
    found = told(case, tmp_path)
    if os.environ.get("GOLDEN") != "write":
        assert found == case.told
    case.told = found


def test_messages_can_be_printed() -> None:
    lines = [line for case in CASES for line in case.told]
    assert [line for line in lines if not line.isprintable()] == []
    assert [line for line in lines if len(line) > 2_000] == []


def test_cases_have_names_of_their_own() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) > 60


def test_write_anew() -> None:
    """Runs last: what the cases found is in them."""
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text("\n".join(map(str, CASES)), encoding="utf-8")
    assert GOLDEN.read_text(encoding="utf-8") == "\n".join(map(str, CASES))


# ------------------------------------------------------------------------ that it is complete

ELSEWHERE = {
    # What a test of its own has, since no text file can.
    "is a link out of the collection; replace it by a file",
    "is not a regular file; replace it by one",
    "cannot be read ({})",
    "is larger than {} bytes; shorten it",
    "longer than {} characters",
    "a clock's start needs a time zone",
}
CALLS = {"ValueError", "error", "note", "_note", "unknown", "_wrong", "ConfigurationError"}


def templates() -> Iterator[str]:
    """Every message of the room, `{}` for what is put in."""
    for path in sorted(MODULES.glob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                assigned = {
                    node.targets[0].id: node.value
                    for node in ast.walk(function)
                    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
                }
                for node in ast.walk(function):
                    if isinstance(node, ast.Call) and name_of(node.func) in CALLS and node.args:
                        last = node.args[-1]
                        if isinstance(last, ast.Name):
                            last = assigned.get(last.id, last)
                        yield from template(last)


def name_of(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def template(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        yield "".join(map(str, parts))


def test_every_message_of_the_code_is_in_the_golden_file() -> None:
    found = {one for one in templates() if re.search("[a-z]", one.replace("{}", ""))}
    assert len(found) > 40
    assert found >= ELSEWHERE
    lines = [line for case in CASES for line in case.told]
    missing = [
        one
        for one in sorted(found - ELSEWHERE)
        if not any(
            re.search(".*".join(map(re.escape, re.split(r"\{[^}]*\}", one))), line)
            for line in lines
        )
    ]
    assert missing == []

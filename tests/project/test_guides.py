"""What guides say of the code: messages, files, lines that are printed; and the README, a screen for each thing."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from crawler.model.exit_code import ExitCode
from tests.end_to_end.test_examples import CASES

PROJECT = Path(__file__).resolve().parents[2]
SCREEN = (40, 100)
"""Lines and columns."""


def text(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


class Texts(ast.NodeVisitor):
    """Every text of a module, with `…` for what stands in braces."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.found.append(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        parts = [one.value if isinstance(one, ast.Constant) else "…" for one in node.values]
        self.found.append("".join(map(str, parts)))


@cache
def printed() -> str:
    """All texts of the program, one behind the other."""
    texts = Texts()
    for path in sorted((PROJECT / "crawler").rglob("*.py")):
        texts.visit(ast.parse(path.read_text(encoding="utf-8")))
    return "\n".join(texts.found)


def messages() -> list[tuple[str, str]]:
    """Each message of the tables of troubleshooting.md that have an exit code, with that."""
    rows = re.findall(
        r"^\| (`.+?) \| ([0-9]+) \| .+ \|$", text("docs/troubleshooting.md"), re.MULTILINE
    )
    return [
        (message, code) for cell, code in rows for message in re.findall(r"`([^`]+ [^`]+)`", cell)
    ]


def test_the_messages_are_read() -> None:
    assert len(messages()) > 15


@pytest.mark.parametrize(("message", "code"), messages())
def test_a_message_is_printed_so(message: str, code: str) -> None:
    wanted = ".{0,80}".join(map(re.escape, re.split(r" ?… ?", message)))
    assert re.search(wanted, printed()), message
    assert int(code) in list(ExitCode)


def test_a_message_that_nobody_prints_is_missed() -> None:
    assert "no article file in" in printed()
    assert "no articles file in" not in printed()


@pytest.mark.parametrize("name", CASES)
def test_the_page_of_a_generator_says_what_is_read(name: str) -> None:
    assert f"\n    linkhealth: {CASES[name].reads}\n" in text(f"docs/generators/{name}.md")
    assert f"]({name}.md)" in text("docs/generators/README.md")


def test_what_extending_names_is_there() -> None:
    page = text("docs/extending.md")
    named = re.findall(r"`((?:crawler|tests|spiders|pipelines)/[\w/.]*)`", page)
    assert len(named) > 20
    assert [name for name in named if not (PROJECT / name).exists()] == []
    signs = re.findall(r"`(\w+\.py)`", page)
    places = ("crawler/extractors/signs", "tests/labelled_web", "tests/reporting/formats")
    assert [one for one in signs if not any((PROJECT / at / one).is_file() for at in places)] == []
    for name, path in re.findall(r"`(\w+)` (?:in|of|\() ?`([\w/]+\.py)`", page):
        assert re.search(rf"\b{name}\b", text(path)), (name, path)


def test_each_part_of_the_readme_is_a_screen() -> None:
    parts = re.split(r"^## ", text("README.md"), flags=re.MULTILINE)
    assert len(parts) >= 5
    lines, columns = SCREEN
    assert [part.splitlines()[0] for part in parts if len(part.splitlines()) > lines] == []
    assert [line for part in parts for line in part.splitlines() if len(line) > columns] == []

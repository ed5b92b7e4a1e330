"""What a newcomer adds: where that is said, whether it is true, and the examples of the interfaces."""

from __future__ import annotations

import doctest
import re
from importlib import import_module
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
INTERFACES = (
    "crawler.extractors.metadata.field_extractor",
    "crawler.model.role",
    "crawler.reporting.formats.report_format",
    "crawler.rules.article.article_check",
    "crawler.rules.verdict.page_rule",
)
SECTION = (
    (PROJECT / "ARCHITECTURE.md")
    .read_text("utf-8")
    .split("\n## Where to add …\n")[1]
    .split("\n## ")
)[0]
ROWS = [line.strip("|").split("|") for line in SECTION.splitlines() if line.startswith("| ")][1:]


@pytest.mark.parametrize("name", INTERFACES)
def test_the_example_of_an_interface_runs(name: str) -> None:
    module = import_module(name)
    (example,) = doctest.DocTestFinder(recurse=False).find(module, module.__name__)
    assert example.examples
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example).failed == 0


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].strip())
def test_where_to_add_names_what_there_is(row: list[str]) -> None:
    _, what_to_do, files = row
    named = re.findall(r"`([^`]+)`", what_to_do)
    paths = [name for name in named if "/" in name or "." in name]
    assert paths
    assert [path for path in paths if not (PROJECT / path).exists()] == []
    for name, path in re.findall(r"`(\w+)` in `([^`]+)`", what_to_do):
        assert re.search(rf"\b{name}\b", (PROJECT / path).read_text("utf-8")), (name, path)
    assert re.fullmatch(r" \d \+ \d \+ \d ", files)


def test_where_to_add_names_every_interface() -> None:
    told = {name for row in ROWS for name in re.findall(r"`([^`]+\.py)`", row[1])}
    assert {name.replace(".", "/") + ".py" for name in INTERFACES} <= told
    assert len(ROWS) > 10

"""ARCHITECTURE.md is true: its table is that of the folders and of the layers that the linter holds."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "ARCHITECTURE.md").read_text(encoding="utf-8")
SURFACE = ("spiders", "pipelines")
LONGEST = 150
"""Lines of one page."""


def floors() -> list[set[str]]:
    """The rooms of each floor as the page tells them, from the top."""
    rows = re.findall(r"^\| (\d+) \| ([^|]*(?:\\\|[^|]*)*) \|", PAGE, re.MULTILINE)
    numbers = [int(number) for number, _ in rows]
    assert numbers == sorted(numbers, reverse=True)
    return [set(re.findall(r"`([\w.]+)`", rooms)) for _, rooms in rows]


def layers() -> list[set[str]]:
    """The same as import-linter holds them."""
    tools = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    contract = tools["importlinter"]["contracts"][0]
    return [set(re.findall(r"[\w.]+", layer)) for layer in contract["layers"]]


def test_the_page_tells_the_floors_that_the_linter_holds() -> None:
    assert floors()[:-1] == layers()


def test_every_folder_is_a_room_of_the_table() -> None:
    folders = {
        f"crawler.{path.name}"
        for path in (PROJECT / "crawler").iterdir()
        if (path / "__init__.py").is_file()
    }
    loose = {
        f"crawler.{path.stem}"
        for path in (PROJECT / "crawler").glob("*.py")
        if not path.stem.startswith("__")
    }
    assert set().union(*floors()) == {*folders, *loose, *SURFACE}


def test_every_wing_is_named() -> None:
    """A folder of a room with an order of its own, and that order."""
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
    ordered = " ".join(
        layer
        for contract in contracts[1:]
        if contract["type"] == "layers"
        for layer in contract["layers"]
    )
    for room in ("rules", "extractors", "reporting"):
        wings = [
            path.name
            for path in (PROJECT / "crawler" / room).iterdir()
            if (path / "__init__.py").is_file()
        ]
        assert len(wings) >= 2
        for wing in wings:
            assert f"`{wing}`" in PAGE
            assert f"crawler.{room}.{wing}" in ordered


def test_it_is_one_page() -> None:
    assert len(PAGE.splitlines()) <= LONGEST


SAME_NAMES = {
    "amp.py": "the spider of AMP pages; the rules on them",
    "base.py": "what all spiders, and what all pipelines, start from",
    "crawl.py": "the command, by Scrapy's name; the crawl itself",
    "dead_links.py": "a pipeline bears the name of the rule that it applies",
    "errors.py": "of the configuration; of the state",
    "freshness.py": "a pipeline bears the name of the rule that it applies",
    "hosts.py": "the command; the option",
    "image_size.py": "a pipeline bears the name of the rule that it applies",
    "report.py": "the command; the value that it writes",
    "write_back.py": "the pipeline; the operation that it calls",
}
"""Names that two files bear, where the folders make plain which is meant."""


def test_no_file_name_stands_twice_unless_the_folders_tell_which() -> None:
    found: dict[str, list[Path]] = {}
    for package in ("crawler", *SURFACE):
        for path in (PROJECT / package).rglob("*.py"):
            if not path.name.startswith("__"):
                found.setdefault(path.name, []).append(path)
    assert {name for name, paths in found.items() if len(paths) > 1} == SAME_NAMES.keys()


def test_the_spider_is_thin() -> None:
    lines = (PROJECT / "spiders" / "base.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) < 150

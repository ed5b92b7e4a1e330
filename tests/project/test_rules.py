"""docs/rules.md and whoever cites it: every citation names a rule, every rule is cited, every number is the code's."""

from __future__ import annotations

import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest

from crawler.model.check import Size
from crawler.rules.policy import Policy

PROJECT = Path(__file__).resolve().parents[2]
PAGE = "docs/rules.md"

_ROW = re.compile(r'^\| <a id="(\w+)"></a>\*\*(\w+)\*\* \| (.+) \| (.+) \|$', re.MULTILINE)
_ID = r"[A-Z][0-9]{1,2}\b"
_CITATION = re.compile(rf"\b[Rr]ules? ({_ID}(?:(?:, | and | to ){_ID})*)")
_LINK = re.compile(r"(?:rules\.md|\(|\")#([a-z][0-9]{1,2})\b")
_LINE_END = re.compile(r"\s*\n\s*(?:# ?)?")
_FOREIGN = re.compile(r"(?<!`)\b(?:RULE[S]|DESIG[N])\b(?!`)")
"""The founders' pages, which are not in the project. In backticks it is a name of the code."""
_NUMBERS = re.compile(r"^\| `([\w.]+)` \|(?: `([\w./]+)` \|)? (.+?) \| (.+?) \|$", re.MULTILINE)
_SECONDS = {"s": 1, "min": 60, "h": 3_600, "d": 86_400}
_BYTES = {"MB": 1_000_000, "KiB": 1024}


def files() -> Iterator[str]:
    """Every text of the project that may cite a rule, relative to it."""
    for folder in ("crawler", "spiders", "pipelines", "tests", "benchmarks", "scripts", "docs"):
        for path in sorted((PROJECT / folder).rglob("*")):
            if path.suffix in {".py", ".md", ".j2", ".toml", ".yml", ".sh", ".css", ".js"}:
                yield path.relative_to(PROJECT).as_posix()
    yield from ("Makefile", "scrapy.cfg", "pyproject.toml")
    yield from (path.name for path in sorted(PROJECT.glob("*.md")))


def text(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def prose(name: str) -> str:
    """What a file says to people: of a program its comments and strings."""
    whole = text(name)
    if not name.endswith(".py"):
        return whole
    tokens = tokenize.generate_tokens(io.StringIO(whole).readline)
    names = ("COMMENT", "STRING", "FSTRING_MIDDLE", "TSTRING_MIDDLE")
    return "\n".join(one.string for one in tokens if tokenize.tok_name[one.type] in names)


def cited(name: str) -> set[str]:
    """The ids that a file cites, in words or by a link. Of `rules O3 to O9` the two that are named."""
    whole = text(name)
    in_words = _CITATION.findall(_LINE_END.sub(" ", whole))
    found = {rule for words in in_words for rule in re.findall(_ID, words)}
    return found | {anchor.upper() for anchor in _LINK.findall(whole)}


def rows() -> list[tuple[str, str, str, str]]:
    """Anchor, id, what holds and source of every rule."""
    return _ROW.findall(text(PAGE))


RULES_BY_ID = {rule: holds for _, rule, holds, _ in rows()}
TREE = list(files())
"""Every file that is read; a test says that it is the whole project."""


def test_the_page_is_read_and_so_is_the_tree() -> None:
    assert len(RULES_BY_ID) > 100
    assert {PAGE, "README.md", "crawler/rules/policy.py", "tests/project/test_rules.py"} <= set(
        TREE
    )
    assert cited("crawler/rules/policy.py")


def test_every_rule_has_an_id_and_an_anchor_of_its_own_and_a_source() -> None:
    found = rows()
    assert [anchor for anchor, rule, _, _ in found if anchor != rule.lower()] == []
    counts = Counter(re.findall(r'<a id="(\w+)">', text(PAGE)))
    assert [anchor for anchor, count in counts.items() if count > 1] == []
    assert sorted(counts) == sorted(anchor for anchor, _, _, _ in found)
    assert [
        rule for _, rule, holds, source in found if not holds.strip() or not source.strip()
    ] == []
    # Numbers go on without a gap, so that nobody looks for a rule that never was.
    numbers: dict[str, list[int]] = {}
    for rule in RULES_BY_ID:
        numbers.setdefault(rule[0], []).append(int(rule[1:]))
    assert [one for one, all_ in numbers.items() if all_ != list(range(1, len(all_) + 1))] == []


def test_every_group_is_in_the_contents() -> None:
    listed = re.findall(r"^- \*\*([A-Z])\*\* \[(.+?)\]\(#", text(PAGE), re.MULTILINE)
    headings = re.findall(r"^## (.+)$", text(PAGE), re.MULTILINE)
    assert [letter for letter, _ in listed] == list(dict.fromkeys(rule[0] for rule in RULES_BY_ID))
    assert [title for _, title in listed] == headings[1:-2]


def test_the_page_names_no_rule_that_it_has_not() -> None:
    groups = {rule[0] for rule in RULES_BY_ID}
    named = {one for one in re.findall(rf"\b{_ID}", text(PAGE)) if one[0] in groups}
    assert named - RULES_BY_ID.keys() == set()


def test_every_citation_names_a_rule() -> None:
    dead = {name: found for name in TREE if (found := cited(name) - RULES_BY_ID.keys())}
    assert dead == {}


def test_every_rule_is_cited_by_code() -> None:
    code = set().union(*(cited(name) for name in TREE if name.startswith("crawler/")))
    assert sorted(RULES_BY_ID.keys() - code) == []


def test_nothing_cites_pages_that_are_not_in_the_project() -> None:
    assert [name for name in TREE if _FOREIGN.search(prose(name))] == []


# numbers -------------------------------------------------------------------------------------


def plain(value: object) -> object:
    """A number of the code as `read` gives it: seconds, fractions, pairs of pixels."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Size):
        return (value.width, value.height)
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    return value


def read(words: str) -> object:
    """A number as the page writes it."""
    if words == "off":
        return None
    if ": " in words:
        pairs = (one.removeprefix("under ").split(": ") for one in words.split("; "))
        return tuple((read(bound), read(value)) for bound, value in pairs)
    if ", " in words:
        return tuple(map(read, words.split(", ")))
    if pixels := re.fullmatch(r"(\d+)x(\d+)", words):
        return (int(pixels[1]), int(pixels[2]))
    parts = re.findall(r"([\d.,]+)(?: (%|[A-Za-z]+))?", words)
    assert " ".join(f"{number} {unit}".strip() for number, unit in parts) == words, words
    total = 0.0
    for digits, unit in parts:
        number = float(digits.replace(",", ""))
        if unit == "%":
            return number / 100
        total += number * (_SECONDS | _BYTES | {"": 1})[unit]
    return total


def numbers(heading: str) -> list[tuple[str, str, str, list[str]]]:
    """Name, folder, value and rules of the rows below a heading."""
    part = text(PAGE).split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [
        (name, at, value, rules.split(", ")) for name, at, value, rules in _NUMBERS.findall(part)
    ]


POLICY = numbers("Numbers of the policy")
OTHERS = numbers("Other numbers")


def policy_fields() -> dict[str, object]:
    """Every number of the policy; lists that only a configuration fills are none."""
    found: dict[str, object] = {}
    for part in Policy.__dataclass_fields__:
        value = getattr(Policy(), part)
        fields = getattr(type(value), "__dataclass_fields__", None)
        if fields is None:
            found[part] = value
        else:
            found |= {f"{part}.{name}": getattr(value, name) for name in fields}
    return {
        name: value
        for name, value in found.items()
        if name not in {"write_back", "freshness.ages", "images.levels", "priority.fields"}
    }


def constant(name: str, at: str) -> object:
    """The value of a module's constant, which is defined once in the folder `at`, or in that file."""
    place = PROJECT / at
    modules = [place] if place.is_file() else sorted(place.rglob("*.py"))
    defined = re.compile(rf"^{name}\b[^=\n]*= ", re.MULTILINE)
    found = [one for one in modules if defined.search(one.read_text(encoding="utf-8"))]
    assert len(found) == 1, f"{name} is defined in {len(found)} modules of {at}"
    parts = found[0].relative_to(PROJECT).with_suffix("").parts
    return getattr(import_module(".".join(parts).removesuffix(".__init__")), name)


def test_the_page_has_every_number_of_the_policy() -> None:
    assert [name for name, _, _, _ in POLICY] == list(policy_fields())


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, _, value, _ in POLICY])
def test_a_number_of_the_policy_is_the_codes(name: str, value: str) -> None:
    assert read(value) == plain(policy_fields()[name])


@pytest.mark.parametrize(("name", "at", "value"), [row[:3] for row in OTHERS])
def test_another_number_is_the_codes(name: str, at: str, value: str) -> None:
    assert read(value) == plain(constant(name, at))


@pytest.mark.parametrize(("name", "at", "value", "rules"), POLICY + OTHERS)
def test_the_rules_say_their_numbers_in_the_same_words(
    name: str, at: str, value: str, rules: list[str]
) -> None:
    del name, at
    said = re.compile(rf"(?<![\w.,]){re.escape(value)}(?!\w)")
    assert [rule for rule in rules if not said.search(RULES_BY_ID[rule])] == []

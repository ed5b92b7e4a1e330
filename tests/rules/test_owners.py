"""Owners (rule Q6): globs of the configuration, and CODEOWNERS as GitHub reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.rules.owners import (
    LONGEST_OWNER,
    MOST_OWNERS,
    MOST_RULES,
    CodeOwners,
    GlobOwners,
    OwnerRule,
)


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        # The examples of GitHub's page.
        ("*", "a.md", True),
        ("*", "docs/deep/a.md", True),
        ("*.js", "src/app.js", True),
        ("*.js", "src/app.jsx", False),
        ("/build/logs/", "build/logs/a", True),
        ("/build/logs/", "build/logs/deep/a", True),
        ("/build/logs/", "other/build/logs/a", False),
        ("docs/*", "docs/getting-started.md", True),
        ("docs/*", "docs/build-app/troubleshooting.md", False),
        ("apps/", "apps/a", True),
        ("apps/", "deep/apps/inner/a", True),
        ("apps/", "apps", False),
        ("/docs/", "docs/a.md", True),
        ("/docs/", "other/docs/a.md", False),
        ("/scripts/", "scripts/a", True),
        ("**/logs", "build/logs/a", True),
        ("**/logs", "logs", True),
        ("**/logs", "deeply/nested/logs/inner/a", True),
        ("**/logs", "catalogs/a", False),
        ("/apps/github", "apps/github/a.md", True),
        ("/apps/github", "apps/github", True),
        ("/apps/github", "apps/githubs", False),
        # And what follows from gitignore's page.
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a/**/b", "x/a/b", False),
        ("a/**", "a/b/c", True),
        ("a/**", "a", False),
        ("**", "a/b", True),
        ("/", "a", False),
        ("//", "a", False),
        ("/*", "a.md", True),
        ("/*", "docs/a.md", False),
        ("a/*/c", "a/b/c/d", True),
        ("a/*/c", "a/b/b/c", False),
        ("a?c.md", "abc.md", True),
        ("a?c.md", "a/c.md", False),
        ("README.md", "docs/README.md", True),
        ("readme.md", "README.md", False),
        ("a/b", "x/a/b", False),
        (r"with\ space/", "with space/a.md", True),
    ],
)
def test_patterns_match_as_on_github(pattern: str, path: str, matches: bool) -> None:
    assert CodeOwners(f"{pattern} @me").of(path) == (("@me",) if matches else ())


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("* @a\n*.md @b", ("@b",)),
        ("*.md @b\n* @a", ("@a",)),
        ("* @a\n*.md", ()),
        ("*.md @a @org/team  docs@example.com", ("@a", "@org/team", "docs@example.com")),
        ("*.md @a @a", ("@a",)),
        ("*.md @a #inline @b", ("@a",)),
        ("# *.md @a\n\n   \n", ()),
        ("\ufeff*.md @a\r\n", ("@a",)),
        ("  *.md\t@a", ("@a",)),
        # Skipped, as GitHub does: no owner, negation, range, an escaped `#`.
        ("*.md @a\n*.md nobody", ("@a",)),
        ("*.md @a\n!x.md @b", ("@a",)),
        ("*.md @a\n[xyz].md @b", ("@a",)),
        ("*.md @a\nx[.]md @b", ("@a",)),
        ("*.md @a\n\\#x.md @b", ("@a",)),
        ("*.md @a\n[Section] @b", ("@a",)),
        ("\\", ()),
        ("", ()),
    ],
)
def test_the_last_line_that_matches_counts(text: str, owners: tuple[str, ...]) -> None:
    assert CodeOwners(text).of("x.md") == owners


def test_paths_are_those_of_the_repository() -> None:
    owners = CodeOwners("/content/news/ @news\n/news/ @other", "content")
    assert owners.of("news/a.md") == ("@news",)
    assert owners.of("a.md") == ()


def test_a_file_of_more_lines_than_are_read_names_nobody() -> None:
    most = "x @a\n" * (MOST_RULES - 1)
    assert CodeOwners(f"{most}*.md @b").of("x.md") == ("@b",)
    assert CodeOwners(f"{most}y @a\n*.md @b").of("x.md") == ()


def test_names_are_bounded() -> None:
    many = " ".join(f"@a{number}" for number in range(MOST_OWNERS + 5))
    assert len(CodeOwners(f"* {many}").of("x")) == MOST_OWNERS
    (long,) = CodeOwners(f"* @{'a' * 1000}").of("x")
    assert len(long) == LONGEST_OWNER


def test_of_the_configurations_rules_the_first_counts() -> None:
    owners = GlobOwners((OwnerRule("news", ("Ada",)), OwnerRule("*.md", ("Bob", "Cy"))))
    assert owners.of("news/a.md") == ("Ada",)
    assert owners.of("deep/a.md") == ("Bob", "Cy")
    assert owners.of("deep/a.txt") == ()


def test_a_pattern_of_many_stars_takes_no_longer_than_its_length_times_the_paths() -> None:
    pattern = "/".join(["**", "*a*" * 30] * 60)
    path = "/".join(["a" * 50] * 200) + "/b"
    assert CodeOwners(f"/{pattern}/c @a").of(path) == ()


names = st.text(st.sampled_from("ab.*?[]!#\\@ é\u202e"), min_size=1, max_size=8)
paths = st.lists(names.filter(lambda name: "/" not in name), min_size=1, max_size=4).map("/".join)


@given(st.text(), paths)
def test_any_text_is_read(text: str, path: str) -> None:
    assert isinstance(CodeOwners(text).of(path), tuple)


plain = st.text(st.sampled_from("abc.é-"), min_size=1, max_size=4)


@given(st.lists(plain, min_size=1, max_size=4), st.lists(plain, min_size=1, max_size=3))
def test_a_path_matches_itself_and_everything_below_it(parts: list[str], below: list[str]) -> None:
    owners = CodeOwners(f"/{'/'.join(parts)} @me")
    assert owners.of("/".join(parts)) == ("@me",)
    assert owners.of("/".join((*parts, *below))) == ("@me",)
    assert owners.of("/".join(("z", *parts))) == () or parts[0] == "z"


def test_naughty_strings_are_read_as_lines_and_as_paths(shared: Path) -> None:
    strings = json.loads((shared / "suites" / "blns.json").read_text("utf-8"))
    text = "\n".join(f"{one} @a" for one in strings)
    owners = CodeOwners(f"*.md @b\n{text}")
    for one in strings:
        assert set(owners.of(f"{one}.md")) <= {"@a", "@b"}
        assert set(GlobOwners((OwnerRule(one, ("x",)),)).of(f"{one}.md")) <= {"x"}

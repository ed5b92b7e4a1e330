"""Groups of articles, and the names of their folders (rule Q7)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.article_labels import ArticleLabels, LabelledArticle
from crawler.model.provider import Provider
from crawler.rules.grouping import (
    LONGEST_FOLDER,
    NO_GROUP,
    GroupBy,
    folder_names,
    groups_of,
)
from crawler.rules.owners import GlobOwners, OwnerRule

OWNERS = GlobOwners((OwnerRule("_news", ("Ada", "Bob")),))
FULL = LabelledArticle(
    "_news/2026/a.md",
    listed=True,
    labels=ArticleLabels(topics=("AI", "Cloud"), authors=("Cy",)),
    provider=Provider("The Times", "times.example"),
)
BARE = LabelledArticle("a.md", listed=True)


@pytest.mark.parametrize(
    ("article", "by", "groups"),
    [
        (FULL, GroupBy.PATH, ("_news/2026",)),
        (FULL, GroupBy.TOPIC, ("AI", "Cloud")),
        (FULL, GroupBy.PROVIDER, ("The Times",)),
        (FULL, GroupBy.AUTHOR, ("Cy",)),
        (FULL, GroupBy.OWNER, ("Ada", "Bob")),
        (BARE, GroupBy.PATH, (".",)),
        (BARE, GroupBy.TOPIC, (NO_GROUP,)),
        (BARE, GroupBy.PROVIDER, (NO_GROUP,)),
        (BARE, GroupBy.AUTHOR, ("Di", "Ed")),
        (BARE, GroupBy.OWNER, (NO_GROUP,)),
        (LabelledArticle("a.md", True, provider=Provider()), GroupBy.PROVIDER, (NO_GROUP,)),
        (
            LabelledArticle("a.md", True, provider=Provider(None, "x.example")),
            GroupBy.PROVIDER,
            ("x.example",),
        ),
    ],
)
def test_groups_of_an_article(
    article: LabelledArticle, by: GroupBy, groups: tuple[str, ...]
) -> None:
    assert groups_of(article, by, OWNERS, ("Di", "Ed", "Di")) == groups


@pytest.mark.parametrize(
    ("groups", "names"),
    [
        (["AI"], ["ai"]),
        (["AI", "Ai", "ai"], ["ai", "ai-2", "ai-3"]),
        (["a", "a-2", "A"], ["a-2", "a-2-2", "a"]),  # `A` sorts first
        (["Natural Language Processing"], ["natural-language-processing"]),
        (["Bücher & Zeitung"], ["bucher-zeitung"]),
        (["新闻", "../../etc"], ["group", "etc"]),
        (["新闻", "記事"], ["group", "group-2"]),
        (["con", "COM1"], ["group-con", "group-com1"]),
        (["none", NO_GROUP], ["group-none", "none"]),
        ([".", "..", "/"], ["group", "group-2", "group-3"]),
        (["a/b", "a\\b"], ["a-b", "a-b-2"]),
        (["x" * 100], ["x" * LONGEST_FOLDER]),
    ],
)
def test_names_of_folders(groups: list[str], names: list[str]) -> None:
    found = folder_names(groups)
    assert [found[group] for group in groups] == names
    assert folder_names(reversed(groups)) == found


PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def check(groups: list[str]) -> None:
    found = folder_names(groups)
    assert set(found) == set(groups)
    assert len(set(found.values())) == len(found)
    for name in found.values():
        assert PLAIN.fullmatch(name)
        assert len(name) < LONGEST_FOLDER + 20


@given(st.lists(st.text() | st.text(st.sampled_from("aA-2./\\ \u202eé"), max_size=4)))
def test_any_names_give_plain_and_different_folders(groups: list[str]) -> None:
    check(groups)


def test_naughty_strings_give_plain_and_different_folders(shared: Path) -> None:
    check(json.loads((shared / "suites" / "blns.json").read_text("utf-8")))

"""`stale_after:` of `.linkhealth.yml`: limits by folder, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from crawler.configuration import FILE_NAME, ConfigurationError, load
from crawler.rules.policy import AgeRule, FreshnessPolicy

FULL = """\
stale_after_days: 1825
stale_after:
  _news: 365
  ./_reviews/archive/: Never
  "*-guide.md": 730
"""
PROFILES = """\
stale_after: {_news: 365}
profiles:
  strict:
    stale_after_days: 10
    stale_after: {_news: 5, _reviews: 30}
"""
NEWS = AgeRule("_news", timedelta(days=365))


def loaded(folder: Path, text: str, **flags: str) -> FreshnessPolicy:
    (folder / FILE_NAME).write_text(text)
    return load(folder, flags, {}).policy.freshness


def test_limits_stand_in_the_order_of_the_file(tmp_path: Path) -> None:
    assert loaded(tmp_path, FULL) == FreshnessPolicy(
        timedelta(days=1825),
        (NEWS, AgeRule("_reviews/archive", None), AgeRule("*-guide.md", timedelta(days=730))),
    )


def test_a_profiles_limits_come_after_the_files(tmp_path: Path) -> None:
    assert loaded(tmp_path, PROFILES) == FreshnessPolicy(None, (NEWS,))
    strict = loaded(tmp_path, PROFILES, profile="strict")
    reviews = AgeRule("_reviews", timedelta(days=30))
    assert strict == FreshnessPolicy(
        timedelta(days=10), (NEWS, AgeRule("_news", timedelta(days=5)), reviews)
    )


def test_a_limit_of_the_file_counts_for_more_than_the_flag_for_all(tmp_path: Path) -> None:
    policy = loaded(tmp_path, FULL, stale_after_days="7")
    assert policy.limit("_news/a.md") == timedelta(days=365)
    assert policy.limit("_reviews/a.md") == timedelta(days=7)


@pytest.mark.parametrize(
    "text", ["", "stale_after:\n", "stale_after: {}\n", "profiles: {a: {stale_after: }}\n"]
)
def test_nothing_is_stale_unless_somebody_says_so(tmp_path: Path, text: str) -> None:
    """Rule F8: off by default."""
    assert loaded(tmp_path, text) == FreshnessPolicy(None, ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("stale_after: 365\n", ":1: stale_after must hold files or folders with their days below"),
        ("stale_after: 365\n", "one limit for all articles is stale_after_days"),
        ("stale_after: [_news]\n", ":1: stale_after must hold files or folders"),
        ("stale_after:\n  _news:\n", ":2: '_news': '' is not a whole number from 1 to 36500, nor never"),
        ("stale_after:\n  _news: 0\n", ":2: '_news': '0' is not a whole number from 1 to 36500, nor never"),
        ("stale_after:\n  _news: a year\n", ":2: '_news': 'a year' is not a whole number"),
        ("stale_after:\n  _news: [1]\n", ":2: '_news' takes one number of days"),
        ("stale_after:\n  _news: {days: 1}\n", ":2: '_news' takes one number of days"),
        ("stale_after:\n  /: 1\n", ":2: '/' is not a file, a folder or a glob"),
        ("stale_after:\n  _news: 1\n  _news: 2\n", ":3: '_news' stands twice"),
        ("stale_after:\n  *.md: 1\n", "quote a name that begins with *"),
        ("profiles:\n  p:\n    stale_after:\n      _news: x\n", ":4: '_news': 'x' is not"),
    ],
)  # fmt: skip
def test_a_wrong_limit_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, text)
    assert message in str(caught.value)

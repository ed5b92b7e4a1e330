"""`owners:` of `.linkhealth.yml`: globs with names, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.configuration import FILE_NAME, ConfigurationError, load
from crawler.rules.owners import LONGEST_OWNER, OwnerRule

TEXT = """\
owners:
  ./_news/2019-*: Archive
  /_news/: [Ada, news@example.com, Ada]
  "*-guide.md": "@example/guides"
  drafts:
profiles:
  more:
    owners: {reviews: Bob}
"""


def loaded(folder: Path, text: str, **flags: str) -> tuple[OwnerRule, ...]:
    (folder / FILE_NAME).write_text(text)
    return load(folder, flags, {}).owners


def test_owners_are_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    own = (
        OwnerRule("_news/2019-*", ("Archive",)),
        OwnerRule("_news", ("Ada", "news@example.com")),
        OwnerRule("*-guide.md", ("@example/guides",)),
        OwnerRule("drafts", ()),
    )
    assert loaded(tmp_path, TEXT) == own
    assert loaded(tmp_path, TEXT, profile="more") == (*own, OwnerRule("reviews", ("Bob",)))
    assert loaded(tmp_path, "owners:\n") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("owners: Ada", ":1: owners must hold files or folders with their owners below"),
        ("owners:\n  /: Ada", ":2: '/' is not a file, a folder or a glob of some"),
        ("owners:\n  a: {b: c}", ":2: 'a' takes a name, or a list of names"),
        (
            'owners:\n  a: "x\\ty"',
            f":2: 'x\\ty' is not a name of at most {LONGEST_OWNER} characters",
        ),
        (
            "owners:\n  a: [" + "n, " * 3 + ", ".join("abcdefghijklmnopqrstuvwxyz") + "]",
            ":2: 'a' has more than 20 owners",
        ),
    ],
)
def test_mistakes_name_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        loaded(tmp_path, text)
    assert str(error.value) == FILE_NAME + message
    with pytest.raises(ConfigurationError, match="is not a name of at most"):
        loaded(tmp_path, f"owners: {{a: {'x' * (LONGEST_OWNER + 1)}}}")

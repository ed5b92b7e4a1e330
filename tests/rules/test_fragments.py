"""Rule E5: a new address keeps the fragment of the old one."""

from __future__ import annotations

import pytest

from crawler.rules.fragments import inherited

NEW = "https://news.example/new"


@pytest.mark.parametrize(
    ("new", "old", "whole"),
    [
        (NEW, "https://news.example/old", NEW),
        (NEW, "https://news.example/old#part", f"{NEW}#part"),
        (NEW, " https://news.example/old#part \n", f"{NEW}#part"),
        (NEW, "https://news.example/old#", NEW),
        (NEW, "https://news.example/old#a#b", f"{NEW}#a#b"),
        (NEW, "https://news.example/old#übersicht 2", f"{NEW}#übersicht 2"),
        (NEW, "/old#part", f"{NEW}#part"),
        (NEW, "", NEW),
        (f"{NEW}#theirs", "https://news.example/old#part", f"{NEW}#theirs"),
        (f"{NEW}#", "https://news.example/old#part", f"{NEW}#"),
        (f"{NEW}?a=1", "https://news.example/old#:~:text=pier", f"{NEW}?a=1#:~:text=pier"),
    ],
)
def test_the_fragment_is_inherited(new: str, old: str, whole: str) -> None:
    assert inherited(new, old) == whole

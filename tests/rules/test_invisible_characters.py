from __future__ import annotations

import pytest

from crawler.rules.invisible_characters import has_invisible_characters, without_invisible_ends


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\u200b", "a"),
        ("\ufeffa", "a"),
        ("a\u00a0", "a"),
        ("a \u200b\u00a0\n", "a"),
        ("\u202aa\u202c", "a"),
        ("a\u00ad", "a"),
        ("a\u2060b", "a\u2060b"),
        ("a b", "a b"),
        ("\u2764\ufe0f", "\u2764\ufe0f"),
        ("\U0001f3f4\U000e0067\U000e007f", "\U0001f3f4\U000e0067\U000e007f"),
        ("\u200b\u00a0", ""),
        ("", ""),
    ],
)
def test_the_ends_are_cleaned(text: str, cleaned: str) -> None:
    assert without_invisible_ends(text) == cleaned


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("https://a.test/x\u200b", True),
        ("\ufeffhttps://a.test/x", True),
        ("https://a.test/x%E2%80%8B", True),
        ("https://a.test/x%ef%bb%bf ", True),
        ("https://a.test/\u200bx", True),
        ("https://a.test/x", False),
        ("https://a.test/%E2%80%8Bx", False),
        ("https://a.test/x%E2%80%A6", False),
        ("https://a.test/x ", False),
        # A joiner inside a word is a letter of some scripts; an emoji ends with a variation selector.
        ("https://a.test/\u0646\u200c\u0645", False),
        ("https://a.test/\u2764\ufe0f", False),
    ],
)
def test_unseen_characters_are_found(text: str, has: bool) -> None:
    assert has_invisible_characters(text) is has

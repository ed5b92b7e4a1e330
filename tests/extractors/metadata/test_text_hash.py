"""The content hash (rule F7): numbers are one and the same in it, in every script."""

from __future__ import annotations

import re
import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.metadata.text_hash import content_hash

DIGITS = [
    chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Nd"
]


def test_digits_of_every_script_are_one_number() -> None:
    expected = content_hash("", "a 0 b", None)
    assert [one for one in DIGITS if content_hash("", f"a {one}{one} b", None) != expected] == []


@given(st.text(st.sampled_from("a 0123é“٣३𝟗²中"), max_size=30))
def test_a_number_of_any_length_counts_as_one_digit(text: str) -> None:
    assert content_hash("", text, None) == content_hash("", re.sub(r"\d+", "7", text), None)

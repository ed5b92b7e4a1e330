"""The parts of a file of the collection (rule K8)."""

from __future__ import annotations

import time

import pytest

from crawler.content.own_anchors import anchors_in
from crawler.rules.anchors import has_part

TEXT = """\
---
title: x
---
# The first *heading*

Second heading
--------------

## With a [link](https://a.test/) in it
### Named {#my-name}
#### Marked {: #other .x}

<a name="old"></a> <span id='new'>x</span>
A note[^1].

[^1]: Words.
| a | b |
|---|---|
"""


@pytest.mark.parametrize(
    ("part", "is_there"),
    [
        ("the-first-heading", True),
        ("second-heading", True),
        ("with-a-link-in-it", True),
        ("my-name", True),
        ("named", True),
        ("other", True),
        ("old", True),
        ("new", True),
        ("fn:1", True),
        ("fnref-1", True),
        ("third-heading", False),
        ("words", False),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_headings_and_ids(part: str, is_there: bool, newline: str) -> None:
    found = anchors_in(TEXT.replace("\n", newline).encode())
    assert has_part(found, part) is is_there
    assert not found.is_scripted


def test_a_template_may_add_parts() -> None:
    assert anchors_in(b"# A\n{% include parts.html %}\n").is_scripted
    assert anchors_in(b"{{ toc }}\n").is_scripted


@pytest.mark.parametrize(
    "text",
    [
        "# " * 300_000,
        "#" * 900_000,
        "id=" * 300_000,
        "{#" * 400_000,
        "[^" * 400_000,
        "](" * 400_000,
        "a\n" * 400_000,
    ],
)
def test_a_hostile_text_costs_little(text: str) -> None:
    begun = time.process_time()
    anchors_in(text.encode())
    assert time.process_time() - begun < 5

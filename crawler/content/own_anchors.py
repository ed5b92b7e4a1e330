"""The parts of a file of the collection, which links name: ids, and headings whose ids the generator makes (rule K8).

How a generator spells the id of a heading depends on its version and its settings, so headings count by their letters and
digits alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from crawler.model.observation import Anchors
from crawler.rules.anchors import marks_of

LARGEST_READ: Final = 1_000_000
"""Bytes of a file that are read for its parts."""
_MOST: Final = 5_000
_HEADING = re.compile(
    r"^ {0,3}#{1,6}[ \t]+([^\n]{1,500})|^([^\n#>\-=][^\n]{0,500})\n(?:=+|-+)[ \t]*$", re.MULTILINE
)
_ID = re.compile(
    r"(?:\bid|\bname)\s*=\s*[\"']?([^\s\"'>]{1,300})|\{:?[^{}\n]{0,200}?#([\w.:-]{1,300})",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,100})\]")
_TARGET = re.compile(r"\]\([^()\n]{0,1000}\)|\{[^{}\n]{0,200}\}\s*$")
_TEMPLATE = re.compile(r"\{[{%]")


def anchors_in(data: bytes) -> Anchors:
    """The parts of a Markdown or HTML file; where a template may add others it is as with a script on a page."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    headings = (one or two for one, two in islice(_HEADING.findall(text), _MOST))
    return Anchors(
        marks_of(_names(text), (_TARGET.sub("", heading) for heading in headings)),
        is_scripted=_TEMPLATE.search(text) is not None,
    )


def _names(text: str) -> Iterator[str]:
    yield from (one or two for one, two in islice(_ID.findall(text), _MOST))
    for note in dict.fromkeys(islice(_FOOTNOTE.findall(text), _MOST)):
        yield from (f"{kind}{sign}{note}" for kind in ("fn", "fnref") for sign in (":", "-"))

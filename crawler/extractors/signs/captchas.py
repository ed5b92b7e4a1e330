"""Captchas: a page that asks nothing but whether its reader is a person (rule V4)."""

from __future__ import annotations

import re

from crawler.extractors.html.document import Document
from crawler.extractors.html.folding import fold
from crawler.extractors.signs.captcha_markers import captcha_in, shows_captcha
from crawler.extractors.signs.gates import asks_to_wait, asks_who
from crawler.extractors.signs.not_found import says_not_found
from crawler.extractors.signs.page_shape import Shape

_MOST_BESIDE = 500
"""Visible characters under which a page consists of its captcha."""

_MOST_WITH_HEADING = 300
"""The same of a page with a heading: an article about captchas has more."""

_MOST_FIELDS = 1
"""Fields of a form beside the captcha. A contact form, a log-in and a comment box have more, or a large one."""

_LONGEST_HEADING = 90
_SOURCE = re.compile(r"^src=", re.MULTILINE)


def evidence(document: Document, shape: Shape) -> str | None:
    """The captcha that a page consists of, None where it has none or something of its own.

    A script without its box counts only where the page says what it is for, or has nothing else at all: such scripts
    watch ordinary pages too, those that an application builds among them.
    """
    vendor = captcha_in(shape.machinery)
    if vendor is None or len(shape.text) >= _MOST_BESIDE or shape.fields > _MOST_FIELDS:
        return None
    headings = (*document.headings, *document.subheadings())
    if headings and len(shape.text) >= _MOST_WITH_HEADING:
        return None
    if says_not_found(document.title) or not all(_is_challenge(one, document) for one in headings):
        return None
    speaks = asks_who(document.title) or asks_who(shape.text) or asks_to_wait(shape.text)
    if not speaks and (shape.has_mount or not _has_nothing_else(shape)):
        return None
    return f"{vendor} and nothing else"


def _has_nothing_else(shape: Shape) -> bool:
    if shape.fields:
        return False
    return shows_captcha(shape.machinery) or len(_SOURCE.findall(shape.machinery)) <= 1


def _is_challenge(heading: str, document: Document) -> bool:
    """Whether a heading belongs to the challenge: its words, or the site's own name."""
    if len(heading) > _LONGEST_HEADING:
        return False
    return (
        asks_who(heading)
        or asks_to_wait(heading)
        or document.host in (fold(heading), f"www.{fold(heading)}")
    )

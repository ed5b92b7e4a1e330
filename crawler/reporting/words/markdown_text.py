"""Outside text in Markdown: as code, in which nothing is read as markup, mention, reference or emoji."""

from __future__ import annotations

import re

from crawler.reporting.words.escaping import printable, web_href

_BACKTICKS = re.compile("`+")
_IN_TARGET = str.maketrans({"<": "%3C", ">": "%3E", "`": "%60", "|": "%7C", "&": "&amp;"})
"""What would end a target in angle brackets, begin code, split a table, or be read as a character reference."""


def code(text: str, limit: int) -> str:
    """`text` as a code span (CommonMark 0.31, 6.1), at most `limit` characters of it. It stays on one line.

    A backslash that is escaped would double inside of code, so nothing else can be used: forges look for `@names`,
    `#123` and addresses in every other text, even where the characters are escaped.
    """
    shown = printable(text, limit)
    if not shown:
        return "(empty)"
    longest = max((len(run) for run in _BACKTICKS.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    # One space at each side is taken off again where both are there, unless there is nothing else.
    is_padded = not shown.isspace() and (shown[0] in "` " or shown[-1] in "` ")
    return f"{fence} {shown} {fence}" if is_padded else f"{fence}{shown}{fence}"


def web_link(url: str, limit: int) -> str:
    """A URL as code that is a link where it may be one (`web_href`)."""
    target = web_href(url)
    shown = code(url, limit)
    return shown if target is None else f"[{shown}](<{target.translate(_IN_TARGET)}>)"

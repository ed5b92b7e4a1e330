"""Outside text made safe to show: in a terminal, in a spreadsheet cell, behind a link.

Stored data and `report.json` are not escaped; only text that a person looks at is.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

_SHOWN_CATEGORIES = frozenset("LMNPS")
_JOINERS = "\u200c\u200d"
"""Zero-width joiners: emoji and several scripts cannot be written without them."""

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""The beginnings that make a spreadsheet evaluate a cell (OWASP, "CSV Injection"), after any apostrophes."""
CELL_LIMIT = 32_000
"""Characters in one cell; Excel breaks a row at 32,767."""
CELL_CUT = "… (cut)"

HREF_LIMIT = 4_000
"""A longer URL is shown as text, not as a link: browsers and servers reject it anyway."""


def printable(text: str, limit: int | None = None) -> str:
    r"""`text` as one line that cannot move the cursor, set colours or reorder letters.

    Control characters, ANSI escapes, line separators, bidi controls, invisible format characters
    and lone surrogates become visible escapes (`\x1b`, `\u202e`). At most `limit` characters of
    `text` are shown, the rest as one ellipsis.
    """
    if limit is not None and len(text) > limit:
        text = text[:limit] + "…"
    if text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    """One character, or the escape that stands for it."""
    category = unicodedata.category(character)
    if category[0] in _SHOWN_CATEGORIES or category == "Zs" or character in _JOINERS:
        return character
    return character.encode("unicode_escape").decode("ascii")


def web_href(url: str | None) -> str | None:
    """`url` if it is safe as the target of a link: a plain http or https URL. None for anything else.

    A refused URL is still shown as text, so that an editor sees what is wrong.
    """
    if not url or len(url) > HREF_LIMIT or not url.isprintable() or " " in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what finds a bad port
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def csv_cell(text: str) -> str:
    """`text` as a cell that no spreadsheet evaluates.

    A cell that begins with `= + - @`, a tab or a line end (after any apostrophes) gets a leading
    apostrophe; `plain_cell` takes it off again. NUL and lone surrogates, which no spreadsheet
    reads, become visible escapes; a text over `CELL_LIMIT` characters is cut and says so.
    """
    if len(text) > CELL_LIMIT:
        text = text[:CELL_LIMIT] + CELL_CUT
    if _FORMULA.match(text):
        text = "'" + text
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")


def plain_cell(cell: str) -> str:
    """The text from which `csv_cell` made `cell` (escapes and cuts remain)."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell

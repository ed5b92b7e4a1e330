"""Outside text made safe to show: in a terminal, in a spreadsheet cell, behind a link.

Stored data and `report.json` are not escaped; only text that a person looks at is.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from crawler.rules.credentials import without_credentials

_SHOWN_CATEGORIES = frozenset("LMNPS")
_JOINERS = "\u200c\u200d"
"""Zero-width joiners: emoji and several scripts cannot be written without them."""

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""The beginnings that make a spreadsheet evaluate a cell (OWASP, "CSV Injection"), after any apostrophes."""
_ESCAPE = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U00(?:0[0-9a-f]|10)[0-9a-f]{4}|[tnr])")
"""A visible escape, as `_visible` makes it."""
_CUT_ESCAPE = re.compile(r"\\(?:[xuU][0-9a-f]{0,7})?\Z")
CELL_LIMIT = 32_000
"""Characters in one cell; Excel breaks a row at 32,767."""
CELL_CUT = "… (cut)"

HREF_LIMIT = 4_000
"""A longer URL is shown as text, not as a link: browsers and servers reject it anyway."""


def printable(text: str, limit: int | None = None) -> str:
    r"""`text` as one line that cannot move the cursor, set colours or reorder letters.

    Control characters, ANSI escapes, line separators, bidi controls, invisible format characters
    and lone surrogates become visible escapes (`\x1b`, `\u202e`), credentials in URLs `***` (rule U8). At most `limit` characters of
    `text` are shown, the rest as one ellipsis.
    """
    text = without_credentials(text)
    if limit is not None and len(text) > limit:
        text = text[:limit] + "…"
    if text.isprintable():
        return text
    # A line end hides credentials from the first look; its escape does not.
    return without_credentials("".join(map(_visible, text)))


def _visible(character: str) -> str:
    """One character, or the escape that stands for it."""
    category = unicodedata.category(character)
    if category[0] in _SHOWN_CATEGORIES or category == "Zs" or character in _JOINERS:
        return character
    return character.encode("unicode_escape").decode("ascii")


def web_href(url: str | None) -> str | None:
    """`url` if it is safe as the target of a link: a plain http or https URL without credentials. None for anything else.

    A refused URL is still shown as text, so that an editor sees what is wrong.
    """
    if not url or len(url) > HREF_LIMIT or not url.isprintable() or " " in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what finds a bad port
    except ValueError:
        return None
    is_plain = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
    return url if is_plain and without_credentials(url) == url else None


def cell_text(text: str) -> str:
    r"""`text` as a spreadsheet may show it: what `printable` escapes is a visible escape, and so is a backslash that
    would look like the beginning of one (`\x5c`).

    `hidden_text` reads it back, but for credentials in URLs, which are hidden (rule U8). At most `CELL_LIMIT` characters; a longer text is cut and says so.
    """
    text = without_credentials(text)
    if len(text) <= CELL_LIMIT and text.isprintable() and "\\" not in text:
        return text
    shown = _ESCAPE.sub(lambda found: f"\\x5c{found[0][1:]}", text[: CELL_LIMIT + 1])
    if not shown.isprintable():
        shown = "".join(map(_visible, shown))
    if len(text) > CELL_LIMIT or len(shown) > CELL_LIMIT:
        shown = _CUT_ESCAPE.sub("", shown[:CELL_LIMIT]) + CELL_CUT
    return shown


def hidden_text(shown: str) -> str:
    """The text from which `cell_text` made `shown` (cuts remain); other escapes stay as they are."""
    return _ESCAPE.sub(_hidden, shown) if "\\" in shown else shown


def _hidden(escape: re.Match[str]) -> str:
    character = escape[0].encode("ascii").decode("unicode_escape")
    is_ours = character == "\\" or _visible(character) != character
    return character if is_ours else escape[0]


def csv_cell(text: str) -> str:
    """`text` as a cell that no spreadsheet evaluates, and that no program which shows it obeys (`cell_text`).

    A cell that begins with `= + - @` (after any apostrophes) gets a leading apostrophe; `plain_cell` takes it off
    again.
    """
    text = cell_text(text)
    return "'" + text if _FORMULA.match(text) else text


def typed_cell(cell: str) -> str:
    """A cell that a person filled in, without the apostrophe that keeps a spreadsheet from evaluating it."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def plain_cell(cell: str) -> str:
    """The text from which `csv_cell` made `cell` (cuts remain)."""
    return hidden_text(typed_cell(cell))

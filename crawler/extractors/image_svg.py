"""SVG: the root element's width, height and viewBox. An HTML page with an icon inside is no SVG."""

from __future__ import annotations

import re

from crawler.extractors.image_answer import Info, TooShort, size

# As in `image_header`: possessive groups are wrong before Python 3.11.5.
_BEFORE_ROOT = re.compile(
    r"(?:\s++|\ufeff|<\?[^>]*+(?:(?<!\?)>[^>]*+)*+>|<!--[^-]*+(?:-(?!->)[^-]*+)*-->"
    r"|<!DOCTYPE\s++(?:[\w.-]+:)?svg\b[^>\[]*+(?:\[[^\]]*+\]\s*+)?+>)*",
    re.IGNORECASE,
)
_ROOT = re.compile(r"""<(?:[\w.-]+:)?svg(?=[\s/>])((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""")
_ROOT_BEGINS = re.compile(r"<(?:[\w.-]+:)?svg(?=[\s/>])")
_ATTRIBUTE = re.compile(r"""\s(width|height|viewBox)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_LENGTH = re.compile(r"\s*([+]?\d{0,12}\.?\d{0,12}(?:[eE][+-]?\d{1,2})?)\s*([a-zA-Z]*|%)\s*")
_UNITS = {
    "": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4,
    "q": 96 / 101.6, "em": 16.0, "rem": 16.0, "ex": 8.0,
}  # fmt: skip
"""CSS pixels per unit (CSS Values 4); font units by a browser's default font."""

_LARGEST = 1e9


def svg(data: bytes) -> Info | None:
    """The size of an SVG; None where the text is no SVG. Raises `TooShort` before the root ends."""
    text = _text(data)
    before = _BEFORE_ROOT.match(text)
    start = before.end() if before else 0
    root = _ROOT.match(text, start)
    if root is not None:
        return _measure(root[1])
    rest = text[start : start + 64]
    if _ROOT_BEGINS.match(rest):
        raise TooShort(len(data) + 1)
    if not rest or _could_become(rest):
        raise TooShort(len(data) + 1)
    return None


def _could_become(rest: str) -> bool:
    """Whether the cut text may still turn out to be an SVG."""
    folded = rest.lower()
    if folded.startswith(("<?", "<!--", "<!doctype svg")):
        return True
    return len(rest) < 64 and re.fullmatch(r"<(?:[\w.-]*:?)[\w]*|<!\w*\s*\w*", rest) is not None


def _text(data: bytes) -> str:
    for bom, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(bom):
            return data[2:].decode(codec, "replace")
    return data.decode("utf-8", "replace")


def _measure(attributes: str) -> Info:
    found = {m[1]: m[2] if m[2] is not None else m[3] for m in _ATTRIBUTE.finditer(attributes)}
    width, height = _length(found.get("width")), _length(found.get("height"))
    box = _view_box(found.get("viewBox"))
    if box is not None:
        if width is None and height is None:
            width, height = box
        elif width is None and height is not None:
            width = height * box[0] / box[1]
        elif height is None and width is not None:
            height = width * box[1] / box[0]
    if width is None or height is None or max(width, height) > _LARGEST:
        return Info("SVG")
    return size("SVG", max(1, round(width)), max(1, round(height)))


def _length(text: str | None) -> float | None:
    """CSS pixels; None for a percentage, `auto` or nonsense."""
    match = _LENGTH.fullmatch(text or "")
    if match is None or match[2].lower() not in _UNITS:
        return None
    try:
        value = float(match[1]) * _UNITS[match[2].lower()]
    except ValueError:
        return None
    return value if 0 < value <= _LARGEST else None


def _view_box(text: str | None) -> tuple[float, float] | None:
    parts = re.split(r"[\s,]+", (text or "").strip()[:200])
    if len(parts) != 4:
        return None
    try:
        width, height = float(parts[2]), float(parts[3])
    except ValueError:
        return None
    return (width, height) if 0 < width <= _LARGEST and 0 < height <= _LARGEST else None

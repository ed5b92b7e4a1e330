"""SVG: the root element's width, height and viewBox. An HTML page with an icon inside is no SVG."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from itertools import islice

from crawler.extractors.image.prober_answer import Info, TooShort, size

_SPACE = re.compile(r"[\s\ufeff]*+")
_DOCTYPE = re.compile(r"<!DOCTYPE\s++(?:[\w.-]++:)?svg\b", re.IGNORECASE)
_DOCTYPE_MARK = re.compile(r"""["'\[\]>]|<!--|<\?""")
_SKIPPED = {'"': '"', "'": "'", "<!--": "-->", "<?": "?>"}
_ENTITY = re.compile(r"""<!ENTITY\s++([\w.-]++)\s++(?:"([^"<]*+)"|'([^'<]*+)')\s*+>""")
_ENTITY_USE = re.compile(r"&([\w.-]{1,64}+);")
_MOST_ENTITIES = 64
_ROOT_BEGINS = re.compile(r"<(?:[\w.-]{1,64}+:)?svg(?=[\s/>])")
_ROOT_MARK = re.compile(r"""["'>]""")
# An attribute begins behind white space or another's quote, so that no name is tried from its middle.
_ATTRIBUTE = re.compile(r"""(?<![^\s"'])([^\s=>"'/<]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
_LENGTH = re.compile(r"([+]?\d{0,12}\.?\d{0,12}(?:[eE][+-]?\d{1,2})?)\s*([a-zA-Z]*)")
_LONGEST_VALUE = 200
_UNITS = {
    "": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4,
    "q": 96 / 101.6, "em": 16.0, "rem": 16.0, "ex": 8.0,
}  # fmt: skip
"""CSS pixels per unit (CSS Values 4); font units by a browser's default font."""

_LARGEST = 1e9
_MOST_PARTS = 2_000
"""Most parts each of a prolog, of a document type and of a root's attributes; text with more counts as cut."""

_CUT_NAME = 64
_INFLATED = 64 * 1024


def svg(data: bytes) -> Info | None:
    """The size of an SVG; None where the text is no SVG. Raises `TooShort` before the root ends.

    Without `width` and `height` the `viewBox` is the size: a browser keeps its ratio and takes the room there
    is. Percentages count as absent. Without a `viewBox` too the size is unknown.
    """
    text = _text(data)
    try:
        start, entities = _before_root(text)
        begins = _ROOT_BEGINS.match(text, start)
        if begins is not None:
            return _measure(text[begins.end() : _end(text, begins.end(), _ROOT_MARK)], entities)
    except _CutError:
        raise TooShort(len(data) + 1) from None
    rest = text[start : start + _CUT_NAME]
    if not rest or _could_become(rest):
        raise TooShort(len(data) + 1)
    return None


def svgz(data: bytes) -> Info | None:
    """The size of an SVG in a gzip file; None where it holds no SVG. No more than 64 KB are unpacked."""
    try:
        text = zlib.decompressobj(wbits=31).decompress(data, _INFLATED)
    except zlib.error:
        return None
    if not text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and text:
        return None
    try:
        return svg(text)
    except TooShort:
        if len(text) == _INFLATED:
            return None
        raise TooShort(len(data) + 1) from None


class _CutError(Exception):
    """The text ends inside a tag, a comment or a declaration, or has too many parts."""


def _before_root(text: str) -> tuple[int, Mapping[str, str]]:
    """Where the prolog ends (XML 1.0, 2.8), and the entities that it declares."""
    position = 0
    entities: dict[str, str] = {}
    for _ in range(_MOST_PARTS):
        space = _SPACE.match(text, position)
        position = space.end() if space else position
        if text.startswith("<?", position):
            position = _after(text, "?>", position + 2)
        elif text.startswith("<!--", position):
            position = _after(text, "-->", position + 4)
        elif (doctype := _DOCTYPE.match(text, position)) is not None:
            end = _end(text, doctype.end(), _DOCTYPE_MARK)
            declared = islice(_ENTITY.finditer(text, doctype.end(), end), _MOST_ENTITIES)
            for found in declared:
                entities.setdefault(found[1], (found[2] or found[3] or "")[:_LONGEST_VALUE])
            position = end + 1
        else:
            return position, entities
    raise _CutError


def _after(text: str, mark: str, start: int) -> int:
    found = text.find(mark, start)
    if found < 0:
        raise _CutError
    return found + len(mark)


def _end(text: str, start: int, marks: re.Pattern[str]) -> int:
    """Where a tag or a document type ends: a `>` outside of quotes, comments and brackets."""
    depth = 0
    for _ in range(_MOST_PARTS):
        found = marks.search(text, start)
        if found is None:
            raise _CutError
        if found[0] == ">" and depth <= 0:
            return found.start()
        start = found.end()
        if found[0] in _SKIPPED:
            start = _after(text, _SKIPPED[found[0]], start)
        depth += (found[0] == "[") - (found[0] == "]")
    raise _CutError


def _could_become(rest: str) -> bool:
    """Whether the cut text may still turn out to be an SVG."""
    folded = rest.lower()
    if len(rest) == _CUT_NAME:
        return False
    return re.fullmatch(r"<[\w.-]*+:?\w*+|<!(?:-?|\w*+\s*+[\w.-]*+:?\w*+)", folded) is not None


def _text(data: bytes) -> str:
    for mark, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[2:].decode(codec, "replace")
    for mark, codec in ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be")):
        if data.startswith(mark):
            return data.decode(codec, "replace")
    return data.decode("utf-8", "replace")


def _measure(attributes: str, entities: Mapping[str, str]) -> Info:
    found: dict[str, str] = {}
    for match in islice(_ATTRIBUTE.finditer(attributes), _MOST_PARTS):
        value = match[2] if match[2] is not None else match[3]
        name = "viewBox" if match[1].lower() == "viewbox" else match[1]
        if name in ("width", "height", "viewBox"):
            value = value.strip()[:_LONGEST_VALUE]
            found.setdefault(name, _ENTITY_USE.sub(lambda use: entities.get(use[1], ""), value))
    width, height = _length(found.get("width", "")), _length(found.get("height", ""))
    box = _view_box(found.get("viewBox", ""))
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


def _length(text: str) -> float | None:
    """CSS pixels; None for a percentage, `auto` or nonsense."""
    match = _LENGTH.fullmatch(text.strip())
    if match is None or match[2].lower() not in _UNITS:
        return None
    try:
        value = float(match[1]) * _UNITS[match[2].lower()]
    except ValueError:
        return None
    return value if 0 < value <= _LARGEST else None


def _view_box(text: str) -> tuple[float, float] | None:
    parts = re.split(r"[\s,]+", text.strip()[:_LONGEST_VALUE])
    if len(parts) != 4:
        return None
    try:
        width, height = float(parts[2]), float(parts[3])
    except ValueError:
        return None
    return (width, height) if 0 < width <= _LARGEST and 0 < height <= _LARGEST else None

"""Article files in every shape that YAML allows and people write, and edits of their values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from crawler.content.article_document import Document
from crawler.content.edits import Edit
from crawler.content.nodes import Mapping, Node, Scalar

DrawFn = st.DrawFn

_KEYS = (
    "title", "webUrl", "ampWebUrl", "cdnAmpWebUrl", "originalUrl", "excerpt", "publishedDateTime", "images",
    "related", "provider", "url", "width", "height", "tags", "published", "secured", "'quoted key'",
    '"dq \\u00e9"', "with space", "ключ", "emoji😀", "a.b-c_d",
)  # fmt: skip
_PLAIN = (
    "word", "two words", "https://a.test/x?y=1&z=2#f", "1400", "-3.5", "2019-03-04", "2019-03-04T05:06:07Z",
    "true", "No", "~", "null", "", "a:b", "é ü", "😀 𝔘nicode", "x#y", "it's", 'say "hi"', "-dash", "12:30:45",
    "a\tb", "zero\u200bwidth", "ends with colon:x", "1e3", "0x1F", "y",
)  # fmt: skip
_SINGLE = (
    "'one'", "'it''s'", "''", "' spaces '", "'# no comment'", "'a: b'", "'1400'", "'😀\u200d👩'", "'line\u2028sep'",
    "'next\u0085line'", "'tab\there'", "'---'",
)  # fmt: skip
_DOUBLE = (
    '"one"', '""', '"say \\"hi\\""', '"back\\\\slash"', '"\\u00e9\\n\\t\\x41"', '"# no"', '"par\u2029a"',
    '"😀 \\U0001F600"', '"true"', '"https:\\/\\/a.test\\/"', '"é\u0085ü"',
)  # fmt: skip
_FLOW = (
    "[]", "{}", "[1, 'two', \"three\"]", "{a: 1, 'b': [x, y]}", "{url: https://a.test/, width: 5}", "[{a: b}, c]",
    "{a: , b}", "[ 😀 ,é]",
)  # fmt: skip
_COMMENTS = ("# note", "#", "# it's: [a, {b", "# ünï 😀", "#- x", "# tab\tin it")
_HEADERS = ("|", ">", "|-", ">-", "|+", ">+", "|2", "| # note")
_CONTENT = (
    "text",
    "# no comment",
    "key: value",
    "- x",
    "  deeper",
    "",
    "é 😀",
    'it\'s "so"',
    "---x",
)

NEW_TEXTS = st.one_of(
    st.sampled_from(
        [*_PLAIN, "yes", "n", "- a", "a: b", "a #b", "#c", "x:", "a\nb", " lead", "trail ", "\t", "\u2028", "\ufeff",
         "[a", "b}", "{a,b}", "'", '"', "\\", "&amp;", "*a", "!t", "%", "@x", "`", "...", "--- ", "0o14", "1_000",
         "https://b.test/é?a=b,c#d", "\x00", "\x7f", "<<", "=", "?", "-", "\u202e", "\U0010ffff", "a\r\nb"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Style:
    """The style that one file keeps throughout."""

    newline: str
    dash: int
    step: int


@st.composite
def articles(draw: DrawFn) -> bytes:
    """A file with valid front matter without anchors, tags and duplicate keys; its bytes."""
    style = _Style(
        draw(st.sampled_from(["\n", "\r\n"])),
        draw(st.sampled_from([0, 2, 4])),
        draw(st.sampled_from([2, 4])),
    )
    lines = ["---" + draw(st.sampled_from(["", "", " "])), *_filler(draw, 0)]
    lines += _mapping(draw, style, 0, 3)
    text = style.newline.join([*lines, ""])
    text += draw(st.sampled_from(["---", "---", "---  ", "..."]))
    body = draw(
        st.sampled_from(
            ["", "\n", "Text\n", "# A\n---\nsecured: x\n", "\r", "a\u2028\rb", "\x00\n\n"]
        )
    )
    text += style.newline + body if body or draw(st.booleans()) else ""
    mark = "\ufeff" if draw(st.integers(0, 3)) == 0 else ""
    return (mark + text).encode()


def _filler(draw: DrawFn, indent: int) -> list[str]:
    """Blank lines and comments between two keys."""
    if draw(st.integers(0, 2)):
        return []
    lines = st.sampled_from(["", "   ", *_COMMENTS, *(" " * indent + note for note in _COMMENTS)])
    return draw(st.lists(lines, min_size=1, max_size=2))


def _mapping(draw: DrawFn, style: _Style, indent: int, depth: int) -> list[str]:
    """The lines of a block mapping, each with its indentation."""
    keys = draw(st.lists(st.sampled_from(_KEYS), min_size=1, max_size=5, unique=True))
    lines: list[str] = []
    for position, key in enumerate(keys):
        first, *more = _value(draw, style, indent, depth)
        lines += [f"{' ' * indent}{key}:{first}", *more]
        if position < len(keys) - 1 or indent == 0:
            lines += _filler(draw, indent)
    return lines


def _value(draw: DrawFn, style: _Style, indent: int, depth: int) -> list[str]:
    """What stands behind `key:`, and the lines below."""
    kind = draw(st.integers(0, 9 if depth else 6))
    gap = draw(st.sampled_from([" ", " ", "  "]))
    inner = " " * (indent + style.step)
    if kind <= 3:
        scalar = draw(st.sampled_from([_PLAIN, _SINGLE, _DOUBLE, _FLOW][kind]))
        return [(gap + scalar if scalar else "") + _trailing(draw)]
    if kind == 4:
        return [f"{gap}'first", f"{inner}second", "", f"{inner}third'{_trailing(draw)}"]
    if kind == 5:
        quoted = [f'{gap}"first \\', f"{inner}second", f'{inner}third"{_trailing(draw)}']
        flow = [f"{gap}[a, # note", f"{inner}'b', {{c: d}}", f"{inner}]{_trailing(draw)}"]
        plain = [f"{gap}first", f"{inner}second{_trailing(draw)}"]
        return draw(st.sampled_from([quoted, flow, plain]))
    if kind == 6:
        header = draw(st.sampled_from(_HEADERS))
        content = draw(st.lists(st.sampled_from(_CONTENT), min_size=1, max_size=3))
        width = indent + (2 if "2" in header else style.step)
        return [
            gap + header,
            " " * width + "begin",
            *(line and " " * width + line for line in content),
        ]
    if kind == 7:
        return [_trailing(draw), *_mapping(draw, style, indent + style.step, depth - 1)]
    return [_trailing(draw), *_list(draw, style, indent, depth - 1)]


def _list(draw: DrawFn, style: _Style, indent: int, depth: int) -> list[str]:
    """A block list below a key at `indent`."""
    lines: list[str] = []
    spaces = " " * (indent + style.dash)
    for _ in range(draw(st.integers(1, 3))):
        lines += _filler(draw, indent)
        if draw(st.booleans()):
            scalar = draw(st.sampled_from([*_PLAIN, *_SINGLE, *_DOUBLE, *_FLOW]))
            lines.append(f"{spaces}- {scalar}{_trailing(draw)}" if scalar else f"{spaces}-")
        else:
            first, *more = _mapping(draw, style, indent + style.dash + 2, depth)
            lines += [f"{spaces}- {first.lstrip(' ')}", *more]
    return lines


def _trailing(draw: DrawFn) -> str:
    """A comment behind a value, or blanks."""
    if draw(st.integers(0, 3)):
        return ""
    return draw(st.sampled_from([" ", "  ", "\t", *(f" {note}" for note in _COMMENTS), "\t# note"]))


def places(document: Document) -> list[tuple[str, Node, bool]]:
    """Every pointer of a document with its value, and whether it is a key's."""
    found: list[tuple[str, Node, bool]] = []
    pending: list[tuple[str, Node]] = [] if document.root is None else [("", document.root)]
    while pending:
        prefix, node = pending.pop()
        if isinstance(node, Mapping):
            inner = [(k.value, v) for k, v in node.pairs() if isinstance(k, Scalar)]
        elif isinstance(node, Scalar):
            continue
        else:
            inner = [(str(position), value) for position, value in enumerate(node.items)]
        for part, value in inner:
            found.append((prefix + part, value, isinstance(node, Mapping)))
            pending.append((f"{prefix}{part}/", value))
    return found


@st.composite
def edits(draw: DrawFn, document: Document) -> Edit:
    """An edit of something that is there, or something new beside it."""
    pointer, node, is_key = draw(st.sampled_from(places(document)))
    new: Any = draw(NEW_TEXTS | st.integers(0, 9_999) | st.booleans())
    kind = draw(st.integers(0, 3))
    if kind == 0 and is_key:
        return Edit(pointer, plain(node), None)
    if kind == 1:
        parent = pointer.rpartition("/")[0]
        key = draw(st.sampled_from(["width", "ampWebUrl", "newKey", "-"]))
        if draw(st.booleans()):
            new = draw(
                st.sampled_from(
                    [[{"url": "https://n.test/", "width": 3}], {"a": "b", "c": ["d"]}, ["e"]]
                )
            )
        return Edit(f"{parent}/{key}" if parent else key, None, new)
    return Edit(pointer, plain(node), new)


def plain(node: Node) -> Any:
    """A value as an edit expects it: texts, lists and mappings."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in node.by_key.items()}
    return [plain(item) for item in node.items]

"""Mark-up in texts that are compared: tags and Markdown, as feeds and editors leave them in titles and excerpts (rule F3).

Only what is mark-up beyond doubt is taken out: "How to use <a> in a List<String>" keeps its words, and so do `snake_case_names`
and sums with `*`.
"""

from __future__ import annotations

import re

_INLINE = (
    "a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strike|strong|sub|sup"
    "|time|tt|u|var|wbr"
)
_BLOCK = (
    "address|article|aside|blockquote|body|br|center|dd|details|div|dl|dt|figcaption|figure|footer|h[1-6]|head|header|hr"
    "|html|iframe|img|li|main|nav|ol|p|picture|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|video"
)
_DROPPED_WHOLE = re.compile(
    r"<!--.*?-->|<(script|style)\b[^<>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(
    rf"<(?P<end>/)?(?P<name>(?P<inline>{_INLINE})|{_BLOCK})(?P<rest>\s[^<>]*)?(?P<closed>/)?>",
    re.IGNORECASE,
)
_ALONE = frozenset({"br", "hr", "wbr", "img"})
"""Elements without an end tag."""
_STARTING = frozenset({"p", "div", "li", "h1", "h2", "h3"})
_TORN = re.compile(r"<\w+\s[^<>]*=[^<>]*$")
"""A tag that was cut off with the end of an excerpt."""

_IMAGE = re.compile(r"!\[([^\[\]]*)\](?:\([^()\s]*(?:\s[^()]*)?\)|\[[^\[\]]*\])")
_LINK = re.compile(
    r"\[([^\[\]]+)\](?:\((?=[^()\s]*[:/#.])(?:[^()\s]|\([^()\s]*\)){1,2000}(?:\s[^()]*)?\)|\[\d*\])"
)
"""With an address, or with the number of one; `f[x](y)` is none."""
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>")
_FOOTNOTE = re.compile(r"\[\^\w+\]")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_LINE_START = re.compile(r"^[ \t]*(?:#{1,6}|>)[ \t]+(?=[^\W\d_])|[ \t]+#+[ \t]*$|\\$", re.MULTILINE)
_BULLET = re.compile(r"^[ \t]*[-*+][ \t]+(?=[^\W\d_])", re.MULTILINE)
_STRONG = re.compile(r"(?<!\w)(\*\*|__)(?=\S)(.{1,2000}?)\1(?!\w)", re.DOTALL)
_EMPHASIS = re.compile(
    r"(?<!\w)(\*|_|~~|`{1,2})(?=\S)((?:(?!\1).){1,1000}?)(?<=\S)\1(?!\w)", re.DOTALL
)
_MARKED = re.compile(r"[*_~`\[\\#>+-]")


def without_markup(text: str) -> str:
    """The words of a text without tags, comments, links' addresses and Markdown's marks; a block's tag is a space."""
    if "<" in text:
        text = _without_tags(_DROPPED_WHOLE.sub(" ", text))
    return _without_markdown(text) if _MARKED.search(text) else text


def _without_tags(text: str) -> str:
    """Without tags, where one has an attribute or a partner, begins the text, or is of an element that is never closed."""
    tags = list(_TAG.finditer(text))
    names = [tag["name"].lower() for tag in tags]
    ended = {name for tag, name in zip(tags, names, strict=True) if tag["end"]}
    is_markup = any(
        name in _ALONE
        or (not tag["end"] and name in ended)
        or "=" in (tag["rest"] or "")
        or (tag.start() == 0 and name in _STARTING)
        for tag, name in zip(tags, names, strict=True)
    )
    if not is_markup:
        return text
    return _TORN.sub("", _TAG.sub(lambda tag: "" if tag["inline"] else " ", text))


def _without_markdown(text: str) -> str:
    text = _LINE_START.sub("", text)
    # A single dash at the begin of a line may be that of a wrapped title.
    if _BULLET.match(text) or len(_BULLET.findall(text)) > 1:
        text = _BULLET.sub("", text)
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", _FOOTNOTE.sub("", _ESCAPE.sub(r"\1", text))))
    text = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))
    return _AUTOLINK.sub(r"\1", text)

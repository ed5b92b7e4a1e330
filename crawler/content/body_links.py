"""Body links: links and images in the text below the front matter, each with its line and raw URL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from crawler.content.html_links import links_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

LONGEST_MARKDOWN: Final = 90_000
"""Characters (rule B7). The parser takes 1 µs for each of plain text and 20 of `![a![a`: two seconds at worst."""

_MAY_HOLD_A_LINK = re.compile(r"\][(:]|://|<")
_HTML = (".html", ".htm", ".xhtml")
_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{[{%]")
_BARE = re.compile(r"://[^\s<>\"\[\]]+")
_BARE_SCHEME = re.compile(r"(?:\A|[^A-Za-z0-9+.-])(https?)\Z", re.IGNORECASE)
_BEFORE = len(" https")
_FINAL_ENTITY = re.compile(r"&[a-zA-Z0-9]{1,32};")
_FINAL_PUNCTUATION = "?!.,:*_~'’”»…"
_PLACE = "place"


class BodyTooLongError(ValueError):
    """A Markdown text too long to be read in reasonable time."""


@dataclass(frozen=True, slots=True)
class BodyLink:
    """A URL as Markdown or HTML means it (escapes and entities resolved); `line` counts from 0."""

    line: int
    raw: str


def body_links(text: str, path: str) -> Iterator[BodyLink]:
    """The links of a body in the order of its lines; HTML by the file's extension, else Markdown.

    Code and comments hold none. URLs that cannot be visited by design are left out: other schemes, fragments
    of the page itself, and template tags (`{{ … }}`). Raises BodyTooLongError.
    """
    # Only LF and CRLF end a line here; the parser would take a lone CR too.
    text = text.replace("\r\n", "\n").replace("\r", " ")
    if path.lower().endswith(_HTML):
        found = _html_links(text, 0)
    elif _MAY_HOLD_A_LINK.search(text) is None:
        found = iter(())
    elif len(text) > LONGEST_MARKDOWN:
        raise BodyTooLongError(f"longer than {LONGEST_MARKDOWN:,} characters")
    else:
        found = (link for token in _parser().parse(text) for link in _links(token))
    return (link for link in found if _is_visitable(link.raw))


def _is_visitable(raw: str) -> bool:
    url = raw.strip()
    return bool(url) and not (url[0] == "#" or _SCHEME.match(url) or _TEMPLATE.search(url))


def _html_links(text: str, line: int) -> Iterator[BodyLink]:
    counted = 0
    for index, url in links_in(text):
        line += text.count("\n", counted, index)
        counted = index
        yield BodyLink(line, url)


def _links(token: Token) -> Iterator[BodyLink]:
    line = token.map[0] if token.map else 0
    if token.type == "html_block":
        yield from _html_links(token.content, line)
    elif token.type == "definition":
        yield BodyLink(line, token.meta["url"])
    elif token.type == "inline":
        counted = 0
        for child in token.children or ():
            # A Markdown reference (`[text][label]`) has its URL at the definition of its label.
            if _PLACE not in child.meta or "label" in child.meta:
                continue
            line += token.content.count("\n", counted, child.meta[_PLACE])
            counted = child.meta[_PLACE]
            if child.type == "html_inline":
                yield from _html_links(child.content, line)
            else:
                yield BodyLink(line, str(child.attrs.get("href") or child.attrs.get("src", "")))


# --------------------------------------------------------------------------------------- parser


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """A parser of CommonMark with tables, whose inline tokens have their places. Imported only where needed."""
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import autolink, html_inline, image, link

    parser = MarkdownIt("commonmark", {"store_labels": True, "inline_definitions": True})
    parser.enable("table")
    # Rules that only change how a text looks take time and find no link.
    parser.disable(
        ["emphasis", "entity", "newline", "balance_pairs", "fragments_join", "text_join"]
    )
    # URLs are wanted as they stand: nothing is rendered here, so unsafe ones do no harm.
    parser.normalizeLink = str  # type: ignore[method-assign, assignment]
    parser.validateLink = bool  # type: ignore[method-assign, assignment]
    for mark, rule in (("[", link), ("!", image), ("<", autolink), ("<", html_inline)):
        parser.inline.ruler.at(rule.__name__, _with_place(mark, rule))
    parser.inline.ruler.before("escape", "bare_url", _with_place(":", _bare_url))
    return parser


def _with_place(
    mark: str, rule: Callable[[StateInline, bool], bool]
) -> Callable[[StateInline, bool], bool]:
    """The rule for `mark`, which adds to its token the index of its start in the content of its block."""

    def placed(state: StateInline, silent: bool) -> bool:
        if state.src[state.pos] != mark:
            return False
        if silent:
            return rule(state, True)
        start, first = state.pos, len(state.tokens)
        found = rule(state, False)
        if found:
            # The rule may first have added a token for the text before the link.
            token = next((one for one in state.tokens[first:] if one.type != "text"), None)
            if token is not None:
                token.meta[_PLACE] = start
        return found

    return placed


def _bare_url(state: StateInline, silent: bool) -> bool:
    """`https://…` in running text, ending where GitHub's Markdown ends it (GFM 6.9)."""
    start = state.pos
    # `silent` means a search for the end of a link's text: a URL in that text must not run over the end.
    if silent or state.linkLevel:
        return False
    scheme = _BARE_SCHEME.search(state.src[max(0, start - _BEFORE) : start])
    rest = _BARE.match(state.src, start, state.posMax) if scheme else None
    if scheme is None or rest is None or not state.pending.endswith(scheme[1]):
        return False
    end = _end_of(rest[0])
    if end <= len("://"):
        return False
    state.pending = state.pending.removesuffix(scheme[1])
    state.push("bare_url", "a", 0).attrs = {"href": scheme[1] + rest[0][:end]}
    state.pos += end
    return True


def _end_of(url: str) -> int:
    """The end of a bare URL: before punctuation of the sentence, and before a `)` without a `(`."""
    surplus = url.count(")") - url.count("(")
    end = len(url)
    while end:
        last = url[end - 1]
        if last in _FINAL_PUNCTUATION:
            end -= 1
        elif last == ")" and surplus > 0:
            surplus -= 1
            end -= 1
        elif last == ";" and (start := _start_of_entity(url, end)) >= 0:
            end = start
        else:
            break
    return end


def _start_of_entity(url: str, end: int) -> int:
    start = url.rfind("&", max(0, end - len("&;") - 32), end)
    return start if start >= 0 and _FINAL_ENTITY.fullmatch(url, start, end) else -1

"""The `linkHealth` block: rendering it, and comparing two of them (rules W1, W3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from crawler.content import nodes
from crawler.content.nodes import Mapping, Node, Scalar, TreeError, plain_is_string
from crawler.model.check import ArticleChecks, DeadLink, Freshness, ImageCode, ImageSize, Size
from crawler.model.observation import NoticeKind
from crawler.model.verdict import VerdictKind

SCHEMA: Final = 1
MOST_RELATED: Final = 20
"""Lines of findings about related articles; the rest is counted as `more`."""
LONGEST_SHOWN: Final = 8_000
"""Characters of a URL. Longer ones are cut; no crawler could visit them."""

_KEYS = ("schema", "since", "deadLinks", "freshness", "imageSizes", "related", "more")
_FINDING_KEYS = ("at", "verdict", "reason", "since", "declared", "actual", "ends", "url")
_FRESHNESS_KEYS = ("state", "drift", "modified", "notice")
"""The keys that `render` writes, in order."""
_NUMBERS = frozenset(("schema", "more"))
_ALWAYS_QUOTED = frozenset(("since", "modified", "url"))

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_.-]*")
_SINCE = re.compile(r"^  since: '([0-9]{4}-[0-9]{2}-[0-9]{2})'$", re.MULTILINE)

_SURROGATE = re.compile("[\ud800-\udfff]")
_DEAD = re.compile(r"^    - \{at: .*, verdict: dead, reason: ", re.MULTILINE)
_GONE = re.compile(r"^    - \{at: .*, verdict: (dead|broken), reason: ", re.MULTILINE)
_GONE_KINDS = tuple(kind for kind in VerdictKind if kind.is_gone)


def render(checks: ArticleChecks, since: date, related: Sequence[DeadLink | ImageSize] = ()) -> str:
    """The block's text: LF line ends, a line end last, `since` the day on which this result began.

    `related` are findings about related articles, listed after the article's own.
    """
    lines = [
        "linkHealth:",
        f"  schema: {SCHEMA}",
        f"  since: '{since.isoformat()}'",
        *_listed("deadLinks", [_dead_link(link) for link in checks.dead_links]),
        f"  freshness: {_freshness(checks.freshness)}",
        *_listed(
            "imageSizes", [_image_size(size) for size in checks.image_sizes if size.is_counted]
        ),
    ]
    if related:
        shown = related[:MOST_RELATED]
        lines += _listed("related", [_finding(finding) for finding in shown])
    if len(related) > MOST_RELATED:
        lines.append(f"  more: {len(related) - MOST_RELATED}")
    return "\n".join(lines) + "\n"


def since_of(block: str) -> date | None:
    """The day on which a block's result began; None if the block has none."""
    found = _SINCE.search(block)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def lists_dead(block: str | None) -> bool:
    """Whether a block lists a link that is dead, not only broken."""
    return block is not None and _DEAD.search(block) is not None


def lists_gone(block: str | None) -> bool:
    """Whether a block lists a link that is broken or dead."""
    return block is not None and _GONE.search(block) is not None


@dataclass(frozen=True, slots=True)
class ListedGone:
    """The URLs that a block lists as broken or dead, spelled as the block spells them."""

    _verdicts: dict[str, VerdictKind]

    def verdict(self, url: str) -> VerdictKind | None:
        """The verdict on a URL as it stands in the file; None where the block does not list it so."""
        return self._verdicts.get(_shown_url(url)) if self._verdicts else None


def listed_gone(block: str | None) -> ListedGone:
    """What a block lists as broken or dead."""
    found: dict[str, VerdictKind] = {}
    for line in (block or "").split("\n"):
        facts, is_finding, url = line.removesuffix("}").partition(", url: ")
        if not is_finding:
            continue
        kind = next((kind for kind in _GONE_KINDS if f", verdict: {kind}, reason: " in facts), None)
        if kind is not None and found.get(url) is not VerdictKind.DEAD:
            found[url] = kind
    return ListedGone(found)


def same_result(one: str, other: str) -> bool:
    """Whether two blocks have the same result, apart from the day it began: then the older one stays (rule W3)."""
    return _SINCE.sub("", one) == _SINCE.sub("", other)


def is_as_rendered(block: str) -> bool:
    """Whether `render` could have written a block's text (LF line ends, one last).

    The block is rendered again from its own values and compared (rule W4): a comment, another order or another
    layout is a person's. A value that a person changed is not noticed; the next result replaces it.
    """
    try:
        root = nodes.parse(block).root
        value = root.items[1] if isinstance(root, Mapping) else None
        if not isinstance(value, Mapping):
            return False
        return "\n".join(("linkHealth:", *_again(block, value), "")) == block
    except (TreeError, _NotRendered):
        return False


def rendered_from(value: Node) -> str | None:
    """The block's text for a value that is written in another notation; None for one that `render` never writes."""
    if not isinstance(value, Mapping):
        return None
    try:
        return "\n".join(("linkHealth:", *_again("", value), ""))
    except _NotRendered:
        return None


class _NotRendered(Exception):  # noqa: N818 - an answer, not a fault
    """A value of a kind that `render` never writes."""


def _again(text: str, block: Mapping) -> Iterator[str]:
    if "schema" not in block.by_key:
        raise _NotRendered
    for key, value in _ordered(block, _KEYS):
        if key == "schema" and not (isinstance(value, Scalar) and value.value == str(SCHEMA)):
            raise _NotRendered
        if not isinstance(value, nodes.Sequence) or not value.items:
            yield f"  {key}: {_flow_again(text, value, _FRESHNESS_KEYS, key)}"
            continue
        yield f"  {key}:"
        for entry in value.items:
            if not isinstance(entry, Mapping):
                raise _NotRendered
            yield f"    - {_flow_again(text, entry, _FINDING_KEYS)}"


def _flow_again(text: str, node: Node, keys: Sequence[str], key: str = "") -> str:
    if isinstance(node, Mapping):
        pairs = (
            f"{name}: {_flow_again(text, value, (), name)}" for name, value in _ordered(node, keys)
        )
        return "{" + ", ".join(pairs) + "}"
    if isinstance(node, nodes.Sequence):
        return "[" + ", ".join(_flow_again(text, item, ()) for item in node.items) + "]"
    if not text:
        return _quoted_again(key, node)
    if node.end_mark is None or node.style in {"|", ">"}:
        raise _NotRendered
    # The quotes are kept: which characters need them depends on Python's version of Unicode.
    return text[nodes.start_of(node) : node.end_mark.index]


def _quoted_again(key: str, node: Scalar) -> str:
    """A value of another notation as `render` writes it: by its key, since that decides about the quotes."""
    if key in _NUMBERS:
        if nodes.is_string(node) or not node.value.isdecimal():
            raise _NotRendered
        return node.value
    if not nodes.is_string(node):
        raise _NotRendered
    return _quoted(node.value) if key in _ALWAYS_QUOTED else _scalar(node.value)


def _ordered(mapping: Mapping, keys: Sequence[str]) -> Iterator[tuple[str, Node]]:
    """Keys and values of a mapping. Raises _NotRendered unless its keys are some of `keys`, in their order."""
    rest = iter(keys)
    for key, value in mapping.pairs():
        if not isinstance(key, Scalar) or key.value not in rest:
            raise _NotRendered
        yield key.value, value


def _listed(key: str, entries: list[str]) -> list[str]:
    if not entries:
        return [f"  {key}: []"]
    return [f"  {key}:", *(f"    - {entry}" for entry in entries)]


def _finding(finding: DeadLink | ImageSize) -> str:
    return _dead_link(finding) if isinstance(finding, DeadLink) else _image_size(finding)


def _dead_link(link: DeadLink) -> str:
    return _flow(
        at=_scalar(link.at),
        verdict=_scalar(link.verdict),
        reason=_scalar(link.reason),
        since=_day(link.since),
        url=_shown_url(link.url),
    )


def _image_size(size: ImageSize) -> str:
    return _flow(
        at=_scalar(size.at),
        reason=_scalar(size.reason),
        declared=_pixels(size.declared),
        actual=_pixels(size.actual),
        # The block holds the day on which the address ends; the days left would change daily.
        ends=_scalar(size.detail) if size.reason == ImageCode.EXPIRING and size.detail else None,
        url=_shown_url(size.url),
    )


def _freshness(freshness: Freshness) -> str:
    drift = ", ".join(_scalar(name) for name in freshness.drift)
    return _flow(
        state=_scalar(freshness.state),
        drift=f"[{drift}]" if drift else None,
        modified=_day(freshness.modified),
        # Corrections are advice, which no file holds; and the page's own words would change with every edit of them.
        notice=_scalar(NoticeKind.RETRACTED) if freshness.is_retracted else None,
    )


def _flow(**values: str | None) -> str:
    """A flow mapping of values that are YAML already, without those that are None."""
    known = (f"{key}: {value}" for key, value in values.items() if value is not None)
    return "{" + ", ".join(known) + "}"


def _day(day: date | None) -> str | None:
    return None if day is None else f"'{day.isoformat()}'"


def _pixels(size: Size | None) -> str | None:
    return None if size is None else _scalar(str(size))


def _shown_url(url: str) -> str:
    return _quoted(url if len(url) <= LONGEST_SHOWN else f"{url[:LONGEST_SHOWN]}…")


def _scalar(text: str) -> str:
    """A text without quotes where every YAML reader reads it as a string, else quoted."""
    return text if _PLAIN.fullmatch(text) and plain_is_string(text) else _quoted(text)


def _quoted(text: str) -> str:
    """Single quotes where all is printable; else double quotes with escapes for the rest."""
    # No UTF-8 file can hold a lone surrogate, and YAML readers refuse its escape.
    text = _SURROGATE.sub("\ufffd", text)
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    return f"\\U{ord(character):08X}"

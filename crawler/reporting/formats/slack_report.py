"""`report.slack.json`: what a webhook of Slack takes as it is: `curl -H 'Content-Type: application/json' -d @report.slack.json URL`.

Texts from outside stand in `rich_text` elements, in which Slack reads no markup, mention or address
(https://docs.slack.dev/reference/block-kit/blocks/rich-text-block).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from crawler.reporting.console import counted
from crawler.reporting.digest import HELD_HEADING, Digest, News, held_told, owners_told
from crawler.reporting.formats.report_format import ReportContent
from crawler.reporting.formats.short_payload import write_short
from crawler.reporting.link_rows import CauseCount, LinkRow
from crawler.reporting.words.escaping import printable, web_href
from crawler.reporting.words.wording import explain

MOST_BYTES = 40_000
"""Of a message; a webhook takes no more than 50 blocks, of which there are 7 at most."""
TEXT_LIMIT = 200
_LONGEST_LINK = 3_000


def write(content: ReportContent, stream: BinaryIO) -> None:
    """Write the payload into a new file."""
    write_short(content, stream, _payload, MOST_BYTES)


def _payload(short: Digest) -> dict[str, Any]:
    title = f"Links of {printable(short.content, 100)}"
    return {
        # Notifications show it, as markup: only words of our own.
        "text": f"linkhealth: {short.headline}",
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}},
            _rich([_section([_own(short.headline)]), _section([_own(_counts(short))])]),
            *(_rich(_news(one)) for one in short.news if one.total),
            *([_rich(_held(short))] if short.all_held else []),
            *([_rich(_causes(short))] if short.causes else []),
        ],
    }


def _counts(short: Digest) -> str:
    shown = (f"\n{tile.amount:,} {tile.name}" for tile in short.tiles if tile.amount)
    return "".join(shown) or "Nothing was found."


def _own(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def _news(news: News) -> Iterator[dict[str, Any]]:
    yield _section([_text(f"{news.heading}: {counted(news.total, 'link')}", bold=True)])
    if news.rows:
        yield _list([_row(row) for row in news.rows])
    if news.more:
        yield _section([_text(f"… and {news.more:,} more")])


def _row(row: LinkRow) -> list[dict[str, Any]]:
    place = [] if row.path is None else [_text(f"{row.path}:{row.line}", code=True), _text(" ")]
    said = _text(f" {row.reason}: {explain(row.reason).meaning}")
    owned = [_long(f" {owners_told(row.owners)}")] if row.owners else []
    return [*place, _link(row.url), said, *owned]


def _held(short: Digest) -> Iterator[dict[str, Any]]:
    yield _section([_text(HELD_HEADING, bold=True)])
    if short.held:
        yield _list([[_long(held_told(held))] for held in short.held])
    if short.more_held:
        yield _section([_text(f"… and {short.more_held:,} more")])


def _causes(short: Digest) -> Iterator[dict[str, Any]]:
    yield _section([_text("To repair, by cause and site", bold=True)])
    yield _list([_cause(cause) for cause in short.causes])
    if short.more_causes:
        yield _section([_text(f"… and {short.more_causes:,} more")])


def _cause(cause: CauseCount) -> list[dict[str, Any]]:
    return [
        _text(cause.host or "(no site)", code=True),
        _text(f" {counted(cause.urls, 'link')} {cause.verdict}: {explain(cause.reason).meaning}"),
    ]


def _rich(elements: Any) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


def _section(elements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": elements}


def _list(rows: list[list[dict[str, Any]]]) -> dict[str, Any]:
    return {
        "type": "rich_text_list",
        "style": "bullet",
        "elements": [_section(row) for row in rows],
    }


def _text(text: str, **style: bool) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "text", "text": printable(text, TEXT_LIMIT) or " "}
    return {**made, "style": style} if style else made


def _long(text: str) -> dict[str, Any]:
    """A sentence of ours with outside texts in it, which are printable already and limited."""
    return {"type": "text", "text": text}


def _link(url: str) -> dict[str, Any]:
    target = web_href(url)
    if target is None or len(target) > _LONGEST_LINK:
        return _text(url)
    return {"type": "link", "url": target, "text": printable(url, TEXT_LIMIT)}

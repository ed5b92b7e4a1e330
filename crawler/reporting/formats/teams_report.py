"""`report.teams.json`: a message with an Adaptive Card, as a workflow or webhook of Microsoft Teams takes it.

Texts from outside stand in text runs, in which no Markdown is read (https://adaptivecards.io/explorer/TextRun.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from crawler.reporting.console import counted
from crawler.reporting.digest import HELD_HEADING, Digest, held_told, owners_told
from crawler.reporting.formats.report_format import ReportContent
from crawler.reporting.formats.short_payload import write_short
from crawler.reporting.link_rows import CauseCount, LinkRow
from crawler.reporting.words.escaping import printable, web_href
from crawler.reporting.words.wording import explain

MOST_BYTES = 28_000
"""Of a message; Teams refuses a longer one."""
TEXT_LIMIT = 200
_SENTENCE_LIMIT = 1_000
"""Characters of a sentence of ours with outside texts in it."""


def write(content: ReportContent, stream: BinaryIO) -> None:
    """Write the payload into a new file."""
    write_short(content, stream, _payload, MOST_BYTES)


def _payload(short: Digest) -> dict[str, Any]:
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": list(_body(short)),
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _body(short: Digest) -> Iterator[dict[str, Any]]:
    yield _line([_run(f"Links of {printable(short.content, 100)}", weight="Bolder", size="Large")])
    yield _line([_run(short.headline)])
    facts = [{"title": f"{one.amount:,}", "value": one.name} for one in short.tiles if one.amount]
    if facts:
        yield {"type": "FactSet", "facts": facts}
    for news in short.news:
        if news.total:
            yield _line([_run(f"{news.heading}: {counted(news.total, 'link')}", weight="Bolder")])
            yield from (_line(_row(row)) for row in news.rows)
            if news.more:
                yield _line([_run(f"… and {news.more:,} more")])
    if short.all_held:
        yield _line([_run(HELD_HEADING, weight="Bolder")])
        yield from (_line([_run(held_told(held), limit=_SENTENCE_LIMIT)]) for held in short.held)
        if short.more_held:
            yield _line([_run(f"… and {short.more_held:,} more")])
    if short.causes:
        yield _line([_run("To repair, by cause and site", weight="Bolder")])
        yield from (_line(_cause(cause)) for cause in short.causes)
        if short.more_causes:
            yield _line([_run(f"… and {short.more_causes:,} more")])


def _row(row: LinkRow) -> list[dict[str, Any]]:
    place = (
        []
        if row.path is None
        else [_run(f"{row.path}:{row.line}", fontType="Monospace"), _run(" ")]
    )
    target = web_href(row.url)
    link = {"selectAction": {"type": "Action.OpenUrl", "url": target}} if target else {}
    said = f" {row.reason}: {explain(row.reason).meaning}"
    owned = [_run(f" {owners_told(row.owners)}", limit=_SENTENCE_LIMIT)] if row.owners else []
    return [*place, {**_run(row.url), **link}, _run(said), *owned]


def _cause(cause: CauseCount) -> list[dict[str, Any]]:
    said = f" {counted(cause.urls, 'link')} {cause.verdict}: {explain(cause.reason).meaning}"
    return [_run(cause.host or "(no site)", weight="Bolder"), _run(said)]


def _line(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": runs}


def _run(text: str, limit: int = TEXT_LIMIT, **style: str) -> dict[str, Any]:
    shown = printable(text, limit) or " "
    # Cards replace `{{DATE(…)}}` in every text.
    while "{{" in shown:
        shown = shown.replace("{{", "{ {")
    return {"type": "TextRun", "text": shown, **style}

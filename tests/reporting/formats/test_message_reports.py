"""E-mail, Slack and Teams: short messages, which have a length that they must not exceed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import lxml.html
import pytest

from crawler.model.change import Change
from crawler.model.report import Report
from crawler.model.verdict import VerdictKind
from crawler.reporting.formats import email_report, slack_report, teams_report
from tests.reporting.attacked_report import written
from tests.reporting.many_links import link_entry, many, report_of_links

MOST = {
    "email": email_report.MOST_BYTES,
    "slack": slack_report.MOST_BYTES,
    "teams": teams_report.MOST_BYTES,
}
ENTRIES = [
    link_entry(1, VerdictKind.BROKEN, Change.NEW_BROKEN),
    link_entry(2, VerdictKind.DEAD, Change.CONFIRMED_DEAD),
    link_entry(3, VerdictKind.ALIVE, Change.RECOVERED),
    link_entry(4, VerdictKind.DEAD, Change.STILL),
    link_entry(5, VerdictKind.INVALID, url="htp:x"),
]


def text_of(name: str, report: Report) -> str:
    data = written(name, report).decode()
    if name == "email":
        pieces = lxml.html.document_fromstring(data).itertext()
        return " ".join(word for piece in pieces for word in piece.split())
    return " ".join(said(json.loads(data)))


def said(value: Any) -> Iterator[str]:
    """The texts that a message shows."""
    match value:
        case {"type": "text" | "link" | "TextRun" | "plain_text", "text": text}:
            yield text
        case {"title": title, "value": text}:
            yield f"{title} {text}"
        case dict():
            for one in value.values():
                yield from said(one)
        case list():
            for one in value:
                yield from said(one)


@pytest.mark.parametrize("name", MOST)
def test_what_it_says(name: str) -> None:
    text = text_of(name, report_of_links(*ENTRIES))
    for words in (
        "Links of articles",
        "1 newly broken, 1 newly dead, 1 recovered; of 5 links in 0 articles, 2 dead, 1 broken and 1 invalid.",
        "1 link newly broken",
        "Newly broken: 1 link",
        "https://host-1.test/000001",
        "1-0.md",
        "Newly dead: 1 link",
        "Recovered: 1 link",
        "To repair, by cause and site",
        "host-4.test",
        "(no site)",
    ):
        assert words in text
    assert "more" not in text


@pytest.mark.parametrize("name", MOST)
def test_what_is_left_out_is_said(name: str) -> None:
    report = many(1_000, Change.NEW_BROKEN)
    text = text_of(name, report)
    shown = text.count("https://host-")
    assert 0 < shown <= 20
    assert f"… and {1000 - shown:,} more" in text
    assert f"… and {100 - shown:,} more" in text


@pytest.mark.parametrize("name", MOST)
@pytest.mark.parametrize("character", ["🙂", "<", '"', "a"])
def test_no_text_makes_it_longer_than_it_may_be(name: str, character: str) -> None:
    changes = (Change.NEW_BROKEN, Change.CONFIRMED_DEAD, Change.RECOVERED)
    entries = [
        link_entry(
            number,
            VerdictKind.ALIVE if number % 3 == 2 else VerdictKind.DEAD,
            changes[number % 3],
            url=f"https://{number}.test/{character * 3_900}",
        )
        for number in range(90)
    ]
    assert len(written(name, report_of_links(*entries))) <= MOST[name]


def test_nothing_is_loaded_into_a_mail() -> None:
    root = lxml.html.document_fromstring(written("email", report_of_links(*ENTRIES)).decode())
    loading = {"script", "style", "link", "img", "iframe", "object", "base", "form"}
    assert not loading & {one.tag for one in root.iter()}
    assert not any("url(" in str(one.get("style")) for one in root.iter())
    assert not any(name.startswith("on") for one in root.iter() for name in one.attrib)


def test_a_message_of_slack_has_blocks_that_it_takes() -> None:
    message = json.loads(written("slack", report_of_links(*ENTRIES)))
    assert len(message["blocks"]) <= 50
    assert len(message["blocks"][0]["text"]["text"]) <= 150
    kinds = {"text": {"type", "text", "style"}, "link": {"type", "text", "url"}}
    for block in message["blocks"][1:]:
        assert block["type"] == "rich_text"
        for part in block["elements"]:
            sections = part["elements"] if part["type"] == "rich_text_list" else [part]
            for section in sections:
                assert section["type"] == "rich_text_section"
                for element in section["elements"]:
                    assert set(element) <= kinds[element["type"]]
                    assert element["text"]


def test_a_message_of_teams_is_an_adaptive_card() -> None:
    (attachment,) = json.loads(written("teams", report_of_links(*ENTRIES)))["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert {part["type"] for part in card["body"]} == {"RichTextBlock", "FactSet"}
    runs = [run for part in card["body"] for run in part.get("inlines", ())]
    assert {run["type"] for run in runs} == {"TextRun"}
    actions = [run["selectAction"] for run in runs if "selectAction" in run]
    assert {action["type"] for action in actions} == {"Action.OpenUrl"}
    assert all(action["url"].startswith("https://") for action in actions)

from __future__ import annotations

import re

import pytest

from crawler.model.change import Change
from crawler.model.report import Report
from crawler.model.verdict import VerdictKind
from crawler.reporting.formats.comment_report import MARK, MOST_CHARACTERS
from crawler.reporting.formats.markdown_report import MOST_BYTES
from tests.reporting.attacked_report import written
from tests.reporting.many_links import link_entry, many, report_of_links


def page(report: Report, name: str = "md") -> str:
    return written(name, report).decode()


def sections(text: str) -> dict[str, tuple[int, int]]:
    """By heading: how many rows are listed, and how many more the section says there are."""
    found = {}
    for section in text.split("\n## ")[1:]:
        heading, body = section.split("\n", 1)
        more = re.search(r"… and ([\d,]+) more\.", body)
        found[heading] = (body.count("\n- "), int(more[1].replace(",", "")) if more else 0)
    return found


def test_what_it_says() -> None:
    entries = [
        link_entry(1, VerdictKind.BROKEN, Change.NEW_BROKEN, url="https://a.test/1", places=2),
        link_entry(2, url="https://a.test/2", related=4),
        link_entry(3, VerdictKind.UNVERIFIABLE, url="https://b.test/3", reason="bot-wall"),
    ]
    text = page(report_of_links(*entries))
    assert text.startswith(
        "# Links of `articles`\n\n1 newly broken; of 3 links in 0 articles, 1 dead and 1 broken.\n"
    )
    assert "\nRun 7. Written 22 November 2026, 10:30 UTC.\n" in text
    assert "\n| link newly broken | 1 |\n" in text
    assert (
        "\n- `1-0.md:5` [`https://a.test/1`](<https://a.test/1>) is broken since 2026-11-22 "
        "(`http-404`): The server says" in text
    )
    assert list(sections(text)) == [
        "Newly broken: 1 link",
        "To repair, by cause and site: 2 groups",
        "Could not be verified, by cause and site: 1 group",
        "To repair: 2 links",
    ]


def test_a_clean_collection_is_told_in_a_sentence() -> None:
    text = page(report_of_links(link_entry(1, VerdictKind.ALIVE)))
    assert "none is broken" in text
    assert not sections(text)


@pytest.mark.parametrize(
    ("name", "amount", "most"),
    [("md", 30_000, MOST_BYTES), ("comment", 3_000, MOST_CHARACTERS)],
)
def test_it_is_as_long_as_it_may_be_and_says_what_is_left_out(
    name: str, amount: int, most: int
) -> None:
    text = page(many(amount, Change.NEW_BROKEN), name)
    length = len(text.encode()) if name == "md" else len(text.encode("utf-16-le")) // 2
    assert most * 0.9 < length <= most
    found = sections(text)
    for heading in (f"Newly broken: {amount:,} links", f"To repair: {amount:,} links"):
        shown, more = found[heading]
        assert shown + more == amount
        assert min(shown, more) > 10
    shown, more = found["To repair, by cause and site: 100 groups"]
    assert shown + more == 100


def test_a_comment_of_emoji_is_no_longer() -> None:
    entries = [
        link_entry(number, url="https://a.test/" + "🙂" * 250 + str(number))
        for number in range(300)
    ]
    text = page(report_of_links(*entries), "comment")
    assert len(text.encode("utf-16-le")) // 2 <= MOST_CHARACTERS


def test_a_comment_can_be_found_again() -> None:
    assert page(report_of_links(), "comment").startswith(MARK)

"""Dates as pages write them, in all languages; what may be two days is none (rules M7, M8)."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.metadata.days_in_words import month_of
from crawler.extractors.metadata.month_names import DAY_FIRST, MONTH_FIRST, MONTHS
from crawler.extractors.metadata.stated_dates import address_day, address_month, iso_date
from crawler.extractors.page import extract_page


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("2024年3月5日", "", "2024-03-05"),
        ("2024年03月05日 10:30", "zh", "2024-03-05T10:30:00"),
        ("2024年3月5日 下午3:04", "zh", "2024-03-05T15:04:00"),
        ("令和6年3月5日", "ja", "2024-03-05"),
        ("二〇二四年三月五日", "zh", "2024-03-05"),
        ("二〇二四年十二月二十五日", "zh", "2024-12-25"),
        ("2024년 3월 5일", "ko", "2024-03-05"),
        ("2024. 03. 05. 오후 3:04", "ko", "2024-03-05T15:04:00"),
        ("March 5, 2024 3:04 PM EST", "en", "2024-03-05T15:04:00-05:00"),
        ("March 5, 2024 at 12:10 a.m. ET", "en", "2024-03-05T00:10:00-05:00"),
        ("July 5, 2024 12:10 PM ET", "en", "2024-07-05T12:10:00-04:00"),
        ("5 Mar 2024, 3pm GMT", "en", "2024-03-05T15:00:00+00:00"),
        ("Tue, 05 Mar 2024 10:00:00 +0100", "", "2024-03-05T10:00:00+01:00"),
        ("Tue Mar  5 10:00:00 2024", "", "2024-03-05T10:00:00"),
        ("Tue Mar 05 10:00:00 CET 2024", "", "2024-03-05T10:00:00+01:00"),
        ("5 марта 2024", "ru", "2024-03-05"),
        ("5 марта 2024 г., 15:04", "ru", "2024-03-05T15:04:00"),
        ("٥ مارس ٢٠٢٤", "ar", "2024-03-05"),
        ("5 مارس 2024", "", "2024-03-05"),
        ("5 มีนาคม 2567", "th", "2024-03-05"),
        ("5 มี.ค. 2567", "th", "2024-03-05"),
        ("5 de marzo de 2024", "es", "2024-03-05"),
        ("1er février 2024", "fr", "2024-02-01"),
        ("5. März 2024, 10:30 Uhr", "de", "2024-03-05T10:30:00"),
        ("5. März 2024 10.30 Uhr MEZ", "de", "2024-03-05T10:30:00+01:00"),
        ("2024. március 5.", "hu", "2024-03-05"),
        ("2024 m. kovo 5 d.", "lt", "2024-03-05"),
        ("2024. gada 5. marts", "lv", "2024-03-05"),
        ("5 Μαρτίου 2024", "el", "2024-03-05"),
        ("5 במרץ 2024", "he", "2024-03-05"),
        ("5 मार्च 2024", "hi", "2024-03-05"),
        ("৫ মার্চ, ২০২৪", "bn", "2024-03-05"),
        ("5 tháng 3, 2024", "vi", "2024-03-05"),
        ("5 maaliskuuta 2024", "fi", "2024-03-05"),
        ("5. listopada 2024", "hr", "2024-10-05"),
        ("5. listopadu 2024", "cs", "2024-11-05"),
        ("5 listopada 2024", "pl", "2024-11-05"),
        ("5 listopada 2024", "", ""),
        ("3/4/2024", "", ""),
        ("3/4/2024", "en", ""),
        ("3/4/2024", "en-US", "2024-03-04"),
        ("3/4/2024", "en-GB", "2024-04-03"),
        ("3/4/2024", "de", "2024-04-03"),
        ("3/4/2024", "fr-CA", "2024-04-03"),
        ("13/4/2024", "", "2024-04-13"),
        ("4/13/2024", "", "2024-04-13"),
        ("3.4.2024", "", "2024-04-03"),
        ("3/3/2024", "", "2024-03-03"),
        ("3/4/2024 3:04 PM", "en-US", "2024-03-04T15:04:00"),
        ("13/14/2024", "de", ""),
        ("20240305", "", "2024-03-05"),
        ("20240305T101500Z", "", "2024-03-05T10:15:00+00:00"),
        ("2024-03-05 10:00:00 +0000 UTC", "", "2024-03-05T10:00:00+00:00"),
        ("2024-03-05T10:00:00+01:00[Europe/Paris]", "", "2024-03-05T10:00:00+01:00"),
        ("2024/03/05 15:04", "", "2024-03-05T15:04:00"),
        ("2024-03-05 3:04 PM PST", "", "2024-03-05T15:04:00-08:00"),
        ("1709640000", "", "2024-03-05T12:00:00+00:00"),
        ("you may 5 times", "", ""),
        ("May 5", "", ""),
        ("version 1.2.2024", "en", "2024-02-01"),
        ("2024", "", ""),
        ("March 2024", "", ""),
        ("12345678", "", ""),
        ("+1 (555) 2024-0305", "", ""),
        ("31 февраля 2024", "ru", ""),
        ("5 мая 2024", "ru", "2024-05-05"),
        ("5 May 2024", "", "2024-05-05"),
        ("Sept. 5, 2024", "", "2024-09-05"),
        ("5 août 2024", "", "2024-08-05"),
        ("5 aout 2024", "fr", "2024-08-05"),
        ("12:00 AM, March 5, 2024", "", "2024-03-05T00:00:00"),
        ("5 मार्च 2024, 3:04 pm IST", "hi", "2024-03-05T15:04:00+05:30"),
        ("2024年3月5日 15:04 CST", "zh-CN", "2024-03-05T15:04:00+08:00"),
        ("1970-01-01", "", ""),
        ("5 juni 2024 kl. 10.30", "sv", "2024-06-05"),
        ("Updated 3:04 PM EST, Tue March 5, 2024", "en", "2024-03-05T15:04:00-05:00"),
        ("3月5日", "", ""),
        ("2024-03-05T15:04", "", "2024-03-05T15:04:00"),
        ("March 5, 2024 25:99", "", "2024-03-05"),
        ("2024-03-05T10:00:00.123Z", "", "2024-03-05T10:00:00.123000+00:00"),
        ("2016-05-14T16:34+5.30", "", "2016-05-14T16:34:00+05:30"),
        ("March 5, 2024 3:04 PM +99:00", "", "2024-03-05T15:04:00"),
        ("1 November 2026, 10:00 ET", "", "2026-11-01T10:00:00-05:00"),
        ("8 March 2026, 10:00 PT", "", "2026-03-08T10:00:00-07:00"),
    ],
)
def test_a_date_as_people_write_it(text: str, language: str, expected: str) -> None:
    assert iso_date(text, language) == expected


@pytest.mark.parametrize(
    ("url", "day", "month"),
    [
        ("https://x/2024/03/05/a", "2024-03-05", "2024-03"),
        ("https://x/2024/mar/05/a", "2024-03-05", "2024-03"),
        ("https://x/2024/03/a", "", "2024-03"),
        ("https://x/2024/3/a", "", "2024-03"),
        ("https://x/202403/a", "", "2024-03"),
        ("https://x/2024/12-best", "", ""),
        ("https://x/2024/99/a", "", ""),
        ("https://x/a/2024/", "", ""),
        ("https://x/2024-03/a", "", "2024-03"),
        ("https://x/p?d=2024/03/", "", ""),
        ("https://x/202413/", "", ""),
        ("https://x/2024/march/a", "", "2024-03"),
        ("//[", "", ""),
    ],
)
def test_the_day_and_the_month_in_an_address(url: str, day: str, month: str) -> None:
    assert (address_day(url), address_month(url)) == (day, month)


@pytest.mark.parametrize("language", sorted(MONTHS))
def test_every_month_of_every_language_is_known_in_it(language: str) -> None:
    months = MONTHS[language].split("|")
    assert len(months) == 12
    for number, names in enumerate(months, 1):
        for name in names.split():
            assert month_of(name, language) == number


def test_no_locale_puts_both_first() -> None:
    assert not DAY_FIRST & MONTH_FIRST


@given(st.text(max_size=200), st.sampled_from(["", "en-US", "de", "th", "zh"]))
def test_no_text_fails(text: str, language: str) -> None:
    iso_date(text, language)


@pytest.mark.parametrize("part", ["1:", "5 ", "12/", "年1", "pm ", "十", "a.", "+1"])
def test_a_hostile_text_takes_no_time(part: str) -> None:
    began = time.process_time()
    iso_date(part * 100_000)
    assert time.process_time() - began < 1


def published(html: str, url: str = "https://news.example/a") -> tuple[str | None, bool]:
    facts = extract_page(html.encode(), url=url, content_type="text/html; charset=utf-8").facts
    return facts.published, facts.published_guessed


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h1>A</h1><time>2024年3月5日</time>", ("2024-03-05", True)),
        ("<html lang=fr><h1>A</h1><time datetime=''>5 août 2024</time>", ("2024-08-05", True)),
        ("<html lang=en-GB><h1>A</h1><time>3/4/2024</time>", ("2024-04-03", True)),
        ("<html lang=en><h1>A</h1><time>3/4/2024</time>", (None, False)),
        ("<html lang=en><h1>A</h1><p>On 3/4/2024</p>", (None, False)),
        ("<html lang=en-US><h1>A</h1><p>On 3/4/2024</p>", ("2024-03-04", True)),
        ("<html lang=de><meta name=date content='3/4/2024'>", ("2024-04-03", False)),
        ("<meta property=og:locale content=en_US><meta name=date content='3/4/2024'>", ("2024-03-04", False)),
        ("<meta property=article:published:time content=2024-03-05>", ("2024-03-05", False)),
        ("<meta property=article.published-time content=2024-03-05>", ("2024-03-05", False)),
        ("<meta property=article:publishedTime content=2024-03-05>", ("2024-03-05", False)),
        ("<meta property=“article:published_time” content=2024-03-05>", ("2024-03-05", False)),
        ("<meta name=article:publish_time content=2024-03-05>", ("2024-03-05", False)),
        ("<meta property=OG:Article:Published:Time content=2024-03-05>", ("2024-03-05", False)),
        ("<meta property=DCTERMS:issued content=2024-03-05>", ("2024-03-05", False)),
        # No time of publication; the search for dates reads them.
        ("<meta property=article:unpublished_time content=2024-03-05>", ("2024-03-05", True)),
        ("<meta property=article:expiration_time content=2024-03-05>", ("2024-03-05", True)),
        ('<script type=application/ld+json>{"@type":"Article","schema:datePublished":"2024-03-05"}</script>', ("2024-03-05", False)),
        ('<script type=application/ld+json>{"@type":"Article","datepublished":"2024-03-05"}</script>', ("2024-03-05", False)),
    ],
)  # fmt: skip
def test_where_a_page_says_its_day(html: str, expected: tuple[str | None, bool]) -> None:
    assert published(html) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.example/2024/03/a", "2024-03-05"),
        ("https://news.example/2024/mar/a", "2024-03-05"),
        ("https://news.example/2023/03/a", None),
        ("https://news.example/2024/04/a", None),
        ("https://news.example/2024/", "2024-03-05"),
        ("https://news.example/2023/03/17/a", "2023-03-17"),
    ],
)
def test_a_guess_never_contradicts_the_address(url: str, expected: str | None) -> None:
    """Rule M8; a date that is stated is not a guess."""
    html = "<h1>A</h1><time datetime=2024-03-05>then</time>"
    assert published(html, url)[0] == expected
    stated = "<meta property=article:published_time content=2024-03-05>"
    assert published(stated, url) == ("2024-03-05", False)


def test_a_name_of_the_application_is_told_by_its_own_name() -> None:
    page = extract_page(b"<meta name=applicationName content=article>", url="", content_type=None)
    assert page.facts.site_name is None


def test_modification_under_other_names() -> None:
    html = "<meta property=article:modified:time content=2024-03-06>"
    assert extract_page(html.encode(), url="", content_type=None).facts.modified == "2024-03-06"

"""Rule M8: a guessed day of publication where a page states none: it is marked, bounded and proves nothing else."""

from __future__ import annotations

import pytest

from crawler.extractors.metadata.guessed_dates import MAX_ELEMENTS, MAX_SOURCE
from crawler.extractors.metadata.stated_dates import address_day
from crawler.extractors.page import ExtractedPage, extract_page
from crawler.model.observation import SoftSign

URL = "https://news.example/pier"
LONG = "<p>" + "The pier is open again. " * 20


def extract(html: str, url: str = URL) -> ExtractedPage:
    return extract_page(html.encode(), url=url, content_type="text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("html", "day", "source"),
    [
        ("<time datetime=2020-03-04>x</time>", "2020-03-04", "time"),
        (
            "<time class=published datetime=2020-03-04>x</time><time datetime=2019-01-01>",
            "2020-03-04",
            "time",
        ),
        ("<time class=updated datetime=2020-03-04>x</time>", None, None),
        ("<nav><time datetime=2020-03-04>x</time></nav>", None, None),
        ("<p class=comments><time datetime=2020-03-04>x</time>", None, None),
        ("<time datetime=2020-03-04>x</time><time datetime=2020-03-05>x</time>", None, None),
        ("<h1>Pier</h1><p>4 March 2020</p>", "2020-03-04", "htmldate"),
        (f"<h1>Pier</h1>{LONG}<p>posted 4 March 2020", "2020-03-04", "htmldate"),
        ("<h1>Pier</h1><p>1 March 2020</p>", "2020-03-01", "htmldate"),
        ("<h1>Pier</h1><p>March 2020</p>", None, None),
        ("<h1>Pier</h1><p>Copyright 2019 us</p>", None, None),
        ("<h1>Pier</h1>" + "<b></b>" * MAX_ELEMENTS + "<p>posted 4 March 2020", None, None),
        ("<h1>Pier</h1>" + " " * MAX_SOURCE + "<p>posted 4 March 2020", None, None),
        ("<h1>Pier</h1>" + "<div>" * 100 + "pier " * 45_000 + "<p>posted 4 March 2020", None, None),
        ("<h1>Pier</h1>" + "<div>" * 10 + "pier " * 45_000 + "<p>posted 4 March 2020", "2020-03-04", "htmldate"),
        ("", None, None),
    ],
)  # fmt: skip
def test_day_is_guessed(html: str, day: str | None, source: str | None) -> None:
    page = extract(html)
    assert page.facts.published == day
    assert page.facts.published_guessed is (day is not None)
    assert page.facts.stated is None
    assert [one.source for one in page.candidates.get("published", ())] == ([source] if day else [])


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/2020/03/04/pier", "2020-03-04"),
        ("https://a.example/news/2020-3-4-pier.html", "2020-03-04"),
        ("https://a.example/pier-2020-03-04", "2020-03-04"),
        ("https://a.example/2020/03/", ""),
        ("https://a.example/2020/13/44/x", ""),
        ("https://a.example/?on=/2020/03/04", ""),
        ("https://[", ""),
    ],
)
def test_day_in_an_address(url: str, day: str) -> None:
    assert address_day(url) == day
    assert extract("<h1>Pier</h1>", url).facts.published == (day or None)


def test_a_stated_date_is_not_guessed_again() -> None:
    html = "<meta name=date content=2020-03-04><p>posted 5 May 2021"
    page = extract(html, "https://a.example/2022/06/06/x")
    assert [one.source for one in page.candidates["published"]] == ["meta"]
    assert page.facts.stated == "2020-03-04"


def test_a_guess_makes_no_modification_too_early() -> None:
    html = (
        "<h1>Pier</h1><p>4 March 2020</p><meta property=article:modified_time content=2019-01-01>"
    )
    assert extract(html).facts.modified == "2019-01-01"


def test_a_guess_does_not_save_a_not_found_page() -> None:
    html = "<title>Page not found</title><h1>Page not found</h1><p>4 March 2020</p>"
    page = extract(html, "https://a.example/2020/03/04/x")
    assert page.sign is SoftSign.NOT_FOUND
    assert page.facts.published is None


@pytest.mark.parametrize(
    ("said", "rest", "url", "published"),
    [
        ("2020-03-04T23:30:00Z", "2020-03-05T01:30:00+0200", URL, "2020-03-05T01:30:00+02:00"),
        ("2020-03-04T23:30:05Z", "2020-03-05T05:00:05+05:30", URL, "2020-03-05T05:00:05+05:30"),
        ("2020-03-04T23:30:00Z", "2020-03-05T01:30:01+0200", URL, "2020-03-04T23:30:00+00:00"),
        (
            "2020-03-04T23:30:00Z",
            "",
            "https://a.example/2020/03/05/x",
            "2020-03-05T00:30:00+01:00",
        ),
        (
            "2020-03-04T02:30:00Z",
            "",
            "https://a.example/2020/03/03/x",
            "2020-03-03T23:30:00-03:00",
        ),
        ("2020-03-04T12:00:00Z", "", "https://a.example/2020/03/09/x", "2020-03-04T12:00:00+00:00"),
        ("2020-03-04T12:00:00Z", "", "https://a.example/2020/03/04/x", "2020-03-04T12:00:00+00:00"),
        (
            "2020-03-04T23:30:00+01:00",
            "",
            "https://a.example/2020/03/05/x",
            "2020-03-04T23:30:00+01:00",
        ),
    ],
)
def test_a_moment_in_utc_is_given_in_the_page_s_zone(
    said: str, rest: str, url: str, published: str
) -> None:
    html = f"<meta property=article:published_time content={said}><script>'{rest}'</script>"
    assert extract(html, url).facts.published == published

"""Rules D1 and D2: which page an article is of."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.model.check import ChangeKind, Level, LinkedReference
from crawler.model.observation import PageFacts
from crawler.model.role import Role
from crawler.model.verdict import VerdictKind, WarningCode
from crawler.rules.article.identity import Claim, SharedPages, claim, identity_findings, is_general
from crawler.rules.places import same_place
from tests.rules.articles import article, linked

WEB = "https://news.example/2020/a-story-of-note"
NEW = "https://news.example/culture/the-story-as-it-was"
NONE = SharedPages()


def web(canonical: str | None, url: str = WEB, **facts: Any) -> LinkedReference:
    all_facts: dict[str, Any] = {"page": PageFacts(canonical=canonical)} | facts
    return linked(url=url, **all_facts)


def codes(*own: LinkedReference, shared: SharedPages = NONE) -> list[str]:
    return [finding.reason for finding in identity_findings(article(*own), shared)]


@pytest.mark.parametrize(
    "canonical",
    [
        NEW,
        "https://news.example/story?id=42",
        "https://www.news.example/culture/the-story-as-it-was",
        "https://m.news.example/culture/the-story-as-it-was",
        "https://culture.news.example/2020/another-name",
        # Another site, but the name of the page is kept.
        "https://new-name.example/2020/a-story-of-note",
    ],
)
def test_a_canonical_address_of_one_page_is_suggested(canonical: str) -> None:
    (finding,) = identity_findings(article(web(canonical)))
    assert (finding.reason, finding.level) == ("canonical-differs", Level.INFO)
    assert (finding.at, finding.url) == ("webUrl", WEB)
    assert (finding.expected, finding.change) == (canonical, ChangeKind.REPLACE)


@pytest.mark.parametrize(
    "canonical",
    [
        None,
        WEB,
        f"{WEB}/?utm_source=feed#top",
        "http://www.news.example/2020/a-story-of-note",
        "https://news.example/",
        "https://news.example/?utm_medium=x",
        "https://news.example/culture",
        "https://news.example/culture?ref=a",
        "https://news.example/de/cookie-wall",
        "https://news.example/search/all?q=story",
        "https://other.example/2020/an-unlike-name",
        "https://example/2020/an-unlike-name",
        "javascript:void(0)",
        "/2020/relative",
    ],
)
def test_an_address_of_no_other_page_is_no_finding(canonical: str | None) -> None:
    assert codes(web(canonical)) == []


def test_a_canonical_address_keeps_the_fragment() -> None:
    """Rule E5."""
    (finding,) = identity_findings(article(web(NEW, f"{WEB}#part")))
    assert (finding.expected, finding.change) == (f"{NEW}#part", ChangeKind.REPLACE)


@pytest.mark.parametrize(
    "canonical", [f"{NEW};jsessionid=1", f"{NEW}?PHPSESSID=1", f"{NEW}?utm_source=feed"]
)
def test_a_canonical_address_of_one_session_is_not_suggested(canonical: str) -> None:
    """Rule E6."""
    assert codes(web(canonical)) == []


def test_a_canonical_address_of_one_language_is_not_suggested() -> None:
    """Rule E6: it may have been chosen for this reader."""
    (finding,) = identity_findings(article(web(WEB.replace("/2020", "/en-us/2020"))))
    assert (finding.reason, finding.change) == ("canonical-differs", None)


def test_where_the_visit_ended_counts_for_the_site() -> None:
    """The article's site has another name now: its canonical address is still the site's own."""
    ended = "https://renamed.example/2020/story-42"
    moved = web("https://renamed.example/2020/story-43", final_url=ended)
    assert codes(moved) == ["canonical-differs"]


def test_what_is_suggested_already_is_not_suggested_twice() -> None:
    assert codes(web(NEW, kind=VerdictKind.MOVED, suggestion=NEW)) == []
    assert codes(web(NEW, kind=VerdictKind.MOVED, suggestion=f"{WEB}-2")) == ["canonical-differs"]


def test_a_reprint_that_names_its_original_is_right() -> None:
    original = linked(
        Role.ORIGINAL,
        pointer="originalUrl",
        url="https://agency.example/x",
        final_url="https://agency.example/2020/a-story-of-note",
    )
    assert codes(web("https://agency.example/2020/a-story-of-note"), original) == []


def test_without_a_web_page_the_original_is_asked() -> None:
    unseen = web(NEW, kind=VerdictKind.UNVERIFIABLE)
    original = linked(Role.ORIGINAL, url=WEB, pointer="originalUrl", page=PageFacts(canonical=NEW))
    (finding,) = identity_findings(article(unseen, original))
    assert finding.at == "originalUrl"


@pytest.mark.parametrize(
    "unseen",
    [
        {"kind": VerdictKind.UNVERIFIABLE},
        {"kind": VerdictKind.DEAD},
        {"page": None},
        {"reason": "redirect-general"},
        {"warnings": (WarningCode.CERTIFICATE_UNTRUSTED,)},
        {"warnings": (WarningCode.BODY_INCOMPLETE,)},
    ],
)
def test_walls_and_unknown_servers_name_nothing(unseen: dict[str, Any]) -> None:
    known = article(web(NEW, **unseen))
    assert identity_findings(known, SharedPages({"a.md": ("b.md",)})) == ()
    assert claim(known) is None


def test_an_address_that_many_pages_share_is_never_suggested() -> None:
    general = SharedPages(general=frozenset([same_place(NEW)]))
    assert codes(web(NEW), shared=general) == []


def test_articles_of_one_page_name_each_other() -> None:
    (finding,) = identity_findings(article(web(None)), SharedPages({"a.md": ("b.md", "c.md")}))
    assert (finding.reason, finding.level) == ("canonical-shared", Level.WARNING)
    assert (finding.actual, finding.others, finding.change) == (WEB, ("b.md", "c.md"), None)
    both = codes(web(NEW), shared=SharedPages({"a.md": ("b.md",)}))
    assert both == ["canonical-differs", "canonical-shared"]


@pytest.mark.parametrize(
    ("own", "place"),
    [
        (web(NEW), NEW),
        (web(None), WEB),
        (web("https://news.example/"), WEB),
        (web(None, final_url=NEW), NEW),
        (web(None, url="https://news.example/about"), None),
        (web(NEW, final_url="https://[::1"), None),
    ],
)
def test_what_an_article_claims(own: LinkedReference, place: str | None) -> None:
    found = claim(article(own))
    assert (found.place if found else None) == (same_place(place) if place else None)


def test_many_ends_make_a_general_place() -> None:
    place = same_place(NEW)
    ends = [same_place(f"{WEB}-{number}") for number in range(5)]
    claims = [Claim(f"{number}.md", place, end) for number, end in enumerate(ends)]
    assert is_general(claims)
    assert not is_general(claims[:4] * 2)

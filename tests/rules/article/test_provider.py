"""The provider of an article against who publishes its page (rules D3, D4, D5)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crawler.extractors.registered_domain import site_of
from crawler.model.check import ArticleChecks, ChangeKind, FieldFinding, KnownArticle, Level
from crawler.model.observation import PageFacts
from crawler.model.provider import Provider
from crawler.model.role import Role
from crawler.model.verdict import VerdictKind
from crawler.rules.article.article_checks import article_checks
from crawler.rules.article.repairs import kind_of
from crawler.rules.policy import Policy
from tests.rules.articles import SINCE, article, linked

TITLE = "A story of note"


def checks(
    known: KnownArticle, name: str | None = None, domain: str | None = None
) -> ArticleChecks:
    provider = Provider(name, domain, 4 if name else 0, 5 if domain else 0)
    known = replace(known, provider=provider)
    return article_checks(known, Policy(), SINCE, site_of=site_of)


def found(
    known: KnownArticle, name: str | None = None, domain: str | None = None
) -> list[FieldFinding]:
    return [
        one for one in checks(known, name, domain).identity if one.reason == "provider-mismatch"
    ]


def at(
    url: str,
    site_name: str | None = None,
    *,
    title: str | None = TITLE,
    authors: tuple[str, ...] = (),
    canonical: str | None = None,
    **more: Any,
) -> KnownArticle:
    """An article whose page is at `url`."""
    facts = PageFacts(title=title, site_name=site_name, authors=authors, canonical=canonical)
    return article(linked(url=url, page=facts, **more), title=TITLE)


def moved(
    old: str, new: str, site_name: str | None = None, *, status: int = 301, **more: Any
) -> KnownArticle:
    kind = VerdictKind.MOVED if status in (301, 308) else VerdictKind.ALIVE
    return at(old, site_name, kind=kind, final_url=new, hops=(status,), **more)


def described(findings: list[FieldFinding]) -> list[tuple[str, str | None, bool]]:
    return [(one.at, one.expected, one.change is ChangeKind.REPLACE) for one in findings]


# -------------------------------------------------------------------------------------------- name


@pytest.mark.parametrize(
    ("name", "host", "site_name"),
    [
        ("The Verge", "www.theverge.com", "The Verge"),
        ("the verge", "www.theverge.com", "THE VERGE"),
        ("Game Rant on MSN", "www.msn.com", "MSN"),
        ("GameRant on MSN.com", "www.msn.com", "MSN"),
        ("Benzinga.com", "www.benzinga.com", "Benzinga"),
        ("BeefGuyTy", "www.youtube.com", "YouTube"),
        ("The Motley Fool", "www.fool.com", "Fool"),
        ("Odessa American", "www.oaoa.com", "Odessa American"),
        ("Redmond Magazine", "redmondmag.com", "Redmondmag"),
        ("Play Station Universe", "www.psu.com", "PSU.com"),
        ("WFMZ-TV", "www.wfmz.com", "WFMZ.com"),
        ("dbta.com", "www.dbta.com", "Database Trends and Applications"),
        ("PR", "www.pr.com", "PR.com"),
        ("Aus Games", "www.ausgamers.com", "AusGamers"),
        ("vg247", "www.vg247.com", "VG247"),
        ("as.com", "as.com", "Diario AS"),
        ("Twitter", "x.com", "X (formerly Twitter)"),
        ("The Huffington Post", "www.huffpost.com", "HuffPost"),
        ("Meta", "about.fb.com", "Facebook Newsroom"),
        ("Meta Platforms, Inc.", "about.facebook.com", "Newsroom of Something"),
        ("Windows Azure", "azure.microsoft.com", "Microsoft Azure"),
        ("WSJ", "www.wsj.com", "The Wall Street Journal"),
        ("AP", "apnews.com", "AP News"),
        # The domain says it, whatever the site calls itself.
        ("Computerworld", "www.computerworld.com", "IDG Communications"),
        ("GamingBolt", "gamingbolt.com", "Video Game News"),
        ("Recode", "www.vox.com", "Some Section"),
        # Nothing to compare with.
        ("From Software", "gamingbolt.com", None),
        ("From Software", "gamingbolt.com", ""),
        ("From Software", "gamingbolt.com", "Home"),
        ("From Software", "gamingbolt.com", "News"),
        ("From Software", "gamingbolt.com", "The Blog"),
        ("From Software", "gamingbolt.com", "Untitled"),
        ("From Software", "gamingbolt.com", "My WordPress Site"),
        ("From Software", "gamingbolt.com", TITLE),
        ("From Software", "gamingbolt.com", "https://gamingbolt.com"),
        ("GamingBolt", "www.oaoa.com", "WWW.GAMINGBOLT.COM"),
        ("From Software", "gamingbolt.com", "{{ site.name }}"),
        ("From Software", "gamingbolt.com", "%%sitename%%"),
        ("From Software", "gamingbolt.com", "x" * 61),
        ("From Software", "gamingbolt.com", "G"),
        ("ТАСС", "tass.com", "TASS"),
        ("", "gamingbolt.com", "GamingBolt"),
        (" ", "gamingbolt.com", "GamingBolt"),
        # Sites of many publishers.
        ("Some Writer", "medium.com", "Medium"),
        ("Contoso", "www.prnewswire.com", "PR Newswire"),
        ("A Channel", "techcommunity.microsoft.com", "TECHCOMMUNITY"),
        ("A Writer", "writer.substack.com", "Letters of Somebody"),
        ("Somebody", "somebody-else.blogspot.com", "Else"),
    ],
)  # fmt: skip
def test_quiet_names(name: str, host: str, site_name: str | None) -> None:
    assert found(at(f"https://{host}/2020/a-story-of-note", site_name), name) == []


@pytest.mark.parametrize(
    ("name", "host", "site_name", "expected", "is_safe"),
    [
        ("From Software", "gamingbolt.com", "GamingBolt", "GamingBolt", True),
        ("Deep", "www.thefastmode.com", "The Fast Mode", "The Fast Mode", True),
        ("Windows", "www.compsmag.com", "Compsmag", "Compsmag", True),
        ("GDPR fines", "www.itp.net", "ITP.net", "ITP.net", True),
        ("Fox News", "www.nbcnews.com", "NBC News", "NBC News", True),
        ("The Times", "www.ft.com", "Financial Times", "Financial Times", True),
        ("PC Gamer", "www.pcworld.com", "PC World", "PC World", True),
        ("Gamespot", "www.gamespew.com", "GameSpew - Video Games", "GameSpew", True),
        ("From Software", "gamingbolt.com", "Video Game News | GamingBolt", "GamingBolt", True),
        # The domain does not bear the site's name: it may be anybody's.
        ("Tucson Sun", "www.oaoa.com", "Odessa American", "Odessa American", False),
        ("Metacritic", "about.fb.com", "Facebook Newsroom", "Facebook Newsroom", False),
        ("From Software", "gamingbolt.com", "www.gamingbolt.com", "gamingbolt.com", True),
        ("Microsoft", "yourstory.com", "Your Story", "Your Story", True),
        ("Windows", "azure.microsoft.com", "Microsoft Azure", "Microsoft Azure", True),
        ("From Software", "gamingbolt.com", "100% GamingBolt", "100% GamingBolt", True),
        ("MediaPost", "www.washingtonpost.com", "Washington Post", "Washington Post", True),
    ],
)
def test_told_names(name: str, host: str, site_name: str, expected: str, is_safe: bool) -> None:
    known = at(f"https://{host}/2020/a-story-of-note", site_name)
    findings = found(known, name)
    assert described(findings) == [("provider/name", expected, is_safe)]
    assert findings[0].level is Level.INFO
    assert (findings[0].line, findings[0].url) == (4, name)


def test_a_name_is_quiet_where_an_author_bears_it() -> None:
    url = "https://www.daily-example.com/2020/a-story-of-note"
    assert found(at(url, "Daily Example", authors=("Jane Doe",)), "Jane Doe") == []
    assert len(found(at(url, "Daily Example", authors=("John Roe",)), "Jane Doe")) == 1


def test_a_name_with_marks_that_nobody_sees_is_not_offered() -> None:
    known = at("https://gamingbolt.com/a-story-of-note", "Gaming\u202eBolt")
    assert described(found(known, "From Software")) == [
        ("provider/name", "Gaming\u202eBolt", False)
    ]


def test_nothing_is_suggested_from_a_page_that_is_not_recognised() -> None:
    known = at("https://gamingbolt.com/2020/a-story-of-note", "GamingBolt", title="Please wait")
    told = described(found(known, "From Software", "fromsoftware.jp"))
    assert told == [
        ("provider/domain", "gamingbolt.com", False),
        ("provider/name", "GamingBolt", False),
    ]


def test_a_long_headline_cut_short_is_no_site_name() -> None:
    title = "How a small studio became known to the whole world of games"
    facts = PageFacts(title=title, site_name="How a small studio became known to …")
    known = article(linked(url="https://gamingbolt.com/a-b-c", page=facts), title=title)
    assert found(known, "From Software") == []


# ------------------------------------------------------------------------------------------ domain


@pytest.mark.parametrize(
    ("domain", "host"),
    [
        ("gamingbolt.com", "gamingbolt.com"),
        ("GamingBolt.COM", "gamingbolt.com"),
        ("www.gamingbolt.com", "gamingbolt.com"),
        ("gamingbolt.com.", "gamingbolt.com"),
        ("https://www.gamingbolt.com/", "gamingbolt.com"),
        ("gamingbolt.com:443", "www.gamingbolt.com"),
        ("itpro.co.uk", "www.itpro.com"),
        ("itpro.com", "www.itpro.co.uk"),
        ("bbc.co.uk", "news.bbc.co.uk"),
        ("news.bbc.co.uk", "www.bbc.com"),
        ("twitter.com", "x.com"),
        ("huffingtonpost.com", "www.huffpost.com"),
        ("msnbc.com", "www.nbcnews.com"),
        ("guardian.co.uk", "www.theguardian.com"),
        ("bücher.de", "xn--bcher-kva.de"),
        ("GamingBolt", "gamingbolt.com"),
        ("Gaming Bolt", "gamingbolt.com"),
        ("", "gamingbolt.com"),
        ("  ", "gamingbolt.com"),
        # Who owns these hosts published nothing there.
        ("gamingbolt.com", "web.archive.org"),
        ("gamingbolt.com", "gamingbolt-com.cdn.ampproject.org"),
        ("gamingbolt.com", "bit.ly"),
        ("gamingbolt.com", "webcache.googleusercontent.com"),
        ("gamingbolt.com", "gamingbolt-com.translate.goog"),
        ("gamingbolt.com", "archive.ph"),
    ],
)
def test_quiet_domains(domain: str, host: str) -> None:
    assert found(at(f"https://{host}/2020/a-story-of-note"), domain=domain) == []


@pytest.mark.parametrize(
    ("domain", "host", "expected", "is_safe"),
    [
        ("fromsoftware.jp", "www.gamingbolt.com", "gamingbolt.com", True),
        ("gamesport.com", "www.gamespot.com", "gamespot.com", True),
        ("bbc.co.uk", "www.sky.co.uk", "sky.co.uk", True),
        ("com", "www.sky.co.uk", "sky.co.uk", True),
        ("notgamespot.com", "gamespot.com", "gamespot.com", True),
        ("news.com.au", "www.news.google", "news.google", True),
        ("From Software", "gamingbolt.com", "gamingbolt.com", True),
        ("user:secret@gamingbolt.com x", "gamespot.com", "gamespot.com", True),
        ("gamingbolt.com", "192.0.2.7", "192.0.2.7", False),
        ("gamingbolt.com", "[2001:db8::7]", "2001:db8::7", False),
        ("gamingbolt.com", "intranet", "intranet", False),
    ],
)
def test_told_domains(domain: str, host: str, expected: str, is_safe: bool) -> None:
    findings = found(at(f"https://{host}/2020/a-story-of-note"), domain=domain)
    assert described(findings) == [("provider/domain", expected, is_safe)]
    assert (findings[0].line, findings[0].url, findings[0].actual) == (5, domain, None)


def test_any_of_the_own_addresses_counts() -> None:
    page = PageFacts(title=TITLE, site_name="Smartable")
    web = linked(url="https://www.smartable.ai/news/a-story-of-note", page=page)
    original = linked(
        Role.ORIGINAL,
        VerdictKind.UNCHECKED,
        url="https://www.youtube.com/watch?v=abc",
        pointer="originalUrl",
    )
    known = article(web, original)
    assert found(known, "BeefGuyTy", "youtube.com") == []
    assert [one.at for one in found(known, "BeefGuyTy", "vimeo.com")] == ["provider/domain"]
    seen = replace(
        original, link=replace(web.link, url=original.link.url, page=PageFacts(title=TITLE))
    )
    assert found(article(seen), "BeefGuyTy", "youtube.com") == []


def test_the_name_is_judged_by_the_page_at_the_stored_domain() -> None:
    web = linked(
        url="https://www.reader.example/a-b-c", page=PageFacts(title=TITLE, site_name="Reader")
    )
    away = linked(
        Role.ORIGINAL, VerdictKind.BROKEN, url="https://gamingbolt.com/a-b-c", pointer="originalUrl"
    )
    assert found(article(web, away), "From Software", "gamingbolt.com") == []
    page = PageFacts(title=TITLE, site_name="GamingBolt")
    there = linked(
        Role.ORIGINAL, url="https://gamingbolt.com/a-b-c", pointer="originalUrl", page=page
    )
    told = found(article(web, there), "From Software", "gamingbolt.com")
    assert described(told) == [("provider/name", "GamingBolt", True)]


def test_a_reprint_that_names_its_original_is_right() -> None:
    known = at("https://www.reader.example/a-b-c", canonical="https://gamingbolt.com/a-b-c")
    assert found(known, domain="gamingbolt.com") == []
    known = at("https://www.reader.example/a-b-c", canonical="nonsense")
    assert len(found(known, domain="gamingbolt.com")) == 1


@pytest.mark.parametrize(
    "url",
    ["https://gamespot.com/", "https://gamespot.com/cookies", "https://gamespot.com/search?q=a"],
)
def test_no_domain_is_suggested_from_a_page_that_is_no_article(url: str) -> None:
    assert described(found(at(url), domain="other.com")) == [
        ("provider/domain", "gamespot.com", False)
    ]


def test_what_was_not_seen_says_nothing() -> None:
    url, page = "https://gamespot.com/a-b-c", PageFacts(title=TITLE, site_name="GameSpot")
    for kind in (VerdictKind.DEAD, VerdictKind.UNVERIFIABLE, VerdictKind.UNCHECKED):
        known = article(linked(kind=kind, url=url, page=page))
        assert found(known, "From Software", "other.com") == []
    assert found(article(linked(url=url)), "From Software", "other.com") == []
    assert found(article(), "From Software", "other.com") == []
    home = article(linked(url=url, page=page, reason="redirect-general"))
    assert found(home, "From Software", "other.com") == []


def test_an_article_without_a_provider() -> None:
    known = at("https://gamespot.com/a-b-c", "GameSpot")
    assert article_checks(known, Policy(), SINCE).identity == ()
    assert found(known) == []


# ------------------------------------------------------------------------------------------- moves


OLD, NEW = "https://old-paper.com/2019/a-story-of-note", "https://other-owner.com/a-story-of-note"


@pytest.mark.parametrize("status", [301, 308])
def test_a_page_that_moved_to_another_owner(status: int) -> None:
    known = moved(OLD, NEW, "Other Owner", status=status)
    told = found(known, "Old Paper", "old-paper.com")
    assert described(told) == [
        ("provider/domain", "other-owner.com", True),
        ("provider/name", "Other Owner", True),
    ]
    assert told[0].actual == NEW


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_page_that_is_elsewhere_for_a_while(status: int) -> None:
    assert found(moved(OLD, NEW, "Other Owner", status=status), "Old Paper", "old-paper.com") == []


@pytest.mark.parametrize(
    ("old", "new", "name", "domain"),
    [
        ("https://www.itpro.co.uk/a-b-c", "https://www.itpro.com/a-b-c", "ITPro", "itpro.co.uk"),
        ("https://twitter.com/a/status/1", "https://x.com/a/status/1", "Twitter", "twitter.com"),
        ("http://old-paper.com/a-b-c", "https://www.old-paper.com/a-b-c", "Old Paper", "old-paper.com"),
        ("https://news.old-paper.com/a-b-c", "https://old-paper.com/a-b-c", "Old Paper", "old-paper.com"),
        ("https://www.huffingtonpost.com/a-b-c", "https://www.huffpost.com/a-b-c", "The Huffington Post", "huffingtonpost.com"),
        ("https://www.marketwired.com/a-b-c", "https://www.globenewswire.com/a-b-c", "Marketwired", "marketwired.com"),
        # Where it ended is no page of another owner's.
        (OLD, "https://other-owner.com/", "Old Paper", "old-paper.com"),
        (OLD, "https://consent.other-owner.com/cookie-wall", "Old Paper", "old-paper.com"),
        (OLD, "https://web.archive.org/web/2019/https://old-paper.com/a", "Old Paper", "old-paper.com"),
        # A shortener leads to the publisher.
        ("https://bit.ly/3abcdef", "https://old-paper.com/a-b-c", "Old Paper", "old-paper.com"),
    ],
)  # fmt: skip
def test_quiet_moves(old: str, new: str, name: str, domain: str) -> None:
    site_name = "X" if "x.com" in new else "GlobeNewswire" if "globe" in new else name
    assert found(moved(old, new, site_name), name, domain) == []


def test_a_second_address_at_the_old_site_keeps_nothing_there() -> None:
    page = PageFacts(title=TITLE, site_name="Other Owner")
    web = linked(kind=VerdictKind.MOVED, url=OLD, final_url=NEW, hops=(301,), page=page)
    away = linked(Role.ORIGINAL, VerdictKind.UNCHECKED, url=f"{OLD}-2", pointer="originalUrl")
    assert [one.at for one in found(article(web, away), domain="old-paper.com")] == [
        "provider/domain"
    ]
    stays = linked(
        Role.ORIGINAL, url=f"{OLD}-2", pointer="originalUrl", page=PageFacts(title=TITLE)
    )
    assert found(article(web, stays), domain="old-paper.com") == []


def test_a_changed_domain_with_the_old_name_is_told_as_a_domain() -> None:
    told = found(moved(OLD, NEW, "Old Paper"), "Old Paper", "old-paper.com")
    assert described(told) == [("provider/domain", "other-owner.com", True)]


def test_what_the_file_says_already_is_quiet_after_the_move() -> None:
    assert found(moved(OLD, NEW, "Other Owner"), "Other Owner", "other-owner.com") == []


# -------------------------------------------------------------------------------------- suggestions


def test_suggestions_follow_and_are_a_kind_of_their_own() -> None:
    known = at("https://gamingbolt.com/2020/a-story-of-note", "GamingBolt")
    changes = checks(known, "From Software", "fromsoftware.jp").suggestions
    assert [(one.at, one.line, one.old, one.new, kind_of(one).value) for one in changes] == [
        ("provider/domain", 5, "fromsoftware.jp", "gamingbolt.com", "provider"),
        ("provider/name", 4, "From Software", "GamingBolt", "provider"),
    ]

"""Rules A3 to A7: an article's AMP page against the article's own page."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.model.check import ChangeKind, FieldFinding, Level, LinkedReference
from crawler.model.observation import AmpPart, PageFacts
from crawler.model.role import Role
from crawler.model.verdict import VerdictKind, WarningCode
from crawler.rules.article.amp import amp_findings
from tests.rules.articles import linked

WEB = "https://news.example/2020/a-story-of-note"
AMP = f"{WEB}/amp"
OTHER = "https://news.example/amp/a-story-of-note"
CACHE = "https://news-example.cdn.ampproject.org/c/s/news.example/2020/a-story-of-note/amp"
ALIVE, MOVED, BROKEN, DEAD = (
    VerdictKind.ALIVE,
    VerdictKind.MOVED,
    VerdictKind.BROKEN,
    VerdictKind.DEAD,
)
IS_AMP = PageFacts(canonical=WEB, amp_lacks=())
PLAIN = PageFacts(canonical=WEB, amp_lacks=(AmpPart.MARK,))
NAMES_AMP = PageFacts(canonical=WEB, amphtml=AMP)
NAMES_OTHER = PageFacts(canonical=WEB, amphtml=OTHER)
NAMES_NONE = PageFacts(canonical=WEB)


def web(kind: VerdictKind = ALIVE, **facts: Any) -> LinkedReference:
    all_facts: dict[str, Any] = {"url": WEB, "page": NAMES_AMP} | facts
    return linked(kind=kind, **all_facts)


def amp(kind: VerdictKind = ALIVE, **facts: Any) -> LinkedReference:
    all_facts: dict[str, Any] = {"url": AMP, "page": IS_AMP} | facts
    return linked(Role.AMP, kind, pointer="ampWebUrl", **all_facts)


def cache(url: str = CACHE, **facts: Any) -> LinkedReference:
    return linked(Role.AMP_CACHE, url=url, pointer="cdnAmpWebUrl", **facts)


def codes(*own: LinkedReference) -> list[str]:
    return [finding.reason for finding in amp_findings(own)]


def test_an_amp_page_that_both_sides_name_is_ok() -> None:
    assert amp_findings([web(), amp(), cache()]) == (
        FieldFinding("ampWebUrl", 7, "amp-ok", Level.INFO, AMP),
    )


@pytest.mark.parametrize(
    "canonical",
    [
        WEB,
        f"{WEB}/",
        WEB.replace("https", "http"),
        f"{WEB}?utm_source=amp",
        "https://news.example/new/a-story-of-note",
        "https://news.example/named-by-the-page-itself",
        "https://agency.example/first",
    ],
)
def test_canonical_back_to_any_address_of_the_article_is_ok(canonical: str) -> None:
    page = PageFacts(canonical="https://news.example/named-by-the-page-itself", amphtml=AMP)
    moved = web(MOVED, final_url="https://news.example/new/a-story-of-note", page=page)
    original = linked(
        Role.ORIGINAL, pointer="originalUrl", url="https://agency.example/first", page=None
    )
    found = codes(moved, original, amp(page=PageFacts(canonical=canonical, amp_lacks=())))
    assert found == ["amp-ok"]


@pytest.mark.parametrize("kind", [VerdictKind.UNVERIFIABLE, VerdictKind.UNCHECKED, BROKEN])
def test_a_canonical_is_judged_only_where_the_article_was_seen(kind: VerdictKind) -> None:
    """The article may have moved to where the AMP page points; behind a wall that is not known."""
    elsewhere = PageFacts(canonical="https://news.example/new/slug", amp_lacks=())
    assert codes(web(kind, page=None), amp(page=elsewhere)) == []
    assert codes(web(kind, page=None), amp()) == ["amp-ok"]


def test_canonical_elsewhere_is_a_mismatch() -> None:
    elsewhere = PageFacts(canonical="https://other.example/x", amp_lacks=())
    (finding,) = amp_findings([web(), amp(page=elsewhere)])
    assert (finding.reason, finding.level) == ("amp-canonical-mismatch", Level.WARNING)
    assert (finding.expected, finding.actual) == (WEB, "https://other.example/x")
    assert finding.change is None


@pytest.mark.parametrize(
    ("lacks", "level", "words"),
    [
        ((AmpPart.MARK,), Level.WARNING, "html amp"),
        ((AmpPart.RUNTIME, AmpPart.BOILERPLATE), Level.INFO, "v0.js, boilerplate"),
    ],
)
def test_what_is_missing_of_amp_is_said(
    lacks: tuple[AmpPart, ...], level: Level, words: str
) -> None:
    (finding,) = amp_findings([web(), amp(page=PageFacts(canonical=WEB, amp_lacks=lacks))])
    assert (finding.reason, finding.level, finding.actual) == ("amp-not-amp", level, words)


# What the AMP address gave, what the article's page names, and the finding with its suggestion.
DROP, REPLACE = ChangeKind.DROP, ChangeKind.REPLACE
GIVEN_UP = "amp-redirects-to-canonical"


@pytest.mark.parametrize(
    ("hops", "page", "level", "change"),
    [
        ([301], NAMES_AMP, Level.WARNING, DROP),
        ([308, 301], None, Level.WARNING, DROP),
        ([302], NAMES_AMP, Level.INFO, None),
        ([301, 302], NAMES_AMP, Level.INFO, None),
        ([302], NAMES_NONE, Level.WARNING, DROP),
        ([], NAMES_AMP, Level.INFO, None),
    ],
)
def test_amp_that_redirects_to_the_article_is_to_be_dropped(
    hops: list[int], page: PageFacts | None, level: Level, change: ChangeKind | None
) -> None:
    led = amp(MOVED, final_url=f"{WEB}/", hops=hops, page=PLAIN)
    (finding,) = amp_findings([web(page=page), led])
    assert (finding.reason, finding.level, finding.change) == (GIVEN_UP, level, change)
    assert finding.actual == f"{WEB}/"


def test_an_article_that_is_amp_itself_is_not_dropped() -> None:
    """The same page in both fields, as some sites have it."""
    page = PageFacts(canonical=WEB, amphtml=WEB, amp_lacks=())
    assert codes(web(page=page), amp(url=WEB, page=page)) == ["amp-ok"]


@pytest.mark.parametrize(
    ("kind", "page", "expected", "change"),
    [
        (BROKEN, NAMES_OTHER, OTHER, REPLACE),
        (DEAD, NAMES_OTHER, OTHER, REPLACE),
        (DEAD, NAMES_NONE, None, DROP),
        (BROKEN, NAMES_NONE, None, None),
        (DEAD, NAMES_AMP, None, None),
        (DEAD, None, None, None),
        (DEAD, PageFacts(amphtml="javascript:void(0)"), None, None),
        (DEAD, PageFacts(amphtml=WEB), None, None),
    ],
)
def test_dead_amp_is_replaced_by_the_pages_own_link_and_dropped_only_when_confirmed(
    kind: VerdictKind, page: PageFacts | None, expected: str | None, change: ChangeKind | None
) -> None:
    (finding,) = amp_findings([web(page=page), amp(kind)])
    assert (finding.reason, finding.level) == ("amp-dead", Level.ERROR)
    assert (finding.expected, finding.change) == (expected, change)


def test_a_link_that_the_page_no_longer_has() -> None:
    (finding,) = amp_findings([web(page=NAMES_NONE), amp()])
    assert (finding.reason, finding.level) == ("amphtml-link-removed", Level.INFO)
    assert codes(web(page=NAMES_NONE), amp(page=PLAIN)) == ["amp-not-amp", "amphtml-link-removed"]


def test_another_amp_page_that_the_page_names() -> None:
    (finding,) = amp_findings([web(page=NAMES_OTHER), amp(), cache("https://x.example/")])
    assert (finding.reason, finding.expected) == ("amphtml-differs", OTHER)
    assert finding.change is REPLACE
    assert codes(web(page=NAMES_OTHER), amp(MOVED, final_url=OTHER)) == ["amp-ok"]


@pytest.mark.parametrize(
    "silent",
    [
        amp(VerdictKind.UNVERIFIABLE),
        amp(VerdictKind.UNCHECKED),
        amp(VerdictKind.EXCLUDED),
        amp(VerdictKind.INVALID),
        amp(reason="redirect-general", final_url=WEB),
        amp(reason="editor-not-broken", final_url=WEB),
        amp(warnings=(WarningCode.CERTIFICATE_WRONG_HOST,), final_url=WEB, hops=[301]),
        amp(warnings=(WarningCode.BODY_INCOMPLETE,), page=PLAIN),
        amp(page=None),
        amp(page=PageFacts(canonical="https://other.example/x")),
        amp(invalid="malformed"),
    ],
)
def test_what_was_not_seen_says_nothing(silent: LinkedReference) -> None:
    """Rule A3: a wall, an outage or an unknown server says nothing; an old row was not examined for AMP."""
    assert codes(web(page=PageFacts(canonical=WEB)), silent) == []


@pytest.mark.parametrize(
    "fault", [WarningCode.CERTIFICATE_EXPIRED, WarningCode.CERTIFICATE_CHAIN_INCOMPLETE]
)
def test_a_certificate_that_still_names_its_site_hides_nothing(fault: WarningCode) -> None:
    assert codes(web(), amp(warnings=(fault,))) == ["amp-ok"]


def test_a_wrong_cache_url_gives_the_right_one() -> None:
    (_, finding) = amp_findings([web(), amp(), cache("https://news-example.cdn.ampproject.org/")])
    assert (finding.reason, finding.level) == ("amp-cache-mismatch", Level.WARNING)
    assert (finding.at, finding.expected, finding.change) == ("cdnAmpWebUrl", CACHE, REPLACE)


def test_the_cache_url_is_judged_without_a_visit() -> None:
    unseen = amp(VerdictKind.UNCHECKED, page=None)
    assert codes(unseen, cache("https://a.cdn.ampproject.org/c/s/x")) == ["amp-cache-mismatch"]
    assert codes(unseen, cache()) == []


def test_nothing_follows_from_a_copy_in_both_fields() -> None:
    copy = amp(url=CACHE, page=None)
    assert codes(copy, cache("https://a.cdn.ampproject.org/c/s/x")) == []


def test_no_copy_is_judged_where_both_fields_shall_go() -> None:
    led = amp(MOVED, final_url=WEB, hops=[301])
    assert codes(web(), led, cache("https://wrong.example/")) == [GIVEN_UP]


def test_an_amp_page_of_one_session_is_not_offered() -> None:
    """Rule E6."""
    page = PageFacts(amphtml=f"{AMP}?PHPSESSID=1")
    assert amp_findings([linked(url=WEB, page=page)]) == ()


def test_an_amp_page_that_the_article_does_not_have_is_offered() -> None:
    (finding,) = amp_findings([web()])
    assert finding == FieldFinding(
        "ampWebUrl", 0, "amp-offered", Level.INFO, "", AMP, change=ChangeKind.ADD
    )


@pytest.mark.parametrize(
    "own",
    [
        [web(), cache()],
        [web(page=NAMES_NONE)],
        [web(page=PageFacts(canonical=WEB, amphtml=WEB))],
        [web(page=PageFacts(amphtml="mailto:desk@news.example"))],
        [web(page=None)],
        [web(VerdictKind.UNVERIFIABLE)],
        [web(warnings=(WarningCode.CERTIFICATE_SELF_SIGNED,))],
        [linked(Role.ORIGINAL, url=WEB, page=NAMES_AMP)],
        [],
    ],
)
def test_nothing_is_offered_without_evidence(own: list[LinkedReference]) -> None:
    assert amp_findings(own) == ()

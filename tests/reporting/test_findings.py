from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings

from crawler.model.article import Problem, ProblemCode
from crawler.model.check import (
    DEAD_IMAGE,
    ArticleChecks,
    ChangeKind,
    DeadLink,
    FieldChange,
    FieldFinding,
    Freshness,
    FreshnessState,
    ImageSize,
    Level,
    Size,
)
from crawler.model.link import Link
from crawler.model.observation import Notice, NoticeKind, PageFacts
from crawler.model.reference import Declared, Reference, Scope
from crawler.model.report import ArticleEntry, Report, UrlEntry
from crawler.model.role import Role
from crawler.model.verdict import Suggestion, SuggestionKind, Verdict, VerdictKind, WarningCode
from crawler.reporting.finding import Finding, FindingKind
from crawler.reporting.findings import HostCount, gathered
from crawler.reporting.words.article_words import CACHED_COPY
from tests.strategies.examples import examples
from tests.strategies.model import report_of, reports

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://a.test/x"
HEALTHY = ArticleChecks()


def reference(path: str, at: str = "webUrl", role: Role = Role.WEB, **facts: object) -> Reference:
    plain = Reference(path, 5, at, role, Scope.OWN, URL, URL)
    return replace(plain, **facts)  # type: ignore[arg-type]


def entry(verdict: VerdictKind, reason: str, *refs: Reference, **facts: object) -> UrlEntry:
    link = Link(1, URL, Verdict(verdict, reason, "rule", since=NOON))
    return UrlEntry(replace(link, **facts), refs, 0)  # type: ignore[arg-type]


def article(path: str, checks: ArticleChecks = HEALTHY, title: str | None = "T") -> ArticleEntry:
    return ArticleEntry(path, title, checks, 0, 0)


def found(report: Report) -> list[Finding]:
    with gathered(report) as findings:
        return list(findings.in_file_order())


def test_a_dead_link_is_joined_with_its_evidence_by_place() -> None:
    dead = DeadLink("webUrl", 5, VerdictKind.DEAD, "soft-404-home", date(2026, 11, 1), "raw text")
    gone = entry(
        VerdictKind.DEAD,
        "soft-404-home",
        reference("a.md"),
        status=200,
        final_url="https://a.test/",
    )
    other = entry(VerdictKind.DEAD, "http-404", reference("a.md", "ampWebUrl"), status=404)
    assert found(report_of([other, gone], [article("a.md", ArticleChecks((dead,)))])) == [
        Finding(
            FindingKind.DEAD_LINK,
            "a.md",
            "soft-404-home",
            Level.ERROR,
            line=5,
            at="webUrl",
            verdict=VerdictKind.DEAD,
            url="raw text",
            status=200,
            final_url="https://a.test/",
            since=date(2026, 11, 1),
            title="T",
        )
    ]


def test_a_dead_link_without_evidence_is_still_a_finding() -> None:
    dead = DeadLink("webUrl", 5, VerdictKind.INVALID, "empty", None, "")
    (finding,) = found(report_of([], [article("a.md", ArticleChecks((dead,)), None)]))
    assert (finding.status, finding.final_url, finding.title, finding.since) == (None,) * 4


def test_a_moved_link_is_a_suggestion_at_each_place() -> None:
    verdict = Verdict(
        VerdictKind.MOVED,
        "moved-permanently",
        "rule",
        since=NOON,
        suggestion=Suggestion(SuggestionKind.REPLACE_URL, "https://b.test/"),
    )
    places = (reference("a.md"), reference("b.md", scope=Scope.RELATED, raw=" raw"))
    moved = UrlEntry(Link(1, URL, verdict, 200, "https://b.test/"), places, 0)
    first, second = found(report_of([moved], [article("a.md")]))
    assert (first.kind, first.level, first.suggestion) == ("moved", "info", "https://b.test/")
    assert (first.url, first.title, first.since) == (URL, "T", date(2026, 11, 22))
    assert (second.path, second.url, second.title) == ("b.md", " raw", None)


@pytest.mark.parametrize(
    ("verdict", "level"),
    [
        (Verdict(VerdictKind.ALIVE, "redirect-temporary", "r", warnings=(WarningCode.REDIRECTS_TO_HOME,)), Level.WARNING),
        (Verdict(VerdictKind.ALIVE, "redirect-general", "r", warnings=(WarningCode.REDIRECTS_TO_SECTION,)), Level.WARNING),
        (Verdict(VerdictKind.ALIVE, "https-only", "r", suggestion=Suggestion(SuggestionKind.REPLACE_URL, URL)), Level.INFO),
        (Verdict(VerdictKind.ALIVE, "http-200", "r"), None),
        (Verdict(VerdictKind.UNVERIFIABLE, "bot-wall", "r"), None),
    ],
)  # fmt: skip
def test_a_link_that_works_and_leads_elsewhere_stands_in_the_report(
    verdict: Verdict, level: Level | None
) -> None:
    led = UrlEntry(Link(1, URL, verdict, 200), (reference("a.md"),), 0)
    rows = found(report_of([led], [article("a.md")]))
    assert [row.level for row in rows] == ([] if level is None else [level])
    assert [row.reason for row in rows if level is Level.WARNING] == [
        code.value for code in verdict.warnings
    ]


def test_another_owners_page_is_a_warning_at_each_own_place_without_a_suggestion() -> None:
    places = (reference("a.md"), reference("b.md", scope=Scope.RELATED))
    hijacked = entry(VerdictKind.UNVERIFIABLE, "hijacked", *places, final_url="https://slots.test/")
    walled = entry(VerdictKind.UNVERIFIABLE, "bot-wall", *places)
    (finding,) = found(report_of([hijacked, walled], [article("a.md")]))
    assert (finding.kind, finding.level, finding.reason) == ("identity", "warning", "hijacked")
    assert (finding.path, finding.final_url, finding.suggestion) == (
        "a.md",
        "https://slots.test/",
        None,
    )


def test_an_image_finding_suggests_the_measured_size() -> None:
    size = ImageSize(
        "images/0", 9, "size-mismatch", Level.WARNING, Size(14, 7), Size(10, 5), "https://i.test"
    )
    (finding,) = found(report_of([], [article("a.md", ArticleChecks(image_sizes=(size,)))]))
    assert (finding.declared, finding.actual, finding.suggestion) == ("14x7", "10x5", "10x5")
    assert (finding.kind, finding.level, finding.verdict) == ("image", "warning", None)


def test_other_image_findings_suggest_no_size_and_say_what_was_found() -> None:
    small = ImageSize(
        "images/0", 9, "image-too-small", Level.INFO, None, Size(10, 5), "https://i.t"
    )
    heavy = replace(small, reason="image-weight", actual=None, detail="1.4 MB")
    dead = replace(small, reason="image-dead")
    checks = ArticleChecks(image_sizes=(small, heavy, dead))
    first, second = found(report_of([], [article("a.md", checks)]))
    assert (first.actual, first.suggestion) == ("10x5", None)
    assert (second.actual, second.suggestion) == ("1.4 MB", None)


@pytest.mark.parametrize("cached", [True, False, None])
def test_a_dead_image_says_that_a_copy_is_stored_elsewhere(cached: bool | None) -> None:
    declared = Declared(is_cached=cached)
    place = reference("a.md", "images/0", Role.IMAGE, declared=declared)
    dead = DeadLink("images/0", 3, VerdictKind.DEAD, "http-404", None, URL)
    url = replace(entry(VerdictKind.DEAD, "http-404", place), explanation="Dead.")
    (finding,) = found(report_of([url], [article("a.md", ArticleChecks((dead,)))]))
    assert finding.explanation == (f"Dead. {CACHED_COPY}" if cached else "Dead.")


def test_drift_shows_both_sides_and_prefers_the_web_page() -> None:
    declared = Declared(title=None, excerpt="old words", published=NOON)
    web = entry(
        VerdictKind.ALIVE,
        "http-200",
        reference("a.md", declared=declared),
        page=PageFacts("New", "new words", "https://i.test/2.jpg", published="2026-01-01"),
    )
    original = entry(
        VerdictKind.ALIVE,
        "http-200",
        reference("a.md", "originalUrl", Role.ORIGINAL),
        page=PageFacts(title="Other"),
    )
    old, new = "https://i.test/1.jpg", "https://i.test/2.jpg"
    image = FieldChange("images/1", 9, ChangeKind.REPLACE, old, new, "image")
    drift = ("title", "excerpt", "publishedDateTime", "image", "unheard-of")
    checks = ArticleChecks(freshness=Freshness(FreshnessState.DRIFTED, drift), suggestions=(image,))
    report = report_of([original, web], [article("a.md", checks, "Old")])
    assert [(row.at, row.line, row.declared, row.actual) for row in found(report)] == [
        ("title", 0, "Old", "New"),
        ("excerpt", 0, "old words", "new words"),
        ("publishedDateTime", 0, "2026-11-22", "2026-01-01"),
        ("unheard-of", 0, None, None),
        ("images/1", 9, old, new),
    ]


def test_addresses_are_findings_with_their_suggestion_and_amp_ok_is_none() -> None:
    amp = (
        FieldFinding("ampWebUrl", 6, "amp-ok", Level.INFO, URL),
        FieldFinding(
            "ampWebUrl", 6, "amp-redirects-to-canonical", Level.WARNING, URL, None, "https://a.test/y",
            ChangeKind.DROP,
        ),
        FieldFinding(
            "cdnAmpWebUrl", 7, "amp-cache-mismatch", Level.WARNING, URL, "https://c.test/",
            change=ChangeKind.REPLACE,
        ),
        FieldFinding("ampWebUrl", 6, "amp-canonical-mismatch", Level.WARNING, URL, URL, "https://b.test/"),
    )  # fmt: skip
    identity = (
        FieldFinding(
            "webUrl", 5, "canonical-shared", Level.WARNING, URL, actual=URL, others=("b.md", "c.md")
        ),
    )
    checks = ArticleChecks(amp=amp, identity=identity)
    rows = {row.reason: row for row in found(report_of([], [article("a.md", checks)]))}
    assert list(rows) == [
        "canonical-shared",
        "amp-redirects-to-canonical",
        "amp-canonical-mismatch",
        "amp-cache-mismatch",
    ]
    dropped, copy = rows["amp-redirects-to-canonical"], rows["amp-cache-mismatch"]
    assert (dropped.kind, dropped.suggestion, dropped.actual) == ("amp", None, "https://a.test/y")
    assert dropped.explanation == "Take both fields out: ampWebUrl and cdnAmpWebUrl."
    assert (copy.suggestion, copy.explanation, copy.line) == ("https://c.test/", None, 7)
    assert rows["amp-canonical-mismatch"].actual == "https://b.test/"
    assert rows["amp-canonical-mismatch"].suggestion is None
    shared = rows["canonical-shared"]
    assert (shared.kind, shared.actual, shared.level) == ("identity", "b.md, c.md", "warning")


def test_an_image_that_the_page_offers_is_a_finding() -> None:
    change = FieldChange(
        "images/0", 0, ChangeKind.ADD, None, "https://i.test/2.jpg", "image-offered"
    )
    drift = FieldChange("title", 0, ChangeKind.REPLACE, "Old", "New", "title")
    web = entry(VerdictKind.ALIVE, "http-200", reference("a.md"), page=PageFacts(title="New"))
    checks = ArticleChecks(suggestions=(drift, change))
    (row,) = found(report_of([web], [article("a.md", checks)]))
    assert (row.kind, row.at, row.url) == ("metadata", "images/0", URL)
    assert (row.declared, row.actual, row.suggestion) == (None, *["https://i.test/2.jpg"] * 2)


def test_drift_is_shown_from_the_page_that_was_compared() -> None:
    page = PageFacts(title="Before it was gone")
    gone = entry(VerdictKind.BROKEN, "http-404", reference("a.md"), page=page)
    original = entry(
        VerdictKind.ALIVE,
        "http-200",
        reference("a.md", "originalUrl", Role.ORIGINAL),
        page=PageFacts(title="Now"),
    )
    checks = ArticleChecks(freshness=Freshness(FreshnessState.DRIFTED, ("title",)))
    (finding,) = found(report_of([gone, original], [article("a.md", checks)]))
    assert finding.actual == "Now"


@pytest.mark.parametrize(
    ("kind", "reason", "level"),
    [
        (NoticeKind.CORRECTED, "page-corrected", "info"),
        (NoticeKind.RETRACTED, "page-retracted", "warning"),
    ],
)
def test_a_notice_of_the_page_is_a_finding_of_its_own(
    kind: NoticeKind, reason: str, level: str
) -> None:
    web = entry(VerdictKind.ALIVE, "http-200", reference("a.md"), page=PageFacts(title="New"))
    noticed = Freshness(FreshnessState.CURRENT, notice=Notice(kind, "It was wrong."))
    (row,) = found(report_of([web], [article("a.md", ArticleChecks(freshness=noticed))]))
    assert (row.kind, row.reason, row.level) == ("metadata", reason, level)
    assert (row.url, row.actual, row.suggestion) == (URL, "It was wrong.", None)


@pytest.mark.parametrize("state", list(FreshnessState))
def test_which_states_of_freshness_are_findings(state: FreshnessState) -> None:
    checks = ArticleChecks(freshness=Freshness(state, (), date(2020, 6, 11)))
    rows = [(row.reason, row.actual) for row in found(report_of([], [article("a.md", checks)]))]
    acted_on = state in (FreshnessState.UPDATED, FreshnessState.STALE)
    assert rows == ([(state.value, "2020-06-11")] if acted_on else [])


@pytest.mark.parametrize(
    ("code", "level"),
    [(ProblemCode.INVALID_YAML, "warning"), (ProblemCode.NO_FRONT_MATTER, "info")],
)
def test_a_problem_of_a_file(code: ProblemCode, level: str) -> None:
    (finding,) = found(report_of(problem_values=[Problem("a.md", 0, code, "why")]))
    assert (finding.kind, finding.reason, finding.level) == ("file", code.value, level)
    assert (finding.line, finding.actual) == (0, "why")


def _dead(at: str, verdict: VerdictKind, line: int = 1) -> DeadLink:
    return DeadLink(at, line, verdict, "http-404", None, URL)


def test_the_worst_article_comes_first_and_whole() -> None:
    broken, dead = VerdictKind.BROKEN, VerdictKind.DEAD
    report = report_of(
        [],
        [
            article("a.md", ArticleChecks((_dead("1", VerdictKind.INVALID),))),
            article("b.md", ArticleChecks((_dead("1", broken), _dead("2", broken)))),
            article("c.md", ArticleChecks((_dead("1", dead, 9), _dead("2", broken, 3)))),
            article(
                "d.md", ArticleChecks((_dead("1", broken), _dead("2", dead), _dead("3", broken)))
            ),
        ],
    )
    with gathered(report) as findings:
        rows = list(findings.most_urgent(FindingKind.DEAD_LINK, 7))
        assert findings.count(FindingKind.DEAD_LINK) == 8
        assert findings.count(FindingKind.MOVED) == 0
    order = [(row.path, row.line) for row in rows]
    assert order == [("d.md", 1)] * 3 + [("c.md", 3), ("c.md", 9)] + [("b.md", 1)] * 2


def test_the_counts() -> None:
    def at(url: str, verdict: VerdictKind, reason: str) -> UrlEntry:
        warned = Verdict(verdict, reason, "r", warnings=(WarningCode.URL_WHITE_SPACE,))
        return UrlEntry(Link(1, url, warned), (), 0)

    gone, wall = VerdictKind.BROKEN, VerdictKind.UNVERIFIABLE
    entries = [
        at("https://a.test/1", gone, "http-404"),
        at("https://a.test/2", gone, "http-404"),
        at("https://b.test/", gone, "http-410"),
        at("https://b.test/2", wall, "http-403"),
        at("https://c.test/", VerdictKind.EXCLUDED, "ignored"),
        at("http://[", VerdictKind.INVALID, "malformed"),
    ]
    with gathered(report_of(entries, [article("a.md")])) as findings:
        assert findings.hosts(9) == [HostCount("a.test", 2, 2), HostCount("b.test", 1, 2)]
        assert findings.hosts(1) == [HostCount("a.test", 2, 2)]
        assert findings.freshness()[FreshnessState.UNVERIFIED] == 1


@settings(max_examples=examples(50))
@given(reports())
def test_nothing_is_lost_and_nothing_is_an_error(report: Report) -> None:
    rows = found(report)
    articles = list(report.articles())
    dead = [(link.url, link.at) for entry in articles for link in entry.checks.dead_links]
    images = [
        size.url
        for entry in articles
        for size in entry.checks.image_sizes
        if size.reason not in DEAD_IMAGE
    ]
    moved = [
        reference.raw
        for entry in report.urls()
        if leads_elsewhere(entry.link.verdict)
        for reference in entry.references
    ]
    by_kind = {kind: [row for row in rows if row.kind is kind] for kind in FindingKind}
    assert sorted((r.url, r.at) for r in by_kind[FindingKind.DEAD_LINK]) == sorted(dead)
    assert sorted(row.url for row in by_kind[FindingKind.IMAGE]) == sorted(images)
    assert sorted(row.url for row in by_kind[FindingKind.MOVED]) == sorted(moved)
    assert len(by_kind[FindingKind.FILE]) == len(report.problems)
    titles = {entry.path: entry.title for entry in articles}
    assert all(row.title == titles.get(row.path) for row in rows)


def leads_elsewhere(verdict: Verdict) -> bool:
    """Whether a link works, and an editor may want to change it."""
    if verdict.kind not in (VerdictKind.ALIVE, VerdictKind.MOVED):
        return False
    advice = {WarningCode.REDIRECTS_TO_HOME, WarningCode.REDIRECTS_TO_SECTION}
    is_moved = verdict.kind is VerdictKind.MOVED or verdict.suggestion is not None
    return is_moved or not advice.isdisjoint(verdict.warnings)


def test_the_rows_are_gone_with_the_context() -> None:
    with gathered(report_of()) as findings:
        pass
    with pytest.raises(sqlite3.ProgrammingError):
        findings.count(FindingKind.FILE)

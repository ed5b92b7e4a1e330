"""The data of report.html: nothing of a report is left out, and what is said twice is kept once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from crawler.model.change import Change
from crawler.model.check import (
    ArticleChecks,
    ChangeKind,
    FieldFinding,
    Freshness,
    FreshnessState,
    ImageSize,
    Level,
    Size,
)
from crawler.model.decision import Decision
from crawler.model.link import Link
from crawler.model.observation import Hop, ImageFacts, Inconclusive, Observation, PageFacts
from crawler.model.reference import Declared, Reference, Scope
from crawler.model.report import ArticleEntry, RelatedPlace, Report, RunCounts, UrlEntry
from crawler.model.role import Role
from crawler.model.run import Run
from crawler.model.verdict import Suggestion, SuggestionKind, Verdict, VerdictKind
from crawler.rules.credentials import without_credentials
from tests.reporting.hostile_reports import rendered
from tests.reporting.page_contents import PageContents, data_of
from tests.strategies.examples import examples
from tests.strategies.model import report_of, reports

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTES = int(NOON.timestamp()) // 60


def data(report: Report) -> PageContents:
    return data_of(rendered(report))


def reference(
    path: str, at: str, url: str, role: Role = Role.WEB, line: int = 5, **declared: object
) -> Reference:
    said = Declared(**declared)  # type: ignore[arg-type]
    return Reference(path, line, at, role, Scope.OWN, url, url, declared=said)


def entry(number: int, url: str, kind: VerdictKind, reason: str, *own: Reference) -> UrlEntry:
    return UrlEntry(Link(number, url, Verdict(kind, reason, "rule", since=NOON), 404), own, 0)


def test_a_url_with_all_that_is_known_of_it() -> None:
    url = "https://a.test/a-page-with-a-long-address"
    seen = Observation(
        url,
        NOON,
        1,
        404,
        hops=(Hop("https://a.test/way", 301),),
        final_url="https://a.test/end",
        inconclusive=Inconclusive.PORTAL,
    )
    verdict = Verdict(
        VerdictKind.DEAD,
        "http-404",
        "status-gone",
        3,
        NOON,
        NOON,
        suggestion=Suggestion(SuggestionKind.REPLACE_URL, "https://new.test/"),
    )
    link = Link(
        7,
        url,
        verdict,
        404,
        "https://a.test/end",
        (Hop(url, 302),),
        NOON,
        NOON,
        PageFacts(title="A title that is longer than the limit", published="2026-01-01"),
        ImageFacts("JPEG", 30, 20, 1000, 100, served_type="image/jpeg"),
    )
    place = reference("a.md", "webUrl", url, title="Its title", published=NOON)
    whole = UrlEntry(
        link,
        (place,),
        2,
        "Because it is so.",
        Decision(url, "a note", NOON),
        Change.NEW_BROKEN,
        visits=(seen,),
    )
    found = data(report_of([whole], [ArticleEntry("a.md", "T", ArticleChecks(), 0, 0)]))
    (row,), (detail,), head = found.urls, found.details, found.head
    assert row[0] == url
    assert head["hosts"][row[1]] == "a.test"
    assert head["verdicts"][row[2]] == "dead"
    assert head["reasons"][row[3]] == "http-404"
    assert head["changes"][row[4]] == "new-broken"
    assert row[5:10] == [MINUTES, 404, 1, 2, "https://new.test/"]
    assert head["causes"][row[10]][0] == "http-404"
    assert found.places(0) == [("a.md", 5, "webUrl")]
    assert found.explanation(url) == "Because it is so."
    assert detail[1] == "status-gone"
    assert found.text(detail[2]) == "https://a.test/end"
    assert [(found.text(hop), status) for hop, status in detail[3]] == [(url, 302)]
    ((at, what, way, final, ignored),) = detail[4]
    assert (at, ignored) == (MINUTES, "portal")
    assert found.text(what) == "the server answered 404"
    assert (found.text(way[0][0]), way[0][1]) == ("https://a.test/way", 301)
    assert found.text(final) == "https://a.test/end"
    assert [found.text(value) for value in detail[5]] == [
        "A title that is longer than the limit",
        "",
        "2026-01-01",
    ]
    assert detail[6] == [30, 20, "JPEG", 1000, "image/jpeg"]
    assert detail[7] == ["a note", "2026-11-22", None]
    assert detail[9:13] == [3, MINUTES, MINUTES, MINUTES]
    assert detail[13] == ["Its title", 0, "2026-11-22"]
    assert head["words"]["http-404"][0] == "The server says that this page does not exist."
    assert head["articles"] == [["T"]]


def test_every_place_is_there_related_ones_too() -> None:
    urls = [f"https://{name}.test/" for name in "abc"]
    entries = [
        replace(entry(n, url, VerdictKind.ALIVE, "http-200"), related_references=2)
        for n, url in enumerate(urls)
    ]
    places = [
        RelatedPlace(2, "x.md", 10, "related/0/webUrl", Role.WEB),
        RelatedPlace(0, "x.md", 12, "related/0/ampWebUrl", Role.AMP),
        RelatedPlace(2, "x.md", 9, "related/1/webUrl", Role.WEB),
        RelatedPlace(99, "x.md", 1, "webUrl", Role.WEB),
        RelatedPlace(1, "y.md", 10, "related/0/webUrl", Role.WEB),
    ]
    found = data(replace(report_of(entries), related_places=lambda: iter(places)))
    assert list(found.related_places()) == [
        (urls[one.link], (one.path, one.line, one.pointer)) for one in places if one.link != 99
    ]
    assert [found.cell(row, 8) for row in found.urls] == [2, 2, 2]


def test_one_image_is_one_row_with_all_that_is_wrong_with_it() -> None:
    image, other = "https://i.test/a.png", "https://i.test/b.png"
    own = [reference(f"{n}.md", "images/0", image, Role.IMAGE) for n in range(2)]
    wrong = [
        ImageSize("images/0", 5, reason, level, Size(1, 2), Size(3, 4), image)
        for reason, level in (("size-mismatch", Level.WARNING), ("image-weight", Level.INFO))
    ]
    found = data(
        report_of(
            [
                entry(1, image, VerdictKind.ALIVE, "http-200", *own),
                entry(2, other, VerdictKind.ALIVE, "http-200"),
            ],
            [
                ArticleEntry(f"{n}.md", None, ArticleChecks(image_sizes=tuple(wrong)), 0, 0)
                for n in range(2)
            ],
        )
    )
    ((number, *rows),) = found.head["images"]
    assert number == 0
    assert [(found.head["files"][row[0]], row[3], row[4]) for row in rows] == [
        (f"{n}.md", one.reason, one.level.value) for n in range(2) for one in wrong
    ]
    assert [found.text(found.cell(rows[0], n)) for n in (6, 7, 8)] == ["1x2", "3x4", "3x4"]


def test_an_amp_page_and_its_copy_belong_to_their_article() -> None:
    addresses = {
        Role.WEB: "https://a.test/x",
        Role.AMP: "https://a.test/x/amp",
        Role.AMP_CACHE: "https://a-test.cdn.test/x",
    }
    entries = [
        entry(n, url, VerdictKind.DEAD, "http-404", reference("a.md", role.value, url, role))
        for n, (role, url) in enumerate(addresses.items())
    ]
    alone = "https://b.test/amp"
    entries.append(
        entry(3, alone, VerdictKind.DEAD, "http-404", reference("b.md", "amp", alone, Role.AMP))
    )
    assert data(report_of(entries)).head["parents"] == [1, 0, 2, 1]


def test_findings_on_articles_are_rows_and_those_on_links_are_not() -> None:
    checks = ArticleChecks(
        freshness=Freshness(FreshnessState.STALE),
        amp=(
            FieldFinding("ampWebUrl", 8, "amp-dead", Level.WARNING, "u", change=ChangeKind.DROP),
            FieldFinding("ampWebUrl", 8, "amp-ok", Level.INFO, "u"),
        ),
    )
    found = data(report_of([], [ArticleEntry("a.md", "T", checks, 3, 0)]))
    notes = [(note[0], note[4], note[5]) for note in found.head["notes"]]
    assert sorted(notes) == [("amp", "amp-dead", "warning"), ("metadata", "stale", "info")]
    assert found.head["related_dead"] == 3


@pytest.mark.parametrize(
    ("kind", "reason", "cause", "is_of_host"),
    [
        (VerdictKind.UNVERIFIABLE, "http-429", "asks-to-wait", 1),
        (VerdictKind.UNVERIFIABLE, "http-403", "walls-us", 1),
        (VerdictKind.UNVERIFIABLE, "bot-wall", "walls-us", 1),
        (VerdictKind.BROKEN, "dns-nxdomain", "no-domain", 1),
        (VerdictKind.DEAD, "connect-refused", "host-down", 1),
        (VerdictKind.UNVERIFIABLE, "portal", "our-side", 1),
        (VerdictKind.DEAD, "http-404", "http-404", 0),
        (VerdictKind.ALIVE, "http-403", "http-403", 0),
    ],
)
def test_what_is_the_business_of_a_host_is_one_cause(
    kind: VerdictKind, reason: str, cause: str, is_of_host: int
) -> None:
    found = data(report_of([entry(1, "https://a.test/", kind, reason)]))
    (row,) = found.head["causes"]
    assert (row[0], row[3]) == (cause, is_of_host)
    assert row[1]
    assert row[2]


def test_runs_and_how_links_stood_after_each() -> None:
    runs = tuple(RunCounts(Run(n, NOON), n, 2, 3, 4, 5, 6) for n in (1, 2))
    found = data(replace(report_of(run=Run(2, NOON, NOON)), history=runs, link_pattern="p{path}"))
    assert found.head["history"] == [[n, "2026-11-22", n, 2, 3, 4, 5, 6] for n in (1, 2)]
    assert found.head["run"]["id"] == 2
    assert found.head["link_pattern"] == "p{path}"


def test_the_same_report_is_the_same_page() -> None:
    report = report_of([entry(1, "https://a.test/", VerdictKind.ALIVE, "http-200")])
    assert rendered(report) == rendered(report)


@settings(max_examples=examples(40))
@given(reports())
def test_nothing_of_any_report_is_left_out(report: Report) -> None:
    found = data(report)
    entries = list(report.urls())
    assert len(found.urls) == len(found.details) == len(entries)
    for number, one in enumerate(entries):
        row = found.urls[number]
        assert (found.cell(row, 0) or "") == without_credentials(one.link.url)
        assert found.head["verdicts"][found.cell(row, 2)] == one.link.verdict.kind.value
        own = [place for place in one.references if place.scope is Scope.OWN]
        assert [at[:2] for at in found.places(number)] == [
            (without_credentials(place.path), place.line) for place in own
        ]
    assert {without_credentials(one.path) for one in report.articles()} <= set(found.head["files"])

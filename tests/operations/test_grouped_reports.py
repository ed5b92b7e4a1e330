"""Reports by group: each stream of the report is read once, whatever there are of groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.model.article_labels import ArticleLabels, LabelledArticle
from crawler.model.check import ArticleChecks
from crawler.model.host_certificate import HostCertificate, Validity
from crawler.model.link import Link
from crawler.model.observation import PageFacts
from crawler.model.reference import Reference, Scope
from crawler.model.report import ArticleEntry, RelatedPlace, Report, UrlEntry
from crawler.model.role import Role
from crawler.model.verdict import Verdict, VerdictKind
from crawler.operations.grouped_reports import grouped
from crawler.operations.standing_order import Standing
from crawler.reporting.spool import spooled
from crawler.rules.grouping import GroupBy
from crawler.rules.owners import GlobOwners
from crawler.rules.policy import PriorityPolicy
from tests.reporting.attacked_report import NOON
from tests.strategies.model import report_of

FILES = 60
VERDICT = Verdict(VerdictKind.DEAD, "http-404", "r", since=NOON)


def path(number: int) -> str:
    return f"{'abc'[number % 3]}/{number}.md"


def entries() -> list[UrlEntry]:
    """A page for each file; that of the first file is in the second too."""
    found = []
    for number in range(FILES):
        url = f"https://{number % 4}.test/{number}"
        places = [path(number), *([path(1)] if number == 0 else [])]
        own = tuple(
            Reference(place, 3, "webUrl", Role.WEB, Scope.OWN, url, url) for place in places
        )
        page = PageFacts(authors=(f"Author {number % 5}",))
        found.append(UrlEntry(Link(number, url, VERDICT, 404, page=page), own, 99))
    return found


def places() -> list[RelatedPlace]:
    """In each file the pages of itself and of the next one."""
    return [
        RelatedPlace(link % FILES, path(number), 9, f"related/{n}/webUrl", Role.WEB)
        for number in range(FILES)
        for n, link in enumerate((number, number + 1))
    ]


def counted_report(reads: Counter[str]) -> Report:
    """The report, which counts how often each of its streams is read."""
    articles = [_article(number) for number in range(FILES)]

    def stream(name: str, values: list[Any]) -> Callable[[], Iterator[Any]]:
        def read() -> Iterator[Any]:
            reads[name] += 1
            return iter(values)

        return read

    validity = Validity(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    return replace(
        report_of(),
        urls=stream("urls", entries()),
        articles=stream("articles", articles),
        related_places=stream("places", places()),
        certificates=tuple(HostCertificate(f"{n}.test", validity, NOON) for n in range(9)),
    )


def _article(number: int) -> ArticleEntry:
    return ArticleEntry(path(number), f"Title {number}", ArticleChecks(), 0, 0)


def standing() -> Standing:
    labels = ArticleLabels(topics=("AI", "Web"))
    articles = {
        path(number): LabelledArticle(path(number), listed=True, labels=labels)
        for number in range(FILES)
    }
    return Standing(articles, GlobOwners(), PriorityPolicy(), NOON)


@pytest.mark.parametrize("by", GroupBy)
def test_each_stream_is_read_once(by: GroupBy) -> None:
    reads: Counter[str] = Counter()
    with spooled() as spool:
        found = grouped(counted_report(reads), by, standing(), spool)
        amount = 0
        for group in found.groups:
            report = found.report_of(group)
            amount += len(list(report.urls()))
            for stream in (report.urls, report.articles, report.related_places):
                list(stream())
        assert reads == {"urls": 1, "articles": 1, "places": 1}
        assert amount >= FILES


def test_a_group_has_the_places_in_its_own_articles_of_what_it_holds() -> None:
    with spooled() as spool:
        found = grouped(counted_report(Counter()), GroupBy.PATH, standing(), spool)
        assert sorted(one.name for one in found.groups) == ["a", "b", "c"]
        (of_b,) = (one for one in found.groups if one.name == "b")
        report = found.report_of(of_b)
        urls = {entry.link.id: entry for entry in report.urls()}
        # Every third page is its own, and the first, which stands in the second file.
        assert set(urls) == {0, *range(1, FILES, 3)}
        assert [one.path for one in urls[0].references] == [path(1)]
        # Each file of the group names its own page; the next one's is another group's.
        assert {entry.related_references for number, entry in urls.items() if number} == {1}
        assert urls[0].related_references == 0
        related = list(report.related_places())
        assert [(one.link, one.path) for one in related] == [
            (number, path(number)) for number in range(1, FILES, 3)
        ]
        assert report.summary.references == 2 * len(range(1, FILES, 3)) + 1
        assert of_b.summary == replace(report.summary, confirmed_from=None)
        hosts = {entry.link.url.split("/")[2] for entry in urls.values()}
        assert {one.host for one in report.certificates} == hosts

"""A report for each group of articles, and what the index of them lists (rule Q7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from operator import itemgetter

from crawler.model.article_labels import LabelledArticle
from crawler.model.reference import Scope
from crawler.model.report import Report, Summary, UrlEntry
from crawler.model.report_group import ReportGroup
from crawler.model.role import COMPARED
from crawler.model.verdict import VerdictKind
from crawler.operations.standing_order import Standing
from crawler.reporting.spool import Spool
from crawler.rules.grouping import MOST_GROUPS, GroupBy, folder_names, groups_of


@dataclass(frozen=True, slots=True)
class Grouped:
    """The groups of a report, the most work first, and the report of each that has one."""

    groups: tuple[ReportGroup, ...]
    report_of: Callable[[ReportGroup], Report]


def grouped(report: Report, by: GroupBy, standing: Standing, spool: Spool) -> Grouped:
    """Take a report apart; `spool` is empty and holds the parts. Reads each stream once, whatever there are of groups.

    A URL is in each group that holds it as its own, with the references of that group alone. What only related
    articles hold is in none.
    """
    authors: Mapping[str, tuple[str, ...]] = {}
    urls = report.urls()
    if by is GroupBy.AUTHOR:
        # Whose an article is may stand in its page: known only when all URLs have been read.
        authors, urls = _page_authors(urls, spool), spool.kept()
    of = _groups_by_path(by, standing, authors)
    for entry in urls:
        for group, own in _parts(entry, of).items():
            spool.add_url(group, own)
    for article in report.articles():
        for group in of(article.path):
            spool.add_article(group, article)
    for path, places in groupby(report.related_places(), key=itemgetter(1)):
        of_file = list(places)
        for group in of(path):
            spool.add_places(group, of_file)
    spool.finish()
    order = sorted(spool.groups(), key=lambda group: (-spool.workload(group), group))
    folders = folder_names(order[:MOST_GROUPS])
    rows = tuple(
        ReportGroup(
            group,
            folders.get(group),
            _summary(report, spool, group),
            spool.workload(group),
        )
        for group in order
    )
    return Grouped(rows, partial(_report_of, report, of, spool))


def _summary(report: Report, spool: Spool, group: str) -> Summary:
    """A group's counts; nothing of it is confirmed sooner than what is first in the whole report."""
    found = spool.summary(group)
    has_broken = bool(found.by_verdict[VerdictKind.BROKEN])
    return replace(found, confirmed_from=report.summary.confirmed_from if has_broken else None)


_Groups = Callable[[str], tuple[str, ...]]


def _page_authors(urls: Iterable[UrlEntry], spool: Spool) -> dict[str, tuple[str, ...]]:
    """The authors that the pages of articles name, by path; the URLs are kept in the spool."""
    authors: dict[str, tuple[str, ...]] = {}
    for entry in urls:
        spool.keep(entry)
        page = entry.link.page
        for one in entry.references if page is not None and page.authors else ():
            if one.scope is Scope.OWN and one.role in COMPARED:
                authors.setdefault(one.path, page.authors if page else ())
    return authors


def _groups_by_path(
    by: GroupBy, standing: Standing, authors: Mapping[str, tuple[str, ...]]
) -> _Groups:
    """A function that gives the groups of the article at a path; each is worked out once."""
    known: dict[str, tuple[str, ...]] = {}

    def groups(path: str) -> tuple[str, ...]:
        if path not in known:
            article = standing.articles.get(path, LabelledArticle(path, listed=True))
            known[path] = groups_of(article, by, standing.owners, authors.get(path, ()))
        return known[path]

    return groups


def _parts(entry: UrlEntry, of: _Groups) -> dict[str, UrlEntry]:
    """A URL as each group has it."""
    own = {one.path for one in entry.references if one.scope is Scope.OWN}
    groups = {group for path in own for group in of(path)}
    return {
        group: replace(
            entry, references=tuple(one for one in entry.references if group in of(one.path))
        )
        for group in groups
    }


def _report_of(report: Report, of: _Groups, spool: Spool, group: ReportGroup) -> Report:
    return replace(
        report,
        summary=group.summary,
        problems=tuple(one for one in report.problems if group.name in of(one.path)),
        urls=lambda: spool.urls(group.name),
        articles=lambda: spool.articles(group.name),
        related_places=lambda: spool.places(group.name),
        certificates=tuple(
            one for one in report.certificates if one.host in spool.hosts(group.name)
        ),
    )

"""A report for each group of articles, and what the index of them lists (rule Q7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

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
    """Take a report apart; `spool` is empty and holds the parts. Reads each stream once, `urls` twice for authors.

    A URL is in each group that holds it as its own, with the references of that group alone. What only related
    articles hold is in none.
    """
    of = _groups_by_path(report, by, standing)
    for entry in report.urls():
        for group, own in _parts(entry, of).items():
            spool.add_url(group, own)
    for article in report.articles():
        for group in of(article.path):
            spool.add_article(group, article)
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


def _groups_by_path(report: Report, by: GroupBy, standing: Standing) -> _Groups:
    """A function that gives the groups of the article at a path; each is worked out once."""
    authors: dict[str, tuple[str, ...]] = {}
    if by is GroupBy.AUTHOR:
        for entry in report.urls():
            page = entry.link.page
            for one in entry.references if page is not None and page.authors else ():
                if one.scope is Scope.OWN and one.role in COMPARED:
                    authors.setdefault(one.path, page.authors if page else ())
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
    paths: defaultdict[str, set[str]] = defaultdict(set)
    for path in own:
        for group in of(path):
            paths[group].add(path)
    return {
        group: replace(
            entry,
            references=tuple(one for one in entry.references if one.path in held),
            related_references=0,
        )
        for group, held in paths.items()
    }


def _report_of(report: Report, of: _Groups, spool: Spool, group: ReportGroup) -> Report:
    return replace(
        report,
        summary=group.summary,
        problems=tuple(one for one in report.problems if group.name in of(one.path)),
        urls=lambda: spool.urls(group.name),
        articles=lambda: spool.articles(group.name),
    )

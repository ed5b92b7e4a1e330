"""One pass over a report for all of its formats: what the first format reads is gathered for the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from crawler.model.report import ArticleEntry, Report, UrlEntry
from crawler.rules.certificate_ends import ending_certificates

if TYPE_CHECKING:
    from crawler.reporting.findings import Findings

_Entry = TypeVar("_Entry")


class Gatherer(Protocol):
    """Whatever keeps something of each URL and each article."""

    def add_url(self, entry: UrlEntry) -> None:
        """Take one URL."""

    def add_article(self, entry: ArticleEntry) -> None:
        """Take one article; all URLs have been taken before."""


class OnePass:
    """A report whose streams fill `findings` when they are first read: a stream costs a query and checks for each row.

    `others` are filled beside it. Where nothing is to be gathered, `findings` is None.
    """

    def __init__(
        self, report: Report, findings: Findings | None, others: Sequence[Gatherer] = ()
    ) -> None:
        self._source = report
        self._findings = findings
        self._is_finished = findings is None
        if findings is None:
            self.report = report
            return
        self._gatherers: tuple[Gatherer, ...] = (findings, *others)
        self._urls: _Gathered[UrlEntry] = _Gathered(report.urls, self._add_url)
        self._articles: _Gathered[ArticleEntry] = _Gathered(report.articles, self._add_article)
        self.report = replace(report, urls=self._urls.read, articles=self._articles.read)

    def finish(self) -> None:
        """Gather what has not been read yet; after that the findings are ready."""
        if self._findings is None or self._is_finished:
            return
        self._is_finished = True
        # URLs first: while they are read, the checks of articles may be made elsewhere.
        self._urls.finish()
        self._articles.finish()
        for held in self._source.held:
            self._findings.add_held(held)
        for certificate in ending_certificates(self._source):
            self._findings.add_certificate(certificate)
        for problem in self._source.problems:
            self._findings.add_problem(problem)
        self._findings.build_indexes()

    def _add_url(self, entry: UrlEntry) -> None:
        for one in self._gatherers:
            one.add_url(entry)

    def _add_article(self, entry: ArticleEntry) -> None:
        # The findings of an article name what was found at its URLs.
        self._urls.finish()
        for one in self._gatherers:
            one.add_article(entry)


class _Gathered(Generic[_Entry]):
    """A stream, each entry of which is passed to `add` once, whoever reads it and however far."""

    def __init__(
        self, stream: Callable[[], Iterator[_Entry]], add: Callable[[_Entry], None]
    ) -> None:
        self._stream = stream
        self._add = add
        self._first: Iterator[_Entry] | None = None

    def read(self) -> Iterator[_Entry]:
        """The stream from its beginning."""
        if self._first is not None:
            return self._stream()
        self._first = self._adding()
        return self._first

    def finish(self) -> None:
        """Read what nobody has read yet."""
        if self._first is None:
            self._first = self._adding()
        for _ in self._first:
            pass

    def _adding(self) -> Iterator[_Entry]:
        for entry in self._stream():
            self._add(entry)
            yield entry

"""Reports that hold hostile texts in every place, and the page that is made of a report."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime

from crawler.model.article import Problem, ProblemCode
from crawler.model.check import (
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
from crawler.model.held import Held, HeldReason
from crawler.model.link import Link
from crawler.model.observation import Hop, Observation, PageFacts
from crawler.model.reference import Declared, Reference, Scope
from crawler.model.report import ArticleEntry, Report, UrlEntry
from crawler.model.role import Role
from crawler.model.run import Run
from crawler.model.verdict import Suggestion, SuggestionKind, Verdict, VerdictKind, WarningCode
from crawler.reporting.findings import gathered
from crawler.reporting.formats.html_report import write_html
from crawler.reporting.formats.page_data import PageData
from tests.strategies.model import NASTY_TEXTS, report_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SENTINEL = "document.documentElement.setAttribute('pwned','1')"


def rendered(report: Report, review: str | None = None) -> str:
    """The page of a report."""
    stream = io.StringIO()
    with gathered(report) as findings:
        write_html(report, findings, page_data_of(report), stream, review=review)
    return stream.getvalue()


def page_data_of(report: Report) -> PageData:
    """The data of a report's page, before they are packed."""
    data = PageData()
    for url in report.urls():
        data.add_url(url)
    for article in report.articles():
        data.add_article(article)
    return data


def hostile_report(texts: list[str]) -> Report:
    """A report that shows every text in every place where outside text can stand."""
    urls, articles, problems = [], [], []
    kinds = list(VerdictKind)
    for number, text in enumerate(texts):
        path = f"{number}-{text}"
        kind = kinds[number % len(kinds)]
        reference = Reference(
            path, 5, text, Role.WEB, Scope.OWN, text, text, declared=Declared(title=text)
        )
        suggestion = Suggestion(SuggestionKind.REPLACE_URL, text)
        verdict = Verdict(
            kind,
            text or "http-404",
            "r",
            since=NOON,
            warnings=tuple(WarningCode),
            suggestion=suggestion,
        )
        link = Link(
            number,
            text,
            verdict,
            200,
            text,
            page=PageFacts(title=text, description=text, image=text),
        )
        seen = Observation(
            text, NOON, 1, 200, failure_detail=text, hops=(Hop(text, 301),), final_url=text
        )
        urls.append(UrlEntry(link, (reference,), 0, explanation=text, visits=(seen,)))
        urls.append(UrlEntry(replace(link, url=f"http://{text}/"), (), 0))
        checks = ArticleChecks(
            (DeadLink(text, 5, VerdictKind.DEAD, text, date(2026, 1, 1), text),),
            Freshness(FreshnessState.DRIFTED, ("title", text)),
            (ImageSize(text, 5, text, Level.ERROR, Size(1, 2), Size(3, 4), text),),
            (FieldFinding(text, 5, text, Level.INFO, text, text, text, ChangeKind.REPLACE),),
            (FieldFinding(text, 5, text, Level.INFO, text, others=(text, text)),),
            (FieldChange(text, 5, ChangeKind.ADD, None, text, "image-offered"),),
        )
        articles.append(ArticleEntry(path, text, checks, 1, 1))
        problems.append(Problem(path, 1, ProblemCode.INVALID_YAML, text))
    run = Run(1, NOON, NOON, texts[0], 5)
    held = [Held(HeldReason.MASS_CHANGE, text, text, 2, 1, False, 3) for text in texts]
    return report_of(urls, articles, problems, content="".join(texts)[:5000], run=run, held=held)


def attacks() -> list[str]:
    """Every way of starting a script that the places of the template could let through."""
    tags = [
        f"<script>{SENTINEL}</script>",
        f"</script><script>{SENTINEL}</script>",
        f"</title></style></caption></table><svg onload={SENTINEL}>",
        f'"><img src=x onerror="{SENTINEL}">',
        f"' autofocus onfocus='{SENTINEL}' x='",
        f"javascript:{SENTINEL}",
        f"JaVaScRiPt:{SENTINEL}",
        f'https://a.test/"onmouseover="{SENTINEL}',
        f"http://a.test/'><details open ontoggle={SENTINEL}>",
        f"<iframe srcdoc='<script>parent.{SENTINEL}</script>'></iframe>",
        f"<meta http-equiv=refresh content='0;url=javascript:{SENTINEL}'>",
        f"<base href='javascript:{SENTINEL}'>",
        "{{ cycler.__init__.__globals__ }}",
    ]
    return [*tags, *NASTY_TEXTS]

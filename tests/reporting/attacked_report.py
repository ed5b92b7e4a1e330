"""Reports in which every outside text is an attack, and the same report with harmless texts in their places."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime

from crawler.model.change import Change
from crawler.model.check import ArticleChecks, DeadLink, ImageSize, Level
from crawler.model.link import Link
from crawler.model.reference import Reference, Scope
from crawler.model.report import ArticleEntry, Report, UrlEntry
from crawler.model.role import Role
from crawler.model.run import Run
from crawler.model.verdict import Suggestion, SuggestionKind, Verdict, VerdictKind
from crawler.reporting import FORMATS
from crawler.reporting.findings import gathered
from crawler.reporting.formats.report_format import ReportContent
from crawler.reporting.link_rows import host_in
from crawler.reporting.words.escaping import web_href
from tests.strategies.model import NASTY_TEXTS, report_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RUN = Run(7, NOON, NOON, "finished", 12)
ATTACKS = (
    *filter(None, NASTY_TEXTS),
    "<r><t>1</t></r></is></c></row></sheetData>",
    "`code` ``more`` *bold* _it_ [a](javascript:alert(1)) ![x](https://evil.test/x.png)",
    "` @all #1 :smile: https://evil.test/ www.evil.test <https://evil.test/>",
    "``````",
    "| a | b |",
    "a\\|b\\",
    "[x]: https://evil.test/",
    "&copy; &#60;b&#62; &lt;",
    "<!-- --> <![CDATA[ ]]> <?xml?> ]]>",
    "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>&a;",
    "<!channel> <@U123> <#C1|x> <https://evil.test|safe>",
    "{{DATE(2017-02-14T06:08:39Z, SHORT)}} {{{ ${x} {0}",
    "::error file=x,line=1::pwned",
    "%0A::error::pwned%0D%25,:",
    "\n::set-output name=x::y",
    "##[error]x",
    '"} 1\nevil{a="',
    'x"; \\" \\\\n',
    "_x001B_[31m _x005F_ _xFFFE_",
    "\ufffe\uffff\ufdd0",
    "\x85\x9b31m",
    "[text](1) {0} \\[x\\]",
)


def written(name: str, report: Report) -> bytes:
    """A report in one format."""
    stream = io.BytesIO()
    with gathered(report) as findings:
        FORMATS[name].write(ReportContent(report, findings), stream)
    return stream.getvalue()


def all_written(names: Iterable[str], report: Report) -> dict[str, bytes]:
    """A report in several formats, gathered once."""
    made = {}
    with gathered(report) as findings:
        for name in names:
            stream = io.BytesIO()
            FORMATS[name].write(ReportContent(report, findings), stream)
            made[name] = stream.getvalue()
    return made


def urls_about(text: str) -> list[str]:
    """Addresses that hold a text: in the path, in the host, after another scheme, and of a link that recovered."""
    return [
        f"https://a.test/{text}",
        f"https://{text}.test/x",
        f"javascript:{text}",
        f"https://r.test/{text}",
    ]


def harmless(urls: list[str]) -> list[str]:
    """Addresses of the same properties without an attack."""
    return [
        f"https://h{number}.test/x"
        if web_href(url)
        else f"ftp://h{number}.test/x"
        if host_in(url)
        else f"mailto:h{number}"
        for number, url in enumerate(urls)
    ]


def report_about(text: str, urls: list[str]) -> Report:
    """A report with a text in every place, and these four addresses: one newly broken, one newly dead, one invalid, one
    that recovered."""
    kinds = (
        (VerdictKind.BROKEN, Change.NEW_BROKEN, 3),
        (VerdictKind.DEAD, Change.CONFIRMED_DEAD, 2),
        (VerdictKind.INVALID, None, 1),
        (VerdictKind.ALIVE, Change.RECOVERED, 1),
    )
    path = f"{text}/a.md"
    entries: list[UrlEntry] = []
    dead: list[DeadLink] = []
    for url, (kind, change, places) in zip(urls, kinds, strict=True):
        places_of = [
            Reference(path, line, f"{text}{line}", Role.WEB, Scope.OWN, url, url)
            for line in range(2, 2 + places)
        ]
        suggestion = Suggestion(SuggestionKind.REPLACE_URL, urls[0])
        verdict = Verdict(kind, "http-404", "rule", since=NOON, suggestion=suggestion)
        link = Link(len(entries) + 1, url, verdict, 404, final_url=url)
        entries.append(UrlEntry(link, tuple(places_of), 4, f"Because {text}.", change=change))
        if kind.is_written_back:
            one = places_of[0]
            dead.append(DeadLink(one.pointer, one.line, kind, "http-404", NOON.date(), url))
    image = ImageSize("images/0", 9, "size-mismatch", Level.WARNING, None, None, urls[0], text)
    checks = ArticleChecks(tuple(dead), image_sizes=(image,))
    article = ArticleEntry(path, text, checks, 0, 0)
    return report_of(
        entries, [article], content=text or "x", run=RUN, newly_broken=1, newly_dead=1, recovered=1
    )

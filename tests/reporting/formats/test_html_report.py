from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import html

from crawler.model.article import Problem, ProblemCode
from crawler.model.change import Change
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
from crawler.model.link import Link
from crawler.model.observation import PageFacts
from crawler.model.reference import Declared, Reference, Scope
from crawler.model.report import ArticleEntry, Report, Summary, UrlEntry
from crawler.model.role import Role
from crawler.model.run import Run
from crawler.model.thumbnail import Thumbnail
from crawler.model.verdict import Suggestion, SuggestionKind, Verdict, VerdictKind, WarningCode
from crawler.reporting import FORMATS, write
from crawler.reporting.finding import FindingKind
from crawler.reporting.findings import gathered
from crawler.reporting.formats import html_report
from crawler.reporting.formats.html_report import ROW_LIMITS, bar, headline, outside, write_html
from tests.strategies.examples import examples
from tests.strategies.model import NASTY_TEXTS, report_of, reports
from tests.time_limits import HANG

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SENTINEL = "document.documentElement.setAttribute('pwned','1')"
SMALLEST_JPEG = bytes.fromhex("ffd8ffdb004300") + bytes(64) + bytes.fromhex("ffd9")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def rendered(report: Report) -> str:
    stream = io.StringIO()
    with gathered(report) as findings:
        write_html(report, findings, stream)
    return stream.getvalue()


def parsed(report: Report) -> Any:
    return html.document_fromstring(rendered(report))


def text_of(node: Any) -> str:
    return " ".join(node.text_content().split())


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
        link = Link(number, text, verdict, 200, text, page=PageFacts(title=text))
        urls.append(UrlEntry(link, (reference,), 0, explanation=text))
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
    return report_of(urls, articles, problems, content="".join(texts)[:5000], run=run)


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


def test_a_dead_link_in_plain_words() -> None:
    dead = DeadLink(
        "ampWebUrl", 7, VerdictKind.DEAD, "http-404", date(2026, 11, 2), "https://a.test/x"
    )
    entry = ArticleEntry("_news/a.md", "A title", ArticleChecks((dead,)), 0, 0)
    page = parsed(report_of([], [entry]))
    (table,) = page.xpath("//section[@aria-labelledby='first']//table")
    (body,) = table.xpath("./tbody")
    assert text_of(body) == (
        "A title _news/a.md · 1 link line 7 ampWebUrl https://a.test/x "
        "dead The server says that this page does not exist. http-404 2 November 2026"
    )
    (anchor,) = body.xpath(".//a")
    assert anchor.attrib == {
        "class": "url",
        "href": "https://a.test/x",
        "rel": "noreferrer noopener",
    }


def test_addresses_are_shown_with_what_to_do() -> None:
    amp = (
        FieldFinding(
            "ampWebUrl",
            8,
            "amp-redirects-to-canonical",
            Level.WARNING,
            "https://a.test/x/amp",
            actual="https://a.test/x",
            change=ChangeKind.DROP,
        ),
        FieldFinding(
            "cdnAmpWebUrl",
            9,
            "amp-cache-mismatch",
            Level.WARNING,
            "https://c.test/x",
            "https://c.test/y",
            change=ChangeKind.REPLACE,
        ),
        FieldFinding("ampWebUrl", 8, "amp-ok", Level.INFO, "https://a.test/x/amp"),
    )
    shared = FieldFinding(
        "webUrl", 7, "canonical-shared", Level.WARNING, "https://a.test/x", others=("b.md",)
    )
    checks = ArticleChecks(amp=amp, identity=(shared,))
    page = parsed(report_of([], [ArticleEntry("a.md", "A title", checks, 0, 0)]))
    (section,) = page.xpath("//section[@aria-labelledby='amp']")
    head, first, second = map(text_of, section.xpath(".//tbody/tr"))
    assert head == "A title a.md · 2 findings"
    assert first == (
        "line 8 ampWebUrl https://a.test/x/amp warning The AMP address leads to the article's page: "
        "the site gave AMP up. amp-redirects-to-canonical Found: https://a.test/x "
        "Take both fields out: ampWebUrl and cdnAmpWebUrl."
    )
    assert second.endswith("follows from it. Suggested: https://c.test/y")
    (section,) = page.xpath("//section[@aria-labelledby='identity']")
    assert "Other articles are of the same page. canonical-shared Found: b.md" in text_of(section)


def test_what_does_not_work_is_explained_where_it_stands() -> None:
    """The sentence of `explain` is in the reports (ADR 11)."""
    dead = DeadLink("webUrl", 7, VerdictKind.DEAD, "http-404", None, "https://a.test/x")
    place = Reference("a.md", 7, "webUrl", Role.WEB, Scope.OWN, dead.url, dead.url)
    kinds = (VerdictKind.DEAD, VerdictKind.UNVERIFIABLE, VerdictKind.EXCLUDED, VerdictKind.ALIVE)
    urls = [
        UrlEntry(
            Link(number, dead.url, Verdict(kind, "http-404", "r")),
            (place,) if kind is VerdictKind.DEAD else (),
            0,
            explanation=None if kind is VerdictKind.ALIVE else f"<Because {kind}>.",
        )
        for number, kind in enumerate(kinds)
    ]
    page = parsed(report_of(urls, [ArticleEntry("a.md", "T", ArticleChecks((dead,)), 0, 0)]))
    shown = page.xpath("//details[@class='why']")
    assert [text_of(each) for each in shown] == [
        f"Why, and what next<Because {kind}>." for kind in kinds[:-1]
    ]
    assert shown[0].xpath("ancestor::section")[0].get("aria-labelledby") == "first"


def test_every_section_shows_its_findings() -> None:
    moved = Verdict(
        VerdictKind.MOVED,
        "moved-permanently",
        "r",
        suggestion=Suggestion(SuggestionKind.REPLACE_URL, "https://new.test/"),
    )
    places = tuple(
        Reference("a.md", 5, at, Role.WEB, Scope.OWN, "https://old.test/", "https://old.test/")
        for at in ("webUrl", "originalUrl")
    )

    def url(kind: VerdictKind, reason: str, host: str) -> UrlEntry:
        return UrlEntry(Link(1, f"https://{host}/", Verdict(kind, reason, "r")), (), 0)

    checks = ArticleChecks(
        (),
        Freshness(FreshnessState.DRIFTED, ("title",)),
        (
            ImageSize(
                "images/0", 9, "size-missing", Level.INFO, None, Size(10, 5), "https://i.test/"
            ),
        ),
    )
    page = parsed(
        report_of(
            [
                UrlEntry(Link(1, "https://old.test/", moved), places, 0),
                url(VerdictKind.UNVERIFIABLE, "bot-wall", "wall.test"),
                url(VerdictKind.EXCLUDED, "ignored", "mine.test"),
                url(VerdictKind.UNCHECKED, "not-visited", "new.test"),
                url(VerdictKind.BROKEN, "http-410", "gone.test"),
                replace(
                    url(VerdictKind.ALIVE, "http-200", "odd.test"),
                    link=Link(
                        1,
                        "https://odd.test/",
                        Verdict(
                            VerdictKind.ALIVE,
                            "http-200",
                            "r",
                            warnings=(WarningCode.URL_HTML_ENTITY,),
                        ),
                    ),
                ),
            ],
            [ArticleEntry("a.md", "Stored title", checks, 1234, 0)],
            [Problem("b.md", 12, ProblemCode.INVALID_YAML, "mapping values")],
            run=Run(1, NOON, NOON, "shutdown", 12),
        )
    )
    text = text_of(page)
    for part in (
        "Of 6 links in 1 article, 1 needs attention: 1 broken.",
        "early (shutdown), and sent 12 requests.",
        "info The file does not say how large the image is. size-missing — 10x5",
        "title drifted Stored title",
        "b.md, line 12 The front matter is not valid YAML. mapping values",
        "Related articles hold 1,234 references to such links as well.",
        "gone.test 1 1",
        "2 links moved for good",
        "https://new.test/",
        "1 link could not be verified, not broken",
        "The site shows automatic visitors a barrier in place of the page. bot-wall",
        "1 link excluded",
        "1 link not visited yet",
        "1 link: The address holds an HTML entity",
    ):
        assert part in text
    assert not page.xpath("//details[@open]")


def test_an_empty_report_says_so() -> None:
    text = text_of(parsed(report_of()))
    assert "Of 0 links in 0 articles, none was found broken." in text
    assert "No run has been made yet." in text
    assert "No article has a link of its own that is dead, broken or invalid." in text


def test_a_report_before_the_first_visit_says_so() -> None:
    entry = UrlEntry(Link(1, "https://a.test/", Verdict(VerdictKind.UNCHECKED, "x", "x")), (), 0)
    text = text_of(parsed(report_of([entry], run=Run(1, NOON))))
    assert "1 link in 0 articles, none checked yet." in text
    assert "Nothing has been checked yet." in text
    assert "and has not ended" in text


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({VerdictKind.DEAD: 1}, "Of 1 link in 2 articles, 1 needs attention: 1 dead."),
        (
            {VerdictKind.DEAD: 1200, VerdictKind.INVALID: 2},
            "Of 1,202 links in 2 articles, 1,202 need attention: 1,200 dead and 2 invalid.",
        ),
        (
            {VerdictKind.DEAD: 1, VerdictKind.BROKEN: 1, VerdictKind.INVALID: 1},
            "Of 3 links in 2 articles, 3 need attention: 1 dead, 1 broken and 1 invalid.",
        ),
    ],
)
def test_the_headline(counts: dict[VerdictKind, int], sentence: str) -> None:
    assert headline(Summary(2, 9, sum(counts.values()), counts, 0, 0, 0)) == sentence


def test_the_bar_adds_up() -> None:
    counts = {VerdictKind.ALIVE: 1, VerdictKind.DEAD: 2, VerdictKind.MOVED: 0}
    first, last = bar(Summary(1, 3, 3, counts, 0, 0, 0))
    assert (first.start, first.share, last.start, last.share) == (
        "0.000%",
        "33.333%",
        "33.333%",
        "66.667%",
    )
    assert bar(Summary(0, 0, 0, {}, 0, 0, 0)) == ()


def test_rows_are_bounded_and_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sum(ROW_LIMITS.values()) <= 2000
    monkeypatch.setitem(html_report.ROW_LIMITS, FindingKind.DEAD_LINK, 3)
    monkeypatch.setattr(html_report, "LISTED_LIMIT", 1)
    dead = DeadLink("webUrl", 5, VerdictKind.DEAD, "http-404", None, "https://a.test/")
    walls = [
        UrlEntry(
            Link(1, f"https://{number}.test/", Verdict(VerdictKind.UNVERIFIABLE, "http-403", "r")),
            (),
            0,
        )
        for number in range(3)
    ]
    articles = [
        ArticleEntry(f"{n}.md", None, ArticleChecks((dead, dead)), 0, 0) for n in range(1000)
    ]
    page = parsed(report_of(walls, articles))
    assert len(page.xpath("//section[@aria-labelledby='first']//td[@class='place']")) == 3
    more = [text_of(node) for node in page.xpath("//p[@class='more']")]
    assert more == [
        "… and 1,997 more, in report.csv and report.json.",
        "… and 2 more, in report.json.",
    ]


def test_the_page_is_accessible() -> None:
    page = parsed(hostile_report(attacks()))
    assert page.get("lang") == "en"
    levels = [int(node.tag[1]) for node in page.xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(table.xpath("./caption[normalize-space()]") for table in page.xpath("//table"))
    assert not page.xpath("//th[not(@scope)]")
    assert not page.xpath("//*[@tabindex and not(@aria-label or @aria-labelledby)]")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = {href[1:] for href in page.xpath("//a/@href") if href.startswith("#")}
    assert targets <= set(ids)
    assert set(page.xpath("//@aria-labelledby")) <= set(ids)


def _luminance(colour: str) -> float:
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["text", "quiet", "link", "bad", "warn", "good"])
@pytest.mark.parametrize("paper", ["page", "card", "stripe"])
def test_text_has_contrast(scheme: int, ink: str, paper: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1 for text of ordinary size."""
    style = rendered(report_of()).split("<style>")[1].split("</style>")[0]
    root = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[scheme]
    colours = {
        name: value + value[1:] if len(value) == 4 else value
        for name, value in re.findall(r"--(\w+): (#[0-9a-f]{3,6});", root)
    }
    assert _contrast(colours[ink], colours[paper]) >= 4.5


def check_nothing_runs_or_loads(text: str) -> None:
    page = html.document_fromstring(text)
    assert not page.xpath("//script|//iframe|//img|//object|//embed|//base|//form|//input|//video")
    assert len(page.xpath("//meta")) == 5
    for node in page.iter():
        for name, value in node.attrib.items():
            assert not name.startswith("on"), name
            assert name not in ("style", "src", "srcdoc", "srcset", "action", "formaction")
            if name == "href":
                assert re.match(r"#|https?://|data:,$", value, re.IGNORECASE), value
    for anchor in page.xpath("//a[not(starts-with(@href, '#'))]"):
        assert anchor.get("rel") == "noreferrer noopener"
    assert len(page.xpath("//html")) == len(page.xpath("//body")) == len(page.xpath("//main")) == 1


def test_the_policy_allows_nothing_but_this_style() -> None:
    text = rendered(report_of())
    (policy,) = html.document_fromstring(text).xpath(
        "//meta[@http-equiv='Content-Security-Policy']/@content"
    )
    style = text.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    assert "@import" not in style
    assert "url(" not in style
    assert text.index("Content-Security-Policy") < text.index("<title>")


def test_attacks_stay_text() -> None:
    text = rendered(hostile_report(attacks()))
    check_nothing_runs_or_loads(text)
    assert "&lt;script&gt;" in text


@pytest.mark.shared_data
def test_naughty_strings_stay_text(shared: Path) -> None:
    strings = json.loads((shared / "suites" / "blns.json").read_text("utf-8"))
    assert len(strings) > 400
    check_nothing_runs_or_loads(rendered(hostile_report(strings)))


@settings(max_examples=examples(40))
@given(reports())
def test_any_report_is_a_harmless_page(report: Report) -> None:
    text = rendered(report)
    text.encode("utf-8")
    check_nothing_runs_or_loads(text)
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", text
    )


def test_text_of_another_direction_is_kept_apart() -> None:
    assert str(outside("a\u202eb")) == "<bdi>a\\u202eb</bdi>"
    assert str(outside("x" * 400)) == f"<bdi>{'x' * 300}…</bdi>"


@pytest.fixture(scope="module")
def browser() -> str:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Chromium here (Debian: apt-get install chromium)")
    return found


def opened(browser: str, page: Path, profile: Path) -> tuple[str, list[str]]:
    """The page's document after loading from file://, and what the console said."""
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"]
    command += ["--no-first-run", "--disable-background-networking", "--disable-component-update"]
    command += [
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--host-resolver-rules=MAP * ~NOTFOUND",
    ]
    command += [
        "--enable-logging=stderr",
        f"--user-data-dir={profile}",
        "--dump-dom",
        page.as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, timeout=HANG, check=True)
    log = done.stderr.decode("utf-8", "replace").splitlines()
    return done.stdout.decode("utf-8", "replace"), [line for line in log if "CONSOLE" in line]


@pytest.mark.browser
def test_a_browser_runs_nothing_and_complains_of_nothing(browser: str, tmp_path: Path) -> None:
    (page,) = write(hostile_report(attacks()), [FORMATS["html"]], tmp_path)
    document, console = opened(browser, page, tmp_path / "profile")
    assert console == []
    root = html.document_fromstring(document)
    assert root.get("lang") == "en"
    assert root.get("pwned") is None
    assert root.xpath("//footer")
    check_nothing_runs_or_loads(document)


def thumbnails_of_everything(texts: list[str]) -> dict[tuple[str, str], Thumbnail]:
    made = Thumbnail(16, 9, SMALLEST_JPEG)
    return {(f"{number}-{text}", text): made for number, text in enumerate(texts)}


def test_a_thumbnail_is_a_part_of_the_page_and_its_words_are_text() -> None:
    stream = io.StringIO()
    with gathered(hostile_report(attacks())) as findings:
        write_html(hostile_report(attacks()), findings, stream, thumbnails_of_everything(attacks()))
    page = html.document_fromstring(stream.getvalue())
    pictures = page.xpath("//img")
    assert len(pictures) >= len(attacks()) - 2
    for picture in pictures:
        assert sorted(picture.attrib) == ["alt", "class", "height", "src", "width"]
        assert picture.get("src").startswith("data:image/jpeg;base64,")
        picture.getparent().remove(picture)
    check_nothing_runs_or_loads(html.tostring(page, encoding="unicode"))


@pytest.mark.browser
def test_a_browser_shows_thumbnails_under_the_policy(browser: str, tmp_path: Path) -> None:
    report = hostile_report(attacks())
    (page,) = write(report, [FORMATS["html"]], tmp_path, thumbnails_of_everything(attacks()))
    document, console = opened(browser, page, tmp_path / "profile")
    assert console == []
    assert "data:image/jpeg" in document
    assert html.document_fromstring(document).get("pwned") is None


@pytest.mark.browser
def test_the_browser_test_would_see_a_script(browser: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<!DOCTYPE html><p>x<script>{SENTINEL};console.error('seen')</script>")
    document, console = opened(browser, page, tmp_path / "profile")
    assert html.document_fromstring(document).get("pwned") == "1"
    assert len(console) == 1


@pytest.mark.parametrize(
    ("change", "badge"),
    [
        (Change.NEW_BROKEN, "new"),
        (Change.CONFIRMED_DEAD, "newly confirmed"),
        (Change.REASON_CHANGED, None),
        (Change.STILL, None),
        (None, None),
    ],
)
def test_what_is_new_has_a_mark(change: Change | None, badge: str | None) -> None:
    url = "https://a.test/x"
    link = Link(1, url, Verdict(VerdictKind.BROKEN, "http-404", "rule"))
    place = Reference("a.md", 5, "webUrl", Role.WEB, Scope.OWN, url, url)
    dead = DeadLink("webUrl", 5, VerdictKind.BROKEN, "http-404", date(2026, 11, 1), url)
    entries = [UrlEntry(link, (place,), 0, change=change)]
    report = report_of(entries, [ArticleEntry("a.md", "T", ArticleChecks((dead,)), 0, 0)])
    found = re.findall(
        r'data-name="Since">.*?(?:<span class="badge bad">([^<]*)</span>)?</td>', rendered(report)
    )
    assert found == [badge or ""]

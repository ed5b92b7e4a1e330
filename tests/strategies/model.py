"""Hypothesis strategies for every model value; texts are as hostile as files and servers can be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from hypothesis import strategies as st

from crawler.model.article import Article, FileStamp, Problem, ProblemCode
from crawler.model.change import Change
from crawler.model.check import (
    ArticleChecks,
    ChangeKind,
    DeadLink,
    FieldChange,
    FieldFinding,
    FieldState,
    Freshness,
    FreshnessState,
    ImageCode,
    ImageSize,
    Level,
    Size,
    UpdateKind,
)
from crawler.model.decision import Decision, NotBroken
from crawler.model.held import Held, HeldReason
from crawler.model.host_certificate import HostCertificate, Validity
from crawler.model.link import Access, Baseline, DueLink, Link
from crawler.model.observation import (
    AmpPart,
    CertificateFault,
    FailureKind,
    Further,
    Hop,
    ImageFacts,
    Inconclusive,
    Neighbour,
    Notice,
    NoticeKind,
    Observation,
    PageFacts,
    Probe,
    SoftSign,
)
from crawler.model.page_depth import Depth, PageMark
from crawler.model.priority import NOTHING_TO_DO, Factor, Priority, PriorityPart
from crawler.model.reference import Declared, Reference, Scope
from crawler.model.report import ArticleEntry, Report, Summary, UrlEntry
from crawler.model.role import Role
from crawler.model.run import Run
from crawler.model.verdict import Suggestion, SuggestionKind, Verdict, VerdictKind, WarningCode

NASTY_TEXTS = (
    "",
    " ",
    "\x00",
    "\x1b[31mred\x1b[0m",
    "\ud800",
    "=cmd|' /C calc'!A0",
    "'=1+1",
    "@SUM(1)",
    "-2+3",
    "\t=1",
    'a,b\r\n"c"',
    "</script><script>document.documentElement.setAttribute('pwned',1)</script>",
    "\"><img src=x onerror=document.documentElement.setAttribute('pwned',1)>",
    "</style></details></table>",
    "{{ 7 * 7 }}{% raw %}",
    "&amp;#039;&lt;",
    "javascript:alert(1)",
    "\u202egpj.exe\u2066\u200f",
    "\u2028\u2029\ufeff\u200b",
    "\U000e0041",
    "🙂" * 3,
    "x" * 5_000,
)

texts = st.one_of(
    st.sampled_from(NASTY_TEXTS),
    st.text(st.characters(codec=None, exclude_categories=()), max_size=40),
)
"""Any text at all: control characters, lone surrogates, markup, formulas."""
optional_texts = st.none() | texts
paths = texts.filter(bool)
counts = st.integers(0, 10**6)
lines = st.integers(0, 10**6)
moments = st.datetimes(timezones=st.just(UTC))
optional_moments = st.none() | moments
days = st.dates()
optional_days = st.none() | days
pixels = st.integers(0, 100_000)
statuses = st.integers(100, 999)

urls = st.one_of(
    texts,
    st.builds(
        "{}://{}{}/{}".format,
        st.sampled_from(["http", "https", "HTTPS", "javascript", "data", "file", "ftp"]),
        st.sampled_from(["example.com", "news.example", "xn--bcher-kva.example", "[::1", "", "1"]),
        st.sampled_from(["", ":80", ":99999", ":x"]),
        texts,
    ),
)
reasons = st.sampled_from(
    [
        "http-404",
        "http-799",
        "soft-404",
        "bot-wall",
        "size-mismatch",
        "no-such-code",
        *(kind.value for kind in FailureKind),
    ]
)

sizes = st.builds(Size, width=pixels, height=pixels)
declared = st.builds(
    Declared,
    width=st.none() | pixels,
    height=st.none() | pixels,
    is_cached=st.none() | st.booleans(),
    title=optional_texts,
    excerpt=optional_texts,
    published=optional_moments,
)


def references_at(
    path: st.SearchStrategy[str] = paths, url: st.SearchStrategy[str] = urls
) -> st.SearchStrategy[Reference]:
    """References in one of the files and to one of the URLs given."""
    return st.builds(
        Reference,
        path=path,
        line=lines,
        pointer=texts,
        role=st.sampled_from(Role),
        scope=st.sampled_from(Scope),
        raw=urls,
        url=url,
        invalid=st.none() | st.sampled_from(["empty", "malformed", "unknown-scheme"]),
        declared=declared,
    )


references = references_at()
problems = st.builds(
    Problem, path=paths, line=lines, code=st.sampled_from(ProblemCode), message=texts
)
hops = st.builds(Hop, url=urls, status=statuses)
notices = st.builds(Notice, kind=st.sampled_from(NoticeKind), words=texts)
page_facts = st.builds(
    PageFacts,
    title=optional_texts,
    description=optional_texts,
    image=optional_texts,
    canonical=optional_texts,
    site_name=optional_texts,
    published=optional_texts,
    modified=optional_texts,
    amphtml=optional_texts,
    lang=optional_texts,
    type=optional_texts,
    authors=st.lists(texts, max_size=2).map(tuple),
    paywalled=st.none() | st.booleans(),
    titles=st.lists(texts, max_size=2).map(tuple),
    content_hash=optional_texts,
    amp_lacks=st.none() | st.lists(st.sampled_from(AmpPart), unique=True).map(tuple),
    published_guessed=st.booleans(),
    image_guessed=st.booleans(),
    notice=st.none() | notices,
    words=optional_texts,
)
image_facts = st.builds(
    ImageFacts,
    type=st.none() | st.sampled_from(["JPEG", "PNG", "SVG", "HTML"]),
    width=st.none() | pixels,
    height=st.none() | pixels,
    bytes=st.none() | counts,
    bytes_read=counts,
    stored_width=st.none() | pixels,
    stored_height=st.none() | pixels,
    animated=st.none() | st.booleans(),
    served_type=optional_texts,
    fingerprint=optional_texts,
)
probes = st.builds(
    Probe,
    url=urls,
    status=st.none() | statuses,
    final_url=st.none() | urls,
    alike=st.none() | st.floats(0, 1),
)
observations = st.builds(
    Observation,
    url=urls,
    at=moments,
    run=st.integers(1, 5),
    status=st.none() | statuses,
    failure=st.none() | st.sampled_from(FailureKind),
    failure_detail=optional_texts,
    hops=st.lists(hops, max_size=3).map(tuple),
    final_url=st.none() | urls,
    content_type=optional_texts,
    etag=optional_texts,
    last_modified=optional_texts,
    retry_after=st.none() | st.floats(0, 1e6),
    elapsed=st.none() | st.floats(0, 1e3),
    bytes_read=counts,
    sign=st.none() | st.sampled_from(SoftSign),
    page=st.none() | page_facts,
    image=st.none() | image_facts,
    inconclusive=st.none() | st.sampled_from(Inconclusive),
    certificate=st.none() | st.sampled_from(CertificateFault),
    probe=st.none() | probes,
    further=st.builds(
        Further,
        over_https=st.none() | st.sampled_from(FailureKind),
        fragment=optional_texts,
        is_titled=st.none() | st.booleans(),
        front=st.none() | probes,
        neighbour=st.none() | st.sampled_from(Neighbour),
        spoken=st.none() | counts,
        says_gone=st.booleans(),
        is_gate=st.booleans(),
        is_lasting=st.booleans(),
        by_language=st.booleans(),
        clean_url=st.none() | urls,
    ),
    page_mark=st.none()
    | st.builds(
        PageMark,
        depth=st.sampled_from(Depth),
        digest=st.none() | st.text("0123456789abcdef", min_size=32, max_size=32),
    ),
)
suggestions = st.builds(Suggestion, kind=st.sampled_from(SuggestionKind), value=urls)
verdicts = st.builds(
    Verdict,
    kind=st.sampled_from(VerdictKind),
    reason=reasons,
    rule=st.just("a-rule"),
    strikes=st.integers(0, 9),
    since=optional_moments,
    failing_since=optional_moments,
    warnings=st.lists(st.sampled_from(WarningCode), unique=True).map(tuple),
    suggestion=st.none() | suggestions,
)
links = st.builds(
    Link,
    id=st.integers(1, 1 << 60),
    url=urls,
    verdict=verdicts,
    status=st.none() | statuses,
    final_url=st.none() | urls,
    hops=st.lists(hops, max_size=3).map(tuple),
    checked_at=optional_moments,
    due_at=optional_moments,
    page=st.none() | page_facts,
    image=st.none() | image_facts,
    baseline=st.none()
    | st.builds(
        Baseline,
        content_hash=optional_texts,
        modified=optional_texts,
        access=st.none() | st.sampled_from(Access),
        is_seen=st.booleans(),
        notice=optional_texts,
    ),
)
due_links = st.builds(
    DueLink,
    id=st.integers(1, 1 << 60),
    url=urls,
    host=texts,
    wants_image=st.booleans(),
    etag=optional_texts,
    last_modified=optional_texts,
)
decisions = st.builds(
    Decision,
    url=urls,
    note=texts,
    decided_at=moments,
    until=optional_moments,
    against=st.none() | st.builds(NotBroken, reason=reasons, failing_since=optional_moments),
)
dead_links = st.builds(
    DeadLink,
    at=texts,
    line=lines,
    verdict=st.sampled_from([kind for kind in VerdictKind if kind.is_written_back]),
    reason=reasons,
    since=optional_days,
    url=urls,
)
image_sizes = st.builds(
    ImageSize,
    at=texts,
    line=lines,
    reason=reasons | st.sampled_from(ImageCode),
    level=st.sampled_from(Level),
    declared=st.none() | sizes,
    actual=st.none() | sizes,
    url=urls,
    detail=optional_texts,
    is_cached=st.booleans(),
)
freshness = st.builds(
    Freshness,
    state=st.sampled_from(FreshnessState),
    drift=st.lists(
        st.sampled_from(["title", "excerpt", "publishedDateTime", "image", "\u202e"]), max_size=3
    ).map(tuple),
    modified=optional_days,
    update=st.none() | st.sampled_from(UpdateKind),
    fields=st.dictionaries(st.sampled_from(["title", "image"]), st.sampled_from(FieldState)),
)
field_findings = st.builds(
    FieldFinding,
    at=texts,
    line=lines,
    reason=reasons | st.sampled_from(["amp-ok", "amp-redirects-to-canonical", "canonical-shared"]),
    level=st.sampled_from(Level),
    url=urls,
    expected=st.none() | urls,
    actual=optional_texts,
    change=st.none() | st.sampled_from(ChangeKind),
    others=st.lists(paths, max_size=2).map(tuple),
)
field_changes = st.builds(
    FieldChange,
    at=texts,
    line=lines,
    kind=st.sampled_from(ChangeKind),
    old=optional_texts,
    new=optional_texts,
    reason=reasons | st.just("image-offered"),
)
article_checks = st.builds(
    ArticleChecks,
    dead_links=st.lists(dead_links, max_size=3).map(tuple),
    freshness=freshness,
    image_sizes=st.lists(image_sizes, max_size=3).map(tuple),
    amp=st.lists(field_findings, max_size=2).map(tuple),
    identity=st.lists(field_findings, max_size=2).map(tuple),
    suggestions=st.lists(field_changes, max_size=2).map(tuple),
)
articles = st.builds(
    Article,
    path=paths,
    title=optional_texts,
    excerpt=optional_texts,
    published=optional_moments,
    listed=st.booleans(),
    references=st.lists(references, max_size=4).map(tuple),
    block=optional_texts,
    problems=st.lists(problems, max_size=2).map(tuple),
)
file_stamps = st.builds(
    FileStamp,
    size=counts,
    mtime_ns=st.integers(0, 1 << 62),
    ctime_ns=st.integers(0, 1 << 62),
    inode=counts,
    sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
)
runs = st.builds(
    Run,
    id=st.integers(1, 1 << 40),
    started_at=moments,
    finished_at=optional_moments,
    finish_reason=optional_texts,
    requests=counts,
)
owners = st.lists(texts, max_size=3).map(tuple)
priorities = st.just(NOTHING_TO_DO) | st.builds(
    Priority,
    st.integers(1, 1_000_000),
    st.lists(st.builds(PriorityPart, st.sampled_from(Factor), texts, st.floats(0, 1e6))).map(tuple),
)
url_entries = st.builds(
    UrlEntry,
    link=links,
    references=st.lists(references, max_size=3).map(tuple),
    related_references=counts,
    explanation=optional_texts,
    decision=st.none() | decisions,
    change=st.none() | st.sampled_from(Change),
    priority=priorities,
    owners=owners,
)
article_entries = st.builds(
    ArticleEntry,
    path=paths,
    title=optional_texts,
    checks=article_checks,
    related_dead_links=counts,
    related_image_sizes=counts,
    priority=priorities,
    owners=owners,
)


def summary_of(
    url_values: Iterable[UrlEntry], article_values: Sequence[ArticleEntry], **counted: int
) -> Summary:
    """The summary that these entries add up to; `counted` overrides its plain numbers."""
    by_verdict = dict.fromkeys(VerdictKind, 0)
    own = 0
    for entry in url_values:
        by_verdict[entry.link.verdict.kind] += 1
        own += len(entry.references) + entry.related_references
    return Summary(
        articles=len(article_values),
        references=counted.get("references", own),
        urls=sum(by_verdict.values()),
        by_verdict=by_verdict,
        newly_broken=counted.get("newly_broken", 0),
        newly_dead=counted.get("newly_dead", 0),
        recovered=counted.get("recovered", 0),
    )


def report_of(
    url_values: Sequence[UrlEntry] = (),
    article_values: Sequence[ArticleEntry] = (),
    problem_values: Sequence[Problem] = (),
    *,
    content: str = "articles",
    run: Run | None = None,
    generated_at: datetime = datetime(2026, 11, 22, 10, 30, tzinfo=UTC),
    held: Sequence[Held] = (),
    certificates: Sequence[HostCertificate] = (),
    **counted: int,
) -> Report:
    """A report of these entries."""
    return Report(
        generated_at=generated_at,
        content=content,
        run=run,
        summary=summary_of(url_values, article_values, **counted),
        problems=tuple(problem_values),
        urls=lambda: iter(url_values),
        articles=lambda: iter(article_values),
        held=tuple(held),
        certificates=tuple(certificates),
    )


certificates = st.builds(
    HostCertificate, host=texts, validity=st.builds(Validity, moments, moments), seen_at=moments
)
held = st.builds(
    Held,
    reason=st.sampled_from(HeldReason),
    cause=reasons,
    host=texts,
    links=st.integers(1, 10**6),
    articles=st.integers(1, 10**6),
    first_run=st.booleans(),
    priority=st.integers(0, 10**9),
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Whole reports, whose articles, references and problems often share paths."""
    names = draw(st.lists(paths, min_size=1, max_size=3, unique=True))
    shared_path = st.sampled_from(names)
    entries = st.builds(
        UrlEntry,
        link=links,
        references=st.lists(references_at(shared_path), max_size=3).map(tuple),
        related_references=counts,
        explanation=optional_texts,
        decision=st.none() | decisions,
        change=st.none() | st.sampled_from(Change),
        priority=priorities,
        owners=owners,
    )
    article_values = [
        draw(
            st.builds(
                ArticleEntry,
                path=st.just(name),
                title=optional_texts,
                checks=article_checks,
                related_dead_links=counts,
                related_image_sizes=counts,
                priority=priorities,
                owners=owners,
            )
        )
        for name in names
    ]
    return report_of(
        draw(st.lists(entries, max_size=4)),
        article_values,
        draw(st.lists(problems, max_size=2)),
        content=draw(texts),
        run=draw(st.none() | runs),
        generated_at=draw(moments),
        held=draw(st.lists(held, max_size=2)),
        certificates=draw(st.lists(certificates, max_size=2)),
    )

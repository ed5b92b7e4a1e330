"""Small values for the tests of the state."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from crawler.model.article import Article, FileStamp, Problem
from crawler.model.link import Link
from crawler.model.observation import CertificateFault, ImageFacts, Observation, PageFacts
from crawler.model.page_depth import PageMark
from crawler.model.reference import NOTHING_DECLARED, Declared, Reference, Scope
from crawler.model.role import Role
from crawler.model.verdict import Verdict, VerdictKind
from crawler.state import State

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def stamp(text: str = "") -> FileStamp:
    return FileStamp(
        len(text), 1, 2, 3, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    )


def reference(
    path: str,
    url: str,
    *,
    line: int = 3,
    pointer: str = "webUrl",
    role: Role = Role.WEB,
    scope: Scope = Scope.OWN,
    raw: str | None = None,
    invalid: str | None = None,
    declared: Declared = NOTHING_DECLARED,
) -> Reference:
    return Reference(
        path, line, pointer, role, scope, url if raw is None else raw, url, invalid, declared
    )


def related(path: str, url: str, *, line: int = 9, role: Role = Role.WEB) -> Reference:
    return reference(
        path, url, line=line, pointer=f"related/0/{role}", role=role, scope=Scope.RELATED
    )


def article(
    path: str,
    references: Iterable[Reference] = (),
    *,
    published: datetime | None = NOW,
    listed: bool = True,
    block: str | None = None,
    problems: Sequence[Problem] = (),
) -> Article:
    return Article(
        path,
        f"Title of {path}",
        "Excerpt",
        published,
        listed,
        tuple(references),
        block,
        tuple(problems),
    )


def save(state: State, *articles: Article, now: datetime = NOW) -> None:
    state.save_articles([(each, stamp(each.path)) for each in articles], now)


def save_urls(state: State, *urls: str, path: str = "a.md") -> None:
    save(state, article(path, [reference(path, url) for url in urls]))


def link(state: State, url: str) -> Link:
    found = state.link_by_url(url)
    assert found is not None
    return found


PAGE = PageFacts(title="Title", titles=("Title", "Another"), authors=("A", "B"), paywalled=False)
IMAGE = ImageFacts("JPEG", 1024, 576, None, 16_384)


def visit(
    state: State,
    run: int,
    url: str,
    kind: VerdictKind = VerdictKind.ALIVE,
    reason: str = "ok",
    *,
    at: datetime = NOW,
    due_at: datetime | None = NOW + 30 * DAY,
    status: int | None = 200,
    page: PageFacts | None = None,
    image: ImageFacts | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
    certificate: CertificateFault | None = None,
    mark: PageMark | None = None,
) -> None:
    seen = Observation(
        url,
        at,
        run,
        status=status,
        page=page,
        image=image,
        etag=etag,
        last_modified=last_modified,
        certificate=certificate,
        page_mark=mark,
    )
    verdict = Verdict(kind, reason, "a-rule", since=at)
    state.record(link(state, url).id, seen, verdict, due_at)

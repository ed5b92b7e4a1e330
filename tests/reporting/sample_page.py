"""A report with something in every view of its page, and a browser that opens the page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from crawler.model.article import Problem, ProblemCode
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
from crawler.model.held import Held, HeldReason
from crawler.model.host_certificate import HostCertificate, Validity
from crawler.model.link import Link
from crawler.model.observation import Hop, ImageFacts, Observation, PageFacts
from crawler.model.priority import Factor, Priority, PriorityPart
from crawler.model.reference import Declared, Reference, Scope
from crawler.model.report import ArticleEntry, RelatedPlace, Report, RunCounts, UrlEntry
from crawler.model.role import Role
from crawler.model.run import Run
from crawler.model.verdict import Suggestion, SuggestionKind, Verdict, VerdictKind
from tests.strategies.model import report_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
GONE = [f"https://gone.test/old/{number}" for number in range(3)]
WALLED, HURRIED, LOST, WELL, IMAGES = 40, 60, 25, 1500, 30
TOWN, WATER = "@town-desk", "water@desk.test"
PRIORITIES = (
    Priority(60, (PriorityPart(Factor.TROUBLE, "dead", 1), PriorityPart(Factor.FIELD, "web", 6))),
    Priority(90, (PriorityPart(Factor.TROUBLE, "dead", 1), PriorityPart(Factor.AGE, "30", 1.08))),
    Priority(75, (PriorityPart(Factor.REFERENCES, "3", 1.48),)),
)
HELD_BACK = (
    Held(HeldReason.MASS_CHANGE, "dns-nxdomain", "lost.test", LOST, 9, False, 1500),
    Held(HeldReason.MASS_CHANGE, "http-404", "gone.test", 9, 3, True, 225),
)
CERTIFICATES = (
    HostCertificate("well.test", Validity(NOON - timedelta(90), NOON + timedelta(9)), NOON),
    HostCertificate("wall.test", Validity(NOON - timedelta(9), NOON + timedelta(90)), NOON),
    HostCertificate("gone.test", Validity(NOON - timedelta(99), NOON - timedelta(9)), NOON),
    HostCertificate("of-no-link.test", Validity(NOON - timedelta(90), NOON + timedelta(9)), NOON),
)
_DEAD = VerdictKind.DEAD


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright; skips where there is none."""
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Chromium here (Debian: apt-get install chromium)")
    # As root it runs only without its sandbox; the pages are ours, and it reaches nothing but this machine.
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    arguments += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


def _place(path: str, at: str, url: str, role: Role, line: int = 7) -> Reference:
    declared = Declared(title="A story of the old town", excerpt="What it was, and is.")
    if role.is_image:
        declared = Declared(width=1400, height=787)
    return Reference(path, line, at, role, Scope.OWN, url, url, declared=declared)


def _url(
    number: int,
    url: str,
    kind: VerdictKind,
    reason: str,
    *own: Reference,
    change: Change | None = None,
    new: str | None = None,
) -> UrlEntry:
    suggestion = Suggestion(SuggestionKind.REPLACE_URL, new) if new else None
    verdict = Verdict(
        kind, reason, "a-rule", 3, NOON - timedelta(days=number % 90), NOON, suggestion=suggestion
    )
    seen = Observation(url, NOON, 2, 404, hops=(Hop(url, 301),), final_url=url + "?end")
    failed = kind in (_DEAD, VerdictKind.BROKEN, VerdictKind.UNVERIFIABLE)
    return UrlEntry(
        Link(number, url, verdict, 404 if failed else 200, checked_at=NOON, due_at=NOON),
        own,
        0,
        f"Because of {reason}." if failed else None,
        change=change,
        visits=(seen,) if failed else (),
    )


def _entries() -> Iterator[UrlEntry]:
    changes = (Change.NEW_BROKEN, Change.CONFIRMED_DEAD, Change.STILL)
    page = PageFacts(title="A story of the new town", description="What it was, and will be.")
    for n, (url, known) in enumerate(zip(GONE, changes, strict=True)):
        change: Change | None = known
        path = f"gone-{n}.md"
        kind = VerdictKind.BROKEN if change is Change.NEW_BROKEN else _DEAD
        made = _url(n, url, kind, "http-404", _place(path, "webUrl", url, Role.WEB), change=change)
        owners = (TOWN, WATER) if n == 0 else (TOWN,)
        yield replace(
            made,
            link=replace(made.link, page=page),
            related_references=2,
            priority=PRIORITIES[n],
            owners=owners,
        )
        for m, role in enumerate((Role.AMP, Role.AMP_CACHE)):
            form = f"{url}/amp" if role is Role.AMP else f"https://gone-test.cdn.test/{n}"
            at = "ampWebUrl" if role is Role.AMP else "cdnAmpWebUrl"
            place = _place(path, at, form, role, 8 + m)
            yield _url(10 + 2 * n + m, form, kind, "http-404", place, change=change)
    groups = (
        ("wall", WALLED, VerdictKind.UNVERIFIABLE, "bot-wall"),
        ("hurry", HURRIED, VerdictKind.UNVERIFIABLE, "http-429"),
        ("lost", LOST, _DEAD, "dns-nxdomain"),
        ("well", WELL, VerdictKind.ALIVE, "http-200"),
    )
    number = 100
    for name, amount, kind, reason in groups:
        for n in range(amount):
            number += 1
            url = f"https://{name}.test/a/{n}"
            change = Change.STILL if kind is _DEAD else None
            place = _place(f"{name}-{n // 3}.md", "webUrl", url, Role.WEB)
            yield _url(number, url, kind, reason, place, change=change)
    yield _url(9001, "https://back.test/", VerdictKind.ALIVE, "http-200", change=Change.RECOVERED)
    for n in range(3):
        url, new = f"https://moved.test/{n}", f"https://moved.test/new/{n}"
        place = _place(f"moved-{n}.md", "webUrl", url, Role.WEB)
        yield _url(9100 + n, url, VerdictKind.MOVED, "moved-permanently", place, new=new)
    for n in range(IMAGES):
        url = f"https://images.test/{n}.png"
        made = _url(
            9200 + n,
            url,
            VerdictKind.ALIVE,
            "http-200",
            _place(f"image-{n}.md", "images/0/url", url, Role.IMAGE, 12),
        )
        facts = ImageFacts("PNG", 700, 700, 9_000, 100, served_type="image/png")
        yield replace(made, link=replace(made.link, image=facts))


def _articles() -> Iterator[ArticleEntry]:
    for n in range(3):
        checks = ArticleChecks(
            freshness=Freshness(FreshnessState.STALE),
            amp=(
                FieldFinding(
                    "ampWebUrl",
                    8,
                    "amp-dead",
                    Level.WARNING,
                    f"{GONE[n]}/amp",
                    change=ChangeKind.DROP,
                ),
            ),
            identity=(
                FieldFinding(
                    "webUrl",
                    7,
                    "canonical-differs",
                    Level.INFO,
                    GONE[n],
                    "https://gone.test/canonical",
                    change=ChangeKind.REPLACE,
                ),
            ),
        )
        yield ArticleEntry(
            f"gone-{n}.md", f"Story {n} of the old town", checks, 0, 0, PRIORITIES[n], (TOWN,)
        )
    for n in range(5):
        drifted = ArticleChecks(freshness=Freshness(FreshnessState.DRIFTED, ("title", "excerpt")))
        yield ArticleEntry(f"wall-{n}.md", f"Walled story {n}", drifted, 0, 0)
    for n in range(IMAGES):
        sizes = tuple(
            ImageSize(
                "images/0/url",
                12,
                reason,
                level,
                Size(1400, 787),
                Size(700, 700),
                f"https://images.test/{n}.png",
            )
            for reason, level in (("size-mismatch", Level.WARNING), ("image-card", Level.INFO))
        )
        yield ArticleEntry(f"image-{n}.md", f"Picture {n}", ArticleChecks(image_sizes=sizes), 0, 0)


def sample_report() -> Report:
    """A report of some 1,700 links."""
    history = tuple(
        RunCounts(Run(n, NOON - timedelta(days=7 * (3 - n))), n, n + 1, 1, 5, 20 + n, 99)
        for n in (1, 2)
    )
    related = [
        RelatedPlace(0, f"well-{n}.md", 30 + n, "related/0/webUrl", Role.WEB) for n in range(2)
    ]
    made = report_of(
        sorted(_entries(), key=lambda entry: entry.link.url),
        list(_articles()),
        [Problem("odd.md", 3, ProblemCode.INVALID_YAML, "mapping values are not allowed")],
        run=Run(2, NOON, NOON, "finished", 99),
        newly_broken=1,
        held=HELD_BACK,
        certificates=CERTIFICATES,
    )
    return replace(
        made,
        related_places=lambda: iter(related),
        history=history,
        link_pattern="https://web.test/blob/main/{path}#L{line}",
    )

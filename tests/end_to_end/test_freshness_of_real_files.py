"""A real collection crawled twice, its pages changed between by their origin."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import pytest
import yaml

from tests.end_to_end.collection import Collection, Report
from tests.web import pages
from tests.web.namespace import NamespaceWeb
from tests.web.rules import Answer

pytestmark = [
    pytest.mark.namespace,
    pytest.mark.shared_data,
    pytest.mark.xdist_group("end-to-end-real-freshness"),
]

STEP = 120
"""Every so many files are crawled: 42 of 4,960, at least three for each case."""
FIRST, SECOND = "2026-03-03T12:00:00Z", "2026-05-20T12:00:00Z"
LATER = timedelta(days=30)
CORRECTION = "This sentence corrects what stood here before. "


@dataclass(frozen=True)
class Page:
    """An origin's page of an article; at first it repeats the article's file, word by word."""

    url: str
    title: str
    excerpt: str | None
    published: datetime
    modified: datetime
    image: str | None
    correction: str = ""
    etag: str | None = None

    @classmethod
    def of(cls, front_matter: dict[str, Any]) -> Self:
        images, day = front_matter.get("images"), front_matter["publishedDateTime"]
        return cls(
            url=front_matter["webUrl"],
            title=front_matter["title"],
            excerpt=front_matter["excerpt"] or None,
            published=day,
            modified=day,
            image=images[0]["url"] if images else None,
        )

    @property
    def answer(self) -> Answer:
        head = "".join(
            f'<meta property="article:{name}_time" content="{moment.isoformat()}">\n'
            for name, moment in (("published", self.published), ("modified", self.modified))
        )
        words = (
            f"{self.correction}A long text about {self.url} stands here, as it always did. " * 20
        )
        body = pages.page(
            self.title,
            description=self.excerpt,
            canonical=self.url,
            image=self.image,
            head=head,
            body=f"<article><p>{words}</p></article>",
        )
        return Answer(body=body, etag=self.etag)


@dataclass(frozen=True)
class Case:
    """A change of a page, the state and update that follow, and whether the block says so."""

    second: Callable[[Page], Answer]
    state: str = "current"
    update: str | None = "unchanged"
    drift: tuple[str, ...] = ()
    rewritten: bool = False
    etag: str | None = None


def _answering(status: int) -> Callable[[Page], Answer]:
    return lambda _: Answer(status=status)


CASES = {
    "same": Case(lambda page: page.answer),
    "not-modified": Case(lambda page: page.answer, etag='"first"'),
    "title": Case(
        lambda page: replace(page, title="Quite another headline by now").answer,
        "drifted", "silent-edit", ("title",), rewritten=True,
    ),
    "excerpt": Case(
        lambda page: replace(page, excerpt="A summary of something else entirely.").answer,
        "drifted", "silent-edit", ("excerpt",), rewritten=True,
    ),
    "date": Case(
        lambda page: replace(page, published=page.published - LATER).answer,
        "drifted", "unchanged", ("publishedDateTime",), rewritten=True,
    ),
    "updated": Case(
        lambda page: replace(page, modified=page.modified + LATER, correction=CORRECTION).answer,
        "updated", "updated", rewritten=True,
    ),
    # The state stays; the day that the page was modified on stands in the block too.
    "touched": Case(
        lambda page: replace(page, modified=page.modified + LATER).answer,
        update="touched", rewritten=True,
    ),
    "silent": Case(lambda page: replace(page, correction=CORRECTION).answer, update="silent-edit"),
    "walled": Case(_answering(403)),
    "down": Case(_answering(503)),
    "gone": Case(_answering(404), "unverified", None, rewritten=True),
}  # fmt: skip


@dataclass(frozen=True)
class Crawled:
    """The collection after both runs. `cases` and `pages` are by the article's path."""

    cases: dict[str, Case]
    pages: dict[str, Page]
    first: Report
    second: Report
    rewritten: set[str]
    conditional: dict[str, str]
    """By URL the If-None-Match of the second run's requests that had one."""


def _rules(answers: dict[str, Answer]) -> dict[str, Answer]:
    """The answers by their addresses as they are asked for, without a scheme."""
    return {
        "//" + quote(url.partition("//")[2], safe=string.punctuation): answer
        for url, answer in answers.items()
    }


def _audit(collection: Collection, web: NamespaceWeb, clock: str) -> Report:
    arguments = ("-a", "related=no", "-a", "amp_cache=no", "--due", "all", "--fail-on", "never")
    ended = collection.audit(web, *arguments, LINKHEALTH_CLOCK=clock)
    assert ended.code == 0, ended.stderr
    return collection.report()


@pytest.fixture(scope="module")
def crawled(
    true_web: NamespaceWeb, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Crawled:
    collection = Collection(tmp_path_factory.mktemp("collection"))
    collection.add_sample(shared / "corpus" / "azure-news.tar.xz", STEP)
    cases, saying = {}, {}
    turns = cycle(CASES.values())
    for path, data in collection.contents().items():
        if not data:  # _news/.keep
            continue
        page = Page.of(next(yaml.safe_load_all(data)))
        case = next(turns)
        if case is CASES["excerpt"] and not page.excerpt:
            case = CASES["same"]
        cases[path], saying[path] = case, replace(page, etag=case.etag)
    true_web.set_names()
    true_web.set_rules(_rules({page.url: page.answer for page in saying.values()}))
    first = _audit(collection, true_web, FIRST)
    before = collection.files()
    changed = {page.url: cases[path].second(page) for path, page in saying.items()}
    true_web.set_rules(_rules(changed))
    true_web.forget()
    second = _audit(collection, true_web, SECOND)
    return Crawled(
        cases,
        saying,
        first,
        second,
        {path for path, file in collection.files().items() if file != before[path]},
        {
            request.url: request.headers["if-none-match"]
            for request in true_web.requests()
            if "if-none-match" in request.headers
        },
    )


def test_pages_that_say_what_the_files_say_are_current(crawled: Crawled) -> None:
    found = {path: article["freshness"] for path, article in crawled.first.articles.items()}
    assert found.keys() == crawled.cases.keys()
    assert {path: (one["state"], one["update"]) for path, one in found.items()} == dict.fromkeys(
        found, ("current", "unchanged")
    )
    for path, one in found.items():
        page = crawled.pages[path]
        assert one["fields"] == {
            "title": "match",
            "excerpt": "match" if page.excerpt else "missing",
            "publishedDateTime": "match",
            "image": "match" if page.image else "missing",
        }


@pytest.mark.parametrize("name", CASES)
def test_each_state_appears_where_it_should_and_nowhere_else(crawled: Crawled, name: str) -> None:
    """Rule F2."""
    case = CASES[name]
    found = {
        path: article["freshness"]
        for path, article in crawled.second.articles.items()
        if crawled.cases[path] is case
    }
    assert len(found) >= 3
    assert {
        path: (one["state"], one["update"], tuple(one["drift"])) for path, one in found.items()
    } == dict.fromkeys(found, (case.state, case.update, case.drift))


def test_only_files_whose_result_is_another_are_written(crawled: Crawled) -> None:
    assert crawled.rewritten == {path for path, case in crawled.cases.items() if case.rewritten}


def test_a_page_with_an_etag_is_asked_whether_it_has_changed(crawled: Crawled) -> None:
    """Its 304 is the `unchanged` of the case `not-modified`."""
    tagged = {
        crawled.pages[path].url: case.etag for path, case in crawled.cases.items() if case.etag
    }
    asked = {url: crawled.conditional.get(url) for url in tagged}
    assert asked == tagged

"""A review of a small collection after a crawl, served for one test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest

from crawler.model.held import HeldLink
from crawler.model.repair import MOST_FILES
from crawler.operations.repair.carrying_out import Wanted
from crawler.review.desk import Review
from crawler.review.serving import ReviewServer
from crawler.session import Session
from tests.commands.after_a_crawl import NOW, crawled_collection
from tests.end_to_end.collection import Collection
from tests.review.asking import Page
from tests.state.samples import link


@dataclass(frozen=True, slots=True)
class Served:
    """A collection under review."""

    collection: Collection
    server: ReviewServer

    def page(self, name: str = "page-one-of-tests") -> Page:
        """A page that somebody opened."""
        return Page(self.server.gate.port, self.server.gate.secret, name)

    def hold(self, url: str, path: str) -> None:
        """What the write-back of a run leaves that holds a link back in one file."""
        state = self.server.review.session.state
        state.hold([HeldLink(path, link(state, url).id, is_first=False)])

    def text(self, name: str) -> str:
        return (self.collection.root / name).read_bytes().decode()

    def files(self) -> dict[str, bytes]:
        """Every article as it is."""
        root = self.collection.root
        return {path.name: path.read_bytes() for path in sorted(root.glob("*.md"))}


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection as it stands after a crawl at noon; to be copied."""
    return crawled_collection(tmp_path_factory.mktemp("crawled"))


@pytest.fixture
def collection(crawled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Collection:
    """That collection, for one test; it is still noon."""
    monkeypatch.setenv("LINKHEALTH_CLOCK", NOW.isoformat())
    return Collection(shutil.copytree(crawled, tmp_path / "articles"))


@contextmanager
def serving(collection: Collection, most_files: int = MOST_FILES) -> Iterator[Served]:
    """Serve a collection's review in a thread of this process."""
    given = {"content": str(collection.root)}
    with Session.open(given, os.environ, exclusive=False) as session:
        review = Review(
            session, lambda: Session.open(given, os.environ), Wanted(most_files=most_files)
        )
        with ReviewServer(review) as server:
            thread = Thread(target=server.serve_forever, args=(0.02,))
            thread.start()
            yield Served(collection, server)
            server.shutdown()
            thread.join()
            review.end()


@pytest.fixture
def served(collection: Collection) -> Iterator[Served]:
    """The review of that collection."""
    with serving(collection) as started:
        yield started

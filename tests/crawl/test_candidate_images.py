"""Candidates of a run: what this run saw counts, and what is bounded."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.crawl import candidate_images
from crawler.crawl.candidate_images import candidate_visits
from crawler.model.observation import FailureKind, ImageFacts, Observation, PageFacts
from crawler.model.role import CRAWLED, Role
from crawler.operations.intake import take_in
from crawler.session import Session
from tests.end_to_end.collection import Image, article

PAGES = 3
NO_IMAGES = frozenset({Role.WEB})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for at in range(PAGES):
        site = f"https://{'one' if at else 'other'}.example"
        text = article(
            web=f"{site}/2020/{at}", images=[Image(f"{site}/photo-{at}.png", (640, 480))]
        )
        (tmp_path / f"{at}.md").write_text(text)
    return tmp_path


def opened(folder: Path, roles: frozenset[Role] = CRAWLED, **given: str) -> Session:
    return Session.open({"content": str(folder), **given}, {}, roles)


def wanted(
    session: Session,
    *,
    failure: FailureKind | None = None,
    status: int = 404,
    name: str = "new-{}.png",
) -> list[str]:
    """The candidates after a run that saw each page with an image of its own, and no image."""
    for _ in take_in(session):
        pass
    now = session.configuration.clock.now()
    seen: dict[int, Observation] = {}
    for at in range(PAGES):
        site = f"https://{'one' if at else 'other'}.example"
        page = PageFacts(image=f"{site}/wide/{name.format(at)}")
        for url, facts in (
            (f"{site}/2020/{at}", {"status": 200, "page": page}),
            (f"{site}/photo-{at}.png", {"status": None if failure else status, "failure": failure}),
        ):
            link = session.state.link_by_url(url)
            assert link is not None
            image = ImageFacts("PNG", 640, 480, 900, 900) if facts["status"] == 200 else None
            own = {"image": image, **facts}
            seen[link.id] = Observation(url, now, 1, **own)  # type: ignore[arg-type]
    return [visit.url for visit in candidate_visits(session, seen, 1)]


def test_what_this_run_saw_counts(folder: Path) -> None:
    with opened(folder) as session:
        assert wanted(session) == [
            "https://other.example/wide/new-0.png",
            "https://one.example/wide/new-1.png",
            "https://one.example/wide/new-2.png",
        ]


def test_no_answer_and_a_good_one_make_no_candidate(folder: Path) -> None:
    with opened(folder) as session:
        assert wanted(session, failure=FailureKind.DNS_SERVFAIL, name="photo-{}.png") == []
        assert wanted(session, status=200, name="photo-{}.png") == []
        # Another one than the article's is looked at all the same.
        assert len(wanted(session, status=200)) == PAGES


def test_candidates_are_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(folder) as session:
        monkeypatch.setattr(candidate_images, "MOST_OF_HOST", 1)
        assert len(wanted(session)) == 2
        monkeypatch.setattr(candidate_images, "MOST", 1)
        assert len(wanted(session)) == 1


def test_hosts_that_are_not_asked_get_none(folder: Path) -> None:
    with opened(folder, host="One.*") as session:
        assert len(wanted(session)) == 2
    with opened(folder, roles=NO_IMAGES) as session:
        assert wanted(session) == []
    (folder / ".linkhealth.yml").write_text("hosts: {one.example: {skip: yes}}\n")
    with opened(folder) as session:
        assert len(wanted(session)) == 1

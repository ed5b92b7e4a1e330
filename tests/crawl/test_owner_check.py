"""The comparison of an answer with what the state knows of its link, and what that costs (rules V18, V19)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.crawl.owner_check import OwnerCheck
from crawler.extractors.html.document import Document, read_document
from crawler.extractors.page import extract_document
from crawler.model.link import DueLink
from crawler.model.observation import Observation, SoftSign
from crawler.model.role import CRAWLED
from crawler.operations.intake import take_in
from crawler.operations.judging import judge_visit
from crawler.session import Session
from tests.end_to_end.collection import article

URL = "https://gazette.example/2020/the-pier"
TITLE = "The pier opens again"
WELL = (
    f"<html lang=en><title>{TITLE} | The Gazette</title><meta property=og:site_name content='The Gazette'><h1>{TITLE}</h1><p>"
    "On Monday the gates were unlocked for the first time since the storm. Three thousand people walked out to its end. "
    "The repairs took all winter and cost four million, twice what the council had planned, but nobody spoke of that now."
)
SLOTS = (
    "<html lang=id><title>Situs Slot Gacor: Judi Online</title><h1>Situs Slot Gacor</h1><p>Daftar sekarang, nikmati bonus, "
    "deposit pulsa tanpa potongan, maxwin setiap hari bagi semua pemain baru."
)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    (tmp_path / "a.md").write_text(article(TITLE, web=URL))
    with Session.open({"content": str(tmp_path)}, {}, CRAWLED) as opened:
        for _ in take_in(opened):
            pass
        yield opened


def due(session: Session) -> DueLink:
    link = session.state.link_by_url(URL)
    assert link is not None
    return DueLink(link.id, URL, "gazette.example", wants_image=False)


def visited(session: Session, html: str) -> tuple[Observation, Document]:
    document = read_document(html.encode(), url=URL, content_type="text/html; charset=utf-8")
    page, now = extract_document(document), session.configuration.clock.now()
    seen = Observation(URL, now, 1, status=200, final_url=URL, page=page.facts, sign=page.sign)
    return seen, document


def test_another_owners_page_says_nothing_of_the_article(session: Session) -> None:
    seen, document = visited(session, SLOTS)
    checked = OwnerCheck(session.state).checked(due(session), seen, document)
    assert (checked.sign, checked.page) == (SoftSign.HIJACKED, None)
    assert "judi online" in (checked.failure_detail or "")


def test_what_was_seen_is_compared_too(session: Session) -> None:
    run = session.state.start_run(session.configuration.clock.now())
    seen, _ = visited(session, WELL)
    judge_visit(session, due(session).id, replace(seen, run=run.id))
    shop = SLOTS.replace("Situs Slot Gacor: Judi Online", "Toko Sepatu Murah").replace(
        "Situs Slot Gacor", "Sepatu"
    )
    shop += (
        " Tersedia sandal, tas, jaket, kemeja, celana, topi, kaus kaki dan ikat pinggang dari bahan pilihan."
        * 2
    )
    seen, document = visited(session, shop)
    check = OwnerCheck(session.state)
    checked = check.checked(due(session), seen, document)
    assert checked.sign is SoftSign.HIJACKED
    well = visited(session, WELL)
    assert check.checked(due(session), *well) is well[0]


@pytest.mark.parametrize(
    "html", [WELL, SLOTS.replace("Situs Slot Gacor", TITLE), "<title>Another | Gazette</title>"]
)
def test_the_page_itself_is_left_as_it_is(session: Session, html: str) -> None:
    seen, document = visited(session, html)
    assert OwnerCheck(session.state).checked(due(session), seen, document) is seen


def test_only_pages_that_look_well_are_compared(session: Session) -> None:
    seen, document = visited(session, SLOTS)
    check, link = OwnerCheck(session.state), due(session)
    image = replace(link, wants_image=True)
    for other in (
        check.checked(image, seen, document),
        check.checked(link, seen, None),
        check.checked(link, replace(seen, status=404), document).page and seen,
        check.checked(link, replace(seen, sign=SoftSign.WALL), document).page and seen,
    ):
        assert other is seen
    bare = replace(seen, page=None)
    assert check.checked(link, bare, document) is bare

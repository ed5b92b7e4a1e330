"""Rule I17: images of the collection are measured from their files, by every run and without a request."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from crawler.content import stamps
from crawler.model.observation import Observation
from crawler.model.role import CRAWLED, Role
from crawler.model.verdict import VerdictKind
from crawler.operations.intake import take_in
from crawler.operations.judging import judge_visit
from crawler.operations.local_image_visits import visit_local_images
from crawler.session import Session
from tests.image_bytes import tiff_behind
from tests.web.pages import png

FIRST, NEXT = "2026-03-01T12:00:00+00:00", "2026-03-02T12:00:00+00:00"
ARTICLE = """---
title: One
webUrl: https://one.example/a
images:
  - {url: /img/here.png, width: 40, height: 30}
  - {url: /img/gone.png, width: 40, height: 30}
---
"""


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    (tmp_path / "_news").mkdir()
    (tmp_path / "img").mkdir()
    (tmp_path / "_news" / "a.md").write_text(ARTICLE)
    (tmp_path / "img" / "here.png").write_bytes(png(40, 30))
    return tmp_path


@pytest.fixture(autouse=True)
def just_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that a test writes has changed just now, however long the test takes on a busy machine."""
    monkeypatch.setattr(stamps, "_SETTLED_NS", 1 << 62)


@pytest.fixture(params=[True, False], ids=["settled", "changed just now"])
def settled(
    request: pytest.FixtureRequest, just_now: None, monkeypatch: pytest.MonkeyPatch
) -> bool:
    """Whether the file system's clock has moved on since the files were written."""
    monkeypatch.setattr(stamps, "_SETTLED_NS", -1 if request.param else 1 << 62)
    return bool(request.param)


def looked(
    root: Path, at: str = FIRST, roles: frozenset[Role] = CRAWLED, **given: str
) -> list[Observation]:
    """The observations of a run, after its intake."""
    given |= {"content": str(root)}
    with Session.open(given, {"LINKHEALTH_CLOCK": at}, roles) as session:
        for _ in take_in(session):
            pass
        now = session.configuration.clock.now()
        session.run = session.state.start_run(now)
        found = []
        for due, seen in visit_local_images(session):
            judge_visit(session, due.id, seen)
            found.append(seen)
        assert "" not in [host.host for host in session.state.due_hosts(session.selection, now, 99)]
        assert "" not in [host.host for host in session.state.hosts_seen()]
        session.state.finish_run(session.run.id, now, "finished", 0)
        return found


def verdicts(root: Path) -> Mapping[str, tuple[VerdictKind, str]]:
    with Session.open({"content": str(root)}, {}) as session:
        return {
            entry.link.url: (entry.link.verdict.kind, entry.link.verdict.reason)
            for entry in session.state.link_entries()
            if "//" not in entry.link.url
        }


def paths(found: list[Observation]) -> list[str]:
    return [seen.url for seen in found]


ALIVE = (VerdictKind.ALIVE, "local-file")
MISSING = (VerdictKind.BROKEN, "image-file-missing")
NOT_VISITED = (VerdictKind.UNCHECKED, "not-visited")


def test_what_is_there_is_measured_and_what_is_not_is_broken(collection: Path) -> None:
    gone, here = looked(collection)
    assert here.image is not None
    assert (here.image.type, here.image.width, here.image.height) == ("PNG", 40, 30)
    assert here.image.bytes == here.bytes_read == len(png(40, 30))
    assert gone.image is None
    assert verdicts(collection) == {"img/gone.png": MISSING, "img/here.png": ALIVE}


def test_a_second_look_at_the_same_files_has_no_news(collection: Path, settled: bool) -> None:
    assert len(looked(collection)) == 2
    assert looked(collection) == []
    assert looked(collection, NEXT) == []


def test_a_part_that_is_new_is_news(tmp_path: Path, settled: bool) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: One\n---\n[two](two.md#new)\n")
    two = tmp_path / "two.md"
    two.write_text("---\ntitle: Two\n---\n")
    (first,) = looked(tmp_path)
    two.write_text(two.read_text() + "## New\n")
    (second,) = looked(tmp_path, NEXT)
    assert first.page is not None
    assert second.page is not None
    assert first.page.anchors != second.page.anchors
    assert looked(tmp_path, NEXT) == []


def test_every_look_is_noted_where_everything_is_asked_for(collection: Path) -> None:
    looked(collection)
    assert paths(looked(collection, due="all")) == ["img/gone.png", "img/here.png"]


def test_a_changed_image_is_measured_though_its_article_has_not_changed(
    collection: Path, settled: bool
) -> None:
    looked(collection)
    (collection / "img" / "here.png").write_bytes(png(80, 30))
    (seen,) = looked(collection)
    assert seen.image is not None
    assert seen.image.width == 80


def test_what_comes_and_what_goes_is_seen_though_its_article_has_not_changed(
    collection: Path, settled: bool
) -> None:
    looked(collection)
    (collection / "img" / "here.png").rename(collection / "img" / "gone.png")
    assert paths(looked(collection, NEXT)) == ["img/gone.png", "img/here.png"]
    assert verdicts(collection) == {"img/gone.png": ALIVE, "img/here.png": MISSING}


def test_an_image_that_was_there_is_missed_even_when_its_folder_has_gone(collection: Path) -> None:
    looked(collection)
    shutil.rmtree(collection / "img")
    looked(collection, NEXT)
    assert verdicts(collection)["img/here.png"] == MISSING


def test_a_missing_image_is_dead_when_days_have_confirmed_it(collection: Path) -> None:
    seen = [
        paths(looked(collection, f"2026-03-{day:02}T12:00:00+00:00")) for day in (1, 2, 5, 6, 9)
    ]
    assert seen == [["img/gone.png", "img/here.png"], [], ["img/gone.png"], [], ["img/gone.png"]]
    assert verdicts(collection)["img/gone.png"] == (VerdictKind.DEAD, "image-file-missing")


def test_a_collection_without_its_sites_images_misses_none(tmp_path: Path) -> None:
    """The articles alone of a site: their images may well be there."""
    (tmp_path / "a.md").write_text(ARTICLE)
    looked(tmp_path)
    kind = (VerdictKind.UNVERIFIABLE, "image-folder-missing")
    assert verdicts(tmp_path) == {"img/gone.png": kind, "img/here.png": kind}


def test_a_page_in_place_of_an_image_is_broken(collection: Path) -> None:
    (collection / "img" / "gone.png").write_text("<!doctype html><html><body>Not found")
    looked(collection)
    assert verdicts(collection)["img/gone.png"] == (VerdictKind.BROKEN, "html-for-image")
    assert looked(collection) == []


def test_what_may_not_be_read_is_unverifiable(collection: Path) -> None:
    outside = collection.parent / f"{collection.name}-outside.png"
    outside.write_bytes(png(40, 30))
    (collection / "img" / "gone.png").symlink_to(outside)
    seen = {seen.url: seen for seen in looked(collection)}
    assert seen["img/gone.png"].image is None
    assert verdicts(collection)["img/gone.png"] == (VerdictKind.UNVERIFIABLE, "image-file-closed")


def test_where_the_site_is_known_it_is_asked_for_what_is_no_file(collection: Path) -> None:
    (collection / "_config.yml").write_text("url: https://site.example\n")
    assert paths(looked(collection)) == ["img/here.png"]
    (collection / "img" / "here.png").unlink()
    assert looked(collection) == []
    with Session.open({"content": str(collection)}, {}) as session:
        urls = {entry.link.url for entry in session.state.link_entries()}
    assert {"https://site.example/img/gone.png", "https://site.example/img/here.png"} <= urls


def test_a_file_that_is_also_linked_to_stays_an_image(collection: Path) -> None:
    looked(collection)
    linking = "---\ntitle: Two\nwebUrl: /img/here.png\n---\n"
    (collection / "b.md").write_text(linking)
    (collection / "c.md").write_text(linking.replace("here.png", "file.pdf"))
    (collection / "img" / "file.pdf").write_bytes(b"%PDF-")
    assert looked(collection) == []
    excluded = (VerdictKind.EXCLUDED, "local-file")
    assert verdicts(collection) == {
        "img/gone.png": MISSING,
        "img/here.png": ALIVE,
        "img/file.pdf": excluded,
    }
    (collection / "d.md").write_text("---\ntitle: Three\nimages: [/img/file.pdf]\n---\n")
    (seen,) = looked(collection, NEXT)
    assert seen.image is not None
    assert seen.image.type == "PDF"


@pytest.mark.parametrize(
    ("given", "roles"),
    [
        ({}, frozenset({Role.WEB, Role.AMP})),
        ({"host": "one.example"}, CRAWLED),
        ({"since": "1d"}, CRAWLED),
    ],
)
def test_only_what_is_selected_is_looked_at(
    collection: Path, given: dict[str, str], roles: frozenset[Role]
) -> None:
    assert looked(collection, roles=roles, **given) == []
    assert verdicts(collection) == {"img/gone.png": NOT_VISITED, "img/here.png": NOT_VISITED}


def test_a_single_article_sees_its_own_images_alone(collection: Path) -> None:
    (collection / "b.md").write_text(ARTICLE.replace("here.png", "elsewhere.png"))
    looked(collection)
    (collection / "img" / "here.png").unlink()
    article = collection / "_news" / "a.md"
    with Session.open({"content": str(article)}, {"LINKHEALTH_CLOCK": NEXT}) as session:
        assert [count.read for count in take_in(session)] == [1]


def test_a_directory_behind_the_data_is_read(collection: Path) -> None:
    (collection / "img" / "here.png").write_bytes(tiff_behind(">", 2_000_000))
    seen = next(one for one in looked(collection) if one.url == "img/here.png")
    assert seen.image is not None
    assert (seen.image.type, seen.image.width, seen.image.height) == ("TIFF", 70, 50)
    assert seen.bytes_read is not None
    assert seen.bytes_read < 100_000
    (collection / "img" / "here.png").write_bytes(tiff_behind(">", 2_000_000)[:1_000_000])
    seen = next(one for one in looked(collection, NEXT) if one.url == "img/here.png")
    assert seen.image is not None
    assert (seen.image.type, seen.image.width) == ("TIFF", None)

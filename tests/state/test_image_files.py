"""Local images (rule I17): known by their paths, and never visited over the network."""

from __future__ import annotations

from crawler.model.decision import Decision
from crawler.model.role import Role
from crawler.model.selection import Selection
from crawler.model.verdict import VerdictKind
from crawler.state import State
from crawler.state.known import RelativeReference
from tests.state.samples import DAY, NOW, article, link, reference, save

HERE, GONE, SITE = "img/here.png", "img/gone.png", "https://site.example/built.png"
EVERYTHING = Selection(ignore_schedule=True)


def filled(state: State) -> None:
    images = [
        ("/img/here.png", HERE, "local-file"),
        ("/img/here.png", HERE, "local-file"),
        (GONE, GONE, "image-file-missing"),
        ("/built.png", SITE, None),
        ("https://cdn.example/a.png", "https://cdn.example/a.png", None),
    ]
    shown = [
        reference("a.md", url, role=Role.IMAGE, raw=raw, invalid=invalid)
        for raw, url, invalid in images
    ]
    linked = reference("b.md", "img/file.pdf", raw="/img/file.pdf", invalid="local-file")
    save(state, article("a.md", shown), article("b.md", [linked]))


def test_relative_references_come_once_with_what_they_meant(state: State) -> None:
    filled(state)
    assert sorted(state.relative_references(), key=lambda each: each.raw) == [
        RelativeReference("a.md", Role.IMAGE, "/built.png", SITE, None),
        RelativeReference("a.md", Role.IMAGE, "/img/here.png", HERE, "local-file"),
        RelativeReference("a.md", Role.IMAGE, GONE, GONE, "image-file-missing"),
    ]
    assert len(state.relative_references("a.md")) == 3
    assert state.relative_references("b.md") == []


def test_files_that_articles_show_are_looked_at_and_never_asked_for(state: State) -> None:
    filled(state)
    assert [known.link.url for known in state.image_files(EVERYTHING, NOW)] == [GONE, HERE]
    assert {host.host for host in state.due_hosts(EVERYTHING, NOW, 1)} == {
        "cdn.example",
        "site.example",
    }
    assert state.due_links("", EVERYTHING, NOW, 1, 0, 10) == []
    assert link(state, "img/file.pdf").verdict.kind is VerdictKind.EXCLUDED


def test_what_an_editor_leaves_out_is_not_looked_at_until_then(state: State) -> None:
    filled(state)
    state.decide(Decision(GONE, "known", NOW, NOW + DAY))
    assert [known.link.url for known in state.image_files(EVERYTHING, NOW)] == [HERE]
    later = state.image_files(EVERYTHING, NOW + 2 * DAY)
    assert [known.link.url for known in later] == [GONE, HERE]


def test_only_what_is_selected_is_looked_at(state: State) -> None:
    filled(state)
    assert state.image_files(Selection(roles=frozenset({Role.WEB})), NOW) == []
    assert state.image_files(Selection(hosts=("*.example",)), NOW) == []
    assert state.image_files(Selection(asked="b.md"), NOW) == []


def test_a_file_that_was_only_linked_to_becomes_an_image_and_stays_one(state: State) -> None:
    filled(state)
    shown = reference("c.md", "img/file.pdf", role=Role.IMAGE, invalid="local-file")
    save(state, article("c.md", [shown]))
    assert link(state, "img/file.pdf").verdict.kind is VerdictKind.UNCHECKED
    filled(state)
    assert link(state, "img/file.pdf").verdict.kind is VerdictKind.UNCHECKED

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crawler.model.article import Problem, ProblemCode
from crawler.model.check import LinkedReference
from crawler.model.reference import Declared, Reference
from crawler.model.role import Role
from crawler.model.selection import Selection
from crawler.model.verdict import VerdictKind
from crawler.state import PendingWrite, State
from tests.state.samples import (
    DAY,
    IMAGE,
    NOW,
    PAGE,
    article,
    link,
    reference,
    related,
    save,
    save_urls,
    stamp,
    visit,
)

A, B, C = "https://a.example/", "https://b.example/", "https://c.example/"


def test_known_articles_come_by_path_with_their_links(state: State) -> None:
    own = reference("b.md", A)
    save(
        state,
        article("c.md", [related("c.md", A)]),
        article("b.md", [own, related("b.md", B)], block="linkHealth:\n"),
        article("B.md", [reference("B.md", B)], published=None),
        article("é.md", [reference("é.md", B), reference("é.md", A, line=4)]),
    )
    run = state.start_run(NOW)
    visit(state, run.id, A, page=PAGE)
    known = list(state.known_articles())
    assert [each.path for each in known] == ["B.md", "b.md", "é.md"]
    assert (known[0].published, known[1].published) == (None, NOW.date())
    assert type(known[1].published) is type(NOW.date())
    assert known[1].block == "linkHealth:\n"
    assert [(each.reference, each.link) for each in known[1].own] == [(own, link(state, A))]
    assert known[1].own[0].link.page == PAGE
    assert [each.reference.line for each in known[2].own] == [3, 4]
    assert [each.path for each in state.known_articles("b.md")] == ["b.md"]
    assert list(state.known_articles("c.md")) == []


def test_more_than_one_chunk_keeps_the_order(state: State) -> None:
    names = [f"{number:04}.md" for number in range(250)]
    save(
        state,
        *(article(name, [reference(name, f"https://a.example/{name}")]) for name in names[::-1]),
    )
    assert [each.path for each in state.known_articles()] == names
    entries = list(state.link_entries())
    assert [each.link.url for each in entries] == [f"https://a.example/{name}" for name in names]


def test_an_iterator_does_not_see_what_is_committed_meanwhile(state: State) -> None:
    names = [f"{number:04}.md" for number in range(150)]
    save(state, *(article(name, [reference(name, A)]) for name in names))
    articles = state.known_articles()
    first = next(articles)
    state.plan_writes([PendingWrite(name, "0" * 64, None, NOW) for name in names])
    state.forget(names[100:])
    assert [first.path, *(each.path for each in articles)] == names
    assert len(list(state.known_articles())) == 100


def test_link_entries_list_own_references_and_count_the_others(state: State) -> None:
    own, other = reference("a.md", B), related("a.md", B)
    elsewhere = related("b.md", B)
    save(state, article("a.md", [own, other, reference("a.md", A)]), article("b.md", [elsewhere]))
    entries = list(state.link_entries())
    assert [each.link.url for each in entries] == [A, B]
    assert (entries[1].references, entries[1].related_references) == ((own,), 2)
    (_, whole) = state.link_entries(all_references=True)
    assert (whole.references, whole.related_references) == ((own, other, elsewhere), 2)
    (only,) = state.link_entries("b.md", all_references=True)
    assert (only.references, only.related_references) == ((elsewhere,), 1)
    assert list(state.link_entries("none.md")) == []


def test_related_places_come_file_by_file(state: State) -> None:
    strange = replace(related("b.md", A, line=9), pointer="related/0/\ud800\x00")
    save(
        state,
        article(
            "a.md", [related("a.md", B, line=7), reference("a.md", A), related("a.md", A, line=5)]
        ),
        article("b.md", [strange]),
    )
    links = {each.link.id: each.link.url for each in state.link_entries()}
    found = [
        (links[one.link], one.path, one.line, one.pointer, one.role)
        for one in state.related_places()
    ]
    pointer = related("a.md", A).pointer
    assert found == [
        (B, "a.md", 7, pointer, Role.WEB),
        (A, "a.md", 5, pointer, Role.WEB),
        (A, "b.md", 9, strange.pointer, Role.WEB),
    ]
    assert [one.path for one in state.related_places("b.md")] == ["b.md"]
    assert list(state.related_places("none.md")) == []


def test_related_findings_are_counted_and_listed(state: State) -> None:
    bad = reference("a.md", "htp:", invalid="unknown-scheme", line=20)
    dead = related("a.md", A, line=9)
    save(
        state,
        article(
            "a.md",
            [
                dead,
                related("a.md", B),
                replace(bad, scope=dead.scope),
                reference("a.md", A),
            ],
        ),
        article("b.md", [related("b.md", A), related("b.md", A, line=12)]),
    )
    run = state.start_run(NOW)
    visit(state, run.id, A, VerdictKind.BROKEN, "http-404")
    visit(state, run.id, B)
    assert state.related_dead_links() == {"a.md": 2, "b.md": 2}
    (found,) = state.known_articles(related=True)
    assert [each.reference.line for each in found.related] == [9, 20]
    assert found.related[0].link.verdict.kind is VerdictKind.BROKEN
    assert [each.related for each in state.known_articles()] == [()]


def test_each_text_of_a_link_once_for_each_size(state: State) -> None:
    def image(path: str, width: int | None, raw: str | None = None) -> Reference:
        return reference(
            path, A, role=Role.IMAGE, pointer="images/0", raw=raw, declared=Declared(width=width)
        )

    page = reference("b.md", A)
    body = reference("b.md", C, role=Role.BODY, pointer="body/0")
    save(
        state,
        article("a.md", [image("a.md", 40), image("a.md", None), related("a.md", A)]),
        article("b.md", [image("b.md", 40), image("b.md", 50, f"{A}#x"), page, body, page]),
    )

    def found(path: str | None = None) -> list[tuple[str, str, int | None, bool]]:
        return [
            (
                one.link.url,
                one.reference.raw,
                one.reference.declared.width,
                one.reference.role.is_image,
            )
            for one in state.texts_of_links(path)
        ]

    # Links of the body are not reported until they are visited.
    assert sorted(found(), key=str) == sorted(
        [(A, A, None, False), (A, A, None, True), (A, A, 40, True), (A, f"{A}#x", 50, True)],
        key=str,
    )
    assert len(found("b.md")) == 3
    run = state.start_run(NOW)
    visit(state, run.id, C)
    assert (C, C, None, False) in found()


def test_related_images_are_those_that_were_measured(state: State) -> None:
    def images(path: str) -> list[object]:
        return [
            related(path, A, role=Role.IMAGE),
            related(path, B, role=Role.PROVIDER_IMAGE),
            related(path, C, role=Role.WEB),
            reference(path, A, role=Role.IMAGE),
        ]

    save(state, *(article(path, images(path)) for path in ("b.md", "a.md")))  # type: ignore[arg-type]
    run = state.start_run(NOW)
    visit(state, run.id, A, image=IMAGE)
    visit(state, run.id, B, VerdictKind.BROKEN, "http-404")
    visit(state, run.id, C, image=IMAGE)
    found = list(state.related_images())
    seen = [(one.reference.path, one.reference.role, one.link.image) for one in found]
    assert seen == [("a.md", Role.IMAGE, IMAGE), ("b.md", Role.IMAGE, IMAGE)]
    assert [one.reference.path for one in state.related_images("b.md")] == ["b.md"]


def test_related_images_are_asked_of_once_and_summed_by_file(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.state.reports._PLACES_AT_ONCE", 2)
    monkeypatch.setattr("crawler.state.reports._LINKS_KEPT", 2)
    large = Declared(800, 600)
    images = [
        related("", A, role=Role.IMAGE),
        related("", A, role=Role.IMAGE),
        replace(related("", A, role=Role.IMAGE), declared=large),
        related("", B, role=Role.PROVIDER_IMAGE),
        reference("", B, role=Role.IMAGE),
        related("", C, role=Role.IMAGE),
        related("", B),
    ]
    for path, kept in {"a.md": images, "b.md": images[:2], "c.md": images[4:]}.items():
        save(state, article(path, [replace(one, path=path) for one in kept]))
    run = state.start_run(NOW)
    for url in (A, B):
        visit(state, run.id, url, image=IMAGE)
    visit(state, run.id, C)
    asked: list[tuple[str, Role, int | None]] = []

    def amount(linked: LinkedReference) -> int:
        reference = linked.reference
        asked.append((linked.link.url, reference.role, reference.declared.width))
        assert linked.link.image == IMAGE
        return 100 if reference.declared == large else 1 if linked.link.url == A else 0

    # The image of an article's own, a picture that was not measured and a page do not count.
    assert state.related_image_sums(amount) == {"a.md": 102, "b.md": 2}
    wanted = {(A, Role.IMAGE, None), (A, Role.IMAGE, 800), (B, Role.PROVIDER_IMAGE, None)}
    assert len(asked) == len(wanted)
    assert set(asked) == wanted
    assert state.related_image_sums(amount, "b.md") == {"b.md": 2}


def test_moved_references_are_the_articles_own_unless_asked(state: State) -> None:
    save(state, article("b.md", [related("b.md", A), reference("b.md", B)]))
    save(state, article("a.md", [reference("a.md", A), related("a.md", A), reference("a.md", C)]))
    run = state.start_run(NOW)
    visit(state, run.id, A, VerdictKind.MOVED, "redirect-permanent")
    visit(state, run.id, B, VerdictKind.BROKEN, "http-404")
    visit(state, run.id, C)

    def found(**asked: Any) -> list[tuple[str, str, str]]:
        rows = state.moved_references(**asked)
        return [(one.reference.path, one.reference.scope, one.link.url) for one in rows]

    own, of_a, of_b = ("a.md", "own", A), ("a.md", "related", A), ("b.md", "related", A)
    assert found() == [own]
    assert found(related=True) == [own, of_a, of_b]
    assert found(asked="b.md", related=True) == [of_b]


def test_links_are_right_though_few_are_kept(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.state.reports._FILES_AT_ONCE", 2)
    monkeypatch.setattr("crawler.state.reports._LINKS_KEPT", 2)
    urls = {"a.md": [A, B], "b.md": [B, C], "c.md": [A], "d.md": [C, A, B], "e.md": [B]}
    save(state, *(article(path, [reference(path, u) for u in of]) for path, of in urls.items()))
    known = list(state.known_articles())
    assert {each.path: [own.link.url for own in each.own] for each in known} == urls


def test_the_summary_counts_links_that_are_referred_to(state: State) -> None:
    save(
        state,
        article("a.md", [reference("a.md", A), related("a.md", A), reference("a.md", B)]),
        article("b.md", [reference("b.md", "x", invalid="malformed")]),
        article("gone.md", [reference("gone.md", C)]),
    )
    run = state.start_run(NOW)
    for url in (A, B, C):
        visit(state, run.id, url, VerdictKind.BROKEN, "http-404")
    state.forget(["gone.md"])
    whole = state.summary(run.id)
    assert (whole.articles, whole.references, whole.urls) == (2, 4, 3)
    assert (whole.newly_broken, whole.newly_dead, whole.recovered) == (2, 0, 0)
    assert {kind: count for kind, count in whole.by_verdict.items() if count} == {
        VerdictKind.BROKEN: 2,
        VerdictKind.INVALID: 1,
    }
    assert set(whole.by_verdict) == set(VerdictKind)
    one = state.summary(run.id, "b.md")
    assert (one.articles, one.references, one.urls, one.newly_broken) == (1, 1, 1, 0)
    assert state.summary(None).newly_broken == 0


ALIVE, MOVED, BROKEN = VerdictKind.ALIVE, VerdictKind.MOVED, VerdictKind.BROKEN
DEAD, UNVERIFIABLE = VerdictKind.DEAD, VerdictKind.UNVERIFIABLE


@pytest.mark.parametrize(
    ("before", "during", "expected"),
    [
        ([], [BROKEN], (1, 0, 0)),
        ([], [DEAD], (0, 1, 0)),
        ([ALIVE], [BROKEN], (1, 0, 0)),
        ([ALIVE], [BROKEN, DEAD], (0, 1, 0)),
        ([ALIVE], [BROKEN, ALIVE], (0, 0, 0)),
        ([ALIVE], [UNVERIFIABLE], (0, 0, 0)),
        ([BROKEN], [DEAD], (0, 1, 0)),
        ([BROKEN], [BROKEN], (0, 0, 0)),
        ([BROKEN], [ALIVE], (0, 0, 1)),
        ([BROKEN], [UNVERIFIABLE], (0, 0, 0)),
        ([BROKEN, UNVERIFIABLE], [BROKEN], (1, 0, 0)),
        ([DEAD], [MOVED], (0, 0, 1)),
        ([DEAD], [ALIVE, BROKEN], (0, 0, 0)),
        ([DEAD], [BROKEN], (0, 0, 0)),
        ([DEAD], [DEAD], (0, 0, 0)),
        ([DEAD], [UNVERIFIABLE], (0, 0, 0)),
        ([UNVERIFIABLE], [BROKEN], (1, 0, 0)),
        ([UNVERIFIABLE], [DEAD], (0, 1, 0)),
    ],
)
def test_a_run_is_summed_up_by_its_net_effect(
    state: State,
    before: list[VerdictKind],
    during: list[VerdictKind],
    expected: tuple[int, int, int],
) -> None:
    save_urls(state, A)
    earlier, run = state.start_run(NOW - DAY), state.start_run(NOW)
    for kind in before:
        visit(state, earlier.id, A, kind, f"because-{kind}", at=NOW - DAY)
    for kind in during:
        visit(state, run.id, A, kind, f"because-{kind}")
    summary = state.summary(run.id)
    assert (summary.newly_broken, summary.newly_dead, summary.recovered) == expected


def test_a_plan_replaces_an_earlier_one_and_may_be_dropped(state: State) -> None:
    first = PendingWrite("a.md", "1" * 64, "one\n", NOW)
    second = PendingWrite("a.md", "2" * 64, None, NOW + DAY)
    other = PendingWrite("b\udcff.md", "3" * 64, "x", NOW)
    state.plan_writes([first, other])
    state.plan_writes([second])
    assert state.pending_writes() == [second, other]
    state.drop_write("b\udcff.md")
    assert state.pending_writes() == [second]
    state.plan_writes([])
    state.plan_writes([first, second])
    assert state.pending_writes() == [second]
    save_urls(state, A)
    state.forget(["a.md"])
    assert state.pending_writes() == []


@pytest.mark.parametrize(
    ("first", "by", "lines", "problem_line"),
    [(5, 2, [3, 7, 11], 8), (5, 0, [3, 5, 9], 6), (6, -1, [3, 5, 8], 5)],
)
def test_a_completed_write_moves_the_lines_below_it(
    state: State, first: int, by: int, lines: list[int], problem_line: int
) -> None:
    problems = [
        Problem("a.md", 0, ProblemCode.ALIAS, "the whole file"),
        Problem("a.md", 6, ProblemCode.INVALID_DATE, "2026-02-30"),
    ]
    save(
        state,
        article("a.md", [reference("a.md", A, line=line) for line in (3, 5, 9)], problems=problems),
        article("b.md", [reference("b.md", A, line=9)]),
    )
    state.plan_writes([PendingWrite("a.md", "0" * 64, "block\n", NOW)])
    state.complete_write("a.md", stamp("new"), "block\n", first, by)
    assert state.pending_writes() == []
    known = {each.path: each for each in state.known_articles()}
    assert [each.reference.line for each in known["a.md"].own] == lines
    assert [each.reference.line for each in known["b.md"].own] == [9]
    assert known["a.md"].block == "block\n"
    assert state.stamps("a.md") == {"a.md": stamp("new")}
    assert [each.line for each in state.problems()] == [0, problem_line]


def test_completing_a_write_of_a_forgotten_file_is_no_error(state: State) -> None:
    state.complete_write("a.md", stamp(), None, 1, 1)
    assert state.stamps() == {}


def test_links_of_the_body_count_once_they_were_visited(state: State) -> None:
    def body(url: str, line: int, invalid: str | None = None) -> Reference:
        at = f"body/{line - 9}"
        return reference("a.md", url, line=line, pointer=at, role=Role.BODY, invalid=invalid)

    web, shared, only = reference("a.md", A), body(A, 9), body(B, 10)
    bad = body("http://", 11, "no-host")
    alone = replace(body(B, 9), path="b.md")
    save(state, article("a.md", [web, shared, only, bad]), article("b.md", [alone]))

    def counted() -> tuple[int, int, dict[str, list[Reference]], dict[str, list[Reference]]]:
        summary = state.summary(None)
        assert summary.urls == sum(summary.by_verdict.values())
        return (
            summary.references,
            summary.urls,
            {each.path: [known.reference for known in each.own] for each in state.known_articles()},
            {each.link.url: list(each.references) for each in state.link_entries()},
        )

    assert counted() == (1, 1, {"a.md": [web]}, {A: [web]})
    assert list(state.known_articles("b.md")) == []
    run = state.start_run(NOW)
    visit(state, run.id, A)
    assert counted() == (2, 1, {"a.md": [web, shared]}, {A: [web, shared]})
    visit(state, run.id, B, VerdictKind.BROKEN, "http-404")
    assert state.summary(run.id).newly_broken == 1
    assert counted() == (
        4,
        2,
        {"a.md": [web, shared, only], "b.md": [alone]},
        {A: [web, shared], B: [only, alone]},
    )
    state.note_unvisitable(Selection(asked="b.md"), NOW)
    assert "http://" not in counted()[3]
    state.note_unvisitable(Selection(roles=frozenset({Role.BODY})), NOW)
    assert counted()[3]["http://"] == [bad]
    assert state.summary(None, "a.md").by_verdict[VerdictKind.INVALID] == 1
    assert state.summary(None, "b.md").references == 1


def refusal(path: str, reason: str, code: ProblemCode = ProblemCode.WRITE_REFUSED) -> Problem:
    return Problem(path, 4, code, reason)


def test_a_write_problem_stays_until_the_file_is_written(state: State) -> None:
    read = Problem("a.md", 2, ProblemCode.ALIAS, "found when read")
    save(state, article("a.md", problems=[read]), article("b.md"))
    first = refusal("a.md", "braces", ProblemCode.DUPLICATE_KEY)
    state.save_write_problems(
        [first, refusal("b\udcff.md", "unknown"), refusal("b.md", "read-only")]
    )
    assert state.problems() == [read, first, refusal("b.md", "read-only")]
    again = [refusal("a.md", "changed"), refusal("a.md", "changed"), refusal("a.md", "and more")]
    state.save_write_problems(again)
    state.save_write_problems([])
    assert state.problems("a.md") == [read, again[2], again[0]]
    state.complete_write("a.md", stamp("new"), "block\n", 1, 3)
    assert state.problems() == [replace(read, line=5), refusal("b.md", "read-only")]


def test_a_file_that_is_read_again_may_be_written_again(state: State) -> None:
    save_urls(state, A)
    state.save_write_problems([refusal("a.md", "braces")])
    state.restamp({"a.md": stamp("touched")})
    assert state.problems() == [refusal("a.md", "braces")]
    save_urls(state, A)
    assert state.problems() == []


def test_write_problems_of_more_files_than_one_statement_takes(state: State) -> None:
    names = [f"{number:04}.md" for number in range(1100)]
    save(state, *(article(name) for name in names))
    found = [refusal(name, "read-only") for name in names]
    state.save_write_problems(found)
    assert state.problems() == found

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.model.decision import Decision
from crawler.model.link import DueLink
from crawler.model.page_depth import Depth, PageMark
from crawler.model.reference import Scope
from crawler.model.role import Role
from crawler.model.selection import Selection
from crawler.model.verdict import VerdictKind
from crawler.state import HostDue, State
from tests.state.samples import (
    DAY,
    NOW,
    PAGE,
    article,
    link,
    reference,
    related,
    save,
    save_urls,
    visit,
)
from tests.strategies.examples import examples


def due(state: State, selection: Selection, run: int = 1, page: int = 100) -> list[str]:
    """Every due URL, read as a crawl does."""
    urls = []
    for host in state.due_hosts(selection, NOW, run):
        found = 0
        after = 0
        while rows := state.due_links(host.host, selection, NOW, run, after, page):
            assert len(rows) <= page
            after = rows[-1].id
            found += len(rows)
            urls += [row.url for row in rows]
        assert found == host.count
    return urls


def test_the_host_with_most_links_comes_first(state: State) -> None:
    save_urls(state, "https://a.example/1", "https://b.example/1", "https://b.example/2")
    save(
        state,
        article("c.md", [reference("c.md", "https://c.example/i", role=Role.IMAGE)]),
    )
    assert state.due_hosts(Selection(), NOW, 1) == [
        HostDue("b.example", 2, images_only=False),
        HostDue("a.example", 1, images_only=False),
        HostDue("c.example", 1, images_only=True),
    ]


def test_a_link_wants_an_image_where_every_reference_does(state: State) -> None:
    only, mixed = "https://a.example/only.png", "https://a.example/mixed.png"
    save(
        state,
        article(
            "a.md",
            [
                reference("a.md", only, role=Role.IMAGE),
                reference("a.md", only, role=Role.PROVIDER_IMAGE),
                reference("a.md", mixed, role=Role.IMAGE),
                related("a.md", mixed, role=Role.WEB),
            ],
        ),
    )
    images = Selection(roles=frozenset({Role.IMAGE}), scopes=frozenset({Scope.OWN}))
    rows = state.due_links("a.example", images, NOW, 1, 0, 10)
    assert {row.url: row.wants_image for row in rows} == {only: True, mixed: False}
    assert state.due_hosts(images, NOW, 1) == [HostDue("a.example", 2, images_only=False)]


def test_a_visit_carries_the_validators_of_the_last_good_answer(state: State) -> None:
    save_urls(state, "https://a.example/")
    run = state.start_run(NOW)
    visit(state, run.id, "https://a.example/", etag='W/"1"', last_modified="Sun", due_at=NOW)
    (row,) = state.due_links("a.example", Selection(), NOW, run.id + 1, 0, 10)
    assert (row.etag, row.last_modified) == ('W/"1"', "Sun")


def test_what_this_run_visited_is_not_due_again(state: State) -> None:
    save_urls(state, "https://a.example/1", "https://a.example/2")
    run = state.start_run(NOW)
    visit(state, run.id, "https://a.example/1", due_at=NOW - DAY)
    assert due(state, Selection(), run.id) == ["https://a.example/2"]
    assert due(state, Selection(ignore_schedule=True), run.id) == ["https://a.example/2"]
    assert len(due(state, Selection(), run.id + 1)) == 2


def test_the_schedule_may_be_ignored(state: State) -> None:
    save_urls(state, "https://a.example/later", "https://a.example/never")
    run = state.start_run(NOW)
    visit(state, run.id, "https://a.example/later", due_at=NOW + DAY)
    visit(state, run.id, "https://a.example/never", due_at=None)
    assert due(state, Selection(), run.id + 1) == []
    assert len(due(state, Selection(ignore_schedule=True), run.id + 1)) == 2


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), "own.example image.example rel.example old.example hid.example"),
        (Selection(roles=frozenset({Role.IMAGE})), "image.example"),
        (Selection(roles=frozenset()), ""),
        (Selection(scopes=frozenset({Scope.RELATED})), "rel.example"),
        (Selection(scopes=frozenset()), ""),
        (Selection(hosts=("O*.example", "hid.*")), "own.example old.example hid.example"),
        (Selection(hosts=("*[",)), ""),
        (Selection(published_since=NOW), "own.example image.example rel.example hid.example"),
        (Selection(listed_only=True), "own.example image.example rel.example old.example"),
        (Selection(asked="old.md"), "old.example"),
        (Selection(asked="none.md"), ""),
        (Selection(asked="a.md", listed_only=True, roles=frozenset({Role.WEB})), "own rel"),
    ],
)
def test_a_selection_is_met_by_one_reference(
    state: State, selection: Selection, expected: str
) -> None:
    save(
        state,
        article(
            "a.md",
            [
                reference("a.md", "https://own.example/"),
                reference("a.md", "https://image.example/", role=Role.IMAGE),
                related("a.md", "https://rel.example/"),
            ],
        ),
        article("old.md", [reference("old.md", "https://old.example/")], published=NOW - DAY),
        article("hid.md", [reference("hid.md", "https://hid.example/")], listed=False),
    )
    hosts = {word if "." in word else f"{word}.example" for word in expected.split()}
    assert {url.split("/")[2] for url in due(state, selection)} == hosts


def test_a_host_outside_the_selection_has_no_page(state: State) -> None:
    save_urls(state, "https://a.example/")
    assert state.due_links("a.example", Selection(hosts=("b.*",)), NOW, 1, 0, 9) == []


@given(
    urls=st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 30)), unique=True),
    visited=st.sets(st.tuples(st.sampled_from("abc"), st.integers(0, 30))),
    page=st.integers(1, 7),
    data=st.data(),
)
@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_give_each_due_link_exactly_once(
    new_state: Callable[[], State],
    urls: list[tuple[str, int]],
    visited: set[tuple[str, int]],
    page: int,
    data: st.DataObject,
) -> None:
    state = new_state()
    names = [f"https://{host}.example/{number}" for host, number in urls]
    save_urls(state, *names)
    run = state.start_run(NOW)
    waiting = set(names)
    for host, number in visited & set(urls):
        url = f"https://{host}.example/{number}"
        due_at = data.draw(st.sampled_from([NOW - DAY, NOW, NOW + DAY, None]))
        visit(state, run.id, url, due_at=due_at)
        if due_at is None or due_at > NOW:
            waiting.discard(url)
    found = due(state, Selection(), run.id + 1, page)
    assert sorted(found) == sorted(waiting)


def test_a_crawl_that_records_while_it_pages_sees_each_link_once(state: State) -> None:
    names = [f"https://a.example/{number}" for number in range(25)]
    save_urls(state, *names)
    run = state.start_run(NOW)
    seen = []
    after = 0
    while rows := state.due_links("a.example", Selection(), NOW, run.id, after, 4):
        after = rows[-1].id
        for row in rows:
            seen.append(row.url)
            visit(state, run.id, row.url, VerdictKind.ALIVE)
    assert seen == names
    assert due(state, Selection(), run.id) == []
    assert link(state, names[0]).checked_at == NOW


def test_links_of_the_body_are_due_only_for_who_asks_for_them(state: State) -> None:
    page, image = "https://a.example/page", "https://a.example/image.png"
    text = "https://a.example/text"
    urls = (page, image, text)
    body = [reference("a.md", url, role=Role.BODY) for url in urls]
    known = [reference("a.md", page), reference("a.md", image, role=Role.IMAGE)]
    save(state, article("a.md", [*known, *body]))
    usual = Selection(roles=frozenset(Role) - {Role.BODY})
    assert sorted(due(state, usual)) == sorted([page, image])
    assert sorted(due(state, Selection())) == sorted(urls)
    rows = state.due_links("a.example", Selection(), NOW, 1, 0, 10)
    assert {row.url: row.wants_image for row in rows} == {page: False, image: True, text: False}


def test_a_candidate_is_due_once_though_nothing_refers_to_it(state: State) -> None:
    url = "https://a.example/new.png"
    run = state.start_run(NOW)
    first = state.due_candidate(url, NOW, run.id)
    assert first is not None
    assert (first.url, first.host, first.wants_image) == (url, "a.example", True)
    assert state.due_candidate(url, NOW, run.id) == first
    assert due(state, Selection()) == []
    visit(state, run.id, url)
    later = state.start_run(NOW)
    assert state.due_candidate(url, NOW, run.id) is None
    assert state.due_candidate(url, NOW, later.id) is None
    assert state.due_candidate(url, NOW + 400 * DAY, later.id) is not None
    state.prune(NOW, 400 * DAY)
    assert state.link_by_url(url) is not None


def test_a_candidate_that_was_never_visited_is_forgotten(state: State) -> None:
    url = "https://a.example/new.png"
    state.due_candidate(url, NOW, 1)
    state.prune(NOW, 400 * DAY)
    assert state.link_by_url(url) is None


def test_a_candidate_that_an_editor_leaves_out_is_not_due(state: State) -> None:
    url = "https://a.example/new.png"
    state.decide(Decision(url, "no", NOW, NOW + DAY))
    assert state.due_candidate(url, NOW, 1) is None
    assert state.due_candidate(url, NOW + 2 * DAY, 1) is not None


def test_a_page_is_read_as_far_as_its_references_need(state: State) -> None:
    """Rule M19: one article of its own is enough, in whatever role and however many are only related."""
    ours, theirs, both, in_text = (f"https://a.example/{name}" for name in ("o", "r", "b", "t"))
    save(
        state,
        article("a.md", [reference("a.md", ours), related("a.md", theirs), related("a.md", both)]),
        article("b.md", [related("b.md", theirs), reference("b.md", both)]),
        article("c.md", [reference("c.md", in_text, role=Role.BODY)]),
    )
    assert {one.url: one.depth for one in _due(state)} == {
        ours: Depth.WHOLE,
        theirs: Depth.RELATED,
        both: Depth.WHOLE,
        in_text: Depth.WHOLE,
    }


def test_a_page_that_an_article_takes_as_its_own_is_asked_for_whole(state: State) -> None:
    """A 304 would leave it as it was read for others."""
    url, mark = "https://a.example/x", PageMark(Depth.RELATED, "f" * 32)
    save(state, article("a.md", [related("a.md", url)]))
    visit(state, state.start_run(NOW).id, url, due_at=NOW, page=PAGE, etag='"1"', mark=mark)
    (due,) = _due(state)
    assert (due.depth, due.page_mark, due.etag) == (Depth.RELATED, mark, '"1"')
    save(state, article("b.md", [reference("b.md", url)]))
    (due,) = _due(state)
    assert (due.depth, due.page_mark, due.etag) == (Depth.WHOLE, mark, None)
    read = PageMark(Depth.WHOLE, "e" * 32)
    visit(state, state.start_run(NOW).id, url, due_at=NOW, page=PAGE, etag='"2"', mark=read)
    assert [(one.page_mark, one.etag) for one in _due(state)] == [(read, '"2"')]
    # And when no article holds it any more, what was read is more than enough.
    save(state, article("b.md", []))
    assert [(one.depth, one.etag) for one in _due(state)] == [(Depth.RELATED, '"2"')]


def _due(state: State) -> list[DueLink]:
    return state.due_links("a.example", Selection(ignore_schedule=True), NOW, 99, 0, 100)

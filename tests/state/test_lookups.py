from __future__ import annotations

from dataclasses import replace

from crawler.model.observation import Hop, Observation
from crawler.model.reference import Declared, Scope
from crawler.model.role import Role
from crawler.model.verdict import UNCHECKED
from crawler.state import State, StoredText
from tests.state.samples import NOW, article, link, reference, related, save


def test_related_references_are_counted(state: State) -> None:
    one, other = "https://a.example/1", "https://a.example/2"
    save(state, article("a.md", [reference("a.md", one), related("a.md", one)]))
    save(state, article("b.md", [related("b.md", one), reference("b.md", other)]))
    assert state.related_count(link(state, one).id) == 2
    assert state.related_count(link(state, other).id) == 0


def test_places_of_a_link_are_the_articles_own_unless_asked(state: State) -> None:
    one, other = "https://a.example/1", "https://a.example/2"
    save(state, article("b.md", [reference("b.md", one), related("b.md", one, line=9)]))
    save(state, article("a.md", [reference("a.md", other), reference("a.md", one)]))
    link_id = link(state, one).id
    assert [place.path for place in state.places_of(link_id)] == ["a.md", "b.md"]
    everywhere = list(state.places_of(link_id, related=True))
    assert [(place.path, place.scope) for place in everywhere] == [
        ("a.md", Scope.OWN),
        ("b.md", Scope.OWN),
        ("b.md", Scope.RELATED),
    ]
    assert {place.url for place in everywhere} == {one}


def test_the_urls_of_a_host_are_limited(state: State) -> None:
    urls = [f"https://a.example/{number}" for number in range(4)]
    elsewhere = "https://b.example/"
    save(state, article("a.md", [reference("a.md", url) for url in (*urls, elsewhere)]))
    assert sorted(state.urls_of_host("a.example", 10)) == urls
    assert len(state.urls_of_host("a.example", 3)) == 3
    assert state.urls_of_host("c.example", 10) == []


def test_stored_titles_are_those_of_the_articles_whose_page_it_is(state: State) -> None:
    one, other, told = "https://a.example/1", "https://a.example/2", Declared(title="As told")
    save(
        state,
        article(
            "a.md",
            [
                reference("a.md", one),
                reference("a.md", one, role=Role.AMP),
                replace(related("a.md", one), declared=told),
                reference("a.md", other, role=Role.BODY),
                reference("a.md", other, role=Role.IMAGE),
                related("a.md", other),
            ],
        ),
        article("b.md", [replace(related("b.md", one), declared=told), reference("b.md", one)]),
    )
    found = state.stored_titles(link(state, one).id, 10)
    assert sorted(found) == ["As told", "Title of a.md", "Title of b.md"]
    assert len(state.stored_titles(link(state, one).id, 2)) == 2
    assert state.stored_titles(link(state, other).id, 10) == []


def test_the_urls_of_a_host_that_ended_at_one_place(state: State) -> None:
    end = "https://a.example/end"
    urls = [f"https://a.example/{number}" for number in range(3)]
    save(
        state,
        article("a.md", [reference("a.md", url) for url in (*urls, end, "https://b.example/")]),
    )
    run = state.start_run(NOW).id
    for url in (*urls, "https://b.example/"):
        hops = (Hop(url, 301),)
        seen = Observation(url, NOW, run, status=200, hops=hops, final_url=end)
        state.record(link(state, url).id, seen, UNCHECKED, None)
    state.record(
        link(state, end).id, Observation(end, NOW, run, 200, final_url=end), UNCHECKED, None
    )
    elsewhere = Observation(urls[2], NOW, run, 200, hops=(Hop(urls[2], 301),), final_url=f"{end}/x")
    state.record(link(state, urls[2]).id, elsewhere, UNCHECKED, None)
    assert state.ending_at("a.example", end, 10) == urls[:2]
    assert state.ending_at("a.example", end, 1) == urls[:1]
    assert state.ending_at("c.example", end, 10) == []


def test_stored_texts_are_those_of_the_articles_whose_page_it_is(state: State) -> None:
    one, told = "https://a.example/1", Declared(title="As told", excerpt="In short", published=NOW)
    mine = reference("a.md", one)
    save(state, article("a.md", [mine, replace(related("a.md", one), declared=told)]))
    found = state.stored_texts(link(state, one).id, 10)
    assert StoredText("As told", "In short", NOW) in found
    assert {text.title for text in found} == {"As told", "Title of a.md"}
    assert len(state.stored_texts(link(state, one).id, 1)) == 1

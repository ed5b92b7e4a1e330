from __future__ import annotations

from crawler.state import State
from tests.state.samples import article, link, reference, related, save


def test_related_references_are_counted(state: State) -> None:
    one, other = "https://a.example/1", "https://a.example/2"
    save(state, article("a.md", [reference("a.md", one), related("a.md", one)]))
    save(state, article("b.md", [related("b.md", one), reference("b.md", other)]))
    assert state.related_count(link(state, one).id) == 2
    assert state.related_count(link(state, other).id) == 0


def test_the_urls_of_a_host_are_limited(state: State) -> None:
    urls = [f"https://a.example/{number}" for number in range(4)]
    elsewhere = "https://b.example/"
    save(state, article("a.md", [reference("a.md", url) for url in (*urls, elsewhere)]))
    assert sorted(state.urls_of_host("a.example", 10)) == urls
    assert len(state.urls_of_host("a.example", 3)) == 3
    assert state.urls_of_host("c.example", 10) == []

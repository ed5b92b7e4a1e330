"""A part of the collection in the place of all of it, on both databases (rule K9)."""

from __future__ import annotations

import pytest

from crawler.model.held import HeldLink
from crawler.model.observation import Observation
from crawler.model.portion import Portion
from crawler.model.selection import Selection
from crawler.model.verdict import Verdict, VerdictKind
from crawler.state import State
from tests.state.samples import DAY, NOW, link, save_urls, stamp

PATHS = (
    "a.md",
    "news/b.md",
    "news/deep/c.md",
    "News/d.md",
    "newsx/e.md",
    "n%/f.md",
    "n_/g.md",
    "\udcff\x10/h.md",
    "é/i.md",
    "x/news/j.md",
)
PARTS = [
    ("a.md", "", "a.md"),
    ("a.md x/news/j.md none.md", "", "a.md x/news/j.md"),
    ("", "news", "news/b.md news/deep/c.md"),
    ("", "new", ""),
    ("", "n%", "n%/f.md"),
    ("", "n_", "n_/g.md"),
    ("", "\udcff\x10", "\udcff\x10/h.md"),
    ("a.md", "é news/deep", "a.md é/i.md news/deep/c.md"),
    ("news/b.md", "news", "news/b.md news/deep/c.md"),
    ("", "", ""),
]


def url_of(path: str) -> str:
    return f"https://{PATHS.index(path)}.example/"


@pytest.fixture
def full(state: State) -> State:
    for path in PATHS:
        save_urls(state, url_of(path), "https://all.example/", path=path)
    return state


@pytest.mark.parametrize(("files", "folders", "wanted"), PARTS)
def test_what_is_asked_of_a_part(full: State, files: str, folders: str, wanted: str) -> None:
    asked = Portion(frozenset(files.split(" ")) - {""}, frozenset(folders.split(" ")) - {""})
    paths = sorted(filter(None, wanted.split(" ")))
    urls = {url_of(path) for path in paths} | ({"https://all.example/"} if paths else set())
    assert sorted(full.stamps(asked)) == paths
    assert {entry.link.url for entry in full.link_entries(asked)} == urls
    assert sorted(one.path for one in full.known_articles(asked)) == paths
    assert sorted(one.path for one in full.labelled_articles(asked)) == paths
    assert full.summary(None, asked).articles == len(paths)
    assert full.summary(None, asked).urls == len(urls)
    hosts = {one.host for one in full.due_hosts(Selection(asked=asked), NOW, 1)}
    assert {f"https://{host}/" for host in hosts} == urls
    assert full.extent(Selection(asked=asked)).references == 2 * len(paths)
    assert {f"https://{host}/" for host, _ in full.links_by_host(asked)} == urls


def test_what_is_held_back_in_a_part(full: State) -> None:
    run = full.start_run(NOW).id
    for path in PATHS:
        dead = Verdict(VerdictKind.DEAD, "http-404", "r", 2, NOW, NOW - DAY)
        seen = Observation(url_of(path), NOW, run, status=404)
        full.record(link(full, url_of(path)).id, seen, dead, None)
    full.hold([HeldLink(path, link(full, url_of(path)).id, is_first=False) for path in PATHS])
    news = Portion(folders=frozenset({"news"}))
    assert sum(one.links for one in full.held(news)) == len(full.held_links(news)) == 2
    full.hold((), news)
    assert full.held(news) == []
    assert sum(one.links for one in full.held()) == len(PATHS) - 2
    two = Portion(frozenset({"a.md", "é/i.md"}))
    assert full.accept(full.held(two), NOW, two) == 2
    assert sum(one.links for one in full.held()) == len(PATHS) - 4


def test_a_list_may_be_as_long_as_it_is_allowed_to(full: State) -> None:
    names = [f"none/{number}.md" for number in range(9_999)]
    asked = Portion(frozenset((*names, "a.md")), is_list=True)
    assert [host for host, _ in full.links_by_host(asked)] == ["0.example", "all.example"]
    assert full.extent(Selection(asked=asked)).urls == 2
    assert full.summary(None, asked).articles == 1
    assert full.stamps(asked) == {"a.md": stamp("a.md")}
    assert len(full.due_hosts(Selection(asked=asked), NOW, 1)) == 2

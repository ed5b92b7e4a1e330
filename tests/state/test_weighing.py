"""What priorities, groups and hosts are made of, on both databases."""

from __future__ import annotations

from dataclasses import replace

from crawler.model.article_labels import NO_LABELS, ArticleLabels, LabelledArticle
from crawler.model.host_overview import HostLink
from crawler.model.observation import Observation
from crawler.model.provider import Provider
from crawler.model.role import Role
from crawler.model.verdict import Suggestion, SuggestionKind, Verdict, VerdictKind, WarningCode
from crawler.state import State
from tests.state.samples import DAY, NOW, article, link, reference, related, save, visit

A, B, C, D = (f"https://{name}.example/x" for name in "abcd")
NEW = Suggestion(SuggestionKind.REPLACE_URL, "https://a.example/new")


def judged(state: State, run: int, url: str, verdict: Verdict) -> None:
    state.record(link(state, url).id, Observation(url, NOW, run, status=200), verdict, None)


def test_articles_come_with_their_labels(state: State) -> None:
    labels = ArticleLabels(-1, 2.5, ("AI", "\ud800\x00"), ("Ada",))
    provider = Provider("News", "news.example", 3, 4)
    save(
        state,
        replace(article("b.md"), labels=labels, provider=provider),
        article("a.md", listed=False),
    )
    state.save_unreadable("c.md", None, [])
    found = LabelledArticle("b.md", True, labels, provider)
    assert list(state.labelled_articles()) == [LabelledArticle("a.md", False, NO_LABELS), found]
    assert list(state.labelled_articles("b.md")) == [found]


def test_links_that_need_an_editor_come_with_their_places(state: State) -> None:
    save(
        state,
        article("a.md", [reference("a.md", A), reference("a.md", B, role=Role.IMAGE), related("a.md", A)]),
        article("b.md", [reference("b.md", A, role=Role.AMP), reference("b.md", C), reference("b.md", D)]),
        article("c.md", [related("c.md", B), related("c.md", A)]),
    )  # fmt: skip
    run = state.start_run(NOW).id
    dead = Verdict(VerdictKind.DEAD, "http-404", "r", 2, NOW, NOW - DAY)
    odd = Verdict(VerdictKind.ALIVE, "ok", "r", since=NOW, warnings=(WarningCode.TLS_TOO_OLD,))
    judged(state, run, A, dead)
    judged(state, run, B, odd)
    judged(state, run, C, Verdict(VerdictKind.ALIVE, "ok", "r", since=NOW))
    found = {one.url: one for one in state.troubled_links()}
    assert found.keys() == {A, B}
    assert found[A].verdict == dead
    assert sorted(found[A].own) == [(Role.AMP, "b.md"), (Role.WEB, "a.md")]
    assert (found[A].related, found[B].own, found[B].related) == (2, ((Role.IMAGE, "a.md"),), 1)
    (here,) = state.troubled_links("b.md")
    assert (here.url, here.own, here.related) == (A, ((Role.AMP, "b.md"),), 0)


def test_links_can_come_first(state: State) -> None:
    save(state, article("a.md", [reference("a.md", url) for url in (A, B, C, D)]))
    first = [link(state, url).id for url in (C, B)]
    assert [one.link.url for one in state.link_entries(first=first)] == [C, B, A, D]


def test_links_come_by_host(state: State) -> None:
    second = "https://a.example/y"
    save(
        state,
        article("a.md", [reference("a.md", A), reference("a.md", B), related("a.md", second)]),
        article("b.md", [reference("b.md", "no address", invalid="malformed")]),
    )
    run = state.start_run(NOW).id
    judged(state, run, A, Verdict(VerdictKind.MOVED, "redirect-permanent", "r", suggestion=NEW))
    judged(state, run, B, Verdict(VerdictKind.ALIVE, "ok", "r", suggestion=NEW))
    moved = HostLink(A, VerdictKind.MOVED, "redirect-permanent", NEW.value)
    unseen = HostLink(second, VerdictKind.UNCHECKED, "not-visited", is_own=False)
    alive = HostLink(B, VerdictKind.ALIVE, "ok")
    assert list(state.links_by_host()) == [
        ("a.example", [moved, unseen]),
        ("b.example", [alive]),
    ]
    assert list(state.links_by_host(host="b.example")) == [("b.example", [alive])]
    assert list(state.links_by_host(host="c.example")) == []
    assert list(state.links_by_host("b.md")) == []


def test_pages_of_articles_are_their_own(state: State) -> None:
    save(
        state,
        article("a.md", [reference("a.md", A), reference("a.md", B, role=Role.IMAGE)]),
        article("b.md", [related("b.md", C), reference("b.md", A, role=Role.ORIGINAL)]),
    )
    assert sorted(state.pages_of_articles()) == [("a.example", "a.md"), ("a.example", "b.md")]
    assert list(state.pages_of_articles("b.md")) == [("a.example", "b.md")]


def test_each_run_changes_how_many_of_a_host_are_gone(state: State) -> None:
    save(state, article("a.md", [reference("a.md", url) for url in (A, "https://a.example/y", B)]))
    first, second = state.start_run(NOW).id, state.start_run(NOW + DAY).id
    visit(state, first, A, VerdictKind.BROKEN, "http-404")
    visit(state, first, "https://a.example/y", VerdictKind.BROKEN, "http-404")
    visit(state, first, B, VerdictKind.ALIVE)
    visit(state, second, A, VerdictKind.DEAD, "http-404", at=NOW + DAY)
    visit(state, second, "https://a.example/y", VerdictKind.ALIVE, at=NOW + DAY)
    assert state.gone_changes() == {"a.example": {first: 2, second: -1}}
    assert state.gone_changes("none.md") == {}

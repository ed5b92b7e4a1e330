"""Patterns of moves (rule Q8) and AMP pages that were given up (rule Q9)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.host_overview import AmpFields, HostLink, MovePattern
from crawler.model.verdict import VerdictKind
from crawler.rules.move_patterns import (
    LEAST_AMP,
    LEAST_MOVES,
    has_given_up_amp,
    led_by,
    move_patterns,
    shape_of,
)

H = "https://h.example"
N = "https://n.example"


def moved(old: str, new: str) -> HostLink:
    return HostLink(old, VerdictKind.MOVED, "redirect-permanent", new)


def alike(number: int, old: str = f"{H}/a/%d", new: str = f"{H}/b/%d") -> list[HostLink]:
    return [moved(old % one, new % one) for one in range(number)]


@pytest.mark.parametrize(
    ("old", "new", "shape"),
    [
        (f"{H}/a/x", f"{H}/b/x", (f"{H}/a/", f"{H}/b/", "", "")),
        (f"{H}/a/x/y", f"{H}/b/x/y", (f"{H}/a/", f"{H}/b/", "", "")),
        (f"{H}/a/b/x", f"{H}/b/x", (f"{H}/a/", f"{H}/", "", "")),
        (f"{H}/x", f"{N}/x", (f"{H}/", f"{N}/", "", "")),
        (f"{H}/x", "http://h.example/x", (f"{H}/", "http://h.example/", "", "")),
        (f"{H}/x", f"{H}/blog/x", (f"{H}/", f"{H}/blog/", "", "")),
        (f"{H}/a/x", f"{H}/a/x/", (f"{H}/", f"{H}/", "", "/")),
        (f"{H}/a/x.html", f"{H}/b/x", (f"{H}/a/", f"{H}/b/", ".html", "")),
        (f"{H}/a/x/index.html", f"{H}/b/x/", (f"{H}/a/", f"{H}/b/", "/index.html", "/")),
        (f"{H}/a/x.html", f"{H}/b/x.html", (f"{H}/a/", f"{H}/b/", "", "")),
        (f"{H}/a/x/", f"{H}/b/x/", (f"{H}/a/", f"{H}/b/", "", "")),
        (f"{H}/a/x?p=1", f"{H}/b/x?p=1", (f"{H}/a/", f"{H}/b/", "", "")),
        # Near misses.
        (f"{H}/a/x", f"{H}/a/x", None),
        (f"{H}/a/x", f"{H}/", None),
        (f"{H}/a/x", H, None),
        (f"{H}/", f"{N}/", None),
        (H, N, None),
        (f"{H}/a/1-old-words", f"{H}/b/1-new-words", None),
        (f"{H}/a/", f"{H}/b/", None),
        (f"{H}/a/x?p=1", f"{H}/b/x", None),
        (f"{H}/a/x", f"{H}/b/x?p=1", None),
        (f"{H}/.html", f"{N}/.html", (f"{H}/", f"{N}/", "", "")),
        ("", "", None),
    ],
)  # fmt: skip
def test_the_shape_of_a_move(old: str, new: str, shape: tuple[str, ...] | None) -> None:
    assert shape_of(old, new) == shape


def test_enough_moves_alike_are_a_pattern() -> None:
    assert move_patterns(alike(LEAST_MOVES - 1)) == ()
    (found,) = move_patterns(alike(LEAST_MOVES))
    assert (found.old, found.new, found.count) == (f"{H}/a/", f"{H}/b/", LEAST_MOVES)


def test_the_other_urls_of_the_form_are_told() -> None:
    dead, alive = VerdictKind.DEAD, VerdictKind.ALIVE
    others = [
        moved(f"{H}/a/away", f"{H}/other/place"),
        HostLink(f"{H}/a/stays", alive, "ok"),
        HostLink(f"{H}/a/lost?p=1", dead, "http-404"),
        HostLink(f"{H}/a/failing", VerdictKind.BROKEN, "http-404"),
        HostLink(f"{H}/a/walled", VerdictKind.UNVERIFIABLE, "bot-wall"),
        HostLink(f"{H}/a/", dead, "http-404"),
        HostLink(f"{H}/c/lost", dead, "http-404"),
    ]
    (found,) = move_patterns([*alike(6), *others])
    assert (found.elsewhere, found.staying) == (1, 1)
    assert found.gone == (
        (f"{H}/a/failing", f"{H}/b/failing"),
        (f"{H}/a/lost?p=1", f"{H}/b/lost?p=1"),
    )


def test_of_two_patterns_the_more_frequent_comes_first_and_each_move_is_in_one() -> None:
    two = [*alike(5), *alike(7, f"{H}/c/%d.html", f"{H}/d/%d")]
    first, second = move_patterns(two)
    assert [first.count, second.count] == [7, 5]
    assert (first.old, first.old_ending, first.new) == (f"{H}/c/", ".html", f"{H}/d/")
    assert {old for one in (first, second) for old, _ in one.moves} == {one.url for one in two}


@pytest.mark.parametrize(
    ("url", "led"),
    [
        (f"{H}/a/x", f"{H}/b/x/"),
        (f"{H}/a/x?p=1", f"{H}/b/x/?p=1"),
        (f"{H}/a/x/", None),  # it ends as the new ones do
        (f"{H}/a/x.html", None),
        (f"{H}/a/", None),
        (f"{H}/c/x", None),
    ],
)
def test_a_pattern_leads_only_what_begins_and_ends_alike(url: str, led: str | None) -> None:
    assert led_by(MovePattern(f"{H}/a/", f"{H}/b/", "", "/", ()), url) == led


@pytest.mark.parametrize(
    ("amp", "given_up"),
    [
        (AmpFields(), False),
        (AmpFields(("x",) * (LEAST_AMP - 1), 0, 9), False),
        (AmpFields(("x",) * LEAST_AMP, 0, 9), True),
        (AmpFields(("x",) * LEAST_AMP, 1, 9), False),
    ],
)
def test_amp_is_given_up_by_several_and_contradicted_by_one(amp: AmpFields, given_up: bool) -> None:
    assert has_given_up_amp(amp) == given_up


parts = st.sampled_from(["a", "b", "c", "", "x.html", "index.html", "a.php", "y/"])
urls = st.builds(
    lambda origin, path, query: f"{origin}/{'/'.join(path)}{query}",
    st.sampled_from([H, N]),
    st.lists(parts, max_size=4),
    st.sampled_from(["", "?q", "?a/b"]),
)


@given(urls | st.text(), urls | st.text())
def test_a_pattern_leads_its_own_moves_where_they_went(old: str, new: str) -> None:
    shape = shape_of(old, new)
    if shape is not None:
        assert old.startswith(shape[0])
        assert led_by(MovePattern(*shape, ()), old) == new


@given(
    st.lists(
        st.builds(moved, urls, urls)
        | st.builds(HostLink, urls, st.sampled_from(VerdictKind), st.just("x")),
        max_size=40,
    )
)
def test_every_pattern_is_shown_by_enough_moves(links: list[HostLink]) -> None:
    known = {(one.url, one.new_address) for one in links}
    for pattern in move_patterns(links):
        assert pattern.count >= LEAST_MOVES
        assert known.issuperset(pattern.moves)
        assert all(led_by(pattern, old) == new for old, new in (*pattern.moves, *pattern.gone))

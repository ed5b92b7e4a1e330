"""What a run keeps is bounded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.transport.recently_used import RecentlyUsed


def test_the_least_recently_used_goes_first() -> None:
    kept = RecentlyUsed[str, int](2)
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert [kept.get(key) for key in "abc"] == [1, None, 3]
    kept.forget("a")
    kept.forget("never")
    assert "a" not in kept
    kept.clear()
    assert len(kept) == 0


@given(st.integers(1, 5), st.lists(st.tuples(st.booleans(), st.integers(0, 9))))
def test_it_is_a_mapping_of_the_last_used(most: int, uses: list[tuple[bool, int]]) -> None:
    kept = RecentlyUsed[int, int](most)
    used: list[int] = []
    for puts, key in uses:
        if puts:
            kept.put(key, key)
        elif key not in used:
            assert kept.get(key) is None
            continue
        else:
            assert kept.get(key) == key
        used = [other for other in used if other != key] + [key]
        used = used[-most:]
        assert len(kept) == len(used)

"""What channels were told, on both engines."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from crawler.model.notification import Told
from crawler.state import State, StateError
from tests.state.samples import DAY, NOW


def test_what_is_noted_is_known_by_channel_and_target(state: State) -> None:
    first = Told(3, NOW, frozenset({("a.example", "http-404"), ("", "file-missing")}))
    state.note_told("desk", "slack", first)
    state.note_told("desk", "slack 2", Told(1))
    state.note_told("other", "slack", Told(2, NOW + DAY))
    assert state.told("desk", "slack") == first
    assert state.told("desk", "slack 2") == Told(1)
    assert state.told("other", "slack") == Told(2, NOW + DAY)
    assert state.told("desk", "mailto") is None


def test_the_last_note_counts(state: State) -> None:
    state.note_told("desk", "slack", Told(3, NOW, frozenset({("a.example", "http-404")})))
    state.note_told("desk", "slack", Told(4, NOW + DAY))
    assert state.told("desk", "slack") == Told(4, NOW + DAY)


def test_strange_texts_come_back(state: State) -> None:
    held = frozenset({("\x00\ud800", "<!here>")})
    state.note_told("desk", "file", Told(0, None, held))
    assert state.told("desk", "file") == Told(0, None, held)


@pytest.mark.parametrize("stored", ["x", "5", '["a"]', "[[1, 2, 3]]"])
def test_a_damaged_note_is_told(state: State, stored: str) -> None:
    state.note_told("desk", "file", Told(1))
    with state._database.write() as connection:
        connection.execute(text("UPDATE told_channels SET held = :held"), {"held": stored})
    with pytest.raises(StateError, match="what a channel was told cannot be read"):
        state.told("desk", "file")

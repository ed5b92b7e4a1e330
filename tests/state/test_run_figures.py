"""What runs are measured by, on both engines."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete

from crawler.model.alarm import Alarm, AlarmCode, DownHost, RunFigures
from crawler.state import State
from crawler.state.schema import meta

FIGURES = RunFigures(1, True, 20, 19, 60, 5, 20, 3, 2, 10, marked=1, free=7, stored=5)
ALARM = Alarm(AlarmCode.HOST_DOWN, 1, 0, 12, "\x00\ud800.example")


def test_figures_and_alarms_come_back(state: State) -> None:
    assert (state.run_figures(), state.alarms()) == ((), ())
    later = replace(FIGURES, run=2, finished=False, down=(DownHost("a.example", 12, 4),))
    state.note_alarms([ALARM], [FIGURES, later])
    # What only its own run needs is not kept.
    assert state.run_figures() == (
        replace(FIGURES, free=None, stored=0, marked=0),
        replace(later, free=None, stored=0, marked=0, down=()),
    )
    assert state.alarms() == (ALARM,)


def test_alarms_replace_those_before_and_figures_stay(state: State) -> None:
    state.note_alarms([ALARM], [FIGURES])
    state.note_alarms([])
    assert state.alarms() == ()
    assert len(state.run_figures()) == 1


def test_the_last_twenty_are_kept(state: State) -> None:
    state.note_alarms([], [replace(FIGURES, run=run) for run in range(1, 40)])
    assert [one.run for one in state.run_figures()] == list(range(20, 40))


@pytest.mark.parametrize(
    "stored",
    [
        *("x", "5", "null", "[5]", "[[]]", '[{"code": "new"}]', '[{"run": "1"}]', "[" * 100_000),
        '[{"code": "host-down", "host": 5, "since": 1, "seen": 1, "usual": 1}]',
        '[{"code": "host-down", "host": "", "since": null, "seen": 1, "usual": 1}]',
    ],
)
def test_what_cannot_be_read_was_never_noted(state: State, stored: str) -> None:
    with state._database.write() as connection:
        connection.execute(delete(meta).where(meta.c.key.in_(["alarms", "run-figures"])))
        for key in ("alarms", "run-figures"):
            connection.execute(meta.insert().values(key=key, value=stored))
    assert state.alarms() == ()
    assert all(isinstance(one.run, int) for one in state.run_figures())
    state.note_alarms([ALARM], [FIGURES])
    assert state.alarms() == (ALARM,)

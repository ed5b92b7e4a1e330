"""A collection with three runs behind it, and links that became broken, dead and well again in them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

from crawler.model.verdict import VerdictKind
from crawler.session import Session
from crawler.state import State, open_state
from tests.commands.test_ignore import NOW as BEGIN
from tests.commands.test_ignore import take_everything_in
from tests.end_to_end.collection import Collection, article
from tests.state.samples import DAY, visit

Opened = Callable[..., AbstractContextManager[Session]]
"""Opens the collection of a test with variables of the environment."""
NOW = BEGIN + 2 * DAY
"""Noon of the third run."""
LOST, BACK, GONE, NEXT = (
    f"https://{name}.example/story" for name in ("lost", "back", "gone", "next")
)
ALIVE, BROKEN, DEAD = VerdictKind.ALIVE, VerdictKind.BROKEN, VerdictKind.DEAD
CODES = {ALIVE: "http-200", BROKEN: "http-404", DEAD: "http-410"}
DAYS: tuple[dict[str, VerdictKind], ...] = (
    {LOST: ALIVE, BACK: BROKEN, GONE: BROKEN, NEXT: ALIVE},
    {LOST: BROKEN},
    {LOST: DEAD, BACK: ALIVE, NEXT: BROKEN},
)
OWNERS = """\
owners:
  news: [Ada, "@example/desk"]
  old: Bob
"""


def three_runs(folder: Path) -> Path:
    """Make the collection: LOST and NEXT are Ada's, GONE is Bob's, BACK is in an article of each and of nobody."""
    made = Collection(folder)
    made.add(".linkhealth.yml", OWNERS)
    made.add("news/lost.md", article(web=LOST))
    made.add("news/next.md", article(web=NEXT))
    made.add("old/gone.md", article(web=GONE))
    for path in ("news/back.md", "old/back.md", "back.md"):
        made.add(path, article(web=BACK))
    take_everything_in(made.root)
    for day in DAYS:
        a_run(made.root, day)
    return made.root


def a_run(folder: Path, verdicts: dict[str, VerdictKind], *, ended: str = "finished") -> int:
    """One more run, a day after the last; returns its number."""
    with open_state(folder, None) as state:
        return add_run(state, verdicts, ended=ended)


def add_run(state: State, verdicts: dict[str, VerdictKind], *, ended: str = "finished") -> int:
    """The same in a state that is open."""
    last = state.last_run()
    at = last.started_at + DAY if last else BEGIN
    run = state.start_run(at).id
    for second, (url, kind) in enumerate(verdicts.items()):
        visit(state, run, url, kind, CODES[kind], at=at + timedelta(seconds=second))
    state.finish_run(run, at, ended, len(verdicts))
    return run

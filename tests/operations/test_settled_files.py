"""A run in which nothing changed works no block out again, and one in which anything did finds the files that it has to write."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from crawler.model.observation import PageFacts
from crawler.model.verdict import VerdictKind
from crawler.operations.intake import take_in
from crawler.operations.settled_files import are_settled
from crawler.operations.stripping import strip_files
from crawler.operations.write_back import Outcome, write_back
from crawler.session import Session
from crawler.state import PendingWrite, open_state
from tests.commands.test_ignore import NOW
from tests.end_to_end.collection import Image, article
from tests.state.samples import DAY, IMAGE, visit

LOST, FINE = "https://lost.example/story", "https://fine.example/story"
PICTURE = "https://fine.example/picture.jpg"
CLOCK = {"LINKHEALTH_CLOCK": NOW.isoformat()}
TOMORROW = {"LINKHEALTH_CLOCK": (NOW + DAY).isoformat()}


def write(root: Path, environ: Mapping[str, str] = CLOCK) -> tuple[bool, Outcome]:
    """Read and write as a run does; whether nothing had to be worked out, and what was written."""
    with Session.open({"content": str(root)}, environ) as session:
        for _ in take_in(session):
            pass
        is_settled = are_settled(session)
        return is_settled, write_back(session)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "content"
    made.mkdir()
    (made / ".git").mkdir()
    (made / ".linkhealth.yml").write_text("write_back: own\n")
    (made / "lost.md").write_text(article(web=LOST))
    (made / "fine.md").write_text(article(web=FINE, images=[Image(PICTURE, (1024, 576))]))
    write(made)
    with open_state(made, None) as state:
        run = state.start_run(NOW).id
        visit(state, run, LOST, VerdictKind.BROKEN, "http-404", at=NOW - DAY)
        visit(state, run, FINE, VerdictKind.ALIVE, "ok", at=NOW - DAY)
        visit(state, run, PICTURE, VerdictKind.ALIVE, "ok", at=NOW - DAY, image=IMAGE)
        state.finish_run(run, NOW, "finished", 3)
    assert write(made) == (False, Outcome(("fine.md", "lost.md"), articles=2))
    return made


def _visited(url: str, kind: VerdictKind, reason: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        with open_state(root, None) as state:
            run = state.start_run(NOW).id
            visit(state, run, url, kind, reason, at=NOW)
            state.finish_run(run, NOW, "finished", 1)

    return change


def _configured(text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        (root / ".linkhealth.yml").write_text(text)

    return change


def _block_taken_out(root: Path) -> None:
    (root / "lost.md").write_text(article(web=LOST))


def _stripped(root: Path) -> None:
    with Session.open({"content": str(root)}, CLOCK) as session:
        assert len(strip_files(session).written) == 2


def _killed_before_a_write(root: Path) -> None:
    with open_state(root, None) as state:
        known = state.stamps()["lost.md"]
        state.plan_writes([PendingWrite("lost.md", known.sha256, None, NOW)])


def _another_file(root: Path) -> None:
    (root / "new.md").write_text(article(web=LOST))


WRITTEN: dict[str, tuple[Callable[[Path], None], tuple[str, ...]]] = {
    "a link that works again": (_visited(LOST, VerdictKind.ALIVE, "ok"), ("lost.md",)),
    "a link that is dead now": (_visited(LOST, VerdictKind.DEAD, "http-404"), ("lost.md",)),
    "another reason": (_visited(LOST, VerdictKind.BROKEN, "http-410"), ("lost.md",)),
    "a block that somebody took out": (_block_taken_out, ("lost.md",)),
    "all blocks taken out": (_stripped, ("fine.md", "lost.md")),
    "a write that a kill left": (_killed_before_a_write, ()),
    "a file more": (_another_file, ("new.md",)),
    "only problems": (_configured("write_back: problems\n"), ("fine.md",)),
    "all": (_configured("write_back: all\n"), ()),
}


@pytest.mark.parametrize(("change", "written"), WRITTEN.values(), ids=WRITTEN)
def test_what_has_changed_is_written(
    change: Callable[[Path], None], written: tuple[str, ...], root: Path
) -> None:
    assert write(root) == (True, Outcome())
    change(root)
    is_settled, outcome = write(root)
    assert not is_settled
    assert outcome.written == written
    assert write(root) == (True, Outcome())


def test_a_run_that_changes_nothing_is_settled_as_before(root: Path) -> None:
    with open_state(root, None) as state:
        state.finish_run(state.start_run(NOW).id, NOW, "finished", 0)
    assert write(root) == (True, Outcome())


def test_what_the_day_changes_is_written(root: Path) -> None:
    """The article is of 4 March 2019."""
    (root / ".linkhealth.yml").write_text("stale_after_days: 2554\n")
    with open_state(root, None) as state:
        page = PageFacts(title="A title", titles=("A title",))
        visit(state, state.start_run(NOW).id, FINE, at=NOW, page=page)
    assert write(root)[1].written == ("fine.md",)
    assert write(root)[0]
    is_settled, outcome = write(root, TOMORROW)
    assert (is_settled, outcome.written) == (False, ("fine.md",))
    assert "{state: stale" in (root / "fine.md").read_text()
    assert write(root, TOMORROW)[0]


def test_what_could_not_be_written_is_tried_and_told_again(root: Path, tmp_path: Path) -> None:
    os.link(root / "lost.md", tmp_path / "elsewhere.md")
    _visited(LOST, VerdictKind.ALIVE, "ok")(root)
    for _ in range(2):
        is_settled, outcome = write(root)
        assert not is_settled
        assert [one.path for one in outcome.refused] == ["lost.md"]


def test_what_is_held_back_is_told_again(root: Path) -> None:
    urls = [f"https://many.example/{number}" for number in range(12)]
    for number, url in enumerate(urls):
        (root / f"{number}.md").write_text(article(web=url))
    write(root)
    for kind in (VerdictKind.ALIVE, VerdictKind.DEAD):
        with open_state(root, None) as state:
            run = state.start_run(NOW).id
            for url in urls:
                visit(state, run, url, kind, "of a test", at=NOW)
        outcomes = [write(root) for _ in range(2)]
    for is_settled, outcome in outcomes:
        assert not is_settled
        assert (outcome.held, outcome.written) == (12, ())

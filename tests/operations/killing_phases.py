"""Each phase of a run killed again and again, and finished by the next: reports, apply, sidecar, strip, an upgrade, pruning.

    python -m tests.operations.killing_phases FOLDER [ROUNDS] [PHASE …]

Tells in one line of JSON what it saw of each phase. `tests.operations.killing` has the write-back of blocks,
benchmarks/kill_every_phase.py a whole crawl too.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

from scrapy.settings import Settings
from sqlalchemy import text

from crawler.commands.apply import Command
from crawler.model.observation import Hop, Observation
from crawler.operations.intake import take_in
from crawler.operations.judging import judge_visit
from crawler.operations.report_assembly import assemble
from crawler.operations.report_basis import basis_of
from crawler.operations.stripping import strip_files
from crawler.operations.write_back import write_back
from crawler.reporting import FORMATS, write
from crawler.session import Session
from crawler.state import open_state, state_folder
from crawler.state.upgrades import SCHEMA_VERSION
from tests.end_to_end.collection import Collection, article

FILES = 16
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOST = "https://site.example"
_OLDER = (
    "DROP TABLE decisions",
    "ALTER TABLE links DROP COLUMN baseline",
    "ALTER TABLE observations DROP COLUMN further",
    "ALTER TABLE staged_observations DROP COLUMN further",
    "ALTER TABLE files DROP COLUMN provider",
    "ALTER TABLE files DROP COLUMN labels",
    "DROP TABLE held_links",
    "DROP TABLE accepted_links",
    "DROP TABLE review_decisions",
    "DROP TABLE host_certificates",
    "DROP TABLE told_channels",
    "ALTER TABLE links DROP COLUMN page_mark",
    "ALTER TABLE observations DROP COLUMN page_mark",
    "ALTER TABLE staged_observations DROP COLUMN page_mark",
    "UPDATE meta SET value = '5' WHERE key = 'schema_version'",
)
"""What makes the state one of version 5 again."""


@dataclass(frozen=True)
class Phase:
    """What is done, from a collection as `before` leaves it."""

    work: Callable[[Path], None]
    before: Callable[[Path], None] = lambda _root: None
    writes_state_alone: bool = False
    observations: int = FILES
    """How many the state has afterwards."""


def session_of(root: Path, mode: str = "own", *, exclusive: bool = True) -> Session:
    given = {"content": str(root), "write_back": mode}
    return Session.open(given, os.environ, exclusive=exclusive)


def crawled(root: Path) -> None:
    """A collection as it stands after a crawl: every second page has moved, every fourth is lost."""
    collection = Collection(root)
    for number in range(FILES):
        collection.add(f"a/{number:02}.md", article("Ü" * 3_000, web=f"{HOST}/{number}"))
    with session_of(root) as session:
        for _ in take_in(session):
            pass
        run = session.state.start_run(NOW).id
        for number in range(FILES):
            url = f"{HOST}/{number}"
            link = session.state.link_by_url(url)
            assert link is not None
            seen = Observation(url, NOW, run, status=404 if number % 4 == 0 else 200)
            if number % 2:
                moved = f"{HOST}/new/{number}"
                hops = (Hop(url, 301),)
                seen = Observation(url, NOW, run, status=200, hops=hops, final_url=moved)
            judge_visit(session, link.id, seen)
        session.state.finish_run(run, NOW, "finished", FILES)


def write_reports(root: Path) -> None:
    with session_of(root, exclusive=False) as session:
        last = session.state.last_run()
        report, basis = assemble(session, last), basis_of(session, last)
        write(report, FORMATS.values(), state_folder(root) / "reports", basis=basis)


def apply(root: Path) -> None:
    command = Command()
    command.settings = Settings()
    parser = argparse.ArgumentParser(conflict_handler="resolve")
    command.add_options(parser)
    opts = parser.parse_args(["--content", str(root), "--suggested", "moves", "--write"])
    command.run([], opts)
    assert command.exitcode == 0


def run(root: Path, mode: str = "own") -> None:
    with session_of(root, mode) as session:
        for _ in take_in(session):
            pass
        outcome = write_back(session)
        assert outcome.refused == ()


def to_sidecar(root: Path) -> None:
    run(root, "sidecar")


def strip(root: Path) -> None:
    with session_of(root) as session:
        strip_files(session)


def make_older(root: Path) -> None:
    with open_state(root, None) as state, state._database.write() as connection:
        for statement in _OLDER:
            connection.execute(text(statement))


def upgrade(root: Path) -> None:
    with open_state(root, None):
        pass


def give_long_history(root: Path) -> None:
    """Visits that nobody needs any more, as long as pages make them: some steps of pruning, and of giving space back."""
    old = f"{int((NOW - 500 * DAY).timestamp() * 1e6)}"
    with open_state(root, None) as state, state._database.write() as connection:
        connection.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 800) "
                "INSERT INTO observations (link_id, run_id, at, bytes_read, page) "
                f"SELECT link_id, run_id, {old} - i, 0, hex(zeroblob(700)) FROM observations, n"
            )
        )


def prune(root: Path) -> None:
    with open_state(root, None) as state:
        state.prune(NOW, 400 * DAY)


PHASES: Mapping[str, Phase] = {
    "reports": Phase(write_reports),
    "apply": Phase(apply),
    "sidecar": Phase(to_sidecar),
    "from blocks to sidecar": Phase(to_sidecar, run),
    "strip": Phase(strip, run),
    "upgrade": Phase(upgrade, make_older, writes_state_alone=True),
    "prune": Phase(prune, give_long_history, writes_state_alone=True, observations=20 * FILES),
}


def contents(root: Path) -> dict[str, bytes]:
    """Every file but those below `.linkhealth`."""
    return Collection(root).contents()


def left(*folders: Path) -> list[str]:
    """What a killed run left lying about: temporary files, of libraries too."""
    return sorted(
        path.name
        for folder in folders
        for path in folder.rglob("*")
        if path.name.endswith(".tmp") or path.name.startswith(("linkhealth-", "openpyxl."))
    )


def torn_reports(root: Path) -> int:
    """How many reports are there and not whole."""
    torn = 0
    folder = root / ".linkhealth" / "reports"
    for path in folder.glob("report.*") if folder.exists() else ():
        try:
            match path.suffix:
                case ".json":
                    json.loads(path.read_bytes())
                case ".html":
                    torn += not path.read_bytes().rstrip().endswith(b"</html>")
                case ".xlsx":
                    torn += ZipFile(path).testzip() is not None
                case _:
                    torn += not path.read_bytes().endswith(b"\n")
        except (ValueError, OSError):
            torn += 1
    return torn


def state_is_whole(root: Path, observations: int) -> bool:
    path = root / ".linkhealth" / "state.sqlite3"
    with sqlite3.connect(path) as connection:
        (fine,) = connection.execute("PRAGMA integrity_check").fetchone()
        (version,) = connection.execute(
            "SELECT value FROM meta WHERE key = 'schema_version'"
        ).fetchone()
        (seen,) = connection.execute("SELECT count(*) FROM observations").fetchone()
    connection.close()
    return (fine, version, seen) == ("ok", str(SCHEMA_VERSION), observations)


@dataclass
class Drill:
    """The kills of one phase; `folder` is the drill's own."""

    folder: Path
    phase: Phase
    chance: random.Random

    def kills(self, rounds: int) -> Counter[str]:
        """Kill at random moments, look, run again, look; until so many kills have hit."""
        start, root, temporary = (self.folder / name for name in ("start", "root", "tmp"))
        temporary.mkdir()
        tempfile.tempdir = str(temporary)
        crawled(start)
        self.phase.before(start)
        old = contents(start)
        shutil.copytree(start, root)
        began = time.perf_counter()
        self.phase.work(root)
        whole = time.perf_counter() - began
        new = contents(root)
        assert (
            self.phase.writes_state_alone or new != old or (root / ".linkhealth/reports").exists()
        )
        counts: Counter[str] = Counter()
        while counts["killed"] < rounds and counts["rounds"] < 6 * rounds:
            counts["rounds"] += 1
            shutil.rmtree(root)
            shutil.copytree(start, root)
            killed = _killed(lambda: self.phase.work(root), self.chance.random() * whole)
            now = contents(root)
            known = {*old.items(), *new.items()}
            counts["killed"] += killed
            counts["killed halfway"] += killed and now not in (old, new)
            counts["left by the kill"] += len(left(root, temporary))
            visible = {name: data for name, data in now.items() if not name.endswith(".tmp")}
            counts["torn"] += sum(one not in known for one in visible.items()) + torn_reports(root)
            self.phase.work(root)
            counts["lost"] += contents(root) != new or not state_is_whole(
                root, self.phase.observations
            )
            counts["torn after the next run"] += torn_reports(root)
            counts["left behind"] += len(left(root, temporary))
        return counts


def _killed(work: Callable[[], None], delay: float) -> bool:
    """Whether a child that works is killed, so many seconds after it began, before it is done."""
    begun, begins = os.pipe()
    child = os.fork()
    if not child:
        os.close(begun)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        os.write(begins, b".")
        work()
        os._exit(0)
    os.close(begins)
    os.read(begun, 1)
    os.close(begun)
    end = time.perf_counter() + delay
    while time.perf_counter() < end:
        time.sleep(0.0002)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


WRONG = ("torn", "torn after the next run", "lost", "left behind")
"""What must be 0."""


def kill_phase(folder: Path, name: str, rounds: int, seed: int = 7) -> Counter[str]:
    """The kills of one phase, in a process of their own, because a phase changes its environment."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        place = folder / name.replace(" ", "-")
        place.mkdir()
        printed = os.dup(sys.stdout.fileno())
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        try:
            os.environ["LINKHEALTH_CLOCK"] = NOW.isoformat()
            counts = Drill(place, PHASES[name], random.Random(f"{seed} {name}")).kills(rounds)
            os.write(writing, json.dumps(counts).encode())
        except BaseException:  # noqa: BLE001 - a child that is forked must not go on as its parent
            traceback.print_exc()
        finally:
            os.dup2(printed, sys.stdout.fileno())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        told = stream.read()
    os.waitpid(child, 0)
    return Counter(json.loads(told or b'{"failed": 1}'))


if __name__ == "__main__":
    _, where, number, *chosen = sys.argv
    found = {name: kill_phase(Path(where), name, int(number)) for name in chosen or PHASES}
    sys.stdout.write(json.dumps(found))

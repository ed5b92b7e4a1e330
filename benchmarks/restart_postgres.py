"""Restart, kill and stop PostgreSQL while audits run: is a visit lost, are two runs ever at work at once?

    python benchmarks/restart_postgres.py [--rounds 60] [--hosts 30] [--links 300] [--seed 1]
                                          [--stop 3] [--long-stop 60]

Each round is an audit of a fresh state against a loopback web; at a random moment of it the server is restarted (in order,
or as after a crash), one or all of its sessions are ended or killed, or it is stopped for a while. In every other
round a rival tries all the time to take the run lock. A round that is told to be complete (exit code 0) must have
exactly one observation of every link. One that lost its state (6) must say so in one line, and the next
run must be complete. While a rival holds the lock the run must commit nothing. The exit code is 1 where that did not hold.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT)]

import psycopg  # noqa: E402 - after the path

from crawler.model.exit_code import ExitCode  # noqa: E402 - after the path
from crawler.state import StateError, open_state  # noqa: E402 - after the path
from tests.end_to_end.collection import Collection, article  # noqa: E402 - after the path
from tests.services.postgres import OwnServer, own_server  # noqa: E402 - after the path
from tests.web.rules import Answer  # noqa: E402 - after the path
from tests.web.web import LoopbackWeb  # noqa: E402 - after the path

BLOWS = ("restart", "crash", "kill one", "end one", "end all", "stop")
_SECONDS = 300.0
_PROGRESS = re.compile(
    r"linkhealth: [\d,]+ (?:of [\d,]+ links visited|of [\d,]+ files written|files read)|$"
)
"""Lines of a run that takes long, as on a busy machine, and the empty one before them."""


@dataclass(slots=True)
class Rival:
    """Another run that wants the same state: what it saw while it held the lock."""

    url: str
    root: Path
    held: int = 0
    commits_of_others: int = 0
    _end: threading.Event = field(default_factory=threading.Event)

    def try_until_ended(self) -> None:
        """Take the lock whenever it is free, and look whether anything changes while it is held."""
        while not self._end.is_set():
            with (
                suppress(StateError, psycopg.Error),
                open_state(self.root, self.url) as state,
                state.lock(),
            ):
                self.held += 1
                before = recorded(self.url)
                self._end.wait(0.7)
                self.commits_of_others += recorded(self.url) - before
            self._end.wait(0.02)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """The rival, within the block."""
        thread = threading.Thread(target=self.try_until_ended)
        thread.start()
        try:
            yield
        finally:
            self._end.set()
            thread.join()


def recorded(url: str) -> int:
    """Rows that a run writes, of all kinds."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT (SELECT coalesce(sum(id), 0) FROM observations)"
            " + (SELECT coalesce(sum(link_id), 0) FROM staged_observations) * 1000003"
            " + (SELECT coalesce(max(id), 0) FROM runs) * 7"
        ).fetchone()
    assert row is not None
    return int(row[0])


def strike(server: OwnServer, blow: str, chance: random.Random, seconds: float) -> None:
    """One misfortune."""
    match blow:
        case "restart":
            server.restart("fast")
        case "crash":
            server.restart("immediate")
        case "kill one" | "end one":
            sessions = server.sessions()
            how = signal.SIGKILL if blow == "kill one" else signal.SIGTERM
            with suppress(ProcessLookupError, IndexError):
                os.kill(chance.choice(sessions), how)
        case "end all":
            server.end_sessions()
        case _:
            server.stop(chance.choice(("fast", "immediate")))
            time.sleep(seconds)
            server.start()


def per_link(url: str) -> Counter[int]:
    """How many links have so many observations, and (-1) how many are pending."""
    with psycopg.connect(url) as connection:
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM observations WHERE link_id = links.id) FROM links"
        ).fetchall()
        pending = connection.execute("SELECT count(*) FROM staged_observations").fetchone()
    assert pending is not None
    return Counter([count for (count,) in counts]) + Counter({-1: pending[0]})


@dataclass(slots=True)
class Drill:
    """All rounds."""

    web: LoopbackWeb
    server: OwnServer
    links: list[str]
    chance: random.Random
    counts: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    def round(self, folder: Path, blow: str, seconds: float, with_rival: bool) -> None:
        """One audit with one misfortune, and the run after it."""
        collection = Collection(folder / "content")
        for number, link in enumerate(self.links):
            collection.add(f"{number}.md", article(web=link))
        url = self.server.new_url()
        rival = Rival(url, folder)
        environ = {"LINKHEALTH_DATABASE_URL": url}
        command = [sys.executable, "-m", "crawler", "audit", str(collection.root)]
        self.web.forget()
        with self.web.start(command, cwd=folder, env=self.web.environment(**environ)) as process:
            moment = self.chance.randrange(3, len(self.links))
            end = time.monotonic() + _SECONDS
            while len(self.web.requests()) < moment and process.poll() is None:
                if time.monotonic() > end:
                    break
                time.sleep(0.02)
            with rival.at_work() if with_rival else nullcontext():
                strike(self.server, blow, self.chance, seconds)
                code = process.wait(timeout=_SECONDS)
            assert process.stderr is not None
            said = process.stderr.read()
        self.judge(url, code, said, rival)
        after = collection.audit(self.web, LINKHEALTH_DATABASE_URL=url)
        now = per_link(url)
        expected = {1: len(self.links)}
        if code == ExitCode.FINE:
            self.note("visited again after a complete run", now != expected)
        found = sum(count for times, count in now.items() if times >= 1)
        self.note(
            "links lost for the next run", after.code != ExitCode.FINE or found != len(self.links)
        )
        self.note("pending after the next run", now[-1] > 0)

    def judge(self, url: str, code: int, said: str, rival: Rival) -> None:
        """Look at what a round left behind."""
        self.counts[f"exit code {code}"] += 1
        self.counts["rounds in which the rival held the lock"] += rival.held > 0
        known = per_link(url)
        complete = known == {1: len(self.links)}
        self.note("visits lost silently", code in (0, 2) and not complete)
        self.note("observed twice", any(times > 1 for times in known))
        self.note("other exit codes", code not in (ExitCode.FINE, ExitCode.STATE_LOST))
        self.note("commits while a rival held the lock", rival.commits_of_others != 0)
        self.note("tracebacks", "Traceback" in said)
        most = 2 if code == ExitCode.STATE_LOST else 1
        # A run that takes long says now and then how far it is.
        messages = [line for line in said.splitlines() if not _PROGRESS.match(line)]
        self.note("more than its messages", len(messages) > most)
        if any((not complete and code == 0, "Traceback" in said, len(messages) > most)):
            print(code, known, said, sep="\n", flush=True)

    def note(self, what: str, is_wrong: bool) -> None:
        """Count what must not be."""
        self.wrong[what] += is_wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--hosts", type=int, default=30)
    parser.add_argument("--links", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stop", type=float, default=3.0, help="seconds of most stops (3)")
    parser.add_argument("--long-stop", type=float, default=60.0, help="seconds of two stops (60)")
    options = parser.parse_args()
    links = [
        f"https://host-{number % options.hosts}.example/story-{number}"
        for number in range(options.links)
    ]
    began = time.perf_counter()
    with LoopbackWeb() as web, own_server() as server, tempfile.TemporaryDirectory() as folder:
        web.set_rules({"*": Answer(delay=0.15)})
        drill = Drill(web, server, links, random.Random(options.seed))
        stops = 0
        for number in range(options.rounds):
            blow = BLOWS[number % len(BLOWS)]
            stops += blow == "stop"
            seconds = options.long_stop if blow == "stop" and stops <= 2 else options.stop
            place = Path(folder) / str(number)
            place.mkdir()
            drill.counts[blow] += 1
            drill.round(place, blow, seconds, with_rival=number // len(BLOWS) % 2 == 1)
            print(f"{number + 1} of {options.rounds}: {blow}", file=sys.stderr, flush=True)
    print(f"{options.rounds} rounds of {options.links} links, {time.perf_counter() - began:.0f} s")
    for name, count in [*sorted(drill.counts.items()), *drill.wrong.items()]:
        print(f"  {name:<45}{count:>6,}")
    return 1 if drill.wrong.total() else 0


if __name__ == "__main__":
    sys.exit(main())

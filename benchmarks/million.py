# ruff: noqa: SLF001 - what a statement costs is told by the database below the state
"""The state at a size: N links on N/20 hosts with a history, and what each part of a run asks of it.

    python benchmarks/million.py [--urls 10000] [--observations 2] [--keep FOLDER] [--database-url postgresql://…]
                                 [--plans] [--only PART,…] [--slow 1.0]

A collection of N/20 articles is written and loaded as a run does it; the visits are rows as real ones leave them (facts of made
pages, a verdict that changed at the first visit), put in by runs, the oldest first. Each part is a process of its own: seconds by the
clock, those of its processor (median and p95 too; a server's are not in them) and peak memory are its own. `--plans` shows the plan of each statement that takes longer than `--slow` milliseconds or
reads a whole table. `--only crawl` is a run that gets its answers from memory. The exit code is 1 where a statement reads the whole of a table that grows with the history.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT)]

from sqlalchemy import Connection, event, text  # noqa: E402 - after the path

from benchmarks.ordinary_pages import ordinary_pages  # noqa: E402
from benchmarks.page_cost import page_of  # noqa: E402
from crawler.configuration import Clock  # noqa: E402
from crawler.crawl.due_hosts import DueHosts  # noqa: E402
from crawler.crawl.frontier import PAGE  # noqa: E402
from crawler.crawl.name_trial import NameTrial  # noqa: E402
from crawler.crawl.results import Results  # noqa: E402
from crawler.model.observation import ImageFacts, Observation  # noqa: E402
from crawler.model.verdict import Verdict, VerdictKind  # noqa: E402
from crawler.operations.exclusions import apply_exclusions  # noqa: E402
from crawler.operations.intake import take_in  # noqa: E402
from crawler.operations.judging import judge_visits  # noqa: E402
from crawler.operations.report_assembly import assemble  # noqa: E402
from crawler.operations.report_basis import basis_of  # noqa: E402
from crawler.operations.write_back import write_back  # noqa: E402
from crawler.reporting import FORMATS, write  # noqa: E402
from crawler.session import Session  # noqa: E402
from crawler.state.bulk import insert_stored  # noqa: E402
from crawler.state.recording import stored, visit_values  # noqa: E402
from crawler.state.rows import observation_columns  # noqa: E402

OF_HOST = 20
OF_ARTICLE = 20
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BETWEEN = timedelta(days=12)
"""Two visits of a link."""
GROWING = ("observations", "verdict_changes")
"""Tables that grow with the history."""
PAGES_READ = 400
BATCHES = 20
BATCH = 200
SUSPECTS = 200
_BULK = 20_000
_LOOKED_EACH = 500
_PLANNED = ("SELECT", "UPDATE", "DELETE", "INSERT", "WITH")


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is."""

    urls: int
    observations: int

    @property
    def hosts(self) -> int:
        """Hosts of as many links each."""
        return max(1, self.urls // OF_HOST)


@dataclass(slots=True)
class Watched:
    """The statements of one process, with the time that each took until its first row, in seconds."""

    took: dict[str, list[float]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def begin(self, engine: Any) -> None:
        """Listen to an engine."""
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "after_cursor_execute", self._after)

    def planned(self) -> list[str]:
        """The statements that have a plan. What stands in that of a plain INSERT is for keys that are not there, and is not
        carried out."""
        return [
            statement
            for statement in self.took
            if (words := statement.split())[0] in _PLANNED
            and (words[0] != "INSERT" or "SELECT" in words)
        ]

    def _before(self, connection: Any, *_: Any) -> None:
        connection.info["begun"] = time.perf_counter()

    def _after(self, connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        took = time.perf_counter() - connection.info["begun"]
        self.took.setdefault(statement, []).append(took)
        self.values.setdefault(
            statement, values[0] if isinstance(values, list) and values else values
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--urls", type=int, default=10_000)
    parser.add_argument("--observations", type=int, default=2, help="visits of each link (2)")
    parser.add_argument("--keep", type=Path, help="make it in this folder, or take what is there")
    parser.add_argument("--database-url", default="", help="an empty database of a server")
    parser.add_argument("--plans", action="store_true", help="show the plans of slow statements")
    parser.add_argument("--slow", type=float, default=1.0, help="milliseconds (1)")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, with commas between them")
    parser.add_argument("--visits", type=int, default=10_000, help="of `crawl`, at most (10000)")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    options = parser.parse_args()
    size = Size(options.urls, options.observations)
    if options.part:
        _measure(options, size)
        return 0
    with _folder(options.keep) as folder:
        root = folder / "content"
        if not root.exists():
            _make(root, size, options)
        return _compare(root, size, options)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="million-") as made:
        yield Path(made)


def _compare(root: Path, size: Size, options: argparse.Namespace) -> int:
    print(f"{size.urls:,} URLs on {size.hosts:,} hosts, {size.observations} observations each")
    print(f"{'':34}{'clock, s':>10}{'CPU, s':>9}{'median ms':>11}{'p95 ms':>9}{'peak MB':>9}")
    whole: dict[str, list[str]] = {}
    for name in options.only.split(","):
        got = _apart(name, root, size, options)
        _print_steps(got["steps"])
        for plan in got["plans"]:
            if options.plans:
                print(f"  {plan['count']} × {1000 * plan['mean']:.2f} ms: {plan['statement']}")
                print("".join(f"      {line}\n" for line in plan["lines"]), end="")
            if plan["grows"]:
                whole.setdefault(name, []).append(plan["statement"])
    for name, statements in whole.items():
        for statement in statements:
            print(f"{name} reads the whole history: {statement}")
    if not options.database_url:
        _print_sizes(root, size)
    return 1 if whole else 0


def _print_steps(steps: Sequence[dict[str, Any]]) -> None:
    for step in steps:
        each = [f"{1000 * step[key]:.2f}" if key in step else "" for key in ("median", "p95")]
        times = f"{step['seconds']:10.3f}{step['cpu']:9.3f}{each[0]:>11}{each[1]:>9}"
        print(f"{step['name']:34}{times}{step['memory']:9.0f}", flush=True)


def _apart(name: str, root: Path, size: Size, options: argparse.Namespace) -> dict[str, Any]:
    command = [
        *(sys.executable, __file__, "--part", name, "--keep", str(root)),
        *("--urls", str(size.urls), "--observations", str(size.observations)),
        *(
            "--visits",
            str(options.visits),
            "--slow",
            str(options.slow),
            "--database-url",
            options.database_url,
        ),
    ]
    ended = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def _print_sizes(root: Path, size: Size) -> None:
    state = root / ".linkhealth" / "state.sqlite3"
    whole = state.stat().st_size
    with sqlite3.connect(state) as database:
        count = database.execute("SELECT count(*) FROM observations").fetchone()[0]
        rows = dict(
            database.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall()
        )
    history = sum(bytes_ for name, bytes_ in rows.items() if name.startswith("observations"))
    rest = whole - history
    print(f"{'state, MB':34}{whole / 1e6:10.1f}")
    print(f"{'bytes for each URL':34}{rest / size.urls:10.0f}")
    print(f"{'bytes for each visit':34}{history / max(1, count):10.0f}")


# ------------------------------------------------------------------------------------ the data


def _make(root: Path, size: Size, options: argparse.Namespace) -> None:
    begun = time.perf_counter()
    write_articles(root, size)
    print(f"{'articles written':34}{time.perf_counter() - begun:10.3f}", flush=True)
    for name in PARTS_OF_MAKING:
        _print_steps(_apart(name, root, size, options)["steps"])


def write_articles(root: Path, size: Size) -> None:
    """An article for each 20 links: a page and an image of its own, the others of related articles."""
    for first in range(0, size.urls, OF_ARTICLE):
        folder = root / f"{first // 20_000:03}"
        folder.mkdir(parents=True, exist_ok=True)
        urls = [url_of(number, size) for number in range(first, min(first + OF_ARTICLE, size.urls))]
        lines = [
            *("---", f"title: Article {first}", "publishedDateTime: 2026-03-04T05:06:07Z"),
            *(f"webUrl: {urls[0]}", "images:", f"  - url: {urls[1 % len(urls)]}", "related:"),
            *(
                line
                for url in urls[2:]
                for line in (f"  - title: The story at {len(url)}", f"    webUrl: {url}")
            ),
        ]
        (folder / f"{first}.md").write_text("\n".join((*lines, "---", "Words.", "")))


def url_of(number: int, size: Size) -> str:
    """Neighbours are of different hosts."""
    return f"https://www.host{number % size.hosts}.example/news/story-of-the-day/{number}.html"


def add_history(session: Session, size: Size) -> None:
    """Visits of all links, one run after the other; one link in twenty is broken, one in ten an image's."""
    state: Any = session.state
    with state._database.read() as connection:
        ids = _ids(connection)
    runs = [state.start_run(_at(number, size)).id for number in range(1, size.observations + 1)]
    assert runs == list(range(1, size.observations + 1)), "a state with a history already"
    for run in runs:
        state.finish_run(run, _at(run, size), "finished", size.urls)
    makers = [partial(_seen, page) for page in _pages()]
    for run in runs:
        made = [_row(maker(run, size), run) for maker in makers]
        gone = _row(Observation("", _at(run, size), run, status=404, bytes_read=900), run)
        picture = _row(_picture(run, size), run)
        for chunk in _chunks(ids):
            rows = [
                (
                    link_id,
                    *(
                        gone
                        if link_id % 20 == 0
                        else picture
                        if link_id % 20 == 2
                        else made[link_id % len(made)]
                    ),
                )
                for link_id in chunk
            ]
            with state._database.write() as connection:
                insert_stored(connection, "observations", ("link_id", *_COLUMNS), rows)
                if run == 1:
                    insert_stored(
                        connection,
                        "verdict_changes",
                        _CHANGE,
                        [_change(one, size) for one in chunk],
                    )
    _leave_links(state, makers, size)
    with state._database.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()


_COLUMNS = tuple(observation_columns(Observation("", NOW, 1)))
_CHANGE = ("link_id", "run_id", "at", "old_kind", "old_reason", "new_kind", "new_reason")


def _ids(connection: Connection) -> list[int]:
    return list(
        connection.execute(text("SELECT id FROM links WHERE host != '' ORDER BY id")).scalars()
    )


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[first : first + _BULK] for first in range(0, len(ids), _BULK))


def _at(run: int, size: Size) -> datetime:
    return NOW - BETWEEN * (size.observations - run + 1)


def _pages() -> list[Observation]:
    """What is seen of some made pages."""
    return [page_of(url, body).seen for url, body in ordinary_pages(16)]


def _seen(page: Observation, run: int, size: Size) -> Observation:
    return replace(page, at=_at(run, size), run=run, etag='"5f3a-61b2c"', elapsed=0.21)


def _picture(run: int, size: Size) -> Observation:
    facts = ImageFacts("JPEG", 1024, 576, 90_000, 16_384)
    return Observation(
        "", _at(run, size), run, status=200, content_type="image/jpeg", image=facts, elapsed=0.1
    )


def _row(seen: Observation, run: int) -> tuple[object, ...]:
    return tuple(stored(value) for value in observation_columns(replace(seen, run=run)).values())


def _change(link_id: int, size: Size) -> tuple[object, ...]:
    new = ("broken", "http-404") if link_id % 20 == 0 else ("alive", "http-200")
    return link_id, 1, stored(_at(1, size)), "unchecked", "unchecked", *new


def _leave_links(state: Any, makers: Sequence[Callable[..., Observation]], size: Size) -> None:
    """The links as their last visit leaves them: half of them are due."""
    run, since = size.observations, _at(1, size)
    well = Verdict(VerdictKind.ALIVE, "http-200", "alive", since=since)
    gone = Verdict(
        VerdictKind.BROKEN, "http-404", "dead-status", strikes=2, since=since, failing_since=since
    )
    kinds: list[tuple[str, Observation, Verdict]] = [
        ("id % 20 = 0", Observation("", _at(run, size), run, status=404), gone),
        ("id % 20 = 2", _picture(run, size), well),
        *(
            (f"id % 20 NOT IN (0, 2) AND id % {len(makers)} = {place}", maker(run, size), well)
            for place, maker in enumerate(makers)
        ),
    ]
    for where, seen, verdict in kinds:
        values = visit_values(0, seen, verdict, NOW)
        given = {
            **{
                name: values[f"new_{name}"]
                for name in (
                    "kind",
                    "reason",
                    "rule",
                    "strikes",
                    "since",
                    "failing_since",
                    "due_at",
                )
            },
            **{
                name: values[f"seen_{name}"]
                for name in ("status", "etag", "last_modified", "final_url", "hops")
            },
            **{name: values[f"kept_{name}"] for name in ("page", "image", "baseline", "page_mark")},
            "last_run": run,
            "checked_at": values["seen_at"],
        }
        names = ", ".join(f"{name} = :{name}" for name in given if name != "due_at")
        due = "due_at = :due_at - 1000000 + (id % 2) * 86400000000"
        with state._database.write() as connection:
            connection.execute(
                text(f"UPDATE links SET {names}, {due} WHERE host != '' AND {where}"), given
            )


# ------------------------------------------------------------------------------------ the parts


@dataclass(slots=True)
class Parts:
    """One process: its session, and what it has measured."""

    session: Session
    size: Size
    steps: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, name: str, work: Callable[[], object]) -> Any:
        """Do `work` once."""
        begun, spent = time.perf_counter(), time.process_time()
        found = work()
        self.note(name, time.perf_counter() - begun, time.process_time() - spent)
        return found

    def each(self, name: str, works: Sequence[Callable[[], object]]) -> None:
        """Do each of `works`, and tell of one."""
        took, begun = [], time.perf_counter()
        for work in works:
            spent = time.process_time()
            work()
            took.append(time.process_time() - spent)
        seconds, took = time.perf_counter() - begun, sorted(took)
        median, p95 = statistics.median(took), took[int(len(took) * 0.95)]
        self.note(f"{name} ({len(took)})", seconds, sum(took), median=median, p95=p95)

    def note(self, name: str, seconds: float, cpu: float, **more: float) -> None:
        """Note what a step took."""
        row = {"name": name, "seconds": seconds, "cpu": cpu, "memory": _peak(), **more}
        self.steps.append(row)


def _peak() -> float:
    """The most memory of this process so far, in MB: that of getrusage has the parent's in it."""
    return _status("VmHWM")


def _status(name: str) -> float:
    found = re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def _now() -> float:
    return _status("VmRSS")


def _load(parts: Parts) -> None:
    parts("first load", lambda: _drain(take_in(parts.session)))


def _history(parts: Parts) -> None:
    parts("visits put in", lambda: add_history(parts.session, parts.size))


def _plan(parts: Parts) -> None:
    """What a run does before its first request, and then at its first requests."""
    session = parts.session
    parts("scan, nothing changed", lambda: _drain(take_in(session)))
    parts("clock of the last run", session.state.last_trusted_clock)
    session.run = session.state.start_run(NOW)
    parts("decisions applied", lambda: apply_exclusions(session))
    due = parts("hosts that are due", lambda: DueHosts(session))
    frontier = parts("queue made", due.frontier)
    trial = NameTrial(lambda _url: ())
    results = Results(session, None, trial)
    parts("canaries picked", lambda: results.begin(due.count))
    hosts = list(islice(frontier.hosts, PAGES_READ))
    parts.each("a page of the queue", [partial(due._page, host, 0, PAGE) for host in hosts])


def _judge(parts: Parts) -> None:
    """What a crawl asks of the state while answers come in."""
    session = parts.session
    state: Any = session.state
    run = session.run = state.start_run(NOW)
    with state._database.read() as connection:
        rows = connection.execute(
            text("SELECT id, url, host FROM links WHERE host != '' ORDER BY url LIMIT :n"),
            {"n": BATCHES * BATCH},
        ).all()
    some = rows[:SUSPECTS]
    since = NOW - timedelta(days=60)
    parts.each("a suspect's host", [partial(state.host_history, row[2], since) for row in some])
    parts.each("a suspect's titles", [partial(state.stored_titles, row[0], 20) for row in some])
    parts.each("ends of a host", [partial(state.ending_at, row[2], row[1], 20) for row in some])
    page = _pages()[0]
    seen = [replace(page, url=row[1], at=NOW, run=run.id) for row in rows]
    found = list(zip((row[0] for row in rows), seen, strict=True))
    batches = [found[first : first + BATCH] for first in range(0, len(found), BATCH)]
    parts.each(f"{BATCH} results staged", [partial(state.keep_all_pending, one) for one in batches])
    parts.each(f"{BATCH} visits judged", [partial(judge_visits, session, one) for one in batches])
    parts("run ended", lambda: state.finish_run(run.id, NOW, "finished", len(rows)))


def _report(parts: Parts) -> None:
    session = parts.session
    run = session.state.last_run()
    parts("basis of reports", lambda: basis_of(session, run))
    report = parts("report begun", lambda: assemble(session, run))
    with tempfile.TemporaryDirectory() as folder:
        form = [FORMATS["json"]]
        parts("report.json", lambda: write(report, form, Path(folder), basis="0"))
    parts("summary", session.state.highlights)


def _write(parts: Parts) -> None:
    parts("write-back", lambda: write_back(parts.session))


def _prune(parts: Parts) -> None:
    parts("pruning, nothing old", lambda: parts.session.state.prune(NOW, timedelta(days=400)))


PARTS: dict[str, Callable[[Parts], None]] = {
    "plan": _plan,
    "judge": _judge,
    "report": _report,
    "prune": _prune,
    "write": _write,
}


def _crawl(root: Path, size: Size, visits: int) -> list[dict[str, Any]]:
    """A run without a network, in no time but its own work; memory at each fifth of it, after the first."""
    from tests.crawl.own_clock import START, Run, Web

    found: list[dict[str, Any]] = []
    with Run(root, Web(), begins=(NOW - START).total_seconds(), limit=str(visits)) as run:
        # What tests look at would grow with the run.
        for name in ("requests", "committed", "commits", "waits"):
            setattr(run, name, deque(maxlen=1))
        _drain(run.crawl.take_in())
        begun, spent, mark = time.perf_counter(), time.process_time(), 0

        def note(name: str) -> None:
            seconds, cpu = time.perf_counter() - begun, time.process_time() - spent
            found.append({"name": name, "seconds": seconds, "cpu": cpu, "memory": _now()})

        for number, step in enumerate(run.crawl.steps()):
            run.carry_out(step)
            if number % _LOOKED_EACH:
                continue
            seen = run.crawl.progress()
            if seen.planned and seen.visited >= mark * max(1, seen.planned // 5):
                note(f"crawl, {seen.visited:,} visited")
                mark += 1
        run.crawl.close("finished", size.urls)
        note("crawl, closed")
    return found


PARTS_OF_MAKING: dict[str, Callable[[Parts], None]] = {"load": _load, "history": _history}


def opened(root: Path, database_url: str) -> Session:
    """The collection under `root`, at the time of its next run."""
    environment = {"LINKHEALTH_DATABASE_URL": database_url} if database_url else {}
    session = Session.open({"content": str(root)}, environment)
    session.configuration = replace(session.configuration, clock=Clock(NOW))
    return session


def _drain(rows: Iterator[object]) -> None:
    deque(rows, maxlen=0)


def _measure(options: argparse.Namespace, size: Size) -> None:
    if options.part == "crawl":
        print(json.dumps({"steps": _crawl(options.keep, size, options.visits), "plans": []}))
        return
    begun, spent = time.perf_counter(), time.process_time()
    with opened(options.keep, options.database_url) as session:
        parts, watched = Parts(session, size), Watched()
        database: Any = session.state._database
        watched.begin(database.engine)
        parts.note("state opened", time.perf_counter() - begun, time.process_time() - spent)
        (PARTS_OF_MAKING | PARTS)[options.part](parts)
        is_told = options.part in PARTS
        plans = list(_plans(database, watched, options.slow / 1000)) if is_told else []
    print(json.dumps({"steps": parts.steps, "plans": plans}))


def _plans(database: Any, watched: Watched, slow: float) -> Iterator[dict[str, Any]]:
    for statement in watched.planned():
        lines = plan_of(database, statement, watched.values[statement])
        grows, took = reads_the_whole_history(lines), watched.took[statement]
        mean = statistics.fmean(took)
        if grows or mean > slow:
            yield {
                "statement": re.sub(r"\s+", " ", statement)[:400],
                "lines": lines,
                "grows": grows,
                "count": len(took),
                "mean": mean,
            }


def plan_of(database: Any, statement: str, values: Any) -> list[str]:
    """How the database carries a statement out, a line for each step."""
    is_file = database.file is not None
    with database.engine.connect() as connection:
        explain = "EXPLAIN QUERY PLAN " if is_file else "EXPLAIN "
        rows = connection.exec_driver_sql(explain + statement, values).all()
    return [str(row[-1]) for row in rows]


def reads_the_whole_history(lines: Sequence[str]) -> bool:
    """Whether a plan has a step that goes through all of a table that grows with the history."""
    tables = "|".join(GROWING)
    whole = re.compile(rf"^\s*((->\s+)?(Parallel )?Seq Scan on|SCAN) ({tables})\b")
    return any(whole.search(line) for line in lines)


if __name__ == "__main__":
    raise SystemExit(main())

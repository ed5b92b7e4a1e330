"""How long the state takes for a collection of the size of a real one; data is generated.

    python benchmarks/state_load.py [--files 4958] [--references 80] [--urls 9182] [--repeat 3]
                                    [--database-url postgresql://…]

Prints the median of each step over the repetitions, in seconds by the clock and of this process's
CPU (a server's own is not in it), and the peak memory of the process. A database
named by URL must be empty; it is used for one repetition.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.model.article import Article, FileStamp
from crawler.model.observation import ImageFacts, Observation, PageFacts
from crawler.model.reference import Declared, Reference, Scope
from crawler.model.role import Role
from crawler.model.selection import Selection
from crawler.model.verdict import Verdict, VerdictKind
from crawler.state import State, open_state

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROLES = (Role.WEB, Role.AMP, Role.AMP_CACHE, Role.IMAGE, Role.PROVIDER_IMAGE)
BATCH = 200


def url_of(number: int) -> str:
    return f"https://www.host{number % 864}.example/{'news/story-of-the-day/' * 3}{number}.html"


def article(number: int, references: int, urls: int) -> Article:
    """An article like real ones: 3 references of its own, the others in its `related`."""
    choose = random.Random(number)
    path = f"_news/2026-01-01-article-{number}.md"
    found = []
    for place in range(references):
        own = place < 3
        role = ROLES[place % len(ROLES)]
        url = url_of((number * 3 + place) % urls if own else choose.randrange(urls))
        declared = (
            Declared(width=1400, height=787)
            if role.is_image
            else Declared(
                title=f"The story {place} of the day, and what it means", excerpt="x" * 150
            )
        )
        pointer = role.value if own else f"related/{place // 5}/{role.value}"
        scope = Scope.OWN if own else Scope.RELATED
        found.append(Reference(path, place + 4, pointer, role, scope, url, url, declared=declared))
    return Article(path, f"Article {number}", "An excerpt", NOW, True, tuple(found))


def batches(files: int, references: int, urls: int) -> Iterator[list[tuple[Article, FileStamp]]]:
    for start in range(0, files, BATCH):
        yield [
            (
                article(number, references, urls),
                FileStamp(28_000, 10**18 + number, 10**18, number, f"{number:064x}"),
            )
            for number in range(start, min(files, start + BATCH))
        ]


class Stopwatch:
    """Seconds by step, one figure for each repetition: by the clock, and of this process's CPU."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.cpu: dict[str, list[float]] = defaultdict(list)
        self.megabytes: dict[str, list[float]] = defaultdict(list)

    def __call__(self, step: str, work: Callable[[], object]) -> None:
        """Do `work` and note how long it took."""
        start, cpu = time.perf_counter(), time.process_time()
        work()
        self.seconds[step].append(time.perf_counter() - start)
        self.cpu[step].append(time.process_time() - cpu)


def load(state: State, options: argparse.Namespace, timed: Stopwatch, step: str) -> None:
    """Load the articles and time the database alone, not the making of the data."""
    total = cpu = 0.0
    for batch in batches(options.files, options.references, options.urls):
        start, cpu_start = time.perf_counter(), time.process_time()
        state.save_articles(batch, NOW)
        total += time.perf_counter() - start
        cpu += time.process_time() - cpu_start
    timed.seconds[step].append(total)
    timed.cpu[step].append(cpu)


def read_frontier(state: State, run_id: int) -> int:
    seen = 0
    for host in state.due_hosts(Selection(), NOW, run_id):
        after = 0
        while page := state.due_links(host.host, Selection(), NOW, run_id, after, 100):
            after = page[-1].id
            seen += len(page)
    return seen


def record(state: State, run_id: int, visits: int) -> None:
    page = PageFacts(title="A title", description="d" * 200, titles=("A title", "B"), lang="en")
    image = ImageFacts("JPEG", 1024, 576, 90_000, 16_384)
    verdict = Verdict(VerdictKind.ALIVE, "ok", "alive", since=NOW)
    gone = Verdict(VerdictKind.BROKEN, "http-404", "dead-status", strikes=1, since=NOW)
    for link_id in range(1, visits + 1):
        dead = link_id % 20 == 0
        seen = Observation(
            f"https://www.host.example/{link_id}",
            NOW,
            run_id,
            status=404 if dead else 200,
            content_type="text/html",
            elapsed=0.2,
            page=None if dead else page,
            image=None if dead or link_id % 2 else image,
        )
        state.record(link_id, seen, gone if dead else verdict, NOW + timedelta(days=30))


def each_link(question: Callable[[int], object], visits: int) -> None:
    for link_id in range(1, visits + 1):
        question(link_id)


def drain(rows: Iterator[object]) -> int:
    return sum(1 for _ in rows)


def repetition(root: Path, options: argparse.Namespace, timed: Stopwatch) -> None:
    with open_state(root, options.database_url) as state:
        run = state.start_run(NOW)
        load(state, options, timed, "load, database only")
        if not options.database_url:
            log = root / ".linkhealth" / "state.sqlite3-wal"
            timed.megabytes["write-ahead log after loading"].append(log.stat().st_size / 1e6)
        timed("stamps", state.stamps)
        timed("due hosts", lambda: state.due_hosts(Selection(), NOW, run.id))
        timed("frontier, read whole", lambda: read_frontier(state, run.id))
        visits = min(options.urls, options.files * options.references)
        timed(f"record, {visits} visits", lambda: record(state, run.id, visits))
        timed(f"history, {visits} links", lambda: each_link(state.history, visits))
        timed(f"own references, {visits} links", lambda: each_link(state.own_references, visits))
        timed("due hosts, nothing due", lambda: state.due_hosts(Selection(), NOW, run.id))
        timed("known articles", lambda: drain(state.known_articles()))
        timed("link entries", lambda: drain(state.link_entries()))
        timed("link entries, all", lambda: drain(state.link_entries(all_references=True)))
        timed("related dead links", state.related_dead_links)
        timed("related images", lambda: drain(state.related_images()))
        timed("summary", lambda: state.summary(run.id))
        timed("prune", lambda: state.prune(NOW, timedelta(days=400)))
        load(state, options, timed, "load again, database only")
    if not options.database_url:
        size = sum(file.stat().st_size for file in (root / ".linkhealth").iterdir())
        timed.megabytes["database"].append(size / 1e6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=4958)
    parser.add_argument("--references", type=int, default=80, help="of each file")
    parser.add_argument("--urls", type=int, default=9182)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--database-url")
    options = parser.parse_args()
    timed = Stopwatch()
    for _ in range(1 if options.database_url else options.repeat):
        with tempfile.TemporaryDirectory() as folder:
            repetition(Path(folder), options, timed)
    print(f"{'':34}{'clock, s':>10}{'CPU, s':>10}")
    for step, seconds in timed.seconds.items():
        cpu = statistics.median(timed.cpu[step])
        print(f"{step:34}{statistics.median(seconds):10.3f}{cpu:10.3f}")
    timed.megabytes["peak memory"].append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    for what, sizes in timed.megabytes.items():
        print(f"{what + ', MB':34}{statistics.median(sizes):10.1f}")


if __name__ == "__main__":
    main()

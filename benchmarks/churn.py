"""How much a mode of write-back changes from week to week: files and lines, for each mode.

    python benchmarks/churn.py COLLECTION.tar.xz|FOLDER [--sample N] [--weeks 12] [--share 0.01] [--seed 1]
                               [--modes own,all,problems,sidecar] [--json FILE]

The collection is read into a state whose visits are made up: there is no network. At first one link in twenty
is dead, and one image in ten has another size than its articles declare. Then, every week, 1 % of all URLs
flip: a page that answered is gone (404), a page that was gone is back; a page that stays gone is visited again,
and its third failed visit makes it dead. Each mode starts from the same state and the same files, which it has
already written once. After the last week a run follows in which nothing has changed.

The exit code is 1 where that run changed a byte, or where a run changed a file none of whose URLs was visited.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT)]

from benchmarks.unpacking import unpack  # noqa: E402 - after the path
from crawler.model.observation import ImageFacts, Observation  # noqa: E402 - after the path
from crawler.operations.intake import take_in  # noqa: E402 - after the path
from crawler.operations.judging import judge_visit  # noqa: E402 - after the path
from crawler.operations.write_back import write_back  # noqa: E402 - after the path
from crawler.session import Session  # noqa: E402 - after the path

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
WEEK = timedelta(weeks=1)
GONE_AT_FIRST = 0.05
OTHER_SIZE = 0.1
MODES = ("own", "problems", "all", "sidecar")


@dataclass(frozen=True, slots=True)
class Url:
    """A link of the state; `size` is its image's, None for a page."""

    id: int
    url: str
    size: tuple[int, int] | None


@dataclass(slots=True)
class Churn:
    """The changes of each run: files, lines taken out and put in, bytes of the files before and after."""

    files: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    first_files: int = 0
    quiet_files: int = 0
    strangers: int = 0


@dataclass(slots=True)
class World:
    """Which of the URLs are gone, and which files hold them."""

    urls: list[Url]
    gone: set[int]
    files_of: Mapping[int, set[str]]
    names_of: Mapping[int, set[str]]

    def flip(self, rng: random.Random, share: float) -> set[int]:
        """Flip some URLs; returns those to be visited: the flipped ones and those that stay gone."""
        before = set(self.gone)
        flipped = rng.sample([url.id for url in self.urls], max(1, round(len(self.urls) * share)))
        self.gone ^= set(flipped)
        return before | self.gone


def session_of(content: Path, mode: str, now: datetime) -> Session:
    given = {"content": str(content), "write_back": mode, "accept_mass_change": "yes"}
    return Session.open(given, {"LINKHEALTH_CLOCK": now.isoformat()})


def prepare(content: Path, seed: int) -> World:
    """The state as it is after a first crawl."""
    rng = random.Random(seed)
    with session_of(content, "no", START) as session:
        for _ in take_in(session):
            pass
        world = world_of(session, rng)
        visit(session, world, {url.id for url in world.urls}, START - 2 * WEEK)
        for ago in (1, 0):
            visit(session, world, world.gone, START - ago * WEEK)
    return world


def world_of(session: Session, rng: random.Random) -> World:
    urls: dict[int, Url] = {}
    files_of: dict[int, set[str]] = defaultdict(set)
    names_of: dict[int, set[str]] = defaultdict(set)
    for entry in session.state.link_entries(all_references=True):
        link = entry.link
        if link.due_at is None:
            continue
        declared = [
            (found.declared.width, found.declared.height)
            for found in entry.references
            if found.role.is_image and found.declared.width and found.declared.height
        ]
        is_image = any(found.role.is_image for found in entry.references)
        size = (declared[0] if declared else (640, 360)) if is_image else None
        if size and rng.random() < OTHER_SIZE:
            size = (size[0] + 200, size[1])
        urls[link.id] = Url(link.id, link.url, size)
        for found in entry.references:
            files_of[link.id].add(found.path)
            names_of[link.id].add(found.raw)
    gone = {link_id for link_id in urls if rng.random() < GONE_AT_FIRST}
    return World(list(urls.values()), gone, files_of, names_of)


def visit(session: Session, world: World, ids: set[int], now: datetime) -> None:
    """One run's visits, judged and committed as a crawl's."""
    run = session.state.start_run(now)
    for url in world.urls:
        if url.id in ids:
            judge_visit(session, url.id, seen(url, run.id, now, gone=url.id in world.gone))
    session.state.finish_run(run.id, now, "finished", len(ids))


def seen(url: Url, run: int, now: datetime, *, gone: bool) -> Observation:
    if gone:
        return Observation(url.url, now, run, status=404, content_type="text/html")
    image = ImageFacts("JPEG", *url.size, 90_000, 16_384) if url.size else None
    kind = "image/jpeg" if url.size else "text/html"
    return Observation(
        url.url, now, run, status=200, content_type=kind, final_url=url.url, image=image
    )


def texts(content: Path) -> dict[str, tuple[int, int, Path]]:
    """Every file of the collection by path: its stamp, by which a write is noticed."""
    found = {}
    for path in content.rglob("*"):
        if path.is_file() and ".linkhealth" not in path.parts:
            facts = path.stat()
            found[path.relative_to(content).as_posix()] = (facts.st_mtime_ns, facts.st_ino, path)
    return found


class Mirror:
    """A copy of the files, against which a run is compared."""

    def __init__(self, content: Path, mirror: Path) -> None:
        self._content, self._mirror = content, mirror
        shutil.copytree(content, mirror, ignore=shutil.ignore_patterns(".linkhealth"))
        self._seen = texts(content)

    def changes(self) -> dict[str, tuple[str, str]]:
        """The old and new text of the files whose bytes have changed; updates the mirror."""
        now = texts(self._content)
        changed = {}
        for path in sorted(self._seen.keys() | now.keys()):
            if self._seen.get(path) == now.get(path):
                continue
            old, new = self._text(self._mirror / path), self._text(self._content / path)
            if old != new:
                changed[path] = (old, new)
                copy = self._mirror / path
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(new.encode("utf-8", "surrogateescape"))
        self._seen = now
        return changed

    @staticmethod
    def _text(path: Path) -> str:
        if not path.exists():
            return ""
        return path.read_bytes().decode("utf-8", "surrogateescape")


def lines_changed(old: str, new: str) -> int:
    """Lines taken out and put in, as `git diff --numstat` counts them."""
    matcher = difflib.SequenceMatcher(
        None, *trimmed(old.split("\n"), new.split("\n")), autojunk=False
    )
    return sum(
        (i2 - i1) + (j2 - j1) for what, i1, i2, j1, j2 in matcher.get_opcodes() if what != "equal"
    )


def trimmed(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Both without the equal lines at their ends: a block is short, a file is not."""
    start, most = 0, min(len(old), len(new))
    while start < most and old[start] == new[start]:
        start += 1
    end = 0
    while end < most - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return old[start : len(old) - end], new[start : len(new) - end]


def weeks(
    content: Path, folder: Path, world: World, mode: str, options: argparse.Namespace
) -> Churn:
    """The weeks of one mode."""
    churn = Churn()
    rng = random.Random(options.seed + 1)
    with session_of(content, mode, START) as session:
        churn.first_files = len(write_back(session).written)
    mirror = Mirror(content, folder / "mirror")
    for week in range(1, options.weeks + 1):
        now = START + WEEK * week
        visited = world.flip(rng, options.share)
        began = time.process_time()
        changes = one_run(content, mirror, world, visited, mode, now)
        churn.seconds.append(time.process_time() - began)
        churn.files.append(len(changes))
        churn.lines.append(sum(lines_changed(*pair) for pair in changes.values()))
        churn.strangers += len(strangers(changes, world, visited))
    quiet = one_run(content, mirror, world, set(), mode, START + WEEK * (options.weeks + 1))
    churn.quiet_files = len(quiet)
    return churn


def one_run(
    content: Path, mirror: Mirror, world: World, visited: set[int], mode: str, now: datetime
) -> dict[str, tuple[str, str]]:
    with session_of(content, mode, now) as session:
        for _ in take_in(session):
            pass
        visit(session, world, visited, now)
        outcome = write_back(session)
    if outcome.refused:
        sys.exit(f"refused: {outcome.refused[0]}")
    changes = mirror.changes()
    if set(changes) != set(outcome.written):
        sys.exit(f"{mode}: files were written that did not change, or the other way round")
    return changes


def strangers(changes: Mapping[str, tuple[str, str]], world: World, visited: set[int]) -> list[str]:
    """The files that changed and hold none of the URLs that were visited."""
    holders = set().union(*(world.files_of[link_id] for link_id in visited))
    names = {name for link_id in visited for name in world.names_of[link_id]}
    found = []
    for path, (old, new) in changes.items():
        if path.endswith(".json"):
            lines = set(old.split("\n")) ^ set(new.split("\n"))
            changed = {
                json.loads(f"{{{line.rstrip(',')}}}").popitem()[0]
                for line in lines
                if ": {" in line
            }
            if not changed - {"linkHealth"} <= names:
                found.append(path)
        elif path not in holders:
            found.append(path)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("collection", type=Path)
    parser.add_argument("--sample", type=int, help="only the first N articles")
    parser.add_argument("--weeks", type=int, default=12)
    parser.add_argument(
        "--share", type=float, default=0.01, help="of the URLs, that flip in a week"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--modes", default=",".join(MODES))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found: dict[str, Churn] = {}
    with tempfile.TemporaryDirectory(prefix="churn-") as name:
        folder = Path(name)
        content = unpack(options.collection, folder / "content", options.sample)
        world = prepare(content, options.seed)
        print(f"{len(world.urls):,} URLs, {len(world.gone):,} dead at first", flush=True)
        for mode in options.modes.split(","):
            with tempfile.TemporaryDirectory(prefix="churn-") as place:
                copy = Path(place) / "content"
                shutil.copytree(content, copy)
                own = World(world.urls, set(world.gone), world.files_of, world.names_of)
                found[mode] = weeks(copy, Path(place), own, mode, options)
            show(mode, found[mode], header=len(found) == 1)
    if options.json:
        options.json.write_text(json.dumps({mode: vars_of(churn) for mode, churn in found.items()}))
    return int(any(churn.quiet_files or churn.strangers for churn in found.values()))


def vars_of(churn: Churn) -> dict[str, object]:
    return {name: getattr(churn, name) for name in Churn.__slots__}


def show(mode: str, churn: Churn, *, header: bool) -> None:
    columns = ("first run", "files", "most", "lines", "most", "no change", "strangers", "CPU s")
    if header:
        print(f"{'mode':10}" + "".join(f"{name:>11}" for name in columns))
    values = (
        churn.first_files,
        round(statistics.median(churn.files)),
        max(churn.files),
        round(statistics.median(churn.lines)),
        max(churn.lines),
        churn.quiet_files,
        churn.strangers,
    )
    seconds = statistics.median(churn.seconds)
    print(
        f"{mode:10}" + "".join(f"{value:>11,}" for value in values) + f"{seconds:>11.1f}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())

"""Kill every phase of linkhealth's work at random moments: is a file torn, a result lost, anything left lying about?

    python benchmarks/kill_every_phase.py [--kills 150] [--seed 7]

The phases: a whole crawl (an audit against a loopback web), the write-back of blocks, reports of all formats, `apply
--write`, the sidecar, the change from blocks to a sidecar, `strip`, and the upgrade of an older state. After each kill
(kill -9) every file is looked at, the same is run again, and what it leaves is compared with what an undisturbed run
leaves. The exit code is 1 where a file was torn, a result lost or a temporary file left behind.
"""

from __future__ import annotations

import argparse
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT)]

from tests.end_to_end.collection import Collection, article  # noqa: E402 - after the path
from tests.operations.killing import kills  # noqa: E402 - after the path
from tests.operations.killing_phases import (  # noqa: E402 - after the path
    PHASES,
    WRONG,
    kill_phase,
    left,
    torn_reports,
)
from tests.web.rules import Answer  # noqa: E402 - after the path
from tests.web.web import LoopbackWeb  # noqa: E402 - after the path

_LINKS = [f"https://host-{number % 8}.example/story-{number}" for number in range(40)]
_SECONDS = 300.0
_OF_BLOCKS = ("torn", "lost writes", "refused", "left behind", "second runs that wrote")


def kill_crawls(folder: Path, rounds: int, chance: random.Random) -> Counter[str]:
    """Kill audits from their start to their end, write-back and reports included."""
    counts: Counter[str] = Counter()
    with LoopbackWeb() as web:
        web.set_rules({"*": Answer(delay=0.05)})
        whole = _whole(web, folder / "whole")
        while counts["killed"] < rounds and counts["rounds"] < 3 * rounds:
            counts["rounds"] += 1
            place = folder / str(counts["rounds"])
            collection = _collection(place)
            temporary = place / "tmp"
            temporary.mkdir()
            environ = web.environment(TMPDIR=str(temporary))
            command = [sys.executable, "-m", "crawler", "audit", str(collection.root)]
            with web.start(command, cwd=place, env=environ) as process:
                time.sleep(0.5 + chance.random() * whole)
                process.kill()
                counts["killed"] += process.wait(timeout=_SECONDS) == -signal.SIGKILL
            counts["torn"] += torn_reports(collection.root)
            ended = collection.audit(web, TMPDIR=str(temporary))
            known = _observed(collection)
            counts["lost"] += ended.code != 0 or known != Counter({1: len(_LINKS)})
            counts["lost"] += not all(
                b"linkHealth:" in data for data in collection.contents().values()
            )
            counts["torn after the next run"] += torn_reports(collection.root)
            counts["left behind"] += len(left(collection.root, temporary))
            counts["tracebacks"] += "Traceback" in ended.stderr
    return counts


def _collection(place: Path) -> Collection:
    made = Collection(place / "content")
    for number, url in enumerate(_LINKS):
        made.add(f"{number}.md", article(web=url))
    return made


def _whole(web: LoopbackWeb, place: Path) -> float:
    """Seconds of an undisturbed audit."""
    collection = _collection(place)
    began = time.perf_counter()
    assert collection.audit(web).code == 0
    return time.perf_counter() - began


def _observed(collection: Collection) -> Counter[int]:
    """How many links have so many observations."""
    with sqlite3.connect(collection.root / ".linkhealth" / "state.sqlite3") as connection:
        rows = connection.execute(
            "SELECT (SELECT count(*) FROM observations WHERE link_id = links.id) FROM links"
        ).fetchall()
    connection.close()
    return Counter(count for (count,) in rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--kills", type=int, default=150)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    share = -(-options.kills // (len(PHASES) + 2))
    wrong = killed = 0
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        folder = Path(name)
        for phase in ("crawl", "blocks", *PHASES):
            began = time.perf_counter()
            place = folder / phase.replace(" ", "-")
            if phase == "crawl":
                counts = kill_crawls(place, share, random.Random(options.seed))
            elif phase == "blocks":
                place.mkdir()
                counts = Counter(kills(place, share))
            else:
                counts = kill_phase(folder, phase, share, options.seed)
            killed += counts["killed"]
            names = (*(_OF_BLOCKS if phase == "blocks" else WRONG), "tracebacks", "failed")
            wrong += sum(counts[each] for each in names)
            print(f"{phase}, {time.perf_counter() - began:.0f} s")
            for each, count in counts.items():
                print(f"  {each:<40}{count:>8,}", flush=True)
    print(f"{killed} kills, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""How well a web of labelled links is judged, class by class.

    python benchmarks/judge_labelled_web.py [--missed]

Crawls the web of `tests/labelled_web`: one crawl on loopback, one over names in a namespace of its own
(skipped where none can be made), and one audit a day for several days. The exit code is 1 where a live or
unverifiable link was called broken or dead, or less than 98 % of the labels were met.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from tests.labelled_web import judging  # noqa: E402 - after the path
from tests.labelled_web.case import Case, Class  # noqa: E402
from tests.labelled_web.judging import Judgement, Score  # noqa: E402
from tests.labelled_web.table import LOOPBACK, TRUE_NAMES  # noqa: E402
from tests.web import LoopbackWeb, NamespaceWeb, namespace_obstacle  # noqa: E402

_LEAST_MET = 0.98


def judge() -> Mapping[Class, Score]:
    """The scores of every class."""
    judged: list[tuple[Sequence[Case], Judgement]] = []
    with tempfile.TemporaryDirectory(prefix="labelled-") as folder:
        place = Path(folder)
        with LoopbackWeb() as web:
            judged.append((LOOPBACK, judging.judge_loopback(web, place / "loopback")))
            days = judging.judge_days(web, place / "days")
        if (obstacle := namespace_obstacle()) is not None:
            print(f"names and connections are left out: {obstacle}")
        else:
            with NamespaceWeb() as true_web:
                judged.append((TRUE_NAMES, judging.judge_true_names(true_web, place / "names")))
    return judging.score(judged, days)


def show(scores: Mapping[Class, Score], *, missed: bool) -> None:
    """Print the table, and the labels that were missed or wrongly called broken."""
    print(f"{'class':<18} {'labels':>6} {'met':>6} {'missed':>6} {'false alarms':>12}")
    for kind in Class:
        if (one := scores.get(kind)) is not None:
            _row(str(kind), one)
    _row("all", _sum(scores))
    for kind, one in scores.items():
        for name in one.alarms:
            print(f"false alarm: {kind}/{name}")
        for name in one.missed if missed else ():
            print(f"missed: {kind}/{name}")


def _row(name: str, one: Score) -> None:
    print(f"{name:<18} {one.cases:>6} {one.met:>6} {len(one.missed):>6} {len(one.alarms):>12}")


def _sum(scores: Mapping[Class, Score]) -> Score:
    return Score(
        sum(one.met for one in scores.values()),
        [name for one in scores.values() for name in one.missed],
        [name for one in scores.values() for name in one.alarms],
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--missed", action="store_true", help="name the labels that were not met")
    options = parser.parse_args()
    began = time.perf_counter()
    scores = judge()
    show(scores, missed=options.missed)
    total = _sum(scores)
    share = total.met / total.cases
    print(f"met: {share:.1%} of {total.cases}, {time.perf_counter() - began:.0f} s")
    return 1 if total.alarms or share < _LEAST_MET else 0


if __name__ == "__main__":
    sys.exit(main())

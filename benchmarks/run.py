"""Run the benchmarks, each as its own process, and print their figures in one table at the end.

    python benchmarks/run.py [NAME …] [--list]

NAME is a script of this folder or a part of its name (`load`); without one all are run. What needs
the shared data (LINKHEALTH_SHARED, or ../shared beside the project) is skipped, visibly, without it.
The exit code is 1 if one of them failed.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks import image_wire  # noqa: E402 - after the path
from benchmarks.unpacking import unpack  # noqa: E402 - after the path
from tests.web import namespace_obstacle  # noqa: E402

_PAGES = ("trafilatura", "readability", "metascraper", "newspaper4k")
_NUMBER = r"([\d,.]+)"


class MissingError(Exception):
    """Something that a benchmark needs is missing; the text says what."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a benchmark finds its data: the shared folder, and a folder of its own for a while."""

    shared: Path
    temporary: Path

    def data(self, *parts: str) -> Path:
        """A file or folder of the shared data. Raises MissingError."""
        path = self.shared.joinpath(*parts)
        if not path.exists():
            raise MissingError(f"no {'/'.join(parts)} in the shared data")
        return path

    def unpacked(self, *parts: str) -> Path:
        """An archive of the shared data, unpacked. Raises MissingError."""
        return unpack(self.data(*parts), self.temporary)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One run of a script. `figures` are the parts of its output to show: label and pattern.

    A pattern's groups are the value; of several matches the last counts.
    """

    script: str
    arguments: Callable[[Place], Sequence[str | Path]]
    figures: tuple[tuple[str, str], ...]
    title: str = ""

    @property
    def name(self) -> str:
        """Its name in the table."""
        return self.title or self.script


@dataclass(slots=True)
class Outcome:
    """The end of a benchmark: `ok`, `failed` or why it was skipped."""

    benchmark: Benchmark
    result: str
    seconds: float = 0.0
    figures: list[tuple[str, str]] = field(default_factory=list)


def collection(archive: str, *more: str) -> Callable[[Place], Sequence[str | Path]]:
    """The arguments for crawling a whole collection, as far as this machine allows."""

    def arguments(place: Place) -> Sequence[str | Path]:
        mode = "namespace" if namespace_obstacle() is None else "connect-to"
        return [place.data("corpus", archive), "--mode", mode, *more]

    return arguments


def without_obstacle(_place: Place) -> Sequence[str | Path]:
    """The arguments for measuring on the wire. Raises MissingError."""
    if (obstacle := image_wire.obstacle()) is not None:
        raise MissingError(obstacle)
    return ["--runs", "1", "--rtt", "20"]


CRAWL_FIGURES = tuple(
    (f"{step}, {what}", rf"^{step} +\d+ {gap}")
    for step in ("first audit", "second audit", "strip")
    for what, gap in (
        ("s", rf"+{_NUMBER}"),
        ("requests/s", rf"+[\d.]+ +\d+ +{_NUMBER}"),
        ("peak MB", rf"+[\d.]+ +\d+ +[\d.]+ +{_NUMBER}"),
    )
    if (step, what) != ("strip", "requests/s") and (step, what) != ("second audit", "requests/s")
)
BENCHMARKS = (
    Benchmark(
        "content_load",
        lambda place: [place.unpacked("corpus", "azure-news.tar.xz"), "--splice"],
        tuple(
            (label, rf"^{label} +{_NUMBER}")
            for label in (
                "files",
                "references",
                "first load, CPU s",
                "unchanged scan, CPU s",
                "splice and strip, CPU s",
                "peak memory, MB",
            )
        ),
    ),
    Benchmark(
        "ignored_walk",
        lambda _: [],
        tuple((label, rf"^{label} +{_NUMBER}") for label in ("without, CPU s", "with, CPU s")),
    ),
    *(
        Benchmark(
            "image_checks_of_collection",
            lambda place, name=name: [place.unpacked("corpus", f"{name}.tar.xz")],  # type: ignore[misc]
            (("articles that need a look", rf"^  as_declared: {_NUMBER}"),),
            f"image_checks_of_collection {name}",
        )
        for name in ("azure-news", "diablo4-md")
    ),
    *(
        Benchmark(
            "drift_of_dresses",
            lambda place, name=name: [place.data("corpus", f"{name}.tar.xz")],  # type: ignore[misc]
            (
                ("drifted where nothing differs", r"; drifted (\d+)$"),
                ("not drifted after a true change", r"; not drifted (\d+)$"),
            ),
            f"drift_of_dresses {name}",
        )
        for name in ("azure-news", "diablo4-md")
    ),
    *(
        Benchmark(
            "providers_of_dresses",
            lambda place, name=name: [place.data("corpus", f"{name}.tar.xz")],  # type: ignore[misc]
            (
                ("told where nobody else is", r"nobody else: told (\d+)$"),
                ("another publisher, not told", r"; not told (\d+)$"),
            ),
            f"providers_of_dresses {name}",
        )
        for name in ("azure-news", "diablo4-md")
    ),
    Benchmark(
        "page_notices",
        lambda place: [place.data("pages", "trafilatura")],
        (("pages with a notice, each looked at", rf"pages, {_NUMBER} notices"),),
    ),
    Benchmark(
        "first_load",
        lambda place: [place.data("corpus", "azure-news.tar.xz")],
        tuple(
            (f"{step}, {what}", rf"^{step}, {what} +{_NUMBER}")
            for step in ("first load", "re-scan")
            for what in ("wall s", "CPU s", "peak MB")
        ),
    ),
    Benchmark(
        "write_back_load",
        lambda place: [place.data("corpus", "azure-news.tar.xz")],
        tuple(
            (label, rf"^{label} +{_NUMBER}")
            for label in (
                "written",
                "refused",
                "write-back, wall s",
                "write-back, CPU s",
                "strip, wall s",
                "strip, CPU s",
                "peak MB, end",
            )
        ),
    ),
    Benchmark(
        "prove_edits",
        lambda place: [
            place.data("corpus", name) for name in ("azure-news.tar.xz", "diablo4-md.tar.xz")
        ],
        tuple(
            (label, rf"^  {label} +{_NUMBER}")
            for label in ("torn", "lost writes", "left behind", "killed halfway")
        ),
    ),
    Benchmark(
        "kill_every_phase",
        lambda _place: [],
        (("kills, wrong", r"^(\d+) kills, (\d+) wrong$"),),
    ),
    Benchmark(
        "soak",
        lambda _place: ["--urls", "20000", "--hosts", "1000"],
        (
            ("20,000 URLs, visits/s", rf"^ok +{_NUMBER} visits a second"),
            ("memory at the end to that at 5,000 visits", rf"memory {_NUMBER} times"),
            ("descriptors at most", rf"{_NUMBER} descriptors at most"),
        ),
    ),
    Benchmark(
        "restart_postgres",
        lambda _place: [],
        tuple(
            (label, rf"^  {label} +{_NUMBER}")
            for label in (
                "visits lost silently",
                "observed twice",
                "commits while a rival held the lock",
                "links lost for the next run",
            )
        ),
    ),
    Benchmark(
        "review_decisions",
        lambda _place: [],
        (
            ("decisions lost", rf"^lost +{_NUMBER}"),
            ("decisions kept twice", rf"^kept twice +{_NUMBER}"),
            ("files unlike apply's", rf"^files unlike apply's +{_NUMBER}"),
        ),
    ),
    Benchmark(
        "report_page",
        lambda _place: ["--urls", "100000"],
        (
            ("100,000 URLs, MB", rf"^.... size +{_NUMBER}"),
            ("ready, s", rf"^.... ready +{_NUMBER}"),
            ("all of them, ms", rf"^.... filter: everything +{_NUMBER}"),
            ("nodes", rf"^.... nodes +{_NUMBER}"),
        ),
    ),
    Benchmark(
        "state_load",
        lambda _place: [],
        (
            ("load, CPU s", rf"^load, database only .* {_NUMBER}$"),
            ("record, CPU s", rf"^record, .* {_NUMBER}$"),
            ("link entries, CPU s", rf"^link entries  .* {_NUMBER}$"),
            ("load again, CPU s", rf"^load again, .* {_NUMBER}$"),
            ("peak memory, MB", rf"^peak memory, MB +{_NUMBER}"),
        ),
    ),
    Benchmark(
        "million",
        lambda _place: ["--only", "plan,judge,report,prune"],
        (
            ("hosts that are due, CPU s", rf"^hosts that are due +[\d.]+ +{_NUMBER}"),
            ("canaries picked, CPU s", rf"^canaries picked +[\d.]+ +{_NUMBER}"),
            (
                "a page of the queue, ms",
                rf"^a page of the queue \(\d+\) +[\d.]+ +[\d.]+ +{_NUMBER}",
            ),
            ("200 visits judged, ms", rf"^200 visits judged \(\d+\) +[\d.]+ +[\d.]+ +{_NUMBER}"),
            ("report.json, CPU s", rf"^report.json +[\d.]+ +{_NUMBER}"),
            ("bytes for each visit", rf"^bytes for each visit +{_NUMBER}"),
        ),
    ),
    Benchmark(
        "extract_pages",
        lambda place: [place.data("pages", name) for name in _PAGES],
        tuple(
            (f"{name}: pages, median ms, p95 ms", rf"^{name} +all +(\d+) +([\d.]+) +([\d.]+)")
            for name in _PAGES
        ),
    ),
    Benchmark(
        "page_cost",
        lambda place: [place.data("pages", name) for name in _PAGES],
        tuple(
            (
                f"{kind} pages, {read}: median ms, p95 ms",
                rf"^{kind} +{read} +\d+ +([\d.]+) +([\d.]+)",
            )
            for kind in ("made", "dated", "dateless")
            for read in ("whole", "related", "unchanged", "304")
        ),
    ),
    Benchmark(
        "measure_images",
        lambda place: [place.data("images")],
        (
            ("right", r"^right: (.+)$"),
            ("bytes needed", r"^bytes needed: (.+)$"),
            ("microseconds", r"^microseconds: (.+)$"),
        ),
    ),
    Benchmark(
        "fuzz_images",
        lambda place: [place.data("images")],
        (
            ("exceptions", r"^exceptions: (\d+)$"),
            ("slowest step, CPU ms", rf"^slowest step, CPU ms: {_NUMBER}"),
            ("peak memory of one step, MB", rf"^peak memory of one step, MB: {_NUMBER}"),
        ),
    ),
    Benchmark(
        "image_wire",
        without_obstacle,
        tuple(
            (f"{mode}: sized, requests, connections, body on the wire (median)", pattern)
            for mode in image_wire.MODES
            for pattern in [
                rf"^ *20 +{mode} +(\d+) +(\d+) +(\d+) +[\d,]+ +[\d,]+ +[\d,]+ +{_NUMBER}"
            ]
        ),
    ),
    Benchmark(
        "many_hosts",
        lambda _place: ["--hosts", "1500", "--links", "3", "--descriptors", "1024"],
        (
            ("exit code", r"^exit code +(\d+)$"),
            ("links committed", rf"^links committed +{_NUMBER} of {_NUMBER}$"),
            ("links a second", rf"^links a second +{_NUMBER}$"),
            ("most descriptors", rf"^most descriptors +{_NUMBER}$"),
        ),
    ),
    Benchmark(
        "origin_speed",
        lambda _place: [],
        tuple(
            (
                f"{scheme}, {count} a connection, /s of CPU",
                rf"^{scheme}, {count} req.* (\d+) /s of processor",
            )
            for scheme in ("http", "https")
            for count in (10, 1)
        ),
    ),
    Benchmark(
        "tls_context",
        lambda _place: [],
        (
            ("one context for all, ms", rf"^one context for all: +{_NUMBER}"),
            ("Scrapy's own, ms", rf"^Scrapy's own factory: +{_NUMBER}"),
        ),
    ),
    Benchmark(
        "pace",
        lambda place: [*without_obstacle(place)[:2], "--check"],
        tuple(
            (f"{name}: URLs/s, CPU s a thousand", rf"^{name} +{_NUMBER} +{_NUMBER}")
            for name in ("full", "status", "again", "lychee", "linkinator", "linkchecker")
        ),
    ),
    Benchmark("simulate_verdicts", lambda _place: [], ()),
    Benchmark("blip_drill", lambda _place: ["--hosts", "200", "--seconds", "2"], ()),
    Benchmark("simulated_year", lambda _place: ["--every", "week"], ()),
    Benchmark(
        "churn",
        lambda place: [place.data("corpus", "azure-news.tar.xz"), "--sample", "1000"],
        tuple(
            (
                f"{mode}: files a run, most; lines a run, most; with no change",
                rf"^{mode} +[\d,]+ +{_NUMBER} +{_NUMBER} +{_NUMBER} +{_NUMBER} +{_NUMBER}",
            )
            for mode in ("own", "problems", "all", "sidecar")
        ),
        title="churn azure-news, 1,000 articles",
    ),
    Benchmark(
        "hostile_decisions",
        lambda _place: [],
        (
            ("slowest refusal, s", rf"^slowest refusal, s\t{_NUMBER}"),
            ("peak, MB", rf"^largest, MB\t{_NUMBER}"),
            ("not refused", rf"^not refused\t{_NUMBER}"),
        ),
    ),
    Benchmark(
        "write_formats",
        lambda _place: [],
        (("all formats, CPU s", rf"^all +{_NUMBER} s"),),
    ),
    Benchmark(
        "judge_labelled_web",
        lambda _place: [],
        (
            ("labels, met, missed, false alarms", r"^all +(\d+) +(\d+) +(\d+) +(\d+)$"),
            ("met", r"^met: ([\d.]+%)"),
        ),
    ),
    Benchmark(
        "after_the_crawl",
        collection("azure-news.tar.xz"),
        tuple(
            (f"{name}, {what}", rf"^{name}, {what} +{_NUMBER}")
            for name in ("reports", "nothing due", "nothing due, cold", "explain", "help")
            for what in ("CPU s", "wall s")
        ),
    ),
    Benchmark(
        "crawl_collection",
        collection("azure-news.tar.xz", "--expect-urls", "9182"),
        CRAWL_FIGURES,
        title="crawl_collection azure-news",
    ),
    Benchmark(
        "crawl_collection",
        collection("diablo4-md.tar.xz"),
        CRAWL_FIGURES,
        title="crawl_collection diablo4-md",
    ),
    *(
        Benchmark(
            "apply_to_collection",
            collection(f"{name}.tar.xz"),
            (
                ("wrong, of changes", r"^(\d+) of (\d+) changes are wrong$"),
                ("audit, s", rf"^audit: {_NUMBER} s"),
                ("apply, s", rf"^apply: {_NUMBER} s"),
            ),
            title=f"apply_to_collection {name}",
        )
        for name in ("azure-news", "diablo4-md")
    ),
)


def run(benchmark: Benchmark, shared: Path) -> Outcome:
    """Run one benchmark; its output is passed on line by line."""
    script = PROJECT / "benchmarks" / f"{benchmark.script}.py"
    print(f"\n== {benchmark.name}", flush=True)
    if not script.is_file():
        return _skipped(benchmark, "no such script")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        try:
            arguments = benchmark.arguments(Place(shared, Path(folder)))
        except MissingError as missing:
            return _skipped(benchmark, str(missing))
        began = time.perf_counter()
        lines: list[str] = []
        with subprocess.Popen(
            [sys.executable, str(script), *map(str, arguments)],
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            encoding="utf-8",
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                print(line, end="", flush=True)
                lines.append(line.rstrip("\n"))
        seconds = time.perf_counter() - began
    result = "ok" if process.returncode == 0 else f"failed ({process.returncode})"
    return Outcome(benchmark, result, seconds, list(found(benchmark, lines)))


def _skipped(benchmark: Benchmark, why: str) -> Outcome:
    print(f"skipped: {why}")
    return Outcome(benchmark, f"skipped: {why}")


def found(benchmark: Benchmark, lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The figures in a script's output."""
    for label, pattern in benchmark.figures:
        matches = [match for line in lines if (match := re.search(pattern, line))]
        if matches:
            yield label, ", ".join(matches[-1].groups())


def show(outcomes: Sequence[Outcome]) -> None:
    """The table."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"\n{cores} cores, {platform.machine()}, Python {platform.python_version()}\n")
    rows = [("benchmark", "figure", "value")]
    for outcome in outcomes:
        took = f"{outcome.seconds:.1f} s altogether" if outcome.seconds else ""
        rows.append((outcome.benchmark.name, outcome.result, took))
        rows += [("", label, value) for label, value in outcome.figures]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    for name, label, value in rows:
        print(f"{name:{widths[0]}}  {label:{widths[1]}}  {value}".rstrip())


def chosen(names: Sequence[str]) -> list[Benchmark]:
    """The benchmarks whose name holds one of the words. Exits with 3 where a word fits none."""
    for name in names:
        if not any(name in benchmark.name for benchmark in BENCHMARKS):
            known = ", ".join(dict.fromkeys(one.script for one in BENCHMARKS))
            sys.stderr.write(f"no benchmark {name!r}; there are {known}\n")
            sys.exit(3)
    return [one for one in BENCHMARKS if not names or any(name in one.name for name in names)]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--list", action="store_true", help="only say which there are")
    options = parser.parse_args()
    benchmarks = chosen(options.names)
    if options.list:
        print("\n".join(one.name for one in benchmarks))
        return 0
    shared = Path(os.environ.get("LINKHEALTH_SHARED") or PROJECT.parent / "shared").resolve()
    outcomes = [run(one, shared) for one in benchmarks]
    show(outcomes)
    return 1 if any(outcome.result.startswith("failed") for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())

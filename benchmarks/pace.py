"""How many links a second are checked, and at what cost, beside other checkers: one nginx, no pauses.

    python benchmarks/pace.py [--urls 6000] [--hosts 300] [--runs 3] [--only full,lychee,…] [--peers FOLDER] [--tls] [--wait MS] [--check]

Everything runs in a private network namespace in which all names lead to one nginx; the runs of all are interleaved.
The peers are lychee, linkchecker and linkinator, where they are found on PATH (or in `--peers FOLDER`).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.made_site import MadeSite, write_site  # noqa: E402 - after the path
from benchmarks.pace_web import (  # noqa: E402
    know_names,
    nginx,
    processor_seconds,
    received,
)

_INSIDE = "LINKHEALTH_PACE_INSIDE"
_IN_FLIGHT = 256
_PAUSE = 1.0

_WORST = 0.8
"""Of a ratio in the table, below which something has become slower."""
_OURS = frozenset({"full", "status", "again"})
_ROW = re.compile(r"^\| `(\w+)` \|.*\| ([\d.]+) \|$", re.MULTILINE)
_TABLE = PROJECT / "docs" / "performance.md"


@dataclass(frozen=True, slots=True)
class Figures:
    """One run: seconds by the clock and of the processor, the server's apart, peak memory in MB, bytes that came in."""

    seconds: float
    cpu: float
    server_cpu: float
    memory: float
    received: int
    checked: int


@dataclass(frozen=True, slots=True)
class Bench:
    """Where everything is."""

    folder: Path
    site: MadeSite
    peers: Path | None
    scheme: str

    @property
    def known(self) -> Path:
        """A state in which each link has been visited once."""
        return self.folder / "known"

    @property
    def content(self) -> Path:
        """The articles."""
        return self.folder / "content"

    @property
    def page_of_links(self) -> str:
        """The address of a page with all links, for those who take a page."""
        return f"{self.scheme}://{self.site.hosts[0]}/all.html"

    @property
    def list_of_urls(self) -> Path:
        """The same links for the others, one a line."""
        return self.folder / "urls.txt"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--urls", type=int, default=6_000)
    parser.add_argument("--hosts", type=int, default=300)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="", help="names of runs, with commas between them")
    parser.add_argument("--peers", type=Path, help="a folder with the other checkers' programs")
    parser.add_argument("--keep", type=Path, help="leave everything in this folder")
    parser.add_argument(
        "--set", action="append", default=[], help="NAME=VALUE for ours: an environment variable"
    )
    parser.add_argument("--base", type=Path, help="another checkout of ours, to compare with")
    parser.add_argument("--tls", action="store_true", help="by TLS; HTTP/2 for who asks for it")
    parser.add_argument(
        "--wait", type=float, default=0.0, help="milliseconds until an answer begins"
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="fail where a pace is a fifth less of lychee's than the table says",
    )
    parser.add_argument("--profile", help="a command that is put before ours")
    options = parser.parse_args()
    if _INSIDE not in os.environ:
        return _inside_namespace()
    with _folder(options.keep) as folder:
        scheme = "https" if options.tls else "http"
        site = write_site(
            folder / "sites",
            folder / "content",
            urls=options.urls,
            hosts=options.hosts,
            scheme=scheme,
        )
        (folder / "urls.txt").write_text("\n".join(site.urls) + "\n")
        links = "".join(f'<li><a href="{url}">a link</a></li>' for url in site.urls)
        (folder / "sites" / site.hosts[0] / "all.html").write_text(f"<ul>{links}</ul>")
        (folder / "linkcheckerrc").write_text(
            "[checking]\nmaxrequestspersecond=10000\nsslverify=0\n"
        )
        know_names(folder, site.hosts)
        bench = Bench(folder, site, options.peers, scheme)
        with nginx(folder, site.hosts, tls=options.tls, wait=options.wait / 1000) as server:
            found = _compare(bench, server, options)
    return _checked(found) if options.check else 0


def _inside_namespace() -> int:
    command = ["unshare", "--net", "--mount", "--propagation", "private", "--", sys.executable]
    return subprocess.run(
        [*command, *sys.argv], env={**os.environ, _INSIDE: "1"}, check=False
    ).returncode


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="pace-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def _compare(
    bench: Bench, server: int, options: argparse.Namespace
) -> Mapping[str, Sequence[Figures]]:
    chosen = [name for name in _RUNS if not options.only or name in options.only.split(",")]
    found: dict[str, list[Figures]] = {name: [] for name in chosen}
    for number in range(options.runs):
        for name in chosen:
            command, environment, committed = _RUNS[name](bench, options)
            if command is None:
                continue
            figures = _measure(command, environment, committed, server, bench)
            found[name].append(figures)
            print(
                f"{number + 1} {name:12} {figures.checked / figures.seconds:8.0f} /s  {figures.cpu / figures.checked * 1000:6.2f}"
                f" CPU s per 1,000  server {figures.server_cpu:5.1f} s  {figures.memory:5.0f} MB"
                f"  {figures.seconds:6.1f} s {figures.checked} checked",
                flush=True,
            )
            time.sleep(_PAUSE)
    _show(found)
    return found


def _checked(found: Mapping[str, Sequence[Figures]]) -> int:
    """1 where one of ours is much slower beside lychee than the table says; says so."""
    if not found.get("lychee"):
        print("not checked: lychee is not installed")
        return 0
    table = dict(_ROW.findall(_TABLE.read_text(encoding="utf-8")))
    least = _middle(one.checked / one.seconds for one in found["lychee"])
    worse = 0
    for name in _OURS & table.keys() & found.keys():
        share = _middle(one.checked / one.seconds for one in found[name]) / least
        is_worse = share < float(table[name]) * _WORST
        worse += is_worse
        print(
            f"{name}: {share:.3f} of lychee's pace; the table says {table[name]}{' - SLOWER' * is_worse}"
        )
    return min(worse, 1)


def _measure(
    command: Sequence[str],
    environment: dict[str, str],
    committed: Callable[[str], int],
    server: int,
    bench: Bench,
) -> Figures:
    before, busy, came = os.times(), processor_seconds(server), received()
    began = time.perf_counter()
    log = bench.folder / "run.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, cwd=bench.folder, stdout=output, stderr=subprocess.STDOUT
        )
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    seconds = time.perf_counter() - began
    after = os.times()
    cpu = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    checked = committed(log.read_text(errors="replace"))
    if not checked:
        sys.exit(f"{command[0]} checked nothing: {log.read_text(errors='replace')[-3000:]}")
    return Figures(
        seconds,
        cpu,
        processor_seconds(server) - busy,
        usage.ru_maxrss / 1024,
        received() - came,
        checked,
    )


Prepared = tuple[Sequence[str] | None, dict[str, str], Callable[[str], int]]


def _ours(
    *arguments: str, is_base: bool = False, is_second: bool = False
) -> Callable[[Bench, argparse.Namespace], Prepared]:
    def prepare(bench: Bench, options: argparse.Namespace) -> Prepared:
        if is_base and options.base is None:
            return None, {}, int
        environment = {
            name: text for name, text in os.environ.items() if not name.startswith("LINKHEALTH_")
        }
        environment |= {
            "PYTHONPATH": str(options.base if is_base else PROJECT),
            "LINKHEALTH_HOST_DELAY": "0",
            # By its former name, which an older checkout knows too.
            "LINKHEALTH_WORKERS": str(_IN_FLIGHT),
            **({"LINKHEALTH_CA_FILE": str(bench.folder / "ca.pem")} if options.tls else {}),
            **dict(one.split("=", 1) for one in options.set),
        }
        command = [
            *(sys.executable, "-m", "crawler", "crawl", "articles"),
            # The limit keeps it at these: candidates for images, over https, would come on top.
            *("-a", f"limit={len(bench.site.urls)}"),
            *("-a", f"content={bench.content}", "-a", "write_back=no", *arguments),
        ]
        state = bench.content / ".linkhealth"
        shutil.rmtree(state, ignore_errors=True)
        if is_second:
            if not bench.known.exists():
                subprocess.run(command, env=environment, capture_output=True, check=True)
                state.rename(bench.known)
            shutil.copytree(bench.known, state)
            command += ["-a", "due=all"]
        before = options.profile.split() if options.profile else []
        return [*before, *command], environment, lambda _log: _committed(bench)

    return prepare


def _committed(bench: Bench) -> int:
    """How many links the last run has visited."""
    state = bench.content / ".linkhealth" / "state.sqlite3"
    if not state.exists():
        return 0
    with closing(sqlite3.connect(f"file:{state}?mode=ro", uri=True)) as database:
        rows = database.execute(
            "SELECT kind, reason, count(*) FROM links WHERE last_run = (SELECT max(id) FROM runs)"
            " GROUP BY kind, reason ORDER BY 3 DESC"
        ).fetchall()
    unlike = [row for row in rows if row[0] != "alive"]
    if unlike:
        print("   not alive:", unlike[:5])
    return sum(row[2] for row in rows)


def _peer(
    name: str, *arguments: str, pattern: str
) -> Callable[[Bench, argparse.Namespace], Prepared]:
    def prepare(bench: Bench, _options: argparse.Namespace) -> Prepared:
        path = f"{bench.peers}:{os.environ['PATH']}" if bench.peers else os.environ["PATH"]
        program = shutil.which(name, path=path)
        if program is None:
            return None, {}, int
        places = {"urls": bench.list_of_urls, "page": bench.page_of_links, "folder": bench.folder}
        command = [program, *(one.format(**places) for one in arguments)]
        environment = {**os.environ, "PATH": path, "NODE_TLS_REJECT_UNAUTHORIZED": "0"}
        return command, environment, lambda log: _count(pattern, log)

    return prepare


def _count(pattern: str, log: str) -> int:
    found = re.findall(pattern, log)
    return int(found[-1].replace(",", "")) if found else 0


_RUNS: dict[str, Callable[[Bench, argparse.Namespace], Prepared]] = {
    "full": _ours(),
    "status": _ours("-a", "facts=no"),
    "again": _ours(is_second=True),
    "base": _ours(is_base=True),
    "lychee": _peer(
        "lychee",
        *("--no-progress", "--max-concurrency", str(_IN_FLIGHT), "--host-concurrency", "64"),
        *("--host-request-interval", "0ms", "--max-retries", "0", "--insecure", "{urls}"),
        pattern=r"([\d,]+) OK",
    ),
    "linkinator": _peer(
        "linkinator",
        *("{page}", "--concurrency", str(_IN_FLIGHT), "--format", "text"),
        pattern=r"scanned ([\d,]+) links",
    ),
    "linkchecker": _peer(
        "linkchecker",
        *("--config", "{folder}/linkcheckerrc", "--check-extern", "--no-status", "--no-robots"),
        *("--recursion-level", "1", "--threads", "64", "{page}"),
        pattern=r"([\d,]+) links? in",
    ),
}


def _show(found: dict[str, list[Figures]]) -> None:
    print(
        f"\n{'':12} {'URLs/s':>8} {'CPU s/1,000':>12} {'server':>8} {'MB':>6} {'received MB':>12}"
    )
    for name, runs in found.items():
        if not runs:
            print(f"{name:12} not installed")
            continue
        print(
            f"{name:12} {_middle(one.checked / one.seconds for one in runs):8.0f}"
            f" {_middle(one.cpu / one.checked * 1000 for one in runs):12.2f}"
            f" {_middle(one.server_cpu / one.checked * 1000 for one in runs):8.2f}"
            f" {_middle(one.memory for one in runs):6.0f} {_middle(one.received / 1e6 for one in runs):12.1f}"
        )


def _middle(values: Iterator[float]) -> float:
    return statistics.median(values)


if __name__ == "__main__":
    sys.exit(main())

"""How many links a second are checked, and at what cost, beside other checkers: one nginx, no pauses.

    python benchmarks/pace.py [--urls 6000] [--hosts 300] [--runs 3] [--only full,lychee,…] [--peers FOLDER]

Everything runs in a private network namespace in which all names lead to one nginx; the runs of all are interleaved.
The peers are lychee, linkchecker and linkinator, where they are found on PATH (or in `--peers FOLDER`).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.made_site import MadeSite, write_site  # noqa: E402 - after the path

_ADDRESS = "93.184.215.14"
"""A public address that only the namespace has."""
_INSIDE = "LINKHEALTH_PACE_INSIDE"
_TICKS = os.sysconf("SC_CLK_TCK")
_IN_FLIGHT = 256
_PAUSE = 1.0

_NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
worker_rlimit_nofile 20000; {user}
events {{ worker_connections 8000; multi_accept on; }}
http {{
    types {{ text/html html; image/jpeg jpg; image/png png; image/webp webp; image/avif avif; image/gif gif; }}
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000; etag on;
    open_file_cache max=20000; server_names_hash_bucket_size 128;
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    server {{
        listen {address}:80 backlog=8192; root {folder}/sites/$host;
        location = /robots.txt {{ return 200 "User-agent: *\\nDisallow: /never\\n"; }}
    }}
}}
"""


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

    @property
    def content(self) -> Path:
        """The articles."""
        return self.folder / "content"

    @property
    def page_of_links(self) -> str:
        """The address of a page with all links, for those who take a page."""
        return f"http://{self.site.hosts[0]}/all.html"

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
    parser.add_argument("--profile", help="a command that is put before ours")
    options = parser.parse_args()
    if _INSIDE not in os.environ:
        return _inside_namespace()
    with _folder(options.keep) as folder:
        site = write_site(
            folder / "sites", folder / "content", urls=options.urls, hosts=options.hosts
        )
        (folder / "urls.txt").write_text("\n".join(site.urls) + "\n")
        links = "".join(f'<li><a href="{url}">a link</a></li>' for url in site.urls)
        (folder / "sites" / site.hosts[0] / "all.html").write_text(f"<ul>{links}</ul>")
        (folder / "linkcheckerrc").write_text("[checking]\nmaxrequestspersecond=10000\n")
        _know_names(folder, site.hosts)
        bench = Bench(folder, site, options.peers)
        with _nginx(folder) as server:
            _compare(bench, server, options)
    return 0


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


def _know_names(folder: Path, hosts: Sequence[str]) -> None:
    """In this namespace every name leads to the server."""
    for command in (
        ["ip", "link", "set", "lo", "up"],
        ["ip", "address", "add", f"{_ADDRESS}/32", "dev", "lo"],
    ):
        subprocess.run(command, check=True)
    lines = [
        "127.0.0.1 localhost",
        f"{_ADDRESS} example.com www.example.com",
        *(f"{_ADDRESS} {name}" for name in hosts),
    ]
    (folder / "hosts").write_text("\n".join(lines) + "\n")
    subprocess.run(["mount", "--bind", str(folder / "hosts"), "/etc/hosts"], check=True)


@contextmanager
def _nginx(folder: Path) -> Iterator[int]:
    """The server's worker, by its process id."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if program is None:
        sys.exit("it needs nginx (Debian, Ubuntu: apt-get install nginx-light)")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, address=_ADDRESS, user=user))
    with subprocess.Popen(
        [program, "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    ) as process:
        until = time.monotonic() + 10
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while not (workers := children.read_text().split()) and time.monotonic() < until:
            time.sleep(0.05)
        try:
            yield int(workers[0])
        finally:
            process.terminate()


def _compare(bench: Bench, server: int, options: argparse.Namespace) -> None:
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


def _measure(
    command: Sequence[str],
    environment: dict[str, str],
    committed: Callable[[str], int],
    server: int,
    bench: Bench,
) -> Figures:
    before, busy, received = os.times(), _processor_seconds(server), _received()
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
        _processor_seconds(server) - busy,
        usage.ru_maxrss / 1024,
        _received() - received,
        checked,
    )


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _received() -> int:
    """Bytes that the namespace's one device has received: everything, in both directions."""
    for line in Path("/proc/net/dev").read_text().splitlines():
        device, _, counts = line.partition(":")
        if device.strip() == "lo":
            return int(counts.split()[0])
    return 0


Prepared = tuple[Sequence[str] | None, dict[str, str], Callable[[str], int]]


def _ours(
    *arguments: str, is_base: bool = False
) -> Callable[[Bench, argparse.Namespace], Prepared]:
    def prepare(bench: Bench, options: argparse.Namespace) -> Prepared:
        if is_base and options.base is None:
            return None, {}, int
        shutil.rmtree(bench.content / ".linkhealth", ignore_errors=True)
        environment = {
            name: text for name, text in os.environ.items() if not name.startswith("LINKHEALTH_")
        }
        environment |= {
            "PYTHONPATH": str(options.base if is_base else PROJECT),
            "LINKHEALTH_HOST_DELAY": "0",
            # By its former name, which an older checkout knows too.
            "LINKHEALTH_WORKERS": str(_IN_FLIGHT),
            **dict(one.split("=", 1) for one in options.set),
        }
        command = [
            *(options.profile.split() if options.profile else ()),
            *(sys.executable, "-m", "crawler", "crawl", "articles"),
            # The limit keeps it at these: candidates for images, over https, would come on top.
            *("-a", f"limit={len(bench.site.urls)}"),
            *("-a", f"content={bench.content}", "-a", "write_back=no", *arguments),
        ]
        return command, environment, lambda _log: _committed(bench)

    return prepare


def _committed(bench: Bench) -> int:
    import sqlite3
    from contextlib import closing

    state = bench.content / ".linkhealth" / "state.sqlite3"
    if not state.exists():
        return 0
    with closing(sqlite3.connect(f"file:{state}?mode=ro", uri=True)) as database:
        rows = database.execute(
            "SELECT kind, reason, count(*) FROM links GROUP BY kind, reason ORDER BY 3 DESC"
        ).fetchall()
    unlike = [row for row in rows if row[0] != "alive"]
    if unlike:
        print("   not alive:", unlike[:5])
    return sum(row[2] for row in rows if row[0] != "unchecked")


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
        return command, {**os.environ, "PATH": path}, lambda log: _count(pattern, log)

    return prepare


def _count(pattern: str, log: str) -> int:
    found = re.findall(pattern, log)
    return int(found[-1].replace(",", "")) if found else 0


_RUNS: dict[str, Callable[[Bench, argparse.Namespace], Prepared]] = {
    "full": _ours(),
    "base": _ours(is_base=True),
    "lychee": _peer(
        "lychee",
        *("--no-progress", "--max-concurrency", str(_IN_FLIGHT), "--host-concurrency", "64"),
        *("--host-request-interval", "0ms", "--max-retries", "0", "{urls}"),
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

"""What reading 2,000 images costs on the wire: whole, cut at the answer, and by ranges.

    python benchmarks/image_wire.py [--images 2000] [--runs 3] [--rtt none,0,20] [--tls] [--modes full,stop,range]

A real nginx serves made-up pictures (`wire_images.py`), and `scrapy crawl images` measures them, at no pause
between requests. Between the two is a line of a namespace (`wire_line.py`) with that many milliseconds of
round trip; `none` is loopback. Needs root (or user namespaces), Linux, `ip`, `unshare`, `nsenter` and nginx.
The exit code is 1 where an image is not sized right, or where the median of body bytes on the wire of what the
crawler does by default is over 20 KB.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.wire_images import Picture, write_articles, write_pictures  # noqa: E402 - after the path
from tests.web import running  # noqa: E402
from tests.web.authority import Authority  # noqa: E402
from tests.web.namespace import namespace_obstacle  # noqa: E402
from tests.web.process import ServerProcess  # noqa: E402

MODES = {
    "full": ("EXTENSIONS={}", "LINKHEALTH_IMAGE_RANGES=False"),
    "stop": ("LINKHEALTH_IMAGE_RANGES=False",),
    "range": (),
}
"""Scrapy settings of each way to read; the last is the default."""
MOST_BODY_BYTES = 20 * 1024
_HOSTS = 20


@dataclass(frozen=True, slots=True)
class Figures:
    """One crawl. Bytes are of one image, the median or the mean; seconds are of all.

    `sent` is nginx's count, of the bytes that it gave to its kernel; `on_wire` the body bytes on the line, `packets`
    the mean of all bytes: with heads, handshakes, headers of TCP and IP, and bytes that came too late to be of use.
    """

    sized: int
    requests: int
    connections: int
    read: float
    sent: float
    sent_mean: float
    on_wire: float | None
    packets: float
    seconds: float
    cpu: float


class Bench:
    """The pictures and the line to them."""

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self.folder = folder
        self.options = options
        (folder / "pictures").mkdir()
        self.pictures = write_pictures(folder / "pictures", options.images)
        authority = Authority(folder)
        authority.context("*.images.test")
        (folder / "leaf-0.pem").rename(folder / "server.pem")

    def crawl(self, line: ServerProcess, mode: str) -> Figures:
        """One crawl of everything, from an empty state."""
        options = self.options
        content = Path(tempfile.mkdtemp(dir=self.folder)) / "content"
        scheme = "https" if options.tls else "http"
        pictures = write_articles(content, self.pictures, _HOSTS, scheme)
        line.ask(do="forget")
        address = line.ready["address"]
        feed = content.parent / "items.jsonl"
        settings = [part for setting in MODES[mode] for part in ("-s", setting)]
        before = os.times()
        completed = running.run(
            [
                *(sys.executable, "-m", "crawler", "crawl", "images", "-a", f"content={content}"),
                # The limit keeps it at these: candidates, the same images over https, would come on top.
                *("-a", f"limit={len(pictures)}", "-a", "write_back=no", "-O", str(feed)),
                *settings,
            ],
            env={
                **running.clean_environment(),
                "PYTHONPATH": str(PROJECT),
                "LINKHEALTH_ALLOW_PRIVATE": "1",
                "LINKHEALTH_HOST_DELAY": "0",
                "LINKHEALTH_CONNECT_TO": f":80:{address}:80,:443:{address}:443",
                "LINKHEALTH_CA_FILE": str(self.folder / "authority.pem"),
            },
            cwd=PROJECT,
            timeout=options.timeout,
            through=("nsenter", "--target", str(line.pid), "--net", "--"),
        )
        after = os.times()
        if completed.code:
            sys.exit(f"the crawl ended with {completed.code}\n{completed.stderr[-3000:]}")
        cpu = (
            after.children_user
            + after.children_system
            - before.children_user
            - before.children_system
        )
        counted = line.ask(do="figures")
        return self._figures(feed, pictures, counted, completed.seconds, cpu)

    def _figures(
        self,
        feed: Path,
        pictures: dict[str, Picture],
        counted: dict[str, Any],
        seconds: float,
        cpu: float,
    ) -> Figures:
        items = [json.loads(line) for line in feed.read_text(encoding="utf-8").splitlines()]
        sized = sum(is_sized(item, pictures[item["url"]]) for item in items)
        log = [line.split() for line in (self.folder / "access.log").read_text().splitlines()]
        log = [row for row in log if row[0] != "/robots.txt"]
        sent = sums((row[0], int(row[2])) for row in log)
        bodies = sums((row[0], row[1]) for row in counted["bodies"] if row[0] != "/robots.txt")
        return Figures(
            sized=sized,
            requests=len(log),
            connections=len({row[4] for row in log}),
            read=statistics.median(item["image"]["bytes_read"] for item in items if item["image"]),
            sent=statistics.median(sent),
            sent_mean=statistics.mean(sent),
            on_wire=statistics.median(bodies) if bodies else None,
            packets=counted["from_server"] / len(pictures),
            seconds=seconds,
            cpu=cpu,
        )


def is_sized(item: dict[str, Any], picture: Picture) -> bool:
    """Whether the crawl found the size that the picture states, and how long it is."""
    image = item["image"] or {}
    found = image.get("width"), image.get("height"), image.get("bytes")
    return found == (picture.width, picture.height, picture.bytes)


def sums(rows: Iterable[tuple[str, int]]) -> list[int]:
    """The bytes of each image, all its requests together."""
    by_path: dict[str, int] = defaultdict(int)
    for path, count in rows:
        by_path[path] += count
    return list(by_path.values())


def show(rtt: str, mode: str, runs: Sequence[Figures]) -> Figures:
    """Print one row, the medians of the runs; returns them."""
    columns: dict[str, Any] = {}
    for one in fields(Figures):
        values = [getattr(run, one.name) for run in runs]
        columns[one.name] = None if None in values else statistics.median(values)
    middle = Figures(**columns)
    wire = "-" if middle.on_wire is None else f"{middle.on_wire:,.0f}"
    print(
        f"{rtt:>5}  {mode:6} {middle.sized:6.0f} {middle.requests:8.0f} {middle.connections:7.0f}"
        f" {middle.read:10,.0f} {middle.sent:10,.0f} {middle.sent_mean:10,.0f} {wire:>10} {middle.packets:10,.0f}"
        f" {middle.seconds:7.1f} {middle.cpu:7.1f}",
        flush=True,
    )
    return middle


def obstacle() -> str | None:
    """What is missing here, None for nothing. Installs Debian's nginx where root and apt are available."""
    if (missing := namespace_obstacle()) is not None:
        return missing
    if not Path("/dev/net/tun").exists():
        return "no /dev/net/tun: the line needs the kernel's TUN devices"
    if nginx() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("installing Debian's nginx-light", file=sys.stderr)
        subprocess.run([PROJECT / "scripts" / "packages", "nginx-light"], check=False)
    if nginx() is None:
        return "it needs nginx (Debian, Ubuntu: apt-get install nginx-light)"
    return None


def nginx() -> str | None:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def run(options: argparse.Namespace, folder: Path) -> bool:
    """Run all measurements that the options ask for; returns whether every bound holds."""
    bench = Bench(folder, options)
    lengths = [picture.bytes for picture in bench.pictures]
    print(
        f"{len(lengths)} images, {sum(lengths) / 1e6:.0f} MB, median {statistics.median(lengths):,.0f} bytes"
    )
    print(
        "  RTT  mode    sized requests  conns.  read, med. nginx med. nginx mean  wire med.   all mean"
        "       s   CPU s"
    )
    user = () if os.geteuid() == 0 else ("--user", "--map-root-user")
    holds = True
    for rtt in options.rtt.split(","):
        arguments = ["--folder", str(folder), "--nginx", str(nginx()), "--rtt", rtt]
        through = ("unshare", *user, "--net", "--")
        start = "from benchmarks.wire_line import main; main()"
        command = [sys.executable, "-c", start, *arguments]
        with ServerProcess(command, through=through) as line:
            runs: dict[str, list[Figures]] = {mode: [] for mode in options.modes.split(",")}
            for _ in range(options.runs):
                for mode, figures in runs.items():
                    figures.append(bench.crawl(line, mode))
            for mode, figures in runs.items():
                middle = show(rtt, mode, figures)
                holds &= middle.sized == len(lengths)
                holds &= mode != "range" or (middle.on_wire or middle.sent) <= MOST_BODY_BYTES
    return holds


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--images", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--rtt", default="none,20", help="milliseconds, several with commas")
    parser.add_argument("--modes", default=",".join(MODES))
    parser.add_argument(
        "--tls", action="store_true", help="over HTTPS; then only totals are counted"
    )
    parser.add_argument("--timeout", type=float, default=600.0, help="seconds for one crawl")
    options = parser.parse_args()
    if (missing := obstacle()) is not None:
        print(f"not here: {missing}", file=sys.stderr)
        return 3
    with tempfile.TemporaryDirectory(prefix="image-wire-") as folder:
        return 0 if run(options, Path(folder)) else 1


if __name__ == "__main__":
    sys.exit(main())

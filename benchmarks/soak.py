"""A long run at full speed: does its memory stay flat, and are its visits committed while it goes on?

`python benchmarks/soak.py [--urls 200000] [--hosts 5000] [--at-most MINUTES]`

Audits a made collection of so many URLs on so many hosts, with a delay of 0, against a server in a process of its own
on loopback, to which every host is mapped (LINKHEALTH_CONNECT_TO). Of 50 pages one is gone, one has moved, one hangs up,
and one is asked for where robots.txt has many rules. Prints memory, descriptors and the commits at 5,000 visits, and at
every quarter of them. Exits with 1 where the memory at the end is over 1.1 times that at 5,000 visits, where there were more
than 1,500 descriptors, where less than half of the visits was committed at half time, or where the run did not end.
200,000 URLs take some 20 minutes on two cores.

With `--robots BYTES` every host has a robots.txt of so many bytes of wildcards, none of which forbids anything.

With `--stop-at` the run gets a SIGTERM after so many visits, and has to end with exit code 4 within 25 s.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent

FIRST = 5_000
"""Visits after which memory should not grow any more."""
GROWTH = 1.1
MOST_DESCRIPTORS = 1_500
OF_ARTICLE = 40
STOPPED = 4
LONGEST_STOP = 25.0
"""Seconds: the time-out of a request and five."""
EVERY = 50
_POLL = 1.0
_MANY_RULES = b"User-agent: *\n" + b"".join(b"Disallow: /*x%d*y\n" % n for n in range(500))


@dataclass(frozen=True, slots=True)
class Sample:
    """A look at the run: seconds since its start, pages asked for, committed visits, bytes, descriptors."""

    at: float
    visits: int
    committed: int
    memory: int
    descriptors: int


def many_rules(length: int) -> bytes:
    """A robots.txt of so many bytes, every rule another one."""
    lines, number, so_far = [b"User-agent: *\n"], 0, 0
    while so_far < length:
        lines.append(b"Disallow: /*x%d*y%dz$\n" % (number, number * 7919 % 10_007))
        so_far += len(lines[-1])
        number += 1
    return b"".join(lines)


def answer(path: str, host: str, robots: bytes | None) -> bytes | None:
    """The answer to a request; None to hang up. `robots` is every robots.txt, None for the usual ones."""
    if path == "/robots.txt":
        many = host.startswith(("h7.", "h70"))
        body, status = (_MANY_RULES, "200 OK") if many else (b"", "404 Not Found")
        if robots is not None:
            body, status = robots, "200 OK"
        kind = "text/plain"
        more = ""
    else:
        number = int("".join(filter(str.isdigit, path)) or 0)
        body = (
            f"<html><head><title>Story {number} of {host}</title>"
            '<meta property="article:published_time" content="2019-03-04T05:06:07Z">'
            f'<meta property="og:site_name" content="{host}"></head>'
            f"<body><article><p>Words of story {number}, told at {host}.{' More of it.' * 40}</article>"
        ).encode()
        status, kind, more = "200 OK", "text/html; charset=utf-8", ""
        if number % EVERY == 1:
            status = "404 Not Found"
        elif number % EVERY == 2 and not path.startswith("/moved"):
            status, more = "301 Moved Permanently", f"Location: /moved{path}\r\n"
        elif number % EVERY == 3:
            return None
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def converse(reader: Any, writer: Any, pages: Any, robots: bytes | None) -> None:
    """One connection: requests without bodies, one after the other."""
    with suppress(ConnectionError, asyncio.IncompleteReadError, ValueError):
        while True:
            first = await reader.readexactly(1)
            if not first.isalpha():
                break  # TLS: there is no https here
            request = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = request.split(" ", 2)[1]
            host = request.lower().partition("\r\nhost: ")[2].partition("\r\n")[0]
            pages.value += path != "/robots.txt" and not path.startswith("/moved")
            told = answer(path, host, robots)
            if told is None:
                break
            writer.write(told)
            await writer.drain()
    writer.close()


def serve(pages: Any, port: Any, robots_bytes: int) -> None:
    """In a process of its own: every host of the web."""
    robots = many_rules(robots_bytes) if robots_bytes else None
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    async def run() -> None:
        async def connected(reader: Any, writer: Any) -> None:
            await converse(reader, writer, pages, robots)

        server = await asyncio.start_server(connected, "127.0.0.1", 0, backlog=1024)
        port.value = server.sockets[0].getsockname()[1]
        await server.serve_forever()

    asyncio.run(run())


def write_collection(folder: Path, urls: int, hosts: int) -> None:
    """Articles with one link of their own, and the others as related ones."""
    names = [f"http://h{number % hosts}.example/story-{number}" for number in range(urls)]
    for first in range(0, urls, OF_ARTICLE):
        own, *related = names[first : first + OF_ARTICLE]
        lines = ["---", "title: A title", "publishedDateTime: 2019-03-04T05:06:07Z"]
        lines += [f"webUrl: {own}", "related:"]
        lines += [line for url in related for line in ("  - title: A title", f"    webUrl: {url}")]
        path = folder / f"{first // 10_000:04}" / f"{first:07}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join([*lines, "---", ""]), encoding="utf-8")


def look(pid: int, began: float, pages: int, state: Path) -> Sample:
    """One sample. Raises OSError where the process has ended."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    memory = int(status.partition("VmRSS:")[2].split()[0]) * 1024
    descriptors = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    committed = 0
    if state.exists():
        with (
            suppress(sqlite3.Error),
            closing(sqlite3.connect(f"file:{state}?mode=ro", uri=True, timeout=1.0)) as opened,
        ):
            committed = opened.execute("SELECT max(id) FROM observations").fetchone()[0] or 0
    return Sample(time.monotonic() - began, pages, committed, memory, descriptors)


def stop(run: subprocess.Popen[bytes], pages: Any, at: int) -> int:
    """Stop the run at so many visits by SIGTERM, and print how long it takes to end; returns the exit code for the shell."""
    while run.poll() is None and pages.value < at:
        time.sleep(_POLL / 10)
    run.send_signal(signal.SIGTERM)
    began = time.monotonic()
    run.wait()
    took = time.monotonic() - began
    print(f"stopped at {pages.value:,} visits: exit code {run.returncode} after {took:.1f} s")
    return 0 if run.returncode == STOPPED and took <= LONGEST_STOP else 1


def watch(run: subprocess.Popen[bytes], pages: Any, state: Path, ends: float) -> list[Sample]:
    """A sample a second until the run has ended, or is ended for having taken too long."""
    began = time.monotonic()
    samples: list[Sample] = []
    while run.poll() is None:
        if time.monotonic() > ends:
            run.kill()
            break
        with suppress(OSError, IndexError, ValueError):
            samples.append(look(run.pid, began, pages.value, state))
        with suppress(subprocess.TimeoutExpired):
            run.wait(_POLL)
    run.wait()
    return samples


def judge(samples: Sequence[Sample], urls: int, code: int) -> bool:
    """Print the figures; returns whether they are as they should be."""
    crawl = [sample for sample in samples if sample.visits]
    if not crawl:
        print(f"no visit was made; exit code {code}")
        return False
    marks = sorted({min(FIRST, urls // 2), urls // 4, urls // 2, urls * 3 // 4, urls})
    print(f"{'visits':>9}{'seconds':>9}{'committed':>11}{'MB':>8}{'descriptors':>13}")
    shown = [next((s for s in crawl if s.visits >= mark), crawl[-1]) for mark in marks]
    for sample in shown:
        print(
            f"{sample.visits:9,}{sample.at:9.1f}{sample.committed:11,}"
            f"{sample.memory / 1e6:8.1f}{sample.descriptors:13,}"
        )
    last = next((s for s in crawl if s.visits >= crawl[-1].visits), crawl[-1])
    half_time = (crawl[0].at + last.at) / 2
    at_half = next(sample for sample in crawl if sample.at >= half_time)
    first = next((s for s in crawl if s.visits >= marks[0]), crawl[-1])
    visiting = [s for s in crawl if first.at <= s.at <= last.at]
    most = max(s.memory for s in visiting)
    rate = last.visits / max(1.0, last.at - crawl[0].at)
    share = at_half.committed / max(1, at_half.visits)
    checks = {
        f"exit code {code}, {last.visits:,} visits": code in (0, 2) and last.visits >= urls,
        f"{rate:.0f} visits a second": True,
        f"memory {most / first.memory:.3f} times that at {marks[0]:,} visits": most
        <= GROWTH * first.memory,
        f"{max(s.descriptors for s in crawl):,} descriptors at most": max(
            s.descriptors for s in crawl
        )
        < MOST_DESCRIPTORS,
        f"{share:.0%} of the visits committed at half time": share >= 0.5,
    }
    for check, holds in checks.items():
        print(f"{'ok  ' if holds else 'FAIL'} {check}")
    print(f"peak after the visits: {max(s.memory for s in samples) / 1e6:.1f} MB")
    return all(checks.values())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--urls", type=int, default=200_000, metavar="N")
    parser.add_argument("--hosts", type=int, default=5_000, metavar="N")
    parser.add_argument("--robots", type=int, default=0, metavar="BYTES", help="of each host")
    parser.add_argument("--stop-at", type=int, metavar="VISITS", help="stop the run there instead")
    parser.add_argument("--at-most", type=float, default=45.0, metavar="MINUTES")
    options = parser.parse_args(arguments)
    context = multiprocessing.get_context("spawn")
    pages, port = context.Value("q", 0, lock=False), context.Value("i", 0, lock=False)
    server = context.Process(target=serve, args=(pages, port, options.robots), daemon=True)
    server.start()
    try:
        while not port.value and server.is_alive():
            time.sleep(0.05)
        with tempfile.TemporaryDirectory(prefix="soak-") as folder:
            content = Path(folder)
            write_collection(content, options.urls, options.hosts)
            environ = os.environ | {
                "PYTHONPATH": str(PROJECT),
                "LINKHEALTH_CONNECT_TO": f"::127.0.0.1:{port.value}",
                "LINKHEALTH_HOST_DELAY": "0",
            }
            command = [sys.executable, "-m", "crawler", "audit", folder, "--fail-on", "never"]
            with subprocess.Popen(command, cwd=PROJECT, env=environ) as run:
                if options.stop_at is not None:
                    return stop(run, pages, options.stop_at)
                ends = time.monotonic() + options.at_most * 60
                state = content / ".linkhealth" / "state.sqlite3"
                samples = watch(run, pages, state, ends)
            return 0 if judge(samples, options.urls, run.returncode) else 1
    finally:
        server.terminate()


if __name__ == "__main__":
    sys.exit(main())

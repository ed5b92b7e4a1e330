"""Crawl a whole collection against a fast local web, twice, and take everything out again.

`python benchmarks/crawl_collection.py COLLECTION.tar.xz [--mode namespace|connect-to] [--sample N]`

Checks that the first `audit` asks for every distinct URL exactly once, that the second makes no
request and changes no file, and that `strip` restores every byte. Prints seconds, requests per second
and peak memory of each step; exits with 1 if a check fails.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from w3lib.url import safe_url_string

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.unpacking import unpack  # noqa: E402 - after the path
from tests.web import Completed, LoopbackWeb, NamespaceWeb, Request, Web  # noqa: E402 - after the path

_OWN_FOLDER = ".linkhealth"
_NOT_VISITED = frozenset({"invalid", "excluded"})
_FINE = frozenset({0, 2})
"""Exit codes of a finished audit; 2 says that it found something over its threshold."""
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Step:
    """Time and memory of one command. `files_changed` counts against the files before it."""

    name: str
    code: int
    seconds: float
    requests: int
    requests_per_second: float
    peak_rss_mb: float
    files_changed: int


@dataclass(frozen=True, slots=True)
class Check:
    """One condition that must hold, with the value that was seen."""

    name: str
    passed: bool
    seen: str


@dataclass(slots=True)
class Result:
    """All figures and checks of the benchmark."""

    machine: dict[str, Any]
    collection: dict[str, Any]
    steps: list[Step] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    def check(self, name: str, passed: bool, seen: str) -> None:
        """Note one check."""
        self.checks.append(Check(name, passed, seen))


class Bench:
    """One collection in one web."""

    def __init__(self, web: Web, content: Path, options: argparse.Namespace) -> None:
        self.web = web
        self.content = content
        self.options = options
        self.original = digests(content)
        self.result = Result(
            machine(options), {"name": options.collection.name, "files": len(self.original)}
        )

    def step(self, name: str, *arguments: str) -> tuple[Completed, list[Request]]:
        """Run one command of the crawler and record its time and memory."""
        before = digests(self.content)
        self.web.forget()
        completed = self.web.run(
            [sys.executable, "-m", "crawler", *arguments],
            cwd=PROJECT,
            env=self.web.environment(LINKHEALTH_HOST_DELAY=str(self.options.host_delay)),
            timeout=self.options.timeout,
        )
        requests = self.web.requests(robots=True)
        changed = len(differing(before, digests(self.content)))
        self.result.steps.append(
            Step(
                name,
                completed.code,
                round(completed.seconds, 2),
                len(requests),
                round(len(requests) / completed.seconds, 1),
                round(completed.peak_rss / 1e6, 1),
                changed,
            )
        )
        if completed.code not in _FINE:
            sys.stderr.write(f"{name}: exit code {completed.code}\n{completed.stderr[-4000:]}\n")
        return completed, requests

    def run(self) -> Result:
        """Both audits and the strip, each checked."""
        folder = str(self.content)
        first, requests = self.step("first audit", "audit", folder, "--fail-on", "never")
        self.result.check("the first audit finishes", first.code in _FINE, f"exit {first.code}")
        self.check_visits(requests)
        second, again = self.step("second audit", "audit", folder, "--fail-on", "never")
        self.result.check("the second audit finishes", second.code in _FINE, f"exit {second.code}")
        self.result.check("the second audit asks for nothing", not again, sample(again))
        changed = self.result.steps[-1].files_changed
        self.result.check("the second audit changes no file", not changed, f"{changed} changed")
        if self.options.keep is not None:
            shutil.copytree(self.content, self.options.keep, dirs_exist_ok=True)
        stripped, _ = self.step("strip", "strip", folder)
        self.result.check("strip finishes", stripped.code == 0, f"exit {stripped.code}")
        damaged = differing(self.original, digests(self.content))
        seen = f"{len(damaged)} differ {damaged[:_SHOWN] or ''}".rstrip()
        self.result.check("every file is as it was, byte for byte", not damaged, seen)
        return self.result

    def check_visits(self, requests: list[Request]) -> None:
        """Compare the requests that the origin saw with the URLs that the report says were to be visited."""
        counts = Counter(r.url for r in requests if r.target != "/robots.txt")
        twice = sorted(url for url, count in counts.items() if count > 1)
        seen = f"{len(counts)} distinct, {len(twice)} more than once {twice[:_SHOWN] or ''}"
        self.result.check("no URL is asked for twice", bool(counts) and not twice, seen.rstrip())
        hosts = {request.host for request in requests}
        self.result.collection |= {"urls_visited": len(counts), "hosts_visited": len(hosts)}
        expected = self.reported()
        if expected is None:
            self.result.check("every URL of the report is asked for", False, "no report.json")
            return
        probes, candidates = self.probes(), self.candidates()
        missing = sorted(expected - counts.keys())
        strange = counts.keys() - expected - probes - candidates
        seen = f"{len(expected)} expected, {len(missing)} missing {missing[:_SHOWN] or ''}"
        self.result.check("every URL of the report is asked for", not missing, seen.rstrip())
        further = f"{len(probes)} probes, {len(candidates)} candidates"
        seen = f"{further}, {len(strange)} others {sorted(strange)[:_SHOWN] or ''}"
        self.result.check("nothing else is asked for", not strange, seen.rstrip())
        if self.options.expect_urls is not None:
            found = self.result.collection["urls"]
            seen = f"{found} of {self.options.expect_urls}"
            passed = found == self.options.expect_urls
            self.result.check("the collection's number of URLs is right", passed, seen)

    def probes(self) -> set[str]:
        """The addresses of the probes of suspects (docs/soft-404.md), from the state: of folders and of roots."""
        rows = self.stored("SELECT sibling FROM observations WHERE sibling IS NOT NULL")
        more = self.stored("SELECT further FROM observations WHERE further LIKE '%front%'")
        fronts = (json.loads(further).get("front") for further in more)
        return {json.loads(probe)[0] for probe in rows} | {front[0] for front in fronts if front}

    def candidates(self) -> set[str]:
        """The candidates for images, which no article holds (docs/images.md)."""
        return {
            as_asked(url)
            for url in self.stored(
                "SELECT url FROM links WHERE id NOT IN (SELECT link_id FROM article_references)"
            )
        }

    def stored(self, query: str) -> list[str]:
        """The first column of a query of the state."""
        path = self.content / _OWN_FOLDER / "state.sqlite3"
        if not path.exists():
            return []
        with closing(sqlite3.connect(path)) as state:
            return [value for (value,) in state.execute(query)]

    def reported(self) -> set[str] | None:
        """The URLs that the report says were to be visited, as the origin would name them."""
        path = self.content / _OWN_FOLDER / "reports" / "report.json"
        if not path.exists():
            return None
        urls = json.loads(path.read_text(encoding="utf-8"))["urls"]
        self.result.collection["urls"] = len(urls)
        self.result.collection["by_verdict"] = dict(Counter(one["verdict"] for one in urls))
        # An address without a scheme is a local image, for which no request is made.
        return {
            as_asked(one["url"])
            for one in urls
            if one["verdict"] not in _NOT_VISITED and "://" in one["url"]
        }


def as_asked(url: str) -> str:
    """A URL as the origin sees it: ASCII, no fragment, no default port, a slash for no path."""
    parts = urlsplit(safe_url_string(url))
    port = ":443" if parts.scheme == "https" else ":80"
    host = parts.netloc.rpartition("@")[2].lower().removesuffix(port)
    query = f"?{parts.query}" if "?" in url.partition("#")[0] else ""
    return f"{parts.scheme}://{host}{parts.path or '/'}{query}"


def digests(folder: Path) -> dict[str, str]:
    """The hash of every file, our own folder's excepted, by its path."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and _OWN_FOLDER not in path.relative_to(folder).parts
    }


def differing(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The files that were changed, added or removed."""
    return sorted(
        path for path in before.keys() | after.keys() if before.get(path) != after.get(path)
    )


def sample(requests: list[Request]) -> str:
    """How many requests, and the first of them."""
    return f"{len(requests)} requests {[one.url for one in requests[:_SHOWN]] or ''}".rstrip()


def machine(options: argparse.Namespace) -> dict[str, Any]:
    """The machine and the options, on which the figures depend."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "machine": platform.machine(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "mode": options.mode,
        "host_delay": options.host_delay,
    }


def show(result: Result) -> None:
    """Print the result for a person."""
    for title, facts in (("machine", result.machine), ("collection", result.collection)):
        print(f"{title}: " + ", ".join(f"{name} {value}" for name, value in facts.items()))
    print(
        f"\n{'step':14}{'exit':>5}{'seconds':>10}{'requests':>10}{'/s':>9}{'MB':>8}{'changed':>9}"
    )
    for step in result.steps:
        print(
            f"{step.name:14}{step.code:5}{step.seconds:10.2f}{step.requests:10}"
            f"{step.requests_per_second:9.1f}{step.peak_rss_mb:8.1f}{step.files_changed:9}"
        )
    print()
    for check in result.checks:
        print(f"{'ok  ' if check.passed else 'FAIL'} {check.name}: {check.seen}")


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("collection", type=Path, help="a tar archive or a folder of article files")
    parser.add_argument("--mode", choices=("namespace", "connect-to"), default="namespace")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="only N files")
    parser.add_argument("--host-delay", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--timeout", type=float, default=1800.0, metavar="SECONDS", help="a step's")
    parser.add_argument(
        "--expect-urls", type=int, metavar="N", help="fail if N is not what is found"
    )
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="copy the audited collection there"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result there too")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="collection-") as folder:
        content = Path(folder)
        unpack(options.collection, content, options.sample)
        kind = NamespaceWeb if options.mode == "namespace" else LoopbackWeb
        with kind() as web:
            result = Bench(web, content, options).run()
    show(result)
    if options.json is not None:
        options.json.write_text(json.dumps(asdict(result), indent=2) + "\n", encoding="utf-8")
    print(f"\n{time.perf_counter() - began:.1f} s altogether")
    return 0 if all(check.passed for check in result.checks) else 1


if __name__ == "__main__":
    sys.exit(main())

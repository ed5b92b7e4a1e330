"""Several people decide in one review while its server is killed again and again: is a decision lost?

    python benchmarks/review_decisions.py [--decisions 1000] [--people 4] [--kills 5] [--seed 1]

A made collection with one broken link for each decision. The people share the links out, send one decision at a time and
count those that the server acknowledged; one whose answer was lost is sent again, as the page does. At random moments the
server is killed and started anew. Then Write carries all out, by steps, with one kill in the middle of it; a copy of the
collection gets the same decisions by `linkhealth apply --write`. Nothing that was acknowledged may be missing, and the
files must be those of `apply`, byte for byte. The exit code is 1 where that did not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT)]

from crawler.model.verdict import VerdictKind  # noqa: E402 - after the path
from crawler.operations.intake import take_in  # noqa: E402 - after the path
from crawler.session import Session  # noqa: E402 - after the path
from tests.end_to_end.collection import Collection, article  # noqa: E402 - after the path
from tests.state.samples import visit  # noqa: E402 - after the path

HOST = "https://site.example"
_SECONDS = 60.0


@dataclass(slots=True)
class Server:
    """The command as a process, started anew after each kill."""

    root: Path
    lock: threading.Lock = field(default_factory=threading.Lock)
    process: subprocess.Popen[str] | None = None
    port: int = 0
    secret: str = ""

    def start(self) -> None:
        """Start it, and read its address."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "crawler", "review", str(self.root), "--max-files", "100000"],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        found = re.search(r"127\.0\.0\.1:(\d+)/(\S+)/", self.process.stdout.readline())
        assert found is not None
        self.port, self.secret = int(found[1]), found[2]

    def kill(self) -> None:
        """As `kill -9`: nothing is ended in order."""
        assert self.process is not None
        self.process.kill()
        self.process.communicate()

    def restart(self) -> None:
        """Kill it, and start it anew under another address."""
        with self.lock:
            self.kill()
            self.start()

    def ask(self, what: str, body: object = None) -> Any:
        """The answer; raises OSError or HTTPException where the server goes away."""
        with self.lock:
            port, secret = self.port, self.secret
        connection = HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
        try:
            headers = {"Origin": f"http://127.0.0.1:{port}", "Content-Type": "application/json"}
            method, data = ("GET", None) if body is None else ("POST", json.dumps(body))
            connection.request(method, f"/{secret}/api/{what}", data, headers)
            answer = connection.getresponse()
            found = json.loads(answer.read())
            if answer.status != 200:
                raise HTTPException(f"{answer.status} {found}")
            return found
        finally:
            connection.close()


def url(number: int) -> str:
    return f"{HOST}/{number}/a-story-lost"


def make(folder: Path, links: int) -> Path:
    """A collection with one broken link in each article."""
    collection = Collection(folder)
    for number in range(links):
        collection.add(f"{number}.md", article(f"Story {number}", web=url(number)))
    now = datetime.now(UTC)
    with Session.open({"content": str(collection.root)}, os.environ) as session:
        for _ in take_in(session):
            pass
        run = session.state.start_run(now).id
        for number in range(links):
            visit(
                session.state, run, url(number), VerdictKind.BROKEN, "http-404", at=now, status=404
            )
    return collection.root


def decision(number: int) -> dict[str, object]:
    """Three of four change a file."""
    seen = {"verdict": "broken", "reason": "http-404", "suggestion": None}
    row: dict[str, object] = {"url": url(number), "seen": seen}
    if number % 4:
        return row | {"decision": "replace", "new_value": f"{HOST}/{number}/found"}
    return row | {"decision": "not-broken", "note": f"I opened number {number}"}


@dataclass(slots=True)
class Count:
    """What the people saw."""

    acknowledged: dict[int, str] = field(default_factory=dict)
    sent_again: int = 0
    odd: list[str] = field(default_factory=list)


def decide(server: Server, person: int, numbers: list[int], count: Count) -> None:
    for number in numbers:
        body = {"page": f"page-of-person-{person}", "after": 0, "decisions": [decision(number)]}
        while True:
            try:
                (result,) = server.ask("decisions", body)["results"]
            except (OSError, HTTPException):
                count.sent_again += 1
                time.sleep(0.05)
                continue
            if result["state"] == "kept":
                count.acknowledged[number] = result["key"]
            else:
                count.odd.append(str(result))
            break


def decided(server: Server, options: argparse.Namespace, chance: random.Random) -> Count:
    """All decisions, made by all people, with the kills among them."""
    count = Count()
    numbers = list(range(options.decisions))
    chance.shuffle(numbers)
    people = [
        threading.Thread(target=decide, args=(server, one, numbers[one :: options.people], count))
        for one in range(options.people)
    ]
    for person in people:
        person.start()
    moments = sorted(chance.sample(range(1, options.decisions), options.kills))
    for moment in moments:
        while len(count.acknowledged) < moment:
            time.sleep(0.005)
        server.restart()
    for person in people:
        person.join()
    return count


def written(server: Server) -> int:
    """Write all, killed once when half of the files are written; returns how many decisions the last Write settled."""
    names = sorted(path.name for path in server.root.glob("*.md"))
    changed = [name for name in names if int(name.removesuffix(".md")) % 4]
    middle = server.root / changed[len(changed) // 2]
    failed = threading.Thread(target=_write_that_dies, args=(server,))
    failed.start()
    while failed.is_alive() and b"/found" not in middle.read_bytes():
        time.sleep(0.002)
    server.restart()
    failed.join()
    found = server.ask("write", {"page": "page-that-writes"})
    assert found["state"] == "written", found
    return int(found["settled"])


def _write_that_dies(server: Server) -> None:
    try:
        server.ask("write", {"page": "page-that-writes"})
    except (OSError, HTTPException):
        return


def files(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in root.glob("*.md")}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--decisions", type=int, default=1_000)
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = make(Path(folder, "reviewed"), options.decisions)
        server = Server(root)
        server.start()
        began = time.perf_counter()
        count = decided(server, options, random.Random(options.seed))
        seconds = time.perf_counter() - began
        kept = {one["key"]: one["row"] for one in server.ask("decisions")["decisions"]}
        lost = [number for number, key in count.acknowledged.items() if key not in kept]
        copy = Path(folder, "applied")
        shutil.copytree(root, copy)
        rows = Path(folder, "decisions.yml")
        # JSON is YAML.
        rows.write_text("\n".join(f"- {json.dumps(row)}" for row in kept.values()), "utf-8")
        subprocess.run(
            [
                *(sys.executable, "-m", "crawler", "apply", str(rows)),
                *("--content", str(copy), "--write", "--max-files", "100000"),
            ],
            cwd=PROJECT,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        settled = written(server)
        open_still = len(server.ask("decisions")["decisions"])
        server.kill()
        before, after = files(copy), files(root)
        other = [name for name in before if before[name] != after.get(name)]
        other += [name for name in after if name not in before]
    print(f"decisions             {options.decisions:>8,} by {options.people} people")
    print(f"acknowledged          {len(count.acknowledged):>8,} in {seconds:.1f} s")
    print(f"sent again            {count.sent_again:>8,} over {options.kills} kills")
    print(f"lost                  {len(lost):>8,}")
    print(f"kept twice            {len(kept) - len(count.acknowledged):>8,}")
    print(f"settled by last Write {settled:>8,}, still open {open_still:,}")
    print(f"files unlike apply's  {len(other):>8,} of {len(after):,}")
    whole = len(count.acknowledged) == options.decisions == len(kept)
    return 0 if whole and not (lost or count.odd or other or open_still) else 1


if __name__ == "__main__":
    sys.exit(main())

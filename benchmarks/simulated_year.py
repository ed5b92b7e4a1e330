"""A simulated year: one audit a day or a week by a scheduler's own command line, in a web in which things happen.

    python benchmarks/simulated_year.py [--every day|week] [--days 365] [--seed 7] [--json FILE] [--keep FOLDER]

The lines are those of `deploy/cron` and `deploy/systemd`. Beside what happens to the web (`year_of_events.py`) there are a full
disk, a lost state, a killed and an overlapping run, and, where Git's history is there, first months by the code of an earlier
schema of the state. All that a person does is to decide, once a week. The exit code is 1 where a bound is broken.
"""

from __future__ import annotations

import argparse
import ast
import configparser
import contextlib
import csv
import io
import json
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import yaml

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT)]

from benchmarks.year_of_events import OWNERS, World, world  # noqa: E402 - after the path
from crawler.state.upgrades import SCHEMA_VERSION  # noqa: E402
from tests.web.namespace import NamespaceWeb  # noqa: E402
from tests.web.running import Completed, kill_group  # noqa: E402

BEGIN = datetime(2026, 1, 5, 2, 17, tzinfo=UTC)
LIMIT = 300.0
"""Seconds that a run may take at most."""
PROGRAM, FOLDER, LOCKS = "/opt/linkhealth/bin/linkhealth", "/srv/articles", "/run/lock"
FINE = frozenset({0, 2})
MONITORED = range(11, 19)
"""The exit codes of alarms."""
MOST_INTERVAL = 99
"""Days until a link is visited again at most, of an article of any age (rules R1, R3)."""
_BLOCK = re.compile(rb"^linkHealth:\n(?:[ -].*\n)*", re.MULTILINE)
CONFIGURATION = "body: yes\ncontact_url: mailto:desk@news.example\nowners:\n" + "".join(
    f"  {folder}: {name}\n" for folder, name in OWNERS.items()
)
NOTIFICATIONS = """\
notifications:
  desk:
    about: [newly-broken, newly-dead, recovered, alarms, held]
    digest: daily
    most: 100
"""


@dataclass(slots=True)
class Figures:
    """What is counted. What stands in `wrong` breaks a bound."""

    runs: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    news: Counter[str] = field(default_factory=Counter)
    told_again: int = 0
    """News that were told before the state was lost."""
    delays: list[int] = field(default_factory=list)
    """Days from each death to its confirmation in a message."""
    from_visit: list[int] = field(default_factory=list)
    """Days from the first visit that could see it."""
    dead_before_messages: int = 0
    unvisited: int = 0
    confirming: int = 0
    lost_deaths: int = 0
    decisions: int = 0
    moves_repaired: int = 0
    files_by_runs: int = 0
    files_by_decisions: int = 0
    days_without_report: int = 0
    acts: int = 0
    requests: int = 0
    alarms: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    false: Counter[str] = field(default_factory=Counter)


class Year:
    """One collection on a disk of its own, in a web of its own."""

    def __init__(
        self,
        web: NamespaceWeb,
        folder: Path,
        of: World,
        every: int,
        seed: int,
        *,
        with_history: bool,
        log: IO[str],
        decides: int = 7,
    ) -> None:
        self.web, self.folder, self.world, self.every = web, folder, of, every
        self.decides = decides
        self.figures = Figures()
        self.disk = folder / "disk"
        self.disk.mkdir()
        self.root = self.disk / "articles"
        self.messages = folder / "messages.jsonl"
        self.program = folder / "linkhealth"
        self.log = log
        self._read = 0
        self._told: dict[str, str] = {}
        self._told_before_loss: set[tuple[str, str]] = set()
        self._first_seen: dict[str, int] = {}
        self._dead_told: dict[str, int] = {}
        self._spoilt = 0
        count = of.days // every

        def at(share: float) -> int:
            """The share of the year, on a day of a run."""
            return int(count * share) * every

        self.full = {at(0.33), at(0.33) + every}
        self.loss = at(0.70)
        self.killed = {at(0.15), at(0.58)}
        self.overlaps = {at(0.12), at(0.85)}
        self.old = _older_code(folder) if with_history else None
        self.upgrade = at(0.17) if self.old else 0
        mounted = web.run(["mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", str(self.disk)])
        assert mounted.code == 0, mounted.stderr
        # The mount is in the web's own namespace, whose holder shows it to us.
        self.seen = Path("/proc", web.through[2], "root")
        self.articles.mkdir()
        self._say(f"seed {seed}, a run each {every} d, {of.days} days, {len(of.stories)} articles")
        self._say(
            f"full disk {sorted(self.full)}, state lost {self.loss}, killed {sorted(self.killed)}, overlapping {sorted(self.overlaps)}"
        )
        self._say(
            f"upgrade on day {self.upgrade}" if self.old else "no older code here: no upgrade"
        )
        for event in of.events:
            self._say(
                f"day {event.start:3}–{event.end or '':3} {event.kind}: {event.host or ' '.join(event.urls)}"
            )

    @property
    def articles(self) -> Path:
        """The articles as this process reaches them."""
        return self.seen / self.root.relative_to("/")

    def live(self) -> Figures:
        """Let the year go by."""
        self._install(self.old or PROJECT)
        self._configure(CONFIGURATION if self.old else CONFIGURATION + NOTIFICATIONS)
        for day in range(0, self.world.days, self.every):
            if self.old and day == self.upgrade:
                # What an operator does once: a new version, and its channel.
                self._install(PROJECT)
                self._configure(CONFIGURATION + NOTIFICATIONS)
            self._write_stories(day)
            self.web.set_rules(self.world.rules(day))
            self.web.set_names(self.world.names(day))
            self._night(day)
            if (day // self.every + 1) % (self.decides // self.every) == 0:
                self._decide(day)
        self._settle()
        return self.figures

    def _night(self, day: int) -> None:
        before = self._contents()
        if day == self.loss:
            done = self.web.run(["rm", "-r", str(self.root / ".linkhealth")])
            assert done.code == 0, done.stderr
            self._told_before_loss = set(self._told.items())
            self._told.clear()
            self._first_seen.clear()
        ballast = self.seen / (self.disk / "ballast").relative_to("/")
        if day in self.full:
            _fill(ballast)
        self.web.forget()
        if day in self.killed:
            self._kill_one(day)
        elif day in self.overlaps:
            code = self._overlap(day)
            if code != 75:
                self._wrong("overlap", f"day {day}: the second run ended with {code}, not 75")
        done = self._scheduled(day)
        self.figures.requests += len(self.web.requests())
        ballast.unlink(missing_ok=True)
        self._code(day, done)
        self._check_files(day, before)
        self._check_report(day, done.code)
        self._check_messages(day)

    # ------------------------------------------------------------------ the runs

    def _line(self, day: int, *, systemd: bool) -> tuple[list[str], dict[str, str]]:
        """The command and the whole environment that the scheduler gives it."""
        given = {
            "LINKHEALTH_CLOCK": (BEGIN + timedelta(days=day)).isoformat(),
            "LINKHEALTH_CA_FILE": str(self.web.origin.ca_file),
            "LINKHEALTH_HOST_DELAY": "0",
            "LINKHEALTH_SECOND_LOOK": "1",
            "LINKHEALTH_NETWORK_PAUSES": "0.2",
            "LINKHEALTH_NOTIFY_DESK": f"file:{self.messages}",
        }
        deploy = PROJECT / "deploy"
        if systemd:
            unit = configparser.ConfigParser(strict=False, interpolation=None)
            unit.read(deploy / "systemd/linkhealth.service")
            bare = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "USER": "linkhealth"}
            return shlex.split(self._here(unit["Service"]["ExecStart"])), bare | given
        # As docs/schedulers says: variables stand above the job in its file.
        environ = {"SHELL": "/bin/sh", "HOME": str(self.folder), "LOGNAME": "linkhealth"}
        text = (deploy / "cron/linkhealth.cron").read_text(encoding="utf-8")
        jobs = []
        for line in text.splitlines():
            if line[:1].isdigit():
                jobs.append(line.split(maxsplit=6)[6])
            elif (found := re.fullmatch(r"(\w+)=(.*)", line)) is not None:
                environ[found[1]] = found[2]
        (job,) = jobs
        return [environ["SHELL"], "-c", self._here(job)], environ | given

    def _here(self, line: str) -> str:
        places = ((PROGRAM, self.program), (FOLDER, self.root), (LOCKS, self.folder))
        for place, own in places:
            line = line.replace(place, str(own))
        return line

    def _scheduled(self, day: int) -> Completed:
        argv, environ = self._line(day, systemd=(day // self.every) % 3 == 2)
        self.figures.runs += 1
        return self.web.run(argv, cwd=self.folder, env=environ, timeout=LIMIT)

    def _kill_one(self, day: int) -> None:
        argv, environ = self._line(day, systemd=False)
        self.figures.runs += 1
        with self.web.start(argv, cwd=self.folder, env=environ) as process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1.5)
            kill_group(process.pid)
            self.figures.codes[f"killed ({process.wait(LIMIT)})"] += 1

    def _overlap(self, day: int) -> int:
        """The exit code of a run that begins while another one is at work."""
        argv, environ = self._line(day, systemd=False)
        self.figures.runs += 2
        with self.web.start(argv, cwd=self.folder, env=environ) as process:
            time.sleep(0.5)
            code = self.web.run(argv, cwd=self.folder, env=environ, timeout=LIMIT).code
            first = process.wait(LIMIT)
        self.figures.codes[str(code)] += 1
        self.figures.codes[str(first)] += 1
        return code

    def _typed(self, day: int, *arguments: str) -> Completed:
        _, environ = self._line(day, systemd=True)
        return self.web.run(
            [str(self.program), *arguments], cwd=self.folder, env=environ, timeout=LIMIT
        )

    def _code(self, day: int, done: Completed) -> None:
        self.figures.codes[str(done.code)] += 1
        if done.code not in FINE or done.stderr.strip():
            self._say(f"day {day}: exit code {done.code}: {done.stderr.strip()[-300:]}")
        spoilt = self.world.is_spoilt(day)
        self._spoilt += spoilt or day in self.full
        expected = set(FINE)
        if spoilt:
            # 0 where nothing was due that night.
            expected = {5, *FINE}
        if day in self.full:
            expected |= {1, 7}
        if done.code in MONITORED:
            self._check_alarms(day)
            expected.add(done.code)
        if done.code not in expected:
            self.figures.acts += 1
            self._wrong(
                "act", f"day {day}: exit code {done.code} without a cause: {done.stderr[-500:]}"
            )
        if "Traceback" in done.stderr:
            self._wrong("traceback", f"day {day}: {done.stderr[-800:]}")

    def _check_alarms(self, day: int) -> None:
        """Whether what a run noticed of itself is true. Nothing else ends with its exit code."""
        report = self._report()
        raised = report["alarms"] if report is not None else []
        if not raised:
            self._wrong("alarm", f"day {day}: an exit code of alarms, and none in the report")
        for alarm in raised:
            code, host = alarm["code"], alarm["host"]
            self.figures.alarms[code] += 1
            out = [one for one in self.world.events if one.host and one.is_on(day)]
            is_true = {
                "state-lost": day == self.loss,
                "disk-low": day in self.full,
                "host-down": any(one.host == host for one in out),
                "few-checked": bool(out),
                "waits-rise": bool(out),
                "unverifiable-rises": bool(out),
            }
            if not is_true.get(code):
                self._false(day, "alarm", code, alarm)

    # ------------------------------------------------------------------ what is looked at

    def _check_files(self, day: int, before: dict[str, bytes]) -> None:
        """A run may change its block and nothing else."""
        after = self._contents()
        changed = {name for name in before | after if before.get(name) != after.get(name)}
        self.figures.files_by_runs += len(changed)
        for name in sorted(changed):
            if _BLOCK.sub(b"", before.get(name, b"")) != _BLOCK.sub(b"", after.get(name, b"")):
                self._wrong("bytes", f"day {day}: a run changed {name} outside its block")
        if day in self.full and changed:
            for name in changed:
                yaml.safe_load(after[name].split(b"---\n")[1])

    def _check_report(self, day: int, code: int) -> None:
        report = self._report()
        if report is None:
            self.figures.days_without_report += 1
            if day not in self.full and day != self.loss:
                self._wrong("report", f"day {day}: no report, exit code {code}")
            return
        seen = {entry["url"]: entry for entry in report["urls"]}
        for url, event in self.world.deaths():
            entry = seen.get(url)
            if entry is None or day < event.start or url in self._first_seen:
                continue
            if (entry["checked_at"] or "") >= (BEGIN + timedelta(days=event.start)).isoformat()[
                :10
            ]:
                self._first_seen[url] = day
        if self.old and day < self.upgrade:
            for url, event in self.world.deaths():
                if url in seen and seen[url]["verdict"] == "dead" and url not in self._dead_told:
                    self._dead_told[url] = day
                    self.figures.dead_before_messages += 1
                    self.figures.delays.append(day - event.start)

    def _check_messages(self, day: int) -> None:
        if not self.messages.exists():
            return
        data = self.messages.read_bytes()
        new, self._read = data[self._read :], len(data)
        for line in new.splitlines():
            message = json.loads(line)
            self.figures.messages += 1
            self._say(f"day {day}: MESSAGE {message['title']}")
            for alarm in message["alarms"]:
                self.figures.news[f"alarm {alarm['code']}"] += 1
                self._say(f"    alarm: {alarm}")
            for held in message["held"]:
                self.figures.news["held"] += 1
                self._say(f"    held: {held}")
            for group in message["owners"]:
                for link in group["links"]:
                    self._hear(day, link, ", ".join(group["owners"]))

    def _hear(self, day: int, link: Mapping[str, Any], owners: str) -> None:
        """One news: is it true, and is it news?"""
        url, change = link["url"], link["change"]
        self.figures.news[change] += 1
        gone = self.world.is_gone(url, day)
        after = link["after"]
        self._say(f"    {change} {url} ({after['verdict']} {after['reason']}; {owners})")
        if (change in ("new-broken", "confirmed-dead") and not gone) or (
            change == "recovered" and gone
        ):
            self._false(day, change, url, after)
        if self._told.get(url) == change:
            self._false(day, "told twice", url, after)
        self.figures.told_again += (url, change) in self._told_before_loss
        if change == "confirmed-dead" and url not in self._dead_told:
            event = next(
                (
                    one
                    for one in self.world.events
                    if one.kind.is_death and one.is_about(url) and one.is_on(day)
                ),
                None,
            )
            if event is not None and event.end is None:
                self._dead_told[url] = day
                self.figures.delays.append(day - event.start)
                self.figures.from_visit.append(day - self._first_seen.get(url, day))
                bound = (12 if self.every == 1 else 21) + self._spoilt * self.every
                if self.figures.from_visit[-1] > bound:
                    self._wrong("late", f"day {day}: {url} was visited on {self._first_seen[url]}")
        self._told[url] = change

    def _false(self, day: int, what: str, url: str, after: Mapping[str, Any]) -> None:
        self.figures.false[what] += 1
        self._wrong("message", f"day {day}: {what} {url} as {after}")

    def _settle(self) -> None:
        """What became of each death by the end of the year."""
        for url, event in self.world.deaths():
            if url in self._dead_told:
                continue
            seen = self._first_seen.get(url)
            left = self.world.days - (self._first_seen.get(url) or event.start)
            if seen is None:
                self.figures.unvisited += 1
                if left > MOST_INTERVAL + 2 * self.every and self._stands(url):
                    self.figures.lost_deaths += 1
                    self._wrong(
                        "lost", f"{url}: {event.kind} on day {event.start} was never visited"
                    )
            elif left <= (12 if self.every == 1 else 21) + self._spoilt * self.every:
                self.figures.confirming += 1
            elif self._stands(url):
                self.figures.lost_deaths += 1
                self._wrong(
                    "lost",
                    f"{url}: {event.kind} on day {event.start}, visited on {seen}, was never told",
                )

    def _stands(self, url: str) -> bool:
        return any(url.encode() in _BLOCK.sub(b"", data) for data in self._contents().values())

    # ------------------------------------------------------------------ the editor

    def _decide(self, day: int) -> None:
        """Fill in the table of the report, look at the diff, write (docs/repair.md)."""
        path = self.articles / ".linkhealth/reports/report.csv"
        if not path.exists():
            return
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        chosen = [
            row | {"decision": "accept"}
            for row in rows
            if row["suggestion"] or row["kind"] == "held"
        ]
        if not chosen:
            return
        file = self.folder / "decided.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(chosen[0]))
            writer.writeheader()
            writer.writerows(chosen)
        before = self._contents()
        shown = self._typed(day, "apply", str(file), str(self.root))
        if self._contents() != before:
            self._wrong("bytes", f"day {day}: apply changed a file without --write")
        done = self._typed(day, "apply", str(file), str(self.root), "--write")
        self.figures.decisions += len(chosen)
        if done.code != 0 or shown.code != 0:
            self._say(
                f"day {day}: apply ended with {done.code}: {done.stdout[-300:]}{done.stderr[-300:]}"
            )
        after = self._contents()
        for name in sorted(before):
            if before[name] != after[name]:
                self.figures.files_by_decisions += 1
                self._check_decided(day, name, before[name], after[name], chosen)

    def _check_decided(
        self, day: int, name: str, before: bytes, after: bytes, rows: list[dict[str, str]]
    ) -> None:
        """Every line that differs holds a value that was decided on, and each new address is where the web says."""
        decided = {row["suggestion"] for row in rows if row["path"] == name}
        values = {part for one in decided for part in (one, *one.split("x"))}
        old, new = before.decode().splitlines(), after.decode().splitlines()
        out = [line for line in old if line not in new]
        put = [line for line in new if line not in old]
        for line in put:
            value = line.partition(": ")[2].strip("\"' ")
            if not any(one and (value == one or value in one) for one in values):
                self._wrong("bytes", f"day {day}: {name} got {line!r}, which nobody decided")
        for line in out:
            url = line.partition(": ")[2].strip("\"' ")
            target = self.world.target(url) if "://" in url else None
            if target is None:
                continue
            if any(target in one for one in put):
                self.figures.moves_repaired += 1
            elif "/amp/" not in url:
                self._wrong("move", f"day {day}: {name}: {url} was not made {target}: {put}")
        self._say(f"day {day}: apply {name}: -{out} +{put}")

    # ------------------------------------------------------------------ small things

    def _install(self, code: Path) -> None:
        self.program.write_text(
            f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(code))} exec "{sys.executable}" -P -m crawler "$@"\n'
        )
        self.program.chmod(0o755)

    def _configure(self, text: str) -> None:
        (self.articles / ".linkhealth.yml").write_text(text, encoding="utf-8")

    def _write_stories(self, day: int) -> None:
        for story in self.world.stories:
            path = self.articles / story.name
            if story.written <= day and (not path.exists()):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(story.text, encoding="utf-8")

    def _contents(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.articles).as_posix(): path.read_bytes()
            for path in self.articles.rglob("*.md")
            if ".linkhealth" not in path.parts
        }

    def _report(self) -> dict[str, Any] | None:
        path = self.articles / ".linkhealth/reports/report.json"
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None
        return found

    def _wrong(self, what: str, text: str) -> None:
        self.figures.wrong.append(f"{what}: {text}")
        self._say(f"WRONG {what}: {text}")

    def _say(self, line: str) -> None:
        self.log.write(f"{line}\n")
        self.log.flush()


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
        while stream.write(bytes(4_096)):
            pass


def _older_code(folder: Path) -> Path | None:
    """The newest code whose state is two schemas older, from Git's history."""
    name = "crawler/state/upgrades.py"

    def git(*arguments: str) -> bytes:
        return subprocess.run(
            ["git", "-C", str(PROJECT), *arguments], capture_output=True, check=True
        ).stdout

    try:
        for commit in git("log", "--format=%H", "--first-parent", "--", name).decode().split():
            tree = ast.parse(git("show", f"{commit}:{name}"))
            steps = [
                len(one.value.elts)
                for one in tree.body
                if isinstance(one, ast.AnnAssign)
                and ast.unparse(one.target) == "STEPS"
                and isinstance(one.value, ast.Tuple)
            ]
            if steps and steps[0] + 1 <= SCHEMA_VERSION - 2:
                target = folder / "older"
                target.mkdir()
                packed = git("archive", commit, "crawler", "spiders", "pipelines", "scrapy.cfg")
                subprocess.run(["tar", "-x", "-C", str(target)], input=packed, check=True)
                return target
    except (OSError, subprocess.CalledProcessError):
        return None
    return None


def as_told(figures: Figures) -> dict[str, Any]:
    """The figures by name. Not by `asdict`, which spoils counters."""
    return {one.name: getattr(figures, one.name) for one in fields(figures)}


def show(figures: Figures) -> None:
    """Print the table."""
    for name, value in as_told(figures).items():
        if name in ("delays", "from_visit"):
            shown = (
                f"{len(value)}, median {statistics.median(value)}, worst {max(value)}"
                if value
                else "0"
            )
        elif name in ("codes", "news", "alarms", "false"):
            shown = ", ".join(f"{key} {count}" for key, count in sorted(value.items())) or "0"
        elif name == "wrong":
            shown = str(len(value))
        else:
            shown = str(value)
        print(f"{name.replace('_', ' '):24}{shown}")
    for line in figures.wrong:
        print(f"WRONG {line}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--every", choices=("day", "week"), default="day")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--log", type=Path, metavar="FILE", help="every event, message and change")
    options = parser.parse_args()
    every = 1 if options.every == "day" else 7
    began = time.perf_counter()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="year-")))
        log = stack.enter_context((options.log or folder / "log").open("w", encoding="utf-8"))
        web = stack.enter_context(NamespaceWeb())
        lived = world(options.days, options.seed, every=every)
        year = Year(web, folder, lived, every, options.seed, with_history=True, log=log)
        figures = year.live()
    show(figures)
    if options.json is not None:
        options.json.write_text(json.dumps(as_told(figures), indent=2) + "\n", encoding="utf-8")
    print(f"{(time.perf_counter() - began) / 60:.1f} minutes")
    return 1 if figures.wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""The demonstration itself: two audits of one collection, and what they found in plain words."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import crawler
from crawler.demonstration.authority import make_authority
from crawler.demonstration.origin import Origin
from crawler.demonstration.playground import REPORTS, snapshot, written_block
from crawler.demonstration.scenes import ROUNDS, Scene, host_names, load_scenes
from crawler.demonstration.verification import Finding, Findings, differences
from crawler.model.verdict import VerdictKind
from crawler.reporting.words.escaping import printable

BETWEEN_ROUNDS = timedelta(days=8)
"""More than the seven days that strikes must span before a link is called dead (rule S2)."""
HOST_DELAY = 0.05
"""Seconds between requests; our own hosts need no politeness."""
SECOND_LOOK = 0.5
"""Seconds until a link that fails for the first time is asked again; nothing stands between us and our own hosts."""
REPORT_FILES = ("report.html", "report.csv", "report.json")
EXAMPLE = "_news/2021-06-21-salt-maps.md"
"""A file that both rounds write to: its page is gone, and then confirmed as dead."""
_MOST_SHOWN = 8
_STOPPED_WITHIN = 5.0
_PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy", "ftp_proxy"})
_WORDS = {
    VerdictKind.ALIVE: "answer as themselves",
    VerdictKind.MOVED: "have a new address",
    VerdictKind.BROKEN: "are gone by what they answer, to be confirmed on a later day",
    VerdictKind.DEAD: "are gone for good: two rounds, days apart, agree",
    VerdictKind.UNVERIFIABLE: "do not let themselves be checked: walls, limits, outages",
    VerdictKind.INVALID: "can be visited by nobody",
    VerdictKind.EXCLUDED: "were left out",
    VerdictKind.UNCHECKED: "were not visited",
}
Say = Callable[[str], None]


class AuditFailedError(Exception):
    """An audit ended with an error, or left no report."""


@dataclass(frozen=True, slots=True)
class _Setup:
    """What both rounds need. `start` is the pretended time of the first round."""

    folder: Path
    origin: Origin
    authority: Path
    scenes: Mapping[str, Scene]
    start: datetime


def tour(folder: Path, program: str, say: Say, heading: Say) -> list[str]:
    """Audit `folder`, a fresh playground, twice; say what happens; return what was not as expected.

    `program` is how somebody types `linkhealth` here.

    Raises AuditFailedError where a round cannot be judged, OSError where no server can be started.
    """
    wrong: list[str] = []
    with ExitStack() as stack:
        setup = _set_up(folder, stack)
        _introduce(setup, say)
        before: Findings | None = None
        for number in ROUNDS:
            heading(f"Round {number} of {len(ROUNDS)}")
            if before is not None:
                say("Eight days later. One page has gone, one is back, one image was replaced,")
                say("and what is still gone can be confirmed.")
            files = snapshot(folder)
            findings = _audit(setup, number)
            say("")
            _tell(findings, before, say)
            _tell_files(folder, files, say)
            wrong += [
                f"round {number}: {line}" for line in differences(findings, setup.scenes, number)
            ]
            before = findings
    _tell_next(folder, program, say, heading)
    return wrong


def child_environment(
    environ: Mapping[str, str], connect_to: str, authority: Path, clock: datetime
) -> dict[str, str]:
    """The environment of an audit that can only reach the demonstration's web.

    The operator's own LINKHEALTH_* settings and proxies are left out: the demonstration neither
    writes to their database nor asks their proxy for its invented hosts.
    """
    kept = {
        name: value
        for name, value in environ.items()
        if not name.startswith("LINKHEALTH_") and name.lower() not in _PROXIES
    }
    root = str(Path(crawler.__file__).parent.parent)
    return kept | {
        # The project may be run from a checkout, which no installed package stands for.
        "PYTHONPATH": os.pathsep.join(filter(None, (root, environ.get("PYTHONPATH")))),
        "LINKHEALTH_CONNECT_TO": connect_to,
        "LINKHEALTH_CA_FILE": str(authority),
        "LINKHEALTH_HOST_DELAY": str(HOST_DELAY),
        "LINKHEALTH_SECOND_LOOK": str(SECOND_LOOK),
        "LINKHEALTH_CLOCK": clock.isoformat(timespec="seconds"),
    }


def _set_up(folder: Path, stack: ExitStack) -> _Setup:
    scenes = load_scenes()
    keys = Path(stack.enter_context(TemporaryDirectory(prefix="linkhealth-demo-")))
    authority = make_authority(keys, host_names(scenes.values()))
    origin = stack.enter_context(Origin(scenes, authority))
    # The second round takes place now, so that the state that it leaves is not of the future.
    start = datetime.now(UTC) - BETWEEN_ROUNDS
    return _Setup(folder, origin, authority.certificate, scenes, start)


def _introduce(setup: _Setup, say: Say) -> None:
    hosts = len(host_names(setup.scenes.values()))
    origin = setup.origin
    say("A sample collection, and a small web that answers for it. Nothing leaves this computer.")
    say(f"  collection  {printable(str(setup.folder))}")
    say(
        f"  web         127.0.0.1, {hosts} host names, "
        f"ports {origin.http_port} (http) and {origin.https_port} (https)"
    )


def _audit(setup: _Setup, number: int) -> Findings:
    setup.origin.round = number
    command = [sys.executable, "-P", "-m", "crawler", "audit", str(setup.folder)]
    command += ["--fail-on", "never"]
    if number > 1:
        command += ["--due", "all"]
    clock = setup.start + (number - 1) * BETWEEN_ROUNDS
    environment = child_environment(os.environ, setup.origin.connect_to, setup.authority, clock)
    with _running(command, environment) as child:
        code = child.wait()
    if code != 0:
        raise AuditFailedError(f"the audit of round {number} ended with exit code {code}")
    try:
        return Findings.read(setup.folder / REPORTS / "report.json")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AuditFailedError(f"round {number} left no readable report: {error!r}") from error


@contextmanager
def _running(
    command: list[str], environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """A child that shares our terminal and never outlives the block."""
    child = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)  # noqa: S603
    try:
        yield child
    finally:
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(_STOPPED_WITHIN)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _tell(findings: Findings, before: Findings | None, say: Say) -> None:
    counts = findings.by_verdict()
    say(f"In plain words: of {counts.total()} addresses")
    for kind, words in _WORDS.items():
        if counts[kind]:
            say(f"  {counts[kind]:>4} {words} ({kind})")
            if before is None and kind is not VerdictKind.ALIVE:
                say(f"       for example {_shown(*findings.example(kind))}")
    if before is None:
        for path, line, message in findings.problems:
            say(f"Left alone: {printable(f'{path}:{line}')}: {printable(message, 160)}")
        return
    _tell_urls("Newly gone", findings.newly_gone(before), findings, say)
    _tell_urls("Recovered", findings.recovered(before), findings, say)
    _tell_urls("Confirmed as dead", findings.confirmed(before), findings, say)
    _tell_urls("Images of another size", findings.resized(before), findings, say)


def _tell_urls(title: str, urls: list[str], findings: Findings, say: Say) -> None:
    say(f"{title}: {len(urls)}")
    for url in urls[:_MOST_SHOWN]:
        say(f"  {_shown(url, findings.urls[url])}")
    if len(urls) > _MOST_SHOWN:
        say(f"  and {len(urls) - _MOST_SHOWN} more")


def _shown(url: str, finding: Finding) -> str:
    size = "" if finding.size is None else f", {finding.size[0]}x{finding.size[1]}"
    return f"{printable(url)} ({printable(finding.reason)}{size})"


def _tell_files(folder: Path, before: Mapping[str, str], say: Say) -> None:
    after = snapshot(folder)
    changed = [name for name in after if before.get(name) != after[name]]
    say(f"Files changed: {len(changed)} of {len(after)}")
    for name in changed[:_MOST_SHOWN]:
        say(f"  {printable(name)}")
    if len(changed) > _MOST_SHOWN:
        say(f"  and {len(changed) - _MOST_SHOWN} more")


def _tell_next(folder: Path, program: str, say: Say, heading: Say) -> None:
    block = written_block(folder / EXAMPLE)
    if block is not None:
        heading(f"What was written into {EXAMPLE}")
        for line in block.split("\n"):
            say(f"  {printable(line)}")
    heading("Reports")
    for name in REPORT_FILES:
        path = folder / REPORTS / name
        if path.is_file():
            say(f"  {printable(str(path))}")
    shown = shlex.quote(str(folder))
    heading("What to type next")
    for arguments, what in (
        (
            f"apply --suggested moves,image-sizes {shown}",
            "what would mend moved links and wrong sizes, as a diff",
        ),
        (f"strip {shown}", "take every block out again, byte for byte"),
    ):
        say(f"  {printable(f'{program} {arguments}')}")
        say(f"      {what}")
    heading("On articles of your own, PATH being their folder")
    say(f"  {printable(program)} init PATH")
    say(f"  {printable(program)} audit PATH")

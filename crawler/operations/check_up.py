"""Whether a collection and its machine are ready for a run: what `linkhealth doctor` looks at without the network.

Nothing is changed: files are read into a state of its own, which is gone at the end.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

from crawler.configuration import Configuration
from crawler.configuration.file import FILE_NAME
from crawler.configuration.notification_targets import FILE
from crawler.model.article import Problem
from crawler.model.condition import CheckedPart, Condition, fail, ok, warn
from crawler.model.run import Run
from crawler.operations.intake import IntakeCount
from crawler.reporting.words.counting import counted
from crawler.session import Session
from crawler.state import Peek, State, StateError, peek_at

LEAST_FREE, LITTLE_FREE = 100 << 20, 1 << 30
"""Bytes of a disk: below the first a run is likely to end in the middle, below the second soon."""
QUICK = 0.25
"""Seconds between two requests to one host, below which owners take a crawl for an attack."""
_EARLIEST, _LATEST = 2024, 2100
"""Years of a clock that may be right: this program is not older."""
_LOOKED_AT = 100
"""URLs of a host."""
_NAMED = 3
"""Files, places and hosts that a line names."""
_SHOWN = "`linkhealth init PATH` shows what their fields hold"


@dataclass(frozen=True, slots=True)
class DueHost:
    """A host with how many of its links are due, and the seconds from one request there to the next."""

    host: str
    links: int
    delay: float

    @property
    def seconds(self) -> float:
        """How long its queue takes at best: robots.txt and each link, one delay apart."""
        return self.links * self.delay


def configuration_conditions(configuration: Configuration, root: Path) -> Iterator[Condition]:
    """The options that are not at their defaults, each with its source, and those that an operator should know of."""
    part = CheckedPart.CONFIGURATION
    chosen = [one for one in configuration.settings if one.source != "default"]
    if not (root / FILE_NAME).exists():
        yield ok(part, f"no {FILE_NAME}: defaults hold for what is not set elsewhere")
    for one in chosen:
        yield ok(part, f"{one.name} = {one.value} ({one.source})")
    yield ok(part, f"{len(configuration.settings) - len(chosen)} options at their defaults")
    if configuration.hint is not None:
        yield warn(part, "site owners cannot reach you", configuration.hint)
    for notice in configuration.notices:
        yield warn(part, "a name has changed", notice)
    for fault in configuration.secrets.faults:
        yield fail(part, str(fault), "a run that visits would end with this message")
    delay = configuration.fixed_delay or configuration.policy.politeness.delay
    if delay < QUICK:
        yield warn(
            part,
            f"{delay:g} s between two requests to a host: owners may take that for an attack",
            f"give all hosts {QUICK:g} s at least, and less to your own alone (`hosts` in {FILE_NAME})",
        )
    if not configuration.respect_robots:
        yield warn(
            part,
            "robots.txt of all sites is ignored",
            f"ignore it for sites of your own alone, and say why (`ignore_robots` under `hosts` in {FILE_NAME})",
        )
    if configuration.allow_private:
        yield warn(
            part,
            "addresses of private networks may be visited",
            "unset LINKHEALTH_ALLOW_PRIVATE where the articles are not all yours",
        )


def channel_conditions(configuration: Configuration) -> Iterator[Condition]:
    """Who is told after a run, and which channels lead nowhere. Of targets only their kinds are named."""
    part = CheckedPart.CONFIGURATION
    kinds = [one.scheme for targets in configuration.targets.values() for one in targets]
    for name, targets in configuration.targets.items():
        yield ok(
            part, f"channel {name} is told after a run: {', '.join(one.name for one in targets)}"
        )
    for sentence in configuration.channels_without_target:
        yield warn(part, sentence, "set it, or take the channel out")
    if any(kind != FILE for kind in kinds) and find_spec("apprise") is None:
        yield warn(
            part, "messages need apprise, which is missing", "pip install 'linkhealth[notify]'"
        )


def clock_conditions(now: datetime, last: datetime | None, *, is_set: bool) -> Iterator[Condition]:
    """Whether the time can be right; `last` is when the last run began, None for none."""
    part = CheckedPart.CLOCK
    said = f"{now:%Y-%m-%d %H:%M} UTC"
    if is_set:
        yield warn(part, f"{said}, because LINKHEALTH_CLOCK says so", "unset it for real runs")
    elif not _EARLIEST <= now.year < _LATEST:
        yield fail(part, f"{said} cannot be", "set the clock of this machine")
    elif last is not None and now < last - timedelta(minutes=5):
        yield fail(
            part,
            f"{said} is before the last run ({last:%Y-%m-%d %H:%M})",
            "set the clock of this machine; if it is right now, it was wrong then",
        )
    else:
        yield ok(part, said)


def disk_conditions(places: Mapping[str, Path], *, writes: Path | None) -> Iterator[Condition]:
    """Whether there is room, and the right to write into `writes` (None where a run writes into no file)."""
    part = CheckedPart.DISK
    for name, place in places.items():
        try:
            free = shutil.disk_usage(place).free
        except OSError as error:
            yield fail(part, f"{name} ({place}): {error.strerror}", "make it readable")
            continue
        said = f"{free / (1 << 30):,.1f} GB free for {name} ({place})"
        if free < LEAST_FREE:
            yield fail(part, said, "make room: a run would end in the middle")
        elif free < LITTLE_FREE:
            yield warn(part, said, "make room")
        else:
            yield ok(part, said)
    if writes is not None and not os.access(writes, os.W_OK):
        yield fail(
            part,
            f"{writes} cannot be written",
            f"make it writable, or set write_back: no in {FILE_NAME}",
        )


def state_conditions(root: Path, database_url: str | None) -> tuple[list[Condition], Peek | None]:
    """How the state is; and what was seen of it, None where it cannot be used."""
    part = CheckedPart.STATE
    try:
        seen = peek_at(root, database_url)
    except StateError as error:
        return [fail(part, str(error), "a run would end with this message")], None
    if seen.version is None:
        return [ok(part, f"none yet; the first audit makes {seen.name}")], seen
    size = "" if seen.bytes is None else f", {seen.bytes / (1 << 20):,.1f} MB"
    found = [ok(part, f"{seen.name}, schema {seen.version}{size}")]
    if seen.is_held:
        advice = "wait for it; a second one ends with exit code 75"
        found.append(warn(part, "a run is under way now", advice))
    if not seen.is_current:
        found.append(_of_another_version(seen))
        return found, None
    return found, seen


def _of_another_version(seen: Peek) -> Condition:
    from crawler.state.upgrades import SCHEMA_VERSION

    part, known = CheckedPart.STATE, SCHEMA_VERSION
    if (seen.version or 0) < known:
        advice = "keep a copy if you may want to go back"
        return warn(part, f"the next command brings the schema to {known}", advice)
    return fail(part, f"a newer linkhealth wrote it (this one knows schema {known})", "upgrade")


def run_condition(last: Run | None, now: datetime) -> Condition:
    """How the last run ended."""
    part = CheckedPart.STATE
    if last is None:
        return ok(part, "no run has been made")
    age = max(0, (now - last.started_at).days)  # clocks differ a little
    said = (
        f"last run: {last.started_at:%Y-%m-%d}, {age} days ago, {last.finish_reason or 'not ended'}"
    )
    if last.finish_reason == "finished":
        return ok(part, said)
    return warn(part, said, "the next audit goes on where it ended")


@contextmanager
def read_apart(given: Mapping[str, str], environ: Mapping[str, str]) -> Iterator[Session]:
    """The collection with a state of its own, which is gone after the block: the real one may be another's at the moment.

    Raises what opening a collection raises.
    """
    with tempfile.TemporaryDirectory(prefix="linkhealth-doctor-") as folder:
        own = {**environ, "LINKHEALTH_DATABASE_URL": f"sqlite:///{folder}/state.sqlite3"}
        with Session.open(given, own, exclusive=False, finds_fields=True) as session:
            yield session


def article_conditions(session: Session, count: IntakeCount) -> Iterator[Condition]:
    """What the files hold, after they were read."""
    part, state = CheckedPart.ARTICLES, session.state
    articles, problems = state.summary(None).articles, state.problems()
    found = state.extent(session.selection)
    yield ok(
        part,
        f"{counted(articles, 'article')} with {counted(found.references, 'reference')} to {counted(found.urls, 'URL')}",
    )
    if session.reads is not None and found.urls:
        yield ok(part, session.reads)
    left_out = session.repository.left_out()
    if left_out:
        names = ", ".join(left_out[:_NAMED]) + (", …" if len(left_out) > _NAMED else "")
        yield ok(part, f"left out as built or ignored: {names} (`include` has them read)")
    if count.without_front_matter:
        yield ok(
            part,
            f"no article, for lack of front matter: {counted(count.without_front_matter, 'Markdown file')}",
        )
    if problems:
        yield _refused(problems)
    if not articles:
        yield fail(part, "no article could be read", "mend the files named above")
    elif not found.urls:
        yield fail(
            part,
            "no article has a link in a field that is read",
            f"{_SHOWN}; name those with addresses (`fields` in {FILE_NAME}), or set body: yes for the links of the text",
        )
    elif without := articles - found.articles:
        yield warn(
            part,
            f"{without:,} of {articles:,} articles have no link",
            f"{_SHOWN}; add what is missing (`fields` in {FILE_NAME}), or set body: yes",
        )


def _refused(problems: list[Problem]) -> Condition:
    named = "; ".join(
        f"{one.path}:{one.line}: {one.message}" if one.line else f"{one.path}: {one.message}"
        for one in problems[:_NAMED]
    )
    more = f"; and {len(problems) - _NAMED:,} more" if len(problems) > _NAMED else ""
    return warn(
        CheckedPart.ARTICLES,
        f"{counted(len(problems), 'problem')} in files: {named}{more}",
        "mend these lines; a file that cannot be read is not checked",
    )


def due_hosts(state: State, session: Session) -> tuple[list[DueHost], int]:
    """The hosts that a run would visit now by what is in `state`, the longest queue first, and how many URLs are known."""
    configuration = session.configuration
    hosts = []
    for one in state.due_hosts(session.selection, configuration.clock.now(), 0):
        manners = configuration.manners(one.host, images_only=one.images_only)
        if not manners.skip:
            hosts.append(DueHost(one.host, one.count, manners.delay))
    known = state.extent(session.selection).urls
    return sorted(hosts, key=lambda one: (-one.seconds, one.host)), known


def some_urls(state: State, session: Session, host: str) -> tuple[str, ...]:
    """Some of the URLs of a host that are due."""
    now = session.configuration.clock.now()
    return tuple(one.url for one in state.due_links(host, session.selection, now, 0, 0, _LOOKED_AT))


def plan_condition(hosts: list[DueHost], known: int) -> Condition:
    """What a run would do now, and how long it takes at best: as long as the host with the longest queue."""
    part = CheckedPart.RUN
    due = sum(one.links for one in hosts)
    if not due:
        return ok(
            part, f"nothing is due of {counted(known, 'URL')}; `--due all` visits them all the same"
        )
    longest = hosts[0]
    return ok(
        part,
        f"{due:,} of {counted(known, 'URL')} due on {counted(len(hosts), 'host')}; at best {in_words(longest.seconds)}: "
        f"{longest.host} has {longest.links:,}, {longest.delay:g} s apart",
    )


def in_words(seconds: float) -> str:
    """A duration, rounded up to what matters."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"

"""What a crawl wants done next. Whoever carries a step out comes back for the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crawler.fetching.visit import Visit
from crawler.model.link import DueLink
from crawler.model.observation import Observation
from crawler.rules.outage.windows import WindowFinding


@dataclass(frozen=True, slots=True)
class Ask:
    """Make the visit's next request; `Crawl.answered` or `Crawl.failed` gets what comes of it."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class Commit:
    """Judge observations and commit them, all at once: each is of another link."""

    visits: Sequence[tuple[DueLink, Observation]]


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait until something comes in, `seconds` at most; None where only that can bring more."""

    seconds: float | None


@dataclass(frozen=True, slots=True)
class Stop:
    """End early: the crawl cannot see the web, and this says why."""

    finding: WindowFinding


@dataclass(frozen=True, slots=True)
class LookUp:
    """Look names up, past what is remembered, and connect to nothing; `Crawl.looked_up` gets what comes of it.

    `elsewhere` asks the operator's second resolver.
    """

    names: tuple[str, ...]
    elsewhere: bool = False


Step = Ask | Commit | Wait | Stop | LookUp

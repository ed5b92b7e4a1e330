"""Whether the network can be believed, and whether hosts of the collection want our visits: `linkhealth doctor`.

The trial of names is that of a run (rule O17). Hosts are asked for their robots.txt alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from crawler.configuration import Configuration
from crawler.crawl.name_trial import SURELY_THERE, NameTrial
from crawler.fetching.fetched import Fetched, NotFetchedError
from crawler.fetching.robots_reading import read
from crawler.model.condition import CheckedPart, Condition, fail, ok, warn

MOST_HOSTS = 5
"""Hosts that are asked: those with most links."""
_PART = CheckedPart.NETWORK
_LONG_DELAY = 10.0
"""Seconds of a `Crawl-delay` that make a run long."""


class Web(Protocol):
    """The web as a run sees it."""

    async def fetch(self, url: str) -> Fetched:
        """Fetch a URL with its redirects. Raises NotFetchedError."""

    async def look_up(self, names: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """The addresses of names; empty for one that has none."""


@dataclass(frozen=True, slots=True)
class AskedHost:
    """A host of the collection: one of its origins (`https://host`), and some of the URLs that are due there."""

    origin: str
    urls: tuple[str, ...]

    @property
    def host(self) -> str:
        """Its name, with a port that is no default."""
        return urlsplit(self.origin).netloc


async def network_conditions(
    web: Web, hosts: Sequence[AskedHost], configuration: Configuration
) -> list[Condition]:
    """What the resolver and the hosts answer."""
    if configuration.connect_to.rules:
        found = [ok(_PART, "names are not looked up: LINKHEALTH_CONNECT_TO says where to connect")]
    else:
        found = list(await _names(web, hosts))
    answers = await asyncio.gather(*(_robots(web, one) for one in hosts[:MOST_HOSTS]))
    found += _reached(hosts, answers)
    for asked, answer in zip(hosts, answers, strict=False):
        if isinstance(answer, Fetched):
            found += _of_robots(asked, answer, configuration)
    return found


async def _names(web: Web, hosts: Sequence[AskedHost]) -> Iterator[Condition]:
    trial = NameTrial(lambda _url: ())
    own = [name for one in hosts[:MOST_HOSTS] if (name := urlsplit(one.origin).hostname)]
    found = await web.look_up([*trial.names, *own])
    return _of_names(found, [name for name in trial.names if name != SURELY_THERE], own)


def _of_names(
    found: Mapping[str, Sequence[str]], made_up: Sequence[str], own: Sequence[str]
) -> Iterator[Condition]:
    led = sorted({address for name in made_up for address in found.get(name, ())})
    if led:
        yield fail(
            _PART,
            f"the name server leads names that cannot exist to {', '.join(led[:3])}",
            "log in to the network if it has a portal, or use another name server; a run would not judge what is led there",
        )
    elif not any(found.values()):
        yield fail(
            _PART,
            f"no name is found, not even {SURELY_THERE}",
            "see to the network and the name server of this machine; a run would end with exit code 5",
        )
    else:
        yield ok(_PART, "names that cannot exist are not found")
    lost = [name for name in own if not found.get(name)]
    if lost and any(found.values()):
        yield warn(
            _PART,
            f"not found: {', '.join(lost)}",
            "they may be gone; where they are names of your own network, see to its name server",
        )


async def _robots(web: Web, asked: AskedHost) -> Fetched | NotFetchedError:
    try:
        return await web.fetch(f"{asked.origin}/robots.txt")
    except NotFetchedError as error:
        return error


def _reached(
    hosts: Sequence[AskedHost], answers: Sequence[Fetched | NotFetchedError]
) -> Iterator[Condition]:
    failed = [
        f"{asked.host} ({answer.code})"
        for asked, answer in zip(hosts, answers, strict=False)
        if isinstance(answer, NotFetchedError)
    ]
    reached = [
        asked.host
        for asked, answer in zip(hosts, answers, strict=False)
        if isinstance(answer, Fetched)
    ]
    if reached:
        yield ok(_PART, f"reached: {', '.join(reached)}")
    if failed:
        text, advice = f"not reached: {', '.join(failed)}", "see docs/reasons.md for each"
        yield (
            warn(_PART, text, advice)
            if reached
            else fail(_PART, text, "see to the network of this machine, to its firewall and proxy")
        )
    for asked, answer in zip(hosts, answers, strict=False):
        if isinstance(answer, Fetched) and answer.certificate is not None:
            yield warn(
                _PART,
                f"{asked.host}: {answer.certificate.value}",
                "where all hosts have it, the certificates of this machine are old, or a proxy opens what is encrypted",
            )


def _of_robots(
    asked: AskedHost, answer: Fetched, configuration: Configuration
) -> Iterator[Condition]:
    part = CheckedPart.ROBOTS
    manners = configuration.manners(urlsplit(asked.origin).hostname or "")
    if not manners.respect_robots:
        yield ok(part, f"{asked.host}: not asked, as configured")
        return
    if answer.status >= 500:
        yield warn(
            part,
            f"{asked.host}: {answer.status}",
            "nothing there is visited until it answers",
        )
        return
    if answer.status >= 400:
        yield ok(part, f"{asked.host}: has none")
        return
    rules = read(answer.body)
    denied = [url for url in asked.urls if not rules.allows(url)]
    if denied:
        yield warn(
            part,
            f"{asked.host}: forbids {len(denied)} of {len(asked.urls)} URLs looked at, such as {denied[0]}",
            "they are not visited; for a site of your own say why with ignore_robots under `hosts`",
        )
    elif rules.crawl_delay is not None and rules.crawl_delay > max(manners.delay, _LONG_DELAY):
        yield warn(
            part,
            f"{asked.host}: asks for {rules.crawl_delay:g} s between two requests",
            "a run takes so much longer; for a site of your own set its delay under `hosts`",
        )
    else:
        yield ok(part, f"{asked.host}: allows all {len(asked.urls)} URLs looked at")

"""A made-up web with a made-up truth, day by day, for `simulate_verdicts.py`.

Everything follows from a seed. Each host has at most one trouble; each URL dies at most once. Faults of our
own network affect all hosts.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import urljoin

from crawler.model.observation import (
    CertificateFault,
    FailureKind,
    Further,
    Hop,
    Neighbour,
    Observation,
    PageFacts,
    Probe,
    SoftSign,
)

START = datetime(2026, 3, 1, 3, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
NEVER = datetime.max.replace(tzinfo=UTC)
PORTAL_PAGE = "the portal's page"
PORTAL_URL = "http://portal.example/"
BLIP_PAGE = "page of a blip"


class Trouble(StrEnum):
    """A trouble of a host, or of our own network."""

    # of hosts
    REFUSED = "refused"
    TIMEOUT = "connect-timeout"
    RESET = "reset"
    SERVER_ERROR = "http-503"
    SERVFAIL = "servfail"
    SLOW = "response-timeout"
    NXDOMAIN = "nxdomain"
    PARKED = "parked"
    BLOCKS = "blocks-us"
    BARRIER = "one-page-for-all"
    LEADS_HOME = "leads-home"
    OTHER_OWNER = "other-owner"
    # of our own network
    RESOLVER_DOWN = "resolver-down"
    HIJACK = "nxdomain-hijack"
    NO_ROUTE = "no-route"
    DROPPED = "packets-dropped"
    PORTAL_ANSWERS = "portal-200"
    PORTAL_REDIRECTS = "portal-redirect"
    PROXY_REFUSES = "proxy-403"
    # of our own network, for seconds or minutes
    BLIP_NXDOMAIN = "blip-nxdomain"
    BLIP_NODATA = "blip-nodata"
    BLIP_REFUSED = "blip-refused"
    BLIP_RESET = "blip-reset"
    BLIP_404 = "blip-404"
    BLIP_410 = "blip-410"
    BLIP_PAGE_200 = "blip-page-200"
    BLIP_PAGE_404 = "blip-page-404"
    BLIP_PAGE_503 = "blip-page-503"


FAILURES = {
    Trouble.REFUSED: FailureKind.CONNECT_REFUSED,
    Trouble.TIMEOUT: FailureKind.CONNECT_TIMEOUT,
    Trouble.RESET: FailureKind.CONNECTION_RESET,
    Trouble.SERVFAIL: FailureKind.DNS_SERVFAIL,
    Trouble.SLOW: FailureKind.RESPONSE_TIMEOUT,
    Trouble.NXDOMAIN: FailureKind.DNS_NXDOMAIN,
    Trouble.RESOLVER_DOWN: FailureKind.DNS_UNAVAILABLE,
    Trouble.HIJACK: FailureKind.DNS_NXDOMAIN,
    Trouble.NO_ROUTE: FailureKind.CONNECT_NO_ROUTE,
    Trouble.DROPPED: FailureKind.CONNECT_TIMEOUT,
    Trouble.BLIP_NXDOMAIN: FailureKind.DNS_NXDOMAIN,
    Trouble.BLIP_NODATA: FailureKind.DNS_NODATA,
    Trouble.BLIP_REFUSED: FailureKind.CONNECT_REFUSED,
    Trouble.BLIP_RESET: FailureKind.CONNECTION_RESET,
}
BLIP_STATUSES = {
    Trouble.BLIP_404: 404,
    Trouble.BLIP_410: 410,
    Trouble.BLIP_PAGE_200: 200,
    Trouble.BLIP_PAGE_404: 404,
    Trouble.BLIP_PAGE_503: 503,
}
BLIP_PAGES = (Trouble.BLIP_PAGE_200, Trouble.BLIP_PAGE_404, Trouble.BLIP_PAGE_503)
CONNECTION = (Trouble.REFUSED, Trouble.TIMEOUT, Trouble.RESET)
SAYS_NOTHING = (Trouble.SERVER_ERROR, Trouble.SERVFAIL, Trouble.SLOW)
ENDS_OF_HOSTS = (Trouble.NXDOMAIN, Trouble.PARKED, Trouble.REFUSED)
_OWN_FROM, _BLIPS_FROM = map(list(Trouble).index, (Trouble.RESOLVER_DOWN, Trouble.BLIP_NXDOMAIN))
OWN = tuple(Trouble)[_OWN_FROM:_BLIPS_FROM]
BLIPS = tuple(Trouble)[_BLIPS_FROM:]
SHORTEST_BLIP, LONGEST_BLIP = 5.0, 600.0
"""Seconds."""
RUN_LASTS = timedelta(minutes=8)
"""The time after a run's start in which a blip begins."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A trouble from one time to another."""

    start: datetime
    end: datetime
    trouble: Trouble

    def at(self, now: datetime) -> bool:
        """Whether the trouble lasts at this time."""
        return self.start <= now < self.end


@dataclass(slots=True)
class Host:
    """`kind` says what it was made for; `secure` whether it is asked by https, `certificate` what has
    always been wrong with that; `flaps` is (seconds of a phase,
    share of phases down), by turns in one of `flaps_by`."""

    name: str
    kind: str = "healthy"
    secure: bool = True
    certificate: CertificateFault | None = None
    faults: list[Fault] = field(default_factory=list)
    flaps: tuple[int, float] | None = None
    flaps_by: tuple[Trouble, ...] = CONNECTION
    died: Fault | None = None

    def trouble(self, now: datetime) -> Trouble | None:
        """The trouble that a visit meets at this time."""
        if self.died is not None and self.died.at(now):
            return self.died.trouble
        if self.flaps is not None:
            length, share = self.flaps
            phase = int(now.timestamp()) // length
            if random.Random(f"{self.name} {phase}").random() < share:
                return self.flaps_by[phase % len(self.flaps_by)]
        return next((fault.trouble for fault in self.faults if fault.at(now)), None)

    @property
    def root(self) -> str:
        """Its address."""
        return f"{'https' if self.secure else 'http'}://{self.name}"

    def errs_since(self, now: datetime) -> datetime | None:
        """Since when the host has answered only with server errors."""
        return next(
            (
                fault.start
                for fault in self.faults
                if fault.at(now) and fault.trouble is Trouble.SERVER_ERROR
            ),
            None,
        )


@dataclass(slots=True)
class Url:
    """`gone` is when its page is not there, and by which status the server says so."""

    url: str
    host: Host
    published: datetime
    gone: tuple[datetime, datetime, int] | None = None

    def truly_gone(self, now: datetime) -> bool:
        """The truth that verdicts are compared with."""
        died = self.host.died
        by_host = died is not None and died.at(now)
        return by_host or (self.gone is not None and self.gone[0] <= now < self.gone[1])

    def death(self) -> datetime | None:
        """When it ended for good, or for weeks."""
        if self.host.died is not None:
            return self.host.died.start
        if self.gone is not None and self.gone[1] - self.gone[0] >= 14 * DAY:
            return self.gone[0]
        return None

    def back(self) -> datetime:
        """When it came back; the end of time for never."""
        if self.host.died is not None:
            return self.host.died.end
        return self.gone[1] if self.gone is not None else NEVER

    def way_of_death(self) -> str:
        """The kind of answer that shows its end."""
        if self.host.died is not None:
            return self.host.died.trouble.value
        return f"http-{self.gone[2]}" if self.gone else ""


@dataclass(slots=True)
class World:
    """The web and our own network."""

    hosts: list[Host]
    urls: list[Url]
    own: list[Fault]
    clock: list[tuple[datetime, datetime, timedelta]]
    """(from, to, how far the machine's clock is off)."""
    blips: list[Fault] = field(default_factory=list)

    def clock_error(self, now: datetime) -> timedelta:
        """How far the machine's clock is off."""
        errors = (error for start, end, error in self.clock if start <= now < end)
        return next(errors, timedelta(0))

    def own_trouble(self, now: datetime) -> Trouble | None:
        """The trouble of our own network at this time."""
        faults = (*self.own, *self.blips)
        return next((fault.trouble for fault in faults if fault.at(now)), None)

    def visit(self, url: Url, now: datetime, run: int) -> Observation:
        """The observation of a visit, dated by the machine's clock."""
        blank = Observation(url.url, now + self.clock_error(now), run, final_url=url.url)
        own = self.own_trouble(now)
        if own is not None:
            return _own(blank, own)
        trouble = url.host.trouble(now)
        if trouble is not None:
            return _of_host(blank, trouble)
        if url.gone is not None and url.truly_gone(now):
            return replace(blank, status=url.gone[2])
        page = PageFacts(title=url.url)
        return replace(blank, status=200, page=page, certificate=url.host.certificate)


def fingerprint(seen: Observation) -> str | None:
    """The content hash of the body; a robots.txt has none, unless a page is sent in its place."""
    if seen.failure_detail == BLIP_PAGE:
        return BLIP_PAGE
    if seen.page is not None and (seen.page.title == PORTAL_PAGE or not _is_robots(seen)):
        return seen.page.title
    return None if seen.status is None or _is_robots(seen) else f"{seen.url} {seen.status}"


def _is_robots(seen: Observation) -> bool:
    return seen.url.endswith("/robots.txt")


def _own(blank: Observation, own: Trouble) -> Observation:
    """A portal answers https with its own certificate, or not at all."""
    secure = blank.url.startswith("https:")
    if own is Trouble.PORTAL_ANSWERS:
        page = PageFacts(title=PORTAL_PAGE)
        fault = CertificateFault.SELF_SIGNED if secure else None
        return replace(blank, status=200, page=page, certificate=fault)
    if own is Trouble.PORTAL_REDIRECTS:
        if secure:
            return replace(blank, failure=FailureKind.CONNECT_TIMEOUT, final_url=None)
        hops = (Hop(blank.url, 302),)
        page = PageFacts(title=PORTAL_PAGE)
        return replace(blank, status=200, hops=hops, final_url=PORTAL_URL, page=page)
    if own is Trouble.PROXY_REFUSES:
        return replace(blank, status=403)
    if own in BLIP_PAGES:
        # Every other link is asked through a filter whose authority is trusted.
        fault = CertificateFault.SELF_SIGNED if secure and len(blank.url) % 2 else None
        return replace(
            blank,
            status=BLIP_STATUSES[own],
            page=PageFacts(title=PORTAL_PAGE) if own is Trouble.BLIP_PAGE_200 else None,
            certificate=fault,
            failure_detail=BLIP_PAGE,
        )
    if own in BLIP_STATUSES:
        return replace(blank, status=BLIP_STATUSES[own])
    return replace(blank, failure=FAILURES[own], final_url=None)


def _of_host(blank: Observation, trouble: Trouble) -> Observation:
    if trouble is Trouble.PARKED:
        return replace(blank, status=200, sign=SoftSign.PARKED)
    if trouble is Trouble.SERVER_ERROR:
        return replace(blank, status=503)
    if trouble is Trouble.BLOCKS:
        # Most URLs are refused in some way; a few still answer.
        way = random.Random(f"{blank.url} {blank.at:%j}").random()
        if way < 0.08:
            return replace(blank, status=200, page=PageFacts(title=blank.url))
        if way < 0.6:
            return replace(blank, failure=FailureKind.CONNECTION_RESET, final_url=None)
        return replace(blank, status=403 if way < 0.8 else 429)
    if trouble is Trouble.BARRIER:
        return _barrier(blank)
    if trouble is Trouble.LEADS_HOME:
        home = urljoin(blank.url, "/")
        return replace(
            blank, status=200, hops=(Hop(blank.url, 302),), final_url=home, page=_BARRIER
        )
    if trouble is Trouble.OTHER_OWNER:
        return replace(blank, status=200, sign=SoftSign.HIJACKED)
    return replace(blank, failure=FAILURES[trouble], final_url=None)


_BARRIER = PageFacts(title="One moment")


def _barrier(blank: Observation) -> Observation:
    """What the crawl sees of a host that shows one page to all, in words that no list of ours knows.

    Its links were answered as themselves before, so that the root is asked too, and an address that cannot exist again.
    """
    probe = Probe(urljoin(blank.url, "no-such-story"), 200, None, 1.0)
    front = Probe(urljoin(blank.url, "/"), 200, None, 1.0)
    further = Further(
        is_titled=False, front=front, neighbour=Neighbour.LATELY, spoken=900, is_lasting=True
    )
    return replace(blank, status=200, page=_BARRIER, probe=probe, further=further)


AGES = ((0.02, 1), (0.08, 7), (0.2, 30), (0.55, 365), (1.0, 2500))
"""(share up to here, days old at most): a collection that grows by a few articles a day."""

KINDS = (
    ("flapping", 0.06),
    ("flapping-errors", 0.03),
    ("errors-for-good", 0.02),
    ("outage", 0.12),
    ("long-outage", 0.05),
    ("long-refusal", 0.02),
    ("blocks", 0.05),
    ("dies", 0.06),
)
FRONTS = (("barrier", 0.08), ("leads-home", 0.08))
"""What some of the healthy hosts put up in front of all their pages for a time."""

FEWEST_LINKS = 2
OTHER_OWNERS = 0.25
"""The share of the hosts that die whose domain another owner takes."""
LASTING: dict[str, tuple[float, float | None, Sequence[Trouble]]] = {
    "errors-for-good": (0, None, (Trouble.SERVER_ERROR,)),
    "long-outage": (3, 14, SAYS_NOTHING),
    "long-refusal": (8, 14, CONNECTION[:2]),
    "blocks": (5, 60, (Trouble.BLOCKS,)),
    "barrier": (1, 20, (Trouble.BARRIER,)),
    "leads-home": (0.1, 6.5, (Trouble.LEADS_HOME,)),
}
"""Troubles that last, with their fewest and most days; None for ever."""


def build(urls: int, days: int, seed: int, blips: float = 0.0) -> World:
    """A world of so many URLs on about a fifth as many hosts; on so large a share of the days our network has a blip."""
    choose = random.Random(seed)
    hosts = [Host(f"www.site{number}.example") for number in range(max(5, urls // 5))]
    for host in hosts:
        host.secure = choose.random() < 0.7
        if host.secure and choose.random() < 0.04:
            host.certificate = choose.choice(list(CertificateFault))
        _trouble(host, days, choose)
        # Chosen apart, so that everything else is as it would be without.
        _front(host, days, random.Random(f"{seed} {host.name}"))
    weights = [1 / (place + 1) ** 0.6 for place in range(len(hosts))]
    owners = hosts + choose.choices(hosts, weights, k=urls - len(hosts))
    found = [_url(number, host, days, choose) for number, host in enumerate(owners)]
    for host in hosts:
        # One link alone that leads home, at its first visit, is gone by rule N1.
        if host.kind == "leads-home" and owners.count(host) < FEWEST_LINKS:
            host.faults.clear()
    own = _own_faults(days, choose)
    # Drawn apart, so that everything else is as it would be without.
    return World(
        hosts,
        found,
        own,
        _clock_errors(days),
        _blips(days, blips, random.Random(f"{seed} blips")),
    )


def _trouble(host: Host, days: int, choose: random.Random) -> None:
    dice = choose.random()
    for kind, share in KINDS:
        if dice < share:
            host.kind = kind
            break
        dice -= share
    start = START + choose.uniform(0, max(1, days - 15)) * DAY
    match host.kind:
        case "flapping" | "flapping-errors":
            host.flaps = (choose.choice([600, 3600, 6 * 3600, 86_400]), choose.uniform(0.1, 0.5))
            if host.kind == "flapping-errors":
                host.flaps_by = (Trouble.SERVER_ERROR,)
        case "outage":
            for number in range(choose.randint(1, 3)):
                begin = start + 20 * number * DAY
                length = choose.choice([choose.uniform(1, 24), choose.uniform(24, 156)]) * HOUR
                host.faults.append(Fault(begin, begin + length, choose.choice(CONNECTION)))
        case "dies":
            _die(host, start, choose)
        case kind if kind in LASTING:
            least, most, troubles = LASTING[kind]
            end = NEVER if most is None else start + choose.uniform(least, most) * DAY
            host.faults.append(Fault(start, end, choose.choice(troubles)))


def _front(host: Host, days: int, choose: random.Random) -> None:
    """Put a barrier in front of a healthy host for a time, or let a host that dies pass to another owner."""
    dice = choose.random()
    if host.kind == "dies" and host.died is not None and dice < OTHER_OWNERS:
        host.died = replace(host.died, trouble=Trouble.OTHER_OWNER)
    if host.kind != "healthy":
        return
    for kind, share in FRONTS:
        if dice < share:
            host.kind = kind
            least, most, troubles = LASTING[kind]
            start = START + choose.uniform(0, max(1, days - 15)) * DAY
            length = choose.uniform(least, most or least) * DAY
            host.faults.append(Fault(start, start + length, troubles[0]))
            return
        dice -= share


def _die(host: Host, start: datetime, choose: random.Random) -> None:
    back = NEVER
    if choose.random() < 0.15:
        back = start + choose.uniform(20, 30) * DAY
    host.died = Fault(start, back, choose.choice(ENDS_OF_HOSTS))
    if choose.random() < 0.3:
        # Not every host that was down before comes back.
        begin = start - choose.uniform(2, 30) * DAY
        length = choose.uniform(1, 40) * HOUR
        host.faults.append(Fault(begin, begin + length, choose.choice(CONNECTION)))


def _url(number: int, host: Host, days: int, choose: random.Random) -> Url:
    if choose.random() < 0.05:
        published = START + choose.uniform(0, days) * DAY
    else:
        share, youngest = choose.random(), 0.0
        for up_to, oldest in AGES:
            if share <= up_to:
                published = START - choose.uniform(youngest, oldest) * DAY
                break
            youngest = oldest
    url = Url(f"{host.root}/2026/story-number-{number}", host, published)
    if host.kind in ("healthy", *dict(FRONTS), "outage", "flapping", "flapping-errors"):
        dice, start = choose.random(), START + choose.uniform(0, days) * DAY
        if dice < 0.08:
            url.gone = (start, NEVER, choose.choice([404, 404, 410]))
        elif dice < 0.1:
            url.gone = (start, start + choose.uniform(20, 30) * DAY, 404)
        elif dice < 0.13:
            url.gone = (start, start + choose.uniform(6, 120) * HOUR, 404)
    return url


def _own_faults(days: int, choose: random.Random) -> list[Fault]:
    """Faults one after the other, some days apart: half begin in the middle of a run, none lasts over
    two days."""
    faults, start = [], START + 2 * DAY
    troubles: Sequence[Trouble] = choose.sample(OWN, len(OWN)) * (days // (6 * len(OWN)) + 1)
    for number, trouble in enumerate(troubles):
        if start > START + (days - 1) * DAY:
            break
        begin = start + (timedelta(minutes=2) if number % 2 else -2 * HOUR)
        length = choose.choice([timedelta(minutes=3), 5 * HOUR, 20 * HOUR, 44 * HOUR])
        faults.append(Fault(begin, begin + length, trouble))
        start += choose.choice([6, 7, 8]) * DAY
    return faults


def _clock_errors(days: int) -> list[tuple[datetime, datetime, timedelta]]:
    minutes = timedelta(minutes=1)
    errors = []
    if days > 20:
        jump = START + 20 * DAY + minutes
        errors.append((jump, jump + 5 * HOUR, timedelta(days=4)))
    if days > 40:
        back = START + 40 * DAY - HOUR
        errors.append((back, back + 30 * HOUR, timedelta(days=-10)))
    return errors


def _blips(days: int, share: float, choose: random.Random) -> list[Fault]:
    """Blips of 5 s to 10 minutes, as many short ones as long ones, each within a run."""
    found = []
    for day in range(1, days):
        if choose.random() >= share:
            continue
        begin = START + day * DAY + choose.random() * RUN_LASTS
        ratio = LONGEST_BLIP / SHORTEST_BLIP
        length = timedelta(seconds=SHORTEST_BLIP * ratio ** choose.random())
        found.append(Fault(begin, begin + length, choose.choice(BLIPS)))
    return found

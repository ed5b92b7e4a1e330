"""The made-up world of `simulated_year.py`: articles, what happens to the web they link to, and what is true on a day."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tests.end_to_end.collection import Image, article
from tests.web.nameserver import Name, Names, Outcome
from tests.web.namespace import EVERYTHING, REFUSING
from tests.web.pages import page, title_of
from tests.web.rules import Answer, Certificate, Rules, redirect


class Kind(StrEnum):
    """What happens; of the dead ones the truth is that the link is gone."""

    LOST = "404 for good"
    GONE = "410 for good"
    NAME_GONE = "the host's name is gone"
    PARKED = "the domain is parked"
    SOFT_404 = "a page that says not found, with 200"
    AWAY = "404, and back after some weeks"
    MOVED = "301 to another path"
    HOST_MOVED = "301 to another host"
    IMAGE_RESIZED = "the image has another size"
    RETITLED = "the page has another title"
    AMP_GIVEN_UP = "301 from the AMP page to the article"
    FAULT = "503 of a whole host"
    WALL = "403 of a whole host"
    LIMIT = "429 of a whole host"
    EXPIRED = "the certificate has expired"
    REFUSED = "connections are refused"
    LEADS_HOME = "all pages lead home while the site is redesigned"
    NO_NAMES = "the resolver answers with SERVFAIL"
    NAMES_LIE = "the resolver says that no name exists"

    @property
    def is_death(self) -> bool:
        """Whether the link is gone while this lasts."""
        return self in _DEATHS


_DEATHS = frozenset({Kind.LOST, Kind.GONE, Kind.NAME_GONE, Kind.PARKED, Kind.SOFT_404, Kind.AWAY})


@dataclass(frozen=True, slots=True)
class Event:
    """From the day `start` until before `end` (None: for good), at all of `urls` or at a whole host; both empty: everywhere."""

    kind: Kind
    start: int
    end: int | None = None
    urls: tuple[str, ...] = ()
    host: str = ""

    def is_on(self, day: int) -> bool:
        """Whether it lasts on a day."""
        return self.start <= day and (self.end is None or day < self.end)

    def is_about(self, url: str) -> bool:
        """Whether it happens to a URL."""
        return url in self.urls or (bool(self.host) and host_of(url) == self.host)


@dataclass(frozen=True, slots=True)
class Story:
    """An article and its links. `written` is the day on which its file is there."""

    name: str
    text: str
    links: tuple[str, ...]
    written: int = 0


@dataclass(frozen=True, slots=True)
class World:
    """Stories and events of so many days."""

    days: int
    stories: tuple[Story, ...]
    events: tuple[Event, ...]

    def links(self) -> frozenset[str]:
        """Every link that a story had at first."""
        return frozenset(url for story in self.stories for url in story.links)

    def is_gone(self, url: str, day: int) -> bool:
        """Whether a link is truly gone on a day, or leads for good to one that is."""
        now = [one for one in self.events if one.is_on(day) and one.is_about(url)]
        if any(one.kind.is_death for one in now):
            return True
        ends = [to for one in now if (to := _target(one.kind, url))]
        return any(self.is_gone(end, day) for end in ends)

    def is_spoilt(self, day: int) -> bool:
        """Whether the own network is out of order."""
        return any(
            one.kind in (Kind.NO_NAMES, Kind.NAMES_LIE) and one.is_on(day) for one in self.events
        )

    def target(self, url: str) -> str | None:
        """Where a link moves to for good at some time of the year."""
        for one in self.events:
            if one.is_about(url) and (to := _target(one.kind, url)):
                return to
        return None

    def deaths(self) -> Iterator[tuple[str, Event]]:
        """Each link that goes for good, and how."""
        for one in self.events:
            if one.kind.is_death and one.end is None:
                for url in sorted(self.links()):
                    if one.is_about(url):
                        yield url, one

    def rules(self, day: int) -> Rules:
        """The web of a day. A rule of a single page goes before that of its host."""
        answers: dict[str, Answer] = {}
        certificates = {}
        now = [one for one in self.events if one.is_on(day)]
        for one in now:
            for url in sorted(self.links()):
                if one.is_about(url) and (answer := _answer(one.kind, url)) is not None:
                    answers[url] = answer
            if one.kind in _HOST_ANSWERS:
                answer = _HOST_ANSWERS[one.kind]
                answers |= {url: answer for url in self.links() if one.is_about(url)}
                answers[f"//{one.host}/*"] = answer
                answers[f"//{one.host}/robots.txt"] = answer
            if one.kind is Kind.EXPIRED:
                certificates[one.host] = Certificate.EXPIRED
            if one.kind is Kind.PARKED:
                answers[f"//{one.host}/*"] = _parked(one.host)
        return Rules(answers, certificates)

    def names(self, day: int) -> Names:
        """The names of a day."""
        names: dict[str, Name] = {}
        for one in self.events:
            if not one.is_on(day):
                continue
            match one.kind:
                case Kind.NO_NAMES:
                    return Names(Name(outcome=Outcome.SERVFAIL))
                case Kind.NAMES_LIE:
                    return Names(Name(outcome=Outcome.NXDOMAIN))
                case Kind.NAME_GONE:
                    names[one.host] = Name(outcome=Outcome.NXDOMAIN)
                case Kind.REFUSED:
                    names[one.host] = Name(addresses=(REFUSING,))
        return replace(EVERYTHING, names=names)


_HOST_ANSWERS = {
    Kind.FAULT: Answer(status=503),
    Kind.WALL: Answer(status=403),
    Kind.LIMIT: Answer(status=429),
}


def host_of(url: str) -> str:
    """The host of a URL."""
    return url.split("/")[2]


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def _target(kind: Kind, url: str) -> str | None:
    match kind:
        case Kind.MOVED:
            return url.replace("/news/", "/stories/")
        case Kind.HOST_MOVED:
            return url.replace(host_of(url), f"new-{host_of(url)}")
        case Kind.AMP_GIVEN_UP:
            return url.replace("/amp/", "/news/")
        case _:
            return None


def _answer(kind: Kind, url: str) -> Answer | None:
    if to := _target(kind, url):
        return redirect(to)
    match kind:
        case Kind.LOST | Kind.AWAY:
            return Answer(status=404)
        case Kind.GONE:
            return Answer(status=410)
        case Kind.SOFT_404:
            return Answer(body="<title>Page not found</title><h1>Page not found</h1><p>Sorry.")
        case Kind.PARKED:
            return _parked(host_of(url))
        case Kind.LEADS_HOME:
            return redirect(f"https://{host_of(url)}/", 302)
        case Kind.IMAGE_RESIZED:
            return Answer(image=(800, 420))
        case Kind.RETITLED:
            return Answer(body=page(f"{title_of(_path(url))} and what came of it"))
        case _:
            return None


def _parked(host: str) -> Answer:
    return Answer(
        body=f"<title>{host} is for sale</title><h1>{host} is for sale</h1><p>Make an offer."
    )


@dataclass(slots=True)
class _Plan:
    """Draws events so that no two meet at one link."""

    chance: random.Random
    days: int
    stories: list[Story]
    hosts: list[str]
    events: list[Event] = field(default_factory=list)

    def day(self, share: float) -> int:
        return max(1, round(self.days * (share + self.chance.uniform(-0.02, 0.02))))

    def host(self, kind: Kind, share: float, lasts: int | None = None) -> str:
        """Something happens to the next host."""
        host, start = self.hosts.pop(0), self.day(share)
        end = None if lasts is None else start + lasts
        self.events.append(Event(kind, start, end, host=host))
        return host

    def single(self, kind: Kind, share: float, part: str, lasts: int | None = None) -> None:
        """Something happens to one link of a host that is otherwise well."""
        taken = {url for one in self.events for url in one.urls}
        free = [
            url
            for story in self.stories
            for url in story.links
            if part in url and host_of(url) in self.hosts and url not in taken
        ]
        if free:
            start = self.day(share)
            end = None if lasts is None else start + lasts
            self.events.append(Event(kind, start, end, urls=(self.chance.choice(free),)))


def world(days: int, seed: int, *, stories: int = 60, hosts: int = 25, every: int = 1) -> World:
    """The world of a seed; the shares of the year are the same whatever its length. Our own outages meet a run."""
    chance = random.Random(seed)
    names = [f"site-{number:02}.example" for number in range(hosts)]
    made = [_story(number, names, days) for number in range(stories)]
    plan = _Plan(chance, days, made, list(names))
    plan.host(Kind.NAME_GONE, 0.30)
    plan.host(Kind.PARKED, 0.45)
    plan.host(Kind.HOST_MOVED, 0.25)
    plan.host(Kind.FAULT, 0.35, 1)
    plan.host(Kind.FAULT, 0.55, 10)
    plan.host(Kind.WALL, 0.40, 14)
    plan.host(Kind.LIMIT, 0.60, 14)
    plan.host(Kind.EXPIRED, 0.50, 5)
    plan.host(Kind.REFUSED, 0.65, 4)
    redesigned = plan.host(Kind.LEADS_HOME, 0.20, 5)
    over = plan.events[-1].end
    assert over is not None
    plan.events.append(
        Event(
            Kind.MOVED,
            over,
            urls=tuple(
                url for story in made for url in story.links if f"{redesigned}/news/" in url
            ),
        )
    )
    for share in (0.08, 0.22, 0.38, 0.52, 0.66, 0.78):
        plan.single(Kind.LOST, share, "/news/")
        plan.single(Kind.GONE, share + 0.05, "/news/")
        plan.single(Kind.MOVED, share, "/news/")
    plan.single(Kind.SOFT_404, 0.28, "/news/")
    plan.single(Kind.SOFT_404, 0.60, "/news/")
    for share in (0.2, 0.48):
        plan.single(Kind.AWAY, share, "/news/", max(14, days // 8))
        plan.single(Kind.LOST, share, "/pictures/")
        plan.single(Kind.IMAGE_RESIZED, share, "/pictures/")
        plan.single(Kind.RETITLED, share, "/news/")
        plan.single(Kind.AMP_GIVEN_UP, share, "/amp/")
    for kind, share in ((Kind.NO_NAMES, 0.43), (Kind.NAMES_LIE, 0.89)):
        night = int(days // every * share) * every
        plan.events.append(Event(kind, night, night + 1))
    return World(days, tuple(made), tuple(sorted(plan.events, key=lambda one: one.start)))


_WORDS = (
    "harbour",
    "bridge",
    "orchard",
    "theatre",
    "railway",
    "market",
    "river",
    "school",
    "museum",
    "garden",
)
_MORE = ("opens", "closes", "returns", "burns", "grows", "celebrates")


def _story(number: int, hosts: list[str], days: int) -> Story:
    host = hosts[number % len(hosts)]
    word = f"the-{_WORDS[number % len(_WORDS)]}-{_MORE[number // len(_WORDS) % len(_MORE)]}"
    web = f"https://{host}/news/{word}-again-in-{number:02}"
    amp = web.replace("/news/", "/amp/") if number % 5 == 0 else None
    picture = f"https://{host}/pictures/{word}-{number:02}.png" if number % 2 == 0 else None
    other = hosts[(number * 7 + 3) % len(hosts)]
    related = (f"https://{other}/news/more-of-{word}-{number:02}",) if number % 4 == 0 else ()
    body = f"https://{other}/news/as-told-of-{word}-{number:02}" if number % 3 == 0 else None
    text = article(
        title_of(_path(web)),
        web=web,
        amp=amp,
        images=[Image(picture, (1200, 630))] if picture else [],
        related=related,
        published="2025-12-20T08:00:00Z" if number % 3 else "2023-05-06T07:08:09Z",
    )
    if body:
        text += f"Told [before]({body}).\n"
    links = tuple(url for url in (web, amp, picture, *related, body) if url)
    # Some are written in the course of the year.
    written = days * (number - 49) // 12 if number >= 50 else 0
    folder = ("news", "culture", "")[number % 3]
    return Story(f"{folder}/{number:02}-{word}.md".lstrip("/"), text, links, written)


OWNERS: Mapping[str, str] = {"news": "Ada", "culture": "Bob"}

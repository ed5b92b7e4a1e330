"""What is new for a channel: the changes of links since it was told last, by owner, and what is held back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Final

from crawler.model.alarm import Alarm
from crawler.model.change import Change
from crawler.model.held import Held
from crawler.model.notification import About, Channel, Told
from crawler.model.report import ChangedLink
from crawler.model.run import Run
from crawler.operations.held_groups import held_groups
from crawler.operations.standing_order import Standing, owners_of
from crawler.rules.owners import Owners
from crawler.session import Session

NOBODY: Final = "(none)"
"""What stands for an owner where there is none, as in reports by owner."""


@dataclass(frozen=True, slots=True)
class OwnersNews:
    """The news of the links that the same people own, nobody's among them. `links` are the most urgent of each change, of
    which there are `totals`."""

    owners: tuple[str, ...]
    totals: Mapping[Change, int]
    links: Mapping[Change, tuple[ChangedLink, ...]]


@dataclass(frozen=True, slots=True)
class News:
    """What a channel is to be told: the changes of the runs after `after`, up to `until`; `at` is the present time.

    `groups` come by the number of their links. `held` are the first of `all_held` groups that are held back and were not
    told before. `alarms` began since then. All texts come from outside.
    """

    content: str
    after: int
    until: int
    at: datetime
    totals: Mapping[Change, int]
    groups: tuple[OwnersNews, ...] = ()
    held: tuple[Held, ...] = ()
    all_held: int = 0
    alarms: tuple[Alarm, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.all_held and not self.alarms and not any(self.totals.values())

    @property
    def more_held(self) -> int:
        """The number of groups that are not among `held`."""
        return self.all_held - len(self.held)

    def shortened(self, most: int) -> News:
        """The same with at most so many links of each change, and held groups."""
        left = dict.fromkeys(self.totals, most)
        groups = []
        for group in self.groups:
            links = {}
            for change, named in group.links.items():
                links[change] = named[: left[change]]
                left[change] -= len(links[change])
            groups.append(OwnersNews(group.owners, group.totals, links))
        return replace(self, groups=tuple(groups), held=self.held[:most])


class Newsroom:
    """Finds the news of channels. What several of them need is read once."""

    def __init__(self, session: Session, last: Run) -> None:
        self.now = session.configuration.clock.now()
        self.last = last
        self._session = session
        self._changed: dict[int, list[ChangedLink]] = {}

    def news(self, channel: Channel, told: Told) -> News:
        """What is new for a channel since it was told so much."""
        wanted = [one.change for one in channel.about if one.change is not None]
        chosen = [
            (one, owners)
            for one in self._since(told.run)
            if one.change in wanted
            for owners in [self._owners_of(one)]
            if is_for(channel, owners)
        ]
        held = self._new_held(told) if About.HELD in channel.about else ()
        return News(
            content=self._session.content.name,
            after=told.run,
            until=self.last.id,
            at=self.now,
            totals={change: sum(one.change is change for one, _ in chosen) for change in wanted},
            groups=tuple(self._groups(chosen, wanted, channel.most)) if chosen else (),
            held=held[: channel.most],
            all_held=len(held),
            alarms=self._new_alarms(channel, told),
        )

    def held_now(self) -> frozenset[tuple[str, str]]:
        """What is held back at present: host and cause of each group."""
        return frozenset((one.host, one.cause) for one in self._held)

    def _since(self, run: int) -> list[ChangedLink]:
        if run not in self._changed:
            state, until = self._session.state, self.last.id
            self._changed[run] = state.again(lambda: list(state.changed_links(run, until)))
        return self._changed[run]

    def _new_held(self, told: Told) -> tuple[Held, ...]:
        return tuple(one for one in self._held if (one.host, one.cause) not in told.held)

    def _new_alarms(self, channel: Channel, told: Told) -> tuple[Alarm, ...]:
        # They are for who runs it: nobody's, among owners.
        if About.ALARMS not in channel.about or not is_for(channel, ()):
            return ()
        return tuple(one for one in self._alarms if one.since > told.run)

    def _owners_of(self, one: ChangedLink) -> tuple[str, ...]:
        # In one order, so that the same people are one group.
        return tuple(sorted({name for path in one.paths for name in self._owners.of(path)}))

    def _groups(
        self,
        chosen: Sequence[tuple[ChangedLink, tuple[str, ...]]],
        wanted: Sequence[Change],
        most: int,
    ) -> Iterable[OwnersNews]:
        named = {id(one) for change in wanted for one in self._first(chosen, change, most)}
        by_owners: dict[tuple[str, ...], list[ChangedLink]] = {}
        for one, owners in sorted(chosen, key=lambda pair: self._urgency(pair[0])):
            by_owners.setdefault(owners, []).append(one)
        for owners, links in sorted(by_owners.items(), key=lambda item: (-len(item[1]), item[0])):
            counts = Counter(one.change for one in links)
            yield OwnersNews(
                owners,
                {change: counts[change] for change in wanted},
                {
                    change: tuple(one for one in links if one.change is change and id(one) in named)
                    for change in wanted
                },
            )

    def _first(
        self, chosen: Sequence[tuple[ChangedLink, tuple[str, ...]]], change: Change, most: int
    ) -> list[ChangedLink]:
        links = [one for one, _ in chosen if one.change is change]
        return sorted(links, key=self._urgency)[:most]

    def _urgency(self, one: ChangedLink) -> tuple[int, int, str]:
        return -self._scores.get(one.url, 0), -one.places, one.url

    @cached_property
    def _alarms(self) -> tuple[Alarm, ...]:
        return self._session.state.alarms()

    @cached_property
    def _owners(self) -> Owners:
        return owners_of(self._session)

    @cached_property
    def _standing(self) -> Standing:
        return self._session.state.again(lambda: Standing.of(self._session))

    @cached_property
    def _scores(self) -> dict[str, int]:
        """The priorities of links that need an editor (rule Q1), by URL."""
        session, standing = self._session, self._standing
        return session.state.again(
            lambda: {url: score for score, url, _ in standing.scores(session)}
        )

    @cached_property
    def _held(self) -> tuple[Held, ...]:
        return held_groups(self._session, lambda: self._standing)


def is_for(channel: Channel, owners: Sequence[str]) -> bool:
    """Whether links of these owners are told to a channel; letters count as the same, small or not."""
    names = [name.casefold() for name in owners or (NOBODY,)]
    globs = [glob.casefold() for glob in channel.owners]
    return not globs or any(fnmatchcase(name, glob) for name in names for glob in globs)

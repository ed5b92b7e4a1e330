"""Telling every channel what is new: nothing is lost, and nothing is told twice.

The state knows up to which run each target was told. That mark moves when a message has been taken, and not before: what
could not be sent is told with the news of the next run.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from crawler.configuration.notification_targets import Target
from crawler.model.notification import About, Channel, Told
from crawler.notifications.delivery import Delivery, deliver
from crawler.notifications.message import Message, counts_told
from crawler.notifications.news import Newsroom
from crawler.notifications.receivers import NotDeliveredError, receiver
from crawler.session import Session


class Fate(StrEnum):
    """What became of the news of a target; the strings are those of `--json`."""

    SENT = "sent"
    NOTHING_NEW = "nothing-new"
    WAITS = "waits"
    """For the day on which its digest is due."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the news of one target of a channel. `told` are the news in short, `why` is why they were not taken."""

    channel: str
    target: str
    fate: Fate
    told: str = ""
    why: str = ""

    @property
    def has_failed(self) -> bool:
        """Whether the news were not taken."""
        return self.fate is Fate.FAILED

    @property
    def has_sent(self) -> bool:
        """Whether a message was taken."""
        return self.fate is Fate.SENT

    @property
    def dry_sentence(self) -> str:
        """What would become of it."""
        if self.fate is Fate.SENT:
            return f"channel {self.channel} ({self.target}) would be told: {self.told}"
        return self.sentence

    @property
    def sentence(self) -> str:
        """For people; nothing of the target's address is in it."""
        whom = f"channel {self.channel} ({self.target})"
        match self.fate:
            case Fate.SENT:
                return f"{whom} was told: {self.told}"
            case Fate.NOTHING_NEW:
                return f"{whom}: nothing new"
            case Fate.WAITS:
                return f"{whom} is told later, as its digest says: {self.told}"
            case Fate.FAILED:
                return f"{whom} could not be told: {self.why}; the next run tells it"


@dataclass(slots=True)
class _Errand:
    """A message for a target, and what the target has been told once it is taken."""

    channel: Channel
    target: Target
    message: Message
    taken: Told
    left: Told
    """What stays noted where it is not."""

    def send(self, seconds: float) -> None:
        """Send it. Raises NotDeliveredError."""
        receiver(self.target).send(self.message, seconds)


class Teller:
    """Tells the channels of a session that holds the lock of its state."""

    def __init__(self, session: Session, *, only: str | None = None, now: bool = False) -> None:
        """With `only` no channel but that; with `now` digests before their time too."""
        self._session = session
        self._only = only
        self._ahead = now
        self._last = session.state.last_run()

    def tell(self, seconds: float, tell: Callable[[str], None] | None = None) -> list[Outcome]:
        """Send what is to be told, within so many seconds, and note it. Raises StateError."""
        outcomes, errands = self._sorted()
        if errands and tell is not None:
            tell("sending messages")
        found: dict[int, Outcome] = {}

        def ended(number: int, delivery: Delivery) -> None:
            one = errands[number]
            is_taken = delivery.failure is None
            self._note(one.channel, one.target, one.taken if is_taken else one.left)
            fate = Fate.SENT if is_taken else Fate.FAILED
            told = counts_told(one.message.news)
            found[number] = _outcome(one.channel, one.target, fate, told, delivery.failure or "")

        deliver(errands, seconds, ended)
        return [*outcomes, *(found[number] for number in sorted(found))]

    def shown(self) -> Iterator[tuple[Outcome, str]]:
        """What would become of each target, and the text that would be sent, empty for none. Changes nothing."""
        outcomes, errands = self._sorted(notes=False)
        for outcome in outcomes:
            yield outcome, ""
        for one in errands:
            told = counts_told(one.message.news)
            try:
                with warnings.catch_warnings():
                    # Of a library, about itself.
                    warnings.simplefilter("ignore")
                    form = receiver(one.target).form(one.message)
            except NotDeliveredError as error:
                yield _outcome(one.channel, one.target, Fate.FAILED, told, str(error)), ""
                continue
            yield _outcome(one.channel, one.target, Fate.SENT, told), form

    def _sorted(self, *, notes: bool = True) -> tuple[list[Outcome], list[_Errand]]:
        """The targets that need no message, and the errands to the others."""
        outcomes: list[Outcome] = []
        errands: list[_Errand] = []
        if self._last is None:
            return outcomes, errands
        room, state = Newsroom(self._session, self._last), self._session.state
        for channel in self._session.configuration.channels:
            if self._only is not None and channel.name != self._only:
                continue
            for target in self._session.configuration.targets.get(channel.name, ()):
                # A new one hears what the last run changed, not what has ever been.
                left = state.told(channel.name, target.name) or Told(state.told_until())
                news = room.news(channel, left)
                is_time = left.is_time(channel.digest, room.now) or self._ahead
                held = room.held_now() if About.HELD in channel.about else frozenset()
                if news.is_empty:
                    outcomes.append(_outcome(channel, target, Fate.NOTHING_NEW))
                    if notes and is_time:
                        taken = replace(left, run=self._last.id, held=left.held & held)
                        self._note(channel, target, taken)
                elif not is_time:
                    outcomes.append(_outcome(channel, target, Fate.WAITS, counts_told(news)))
                else:
                    taken = Told(self._last.id, room.now, held)
                    message = Message(channel.name, news)
                    errands.append(_Errand(channel, target, message, taken, left))
        return outcomes, errands

    def _note(self, channel: Channel, target: Target, told: Told) -> None:
        self._session.state.note_told(channel.name, target.name, told)


def _outcome(
    channel: Channel, target: Target, fate: Fate, told: str = "", why: str = ""
) -> Outcome:
    return Outcome(channel.name, target.name, fate, told, why)


def is_told(session: Session) -> bool:
    """Whether what a session did is told: not of a part, whose news the next run of the whole tells, and not where the
    network is not to be asked."""
    return session.content.asked is None and not session.selection.is_offline

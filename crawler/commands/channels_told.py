"""Telling channels at the end of a run: what `audit`, `crawl` and `notify` share; no command."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from crawler.commands.guard import complain
from crawler.model.exit_code import ExitCode

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

    from crawler.notifications.telling import Outcome
    from crawler.session import Session

SECONDS: Final = "LINKHEALTH_NOTIFICATION_SECONDS"
"""The setting that bounds the time of all messages together."""


@dataclass(frozen=True, slots=True)
class ChannelsTold:
    """What became of the news of each target of each channel."""

    outcomes: tuple[Outcome, ...] = ()

    def lines(self) -> list[str]:
        """What was sent, for the summary."""
        return [f"told  {one.sentence}" for one in self.outcomes if one.has_sent]

    def rows(self) -> list[dict[str, str]]:
        """The same for `--json`."""
        return [
            {
                "channel": one.channel,
                "target": one.target,
                "fate": one.fate.value,
                "told": one.told,
                "why": one.why,
            }
            for one in self.outcomes
        ]

    def complain(self) -> None:
        """Say which channels could not be told."""
        for one in self.outcomes:
            if one.has_failed:
                complain(one.sentence)

    def code(self, code: ExitCode) -> ExitCode:
        """The exit code of a run: its own, but where that says that all is well, and a channel could not be told."""
        has_failed = any(one.has_failed for one in self.outcomes)
        return ExitCode.NOT_TOLD if has_failed and code is ExitCode.FINE else code


def tell_channels(
    session: Session, settings: BaseSettings, tell: Callable[[str], None] | None = None
) -> ChannelsTold:
    """Tell the channels of a session that holds the lock of its state, where what it did is told at all."""
    configuration = session.configuration
    if not configuration.channels:
        return ChannelsTold()
    from crawler.notifications.telling import Teller, is_told

    if not is_told(session):
        return ChannelsTold()
    tell_without_target(session)
    if not configuration.targets:
        return ChannelsTold()
    return ChannelsTold(tuple(Teller(session).tell(settings.getfloat(SECONDS), tell)))


def tell_after_crawl(crawler: Crawler) -> ChannelsTold:
    """Tell the channels of a crawl whose spider has closed its session."""
    closed: Session | None = getattr(crawler.spider, "session", None)
    if closed is None or not closed.configuration.channels or not came_to_end(crawler):
        return ChannelsTold()
    from crawler.state import StateLocked, open_state

    with open_state(closed.content.root, closed.configuration.database_url) as state:
        session = replace(closed, state=state, run=None, _held=ExitStack())
        try:
            with state.lock():
                return tell_channels(session, crawler.settings)
        except StateLocked:
            # The run that has begun meanwhile tells it.
            return ChannelsTold()


def came_to_end(crawler: Crawler) -> bool:
    """Whether a crawl did all that was due. What another one found is told with the next."""
    assert crawler.stats is not None
    return bool(crawler.stats.get_value("finish_reason") == "finished")


def tell_without_target(session: Session) -> None:
    """Tell which channels lead nowhere."""
    for sentence in session.configuration.channels_without_target:
        complain(sentence)

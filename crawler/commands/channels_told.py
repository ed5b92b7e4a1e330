"""Telling channels at the end of a run: what `audit`, `crawl` and `notify` share; no command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
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


def tell_channels(
    session: Session, settings: BaseSettings, tell: Callable[[str], None] | None = None
) -> list[Outcome]:
    """Tell the channels of a session that holds the lock of its state, where what it did is told at all."""
    from crawler.notifications.telling import Teller, is_told

    if not session.configuration.channels or not is_told(session):
        return []
    tell_without_target(session)
    if not session.configuration.targets:
        return []
    return Teller(session).tell(settings.getfloat(SECONDS), tell)


def tell_after_crawl(crawler: Crawler) -> list[Outcome]:
    """Tell the channels of a crawl whose spider has closed its session."""
    from crawler.state import open_state

    closed: Session | None = getattr(crawler.spider, "session", None)
    if closed is None or not closed.configuration.channels or not came_to_end(crawler):
        return []
    with (
        open_state(closed.content.root, closed.configuration.database_url) as state,
        state.lock(),
    ):
        session = replace(closed, state=state, run=None, _held=ExitStack())
        return tell_channels(session, crawler.settings)


def came_to_end(crawler: Crawler) -> bool:
    """Whether a crawl did all that was due. What another one found is told with the next."""
    return bool(crawler.stats and crawler.stats.get_value("finish_reason") == "finished")


def tell_without_target(session: Session) -> None:
    """Tell which channels lead nowhere."""
    for sentence in session.configuration.channels_without_target:
        complain(sentence)


def message_rows(outcomes: Sequence[Outcome]) -> list[dict[str, str]]:
    """What became of each target, for `--json`."""
    return [
        {
            "channel": one.channel,
            "target": one.target,
            "fate": one.fate.value,
            "told": one.told,
            "why": one.why,
        }
        for one in outcomes
    ]


def told_lines(outcomes: Sequence[Outcome]) -> list[str]:
    """What was sent, for the summary."""
    return [f"told  {one.sentence}" for one in outcomes if one.has_sent]


def complain_of_failures(outcomes: Sequence[Outcome]) -> None:
    """Say which channels could not be told."""
    for one in _failed(outcomes):
        complain(one.sentence)


def code_after(outcomes: Sequence[Outcome], code: ExitCode) -> ExitCode:
    """The exit code of a run: its own, but where that says that all is well, and a channel could not be told."""
    return ExitCode.NOT_TOLD if code is ExitCode.FINE and _failed(outcomes) else code


def _failed(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [one for one in outcomes if one.has_failed]

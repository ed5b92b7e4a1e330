"""How a crawl ended, as an exit code and in words (docs/commands.md): what `audit` and `crawl` share.

A run that left due links unvisited, or that could not record them, for reasons of its own never ends as if it were
complete. Reasons of its own are faults of our code, of this machine, of the state and of our network, and a stop.
Not: the run's limit, a host that asked us to come later, robots.txt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.commands.guard import code_of, complain
from crawler.model.exit_code import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy.crawler import Crawler

    from crawler.model.alarm import Alarm


def crawl_ended(crawler: Crawler) -> ExitCode:
    """FINE where everything that was due was visited; else what went wrong, said on stderr."""
    # Scrapy imports every command at each start: the crawl loads when it is needed.
    from crawler.crawl.unrecorded import GIVEN_UP
    from crawler.fetching.stop_signals import GOES_ON, STOP_SIGNALS

    spider = crawler.spider
    fault = getattr(getattr(spider, "session", None), "fault", None)
    if fault is not None:
        # It has been told when the session was closed.
        return code_of(fault) or ExitCode.ERROR
    if STOP_SIGNALS.asked:
        complain(f"stopped early; files and reports are left to the next run: {GOES_ON}")
        return ExitCode.STOPPED_EARLY
    crawl = getattr(spider, "crawl", None)
    reason = crawler.stats.get_value("finish_reason") if spider else None
    trouble = crawl.unrecorded.sentence if crawl is not None else None
    if trouble is not None:
        complain(trouble)
    if reason is None or reason == "start_error":
        complain("the crawl failed; the log above says why, and what was committed is kept")
        return ExitCode.ERROR
    if crawl is not None and reason == crawl.finding.verdict.value:
        complain(f"{crawl.finding.sentence} The next run makes these visits again.")
        return ExitCode.OWN_NETWORK_DOWN
    if reason == GIVEN_UP:
        complain("the crawl was given up: one visit after the other could not be recorded")
        return ExitCode.ERROR
    if reason != "finished":
        complain(f"stopped early ({reason}); the same command goes on where this run stopped")
        return ExitCode.STOPPED_EARLY
    return ExitCode.FINE if trouble is None else ExitCode.ERROR


def alarm_lines(raised: Iterable[Alarm]) -> list[str]:
    """One line for each alarm: what is wrong, and what to do."""
    from crawler.reporting.words.alarm_words import alarm_line

    return [f"alarm {alarm_line(one)}" for one in raised]


def code_with_alarms(code: ExitCode, raised: Iterable[Alarm]) -> ExitCode:
    """The exit code of a run with its alarms: where that says that all is well, or that there are findings, they come first,
    because what it found may be less than there is. Each alarm has a code of its own; the most urgent counts."""
    if code not in (ExitCode.FINE, ExitCode.FINDINGS, ExitCode.NOT_TOLD):
        return code
    return min((ExitCode.of_alarm(one.code) for one in raised), default=code)

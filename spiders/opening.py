"""Opening and closing the collection of `scrapy crawl`: Scrapy itself would exit with 0, whatever is wrong with the arguments."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from crawler.configuration import Configuration, ConfigurationError
from crawler.crawl.crawl import Crawl, CrawlOptions
from crawler.crawl.steps import Step
from crawler.extractors.loading import load_all
from crawler.fetching.stop_signals import STOP_SIGNALS
from crawler.model.exit_code import ExitCode
from crawler.model.role import Role
from crawler.reporting.console import printable
from crawler.session import ArticlesGoneError, Session
from crawler.state import StateError, StateLocked
from crawler.transport.machine_limits import MachineLimitError, check_limits, room_for

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

STATE_FAILED = "state-failed"
"""Why a run ended whose state could not be used any more; `Session.fault` says more."""
_OF_SCRAPYD = frozenset({"_job", "_version"})
"""Arguments that scrapyd gives to every spider; they say nothing about a crawl."""


def open_or_exit(options: Mapping[str, Any], roles: frozenset[Role]) -> Session:
    """The session that `-a` arguments name; ends the process with its exit code where there is none."""
    STOP_SIGNALS.begin()
    try:
        check_limits()
        given = {name: str(text) for name, text in options.items() if name not in _OF_SCRAPYD}
        return Session.open(given, os.environ, roles, visits=True)
    except ArticlesGoneError as error:
        _exit(ExitCode.ALARM_ARTICLES_MISSING, error)
    except ConfigurationError as error:
        _exit(ExitCode.CONFIGURATION, error)
    except StateLocked as error:
        _exit(ExitCode.LOCKED, error)
    except (MachineLimitError, StateError) as error:
        _exit(ExitCode.ERROR, error)


def crawl_options(configuration: Configuration, settings: BaseSettings) -> CrawlOptions:
    """How to crawl: by the collection's configuration, Scrapy's settings and what this process may have."""
    in_flight = room_for(configuration.in_flight).in_flight
    # To Scrapy, 0 means no bound.
    bound = settings.getint("CONCURRENT_REQUESTS") or in_flight
    return CrawlOptions(
        max_in_flight=min(in_flight, bound),
        longest_chain=settings.getint("REDIRECT_MAX_TIMES"),
        obey_robots=settings.getbool("ROBOTSTXT_OBEY"),
        image_ranges=settings.getbool("LINKHEALTH_IMAGE_RANGES"),
    )


def steps_of(crawl: Crawl) -> Iterator[Step]:
    """The steps of a crawl. Before the first one is loaded what a visit needs: a run in which nothing is due does without."""
    for number, step in enumerate(crawl.steps()):
        if number == 0:
            load_all()
            # What is loaded by now is never garbage: the collector need not look through it again and again.
            gc.freeze()
        yield step


def close_and_tell(session: Session) -> None:
    """Close the session, and tell which error of the state ended the run: Scrapy's own commands would not."""
    with session.keeping_fault():
        session.close()
    if session.fault is not None:
        _tell(session.fault)


def _tell(error: Exception) -> None:
    lines = error.lines if isinstance(error, ConfigurationError) else (str(error),)
    for line in lines:
        sys.stderr.write(f"linkhealth: {printable(line)}\n")


def _exit(code: ExitCode, error: Exception) -> NoReturn:
    _tell(error)
    raise SystemExit(code) from None

"""Opening the collection of `scrapy crawl`: Scrapy itself would exit with 0, whatever is wrong with the arguments."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from crawler.configuration import ConfigurationError
from crawler.crawl.crawl import CrawlOptions
from crawler.model.exit_code import ExitCode
from crawler.model.role import Role
from crawler.reporting.console import printable
from crawler.session import Session
from crawler.state import StateError, StateLocked

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


def open_or_exit(options: Mapping[str, Any], roles: frozenset[Role]) -> Session:
    """The session that `-a` arguments name; ends the process with its exit code where there is none."""
    try:
        return Session.open({name: str(text) for name, text in options.items()}, os.environ, roles)
    except ConfigurationError as error:
        _exit(ExitCode.CONFIGURATION, error)
    except StateLocked as error:
        _exit(ExitCode.LOCKED, error)
    except StateError as error:
        _exit(ExitCode.ERROR, error)


def crawl_options(settings: BaseSettings, workers: int) -> CrawlOptions:
    """How to crawl, by Scrapy's settings; `workers` are the collection's."""
    # To Scrapy, 0 means no bound.
    bound = settings.getint("CONCURRENT_REQUESTS") or workers
    return CrawlOptions(
        max_in_flight=min(workers, bound),
        longest_chain=settings.getint("REDIRECT_MAX_TIMES"),
        obey_robots=settings.getbool("ROBOTSTXT_OBEY"),
        image_ranges=settings.getbool("LINKHEALTH_IMAGE_RANGES"),
    )


def _exit(code: ExitCode, error: Exception) -> NoReturn:
    sys.stderr.write(f"linkhealth: {printable(str(error))}\n")
    raise SystemExit(code) from None

"""The time limits of requests that the configuration sets, as Scrapy's settings (rule B5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.configuration import Configuration

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

_BODY_SHARE = 0.9
"""A body ends before the whole answer is given up: what came of it is read."""


def set_time_limits(settings: BaseSettings, configuration: Configuration) -> None:
    """Set what the configuration says; what it does not say stays, and so does what `-s` sets."""
    if (seconds := configuration.connect_timeout) is not None:
        settings.set("LINKHEALTH_CONNECT_TIMEOUT", seconds, priority="spider")
    if (seconds := configuration.response_timeout) is not None:
        settings.set("DOWNLOAD_TIMEOUT", seconds, priority="spider")
        settings.set("LINKHEALTH_BODY_TIMEOUT", seconds * _BODY_SHARE, priority="spider")
    if (seconds := configuration.dns_timeout) is not None:
        settings.set("DNS_TIMEOUT", seconds, priority="spider")

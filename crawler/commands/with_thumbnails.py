"""`--thumbnails`: the pictures that findings are about, fetched, made small, and put into report.html; no
command."""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from crawler.commands.guard import complain
from crawler.configuration import ConfigurationError
from crawler.reporting import FORMATS, ReportFormat

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from crawler.crawl.robots import Robots
    from crawler.fetching.one_off import Fetch
    from crawler.model.report import Report
    from crawler.model.thumbnail import Thumbnail
    from crawler.session import Session
    from crawler.session.content import Content

MOST_IMAGES = 500
MOST_FETCHED = 256_000_000
"""Most bytes that are fetched over the network, in all."""
MOST_SHOWN = 8_000_000
"""Most bytes of all thumbnails together, so that a browser opens the report at once."""
MOST_SECONDS = 900.0

Place = tuple[str, str]
"""The path of an article and a URL as it is written there."""


def check_possible(formats: tuple[ReportFormat, ...]) -> None:
    """Raises ConfigurationError where `--thumbnails` can do nothing."""
    from crawler.thumbnails import is_available

    if not is_available():
        raise ConfigurationError(
            "--thumbnails", "Pillow is not installed: pip install 'linkhealth[thumbnails]'"
        )
    if not _showing(formats):
        able = _showing(FORMATS.values())
        files, names = (one.file_name for one in able), (one.name for one in able)
        raise ConfigurationError(
            "--thumbnails",
            f"they stand in {' or '.join(files)}: add {' or '.join(names)} to --format",
        )


def _showing(formats: Iterable[ReportFormat]) -> list[ReportFormat]:
    return [one for one in formats if one.shows_thumbnails]


def thumbnails(
    session: Session, settings: BaseSettings, report: Report
) -> Mapping[Place, Thumbnail]:
    """The thumbnails of a report, without images that could not be fetched. Runs Scrapy's reactor, so it can
    be called once in a process."""
    from crawler.fetching.one_off import run_fetching

    album = _Album(session, settings.getbool("ROBOTSTXT_OBEY"))
    album.want(report)
    album.take_local()
    if album.remote and not run_fetching(
        settings, session.configuration, album.fetch_all, whole_images=True
    ):
        complain("stopped before the last thumbnail")
    return album.made


def report_again(
    content: Content, opts: argparse.Namespace, formats: tuple[ReportFormat, ...]
) -> None:
    """Write the reports that show thumbnails again, with them, in a process of its own: the reactor of this one
    has run for the crawl and cannot run twice."""
    showing = _showing(formats)
    command = [sys.executable, "-P", "-m", "crawler", "report", "--thumbnails"]
    command += ["--format", ",".join(one.name for one in showing)]
    command += ["--out", opts.out] if opts.out else []
    command += [f"--set={pair}" for pair in opts.set]
    asked = content.asked
    names = sorted((*asked.files, *asked.folders)) if asked is not None else []
    listed = b"".join(os.fsencode(content.root / name) + b"\0" for name in names)
    ended = subprocess.run(  # noqa: S603 - this very program
        [*command, "--", "-" if listed else str(content.root)],
        input=listed,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    if ended.returncode != 0:
        complain(f"{' and '.join(one.file_name for one in showing)} stays without thumbnails")


@dataclass(slots=True)
class _Album:
    session: Session
    obey: bool
    local: dict[str, list[Place]] = field(default_factory=dict)
    remote: dict[str, list[Place]] = field(default_factory=dict)
    made: dict[Place, Thumbnail] = field(default_factory=dict)
    shown: int = 0
    fetched: int = 0

    def want(self, report: Report) -> None:
        """Choose the images: the most urgent first, each once; local images are kept apart."""
        from crawler.reporting.finding_images import PICTURED, pictured
        from crawler.reporting.findings import gathered
        from crawler.rules.urls import InvalidReason

        repository = self.session.repository
        with gathered(report) as findings:
            for place in pictured(findings, PICTURED):
                path, raw = place
                means = repository.resolve(raw, path, is_image=True)
                if means.invalid not in (None, InvalidReason.LOCAL_FILE):
                    continue
                images = self.remote if means.invalid is None else self.local
                if means.url in images or len(self.local) + len(self.remote) < MOST_IMAGES:
                    images.setdefault(means.url, []).append(place)

    def take_local(self) -> None:
        """Make thumbnails of local images."""
        from crawler.content import LocalImages, Look
        from crawler.thumbnails import LARGEST_IMAGE, thumbnail_of

        def wanted(head: bytes, is_all: bool) -> int | None:
            return None if is_all or len(head) > LARGEST_IMAGE else LARGEST_IMAGE + 1

        pictures = LocalImages(self.session.content.root)
        for path, places in self.local.items():
            read = pictures.read_beginning(path, wanted)
            if not isinstance(read, Look):
                self._keep(places, thumbnail_of(read.head))

    async def fetch_all(self, fetch: Fetch) -> None:
        """Fetch the other images one after the other, and make each thumbnail as its image is received."""
        from crawler.fetching.fetched import NotFetchedError
        from crawler.thumbnails import LARGEST_IMAGE, thumbnail_of

        until = monotonic() + MOST_SECONDS
        robots = self._robots()
        for url, places in self.remote.items():
            if monotonic() > until or self.fetched > MOST_FETCHED or self.shown > MOST_SHOWN:
                complain("not every thumbnail was made: the limit of time or size was reached")
                return
            if not await self._may_ask(url, robots, fetch):
                continue
            try:
                answer = await fetch(url)
            except NotFetchedError:
                continue
            self.fetched += answer.bytes_read
            is_whole = answer.total_bytes == len(answer.body) <= LARGEST_IMAGE
            is_the_sites = answer.certificate is None or not answer.certificate.hides_identity
            if answer.status == 200 and is_whole and is_the_sites:
                self._keep(places, await asyncio.to_thread(thumbnail_of, answer.body))

    def _robots(self) -> Robots:
        from crawler.crawl.robots import Robots

        configuration = self.session.configuration
        return Robots(
            obey=lambda host: self.obey and configuration.manners(host).respect_robots,
            longest_crawl_delay=configuration.policy.politeness.longest_crawl_delay,
        )

    async def _may_ask(self, url: str, robots: Robots, fetch: Fetch) -> bool:
        """Whether the host's robots.txt, which is fetched first, allows a URL to crawlers."""
        from crawler.crawl.robots import Permission
        from crawler.fetching.fetched import NotFetchedError
        from crawler.fetching.visit import host_of, origin_of

        if self.session.configuration.manners(host_of(url)).skip:
            return False
        if robots.permission(url) is Permission.UNKNOWN:
            origin = origin_of(url)
            try:
                answer = await fetch(f"{origin}/robots.txt")
                robots.learn(origin, answer.status, answer.body)
            except NotFetchedError:
                robots.give_up(origin)
        return robots.permission(url) is Permission.ALLOWED

    def _keep(self, places: list[Place], made: Thumbnail | None) -> None:
        for place in places:
            if made is not None and self.shown + len(made.jpeg) <= MOST_SHOWN:
                self.shown += len(made.jpeg)
                self.made[place] = made

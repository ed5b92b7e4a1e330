"""`scrapy crawl SPIDER`: Scrapy's own command, with an exit code that says how the crawl ended.

Scrapy answers 0 whatever happened to the visits. It is the only command of Scrapy's that has another here.
"""

from __future__ import annotations

import argparse

from scrapy.commands.crawl import Command as ScrapysCommand
from scrapy.exceptions import UsageError

from crawler.commands.channels_told import tell_after_crawl
from crawler.commands.guard import complain, guarded
from crawler.commands.run_ending import alarm_lines, code_with_alarms, crawl_ended
from crawler.commands.usage import Usage


class Command(Usage, ScrapysCommand):
    """Scrapy's, and what became of the crawl."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the spider; `exitcode` says how it went."""
        if len(args) != 1:
            raise UsageError("one spider is wanted; `scrapy list` names them")
        process = self.crawler_process
        assert process is not None
        with guarded() as ending:
            crawler = self._create_crawler(args[0])
            process.crawl(crawler, **opts.spargs)
            process.start()
            ending.code = crawl_ended(crawler)
            channels = tell_after_crawl(crawler)
            # Items may go to stdout.
            for line in channels.lines():
                complain(line)
            channels.complain()
            raised = getattr(getattr(crawler.spider, "session", None), "alarms", ())
            for line in alarm_lines(raised):
                complain(line)
            ending.code = code_with_alarms(channels.code(ending.code), raised)
        self.exitcode = ending.code

"""Reading a robots.txt: at once where it is small, else in a thread, so that the crawl goes on meanwhile."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from crawler.fetching.answer import Answer
from crawler.fetching.visit import RobotsVisit, Visit
from crawler.rules.robots_rules import RobotsRules, read_robots

AGENT_TOKEN = "linkhealth"  # noqa: S105 - no secret
"""The name that a robots.txt calls us by."""

LONGEST = 512 * 1024
"""Bytes that are read: RFC 9309, 2.5 asks for at least 500 KiB."""

LARGE = 16 * 1024
"""Bytes from which on it is read in a thread: half a megabyte takes some 0.1 to 0.3 s."""


def read(body: bytes) -> RobotsRules:
    """The rules for us."""
    return read_robots(body[:LONGEST].decode("utf-8-sig", "ignore"), AGENT_TOKEN)


def is_large(answer: Answer) -> bool:
    """Whether a robots.txt takes time to read."""
    return len(answer.body) >= LARGE


class RobotsReader:
    """Reads large ones, one after the other: each takes some 20 MB while it is read."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="robots")

    @staticmethod
    def is_needed(visit: Visit, answer: Answer) -> bool:
        """Whether an answer is a robots.txt that links wait for and that takes time to read."""
        return isinstance(visit, RobotsVisit) and answer.status == 200 and is_large(answer)

    async def read(self, answer: Answer) -> Answer:
        """The answer, with its rules."""
        loop = asyncio.get_running_loop()
        return replace(answer, robots=await loop.run_in_executor(self._pool, read, answer.body))

    def close(self) -> None:
        """Begin no further one."""
        self._pool.shutdown(wait=False, cancel_futures=True)

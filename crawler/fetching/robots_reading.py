"""Reading a robots.txt: at once where it is small, else in a thread, so that the crawl goes on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

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


def hand_on(
    visit: Visit, answer: Answer, then: Callable[[Visit, Answer], None]
) -> Coroutine[Any, Any, None] | None:
    """Give an answer to `then`: at once, or, where it is a robots.txt that links wait for and that takes time to read, when
    that has been read: the coroutine does it."""
    if isinstance(visit, RobotsVisit) and answer.status == 200 and is_large(answer):
        return _read_first(visit, answer, then)
    then(visit, answer)
    return None


async def _read_first(visit: Visit, answer: Answer, then: Callable[[Visit, Answer], None]) -> None:
    rules = await asyncio.get_running_loop().run_in_executor(_POOL, read, answer.body)
    then(visit, replace(answer, robots=rules))


_POOL = ThreadPoolExecutor(1, thread_name_prefix="robots")
"""One after the other: each takes some 20 MB while it is read."""

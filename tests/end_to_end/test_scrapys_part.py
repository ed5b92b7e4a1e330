"""Scrapy's downloader without its queues (docs/adr/0046): what of Scrapy holds for each request all the same."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from scrapy import signals
from scrapy.settings import default_settings
from scrapy.utils.test import get_crawler

from crawler import settings as ours
from crawler.model.exit_code import ExitCode
from spiders.committing import are_items_read
from tests.end_to_end.collection import Collection, article
from tests.time_limits import HANG
from tests.web.process import PROJECT
from tests.web.rules import Answer
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.process

OWN = """
import json, os
from scrapy import signals

class Middleware:
    def process_request(self, request):
        request.headers["X-Mine"] = "yes"
    def process_response(self, request, response):
        with open(os.environ["SEEN"], "a") as seen:
            seen.write(json.dumps([request.url, response.status]) + chr(10))
        return response

class Pipeline:
    def process_item(self, item):
        with open(os.environ["SEEN"] + ".items", "a") as seen:
            seen.write(item.url + " " + item.verdict + chr(10))
        return item

class Stats:
    @classmethod
    def from_crawler(cls, crawler):
        one = cls()
        one.stats = crawler.stats
        crawler.signals.connect(one.closed, signal=signals.spider_closed)
        return one
    def closed(self):
        with open(os.environ["SEEN"] + ".stats", "w") as seen:
            json.dump({name: value for name, value in self.stats.get_stats().items() if isinstance(value, int)}, seen)
"""
LEFT_OUT = {
    *(
        "OffsiteMiddleware",
        "RobotsTxtMiddleware",
        "HttpAuthMiddleware",
        "DownloadTimeoutMiddleware",
    ),
    *("DefaultHeadersMiddleware", "UserAgentMiddleware", "CookiesMiddleware"),
    *("TelnetConsole", "RemoteControl"),
}
"""Of Scrapy's own components: where it gets another one, somebody has to say whether we want it."""
PAGES = tuple(f"https://site-{number}.example/story" for number in range(3))


def test_the_other_components_are_as_scrapy_has_them() -> None:
    left_out = set[str]()
    for name in ("DOWNLOADER_MIDDLEWARES_BASE", "EXTENSIONS_BASE"):
        scrapys, kept = getattr(default_settings, name), getattr(ours, name)
        assert kept.items() <= scrapys.items()
        left_out |= {path.rpartition(".")[2] for path in scrapys.keys() - kept.keys()}
    assert left_out == LEFT_OUT


def test_middlewares_pipelines_and_statistics_of_a_users_own(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    module_web.set_rules({"https://site-2.example/story": Answer(status=404)})
    (tmp_path / "mine.py").write_text(OWN)
    collection = Collection(tmp_path / "content")
    for number, url in enumerate(PAGES):
        collection.add(f"{number}.md", article(f"Article {number}", web=url))
    seen = tmp_path / "seen"
    module_web.forget()
    ended = collection.crawl(
        module_web,
        "articles",
        *("-s", 'DOWNLOADER_MIDDLEWARES={"mine.Middleware": 543}'),
        *("-s", f"ITEM_PIPELINES={json.dumps({**ours.ITEM_PIPELINES, 'mine.Pipeline': 950})}"),
        *("-s", 'EXTENSIONS={"mine.Stats": 1, "crawler.transport.body_budget.BodyBudget": 100}'),
        SEEN=str(seen),
        PYTHONPATH=os.pathsep.join((str(PROJECT), str(tmp_path))),
    )
    assert ended.code == 0, ended.stderr
    requests = module_web.requests(robots=True)
    assert requests
    assert {request.headers.get("x-mine") for request in requests} == {"yes"}
    answered = [json.loads(line) for line in seen.read_text().splitlines()]
    assert len(answered) == len(requests)
    assert [PAGES[2], 404] in answered
    items = (tmp_path / "seen.items").read_text().splitlines()
    assert sorted(items) == sorted(
        f"{url} {'broken' if url == PAGES[2] else 'alive'}" for url in PAGES
    )
    stats = json.loads((tmp_path / "seen.stats").read_text())
    assert stats["downloader/request_count"] == len(requests)
    assert stats["downloader/response_count"] == len(requests)
    assert stats["item_scraped_count"] == len(PAGES)
    assert stats["linkhealth/verdict/alive"] == 2


def test_a_request_bears_the_headers_that_scrapy_is_told_to_send(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    module_web.set_rules({})
    collection = Collection(tmp_path / "content")
    collection.add("a.md", article("An article", web=PAGES[0]))
    module_web.forget()
    headers = '{"Accept-Language": "de", "Accept": "nothing", "X-Team": "desk", "X-None": null}'
    ended = collection.crawl(module_web, "articles", "-s", f"DEFAULT_REQUEST_HEADERS={headers}")
    assert ended.code == 0, ended.stderr
    (page,) = (one for one in module_web.requests() if one.url == PAGES[0])
    assert page.headers["accept-language"] == "de"
    assert page.headers["x-team"] == "desk"
    assert "x-none" not in page.headers
    assert page.headers["accept"].startswith("text/html"), "what a visit asks for counts"


def test_scrapy_may_end_a_crawl(module_web: LoopbackWeb, tmp_path: Path) -> None:
    """By its own settings, and by an extension of a user's own: what is under way comes to its end."""
    module_web.set_rules({})
    collection = Collection(tmp_path / "content")
    urls = [f"https://slow.example/{number}" for number in range(12)]
    collection.add("a.md", article("An article", web=urls[0], related=urls[1:]))
    ended = collection.crawl(
        module_web, "articles", "-s", "CLOSESPIDER_TIMEOUT=3", LINKHEALTH_HOST_DELAY="1"
    )
    assert ended.code == ExitCode.STOPPED_EARLY, ended.stderr
    assert ended.seconds < HANG / 2
    module_web.forget()
    again = collection.crawl(module_web, "articles")
    assert again.code == 0, again.stderr
    asked = {request.url for request in module_web.requests()}
    assert asked < set(urls), "what was seen is kept"
    assert asked


class Listener:
    def heard(self) -> None:
        pass


@pytest.mark.parametrize(
    ("more", "is_read"),
    [
        ({}, False),
        ({"FEEDS": {"items.jsonl": {"format": "jsonl"}}}, True),
        ({"ITEM_PIPELINES": {**ours.ITEM_PIPELINES, "spiders.base.LinkSpider": 500}}, True),
        ({"ITEM_PIPELINES": {"pipelines.write_back.WriteBackPipeline": 900}}, False),
    ],
)
def test_whether_anybody_reads_the_items(more: dict[str, object], is_read: bool) -> None:
    known = {"ITEM_PIPELINES": ours.ITEM_PIPELINES, **more}
    assert are_items_read(get_crawler(settings_dict=known)) is is_read


def test_who_listens_for_items_gets_them() -> None:
    crawler, listener = (
        get_crawler(settings_dict={"ITEM_PIPELINES": ours.ITEM_PIPELINES}),
        Listener(),
    )
    crawler.signals.connect(listener.heard, signal=signals.item_scraped)
    assert are_items_read(crawler)

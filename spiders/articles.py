"""`scrapy crawl articles -a content=PATH`: visits every link of the articles."""

from __future__ import annotations

from typing import ClassVar

from crawler.model.role import CRAWLED
from spiders.base import LinkSpider


class ArticlesSpider(LinkSpider):
    """Visits every link of the articles."""

    name = "articles"
    roles: ClassVar = CRAWLED

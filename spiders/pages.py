"""`scrapy crawl pages -a content=PATH`: visits the articles' pages: webUrl and originalUrl."""

from __future__ import annotations

from typing import ClassVar

from crawler.model.role import COMPARED
from spiders.base import LinkSpider


class PagesSpider(LinkSpider):
    """Visits the articles' pages: webUrl and originalUrl."""

    name = "pages"
    roles: ClassVar = frozenset(COMPARED)

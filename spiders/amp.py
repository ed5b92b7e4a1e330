"""`scrapy crawl amp -a content=PATH`: visits the AMP pages: ampWebUrl and cdnAmpWebUrl."""

from __future__ import annotations

from typing import ClassVar

from crawler.model.role import Role
from spiders.base import LinkSpider


class AmpSpider(LinkSpider):
    """Visits the AMP pages: ampWebUrl and cdnAmpWebUrl."""

    name = "amp"
    roles: ClassVar = frozenset({Role.AMP, Role.AMP_CACHE})

"""`scrapy crawl images -a content=PATH`: visits the images, the providers' included."""

from __future__ import annotations

from typing import ClassVar

from crawler.model.role import IMAGES
from spiders.base import LinkSpider


class ImagesSpider(LinkSpider):
    """Visits the images, the providers' included."""

    name = "images"
    roles: ClassVar = frozenset(IMAGES)

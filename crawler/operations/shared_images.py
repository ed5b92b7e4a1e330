"""Images that many articles share: the uses of all images, counted in flat memory."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.model.check import KnownArticle
from crawler.operations.on_many_pages import on_many_pages
from crawler.rules.image.image_uses import ImageUse, SharedImages, image_uses
from crawler.rules.policy import ImagePolicy


def shared_images(articles: Iterable[KnownArticle], policy: ImagePolicy) -> SharedImages:
    """The images that are on too many of the articles' pages to be about one."""
    return on_many(
        (use for article in articles for use in image_uses(article)), policy.placeholder_from
    )


def on_many(uses: Iterable[ImageUse], pages: int) -> SharedImages:
    """The images that are on at least so many pages."""
    return SharedImages(on_many_pages(((one.image, one.page) for one in uses), pages))

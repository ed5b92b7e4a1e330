"""One image on many articles: a site's logo where a picture should be (rule I10).

A page counts once, however often it was taken over. An image is the same by its address, or by its content on
one host: what several sites show is a press photo.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from crawler.model.check import KnownArticle, LinkedReference
from crawler.model.role import COMPARED, Role
from crawler.rules.places import same_place
from crawler.rules.verdict.page_evidence import of_role


@dataclass(frozen=True, slots=True)
class ImageUse:
    """An image on a page: what the image is known by, and what the page is."""

    image: str
    page: str


@dataclass(frozen=True, slots=True)
class SharedImages:
    """On how many pages the images are that are on too many; those on fewer are not there."""

    pages: Mapping[str, int] = field(default_factory=dict)

    def count(self, linked: LinkedReference) -> int:
        """On how many pages an article's image is; 0 where they are not too many."""
        if not self.pages:
            return 0
        return max((self.pages.get(key, 0) for key in _keys(linked)), default=0)


NO_SHARED_IMAGES = SharedImages()


def image_uses(article: KnownArticle) -> Iterator[ImageUse]:
    """The images of an article; providers' icons are meant to be on many."""
    web = next(of_role(article.own, *COMPARED), None)
    page = "\n".join(same_place(web.link.url)) if web else f"file {article.path}"
    for linked in article.own:
        if linked.reference.role is Role.IMAGE and not linked.reference.invalid:
            yield from (ImageUse(key, page) for key in _keys(linked))


def _keys(linked: LinkedReference) -> Iterator[str]:
    """What an image is known by: its address, and its content where that was seen."""
    yield f"url {linked.link.url}"
    image = linked.link.image
    if image and image.fingerprint:
        host, _, _ = same_place(linked.link.url)
        yield f"content {image.fingerprint} of {host}"

"""One image on many articles: a site's logo where a picture should be (rule I10).

A page counts once, however many articles are of it. Two images are the same by their address, or by their content
on one host: an image on several sites is a press photo.
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
    """An image on a page: the key of the image, and that of the page."""

    image: str
    page: str


@dataclass(frozen=True, slots=True)
class SharedImages:
    """The number of pages of each image that is on too many; images on fewer pages are left out."""

    pages: Mapping[str, int] = field(default_factory=dict)

    def count(self, linked: LinkedReference) -> int:
        """The number of pages that an article's image is on; 0 where they are not too many."""
        if not self.pages:
            return 0
        return max((self.pages.get(key, 0) for key in _keys(linked)), default=0)

    def has(self, url: str) -> bool:
        """Whether the image at an address is one of them: it is about no article."""
        return f"url {url}" in self.pages


NO_SHARED_IMAGES = SharedImages()


def image_uses(article: KnownArticle) -> Iterator[ImageUse]:
    """The images of an article, without providers' icons, which are meant to be on many."""
    web = next(of_role(article.own, *COMPARED), None)
    page = "\n".join(same_place(web.link.url)) if web else f"file {article.path}"
    for linked in article.own:
        if linked.reference.role is Role.IMAGE and not linked.reference.invalid:
            yield from (ImageUse(key, page) for key in _keys(linked))


def _keys(linked: LinkedReference) -> Iterator[str]:
    """The keys of an image: its address, and its content where that was seen."""
    yield f"url {linked.link.url}"
    image = linked.link.image
    if image and image.fingerprint:
        host, _, _ = same_place(linked.link.url)
        yield f"content {image.fingerprint} of {host}"

"""The page's own image against the article's: whether the page shows another one, or has one where the article has none."""

from __future__ import annotations

from crawler.model.check import KnownArticle, LinkedReference
from crawler.model.observation import PageFacts
from crawler.model.role import Role
from crawler.rules.image.same_picture import picture_key, same_picture
from crawler.rules.urls import examine
from crawler.rules.verdict.page_evidence import compared_page, final_url_of, is_one_of
from crawler.rules.verdict.stand_ins import is_stand_in


def image_says_nothing(article: KnownArticle, page: PageFacts) -> bool:
    """Whether a guessed picture is none of the article's: it may confirm them and never contradicts."""
    urls = (ref.reference.url for ref in article.own if ref.reference.role is Role.IMAGE)
    return page.image_guessed and not any(same_picture(url, page.image or "") for url in urls)


def image_drifted(article: KnownArticle, page: PageFacts) -> bool:
    """Whether the page shows another image than any of the article's.

    They are compared by `same_picture.py` (rule F5): sites move their pictures, and serve each in many sizes.
    """
    images = [ref.reference.url for ref in article.own if ref.reference.role is Role.IMAGE]
    if not images or not page.stated_image:
        return False
    found = picture_key(page.stated_image)
    return bool(found) and all(picture_key(url) != found for url in images)


def other_image(article: KnownArticle) -> tuple[LinkedReference | None, str] | None:
    """The article's first image, None where it has none, and the page's own in its place; None where the page has
    no other one to offer.

    A picture that was guessed or is named after a logo or a placeholder is none (rule E2).
    """
    page = compared_page(article.own)
    if page is None or not page.stated_image or is_stand_in(page.stated_image):
        return None
    first = next((one for one in article.own if one.reference.role is Role.IMAGE), None)
    found = examine(page.stated_image)
    if found.invalid:
        return None
    if first is not None:
        led = (first.link.url, final_url_of(first.link))
        if is_one_of(found.url, led) or not image_drifted(article, page):
            return None
    return first, found.url

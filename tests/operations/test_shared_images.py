"""Images of many articles, over the uses of all of them (rule I10)."""

from __future__ import annotations

from crawler.model.role import Role
from crawler.operations.shared_images import on_many, shared_images
from crawler.rules.image.image_uses import ImageUse, SharedImages
from crawler.rules.policy import ImagePolicy
from tests.rules.articles import article, linked

LOGO = "https://news.example/logo\ud800.png"


def test_an_image_counts_once_for_each_page() -> None:
    uses = [ImageUse("logo", f"page {at // 2}") for at in range(6)] + [ImageUse("\ud800", "page")]
    assert on_many(uses, 3) == SharedImages({"logo": 3})
    assert on_many(uses, 4) == SharedImages()
    assert on_many([], 1) == SharedImages()


def test_the_images_of_articles() -> None:
    image = linked(Role.IMAGE, url=LOGO, pointer="images/0")
    articles = [
        article(linked(url=f"https://news.example/{at}/story"), image, path=f"{at}.md")
        for at in range(10)
    ]
    policy = ImagePolicy()
    shared = shared_images(articles, policy)
    assert shared.count(image) == 10
    assert shared.count(linked()) == 0
    assert shared_images(articles[1:], policy) == SharedImages()

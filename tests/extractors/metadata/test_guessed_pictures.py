"""Where no metadata name an image, the article's first real picture stands in, marked as guessed (rule M17)."""

from __future__ import annotations

import pytest

from crawler.extractors.page import extract_page
from crawler.model.check import FieldState
from crawler.model.observation import PageFacts
from crawler.model.role import Role
from crawler.rules.article.freshness import freshness
from crawler.rules.image.page_image import other_image
from crawler.rules.policy import FreshnessPolicy
from tests.rules.article.test_freshness import TODAY
from tests.rules.articles import article, linked

_HEAD = "<html><body><header><img src=/head.jpg></header><nav><img src=/nav.jpg></nav>"


def image(html: str) -> tuple[str | None, bool]:
    facts = extract_page(html.encode(), url="https://news.example/a", content_type=None).facts
    return facts.image, facts.image_guessed


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ("<article><h1>A</h1><img src=pier.jpg></article>", "pier.jpg"),
        ("<main><img src=/pier.jpg width=640 height=360></main>", "pier.jpg"),
        ("<h1>A</h1><p><img src=pier.jpg></p>", "pier.jpg"),
        ("<div><h1>A</h1></div><div><img src=pier.jpg></div>", "pier.jpg"),
        ("<article><img src=spinner.gif data-src=pier.jpg></article>", "pier.jpg"),
        ("<article><img src=data:image/gif;base64,R0 data-original=pier.jpg></article>", "pier.jpg"),
        ("<article><amp-img src=pier.jpg width=640 height=360></amp-img></article>", "pier.jpg"),
        ("<article><figure><img src=pier.jpg></figure></article>", "pier.jpg"),
        # What is no picture of the article.
        ("<article><img src=pixel.png width=1 height=1><img src=pier.jpg></article>", "pier.jpg"),
        ("<article><img class=avatar src=jo.jpg><img src=pier.jpg></article>", "pier.jpg"),
        ("<article><img src=/icons/mail.png><img src=pier.jpg></article>", "pier.jpg"),
        ("<article><img src=site-logo.png><img src=pier.jpg></article>", "pier.jpg"),
        ("<article><img src=line.svg><img src=pier.jpg></article>", "pier.jpg"),
        ("<article><div class=related-posts><img src=x.jpg></div><img src=pier.jpg></article>", "pier.jpg"),
        ("<article><aside><img src=x.jpg></aside></article>", None),
        ("<article><img src=thumb.jpg width=80></article>", None),
        ("<article><img></article>", None),
        ("<article></article><article><img src=x.jpg></article>", None),
        ("<p><img src=x.jpg></p>", None),
        ("<img src=x.jpg><h1>A</h1>", None),
    ],
)  # fmt: skip
def test_the_first_picture_of_an_article(html: str, name: str | None) -> None:
    expected = (f"https://news.example/{name}", True) if name else (None, False)
    assert image(_HEAD + html) == expected


def test_an_image_that_metadata_name_goes_first() -> None:
    html = "<meta property=og:image content=/og.jpg><article><img src=pier.jpg></article>"
    assert image(html) == ("https://news.example/og.jpg", False)


@pytest.mark.parametrize(
    ("guess", "state"),
    [
        ("https://cdn.example/pier-640x360.jpg", FieldState.MATCH),
        ("https://cdn.example/hall.jpg", FieldState.UNVERIFIABLE),
    ],
)
def test_a_guess_may_confirm_and_never_contradicts(guess: str, state: FieldState) -> None:
    page = PageFacts(title="A story of note", image=guess, image_guessed=True)
    picture = linked(Role.IMAGE, url="https://cdn.example/pier.jpg", pointer="images/0")
    known = article(linked(page=page), picture)
    found = freshness(known, FreshnessPolicy(), TODAY)
    assert (found.fields["image"], found.drift) == (state, ())
    assert other_image(known) is None
    assert other_image(article(linked(page=page))) is None

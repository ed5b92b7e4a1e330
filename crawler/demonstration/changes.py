"""Ways in which a URL answers: each makes its answer from the URL and from its mentions in the files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from crawler.demonstration.sample import Kind, Mention
from crawler.demonstration.scripted_answers import Answer, amp_page, page, picture

UNDECLARED_SIZE = (1200, 675)
"""The size of images for which the collection declares none."""

Change = Callable[[str, Mapping[str, Mention]], Answer | None]
"""From a URL and all mentions by URL to the answer; None for a URL that cannot be requested."""


def usual(url: str, mentions: Mapping[str, Mention]) -> Answer | None:
    """The answer that the collection expects: the article, its AMP page or an image of the declared size."""
    mention = mentions[url]
    if mention.kind is Kind.FILE:
        return None
    if mention.kind is Kind.IMAGE:
        return picture(*(mention.size or UNDECLARED_SIZE))
    if mention.kind is Kind.AMP:
        return amp_page(mention.web, mention.story)
    return page(url, mention.story)


def nothing(_url: str, _mentions: Mapping[str, Mention]) -> None:
    """No answer: the URL cannot be requested."""


def always(answer: Answer) -> Change:
    """The same answer for any URL."""
    return lambda _url, _mentions: answer


def slowly(seconds: float) -> Change:
    """The article as the file describes it, but late."""

    def change(url: str, mentions: Mapping[str, Mention]) -> Answer:
        return replace(page(url, mentions[url].story), delay=seconds)

    return change


def tells(
    *,
    title: str | None = None,
    excerpt: str | None = None,
    modified: str | None = None,
    free: bool = True,
) -> Change:
    """The article, with a page that differs from the file."""

    def change(url: str, mentions: Mapping[str, Mention]) -> Answer:
        story = mentions[url].story
        return page(
            url,
            replace(
                story,
                title=story.title if title is None else title,
                excerpt=story.excerpt if excerpt is None else excerpt,
                modified=modified,
                free=free,
            ),
        )

    return change


def article_of(former: str) -> Change:
    """The article that the collection knows under a former URL, at its new place."""
    return lambda url, mentions: page(url, mentions[former].story)


def picture_of(former: str) -> Change:
    """The image that the collection knows under a former URL, at its new place."""
    return lambda _url, mentions: usual(former, mentions)

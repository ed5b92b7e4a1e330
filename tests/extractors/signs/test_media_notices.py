"""Notices in place of a thing (rules N2, V15): what says gone, what says no more than not shown, and headlines."""

from __future__ import annotations

from time import process_time

import pytest

from crawler.extractors.html.document import read_document
from crawler.extractors.page import extract_page
from crawler.extractors.signs.media_notices import find_notice
from crawler.extractors.signs.page_shape import read_shape
from crawler.model.observation import SoftSign
from tests.time_limits import cpu_limit

PROSE = "<p>" + "The pier was opened again on Monday. " * 60 + "</p>"


def notice(title: str, h1: str = "", body: str = "") -> SoftSign | None:
    heading = f"<h1>{h1}</h1>" if h1 else ""
    html = f"<html><title>{title}</title><body>{heading}{body}</body></html>"
    document = read_document(html.encode(), url="https://tube.example/watch", content_type=None)
    said = find_notice(document, read_shape(document))
    return said and said[0]


@pytest.mark.parametrize(
    "said",
    [
        "This video has been removed", "This video was deleted by the uploader", "Video removed", "Video not found",
        "This video is no longer available", "Sorry, this post is no longer available.", "This album does not exist",
        "The requested video could not be found", "This video no longer exists", "Photo deleted by its owner",
        "This video has been removed for violating our policy on spam", "Deleted video", "Видео удалено",
        "This video is no longer available due to a copyright claim by Harbour Films", "Dieses Video wurde entfernt",
        "Cette vidéo n'est plus disponible", "Este video ya no está disponible", "该视频已被删除", "Oops, video not found",
    ],
)  # fmt: skip
def test_words_that_say_gone(said: str) -> None:
    assert notice(said) is SoftSign.NOT_FOUND
    assert notice("HarbourTube", said) is SoftSign.NOT_FOUND
    assert notice("", body=f"<p>{said}</p>") is SoftSign.NOT_FOUND


@pytest.mark.parametrize(
    "said",
    [
        "This video is not available", "This video isn’t available anymore", "Video unavailable", "Private video",
        "This video is not available in your country", "The video is currently unavailable in your region",
        "This content isn't available right now", "This video is private", "Not available in your location",
        "Sign in to confirm your age", "Log in to watch this video", "This video is age-restricted", "非公開動画",
        "This clip is blocked in your country", "Dieses Video ist nicht verfügbar", "Vidéo privée", "Видео недоступно",
        "Video unavailable. This video has been removed by the uploader", "Private video | HarbourTube",
        "This video is geo-blocked", "Sorry, this account is private",
    ],
)  # fmt: skip
def test_words_that_say_no_more_than_not_shown(said: str) -> None:
    assert notice(said) is SoftSign.PRIVATE
    assert notice("The pier - HarbourTube", said) is SoftSign.PRIVATE


@pytest.mark.parametrize(
    "said",
    [
        "", "The video that changed television", "Why this video is not available in your country", "Deleted scenes",
        "Private video games", "The photo was deleted after an outcry", "Movie deleted from memory", "Film not found",
        "The film does not exist", "Track unavailable: the story of a lost song", "Stream no longer exists",
        "Channel removed from the river bed", "This video is not available, and why that is a scandal for all of us",
        "The photo is not available to the public", "This page is private property", "Video killed the radio star",
        "This video is not available | " + "a long headline " * 5, "Image problem", "Account of a journey",
    ],
)  # fmt: skip
def test_headlines(said: str) -> None:
    assert notice(said) is None
    assert notice(said, said) is None


@pytest.mark.parametrize(
    ("title", "h1", "body"),
    [
        ("This video is private", "The pier opens", "<p>Opened.</p>"),
        ("The pier", "The pier", "<div><h1>This video is private</h1></div>"),
        ("The pier", "", "<p>Opened.</p><p>This video is private.</p>"),
        ("HarbourTube", "This video is private", PROSE),
        ("This video is private", "", PROSE * 9),
    ],
)
def test_a_notice_is_the_whole_page(title: str, h1: str, body: str) -> None:
    assert notice(title, h1, body) is None


def test_an_article_about_it_is_none() -> None:
    head = "<meta property=og:type content=article><title>This video is private</title>"
    found = extract_page(head.encode(), url="https://news.example/a", content_type=None)
    assert found.sign is None
    found = extract_page(
        head.replace("article", "video").encode(), url="https://news.example/a", content_type=None
    )
    assert (found.sign, found.evidence) == (SoftSign.PRIVATE, "notice: This video is private")


@pytest.mark.parametrize(
    "said", ["this " * 24, "video in your " * 8, "sorry, " * 17, "this video is private. " * 5]
)
def test_no_words_take_long(said: str) -> None:
    started = process_time()
    for _ in range(20):
        notice(said, said)
    assert process_time() - started < cpu_limit(1)

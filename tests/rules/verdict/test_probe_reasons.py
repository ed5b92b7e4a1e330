"""Rules N4 and N5: which answers are suspects, which near-misses are none, and the probes' addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.observation import Further, Hop, Observation, PageFacts, SoftSign
from crawler.rules.places import same_place
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find
from crawler.rules.verdict.probe_reasons import (
    ENOUGH_ENDS,
    ProbeReason,
    bears_title,
    folder_of,
    is_elsewhere,
    probe_reason,
    probe_url,
)
from tests.strategies import model

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SITE = "https://news.example"
DEEP = f"{SITE}/2020/06/a-story-of-note"
STORED = ("A story of note",)
OTHER = PageFacts(title="The Daily Harbour", titles=("The Daily Harbour",))
BARE = PageFacts()
DATED = replace(OTHER, published="2020-06-10")


def seen(
    url: str = DEEP, end: str | None = None, page: PageFacts | None = OTHER, **facts: object
) -> Observation:
    hops = () if end is None else (Hop(url, 301),)
    return Observation(
        url, NOW, 1, status=200, hops=hops, final_url=end or url, page=page, **facts  # type: ignore[arg-type]
    )  # fmt: skip


def canonical(url: str, **more: str) -> PageFacts:
    return PageFacts(canonical=url, **more)  # type: ignore[arg-type]


def reason_of(observation: Observation, titles: Sequence[str], ends: int) -> ProbeReason | None:
    """The reason, where the articles store these titles."""
    is_titled = bears_title(observation.page, titles) if observation.page else None
    return probe_reason(replace(observation, further=Further(is_titled=is_titled)), ends)


@pytest.mark.parametrize(
    ("observation", "titles", "ends", "reason"),
    [
        (seen(end=f"{SITE}/news/", page=BARE), (), 1, ProbeReason.HIGHER_END),
        (seen(end=f"{SITE}/2020/06/"), STORED, 1, ProbeReason.HIGHER_END),
        (seen(end=f"{SITE}/2020/another-story-of-note", page=BARE), (), 1, ProbeReason.HIGHER_END),
        (seen(f"{SITE}/a-story-of-note", f"{SITE}/search?q=a"), (), 1, ProbeReason.HIGHER_END),
        (seen(end=f"{SITE}/?s=a+story", page=BARE), (), 1, ProbeReason.HIGHER_END),
        (seen(page=canonical(f"{SITE}/")), (), 0, ProbeReason.HOME_CANONICAL),
        (seen(page=canonical("http://www.news.example")), (), 0, ProbeReason.HOME_CANONICAL),
        (seen(end=f"{SITE}/x/y/z", page=BARE), (), 3, ProbeReason.SHARED_END),
        (seen(end=f"{SITE}/x/y/z", page=DATED), STORED, 4, ProbeReason.SHARED_END),
        (seen(), STORED, 0, ProbeReason.OTHER_TITLE),
        (seen(), ("", "Something else", *STORED), 0, ProbeReason.OTHER_TITLE),
        (seen(end=f"{SITE}/x/a-story-of-note"), STORED, 1, ProbeReason.OTHER_TITLE),
        (
            seen(f"{SITE}/the-world/lost", page=PageFacts(titles=("The World",))),
            STORED,
            0,
            ProbeReason.OTHER_TITLE,
        ),
        (seen(f"{SITE}/2020/123456"), STORED, 0, ProbeReason.OTHER_TITLE),
        (seen(page=BARE), STORED, 0, ProbeReason.OTHER_TITLE),
        (
            seen(page=PageFacts(titles=("You searched for A story of note",))),
            STORED,
            0,
            ProbeReason.OTHER_TITLE,
        ),
        (
            seen(page=PageFacts(titles=("No results - a story of note",))),
            STORED,
            0,
            ProbeReason.OTHER_TITLE,
        ),
        (
            seen(page=PageFacts(titles=("Suchergebnisse für: a-story-of-note",))),
            ("Quite different",),
            0,
            ProbeReason.OTHER_TITLE,
        ),
        (
            seen(page=PageFacts(titles=("You looked for: a story of note, in all of our news",))),
            ("Quite different",),
            0,
            ProbeReason.OTHER_TITLE,
        ),
    ],
)
def test_suspects(
    observation: Observation, titles: tuple[str, ...], ends: int, reason: ProbeReason
) -> None:
    assert find(observation).outcome in (Outcome.ALIVE, Outcome.MOVED)
    assert reason_of(observation, titles, ends) is reason


TITLED = PageFacts(title="A story of note", titles=("A story of note | News",))


@pytest.mark.parametrize(
    ("observation", "titles", "ends"),
    [
        pytest.param(seen(page=TITLED), STORED, 0, id="the title that is stored"),
        pytest.param(seen(page=replace(TITLED, title="A STORY of  note")), STORED, 0, id="in capitals"),
        pytest.param(seen(), ("The Daily Harbour", *STORED), 0, id="one of several stored titles"),
        pytest.param(seen(page=PageFacts(titles=("Of note: the story of the pier",))), STORED, 0, id="rewritten"),
        pytest.param(seen(page=TITLED), ("Quite different",), 0, id="titled as its address says"),
        pytest.param(seen(f"{DEEP}/amp", page=PageFacts(titles=("Amp",))), STORED, 0, id="titled as the last part"),
        pytest.param(seen(f"{DEEP}/amp", page=TITLED), ("Quite different",), 0, id="titled as the slug before"),
        pytest.param(
            seen(page=PageFacts(titles=("A story of note, told at last",))), ("Different",), 0, id="titled much as its address"
        ),
        pytest.param(seen(page=DATED), STORED, 0, id="another title, but a published time"),
        pytest.param(
            seen(page=PageFacts(titles=("No results: how a vote ended",))), ("No results: how a vote ended",), 0,
            id="an article of such a title",
        ),
        pytest.param(seen(), (), 0, id="no title is known"),
        pytest.param(seen(end=f"{SITE}/news/", page=TITLED), STORED, 9, id="a section of its title"),
        pytest.param(seen(end=f"{SITE}/news/", page=DATED), (), 2, id="higher up, with a published time"),
        pytest.param(seen(end=f"{SITE}/a-story-of-note", page=BARE), (), 9, id="a tidier address"),
        pytest.param(seen(f"{DEEP}/amp", DEEP, BARE), (), 9, id="AMP given up"),
        pytest.param(seen(f"{SITE}/p/123", f"{SITE}/2020/a-slug", BARE), (), 1, id="pretty redirects"),
        pytest.param(seen(f"{SITE}/s/123456/x", f"{SITE}/123456", BARE), (), 9, id="its number kept"),
        pytest.param(seen(end=DEEP.replace("//", "//www.") + "/?utm_source=a", page=BARE), (), 9, id="trivial"),
        pytest.param(seen(end=f"{SITE}/x/y/z", page=BARE), (), 2, id="two ends"),
        pytest.param(seen(f"{SITE}/news", f"{SITE}/x", BARE), (), 9, id="not deep"),
        pytest.param(seen(f"{SITE}/news"), STORED, 0, id="a front page's title"),
        pytest.param(seen(f"{SITE}/article.php?id=5"), STORED, 0, id="by query at the root"),
        pytest.param(seen(page=canonical(DEEP)), (), 0, id="its own canonical"),
        pytest.param(seen(page=canonical(f"{SITE}/?p=5")), (), 0, id="home with a query"),
        pytest.param(seen(page=canonical("https://[")), (), 0, id="a canonical that is no address"),
        pytest.param(seen(page=canonical(f"{SITE}/", published="2020-06-10")), (), 0, id="home, published"),
        pytest.param(seen(end=f"{SITE}/?s=x&p=2", page=BARE, sign=SoftSign.WALL), (), 9, id="a wall"),
        pytest.param(seen(page=None), STORED, 9, id="no page"),
        pytest.param(seen(end=f"{SITE}/", page=BARE), (), 9, id="home: gone already"),
        pytest.param(
            seen("https://news-example.cdn.ampproject.org/c/s/news.example/2020/a"), STORED, 9, id="AMP cache"
        ),
        pytest.param(
            seen("https://docs.example/errors/what-404-means", page=PageFacts(titles=("What 404 means",))),
            ("What 404 means",), 0, id="an article about 404 pages",
        ),
        pytest.param(
            seen(f"{SITE}/news/politics/", page=PageFacts(titles=("Politics | News",))), ("Politics",), 0,
            id="a section linked as such",
        ),
    ],
)  # fmt: skip
def test_near_misses_are_no_suspects(
    observation: Observation, titles: tuple[str, ...], ends: int
) -> None:
    assert reason_of(observation, titles, ends) is None


@given(model.observations, st.lists(st.text(max_size=20), max_size=3), st.integers(0, 5))
def test_only_what_went_well_is_suspected_and_more_ends_never_clear_it(
    observation: Observation, titles: list[str], ends: int
) -> None:
    try:
        urlsplit(observation.url), urlsplit(observation.final_url or "")
    except ValueError:
        return
    reason = reason_of(observation, titles, ends)
    if reason is not None:
        assert find(observation).outcome in (Outcome.ALIVE, Outcome.MOVED)
        assert reason_of(observation, titles, ENOUGH_ENDS) is not None


def test_elsewhere() -> None:
    assert is_elsewhere(seen(end=f"{SITE}/x"))
    assert not is_elsewhere(seen(end=f"{DEEP}/"))
    assert not is_elsewhere(replace(seen(end=f"{SITE}/x"), final_url=None))


@pytest.mark.parametrize(
    ("path", "folder", "shape"),
    [
        ("/2020/06/a-story-of-note", "/*/*/", r"/2020/06/[a-z]{8}-[a-z]{8}-[a-z]{8}"),
        ("/news/a_story.html", "/news/", r"/news/[a-z]{8}_[a-z]{8}_[a-z]{8}\.html"),
        ("/news/story/", "/news/", r"/news/[a-z]{24}/"),
        ("/a-slug-at-root", "/", r"/[a-z-]{26}"),
        ("/news/article.php?id=5", "/news/", r"/news/[a-z]{24}\.php"),
        ("/news/123456", "/news/", r"/news/9\d{7}"),
        ("/news/a-story-123456.html", "/news/", r"/news/[a-z-]{26}-9\d{7}\.html"),
        ("/news/123456-a-story", "/news/", r"/news/9\d{7}-[a-z-]{26}"),
        ("/news/1234567890123456", "/news/", r"/news/[a-z]{24}"),
        ("/questions/12345/any-slug", "/questions/", r"/questions/9\d{6}/[a-z-]{26}"),
        ("/item/87/any-slug", "/item/", r"/item/[a-z]{24}/[a-z-]{26}"),
        ("/story/12345/comments/page-2", "/story/", r"/story/9\d{6}/[a-z]{24}/[a-z-]{26}"),
        ("/2020/a-story-of-note/amp", "/*/", r"/2020/[a-z-]{26}/[a-z]{24}"),
        ("/of-the-section/123456", "/of-the-section/", r"/of-the-section/9\d{7}"),
        ("/caf%C3%A9/a%20b", "/caf%C3%A9/", r"/caf%C3%A9/[a-z]{24}"),
        ("/", "/", r"/[a-z-]{26}"),
    ],
)
def test_a_probe_has_the_folder_and_the_shape_but_never_the_number(
    path: str, folder: str, shape: str
) -> None:
    url = SITE + path
    assert folder_of(url) == SITE + folder
    probe = probe_url(url, "seed")
    assert re.fullmatch(SITE + shape, probe), probe
    assert probe_url(url, "seed") == probe
    assert probe_url(url, "other") != probe


segments_of_paths = st.lists(st.from_regex(r"[A-Za-z0-9._~%C3-]{1,20}", fullmatch=True), max_size=5)


@given(segments_of_paths, st.sampled_from(["", "?id=5"]), st.text(max_size=5))
def test_a_probe_is_another_place_of_the_same_origin(
    names: list[str], query: str, seed: str
) -> None:
    url = f"{SITE}/{'/'.join(names)}{query}"
    probe = probe_url(url, seed)
    assert urlsplit(probe)[:2] == urlsplit(url)[:2]
    assert same_place(probe) != same_place(url)
    assert urlsplit(probe).query == ""
    assert probe.isascii()

"""Ends of redirects: gates, home pages and sections (rules N1, N11 to N13), and https in place of http (rule V17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import given

from crawler.model.observation import (
    CertificateFault,
    FailureKind,
    Further,
    Hop,
    Observation,
    PageFacts,
    Probe,
)
from crawler.model.verdict import WarningCode
from crawler.rules.verdict.over_https import over_https
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find
from crawler.rules.verdict.redirect_ends import (
    advice,
    ends_at_gate,
    has_home_name,
    is_front_in_question,
    is_other_page,
    is_section,
)
from tests.strategies import model

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SITE = "https://news.example"
DEEP = f"{SITE}/2020/06/a-story-of-note"
PAGE = PageFacts(title="The Daily Harbour")
DATED = replace(PAGE, published="2020-06-10")


def led(
    end: str | None,
    *statuses: int,
    url: str = DEEP,
    page: PageFacts | None = PAGE,
    **further: object,
) -> Observation:
    """An answer at the end of redirects, 301 where no status is given."""
    hops = tuple(Hop(url, status) for status in statuses or (301,))
    more = Further(**further)  # type: ignore[arg-type]
    return Observation(url, NOW, 1, 200, hops=hops, final_url=end, page=page, further=more)


CARRIED = "https%3A%2F%2Fnews.example%2F2020%2F06%2Fa-story-of-note"


@pytest.mark.parametrize(
    "end",
    [
        f"https://gate.example/hello?dest={CARRIED}",
        f"https://gate.example/hello?dest={CARRIED}%3Futm_source%3Dx",
        f"https://gate.example/hello?dest={CARRIED.replace('%', '%25')}",
        "https://gate.example/hello?a=1&back=/2020/06/a-story-of-note",
        f"https://gate.example/hello?dest={CARRIED.replace('https', 'http')}",
        f"{SITE}/?dest={CARRIED}",
        "https://queue.news.example/",
        "https://waitingroom.news.example/x",
        "https://members.news.example/join",
        "https://geo.captcha-service.example/x",
    ],
)
def test_gates(end: str) -> None:
    finding = find(led(end, 302))
    assert (finding.outcome, finding.reason) == (Outcome.SAYS_NOTHING, "site-barrier")


@pytest.mark.parametrize(
    "observation",
    [
        pytest.param(led(None), id="no end"),
        pytest.param(led(f"{SITE}/view/a?dest=/"), id="the root in the query"),
        pytest.param(led(f"{SITE}/view/a?dest=/2020/06/another"), id="another address"),
        pytest.param(led(f"{SITE}/view/a?dest=a-story-of-note"), id="a name alone"),
        pytest.param(led(f"{SITE}/view/a?dest=https://["), id="no address"),
        pytest.param(led(f"{SITE}/search?q=/2020/06/a-story-of-note"), id="a search"),
        pytest.param(led(f"{SITE}/a/a-story-of-note?from={CARRIED}"), id="the name kept"),
        pytest.param(led(f"{SITE}/view/a?d={CARRIED}", page=DATED), id="a published time"),
        pytest.param(led(f"{SITE}/view/a?d={CARRIED}", is_titled=True), id="the stored title"),
        pytest.param(led(f"{SITE}/view/a?d={'x' * 5_000}&e={CARRIED}"), id="a long query"),
        pytest.param(led("https://queueing.example/a/b"), id="a name that begins alike"),
        pytest.param(
            led("https://queue.example/a/b", url="https://queue.example/c/d"), id="asked for it"
        ),
    ],
)
def test_near_misses_are_no_gates(observation: Observation) -> None:
    assert ends_at_gate(observation) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        *((path, True) for path in ("/index.php", "/Default.aspx", "/home", "/en/", "/en-gb", "/pt_BR/", "/de/index.html")),
        *((path, True) for path in ("/index.html?utm_source=a", "/startseite", "/home.do")),
        *((path, False) for path in ("/start", "/main.jsp", "/portal")),
        *((path, False) for path in ("/", "/it/", "/tv", "/us/", "/homes", "/index.php?id=5", "/default.png")),
        *((path, False) for path in ("/en/news", "/home/garden", "/en-gb/x/y", "/indexes.html")),
    ],
)  # fmt: skip
def test_names_of_home_pages(path: str, expected: bool) -> None:
    assert has_home_name(urlsplit(f"{SITE}{path}")) is expected


ROOT = Probe(f"{SITE}/", 200, f"{SITE}/hafen/")


@pytest.mark.parametrize(
    ("observation", "reason"),
    [
        (led(f"{SITE}/hafen", front=ROOT), "soft-404-home"),
        (led(f"{SITE}/index.php", 302), "soft-404-home"),
        (led(f"{SITE}/", 302, page=DATED, is_titled=True), "soft-404-home"),
        (led(f"{SITE}/hafen", 302, front=ROOT), "redirect-temporary"),
        (led(f"{SITE}/hafen", front=replace(ROOT, status=403)), "redirect-general"),
        (led(f"{SITE}/hafen", front=replace(ROOT, final_url=None)), "redirect-general"),
        (led("https://b.example/", url="https://sho.example/3k2019x"), "redirect-general"),
        (led("https://eu.news.example/", 302), "redirect-temporary"),
        (led("https://eu.news.example/", 301), "soft-404-home"),
        (led("https://www.news.example/", 302), "soft-404-home"),
        (led(f"{SITE}/home", url=f"{SITE}/index.html"), "redirect-general"),
        (led(f"{SITE}/hafen", is_titled=True), "moved-permanently"),
    ],
)
def test_ends_at_home(observation: Observation, reason: str) -> None:
    assert find(observation).reason == reason


@pytest.mark.parametrize(
    ("observation", "expected"),
    [
        pytest.param(led(f"{SITE}/hafen"), True, id="a single name"),
        pytest.param(led(f"{SITE}/hafen", 302), False, id="for the time being"),
        pytest.param(led(f"{SITE}/hafen", is_titled=True), False, id="titled"),
        pytest.param(led(f"{SITE}/hafen", front=ROOT), False, id="asked already"),
        pytest.param(led(None), False, id="no end"),
        pytest.param(led(f"{SITE}/a-long-slug"), False, id="a deep end"),
        pytest.param(led(f"{SITE}/show?id=5"), False, id="a query"),
        pytest.param(led(f"{SITE}/home"), False, id="a home page by its name"),
        pytest.param(led(f"{SITE}/a", url=f"{SITE}/x"), False, id="asked for no deep page"),
        pytest.param(led(f"{SITE}/a", url=f"{SITE}/2020/a"), False, id="the name kept"),
    ],
)
def test_the_root_is_asked_where_only_it_tells(observation: Observation, expected: bool) -> None:
    assert is_front_in_question(observation) is expected


HOME, SECTION = WarningCode.REDIRECTS_TO_HOME, WarningCode.REDIRECTS_TO_SECTION


@pytest.mark.parametrize(
    ("observation", "expected"),
    [
        (led(f"{SITE}/", url=f"{SITE}/news"), HOME),
        (led(f"{SITE}/", url=f"{SITE}/home"), None),
        (led(f"{SITE}/news/"), SECTION),
        (led(f"{SITE}/news/", 302), SECTION),
        (led(f"{SITE}/2020/06/"), SECTION),
        (led(f"{SITE}/tag/pier"), SECTION),
        (led(f"{SITE}/?s=story"), SECTION),
        (led(f"{SITE}/news/", url=f"{SITE}/watch?v=9xQ2bLm"), SECTION),
        (led(f"{SITE}/news/", url=f"{SITE}/?p=12"), SECTION),
        (led(f"{SITE}/news/", url=f"{SITE}/watch?utm_source=a"), None),
        (led(f"{SITE}/news/", is_titled=True), None),
        (led(f"{SITE}/news/", page=None), None),
        (led(f"{SITE}/news/", url=f"{SITE}/old"), None),
        (led(f"{SITE}/articles/its-place"), None),
        (led(None), None),
    ],
)
def test_advice_on_what_leads_to_no_page_of_its_own(
    observation: Observation, expected: WarningCode | None
) -> None:
    assert advice(observation) is expected


@pytest.mark.parametrize(
    ("observation", "expected"),
    [
        (led(f"{SITE}/stories/ten-recipes", is_titled=False), True),
        (led(f"{SITE}/stories/ten-recipes", url=f"{SITE}/watch?v=9x", is_titled=False), True),
        (led(f"{SITE}/stories/ten-recipes", is_titled=True), False),
        (led(f"{SITE}/stories/ten-recipes"), False),  # no title is stored
        (led(f"{SITE}/stories/a-story-of-note", is_titled=False), False),
        (led(f"{SITE}/stories/ten-recipes", url=f"{SITE}/old", is_titled=False), False),
    ],
)
def test_another_page_bears_no_title_and_keeps_no_name(
    observation: Observation, expected: bool
) -> None:
    assert is_other_page(observation, urlsplit(observation.final_url or "")) is expected


@pytest.mark.parametrize(
    ("asked", "end", "expected"),
    [
        (DEEP, f"{SITE}/search?q=a", True),
        (f"{SITE}/search?q=a", f"{SITE}/suche?q=a", False),
        (DEEP, f"{SITE}/show?id=123", False),
        (DEEP, f"{SITE}/x/a-story-of-note", False),
        (DEEP, "https://other.example/2020/06/", False),
        (DEEP, f"{SITE}/Tag/pier", True),
        (DEEP, f"{SITE}/tag/pier/1/2", False),
    ],
)
def test_sections(asked: str, end: str, expected: bool) -> None:
    assert is_section(urlsplit(asked), urlsplit(end)) is expected


PLAIN = f"http://{DEEP.removeprefix('https://')}"
CLOSED = Observation(PLAIN, NOW, 1, failure=FailureKind.CONNECT_REFUSED)


@pytest.mark.parametrize(
    ("facts", "kept"),
    [
        ({"status": 200}, "https-only"),
        ({"status": 403}, "http-403"),
        ({"status": 503}, "http-503"),
        ({"status": 404}, None),
        ({"failure": FailureKind.CONNECT_REFUSED}, None),
        ({"failure": FailureKind.RESPONSE_TIMEOUT}, None),
    ],
)
def test_what_https_says_where_http_cannot_be_connected_to(
    facts: dict[str, object], kept: str | None
) -> None:
    secure = Observation(PLAIN, NOW, 1, final_url=DEEP, **facts)  # type: ignore[arg-type]
    seen = over_https(CLOSED, secure)
    if kept is None:
        assert seen is CLOSED
    else:
        assert find(seen).reason == kept
        assert seen.further.over_https is FailureKind.CONNECT_REFUSED
        assert find(seen).moved_to == (DEEP if kept == "https-only" else None)


def test_over_https_the_end_is_suggested_and_never_behind_a_bad_certificate() -> None:
    www = DEEP.replace("//", "//www.")
    secure = Observation(PLAIN, NOW, 1, 200, hops=(Hop(DEEP, 301),), final_url=www)
    found = find(over_https(CLOSED, secure))
    assert (found.reason, found.moved_to) == ("https-only", www)
    doubtful = replace(secure, hops=(), final_url=DEEP, certificate=CertificateFault.EXPIRED)
    found = find(over_https(CLOSED, doubtful))
    assert (found.reason, found.moved_to) == ("https-only", None)


@given(model.observations)
def test_no_observation_breaks_a_rule(observation: Observation) -> None:
    try:
        urlsplit(observation.url), urlsplit(observation.final_url or "")
    except ValueError:
        return
    find(observation)
    is_front_in_question(observation)

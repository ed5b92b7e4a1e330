"""Rule V2, the order of judgement: what one answer says, with near-misses that must stay alive."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.model.observation import (
    FailureKind,
    Further,
    Hop,
    ImageFacts,
    Inconclusive,
    Observation,
    PageFacts,
    Probe,
    SoftSign,
)
from crawler.model.verdict import WarningCode
from crawler.rules.text_words import sketch_of, words_of
from crawler.rules.verdict.move_proofs import is_same_for_all, leads_to_same_page
from crawler.rules.verdict.new_address import unproven_address
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import (
    RULES,
    find,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DEEP = "https://news.example/2020/06/a-story-of-note"


def seen(url: str = DEEP, **facts: object) -> Observation:
    return Observation(url=url, at=NOW, run=1, **facts)  # type: ignore[arg-type]


def redirected(end: str, *statuses: int, url: str = DEEP, **facts: object) -> Observation:
    hops = tuple(
        Hop(url if not n else f"https://hop{n}.example/", s) for n, s in enumerate(statuses)
    )
    return seen(url, status=200, hops=hops, final_url=end, **facts)


PUBLISHED = PageFacts(published="2020-06-10")


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (200, Outcome.ALIVE, "http-200"),
        (204, Outcome.ALIVE, "http-204"),
        (304, Outcome.ALIVE, "http-304"),
        (404, Outcome.GONE, "http-404"),
        (410, Outcome.GONE, "http-410"),
        *(
            (status, Outcome.SAYS_NOTHING, f"http-{status}")
            for status in (
                300,
                400,
                401,
                402,
                403,
                405,
                407,
                418,
                429,
                451,
                500,
                502,
                503,
                599,
                999,
            )
        ),
    ],
)
def test_every_status_has_its_outcome(status: int, outcome: Outcome, reason: str) -> None:
    finding = find(seen(status=status))
    assert (finding.outcome, finding.reason) == (outcome, reason)


GONE = {
    FailureKind.DNS_NXDOMAIN,
    FailureKind.DNS_NODATA,
    FailureKind.IMAGE_FILE_MISSING,
    FailureKind.FILE_MISSING,
}
FAILING = {
    FailureKind.CONNECT_REFUSED,
    FailureKind.CONNECT_TIMEOUT,
    FailureKind.CONNECTION_RESET,
}


@pytest.mark.parametrize("kind", FailureKind)
def test_every_failure_has_its_outcome(kind: FailureKind) -> None:
    expected = (
        Outcome.GONE
        if kind in GONE
        else Outcome.FAILING
        if kind in FAILING
        else Outcome.IMPOSSIBLE
        if kind is FailureKind.DNS_BAD_NAME
        else Outcome.SAYS_NOTHING
    )
    finding = find(seen(failure=kind))
    assert (finding.outcome, finding.reason) == (expected, kind.value)


@pytest.mark.parametrize(
    ("type_", "outcome", "reason"),
    [
        ("PNG", Outcome.ALIVE, "local-file"),
        (None, Outcome.ALIVE, "local-file"),
        ("HTML", Outcome.GONE, "html-for-image"),
    ],
)
def test_a_look_at_a_file_of_the_collection_has_no_status(
    type_: str | None, outcome: Outcome, reason: str
) -> None:
    """Rule I17: local images are measured where they exist."""
    look = seen("img/a.png", image=ImageFacts(type_, 4, 3, 69, 69))
    assert look.is_of_file
    assert (find(look).outcome, find(look).reason) == (outcome, reason)
    assert not seen(status=200, image=look.image).is_of_file
    assert not seen().is_of_file


def test_a_redirect_to_an_impossible_name_does_not_make_the_url_in_the_file_invalid() -> None:
    finding = find(
        seen(failure=FailureKind.DNS_BAD_NAME, hops=(Hop(DEEP, 301),), final_url="http://a..b/")
    )
    assert (finding.outcome, finding.reason) == (Outcome.SAYS_NOTHING, "redirect-bad-location")


def test_no_status_and_no_failure_says_nothing() -> None:
    assert find(seen()).outcome is Outcome.SAYS_NOTHING


def test_a_body_cut_short_is_alive_with_a_warning() -> None:
    finding = find(seen(status=200, failure=FailureKind.BODY_INCOMPLETE))
    assert finding.outcome is Outcome.ALIVE
    assert finding.warnings == (WarningCode.BODY_INCOMPLETE,)


@pytest.mark.parametrize(
    ("observation", "outcome", "reason"),
    [
        (seen(status=200, sign=SoftSign.WALL), Outcome.SAYS_NOTHING, "bot-wall"),
        (seen(status=404, sign=SoftSign.WALL), Outcome.SAYS_NOTHING, "bot-wall"),
        (seen(status=403, sign=SoftSign.WALL), Outcome.SAYS_NOTHING, "bot-wall"),
        (seen(status=503, sign=SoftSign.WALL), Outcome.SAYS_NOTHING, "bot-wall"),
        (seen(status=429, sign=SoftSign.WALL), Outcome.SAYS_NOTHING, "http-429"),
        (seen(status=200, sign=SoftSign.CONSENT), Outcome.SAYS_NOTHING, "consent-wall"),
        (seen(status=200, sign=SoftSign.LOGIN), Outcome.SAYS_NOTHING, "login-wall"),
        (redirected("https://consent.news.example/", 302), Outcome.SAYS_NOTHING, "consent-wall"),
        (redirected("https://guce.news.example/x", 302), Outcome.SAYS_NOTHING, "consent-wall"),
        (
            redirected("https://www.news.example/v2/collectConsent?s=1", 302),
            Outcome.SAYS_NOTHING,
            "consent-wall",
        ),
        (redirected("https://news.example/login?next=x", 302), Outcome.SAYS_NOTHING, "login-wall"),
        (redirected("https://news.example/subscribe/", 301), Outcome.SAYS_NOTHING, "login-wall"),
        (
            redirected("https://news.example/accounts/sign_in", 302),
            Outcome.SAYS_NOTHING,
            "login-wall",
        ),
        (redirected("https://news.example/wp-login.php", 302), Outcome.SAYS_NOTHING, "login-wall"),
        (redirected("https://login.live.example/oauth2", 302), Outcome.SAYS_NOTHING, "login-wall"),
        (redirected("https://sso.news.example/start", 301), Outcome.SAYS_NOTHING, "login-wall"),
        (redirected("https://news.example/zustimmung", 302), Outcome.SAYS_NOTHING, "consent-wall"),
        (
            redirected("https://news.example/consent/tcf/x", 302),
            Outcome.SAYS_NOTHING,
            "consent-wall",
        ),
        (
            redirected("https://news.example/Error/NotFound?aspxerrorpath=/a", 302),
            Outcome.GONE,
            "soft-404",
        ),
        (redirected("https://news.example/errors/404.aspx", 302), Outcome.GONE, "soft-404"),
        (redirected("https://news.example/error_404", 302), Outcome.GONE, "soft-404"),
        (redirected("https://news.example/404-page/index.html", 302), Outcome.GONE, "soft-404"),
        (redirected("https://news.example/", 301), Outcome.GONE, "soft-404-home"),
        (redirected("https://other.example", 302), Outcome.GONE, "soft-404-home"),
        (redirected("https://news.example/?utm_source=404", 301), Outcome.GONE, "soft-404-home"),
        (redirected("https://news.example/", 302, page=PUBLISHED), Outcome.GONE, "soft-404-home"),
        (redirected("https://news.example/404", 302), Outcome.GONE, "soft-404"),
        (redirected("https://news.example/en/page-not-found.html", 301), Outcome.GONE, "soft-404"),
        (seen(status=200, sign=SoftSign.NOT_FOUND), Outcome.GONE, "soft-404"),
        (seen(status=200, sign=SoftSign.PARKED), Outcome.GONE, "parked"),
        (seen(status=200, sign=SoftSign.HIJACKED), Outcome.FAILING, "hijacked"),
        (
            redirected("https://news.example/", 301, sign=SoftSign.HIJACKED),
            Outcome.FAILING,
            "hijacked",
        ),
        (seen(status=200, sign=SoftSign.REMOVED), Outcome.GONE, "removed"),
        (
            seen(
                status=200,
                image=ImageFacts("HTML", None, None, None, 100),
                further=Further(is_gate=True),
            ),
            Outcome.SAYS_NOTHING,
            "site-barrier",
        ),
        (
            seen(status=200, sign=SoftSign.REMOVED, page=PageFacts(published="2020-06-12")),
            Outcome.GONE,
            "removed",
        ),
        (seen(status=200, sign=SoftSign.PRIVATE), Outcome.SAYS_NOTHING, "not-public"),
        (
            redirected("https://i.imgur.com/removed.png", 302, url="https://i.imgur.com/a.jpg"),
            Outcome.GONE,
            "removed",
        ),
        (
            redirected("https://www.blogger.com/blogin.g?blogspotURL=x", 302),
            Outcome.SAYS_NOTHING,
            "not-public",
        ),
        (
            redirected("https://accounts.google.com/ServiceLogin?continue=x", 302),
            Outcome.SAYS_NOTHING,
            "login-wall",
        ),
        (
            seen(status=200, image=ImageFacts("HTML", None, None, None, 100)),
            Outcome.GONE,
            "html-for-image",
        ),
    ],
)
def test_pages_that_are_not_the_page(
    observation: Observation, outcome: Outcome, reason: str
) -> None:
    finding = find(observation)
    assert (finding.outcome, finding.reason) == (outcome, reason)


@pytest.mark.parametrize(
    "observation",
    [
        pytest.param(redirected("https://news.example/login", 302, url="https://news.example/login/a"), id="asked for a login page"),
        pytest.param(redirected("https://consent.news.example/b", 302, url="https://consent.news.example/a"), id="asked for a consent host"),
        pytest.param(redirected("https://news.example/404", 302, url="https://news.example/not-found"), id="asked for a 404 page"),
        pytest.param(redirected("https://news.example/", 302, url="https://news.example/en"), id="a language's home"),
        pytest.param(redirected("https://news.example/", 302, url="https://news.example/index.html"), id="index"),
        pytest.param(redirected("https://news.example/", 302, url="https://news.example"), id="home itself"),
        pytest.param(redirected("https://news.example/?p=12", 302), id="home with a query is a page"),
        pytest.param(redirected("https://news.example/", 302, url="https://sho.example/3k2019x"), id="a shortened home"),
        pytest.param(redirected("https://news.example/a/consent-forms", 302), id="consent in a slug"),
        pytest.param(redirected("https://sso.example/b", 302, url="https://sso.example/a"), id="asked for a log-in host"),
        pytest.param(redirected("https://news.example/404", 302, page=PUBLISHED), id="an article called 404"),
        pytest.param(seen(status=200, sign=SoftSign.NOT_FOUND, page=PUBLISHED), id="an article about 404 pages"),
        pytest.param(seen(status=200, sign=SoftSign.PARKED, page=PUBLISHED), id="an article about parking"),
        pytest.param(seen("https://docs.example/http/status/404", status=200, sign=SoftSign.NOT_FOUND), id="a manual's page about 404"),
        pytest.param(seen("https://news.example/login", status=200, sign=SoftSign.LOGIN), id="asked for a login"),
        pytest.param(seen("https://app.example/", status=200, sign=SoftSign.LOGIN), id="a root that is a login"),
        pytest.param(redirected("https://news.example/a/login-flaw-found", 302), id="login in a slug"),
        pytest.param(redirected("https://news.example/a/not-found-guilty", 302), id="not found in a slug"),
        pytest.param(redirected("https://news.example/list/page-404", 302), id="the 404th page of a list"),
        pytest.param(seen(status=200, page=PageFacts(paywalled=True)), id="a paywall"),
        pytest.param(redirected("https://news.example/blog/404-reasons-to-smile", 302), id="404 in a slug"),
        pytest.param(seen(status=200, image=ImageFacts("PNG", 1, 1, None, 30)), id="an image"),
    ],
)  # fmt: skip
def test_near_misses_stay_alive(observation: Observation) -> None:
    assert find(observation).outcome is Outcome.ALIVE


NEW = "https://news.example/culture/a-story-of-note"


@pytest.mark.parametrize(
    ("end", "canonical", "further", "moved_to"),
    [
        (NEW, None, Further(), NEW),
        (NEW, None, Further(fragment="part"), f"{NEW}#part"),
        (NEW, None, Further(fragment=""), f"{NEW}#"),
        (f"{NEW};jsessionid=1", None, Further(), None),
        (f"{NEW};jsessionid=1", NEW, Further(), NEW),
        (f"{NEW};jsessionid=1", f"{NEW}/", Further(), NEW),
        (f"{NEW};jsessionid=1", f"{NEW};jsessionid=1", Further(), None),
        (f"{NEW};jsessionid=1", "https://news.example/culture", Further(), None),
        (f"{NEW};jsessionid=1", "javascript:x", Further(), None),
        (f"{NEW};jsessionid=1", None, Further(clean_url=NEW), NEW),
        (f"{NEW};jsessionid=1", None, Further(clean_url=NEW, fragment="part"), f"{NEW}#part"),
        (f"{NEW};jsessionid=1", None, Further(clean_url=f"{NEW}/x"), None),
        (f"{NEW}?utm_source=x&id=7", f"{NEW}?id=7", Further(), f"{NEW}?id=7"),
        (f"{NEW}?utm_source=x", f"{NEW}?utm_source=x", Further(), None),
        (f"{NEW}?utm_source=x", None, Further(), None),
    ],
)
def test_a_move_suggests_a_clean_address(
    end: str, canonical: str | None, further: Further, moved_to: str | None
) -> None:
    """Rules E5 and E6."""
    page = PageFacts(canonical=canonical) if canonical else None
    found = find(redirected(end, 301, page=page, further=further))
    assert (found.outcome, found.moved_to) == (Outcome.MOVED, moved_to)


def test_a_redirect_by_language_is_alive_without_a_suggestion() -> None:
    """Rule E6."""
    end = DEEP.replace("/2020", "/en-us/2020")
    found = find(redirected(end, 301, further=Further(by_language=True)))
    assert (found.outcome, found.reason, found.moved_to) == (
        Outcome.ALIVE,
        "redirect-by-language",
        None,
    )


@pytest.mark.parametrize(
    ("end", "facts", "address"),
    [
        (NEW, {}, None),
        (f"{NEW};jsessionid=1", {}, NEW),
        (f"{NEW}?utm_source=x&id=7", {}, f"{NEW}?id=7"),
        (f"{NEW};jsessionid=1", {"page": PageFacts(canonical=NEW)}, None),
        (f"{NEW};jsessionid=1", {"page": PageFacts(canonical=f"{NEW}/x")}, NEW),
        (f"{NEW};jsessionid=1", {"further": Further(clean_url=NEW)}, None),
    ],
)
def test_the_address_that_has_still_to_be_proven(
    end: str, facts: dict[str, Any], address: str | None
) -> None:
    assert unproven_address(redirected(end, 301, **facts)) == address


def test_an_answer_without_an_end_has_no_address_to_prove() -> None:
    assert unproven_address(seen(status=200, hops=(Hop(DEEP, 301),))) is None


IN_ENGLISH = DEEP.replace("/2020", "/en-us/2020")


@pytest.mark.parametrize(
    ("again", "same"),
    [
        pytest.param(redirected(IN_ENGLISH, 301), True, id="the same"),
        pytest.param(redirected(f"{IN_ENGLISH}/", 301), True, id="with a slash"),
        pytest.param(redirected(f"{IN_ENGLISH};jsessionid=2", 301), True, id="a session"),
        pytest.param(redirected(f"{IN_ENGLISH}?utm_source=x", 301), True, id="tracking"),
        pytest.param(redirected(IN_ENGLISH, 302), True, id="for now"),
        pytest.param(redirected(IN_ENGLISH.replace("en-us", "de-de"), 301), False, id="another"),
        pytest.param(redirected(f"{IN_ENGLISH}?page=2", 301), False, id="another page"),
        pytest.param(seen(status=200, final_url=DEEP), False, id="itself"),
        pytest.param(seen(status=200), False, id="itself without an end"),
        pytest.param(seen(status=304), False, id="not modified"),
        pytest.param(redirected(IN_ENGLISH, 301, sign=SoftSign.WALL), False, id="a wall"),
        pytest.param(seen(status=404, final_url=IN_ENGLISH, hops=(Hop(DEEP, 301),)), False, id="gone"),
        pytest.param(seen(failure=FailureKind.RESPONSE_TIMEOUT), False, id="silence"),
        pytest.param(seen(failure=FailureKind.ROBOTS_DENIED), False, id="robots.txt"),
        pytest.param(
            redirected(IN_ENGLISH, 301, further=Further(by_language=True)), False, id="it says that it varies"
        ),
    ],
)  # fmt: skip
def test_a_move_is_the_same_for_all_where_another_language_leads_there_too(
    again: Observation, same: bool
) -> None:
    """Rule E6."""
    assert is_same_for_all(redirected(f"{IN_ENGLISH};jsessionid=1", 301), again) is same


def story(title: str | None = "A story of note", first: int = 0, count: int = 60) -> PageFacts:
    """A page of so many words, which are numbers from the first on."""
    text = " ".join(str(3_000 + number) for number in range(first, first + count))
    return PageFacts(title=title, words=sketch_of(words_of(text)))


def clean(end: str = NEW, page: PageFacts | None = None, **facts: object) -> Observation:
    facts = {"status": 200, "final_url": end, "page": page or story(), **facts}
    return seen(NEW, **facts)


@pytest.mark.parametrize(
    ("found", "same"),
    [
        pytest.param(clean(), True, id="the same"),
        pytest.param(clean(f"{NEW}/", hops=(Hop(NEW, 301),)), True, id="with a slash"),
        pytest.param(clean(f"{NEW};jsessionid=2", hops=(Hop(NEW, 302),)), True, id="back to a session"),
        pytest.param(clean(page=story(first=3)), True, id="some words less"),
        pytest.param(clean(page=story(first=30)), False, id="half of the words"),
        pytest.param(clean(page=story(first=100)), False, id="other words"),
        pytest.param(clean(page=story("Another story")), False, id="another title"),
        pytest.param(clean(page=story(None)), False, id="no title"),
        pytest.param(clean(f"{NEW}/x", hops=(Hop(NEW, 302),)), False, id="another address"),
        pytest.param(clean(status=404), False, id="gone"),
        pytest.param(clean(status=403), False, id="refused"),
        pytest.param(clean(sign=SoftSign.WALL), False, id="a wall"),
        pytest.param(clean(sign=SoftSign.LOGIN), False, id="a log-in"),
        pytest.param(seen(NEW, status=200, final_url=NEW), False, id="no page"),
        pytest.param(seen(NEW, failure=FailureKind.ROBOTS_DENIED), False, id="robots.txt"),
    ],
)  # fmt: skip
def test_a_cleaned_address_leads_to_the_page_of_the_same_title_and_words(
    found: Observation, same: bool
) -> None:
    """Rule E6."""
    moved = redirected(f"{NEW};jsessionid=1", 301, page=story())
    assert leads_to_same_page(moved, found) is same


@pytest.mark.parametrize(
    "page",
    [None, PageFacts(title="A story of note"), story(count=19), story(None)],
    ids=["no page", "no words", "few words", "no title"],
)
def test_what_cannot_be_compared_is_not_the_same(page: PageFacts | None) -> None:
    moved = redirected(f"{NEW};jsessionid=1", 301, page=page)
    assert not leads_to_same_page(moved, seen(NEW, status=200, final_url=NEW, page=page))


@pytest.mark.parametrize(
    ("end", "statuses", "outcome", "reason"),
    [
        ("https://news.example/new/place", (301,), Outcome.MOVED, "moved-permanently"),
        ("https://elsewhere.example/new", (301, 308), Outcome.MOVED, "moved-permanently"),
        ("https://news.example/new/place", (301, 302), Outcome.ALIVE, "redirect-temporary"),
        ("https://news.example/new/place", (307,), Outcome.ALIVE, "redirect-temporary"),
        (DEEP + "/", (301,), Outcome.ALIVE, "redirect-trivial"),
        (DEEP.replace("https", "http"), (301,), Outcome.ALIVE, "redirect-trivial"),
        (DEEP.replace("//", "//www."), (308,), Outcome.ALIVE, "redirect-trivial"),
        (DEEP + ";jsessionid=4F2A9C11", (301,), Outcome.ALIVE, "redirect-trivial"),
        (DEEP + "?cookieSet=1", (301,), Outcome.ALIVE, "redirect-trivial"),
        (DEEP + "?", (301,), Outcome.ALIVE, "redirect-trivial"),
        (DEEP + "?utm_source=x&fbclid=y", (301,), Outcome.ALIVE, "redirect-trivial"),
        (DEEP + "?page=2", (301,), Outcome.MOVED, "moved-permanently"),
        ("https://news.example/?p=12", (301,), Outcome.MOVED, "moved-permanently"),
    ],
)
def test_permanent_moves_are_suggestions_and_trifles_are_not(
    end: str, statuses: tuple[int, ...], outcome: Outcome, reason: str
) -> None:
    finding = find(redirected(end, *statuses))
    assert (finding.outcome, finding.reason) == (outcome, reason)
    assert finding.moved_to == (end if outcome is Outcome.MOVED else None)


@pytest.mark.parametrize(
    ("asked", "end"),
    [
        ("https://news.example/news", "https://news.example/"),
        ("https://news.example/index.html", "https://news.example/?utm_source=a"),
        ("https://sho.example/3k2019x", "https://news.example/"),
        ("https://news.example/login", "https://news.example/signin"),
        ("https://consent.news.example/a", "https://consent.news.example/b"),
    ],
)
def test_a_home_page_a_login_or_a_consent_page_never_is_a_suggestion(asked: str, end: str) -> None:
    """Rule V12: a home page, a log-in or a consent page never is a suggestion."""
    finding = find(redirected(end, 301, url=asked))
    assert (finding.outcome, finding.reason) == (Outcome.ALIVE, "redirect-general")
    assert finding.moved_to is None


def test_the_new_home_of_a_site_is_a_suggestion_for_its_old_one() -> None:
    finding = find(redirected("https://new.example/", 301, url="https://old.example/"))
    assert (finding.outcome, finding.moved_to) == (Outcome.MOVED, "https://new.example/")


def test_an_answer_without_a_final_url_is_itself() -> None:
    assert find(seen(status=200, hops=(Hop(DEEP, 301),))).reason == "redirect-temporary"


@pytest.mark.parametrize("slug", ["story-about-it", "story-2020", "20200610.html", "1234567"])
def test_a_single_slug_is_deep(slug: str) -> None:
    moved_home = redirected("https://news.example/", 301, url=f"https://news.example/{slug}")
    assert find(moved_home).reason == "soft-404-home"


NO_SUCH = "https://news.example/2020/06/vomekatu-rilosane-pudifoke"
SECTION = "https://news.example/news/"
SEARCH = "https://news.example/search?q="
PLACE = "https://news.example/articles/its-new-place"


def probe(status: int | None = 200, end: str | None = NO_SUCH, alike: float | None = 0.1) -> Probe:
    return Probe(NO_SUCH, status, end, alike)


@pytest.mark.parametrize(
    ("observation", "rule"),
    [
        (seen(status=200, probe=probe(alike=0.9)), "one-page-for-any-address"),
        (seen(status=200, probe=probe(206, None, 1.0)), "one-page-for-any-address"),
        (redirected(SECTION, 302, probe=probe(end=SECTION)), "ends-where-any-address-ends"),
        (redirected(SECTION, 301, probe=probe(end=SECTION)), "ends-where-any-address-ends"),
        (redirected(SECTION, 301, page=PUBLISHED, probe=probe(end=SECTION)), "ends-where-any-address-ends"),
        (redirected(SECTION, 301, probe=probe(end="http://www.news.example/news")), "ends-where-any-address-ends"),
        (redirected(f"{SEARCH}a+story", 302, probe=probe(end=f"{SEARCH}vomekatu")), "ends-where-any-address-ends"),
        (redirected(SECTION, 302, probe=probe(alike=0.95)), "one-page-for-any-address"),
    ],
)  # fmt: skip
def test_an_answer_that_any_address_gets_is_gone_if_it_says_so(
    observation: Observation, rule: str
) -> None:
    finding = find(replace(observation, further=Further(says_gone=True)))
    assert (finding.outcome, finding.reason, finding.rule) == (Outcome.GONE, "soft-404", rule)
    assert finding.moved_to is None


@pytest.mark.parametrize(
    ("observation", "reason"),
    [
        (seen(status=200, probe=probe(alike=None)), "empty-shell"),
        (redirected(SECTION, 301, probe=probe(end=SECTION, alike=None)), "empty-shell"),
        (
            redirected(
                "https://news.example/action/cookieAbsent",
                302,
                probe=probe(end="https://news.example/action/cookieAbsent", alike=1.0),
            ),
            "site-barrier",
        ),
    ],
)
def test_a_shell_or_a_barrier_for_any_address_says_nothing(
    observation: Observation, reason: str
) -> None:
    finding = find(observation)
    assert (finding.outcome, finding.reason) == (Outcome.SAYS_NOTHING, reason)


@pytest.mark.parametrize(
    ("observation", "reason"),
    [
        pytest.param(seen(status=200, probe=probe(404, alike=None)), "http-200", id="a true 404"),
        pytest.param(seen(status=200, probe=probe(410, alike=None)), "http-200", id="a true 410"),
        pytest.param(redirected(PLACE, 301, probe=probe(404, alike=None)), "moved-permanently", id="moved, a true 404"),
        pytest.param(redirected(SECTION, 302, probe=probe(404, alike=None)), "redirect-temporary", id="led on, a true 404"),
        pytest.param(seen(status=200, probe=probe(None, None, None)), "http-200", id="no answer"),
        pytest.param(seen(status=200, probe=probe(403, alike=1.0)), "http-200", id="a wall"),
        pytest.param(seen(status=200, probe=probe(503, alike=1.0)), "http-200", id="an outage"),
        pytest.param(seen(status=200, probe=probe(alike=0.89)), "http-200", id="another page"),
        pytest.param(redirected(PLACE, 301, probe=probe(end="https://news.example/")), "moved-permanently", id="another end"),
        pytest.param(seen(status=200, page=PUBLISHED, probe=probe(alike=1.0)), "http-200", id="a published time"),
        pytest.param(seen(status=200, probe=probe(end=DEEP, alike=1.0)), "http-200", id="one article for any slug behind its number"),
        pytest.param(redirected(PLACE, 301, probe=probe(end=DEEP, alike=1.0)), "moved-permanently", id="led back to the address itself"),
        pytest.param(redirected("https://news.example/view?slug=a", 301, probe=probe(end="https://news.example/view?slug=b")), "moved-permanently", id="by query"),
    ],
)  # fmt: skip
def test_a_probe_with_another_answer_leaves_the_page_alive(
    observation: Observation, reason: str
) -> None:
    assert find(observation).reason == reason
    assert find(observation).outcome in (Outcome.ALIVE, Outcome.MOVED)


@pytest.mark.parametrize(
    ("observation", "reason"),
    [
        (seen(status=200, sign=SoftSign.WALL, probe=probe(alike=1.0)), "bot-wall"),
        (seen(status=200, sign=SoftSign.LOGIN, probe=probe(alike=1.0)), "login-wall"),
        (redirected("https://news.example/login", 302, probe=probe(end="https://news.example/login")), "login-wall"),
        (redirected("https://consent.news.example/", 302, probe=probe(end="https://consent.news.example/")), "consent-wall"),
    ],
)  # fmt: skip
def test_a_wall_decides_before_a_probe(observation: Observation, reason: str) -> None:
    assert find(observation).reason == reason


def test_the_rules_stand_in_the_order_of_rule_v2() -> None:
    names = [rule.__name__ for rule in RULES]
    assert names.index("_bot_wall") < names.index("_not_an_answer") < names.index("_gone_status")
    assert (
        names.index("_consent_or_login")
        < names.index("_gone_status")
        < names.index("_says_not_found")
    )
    assert names.index("_says_not_found") < names.index("like_its_probe") < names.index("_parked")
    assert names.index("ends_at_not_found") < names.index("ends_at_gate")
    assert names.index("ends_at_gate") < names.index("ends_at_home")


def test_a_guessed_date_vetoes_no_soft_404() -> None:
    """Rule N3 asks for a published time; a guess is not stated by the page (rule M8)."""
    guessed = PageFacts(published="2020-06-10", published_guessed=True)
    stated = find(seen(status=200, sign=SoftSign.NOT_FOUND, page=PUBLISHED))
    assert stated.outcome is Outcome.ALIVE
    found = find(seen(status=200, sign=SoftSign.NOT_FOUND, page=guessed))
    assert found.outcome is not Outcome.ALIVE


ACCEPTED, WITHHELD = Further(is_accepted=True), Further(is_withheld=True)


@pytest.mark.parametrize(
    "facts",
    [
        {"status": 403},
        {"status": 999},
        {"status": 503},
        {"status": 403, "sign": SoftSign.WALL},
        {"status": 403, "hops": (Hop(DEEP, 301),), "final_url": "https://other.example/a-story"},
    ],
)
def test_an_accepted_status_is_alive(facts: dict[str, Any]) -> None:
    """Rule V20; without the mark the same answer says nothing."""
    finding = find(seen(further=ACCEPTED, **facts))
    assert (finding.outcome, finding.reason, finding.moved_to) == (
        Outcome.ALIVE,
        "accepted-status",
        None,
    )
    assert find(seen(**facts)).outcome is Outcome.SAYS_NOTHING


def test_our_own_outage_goes_before_an_accepted_status() -> None:
    spoilt = seen(status=403, further=ACCEPTED, inconclusive=Inconclusive.PORTAL)
    assert find(spoilt).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    "facts",
    [
        {"status": 404},
        {"status": 410},
        {"status": 200, "sign": SoftSign.NOT_FOUND},
        {"status": 200, "sign": SoftSign.HIJACKED},
        {"status": 200, "sign": SoftSign.PARKED},
    ],
)
def test_what_is_seen_without_a_credential_says_nothing_against_the_page(
    facts: dict[str, Any],
) -> None:
    """Rule V21."""
    finding = find(seen(further=WITHHELD, **facts))
    assert (finding.outcome, finding.reason) == (Outcome.SAYS_NOTHING, "credential-withheld")


@pytest.mark.parametrize(
    "facts",
    [
        {"status": 200},
        {"status": 401},
        {"failure": FailureKind.DNS_NXDOMAIN},
        {"failure": FailureKind.CONNECT_REFUSED},
    ],
)
def test_anything_else_is_found_as_ever(facts: dict[str, Any]) -> None:
    assert find(seen(further=WITHHELD, **facts)) == find(seen(**facts))

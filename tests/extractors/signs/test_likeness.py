"""Rule N6: at least 90 % alike is one page; two articles of one site are far from it."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.html.bounds import MAX_BODY
from crawler.extractors.signs.likeness import KEPT, Sketch, alike, sketch_page, words
from crawler.rules.verdict.any_address import ALIKE
from tests.time_limits import cpu_limit

SITE = "https://news.example"
MENU = (
    "<nav>"
    + "".join(f"<a href=/{n}>The section of {n}th things</a>" for n in range(400))
    + "</nav>"
)
FOOTER = "<p>The Daily Harbour tells every morning what the ships brought in, since 1911.</p>"


def sketch(html: str, path: str = "/news/a-story-of-note") -> Sketch:
    found = sketch_page(html.encode(), url=SITE + path, content_type="text/html; charset=utf-8")
    assert found is not None
    return found


def error_page(path: str, moment: str = "10:15", ad: str = "", words: str = "") -> str:
    words = words or (
        "We looked everywhere, but nothing is kept at this address. It may have been taken down, or the "
        "address was not copied whole. Our front page has all that is new, and the archive the rest."
    )
    return (
        f"<title>The Daily Harbour</title>{MENU}<h1>Nothing here</h1><p>{words}</p>"
        f"<p>You asked for {SITE}{path} at {moment}.</p><script>ad('{ad}')</script>"
        f"<iframe src='//ads.example/{ad}'></iframe>{FOOTER}"
    )


def article(title: str, text: str) -> str:
    return f"<title>{title} | The Daily Harbour</title>{MENU}<h1>{title}</h1><p>{text}</p>{FOOTER * 30}"


ONE, OTHER = "/news/a-story-of-note", "/news/vomekatu-rilosane-pudifoke"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(error_page(ONE), error_page(OTHER), id="the address"),
        pytest.param(error_page(ONE, "10:15"), error_page(OTHER, "9:07"), id="the time"),
        pytest.param(
            error_page(ONE, ad="shoes"), error_page(OTHER, ad="cars and more"), id="an ad"
        ),
        pytest.param(
            f"<title>a story of note</title>{MENU}<p>Nothing for “a story of note”.</p>{FOOTER * 9}",
            f"<title>vomekatu rilosane pudifoke</title>{MENU}<p>Nothing for “vomekatu rilosane "
            f"pudifoke”.</p>{FOOTER * 9}",
            id="the words of the address, in the title too",
        ),
        pytest.param(
            error_page(ONE, words="お探しのページは見つかりませんでした。" * 6),
            error_page(OTHER, words="お探しのページは見つかりませんでした。" * 6),
            id="Japanese",
        ),
    ],
)
def test_error_pages_that_differ_in_what_they_echo_are_one(one: str, other: str) -> None:
    assert alike(sketch(one, ONE), sketch(other, OTHER)) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            article("The pier", "It opened again on Monday."),
            article("The lighthouse", "It was painted on Tuesday."),
            id="two short articles among much that is the site's",
        ),
        pytest.param(
            article("The pier", "It opened again on Monday."),
            article("Nothing here", "We looked everywhere."),
            id="a short article and the error page",
        ),
        pytest.param(article("The pier", "It opened."), error_page(OTHER), id="another template"),
        pytest.param(article("The pier", "Open."), "", id="no page"),
        pytest.param(
            article("A film", "").replace("The Daily Harbour", "Site"),
            article("Another film", "").replace("The Daily Harbour", "Site"),
            id="films without a word of their own",
        ),
    ],
)
def test_pages_of_one_site_are_distinguished(one: str, other: str) -> None:
    assert alike(sketch(one), sketch(other, OTHER)) < 0.8


@pytest.mark.parametrize(
    ("html", "shell", "blank"),
    [
        pytest.param("", True, True, id="nothing"),
        pytest.param("<div id=root></div><noscript>" + "No script. " * 90, True, True, id="an app"),
        pytest.param(MENU + "<main id=app></main>" + FOOTER, True, False, id="an app with a menu"),
        pytest.param(FOOTER * 9 + "<div id=__next><svg></svg></div>", True, False, id="an app in a frame"),
        pytest.param(FOOTER * 9 + "<app-root></app-root>", True, False, id="Angular"),
        pytest.param(FOOTER * 9 + "<p>Please enable JavaScript.</p>", True, False, id="talks like a wall"),
        pytest.param(FOOTER * 40 + "<p>Learn JavaScript.</p>", False, False, id="a long page about it"),
        pytest.param("<div id=root>" + FOOTER * 9 + "</div>", False, False, id="an app that came filled"),
        pytest.param("<form>" + FOOTER * 9 + "</form>", False, False, id="a page that is one form"),
        pytest.param(error_page(ONE), False, False, id="an error page"),
    ],
)  # fmt: skip
def test_shells(html: str, shell: bool, blank: bool) -> None:
    found = sketch(html)
    assert (found.is_shell, found.is_blank) == (shell, blank)


@given(st.binary(max_size=400), st.binary(max_size=400), st.text(max_size=40))
def test_any_bytes_have_a_likeness_that_is_the_same_either_way(
    one: bytes, other: bytes, url: str
) -> None:
    first = sketch_page(one, url=url, content_type=None)
    second = sketch_page(b"<p>" + other, url=SITE, content_type=None)
    assert first is not None
    assert second is not None
    assert 0.0 <= alike(first, second) <= 1.0
    assert alike(first, second) == alike(second, first)
    assert alike(first, first) == 1.0


def test_a_page_beyond_the_bounds_has_no_sketch() -> None:
    assert sketch_page(b"<b " + b"a=1 " * 2_000 + b">", url=SITE, content_type=None) is None


@pytest.mark.slow
def test_the_largest_page_is_sketched_in_bounded_time_and_size() -> None:
    words = b" ".join(b"word%d of many" % number for number in range(MAX_BODY))[:MAX_BODY]
    started = process_time()
    found = sketch_page(b"<p>" + words + b"<p>" * 1_000, url=SITE, content_type=None)
    assert found is not None
    assert process_time() - started < cpu_limit(5.0)
    assert max(map(len, (found.whole, found.own, found.titles))) <= KEPT


def test_long_texts_are_compared_by_a_sample() -> None:
    words = [
        f"w{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}" for n in range(6_000)
    ]
    one = sketch("<p>" + " ".join(words))
    other = sketch("<p>" + " ".join([*words[:5_400], *map(str.upper, reversed(words[5_400:]))]))
    assert alike(one, other) == pytest.approx(0.82, abs=0.06)


@given(st.text(st.sampled_from("aZ09 .,-_'\n\t|<\x7f–“”…\xa0·«»"), max_size=40))
def test_words_are_the_same_with_a_word_of_another_script_behind_them(text: str) -> None:
    """Texts of ASCII and of typesetters' marks take another way, on which the words are the same."""
    assert [*words(text, ()), "я"] == words(f"{text} я", ())

"""Rule F3: what two editors or two sites type differently is the same to a reader, and what says something else is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.rules.site_in_title import name_key, names_of_site, without_site
from crawler.rules.text_comparison import same_text, same_title
from crawler.rules.text_folding import folded, plain
from crawler.rules.text_markup import without_markup

SITES = names_of_site("The Example Times", "www.example-times.example")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a – b", "a - b"),
        ("“Foo” says bar", '"Foo" says bar'),
        ("«Foo» sagt", "'Foo' sagt"),
        ("„Foo“ sagt", ",,Foo'' sagt"),
        ("Foo—bar", "Foo -- bar"),
        ("Foo — bar", "Foo - bar"),
        ("COVID‑19 now", "COVID-19 now"),
        ("soft\xadhyphen", "softhyphen"),
        ("zero\u200bwidth", "zerowidth"),
        ("The Example Times: Foo bar", "Foo bar"),
        ("Example Times | Foo bar", "Foo bar"),
        ("Foo bar", "Foo bar – The Example Times"),
        ("<b>Foo</b> bar", "Foo bar"),
        ("**Foo** bar", "Foo bar"),
        ("[Foo](https://x.example/a_(b)) bar", "Foo bar"),
        ("Foo&nbsp;&amp; bar", "Foo & bar"),
        ("« Bonjour » : le livre", '"Bonjour": le livre'),
        ("Foo…", "Foo..."),
        ("l´amour", "l'amour"),
        ("5′ 10″", "5' 10\""),
        ("「東京」の話", '"東京"の話'),
        ("Windows™ 11", "Windows 11"),
        ("4×4", "4x4"),
        ("#  Foo bar", "Foo bar"),
        ("<p>Foo<br>bar</p>", "Foo bar"),
        ("Foo bar\nbaz", "Foo bar baz"),
        ("H<sub>2</sub>O", "H2O"),
        ("THE EXAMPLE TIMES » Foo", "Foo"),
        ("Foo » The Example Times", "Foo"),
        ("`ls` command", "ls command"),
        ("Qur’an", "Qur'an"),
        ("ʻOkina Hawaiʻi", "'Okina Hawai'i"),
        ("Foo | Politics | The Example Times", "Foo"),
        ("Schöne Grüße", "SCHÖNE GRÜSSE"),
        ("A “B: C” D", 'A "B: C" D'),
        ("Привет — мир", "Привет - мир"),
        ("it’s 5 o’clock", "it`s 5 o`clock"),
    ],
)
def test_the_same_title_as_others_type_it(one: str, other: str) -> None:
    assert same_title(one, other, SITES)
    assert same_title(other, one, SITES)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Foo 5", "Foo 6"),
        ("Foo is", "Foo is not"),
        ("List<String> explained", "List<Integer> explained"),
        ("How to use <a>", "How to use <i>"),
        ("Correction: Foo bar", "Foo bar"),
        ("Foo - part 2", "Foo"),
        ("C++ now", "C now"),
        ("C# now", "C now"),
        ("it is -5", "it is 5"),
        ("snake_case_name", "snakecasename"),
        ("2 * 3 * 4", "2 3 4"),
        ("we'll", "well"),
        ("re-sign", "resign"),
        ("$5", "€5"),
        ("> 5 million", "5 million"),
        ("Apple: new", "Samsung: new"),
        ("1.5 m", "15 m"),
        ("f[x](y)", "fx"),
        ("Foo: bar", "Foo"),
        ("Is it over?", "Is it over"),
        ("COVID-19", "COVID 19"),
    ],
)
def test_another_title(one: str, other: str) -> None:
    assert not same_title(one, other, SITES)
    assert not same_title(other, one, SITES)


@pytest.mark.parametrize(
    ("stored", "found", "same"),
    [
        ("The council met and agreed on…", "The council met and agreed on nothing", True),
        ("The council met and agreed on [...]", "The council met and agreed on nothing", True),
        ("The council met and agreed on nothing. Read more", "The council met and agreed on nothing.", True),
        ("The council met and agreed on … weiterlesen", "The council met and agreed on nothing", True),
        # Cut in the middle of a word by a limit, and a title that goes on.
        ("The council met on Monday night and after hours of talk agreed to build the new bri", "The council met on Monday night and after hours of talk agreed to build the new bridge here", True),
        ("The council met on Monday night and after hours of talk agreed to build", "The council met on Monday night and after hours of talk agreed to build nothing", False),
        ("The council met on Monday night and after hours of talk agreed to build the bridge", "The council met on Monday night and after hours of talk agreed to build the bridges", False),
        ("The council met…", "The council met and agreed", False),
        ("The council met and agreed on…", "The council met but agreed on nothing", False),
    ],
)  # fmt: skip
def test_a_title_that_was_cut(stored: str, found: str, same: bool) -> None:
    assert same_title(stored, found) is same
    assert same_title(found, stored) is same


@pytest.mark.parametrize(
    ("stored", "found", "same"),
    [
        ("<p>It was the <b>best</b> of times</p>", "It was the best of times, it was", True),
        ("<p>It was the <b>best of times", "It was the best of times", True),
        ('It was the best of times <a href="https://x.exa', "It was the best of times", True),
        ("It was the best of times <!-- more -->", "It was the best of times", True),
        ("<style>p { color: red }</style>It was the best", "It was the best of times", True),
        ("* one thing\n* another thing", "one thing another thing", True),
        ("Things:\n- one thing\n- another thing", "Things: one thing another thing", True),
        ("A match\n- and a draw", "A match – and a draw", True),
        ("![A pier](/pier.jpg) It was the best of times", "A pier It was the best of times", True),
        ("It was the [best][1] of times[^2]", "It was the best of times", True),
        ("See <https://news.example/a> for more", "See https://news.example/a for more", True),
        ("It was \\*the\\* best of ***times***", "It was *the* best of times", True),
        ("> It was the best of times", "It was the best of times", True),
        ("~~Two~~ __three__ _four_", "Two three four", True),
        ("It was the best of times", "It was the worst of times", False),
        ("<p>It was the best of times</p>", "It is the best of times", False),
    ],
)
def test_an_excerpt_with_markup(stored: str, found: str, same: bool) -> None:
    assert same_text(stored, found) is same
    assert same_text(found, stored) is same


@pytest.mark.parametrize(
    "text",
    [
        "How to use <a> in a List<String>",
        "Why x <b and c> d",
        "a snake_case_name and 2 * 3 * 4",
        "f[x](y) and [Updated] news",
        "#1 in sales, - 5 degrees",
        "5 < 6",
        "Sale* ends today*",
    ],
)
def test_what_only_looks_like_markup_stays(text: str) -> None:
    assert without_markup(text) == text


@pytest.mark.parametrize(
    ("site_name", "host", "title", "short"),
    [
        ("The Daily News", "news.example", "Daily News | A pier", "A pier"),
        ("The Daily News", "news.example", "TDN | A pier", "A pier"),
        (None, "www.the-pier.example", "The Pier: a story", "a story"),
        (None, "thepier.example", "Pier – a story", "a story"),
        (None, "news.pier.co.uk", "a story - Pier", "a story"),
        (None, "", "Pier - a story", "Pier - a story"),
        ("Apple Insider", "insider.example", "Apple: a story", "Apple: a story"),
        (None, "go.co.uk", "Go: a story", "Go: a story"),
    ],
)
def test_names_of_a_site(site_name: str | None, host: str, title: str, short: str) -> None:
    assert without_site(title, names_of_site(site_name, host)) == short


def test_a_name_has_no_marks() -> None:
    assert name_key("www.The-Verge®") == name_key("The Verge")


@given(st.text(max_size=200))
def test_folding_twice_is_folding_once(text: str) -> None:
    once = folded(text)
    assert folded(once) == once


@given(st.text(max_size=100), st.text(max_size=100))
def test_comparing_never_fails_and_knows_no_order(one: str, other: str) -> None:
    assert same_title(one, one)
    assert same_title(one, other) is same_title(other, one)
    assert same_text(one, other) is same_text(other, one)
    assert plain(one) == plain(one)

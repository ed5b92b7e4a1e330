"""Authors and pictures where metadata is silent or says more than a URL (rules M4 and M11)."""

from __future__ import annotations

import pytest

from crawler.extractors.metadata.bylines import name_of
from crawler.extractors.metadata.page_images import pixels
from crawler.extractors.metadata.titles import is_cut, named_site, shared
from crawler.extractors.page import extract_page


def authors(html: str) -> tuple[str, ...]:
    return extract_page(html.encode(), url="https://a.example/b", content_type=None).facts.authors


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ("<a rel=author href=/a>Ann Lee</a>", ("Ann Lee",)),
        ("<p class=byline>By Ann Lee | 3 May", ("Ann Lee",)),
        ("<div class='author vcard'><a class='url fn n'>ann77</a></div>", ("ann77",)),
        ("<span itemprop=author><b itemprop=name>Ann Lee</b> x</span>", ("Ann Lee",)),
        ("<meta itemprop=author content='Ann Lee'>", ("Ann Lee",)),
        ("<span itemprop=author>Ann Lee</span><p class=author>Bo</p>", ("Ann Lee",)),
        ("<meta name=author content=Bo><p class=byline>By Ann Lee", ("Bo",)),
        ("<aside><p class=author>Ann Lee</p></aside>", ()),
        ("<div class=comments><p class=author>Ann Lee</p></div>", ()),
        ("<p class=authority>Ann Lee</p>", ()),
        ("".join(f"<a rel=author>Ann {n}</a>" for n in "abcdefghij"), ()),
        ("<p>By Ann Lee</p>", ()),
        ("<p class=author>by</p><p class=author>By Ann Lee</p>", ("Ann Lee",)),
    ],
)
def test_authors_are_found_on_the_visible_page(html: str, names: tuple[str, ...]) -> None:
    assert authors(html) == names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Von Ann Lee", "Ann Lee"),
        ("Posted by Ann Lee on 3 May", "Ann Lee"),
        ("Author: Ann Lee", "Ann Lee"),
        ("Ann Lee, Harbour Times", "Ann Lee"),
        ("https://a.example/ann", ""),
        ("About the author", ""),
        ("one two three four five six seven", ""),
        ("x" * 61, ""),
        ("", ""),
    ],
)
def test_a_name_is_taken_out_of_its_line(text: str, name: str) -> None:
    assert name_of(text) == name


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1200", 1200),
        ("630px", 630),
        ("12.0", 12),
        (7, 7),
        ("0", None),
        ("wide", None),
        (None, None),
    ],
)
def test_a_size_is_read_as_pages_write_it(text: object, size: int | None) -> None:
    assert pixels(text) == size


def test_a_heading_that_is_an_end_of_a_title_is_shared() -> None:
    assert shared(["Weather", "New pier opens"], ["Blog » New pier opens"]) == "New pier opens"
    assert shared(["Weather"], ["Blog » New pier opens"]) == ""


def test_a_text_is_a_cut_of_another() -> None:
    assert is_cut("New pier opens after nine...", "New pier opens after nine years")
    assert not is_cut("New pier", "New pier opens after nine years")
    assert not is_cut("New pier opens after nine years", "New pier opens after nine years")


@pytest.mark.parametrize(
    ("title", "host", "name"),
    [
        ("Fog | La Vie des idées", "laviedesidees.fr", "La Vie des idées"),
        ("Bay Times: Fog", "www.bay-times.example", "Bay Times"),
        ("Fog | Other", "bay-times.example", ""),
        ("Fog", "fog.example", ""),
    ],
)
def test_a_title_names_the_site_that_its_host_is_called_by(
    title: str, host: str, name: str
) -> None:
    assert named_site(title, host) == name

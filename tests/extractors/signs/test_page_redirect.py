"""Redirects that a page makes itself (rule V16)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.html.document import read_document
from crawler.extractors.signs.page_redirect import PageRedirect, page_redirect

URL = "https://news.example/old/story"
LONG = "<p>" + "The pier was opened again on Monday. " * 20


def found(html: str, field: str | None = None) -> PageRedirect | None:
    return page_redirect(read_document(html.encode(), url=URL, content_type="text/html"), field)


def refresh(content: str) -> str:
    return f'<meta http-equiv="Refresh" content="{content}">'


@pytest.mark.parametrize(
    ("content", "end", "delay"),
    [
        ("0; url=/new", "https://news.example/new", 0.0),
        ("0;URL=new", "https://news.example/old/new", 0.0),
        ("3, https://b.example/", "https://b.example/", 3.0),
        ("5 /new", "https://news.example/new", 5.0),
        ("0.5;url='/new'", "https://news.example/new", 0.5),
        (".5;url=/new", "https://news.example/new", 0.5),
        ("  0  ;  url  =  /new  ", "https://news.example/new", 0.0),
        ("0;url='/new' and more", "https://news.example/new", 0.0),
        ("0; url=//b.example/x?a=1&amp;b=2", "https://b.example/x?a=1&b=2", 0.0),
        ("1.5.3; /new", "https://news.example/new", 1.5),
    ],
)
def test_a_meta_element_is_read_as_browsers_do(content: str, end: str, delay: float) -> None:
    assert found(refresh(content)) == PageRedirect(end, delay, is_all=True)


@pytest.mark.parametrize(
    "html",
    [
        refresh("300"),
        refresh(""),
        refresh("soon; url=/new"),
        refresh("-1; url=/new"),
        refresh("0; url="),
        refresh("0; url=mailto:a@news.example"),
        refresh("0; url=javascript:alert(1)"),
        refresh("0; url=https://["),
        f"<noscript>{refresh('0; url=/no-script')}</noscript>",
        f"<template>{refresh('0; url=/new')}</template>",
        "<meta name=refresh content='0; url=/new'>",
        "<!-- " + refresh("0; url=/new") + " -->",
        "<script>if (old) location.href = '/new'</script>",
        "<script>document.cookie = 'a=1'; location.href = '/new'</script>",
        "<script>function go() { location.href = '/new' } go()</script>",
        "<script>location.href = '/new?' + token</script>",
        "<script>location.href = `/new/${token}`</script>",
        "<script>location.reload()</script>",
        "<script src=/a.js></script><script>location.href = '/new'</script>",
        "<script>location.href = '/new'</script><script>more()</script>",
        "<h1>The pier</h1><script>location.href = '/new'</script>",
        f"<script>location.href = '/new'</script>{LONG}",
        "<noscript><script>location.href = '/new'</script></noscript>",
        "<p>Only words.",
        "",
    ],
)
def test_what_leads_nowhere(html: str) -> None:
    assert found(html) is None


@pytest.mark.parametrize(
    "code",
    [
        "location='/new'",
        'window.location = "/new";',
        "window.location.href='/new';",
        "document.location.href = '/new'",
        "top.location.replace('/new');",
        "self.location.assign('/new')",
        "location.href = '\\/new';",
        "// moved\nlocation = '/new'",
        "<!--\nlocation = '/new'\n//-->",
        "/* moved */ location = '/new'",
        "window.onload = function() { location.href = '/new'; };",
        "setTimeout(function () { location.href = '/new'; }, 3000);",
        "setTimeout(() => { location.href = '/new' }, 3000)",
        "setTimeout(() => location.replace('/new'), 3000)",
    ],
)
def test_a_script_that_only_sets_the_location(code: str) -> None:
    redirect = found(f"<title>Moved</title><script>{code}</script>")
    assert redirect is not None
    assert redirect.url == "https://news.example/new"
    assert redirect.is_all
    assert redirect.delay == (3.0 if "3000" in code else 0.0)


def test_the_field_of_the_answer_counts_before_the_page() -> None:
    assert found(refresh("0; url=/page"), "0; url=/field") == PageRedirect(
        "https://news.example/field", 0.0, is_all=True
    )


@pytest.mark.parametrize(
    ("html", "is_meant"),
    [
        (refresh("5; url=/new") + LONG, True),
        (refresh("6; url=/new") + LONG, False),
        (refresh("600; url=/new") + "<p>You will be led on.", True),
    ],
)
def test_readers_see_the_other_page_where_it_is_soon_or_all(html: str, is_meant: bool) -> None:
    redirect = found(html)
    assert redirect is not None
    assert redirect.is_meant is is_meant


@given(st.text(max_size=300), st.text(max_size=300))
def test_nothing_breaks_it(content: str, code: str) -> None:
    html = f"{refresh(content)}<script>{code}</script>"
    found(html.encode("utf-8", "replace").decode())
    found("", content)

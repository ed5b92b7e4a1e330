"""Hostile pages end within 3 s and 100 MB (rule B1)."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from crawler.extractors.html.bounds import (
    MAX_ATTRIBUTES,
    MAX_BODY,
    MAX_TAG,
    ContentError,
    check_bounds,
    check_tags,
    has_small_tags,
)
from crawler.extractors.html.document import read_document
from crawler.extractors.metadata.text_hash import content_hash, main_text
from crawler.extractors.page import extract_page
from tests.time_limits import cpu_limit

SECONDS = 3.0

SOUP = [
    b"<p", b"<p ", b"<script", b"<script>", b"</script>", b"</script ", b"<style>", b"</style>", b"<title>",
    b"</title>", b"<textarea>", b"<textarea/>", b"</textarea>", b"<noembed>", b"</noembed>", b"<plaintext>",
    b"<noscript>", b"<svg>", b"<!--", b"-->", b"--!>", b"<!-->", b"-", b"<!", b"<?", b"<!DOCTYPE html ",
    b"<![CDATA[", b"]]>", b"</", b"</p ", b"/>", b"/", b">", b"=", b'"', b"'", b'="', b"='", b" ", b"\n",
    b"\x0b", b"x", b"<",
]  # fmt: skip


def _attributes(count: int, value: str = "1") -> bytes:
    return " ".join(f"a{n}={value}" for n in range(count)).encode()


MANY = _attributes(MAX_ATTRIBUTES + 1)
HIDING = {
    "an empty comment": b"<!--><p %b>",
    "an emptier comment": b"<!---><p %b>",
    "a bogus comment": b"""<!x <p a="><p %b> ">""",
    "an instruction": b"""<?x <p a="><p %b> ">""",
    "an end tag": b"""</div a='<p b="'><p %b> ">""",
    "CDATA": b"""<![CDATA[<p a="]]><p %b> ">""",
    "noembed": b"""<noembed><p a="</noembed><p %b> ">""",
    "a script in a script": b"""<script><!--<script></script><p a="--></script><p %b> ">""",
    "an empty text area": b"<textarea/><p %b>",
    "a name that begins with =": b"""<p ="><p %b> ">""",
    "no white space": b"""<p a=\x0b"><p %b> ">""",
}
"""Ways to hide a tag from a reader that differs from the parser."""


def _json_ld(text: bytes) -> bytes:
    return b'<script type="application/ld+json">' + text + b"</script>"


REFUSED: dict[str, Callable[[], bytes]] = {
    "attributes": lambda: b"<div " + _attributes(200_000) + b">",
    "attributes with > in them": lambda: b"<div " + _attributes(100_000, '">"') + b">",
    "attributes behind a comment": lambda: b"<!-- <a b='-->\n<p " + _attributes(5_000) + b">'",
    "attributes behind a script": lambda: b'<script>a<b ="</script><p ' + _attributes(5_000) + b">",
    "attributes on a script": lambda: b"<script " + _attributes(5_000) + b">a</script>",
    "attributes on many tags": lambda: (b"<p " + _attributes(900) + b">") * 600,
    "attributes in UTF-16": lambda: (
        b"\xff\xfe" + ("<p " + _attributes(5_000).decode() + ">").encode("utf-16-le")
    ),
    "long tag": lambda: b"<p a='" + b"x" * (MAX_TAG + 1) + b"'>",
    "tags": lambda: b"<p>" * 300_000,
    "body": lambda: b"x" * (MAX_BODY + 1),
}
READ: dict[str, Callable[[], bytes]] = {
    "meta tags": lambda: b"<head>" + b'<meta property="og:title" content="t">' * 100_000,
    "nested divs": lambda: b"<div>" * 100_000,
    "nested items": lambda: b'<div itemscope itemtype="https://schema.org/Article">' * 2_000,
    "nested JSON lists": lambda: _json_ld(b"[" * 100_000),
    "nested JSON objects": lambda: _json_ld(b'{"@graph":' * 60_000 + b"1" + b"}" * 60_000),
    "number": lambda: _json_ld(b'{"@type":"Article","headline":' + b"9" * 900_000 + b"}"),
    "fraction": lambda: _json_ld(b'{"@type":"Article","n":0.' + b"9" * 900_000 + b"}"),
    "long script": lambda: _json_ld(b'{"headline":"' + b"x" * 2_000_000 + b'"}'),
    "many objects": lambda: _json_ld(b"{}" * 400_000),
    "many nodes": lambda: _json_ld(b"[" + b"{}," * 300_000 + b"{}]"),
    "open comments": lambda: b"<!--" * 200_000,
    "open scripts": lambda: b"<script>" * 100_000,
    "text areas": lambda: b"<textarea>" * 100_000,
    "white space": lambda: b"<title>" + b" " * 4_000_000,
    "nul": lambda: b"\0" * 5_000_000,
    "less-than": lambda: b"<" * 240_000,
    "canonical links": lambda: b"<link rel=canonical href=/a>" * 100_000,
    "dates": lambda: b"<time itemprop=datePublished>2020-01-01</time>" * 60_000,
    "headings": lambda: b"<h1>x" * 100_000,
    "subheadings": lambda: b"<h2>x</h2>" * 100_000,
    "separators": lambda: b"<title>" + b" | a" * 100_000,
    "pictures": lambda: b"<meta property=og:image content=/a>" * 50_000,
    "authors": lambda: b"<span class='author byline'>by someone</span>" * 100_000,
    "nested authors": lambda: b"<a rel=author class='author fn byline'>" * 240 + b"x" * 900_000,
    "moments in UTC": lambda: (
        b"<meta property=article:published_time content=2020-01-02T03:04:05Z>"
        + b"x:04:05" * 500_000
    ),
} | {
    # The worst known page for htmldate and its parser: each short text with a figure costs 3 ms.
    "dated texts": lambda: b"".join(b"<p class=date>%d Janv %d x" % (n, n) for n in range(9_000)),
    "dated titles": lambda: b"".join(
        b"<p class=date title='%d Janv 20 x'>" % n for n in range(900)
    ),
    "dated times": lambda: b"".join(b"<time>%d Janv %d x</time>" % (n, n) for n in range(149)),
    "nested dates": lambda: b"<h1>a</h1>" + b"<div class=date>" * 240 + b"1.1.99 " * 130_000,
    "wide dates": lambda: b"<h1>a</h1>" + b"<div class=date>" * 240 + b"word " * 180_000,
    "figures": lambda: b"<p>" + b"20201301 " * 100_000,
    "month names": lambda: b"<p>" + b"January " * 110_000,
    "long word": lambda: b"<p>" + b"a" * 900_000 + b" 1 2020",
    "years": lambda: b"<p>" + b"/2020/12" * 110_000,
}


@pytest.mark.parametrize("name", REFUSED)
def test_page_beyond_the_bounds_is_refused_at_once(name: str) -> None:
    body = REFUSED[name]()
    began = time.process_time()
    with pytest.raises(ContentError):
        extract_page(body, url="", content_type=None)
    assert time.process_time() - began < cpu_limit(SECONDS)


@pytest.mark.parametrize("page", HIDING.values(), ids=HIDING.keys())
def test_tag_is_not_hidden_by(page: bytes) -> None:
    with pytest.raises(ContentError, match="attributes"):
        check_bounds(page % MANY)


@pytest.mark.parametrize("encoding", ["cp037", "utf-16-le", "utf-16-be"])
def test_tag_is_not_hidden_by_an_encoding(encoding: str) -> None:
    # A body that is as long in UTF-8: two bytes of UTF-16 become one for ASCII, three for Chinese.
    text = f"<p {MANY.decode()}>"
    body = (text if encoding == "cp037" else text + "\u4e2d" * len(text)).encode(encoding)
    with pytest.raises(ContentError, match="attributes"):
        read_document(body, url="", content_type=f"text/html; charset={encoding}")


@given(st.lists(st.sampled_from([*SOUP, b" %b " % MANY]), max_size=12).map(b"".join))
@example(b"<p " + MANY)
@example(b"<p a='>'" + MANY)
def test_parser_sees_no_more_attributes_than_allowed(page: bytes) -> None:
    try:
        check_bounds(page)
    except ContentError:
        return
    root = etree.HTML(page)
    most = 0 if root is None else max(len(one.attrib) for one in root.iter(etree.Element))
    assert most <= MAX_ATTRIBUTES


@given(st.lists(st.sampled_from([*SOUP, b" %b " % MANY, b"x" * 2_000]), max_size=12).map(b"".join))
@example(b"<p " + MANY)
@example(b"<script>a<b " + b"x" * 2_000 + b"</script <p " + MANY)
def test_shortcut_passes_nothing_that_reading_each_tag_refuses(page: bytes) -> None:
    if has_small_tags(page):
        check_tags(page)


@pytest.mark.slow
@pytest.mark.parametrize("name", READ)
def test_hostile_page_within_the_bounds_is_read_in_time(name: str) -> None:
    body = READ[name]()
    began = time.process_time()
    extract_page(body, url="https://a.example/", content_type=None)
    content_hash(main_text(read_document(body, url="", content_type=None)), None, None)
    assert time.process_time() - began < cpu_limit(SECONDS)


@pytest.mark.parametrize(
    "body",
    [
        b"<p data-x='" + b'word ="quoted" > ' * 40_000 + b"'>",
        b"<img src='data:image/png;base64," + b"A" * 300_000 + b"'>",
        b"<script>" + b'if (a<b) { c d e f = "\'" } ' * 5_000 + b"</script>",
        b"<!-- " + b"<p a b c d " * 5_000 + b"-->",
        b"<style>" + b"a{b:c} " * 5_000 + b"</style>",
        b"<p " + _attributes(MAX_ATTRIBUTES) + b">",
        b"a < b and c <d don't> " * 3_000,
    ],
    ids=["json in attribute", "data url", "script", "comment", "style", "just enough", "text"],
)
def test_long_but_harmless_page_is_not_refused(body: bytes) -> None:
    check_bounds(body)


PEAK = """
import resource, sys
from crawler.extractors.html.bounds import ContentError
from crawler.extractors.page import extract_page
extract_page(b'<meta property="og:title" content="warm">', url="", content_type=None)
body = {body}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    extract_page(body, url="", content_type=None)
except ContentError:
    pass
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.process
@pytest.mark.parametrize(
    "body",
    [
        """b'<head>' + b'<meta property="og:x" content="y">' * 100_000""",
        "b'<p>' * 240_000",
        "b'<p a b c d e f g h i j k>' * 19_000",
        """b'<script type="application/ld+json">[' + b'{},' * 300_000 + b'{}]</script>'""",
        "b'<title>' + b'&amp;' * 900_000",
        "b'<h1>a</h1>' + b'<div class=date>' * 200 + b'1.1.99 ' * 130_000",
        "b'<span class=author>x</span>' * 100_000",
        r"b'\xff\xfe' + b'<\x00p\x00>\x00' * 240_000",
    ],
)
def test_hostile_page_stays_within_100_mb(body: str, project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PEAK.format(body=body)],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 100

"""Links below the front matter: which count, on which lines, and that no text takes long."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.content import read_article
from crawler.content.body_links import LONGEST_MARKDOWN, BodyTooLongError, body_links
from crawler.content.front_matter import MOST_BODY_LINKS
from crawler.content.html_links import links_in
from crawler.content.site import Site
from crawler.model.article import Article, ProblemCode
from crawler.model.reference import Scope
from crawler.model.role import Role
from tests.time_limits import cpu_limit

U = "https://a.example/x"


def found(text: str, path: str = "a.md") -> list[tuple[int, str]]:
    return [(link.line, link.raw) for link in body_links(text, path)]


def urls(text: str, path: str = "a.md") -> list[str]:
    return [url for _, url in found(text, path)]


def article(body: str, path: str = "a.md", site: Site | None = None) -> Article:
    return read_article(path, f"---\ntitle: T\n---\n{body}".encode(), site or Site())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"[text]({U})", [U]),
        (f'[text](<{U}> "title")', [U]),
        ("[text](/a\\_b_\\(c\\)?d=1&amp;e=2)", ["/a_b_(c)?d=1&e=2"]),
        ("[text](<two words>)", ["two words"]),
        ("[text](/ä€)", ["/ä€"]),
        ("[text](%ZZ)", ["%ZZ"]),
        (f"![alt]({U})", [U]),
        (f"[![alt](one.png)]({U})", [U, "one.png"]),
        (f"![a [link]({U}) in an alt](one.png)", ["one.png"]),
        (f"<{U}>", [U]),
        (f"see {U}, or HTTP://B.example.", [U, "HTTP://B.example"]),
        (f"({U}_(a)), [{U}]", [f"{U}_(a)", U]),
        (f"**{U}**, *{U}*, “{U}”, '{U}'", [U, U, U, U]),
        (f"{U}?a&amp; and {U};", [f"{U}?a", f"{U};"]),
        (f"[{U}](/there)", ["/there"]),
        (f"[a {U}](/there) [b {U} c] {U}[d](/e)", ["/there", U, U, "/e"]),
        (f"| a | b |\n|---|---|\n| {U} | [b](/c) |", [U, "/c"]),
        (f"[one]: {U}\n\n[one], [two][one], ![one]", [U]),
        (f"[one]: {U}\n[one]: /second", [U, "/second"]),
        (f"[never used]: <{U}> 'title'", [U]),
        (f'a <a title="b" HREF="{U}">c</a>', [U]),
        (f'<div>\n<img alt="a>b" src={U}>\n</div>', [U]),
        (f"<a href='{U}?a=1&amp;copy=2&copy=3'>", [f"{U}?a=1&copy=2&copy=3"]),
        (f"> - 1. [text]({U})", [U]),
        (f"# {U}\n\n[text]({U})\n===", [U, U]),
    ],
)
def test_what_is_a_link(text: str, expected: list[str]) -> None:
    assert urls(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no link",
        f"`{U}` and `[text]({U})`",
        f"```\n{U}\n[text]({U})\n```",
        f"~~~ html\n<a href='{U}'>\n~~~",
        f"    [text]({U})",
        f"<!-- <a href='{U}'> [text]({U}) -->",
        f"a <!-- <a href='{U}'> --> b",
        f"<script>\nvar a = \"<a href='{U}'>\"\n</script>",
        f"<!--\n[text]({U})",
        f"\\[text](/a) <a name='b' data-href='{U}'>",
        f"<abbr href='{U}'><image src='{U}'>",
        "[mail](mailto:desk@a.example) <desk@a.example>",
        "[a](#part) [b]() [c](<>) [d]( ) <a href> <img src=''>",
        "[a](javascript:void) [b](data:text/plain,c) [d](tel:+1) <ftp://a.example/>",
        "[a]({{site.url}}/b) <a href='{% link a.md %}'> [c](https://a.example/{{d}})",
        "http:// https://) xhttp://a.example /http://",
        "a:b ://c \\https://a",
    ],
)
def test_what_is_none(text: str) -> None:
    assert found(text) == []


def test_each_link_has_its_line() -> None:
    text = (
        f"{U}/0\r\nand\r\n[two\r\nlines]({U}/2)\r\n"
        f'<a\r\nhref="{U}/4">b</a> {U}/5\r\n'
        "\r\n"
        f"> quoted\r\n> ![a]({U}/8)\r\n\r\n"
        f"<div>\r\n<a href={U}/11></a><img\r\nsrc={U}/11>\r\n<img src={U}/13>\r\n</div>\r\n\r\n"
        f"[a]:\r\n  {U}/16\r\n\r\n| a |\r\n|---|\r\n| {U}/21 |\r\n"
        "``two\r\nlines`` <b\r\n>" + f"{U}/24"
    )
    at = {url.rpartition("/")[2]: line for line, url in found(text)}
    assert at == {
        "0": 0,
        "2": 2,
        "4": 4,
        "5": 5,
        "8": 8,
        "11": 11,
        "13": 13,
        "16": 16,
        "21": 21,
        "24": 24,
    }


@pytest.mark.parametrize("path", ["a.html", "b/A.HTM"])
def test_a_page_is_read_as_html(path: str) -> None:
    text = (
        f"<p>\n\n    <a href='{U}'>one</a>\n<!-- <a href='/no'> -->\n<!--> <img src=/yes>\n"
        "<style>\n<img src=/no>\n</STYLE ><title><a href=/no></title>[a](/no) https://no.example\n"
        '<a href="/first" href="/no"><a/href=/last'
    )
    assert found(text, path) == [(2, U), (4, "/yes"), (8, "/first"), (8, "/last")]
    assert urls("<textarea><a href=/no>", path) == []


def test_references_of_a_body() -> None:
    body = f"\r\n[a]({U}#part) \0\n![b](../pictures/b.png)\n\n[c](http://) <a href='/d\0'>"
    read = article(body, "news/a.md", Site(None, "https://site.example/base"))
    seen = [(r.pointer, r.line, r.raw, r.url, r.invalid) for r in read.references]
    assert seen == [
        ("body/0", 5, f"{U}#part", U, None),
        ("body/1", 6, "../pictures/b.png", "https://site.example/pictures/b.png", None),
        ("body/2", 8, "http://", "http://", "no-host"),
        ("body/3", 8, "/d\ufffd", "https://site.example/base/d%EF%BF%BD", None),
    ]
    assert {(r.role, r.scope) for r in read.references} == {(Role.BODY, Scope.OWN)}


@pytest.mark.parametrize("text", ["---\na: b\n---", "---\na: b\n---\n", "---\na: b\n---\n \n\t\n"])
def test_no_body_holds_nothing(text: str) -> None:
    assert read_article("a.md", text.encode(), Site()).references == ()


def test_front_matter_comes_first() -> None:
    data = f"---\nwebUrl: {U}/web\n...\n{U}/body\n---\n[a]({U}/too)\n".encode()
    read = read_article("a.md", data, Site())
    assert [(r.pointer, r.line) for r in read.references] == [
        ("webUrl", 2),
        ("body/0", 4),
        ("body/1", 6),
    ]


def test_too_long_a_text_is_a_problem_and_the_rest_is_read() -> None:
    body = "<" + "a" * LONGEST_MARKDOWN
    with pytest.raises(BodyTooLongError):
        body_links(body, "a.md")
    read = article(body)
    assert [(p.line, p.code) for p in read.problems] == [(4, ProblemCode.FILE_TOO_LARGE)]
    assert read.title == "T"
    assert article(f"<a href={U}>{body}", "a.html").problems == ()


def test_too_many_links_are_a_problem() -> None:
    read = article("<a href=/a>" * (MOST_BODY_LINKS + 1), "a.html")
    assert len(read.references) == MOST_BODY_LINKS
    assert [(p.line, p.code) for p in read.problems] == [(4, ProblemCode.FILE_TOO_LARGE)]


SIZE = 50_000
MONSTERS = [
    "[", "*", "![[", "[a](", "[a](<b", "**a ", "_a_ ", "`a", "``a`", "<", "<a ", "<a href='", "x<!--",
    "x<![CDATA[", "> ", "- a\n", "a\n", "#", "|a", "|", "&#35;", "]", "[]", "\\", "[a]: b\n", "[^", "[a][",
    "https://", "https://a ", "://", "a:", "(https://a", "https://a)))", "<div\n", "\n", "~", "![a", "[a](b '",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("part", MONSTERS)
def test_monsters_take_no_more_than_their_length(part: str) -> None:
    text = "://\n" + (part * (SIZE // len(part)))[:SIZE]
    began = time.process_time()
    sum(1 for _ in body_links(text, "a.md"))
    assert time.process_time() - began < cpu_limit(1.5)


@pytest.mark.parametrize(
    "part",
    [
        "<a ",
        "<a href='",
        '<a b="',
        "<!--",
        "<script>",
        "<a href=b>",
        "<img src=\"'",
        "<a" + " " * 99,
    ],
)
def test_long_pages_are_read_in_one_pass(part: str) -> None:
    text = part * (1_000_000 // len(part))
    began = time.process_time()
    sum(1 for _ in links_in(text))
    assert time.process_time() - began < cpu_limit(1)


def test_brackets_and_punctuation_behind_a_url_are_cut_in_one_pass() -> None:
    for tail in (")", ".", "&a;", "]"):
        assert urls(U + tail * 20_000) == [U]


TEXTS = st.lists(
    st.sampled_from(
        ["[", "]", "(", ")", "<", ">", "!", "`", "*", "_", "\n", "\r", " ", "    ", "a", ":", "//", "https://",
         "\\", "&amp;", "\0", "\ud83d", "'", '"', "<a href=", "<!--", "-->", "[a]: ", "> ", "- ", "|", "---", "=", "{{", "\u2028"]
    )
    | st.text(max_size=3),
    max_size=60,
).map("".join)  # fmt: skip


@given(TEXTS, st.sampled_from(["a.md", "a.html"]))
def test_any_text_is_read(text: str, path: str) -> None:
    lines = text.replace("\r\n", "\n").count("\n") + 1
    seen = list(body_links(text, path))
    assert all(0 <= link.line < lines for link in seen)
    assert [link.line for link in seen] == sorted(link.line for link in seen)

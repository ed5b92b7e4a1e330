"""Whose a date is: the page's own article's, or a comment's, a teaser's, a list's, a caption's (rule M16)."""

from __future__ import annotations

import pytest

from crawler.extractors.metadata.page_names import PageNames
from crawler.extractors.page import ExtractedPage, extract_page
from crawler.model.observation import SoftSign

URL = "https://news.example/pier"
TITLE = "The pier opens again"
HEAD = f"<title>{TITLE} | Example News</title>"
DAY = "2020-03-04"
TEXT = "<p>" + "The pier is open again after a winter of repairs. " * 20 + "</p>"


def extract(html: str, url: str = URL) -> ExtractedPage:
    return extract_page(html.encode(), url=url, content_type="text/html; charset=utf-8")


def stated(html: str, url: str = URL) -> str | None:
    return extract(html, url).facts.stated


def item(kind: str, inside: str, *, prop: str = "", tag: str = "div", more: str = "") -> str:
    given = f' itemprop="{prop}"' if prop else ""
    scope = f' itemscope itemtype="https://schema.org/{kind}"' if kind else " itemscope"
    return f"<{tag}{given}{scope} {more}>{inside}</{tag}>"


def date(day: str = DAY, prop: str = "datePublished") -> str:
    return f'<time itemprop="{prop}" datetime="{day}">{day}</time>'


def teaser(
    number: int, day: str = "2021-05-06", *, tag: str = "article", heading: str = "h2"
) -> str:
    """An entry of a list of articles."""
    title = f'<{heading} itemprop="headline"><a itemprop="url" href="/story-{number}">Story {number}</a></{heading}>'
    return item("BlogPosting", title + date(day), tag=tag)


def comment(day: str, *, prop: str = "comment") -> str:
    author = item("Person", '<span itemprop="name">Jo</span>', prop="author", tag="span")
    return item("Comment", author + date(day) + "<p itemprop=text>Well.</p>", prop=prop)


COMMENTS = "".join(map(comment, ("2021-01-02", "2021-01-03", "2021-02-04")))
TEASERS = "".join(teaser(number) for number in range(3))
H1 = f"<h1>{TITLE}</h1>"
HEADLINE = f'<h1 itemprop="headline">{TITLE}</h1>'

MICRODATA = {
    # ------------------------------------------------------------------- the page's own
    "article": (item("NewsArticle", HEADLINE + date()), DAY),
    "article-in-page": (item("WebPage", item("Article", HEADLINE + date(), prop="mainEntity")), DAY),
    "page": (item("WebPage", H1 + date()), DAY),
    "post-in-blog": (item("Blog", item("BlogPosting", HEADLINE + date(), prop="blogPost")), DAY),
    "no-type": (item("", HEADLINE + date()), DAY),
    "no-item": (H1 + date(), DAY),
    "in-head": (f'<meta itemprop=datePublished content="{DAY}">' + H1, DAY),
    "headline-outside": (H1 + item("Article", date()), DAY),
    "other-headline": (H1 + item("Article", "<p itemprop=headline>The pier: a new start</p>" + date()), DAY),
    "in-author": (item("Article", HEADLINE + item("Person", "<i itemprop=name>Jo</i>" + date(), prop="author")), DAY),
    "in-own-aside": (item("Article", HEADLINE + f"<aside>{date()}</aside>"), DAY),
    "in-own-footer": (item("Article", HEADLINE + f"<footer>{date()}</footer>"), DAY),
    "page-with-sidebar": (f'<div class="wrap sidebar-right">{H1}{date()}</div>', DAY),
    "widget-around-all": (f'<div class="widget Blog">{H1}{date()}</div>', DAY),
    "product-page": (item("SoftwareApplication", f"<h1 itemprop=name>{TITLE}</h1>" + date()), DAY),
    "recipe": (item("Recipe", f"<h1 itemprop=name>{TITLE}</h1>" + date()), DAY),
    "question": (item("Question", f"<h1 itemprop=name>{TITLE}</h1>" + date() + item("Answer", date("2021-01-01"))), DAY),
    "with-comments": (item("Article", HEADLINE + date() + COMMENTS), DAY),
    "comments-first": (COMMENTS + item("Article", HEADLINE + date()), DAY),
    "with-teasers": (item("Article", HEADLINE + date()) + TEASERS, DAY),
    "teasers-first": (TEASERS + item("Article", HEADLINE + date()), DAY),
    "teasers-inside": (item("Article", HEADLINE + TEASERS + date()), DAY),
    "known-by-address": (TEASERS + item("Article", '<link itemprop=url href="/pier">' + date()), DAY),
    "known-by-title": (TEASERS + item("Article", f"<b itemprop=name>{TITLE}</b>" + date()), DAY),
    "known-by-main-entity": (
        TEASERS + item("Article", f'<meta itemprop=mainEntityOfPage content="{URL}#top">' + date()), DAY,
    ),
    "every-entry-with-h1": (
        "".join(teaser(number, heading="h1") for number in range(3)) + item("Article", HEADLINE + date()), DAY,
    ),
    "video-beside": (item("Article", HEADLINE + date() + item("VideoObject", date("2021-01-01", "uploadDate"))), DAY),
    "pubdate": (f"<article>{H1}<time pubdate datetime={DAY}>x</time></article>", DAY),
    "spaces-in-type": (item("Article ", HEADLINE + date()), DAY),
    # ---------------------------------------------------------------------- another's
    "comments": (item("Article", HEADLINE + COMMENTS), None),
    "comments-outside": (item("Article", HEADLINE) + COMMENTS, None),
    "comments-alone": (H1 + COMMENTS, None),
    "one-comment": (H1 + comment("2021-01-02", prop=""), None),
    "user-comments": (H1 + item("UserComments", date()), None),
    "comment-without-type": (H1 + f'<div class="comment-body" itemscope>{date()}</div>', None),
    "comment-without-item": (H1 + f'<ol class="commentlist"><li>{date()}</ol>', None),
    "comment-as-article": (item("Article", HEADLINE + item("Article", date(), tag="article")), None),
    "comment-in-its-author": (H1 + item("Comment", item("Person", date(), prop="author")), None),
    "comment-by-class-inside": (item("Article", HEADLINE + f"<div class=comments>{date()}</div>"), None),
    "teasers": (H1 + TEASERS, None),
    "one-teaser": (H1 + teaser(1), None),
    "related": (item("Article", HEADLINE + f"<div class=related-posts>{teaser(1)}</div>"), None),
    "related-without-item": (H1 + f'<ul class="related"><li>{date()}</ul>', None),
    "sidebar": (H1 + f'<div id="sidebar">{date()}</div>', None),
    "list": (H1 + item("ItemList", item("ListItem", item("Article", date()), prop="itemListElement")), None),
    "review-of-a-product": (item("Product", HEADLINE + item("Review", date(), prop="review")), None),
    "reviews-beside": (H1 + item("Review", date()) + item("Review", date("2021-01-01")), None),
    "book-under-review": (item("Review", item("Book", H1 + date("1999-01-01"), prop="itemReviewed")), None),
    "caption": (item("Article", HEADLINE + f"<figure><figcaption>{date()}</figcaption></figure>"), None),
    "picture": (item("Article", HEADLINE + item("ImageObject", date(prop="uploadDate"), prop="image")), None),
    "audio": (H1 + item("AudioObject", date(prop="uploadDate")), None),
    "two-alike": (H1 + item("Article", date()) + item("Article", date("2021-01-01")), None),
    "pubdate-in-comments": (
        f"<article>{H1}<article><time pubdate datetime={DAY}>x</time></article></article>", None,
    ),
    "navigation": (H1 + f"<nav>{date()}</nav>", None),
}  # fmt: skip


@pytest.mark.parametrize("name", MICRODATA)
def test_a_date_in_microdata_is_that_of_its_item(name: str) -> None:
    html, day = MICRODATA[name]
    assert stated(f"<html><head>{HEAD}</head><body>{html}{TEXT}</body></html>") == day


def test_where_the_address_is_unknown_a_link_says_nothing() -> None:
    assert stated(HEAD + H1 + teaser(1), url="") == "2021-05-06"


def test_a_not_found_page_with_teasers_is_one() -> None:
    """Rule N3: the times of teasers do not speak against it."""
    page = extract(f"<title>Page not found</title><h1>Page not found</h1>{TEASERS}")
    assert (page.sign, page.facts.stated) == (SoftSign.NOT_FOUND, None)


def test_a_not_found_page_with_one_teaser_is_one() -> None:
    page = extract(f"<title>Page not found</title><h1>Page not found</h1>{teaser(1)}")
    assert page.sign is SoftSign.NOT_FOUND


def ld(*nodes: str) -> str:
    return "".join(f'<script type="application/ld+json">{node}</script>' for node in nodes)


def node(kind: str, headline: str = "", *, url: str = "", more: str = "", day: str = DAY) -> str:
    named = f'"headline":"{headline}",' if headline else ""
    placed = f'"url":"{url}",' if url else ""
    return f'{{"@type":"{kind}",{named}{placed}{more}"datePublished":"{day}"}}'


LIST = [node("BlogPosting", f"Story {number}", url=f"/story-{number}", day="2021-05-06") for number in range(3)]  # fmt: skip
JSON_LD = {
    "own": (ld(node("NewsArticle", TITLE)), DAY),
    "no-headline": (ld(node("NewsArticle")), DAY),
    "other-headline": (ld(node("NewsArticle", "A new start for the pier")), DAY),
    "other-address": (ld(node("NewsArticle", TITLE, url="https://m.other.example/1")), DAY),
    "twice": (ld(node("NewsArticle", "A new start"), node("BlogPosting", "A new start")), DAY),
    "beside-a-video": (ld(node("VideoObject", "Film", day="2021-01-01"), node("Article", "A new start")), DAY),
    "after-a-list": (ld(*LIST, node("Article", TITLE)), DAY),
    "by-address": (ld(*LIST, node("Article", "Start", url="/pier?utm_source=x")), DAY),
    "by-main-entity": (ld(*LIST, node("Article", "Start", more=f'"mainEntityOfPage":{{"@id":"{URL}"}},')), DAY),
    "by-title-with-site": (ld(*LIST, node("Article", f"{TITLE} | Example News")), DAY),
    "page": (ld(node("WebPage")), DAY),
    "page-of-a-list": (ld(node("WebPage"), *LIST), DAY),
    "recipe": (ld(node("Recipe", "Pie")), DAY),
    "list": (ld(*LIST), None),
    "list-in-one-script": (ld("[" + ",".join(LIST) + "]"), None),
    "list-in-graph": (ld('{"@graph":[' + ",".join(LIST) + "]}"), None),
    "list-as-main-entity": (ld('{"@type":"CollectionPage","mainEntity":[' + ",".join(LIST) + "]}"), None),
    "item-list": (ld('{"@type":"ItemList","itemListElement":[' + ",".join(LIST) + "]}"), None),
    "one-of-a-list": (ld(LIST[0]), None),
    "comments": (ld(f'{{"@type":"Article","headline":"{TITLE}","comment":[{node("Comment")}]}}'), None),
    "comment-alone": (ld(node("Comment", TITLE)), None),
    "answer": (ld(f'{{"@type":"QAPage","mainEntity":{{"@type":"Question","acceptedAnswer":{node("Answer")}}}}}'), None),
    "reviews": (ld(node("Review", "Good"), node("Review", "Bad")), None),
}  # fmt: skip


@pytest.mark.parametrize("name", JSON_LD)
def test_a_date_in_json_ld_is_that_of_its_node(name: str) -> None:
    html, day = JSON_LD[name]
    assert stated(f"<html><head>{HEAD}{html}</head><body>{H1}{TEXT}</body></html>") == day


def test_the_site_of_a_list_is_still_known() -> None:
    site = '"publisher":{"name":"Example News"},'
    entry = node("BlogPosting", "Story", url="/story", more=site)
    page = extract(f"{HEAD}{ld(entry, *LIST)}{H1}")
    assert (page.facts.site_name, page.facts.stated) == ("Example News", None)


def test_a_picture_and_a_title_of_a_list_are_not_the_page_s() -> None:
    entries = [
        node("BlogPosting", f"Story {number}", more=f'"image":"/{number}.jpg",')
        for number in range(2)
    ]
    facts = extract(f"{HEAD}{ld(*entries)}{H1}").facts
    assert (facts.image, facts.title, facts.type) == (None, TITLE, None)
    assert not any("Story" in one for one in facts.titles)


TIMES = {
    "own": (f"<article>{H1}<time datetime={DAY}>x</time></article>", DAY),
    "own-class": (f"{H1}<time class=entry-date datetime={DAY}>x</time>", DAY),
    "own-permalink": (f'{H1}<a href="/pier"><time datetime={DAY}>x</time></a>', DAY),
    "own-footer": (f"<article>{H1}<footer class=x><time datetime={DAY}>x</time></footer></article>", None),
    "beside-teasers": (
        f"<article>{H1}<time datetime={DAY}>x</time></article>"
        + "".join(f"<article><h2><a href=/{n}>S</a></h2><time datetime=2021-0{n}-01>x</time></article>" for n in (1, 2)),
        DAY,
    ),
    "teasers": (
        H1 + "".join(
            f"<article><h2><a href=/{n}>S</a></h2><time class=published datetime=2021-0{n}-01>x</time></article>"
            for n in (1, 2)
        ),
        None,
    ),
    "one-teaser": (
        f"{H1}<article><h2><a href=/1>S</a></h2><time class=published datetime={DAY}>x</time></article>", None,
    ),
    "teaser-in-a-link": (f'{H1}<a href="/other"><time class=published datetime={DAY}>x</time></a>', None),
    "comment": (f"<article>{H1}<article><time datetime={DAY}>x</time></article></article>", None),
    "comment-by-class": (f"{H1}<div id=comment-7><time datetime={DAY}>x</time></div>", None),
    "caption": (f"{H1}<figure><figcaption><time datetime={DAY}>x</time></figcaption></figure>", None),
    "aside": (f"{H1}<aside><time datetime={DAY}>x</time></aside>", None),
    "broken-link": (f'{H1}<a href="http://["><time datetime={DAY}>x</time></a>', DAY),
}  # fmt: skip


@pytest.mark.parametrize("name", TIMES)
def test_a_time_is_that_of_its_article(name: str) -> None:
    html, day = TIMES[name]
    facts = extract(f"<html><head>{HEAD}</head><body>{html}{TEXT}</body></html>").facts
    assert (facts.published or "")[:10] == (day or "")
    assert facts.stated is None


def test_a_search_finds_no_day_of_a_comment() -> None:
    said = item("Comment", "<p>posted 4 March 2020</p>", prop="comment")
    assert extract(f"{HEAD}{H1}{TEXT}{said}").facts.published is None


def test_an_author_of_a_comment_is_not_the_page_s() -> None:
    assert extract(f"{HEAD}{item('Article', HEADLINE + COMMENTS)}").facts.authors == ()


@pytest.mark.parametrize("depth", [60, 200])
def test_a_deep_page_is_read(depth: int) -> None:
    html = "<div itemscope>" * depth + date() + "</div>" * depth
    assert extract(HEAD + H1 + html).facts.title == TITLE


def test_names() -> None:
    names = PageNames((f"{TITLE} | Example",), (TITLE, "Menu"), (URL,), URL)
    assert names.is_title(TITLE)
    assert not names.is_title("")
    assert names.headlines() == {TITLE}
    assert PageNames(headings=("A", "B")).headlines() == set()
    assert names.is_address(["#x", "", "/pier/?utm_source=a"])
    assert not names.is_elsewhere(["#x", ""])
    assert names.is_elsewhere(["/other"])
    assert not PageNames().is_elsewhere(["https://news.example/other"])

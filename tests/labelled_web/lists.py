"""Pages with comments, teasers, lists and captions, whose dates and titles are not the page's (rules M16, N3)."""

from __future__ import annotations

from collections.abc import Sequence

from tests.labelled_web.case import ALIVE, PATH, SOFT_404, TITLE, Answers, Case, Class, Label, Seen
from tests.labelled_web.chrome import page
from tests.labelled_web.sites_western import ENGLISH, SITES
from tests.web.rules import Answer

_PROSE = (
    "The pier was opened again on Monday after a long winter of repairs, and the first to walk its whole "
    "length was the woman who had sold ice cream there for forty years. "
) * 6
_SCHEMA = "https://schema.org/"
_GERMAN = next(site for site in SITES if site.code == "de")
_DAYS = ("2021-05-06", "2021-06-07", "2021-07-08")
_OWN = "2019-03-04"
"""The day that the article's file declares."""


def _item(kind: str, inside: str, *, tag: str = "div", prop: str = "") -> str:
    given = f' itemprop="{prop}"' if prop else ""
    return f'<{tag}{given} itemscope itemtype="{_SCHEMA}{kind}">{inside}</{tag}>'


def _date(day: str, prop: str = "datePublished") -> str:
    return f'<time itemprop="{prop}" datetime="{day}">{day}</time>'


def _comments(days: Sequence[str] = _DAYS, *, kind: str = "Comment", prop: str = "comment") -> str:
    return "<section>" + "".join(
        _item(kind, f"{_date(day)}<p itemprop='text'>Well said.</p>", prop=prop) for day in days
    ) + "</section>"  # fmt: skip


def _teasers(
    days: Sequence[str] = _DAYS, *, tag: str = "article", kind: str = "BlogPosting"
) -> str:
    return "".join(
        _item(
            kind,
            f'<h2 itemprop="headline"><a itemprop="url" href="/news/2021/story-{number}">A story of the day'
            f"</a></h2>{_date(day)}",
            tag=tag,
        )
        for number, day in enumerate(days)
    )


def _json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def _node(kind: str, headline: str, day: str, more: str = "") -> str:
    return f'{{"@type":"{kind}","headline":"{headline}","datePublished":"{day}"{more}}}'


_NODES = [
    _node("BlogPosting", f"Story {number}", day, f',"url":"/news/2021/story-{number}"')
    for number, day in enumerate(_DAYS)
]


def _article(
    name: str,
    body: str,
    *,
    head: str = "",
    day: str = "",
    title: str = TITLE,
    freshness: str = "current",
) -> Case:
    """An article with `body` below its headline; `day` is what must be its day of publication, "" for none."""
    html = (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title} | Gazette</title>{head}</head>"
        f"<body>{body}<p>{_PROSE}</p></body></html>"
    )
    return Case(
        Class.LISTS,
        f"list-{name}",
        ALIVE,
        {PATH: Answer(body=html)},
        title=title,
        seen=Seen(published=day, freshness=freshness),
    )


def _gone(
    name: str, after: str, *, head: str = "", label: Label = SOFT_404, german: bool = False
) -> Case:
    """A not-found page of a site, with lists of other articles."""
    site = _GERMAN if german else ENGLISH
    title, heading = site.gone[0]
    answers: Answers = {
        PATH: Answer(body=page(site, title, heading, site.sorry, head=head, after=after))
    }
    return Case(Class.LISTS, f"list-{name}", label, answers, title="The ferry sails again")


_H1 = f"<h1>{TITLE}</h1>"
_HEADLINE = f"<h1 itemprop=headline>{TITLE}</h1>"

CASES = (
    # ------------------------------------------------- an undated article has no other's date
    _article("three-comments", _item("Article", _HEADLINE + _comments())),
    _article("comments-beside", _item("Article", _HEADLINE) + _comments()),
    _article("comments-alone", _H1 + _comments(prop="")),
    _article("one-comment", _H1 + _comments(_DAYS[:1])),
    _article("user-comments", _H1 + _comments(kind="UserComments")),
    _article("answers", _item("Question", f"<h1 itemprop=name>{TITLE}</h1>" + _comments(kind="Answer", prop="suggestedAnswer"))),
    _article("reviews", _item("Product", f"<h1 itemprop=name>{TITLE}</h1>" + _comments(kind="Review", prop="review"))),
    _article("kommentare", f'{_H1}<div class="kommentare"><div>{_date(_DAYS[0])}</div></div>'),
    _article("teasers", _H1 + _teasers()),
    _article("one-teaser", _H1 + _teasers(_DAYS[:1])),
    _article("related", _H1 + f'<div class="related">{_teasers(_DAYS[:1])}</div>'),
    _article("related-links", _H1 + "<ul>" + "".join(f'<li><a href="/news/latest">A story</a> {_date(day)}</li>' for day in _DAYS) + "</ul>"),
    _article("item-list", _H1 + _item("ItemList", _item("ListItem", _teasers(_DAYS[:1]), prop="itemListElement"))),
    _article("caption", _item("Article", f"{_HEADLINE}<figure><figcaption>The pier, {_date(_DAYS[0])}</figcaption></figure>")),
    _article("caption-time", f"{_H1}<figure><figcaption>The pier, <time datetime={_DAYS[0]}>May</time></figcaption></figure>"),
    _article("picture", _item("Article", _HEADLINE + _item("ImageObject", _date(_DAYS[0], "uploadDate"), prop="image"))),
    _article("json-ld-list", _H1, head=_json_ld("[" + ",".join(_NODES) + "]")),
    _article("json-ld-graph", _H1, head=_json_ld('{"@graph":[' + ",".join(_NODES) + "]}")),
    _article("json-ld-one", _H1, head=_json_ld(_NODES[0])),
    _article("json-ld-main-entity", _H1,
             head=_json_ld('{"@type":"CollectionPage","mainEntity":[' + ",".join(_NODES) + "]}")),
    _article("json-ld-comments", _H1,
             head=_json_ld(f'{{"@type":"Article","headline":"{TITLE}","comment":[{_node("Comment", "", _DAYS[0])}]}}')),
    _article("json-ld-reviews", _H1,
             head=_json_ld(f'{{"@type":"Product","name":"{TITLE}","review":[{_node("Review", "", _DAYS[0])}]}}')),
    # ------------------------------------------------------------- near misses: its own date
    _article("own-and-comments", _item("Article", _HEADLINE + _date(_OWN) + _comments()), day=_OWN),
    _article("own-and-teasers", _teasers() + _item("Article", _HEADLINE + _date(_OWN)), day=_OWN),
    _article("own-in-its-author", _item("Article", _HEADLINE + _item("Person", f"<i itemprop=name>Jo</i>{_date(_OWN)}",
                                                                      prop="author")), day=_OWN),
    _article("own-in-blog", f'<div class="widget Blog">{_item("Blog", _item("BlogPosting", _HEADLINE + _date(_OWN), prop="blogPost"))}</div>',
             day=_OWN),
    _article("own-by-address", _teasers() + _H1 + _item("Article", f'<link itemprop=url href="{PATH}">{_date(_OWN)}'), day=_OWN),
    _article("own-without-item", _H1 + _date(_OWN), day=_OWN),
    _article("own-json-ld-in-list", _H1, head=_json_ld("[" + ",".join((*_NODES, _node("Article", TITLE, _OWN))) + "]"), day=_OWN),
    _article("own-other-headline", _H1, head=_json_ld(_node("NewsArticle", "A new start for the pier", _OWN)), day=_OWN),
    _article("own-drifted", _item("Article", _HEADLINE + _date(_DAYS[0]) + _comments()), day=_DAYS[0], freshness="drifted"),
    # --------------------------------------------------------- a not-found page with teasers
    _gone("gone-teasers", _teasers()),
    _gone("gone-one-teaser", _teasers(_DAYS[:1])),
    _gone("gone-teasers-german", _teasers(), german=True),
    _gone("gone-news-cards", _teasers(tag="div", kind="NewsArticle")),
    _gone("gone-plain-list", "<ul>" + "".join(f'<li><a href="/news/latest">A story</a> {_date(day)}</li>' for day in _DAYS) + "</ul>"),
    _gone("gone-comments", _comments()),
    _gone("gone-json-ld", "", head=_json_ld("[" + ",".join(_NODES) + "]")),
    _gone("gone-json-ld-one", "", head=_json_ld(_NODES[0])),
    _gone("gone-json-ld-item-list", "",
          head=_json_ld('{"@type":"ItemList","itemListElement":[' + ",".join(_NODES) + "]}")),
    _gone("gone-breadcrumb", _item("BreadcrumbList", _item("ListItem", "<a href=/news>News</a>", prop="itemListElement"))),
    # ------------------------------------------- near misses: dated articles on such words
    Case(
        Class.LISTS, "list-about-not-found", ALIVE,
        {PATH: Answer(body=page(
            ENGLISH, "Page not found | Gazette", "Page not found",
            after=_item("NewsArticle", f"<b itemprop=headline>Page not found</b>{_date(_OWN)}") + _teasers(),
        ))},
        title="Page not found",
    ),
    Case(
        Class.LISTS, "list-about-not-found-in-json-ld", ALIVE,
        {PATH: Answer(body=page(
            ENGLISH, "Page not found | Gazette", "Page not found", _PROSE,
            head=_json_ld("[" + ",".join((*_NODES, _node("NewsArticle", "Page not found", _OWN))) + "]"),
        ))},
        title="Page not found",
    ),
)  # fmt: skip

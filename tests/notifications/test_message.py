"""News in words: what a message says, how long it is, and that no text from outside is more than text."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.alarm import Alarm, AlarmCode
from crawler.model.change import Change, Opinion, Transition
from crawler.model.held import Held, HeldReason
from crawler.model.reference import Reference, Scope
from crawler.model.report import ChangedLink
from crawler.model.role import Role
from crawler.model.verdict import VerdictKind
from crawler.notifications.message import MOST_GROUPS, Message
from crawler.notifications.news import News, OwnersNews
from tests.strategies.model import NASTY_TEXTS

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NEW, CONFIRMED, WELL = Change.NEW_BROKEN, Change.CONFIRMED_DEAD, Change.RECOVERED
HOSTILE = [
    "**bold** _x_ [a](https://evil.example) `c` <b>b</b> &amp; | # h\n- i",
    "<!here> <!channel> <@U123> @channel @here @room @everyone @all",
    "\x1b[31m\r\nSubject: x\r\n\r\n\u202ebody {{DATE(2026-01-01)}} :smile:",
    *NASTY_TEXTS,
]


def changed(
    url: str,
    change: Change = NEW,
    *,
    path: str | None = "a.md",
    places: int = 1,
    reason: str = "http-404",
) -> ChangedLink:
    before, after = VerdictKind.ALIVE, VerdictKind.BROKEN
    if change is WELL:
        before, after = after, before
    transition = Transition(Opinion(before, reason), Opinion(after, reason))
    first = None
    if path is not None:
        first = Reference(path, 3, "webUrl", Role.WEB, Scope.OWN, url, url)
    return ChangedLink(url, change, transition, first, places, (path,) if path else ())


def news_of(
    *links: ChangedLink, owners: tuple[str, ...] = (), content: str = "news", more: int = 0
) -> News:
    totals = {
        change: sum(one.change is change for one in links) for change in (NEW, CONFIRMED, WELL)
    }
    totals[NEW] += more
    by_change = {change: tuple(one for one in links if one.change is change) for change in totals}
    group = OwnersNews(owners, totals, by_change)
    return News(content, 41, 43, NOON, totals, (group,))


def message(news: News) -> Message:
    return Message("desk", news)


def shown(html: str) -> str:
    return " ".join(" ".join(lxml.html.document_fromstring(html).itertext()).split())


def test_what_it_says() -> None:
    news = news_of(
        changed("https://a.example/1", places=3),
        changed("https://b.example/2", WELL, path=None),
        owners=("Ada", "Bob"),
        more=4,
    )
    made = message(news)
    assert made.title == "linkhealth: 5 newly broken, 1 recovered in news"
    text = made.text(10_000)
    assert text.splitlines() == [
        "Links of news: 5 newly broken, 1 recovered. What runs 42 to 43 changed (22 November 2026, 12:00 UTC).",
        "Owned by Ada and Bob.",
        "Newly broken: 5 links",
        "- https://a.example/1 - http-404: The server says that this page does not exist. In a.md, line 3, and in 2 more places.",
        "… and 4 more",
        "Recovered: 1 link",
        "- https://b.example/2 - it was broken (http-404). Only in related articles.",
        "All of it: linkhealth diff --from 41 --to 43. Why: linkhealth explain URL.",
    ]
    page = shown(made.html(100_000))
    for words in (
        "5 newly broken, 1 recovered",
        "Owned by Ada and Bob.",
        "Newly broken: 5 links",
        "https://a.example/1",
        "In a.md, line 3, and in 2 more places.",
        "… and 4 more",
        "linkhealth diff --from 41 --to 43",
    ):
        assert words in page


def test_what_is_held_back_is_told_with_its_command() -> None:
    held = Held(HeldReason.MASS_CHANGE, "http-404", "a.example", 412, 300, first_run=False)
    news = News("news", 42, 43, NOON, {}, (), (held,), 3)
    made = message(news)
    assert made.title == "linkhealth: 3 groups held back in news"
    for text in (made.text(10_000), shown(made.html(100_000))):
        assert "412 URLs of a.example (http-404) in 300 articles are not written" in text
        assert "linkhealth accept --host a.example --cause http-404" in text
        assert "Held back until an editor accepts it: 3 groups" in text
        assert "… and 2 more" in text
    document = made.document()
    assert ([one["links"] for one in document["held"]], document["all_held"]) == ([412], 3)


def test_a_folder_of_a_strange_name_is_in_no_title() -> None:
    for name in ("<!here>", "a*b*", "@channel", "_x_", "a\nb", "", "x" * 80, "[a](b)"):
        title = message(news_of(changed("https://a.example/"), content=name)).title
        assert title == "linkhealth: 1 newly broken"


@pytest.mark.parametrize("most", [300, 1_000, 7_800])
def test_it_is_as_long_as_it_may_be(most: int) -> None:
    links = [changed(f"https://a.example/{number:03}", places=2) for number in range(100)]
    text = message(news_of(*links)).text(most)
    assert len(text.encode()) <= most
    named = text.count("https://a.example/")
    assert f"… and {100 - named} more" in text
    assert named or most < 1_000


def test_of_many_owners_the_first_are_named() -> None:
    groups = tuple(
        OwnersNews((f"owner-{number}",), {NEW: 1}, {NEW: (changed(f"https://{number}.example/"),)})
        for number in range(MOST_GROUPS + 3)
    )
    news = News("news", 1, 2, NOON, {NEW: len(groups)}, groups)
    for text in (message(news).text(100_000), shown(message(news).html(100_000))):
        assert text.count("Owned by") == MOST_GROUPS
        assert "links of 3 other groups of owners" in text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_text_stays_in_its_line_and_mentions_nobody(hostile: str) -> None:
    one = changed(f"https://a.example/{hostile}", path=f"{hostile}.md", reason=hostile)
    held = Held(HeldReason.MASS_CHANGE, hostile, hostile, 1, 1, first_run=True)
    plain = news_of(one, owners=(hostile,), content=hostile)
    news = News(plain.content, 41, 43, NOON, plain.totals, plain.groups, (held,), 1)
    made = message(news)
    text = made.text(100_000)
    assert len(text.splitlines()) == 7
    assert all(line.isprintable() for line in text.split("\n"))
    assert "\n" not in made.title
    page = made.html(100_000)
    found = {
        one.tag for one in lxml.html.document_fromstring(page).iter() if isinstance(one.tag, str)
    }
    assert found <= {
        *("html", "head", "meta", "title", "body"),
        *("h1", "h2", "h3", "p", "ul", "li", "a", "br", "bdi"),
    }
    for sent in (text, shown(page), made.title):
        lowered = sent.lower()
        assert not any(f"@{word}" in lowered for word in ("channel", "here", "room", "everyone"))


@given(st.text(max_size=200))
def test_no_text_breaks_out_of_html(text: str) -> None:
    page = message(
        news_of(changed(text, path=text, reason=text), owners=(text,), content=text)
    ).html(100_000)
    tree = lxml.html.document_fromstring(page)
    assert {one.get("href", "")[:4] for one in tree.iter("a")} <= {"http"}
    assert len(list(tree.iter("li"))) == 1


def test_credentials_are_hidden_everywhere() -> None:
    made = message(news_of(changed("https://me:s3cret@a.example/")))
    for sent in (made.text(1_000), made.html(10_000), json.dumps(made.document())):
        assert "s3cret" not in sent


def test_an_address_that_is_no_web_address_is_no_link() -> None:
    page = message(news_of(changed("javascript:alert(1)"), changed("https://a.example/ok"))).html(
        10_000
    )
    assert [one.get("href") for one in lxml.html.document_fromstring(page).iter("a")] == [
        "https://a.example/ok"
    ]


def test_alarms_come_first_and_mention_nobody() -> None:
    raised = (
        Alarm(AlarmCode.HOST_DOWN, 43, 5, 40, "<!here>@channel.example\x1b"),
        Alarm(AlarmCode.DISK_LOW, 43, 12_000_000, 100_000_000),
    )
    made = message(replace(news_of(changed("https://a.example/1")), alarms=raised))
    assert made.title == "linkhealth: 2 alarms, 1 newly broken in news"
    for told in (made.text(10_000), shown(made.html(100_000))):
        assert (
            "disk-low: 12 MB left where the state is kept, and 100 MB are wanted; make room" in told
        )
        assert "host-down: <!here>%40channel.example\\x1b is down: 5 of its 40 links failed" in told
        assert told.index("disk-low") < told.index("https://a.example/1")
    assert "<!here>" not in made.html(100_000)
    assert [row["code"] for row in made.document()["alarms"]] == ["host-down", "disk-low"]


def test_an_alarm_alone_is_news() -> None:
    quiet = news_of()
    assert quiet.is_empty
    assert not replace(quiet, alarms=(Alarm(AlarmCode.SLOW_RUN, 43, 9000, 60),)).is_empty


def test_the_document_has_all_that_is_documented() -> None:
    document = message(news_of(changed("https://a.example/1"), owners=("Ada",))).document()
    assert {name: document[name] for name in ("schema", "channel", "content", "from", "to")} == {
        "schema": 1,
        "channel": "desk",
        "content": "news",
        "from": 41,
        "to": 43,
    }
    assert document["at"] == "2026-11-22T12:00:00Z"
    assert document["counts"] == {"new-broken": 1, "confirmed-dead": 0, "recovered": 0}
    assert document.keys() == {
        *("schema", "channel", "content", "at", "from", "to", "title", "counts", "owners"),
        *("held", "all_held", "alarms"),
    }
    ((group,),) = (document["owners"],)
    assert group["owners"] == ["Ada"]
    assert group["links"] == [
        {
            "url": "https://a.example/1",
            "change": "new-broken",
            "before": {"verdict": "alive", "reason": "http-404"},
            "after": {"verdict": "broken", "reason": "http-404"},
            "path": "a.md",
            "line": 3,
            "places": 1,
        }
    ]

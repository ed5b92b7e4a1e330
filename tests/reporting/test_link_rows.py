from __future__ import annotations

import pytest

from crawler.model.change import Change
from crawler.model.report import UrlEntry
from crawler.model.verdict import VerdictKind
from crawler.reporting.findings import gathered
from crawler.reporting.link_rows import CauseCount, host_in
from tests.reporting.many_links import link_entry, report_of_links

_DEAD, _BROKEN, _ALIVE = VerdictKind.DEAD, VerdictKind.BROKEN, VerdictKind.ALIVE
_UNSURE, _INVALID = VerdictKind.UNVERIFIABLE, VerdictKind.INVALID


def order(*entries: UrlEntry) -> list[str]:
    with gathered(report_of_links(*entries)) as findings:
        return [row.url for row in findings.links.listed()]


def test_news_stand_first_then_the_dead_then_those_with_most_places() -> None:
    wanted = [
        link_entry(1, _BROKEN, Change.NEW_BROKEN, url="https://new.test/"),
        link_entry(2, _DEAD, Change.CONFIRMED_DEAD, url="https://confirmed.test/"),
        link_entry(3, _DEAD, Change.STILL, url="https://dead.test/", places=2),
        link_entry(4, _DEAD, Change.STILL, url="https://a-dead.test/"),
        link_entry(5, _DEAD, Change.STILL, url="https://b-dead.test/"),
        link_entry(6, _BROKEN, Change.STILL, url="https://broken.test/", places=9),
        link_entry(7, _INVALID, url="htp:/x", places=9),
    ]
    others = [
        link_entry(8, _ALIVE),
        link_entry(9, _UNSURE),
        link_entry(10, _ALIVE, Change.RECOVERED),
    ]
    assert order(*reversed(wanted), *others) == [entry.link.url for entry in wanted]


def test_a_row_names_the_first_place_and_counts_all() -> None:
    entry = link_entry(1, places=3, related=7)
    with gathered(report_of_links(entry)) as findings:
        (row,) = findings.links.listed()
    assert (row.path, row.line, row.at) == ("1-0.md", 5, "webUrl")
    assert (row.places, row.articles, row.related) == (3, 3, 7)
    with gathered(report_of_links(link_entry(2, places=0, related=7))) as findings:
        (row,) = findings.links.listed()
    assert (row.path, row.line, row.places, row.related) == (None, 0, 0, 7)


def test_causes_are_counted_by_verdict_reason_and_host() -> None:
    entries = [
        link_entry(1, url="https://a.test/1", places=2, related=1),
        link_entry(1, url="https://A.test/2", places=1, related=2),
        link_entry(3, url="https://a.test/3", reason="http-410"),
        link_entry(4, _UNSURE, url="https://a.test/4", reason="bot-wall"),
        link_entry(5, _ALIVE, url="https://a.test/5"),
    ]
    with gathered(report_of_links(*entries)) as findings:
        links = findings.links
        dead = list(links.causes(_DEAD, _BROKEN))
        # The article of the second link is one of the first.
        assert dead[0] == CauseCount(_DEAD, "http-404", "a.test", 2, 3, 3, 2)
        assert [one.reason for one in dead] == ["http-404", "http-410"]
        assert list(links.causes(_DEAD, limit=1)) == dead[:1]
        assert links.count_causes(_DEAD, _UNSURE) == 3
        assert [one.reason for one in links.causes(_UNSURE)] == ["bot-wall"]


def test_hosts_are_listed_with_the_first_of_their_links() -> None:
    entries = [link_entry(number, url=f"https://b.test/{number}") for number in range(3)]
    entries.append(link_entry(9, _ALIVE, url="https://a.test/"))
    with gathered(report_of_links(*entries)) as findings:
        assert findings.links.failing_hosts() == (2, 1)
        first, second = findings.links.hosts(2)
    assert (first.host, first.urls, first.failing, first.rows) == ("a.test", 1, 0, ())
    assert (second.host, second.urls, second.failing, len(second.rows)) == ("b.test", 3, 3, 2)


@pytest.mark.parametrize("change", [Change.NEW_BROKEN, Change.RECOVERED, Change.CONFIRMED_DEAD])
def test_the_links_that_a_run_changed(change: Change) -> None:
    kind = _ALIVE if change is Change.RECOVERED else _BROKEN
    entries = [link_entry(1, kind, change), link_entry(2, _BROKEN, Change.STILL)]
    with gathered(report_of_links(*entries)) as findings:
        assert [row.url for row in findings.links.changed(change)] == [entries[0].link.url]
        assert findings.links.count(change) == 1


@pytest.mark.parametrize(
    ("url", "host"), [("https://A.test:80/", "a.test"), ("mailto:x", ""), ("https://[::1", "")]
)
def test_the_host_of_a_url(url: str, host: str) -> None:
    assert host_in(url) == host


def test_the_priority_orders_what_is_equally_new() -> None:
    wanted = [
        link_entry(1, _BROKEN, Change.NEW_BROKEN, url="https://new.test/", priority=1),
        link_entry(2, _BROKEN, Change.STILL, url="https://heavy.test/", priority=900),
        link_entry(3, _DEAD, Change.STILL, url="https://light.test/", priority=5, places=9),
    ]
    assert order(*reversed(wanted)) == [entry.link.url for entry in wanted]


def test_a_row_tells_whose_it_is_and_how_much_it_matters() -> None:
    entry = link_entry(1, priority=77, owners=("@web", "@blog"))
    with gathered(report_of_links(entry, link_entry(2))) as findings:
        first, second = findings.links.listed()
    assert (first.priority, first.owners) == (77, ("@web", "@blog"))
    assert (second.priority, second.owners) == (0, ())

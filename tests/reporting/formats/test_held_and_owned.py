"""What is held back is one row in every format, and whose a link is stands wherever links are listed."""

from __future__ import annotations

import json
from dataclasses import replace

import feedparser
import junitparser
import pytest

from crawler.model.change import Change
from crawler.model.report import Report
from crawler.reporting import FORMATS
from tests.reporting.attacked_report import ATTACKS, written
from tests.reporting.formats.readers import READERS
from tests.reporting.formats.test_sarif_report import log
from tests.reporting.many_links import held_group, link_entry, report_of_links

_SAID = "12 URLs of held-1.test (http-404) in 11 articles"
_ACCEPT = "linkhealth accept --host held-1.test --cause http-404"
_WITHOUT_LISTS = {"prom"}
_READ = sorted(READERS)
HELD = replace(report_of_links(), held=(held_group(),))
OWNED = report_of_links(
    link_entry(1, change=Change.CONFIRMED_DEAD, owners=("@web/team", "blog")), link_entry(2)
)


def told(name: str, data: bytes) -> str:
    return "\n".join(READERS[name](data).texts)


@pytest.mark.parametrize("name", sorted({*READERS} - _WITHOUT_LISTS))
def test_what_is_held_back_is_told_in_every_format(name: str) -> None:
    data = written(name, HELD)
    assert _SAID in told(name, data)
    assert _ACCEPT in told(name, data)
    assert "held-1.test" not in told(name, written(name, report_of_links()))


def test_no_format_is_left_out() -> None:
    # Those two have tests of their own: what is held back is a list of the contract and of the page.
    assert set(FORMATS) - set(READERS) == {"json", "html"}


@pytest.mark.parametrize("name", sorted({*READERS} - _WITHOUT_LISTS - {"csv", "xlsx"}))
def test_owners_stand_beside_their_links(name: str) -> None:
    data = written(name, OWNED).decode()
    assert "Owned by " in data
    assert data.count("@web/team") == data.count("blog") > 0
    assert "Owned by" not in written(name, report_of_links(link_entry(1))).decode()


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_hosts_and_owners_are_text(text: str) -> None:
    def report(word: str, host: str) -> Report:
        held = replace(held_group(), host=host, cause=word or "x")
        return replace(report_of_links(link_entry(1, owners=(word,))), held=(held,))

    for name in _READ:
        seen = READERS[name](written(name, report(text, text)))
        plain = READERS[name](written(name, report("word", "host.test")))
        assert seen.shape == plain.shape, (name, text)


def test_a_group_held_back_is_a_case_that_was_skipped() -> None:
    (suite,) = junitparser.JUnitXml.fromstring(written("junit", HELD))
    (case,) = suite
    assert (suite.tests, suite.failures, suite.skipped) == (1, 0, 1)
    assert case.name == "held-1.test: http-404"
    assert case.result[0].message.startswith(_SAID)


def test_a_result_names_the_owners_and_the_priority() -> None:
    entry = link_entry(1, owners=("@web",), priority=12)
    (run,) = log(report_of_links(entry))["runs"]
    properties = run["results"][0]["properties"]
    assert (properties["owners"], properties["priority"]) == (["@web"], 12)


def test_a_group_held_back_is_a_notification_of_the_run() -> None:
    many = replace(HELD, held=tuple(map(held_group, range(103))))
    (run,) = log(many)["runs"]
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert run["results"] == []
    assert {one["level"] for one in notes} == {"warning"}
    assert len(notes) == 101
    assert notes[-1]["message"]["text"].startswith("3 more groups held back")


def test_ten_notices_are_written() -> None:
    many = replace(HELD, held=tuple(map(held_group, range(12))))
    lines = written("github", many).decode().splitlines()
    assert len(lines) == 10
    assert lines[0].startswith("::notice title=linkhealth%3A held back::12 URLs of held-0.test")
    assert lines[-1].endswith(" 3 more groups held back.")


def test_gauges_count_what_is_held_back() -> None:
    many = replace(HELD, held=tuple(held_group(n, links=n + 1) for n in range(30)))
    text = written("prom", many).decode()
    assert 'linkhealth_held_links{collection="articles"} 465\n' in text
    assert text.count("linkhealth_host_held_links{") == 20
    assert 'host="held-29.test",cause="http-404"} 30\n' in text
    assert (
        'linkhealth_held_links{collection="articles"} 0\n'
        in written("prom", report_of_links()).decode()
    )


def test_an_entry_of_the_feed_comes_again_where_more_is_held_back() -> None:
    def entry(links: int) -> tuple[str, str]:
        report = replace(HELD, held=(held_group(links=links),))
        (found,) = feedparser.parse(written("atom", report)).entries
        return found.id, found.title

    assert entry(12) == entry(12)
    assert entry(12)[0] != entry(13)[0]
    assert entry(12)[1] == f"Held back until an editor accepts it: {_SAID}"


@pytest.mark.parametrize("name", ["email", "slack", "teams"])
def test_a_message_says_how_many_groups_it_leaves_out(name: str) -> None:
    many = replace(HELD, held=tuple(map(held_group, range(300))))
    data = written(name, many).decode()
    text = data if name == "email" else json.dumps(json.loads(data), ensure_ascii=False)
    shown = text.count("URLs of held-")
    assert 0 < shown <= 20
    assert f"… and {300 - shown:,} more" in text

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import html

from crawler.model.link import Link
from crawler.model.report import Report, UrlEntry
from crawler.model.run import Run
from crawler.model.verdict import Verdict, VerdictKind
from crawler.reporting.digest import headline
from crawler.reporting.formats import html_report
from crawler.reporting.formats.html_report import outside
from tests.reporting.hostile_reports import NOON, SENTINEL, attacks, hostile_report, rendered
from tests.reporting.many_links import link_entry, report_of_links
from tests.reporting.page_contents import words_of
from tests.strategies.examples import examples
from tests.strategies.model import report_of, reports


def parsed(report: Report) -> Any:
    return html.document_fromstring(rendered(report))


def text_of(node: Any) -> str:
    return " ".join(node.text_content().split())


def test_the_head_says_the_same_as_every_other_report() -> None:
    report = report_of_links(link_entry(1), link_entry(2, VerdictKind.INVALID))
    page = parsed(report)
    assert text_of(page.find_class("headline")[0]) == headline(report.summary)
    assert page.findtext(".//title") == "Link health: 2 links needing attention"


def _luminance(colour: str) -> float:
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["text", "quiet", "link", "bad", "warn", "good"])
@pytest.mark.parametrize("paper", ["page", "card", "stripe", "pick", "mark"])
def test_text_has_contrast(scheme: int, ink: str, paper: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1 for text of ordinary size."""
    style = rendered(report_of()).split("<style>")[1].split("</style>")[0]
    root = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[scheme]
    colours = {
        name: value + value[1:] if len(value) == 4 else value
        for name, value in re.findall(r"--(\w+): (#[0-9a-f]{3,6});", root)
    }
    assert _contrast(colours[ink], colours[paper]) >= 4.5


SCRIPT = html_report._part("report.js")


def check_nothing_runs_or_loads(text: str) -> None:
    """Whatever the report holds: one script of ours runs, and nothing is requested."""
    page = html.document_fromstring(text)
    assert not page.xpath("//iframe|//object|//embed|//base|//form|//input|//video|//img")
    *data, script = page.xpath("//script")
    assert [node.get("id") for node in data] == [
        f"data-{name}" for name in ("head", "urls", "texts", "details", "related")
    ]
    assert {node.get("type") for node in data} == {"application/octet-stream"}
    assert dict(script.attrib) == {}
    assert script.text == str(SCRIPT)
    assert len(page.xpath("//meta")) == 5
    for node in page.iter():
        for name, value in node.attrib.items():
            assert not name.startswith("on"), name
            assert name not in ("style", "src", "srcdoc", "srcset", "action", "formaction")
            if name == "href":
                assert value in ("#list", "data:,", "report.md"), value
    assert len(page.xpath("//html")) == len(page.xpath("//body")) == len(page.xpath("//main")) == 1


def test_the_policy_allows_nothing_but_this_script_and_style() -> None:
    text = rendered(report_of())
    (policy,) = html.document_fromstring(text).xpath(
        "//meta[@http-equiv='Content-Security-Policy']/@content"
    )
    style = text.split("<style>")[1].split("</style>")[0]
    script = text.rpartition("<script>")[2].partition("</script>")[0]
    hashes = [
        base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        for part in (script, style)
    ]
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert "@import" not in style
    assert "url(" not in style
    assert text.index("Content-Security-Policy") < text.index("<title>")


def test_a_page_for_a_server_may_ask_that_server_alone() -> None:
    text = rendered(report_of(), review="api")
    page = html.document_fromstring(text)
    assert page.xpath("//meta[@name='linkhealth-review']/@content") == ["api"]
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert "; connect-src 'self'; " in policy


def test_the_script_is_small_and_reads_nothing_as_markup() -> None:
    source = str(SCRIPT)
    assert len(source.encode()) < 120_000
    for way in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
    ):
        assert way not in source
    assert "</" not in source
    assert "http://www.w3.org/2000/svg" in source
    assert len(re.findall(r"https?://[a-z]", source)) == 1, "it names no other address"


def test_without_a_script_the_page_says_where_to_look() -> None:
    page = parsed(report_of())
    (told,) = page.xpath("//noscript")
    assert "report.md" in text_of(told)


def test_the_frame_says_what_run_it_was() -> None:
    text = text_of(parsed(report_of(run=Run(1, NOON, NOON, "shutdown", 12))))
    assert "Nothing new; of 0 links in 0 articles, none is broken." in text
    assert "early (shutdown), and sent 12 requests." in text
    assert "No run has been made yet." in text_of(parsed(report_of()))
    assert "and has not ended" in text_of(parsed(report_of(run=Run(1, NOON))))


def test_a_report_before_the_first_visit_says_so() -> None:
    entry = UrlEntry(Link(1, "https://a.test/", Verdict(VerdictKind.UNCHECKED, "x", "x")), (), 0)
    assert "None of 1 link in 0 articles was checked yet." in text_of(parsed(report_of([entry])))


def test_attacks_are_data() -> None:
    text = rendered(hostile_report(attacks()))
    check_nothing_runs_or_loads(text)
    assert f"<script>{SENTINEL}</script>" in words_of(text)


@pytest.mark.shared_data
def test_naughty_strings_are_data(shared: Path) -> None:
    strings = json.loads((shared / "suites" / "blns.json").read_text("utf-8"))
    assert len(strings) > 400
    text = rendered(hostile_report(strings))
    check_nothing_runs_or_loads(text)
    held = words_of(text)
    assert all(string in held for string in strings if "@" not in string and "%40" not in string)


@settings(max_examples=examples(40))
@given(reports())
def test_any_report_is_a_harmless_page(report: Report) -> None:
    text = rendered(report)
    text.encode("utf-8")
    check_nothing_runs_or_loads(text)
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", text
    )


def test_text_of_another_direction_is_kept_apart() -> None:
    assert str(outside("a\u202eb")) == "<bdi>a\\u202eb</bdi>"
    assert str(outside("x" * 400)) == f"<bdi>{'x' * 300}…</bdi>"

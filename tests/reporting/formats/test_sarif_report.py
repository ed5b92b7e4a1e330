from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft4Validator

from crawler.model.report import Report
from crawler.model.verdict import VerdictKind
from crawler.reporting.formats.sarif_report import MOST_RESULTS, SCHEMA
from tests.reporting.attacked_report import ATTACKS, report_about, urls_about, written
from tests.reporting.many_links import link_entry, many, report_of_links
from tests.strategies.examples import examples
from tests.strategies.model import reports

_SCHEMA = Path(__file__).with_name("sarif-schema-2.1.0.json")
"""The schema of OASIS (errata 01), as it is published."""


@cache
def validator() -> Draft4Validator:
    schema = json.loads(_SCHEMA.read_text("utf-8"))
    assert schema["id"] == SCHEMA
    Draft4Validator.check_schema(schema)
    return Draft4Validator(schema)


def log(report: Report) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(written("sarif", report))
    validator().validate(loaded)
    return loaded


def results(report: Report) -> list[dict[str, Any]]:
    (run,) = log(report)["runs"]
    found: list[dict[str, Any]] = run["results"]
    return found


def test_a_result_stands_at_the_first_place_of_a_link() -> None:
    (result,) = results(report_of_links(link_entry(1, places=3), link_entry(2, VerdictKind.ALIVE)))
    assert result["ruleId"] == "http-404"
    assert result["level"] == "error"
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "1-0.md", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 5},
            }
        }
    ]
    assert result["properties"]["url"] == "https://host-1.test/000001"


def test_paths_begin_at_the_root_of_the_repository() -> None:
    report = replace(report_of_links(link_entry(1)), folder="site/my articles")
    (result,) = results(report)
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == "site/my%20articles/1-0.md"


def test_a_result_is_known_again_when_it_moves_or_its_reason_changes() -> None:
    before = link_entry(1)
    moved = replace(before, references=(replace(before.references[0], line=99),))
    broken = link_entry(1, VerdictKind.BROKEN, reason="http-410")
    prints = [
        results(report_of_links(entry))[0]["partialFingerprints"]
        for entry in (before, moved, broken, link_entry(2))
    ]
    assert prints[0] == prints[1] == prints[2] != prints[3]


def test_rules_are_those_of_the_results() -> None:
    (run,) = log(report_of_links(link_entry(1), link_entry(2, reason="soft-404")))["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_what_is_left_out_is_said() -> None:
    (run,) = log(many(MOST_RESULTS + 7))["runs"]
    assert len(run["results"]) == MOST_RESULTS
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("7 more links")
    (run,) = log(report_of_links(link_entry(1, places=0, related=3)))["runs"]
    assert run["results"] == []
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("1 more link ")


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_no_text_makes_a_link_or_a_placeholder_of_a_message(text: str) -> None:
    for result in results(report_about(text, urls_about(text))):
        assert not set(result["message"]["text"]) & set("[]{}\\")


@settings(max_examples=examples(40))
@given(reports())
def test_any_report_meets_the_schema(report: Report) -> None:
    log(report)

from __future__ import annotations

from typing import Any, cast

import junitparser

from crawler.model.verdict import VerdictKind
from crawler.reporting.formats.junit_report import MOST_OF_HOST
from tests.reporting.attacked_report import written
from tests.reporting.many_links import link_entry, report_of_links


def cases(data: bytes) -> dict[str, Any]:
    (suite,) = junitparser.JUnitXml.fromstring(data)
    found = {str(case.name): case for case in suite}
    failed = [case for case in found.values() if case.result]
    assert (suite.tests, suite.failures) == (len(found), len(failed))
    return cast("dict[str, Any]", found)


def test_every_host_is_a_case() -> None:
    entries = [
        link_entry(1, url="https://bad.test/1"),
        link_entry(2, VerdictKind.ALIVE, url="https://bad.test/2"),
        link_entry(3, VerdictKind.ALIVE, url="https://good.test/"),
        link_entry(4, VerdictKind.UNVERIFIABLE, url="https://walled.test/"),
        link_entry(5, VerdictKind.INVALID, url="htp:x", reason="unknown-scheme"),
        link_entry(6, url="https://related.test/", places=0, related=2),
    ]
    found = cases(written("junit", report_of_links(*entries)))
    assert list(found) == ["(no site)", "bad.test", "good.test", "related.test", "walled.test"]
    (failure,) = found["bad.test"].result
    assert failure.message == "1 of 2 links to repair"
    assert failure.type == "http-404"
    assert failure.text == "1-0.md:5  https://bad.test/1  dead: http-404"
    assert not found["good.test"].result
    assert not found["walled.test"].result
    assert found["related.test"].result[0].text.startswith("only in related articles  https:")


def test_what_is_left_out_of_a_host_is_said() -> None:
    entries = [
        link_entry(number, url=f"https://a.test/{number}") for number in range(MOST_OF_HOST + 5)
    ]
    (case,) = cases(written("junit", report_of_links(*entries))).values()
    *lines, last = case.result[0].text.splitlines()
    assert len(lines) == MOST_OF_HOST
    assert last == "… and 5 more."

from __future__ import annotations

from dataclasses import replace

from prometheus_client.openmetrics.parser import text_string_to_metric_families

from crawler.model.change import Change
from crawler.model.report import Report
from crawler.model.verdict import VerdictKind
from crawler.reporting.formats.prom_report import MOST_HOSTS
from tests.reporting.attacked_report import NOON, RUN, written
from tests.reporting.many_links import link_entry, many, report_of_links


def samples(report: Report) -> dict[tuple[str, str], float]:
    """Each value by its name and the label that is no collection."""
    found = {}
    text = written("prom", report).decode()
    for family in text_string_to_metric_families(text):  # type: ignore[no-untyped-call]
        assert family.type == "gauge"
        for sample in family.samples:
            labels = dict(sample.labels)
            assert labels.pop("collection") == "articles"
            found[sample.name, next(iter(labels.values()), "")] = sample.value
    return found


def test_figures() -> None:
    entries = [
        link_entry(1, VerdictKind.BROKEN, Change.NEW_BROKEN, related=2),
        link_entry(2, url="https://host-1.test/x"),
        link_entry(3, VerdictKind.ALIVE),
    ]
    found = samples(report_of_links(*entries))
    assert found["linkhealth_links", "dead"] == 1
    assert found["linkhealth_links", "alive"] == 1
    assert found["linkhealth_links_changed", "new-broken"] == 1
    assert found["linkhealth_host_gone_links", "host-1.test"] == 2
    assert found["linkhealth_references", ""] == 5
    assert found["linkhealth_run_finished_seconds", ""] == NOON.timestamp()
    assert found["linkhealth_run_requests", ""] == 12


def test_a_run_that_was_killed_has_no_end() -> None:
    report = replace(report_of_links(), run=replace(RUN, finished_at=None))
    assert ("linkhealth_run_finished_seconds", "") not in samples(report)
    assert ("linkhealth_run_requests", "") not in samples(replace(report, run=None))


def test_the_number_of_series_is_bounded() -> None:
    hosts = [key for key in samples(many(1_000)) if key[0] == "linkhealth_host_gone_links"]
    assert len(hosts) == MOST_HOSTS


def test_two_hosts_that_look_alike_are_one_series() -> None:
    beginning = "a" * 400
    entries = [link_entry(n, url=f"https://{beginning}{n}.test/") for n in range(2)]
    written_text = written("prom", report_of_links(*entries)).decode()
    assert written_text.count("linkhealth_host_gone_links{") == 1

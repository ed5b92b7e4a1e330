"""The labelled web is judged as docs/rules.md says: a test for each label, and the promises about all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import pytest

from tests.labelled_web import judging
from tests.labelled_web.case import Case, Class, DayCase
from tests.labelled_web.judging import Judgement
from tests.labelled_web.not_found_pages import SITES
from tests.labelled_web.table import DAYS, LOOPBACK, TRUE_NAMES
from tests.web.namespace import PUBLIC, PUBLIC_6, NamespaceWeb, namespace_obstacle
from tests.web.web import LoopbackWeb

LEAST_MET = 0.98
"""The least share of labels that must be met."""
FEWEST_LABELS = 1_200

GROUP = pytest.mark.xdist_group("labelled-web")


def name_of(case: Case) -> str:
    """Class and case, as pytest shows them."""
    return f"{case.kind}/{case.name}"


@pytest.fixture(scope="module")
def loopback(tmp_path_factory: pytest.TempPathFactory) -> Judgement:
    with LoopbackWeb() as web:
        return judging.judge_loopback(web, tmp_path_factory.mktemp("loopback"))


@pytest.fixture(scope="module")
def true_names(tmp_path_factory: pytest.TempPathFactory) -> Judgement:
    if (obstacle := namespace_obstacle()) is not None:
        pytest.skip(obstacle)
    with NamespaceWeb() as web:
        return judging.judge_true_names(web, tmp_path_factory.mktemp("names"))


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, Judgement]:
    with LoopbackWeb() as web:
        return judging.judge_days(web, tmp_path_factory.mktemp("days"))


@GROUP
@pytest.mark.parametrize("case", LOOPBACK, ids=name_of)
def test_label(case: Case, loopback: Judgement) -> None:
    assert judging.differences(case, loopback) == []


@pytest.mark.namespace
@pytest.mark.xdist_group("labelled-names")
@pytest.mark.parametrize("case", TRUE_NAMES, ids=name_of)
def test_label_of_a_name(case: Case, true_names: Judgement) -> None:
    assert judging.differences(case, true_names) == []


@pytest.mark.xdist_group("labelled-days")
@pytest.mark.parametrize("case", DAYS, ids=lambda case: case.name)
def test_labels_over_days(case: DayCase, days: Mapping[int, Judgement]) -> None:
    said = {day: days[day].said(case.url) for day in case.labels}
    wrong = {
        day: (said[day], label)
        for day, label in case.labels.items()
        if not judging.met(label, said[day])
    }
    assert wrong == {}
    strikes = {day: days[day].found(case.url)["strikes"] for day in case.strikes}
    assert strikes == case.strikes


@GROUP
def test_no_false_alarm_and_nearly_all_labels_met(loopback: Judgement) -> None:
    """No live or unverifiable page is called broken or dead, and at least 98 % of all labels are met."""
    _keeps_its_promise([(LOOPBACK, loopback)], {})


@pytest.mark.namespace
@pytest.mark.xdist_group("labelled-names")
def test_no_false_alarm_among_names(true_names: Judgement) -> None:
    _keeps_its_promise([(TRUE_NAMES, true_names)], {})


@pytest.mark.xdist_group("labelled-days")
def test_no_false_alarm_over_days(days: Mapping[int, Judgement]) -> None:
    _keeps_its_promise([], days)


def _keeps_its_promise(
    judged: Sequence[tuple[Sequence[Case], Judgement]], days: Mapping[int, Judgement]
) -> None:
    scores = judging.score(judged, days)
    assert [name for one in scores.values() for name in one.alarms] == []
    cases = sum(one.cases for one in scores.values())
    assert sum(one.met for one in scores.values()) >= LEAST_MET * cases


@GROUP
@pytest.mark.parametrize(
    "case", [case for case in LOOPBACK if case.kind is not Class.CONDITIONAL], ids=lambda c: c.name
)
def test_an_article_lists_exactly_its_own_broken_links(case: Case, loopback: Judgement) -> None:
    said = loopback.said(case.visited)
    listed = [
        (link["url"], link["reason"]) for link in loopback.report.articles[case.file]["dead_links"]
    ]
    is_listed = said.verdict in ("broken", "dead", "invalid")
    assert listed == ([(case.visited, said.reason)] if is_listed else [])


@GROUP
def test_the_crawl_went_well_and_asked_for_nothing_private(loopback: Judgement) -> None:
    assert loopback.completed.code == 0, loopback.completed.stderr
    assert "Traceback" not in loopback.completed.stderr
    hosts = {request.host for request in loopback.requests}
    true_names = {
        urlsplit(address).hostname
        for case in LOOPBACK
        if case.kind in (Class.LARGE_HOSTS, Class.SUGGESTIONS)
        for address in case.rules
    }
    assert {host for host in hosts if not host.rstrip(".").endswith(".example")} <= true_names


@pytest.mark.namespace
@pytest.mark.xdist_group("labelled-names")
def test_nothing_private_was_connected_to(true_names: Judgement) -> None:
    assert true_names.completed.code == 0, true_names.completed.stderr
    assert {request.address for request in true_names.requests} <= {*PUBLIC, *PUBLIC_6}


@pytest.mark.xdist_group("labelled-days")
def test_every_link_was_asked_for_on_every_day(days: Mapping[int, Judgement]) -> None:
    for judgement in days.values():
        assert judgement.completed.code == 0, judgement.completed.stderr
        assert {case.url for case in DAYS} <= {request.url for request in judgement.requests}


def test_the_table_is_what_the_issue_asks_for() -> None:
    cases = [*LOOPBACK, *TRUE_NAMES]
    assert len(cases) >= FEWEST_LABELS
    assert {case.kind for case in cases} == set(Class) - {Class.DAYS}
    assert len({site.code for site in SITES}) >= 12
    for table in (LOOPBACK, TRUE_NAMES):
        names = [case.name for case in table]
        assert sorted(set(names)) == sorted(names)

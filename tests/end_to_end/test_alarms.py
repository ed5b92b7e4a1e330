"""Runs that notice by themselves that they did not do their work: line, exit code, message, metric (docs/alarms.md)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.model.exit_code import ExitCode
from tests.end_to_end.collection import Collection, article, run_command
from tests.web.rules import Answer
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-alarms")

DAYS = tuple(f"2026-03-{day:02}T12:00:00Z" for day in range(1, 20))
HOST = "https://large.example"
Audited = Callable[..., Completed]


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    made = Collection(tmp_path / "news")
    for number in range(24):
        made.add(f"{number}.md", article(web=f"{HOST}/{number}"))
    made.add("other.md", article(web="https://other.example/a"))
    return made


@pytest.fixture
def told(tmp_path: Path) -> Path:
    return tmp_path / "told.jsonl"


@pytest.fixture
def audited(module_web: LoopbackWeb, collection: Collection, told: Path) -> Audited:
    def audit(day: str, *arguments: str) -> Completed:
        environ = {"LINKHEALTH_NOTIFY": f"file:{told}", "LINKHEALTH_CLOCK": day}
        return run_command(
            module_web,
            "audit",
            str(collection.root),
            *("-s", "LINKHEALTH_DELAY=0", *arguments),
            env=environ,
        )

    module_web.set_rules({f"{HOST}/1": Answer(status=404)})
    return audit


def alarms_told(file: Path) -> list[list[dict[str, Any]]]:
    lines = file.read_text().splitlines() if file.exists() else []
    return [json.loads(line)["alarms"] for line in lines]


def gauges(collection: Collection) -> dict[str, int]:
    found = {}
    for line in (collection.root / ".linkhealth/reports/report.prom").read_text().splitlines():
        if line.startswith("linkhealth_alarms{"):
            labels, _, value = line.rpartition(" ")
            found[labels.split('code="')[1].split('"')[0]] = int(value)
    return found


def test_a_lost_state_and_articles_that_are_gone(
    audited: Audited, collection: Collection, told: Path
) -> None:
    first = audited(DAYS[0], "--format", "json,prom")
    assert first.code == ExitCode.FINE, first.stderr
    assert set(gauges(collection).values()) == {0}
    assert len(gauges(collection)) == 8

    # The cache is lost: the files alone know that there were runs.
    shutil.rmtree(collection.root / ".linkhealth")
    lost = audited(DAYS[1], "--format", "json,prom")
    assert lost.code == ExitCode.ALARM_STATE_LOST
    assert "alarm state-lost: the state knows no earlier run" in " ".join(lost.stdout.split())
    assert gauges(collection)["state-lost"] == 1
    report = json.loads((collection.root / ".linkhealth/reports/report.json").read_text())
    (row,) = report["alarms"]
    assert row == {"code": "state-lost", "host": "", "since": 1, "seen": 25, "usual": 0}
    assert alarms_told(told)[-1] == [row]

    # The folder is not mounted: nothing is forgotten.
    aside = collection.root.parent / "aside"
    aside.mkdir()
    for file in collection.root.glob("*.md"):
        file.rename(aside / file.name)
    gone = audited(DAYS[2], "--quiet", "--format", "json,prom")
    assert gone.code == ExitCode.ALARM_ARTICLES_MISSING
    assert gone.stdout == ""
    assert "no article file in" in gone.stderr
    assert "alarm articles-missing: 0 articles found, where 25 were known" in gone.stderr
    assert [row["code"] for row in alarms_told(told)[-1]] == ["articles-missing"]
    assert gauges(collection)["articles-missing"] == 1
    messages = len(alarms_told(told))
    assert audited(DAYS[3]).code == ExitCode.ALARM_ARTICLES_MISSING
    assert len(alarms_told(told)) == messages

    for file in aside.iterdir():
        file.rename(collection.root / file.name)
    back = audited(DAYS[4], "--json", "--format", "json,prom")
    assert back.code == ExitCode.FINE, back.stderr
    document = json.loads(back.stdout)
    assert (document["run"], document["alarms"]) == (4, [])
    assert document["summary"]["by_verdict"]["unchecked"] == 0
    assert set(gauges(collection).values()) == {0}


def test_a_path_that_never_had_articles_is_wrong_as_before(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    wrong = run_command(module_web, "audit", str(empty))
    assert wrong.code == ExitCode.CONFIGURATION
    assert list(empty.iterdir()) == []


def test_a_host_that_goes_down_is_told_once(
    module_web: LoopbackWeb, audited: Audited, told: Path
) -> None:
    assert audited(DAYS[0]).code == ExitCode.FINE
    module_web.set_rules(dict.fromkeys((f"{HOST}/{n}" for n in range(24)), Answer(status=503)))
    down = audited(DAYS[8], "--due", "all", "--json")
    assert down.code == ExitCode.ALARM_HOST_DOWN
    assert (
        "of its 24 links failed, and nothing answered; nothing to do unless it is yours"
        in down.stderr
    )
    # After some failures the rest of the host is left to the next run.
    rows = [(row["code"], row["host"]) for row in json.loads(down.stdout)["alarms"]]
    assert rows == [("few-checked", ""), ("host-down", "large.example")]
    assert [row["code"] for row in alarms_told(told)[-1]] == ["few-checked", "host-down"]
    messages = len(alarms_told(told))
    still = audited(DAYS[9], "--due", "all", "--json")
    assert still.code == ExitCode.ALARM_FEW_CHECKED
    assert [row["code"] for row in json.loads(still.stdout)["alarms"]] == ["few-checked"]
    assert len(alarms_told(told)) == messages


def test_a_run_that_writes_into_no_file_takes_blocks_for_somebody_elses(
    audited: Audited, collection: Collection
) -> None:
    """A job of pull requests, say, beside the one that keeps the state."""
    assert audited(DAYS[0]).code == ExitCode.FINE
    shutil.rmtree(collection.root / ".linkhealth")
    assert audited(DAYS[1], "-a", "write_back=no").code == ExitCode.FINE


def test_runs_of_a_part_and_offline_ones_raise_none(
    audited: Audited, collection: Collection
) -> None:
    assert audited(DAYS[0]).code == ExitCode.FINE
    shutil.rmtree(collection.root / ".linkhealth")
    assert audited(DAYS[1], "--offline").code == ExitCode.FINE
    part = audited(DAYS[1], str(collection.root / "1.md"))
    assert part.code == ExitCode.FINE, part.stderr


def of_a_host_each(module_web: LoopbackWeb, root: Path, status: int, day: str) -> Completed:
    """A run in which each of 24 hosts answers its one link so."""
    module_web.set_rules(
        {f"https://site-{n}.example/a": Answer(status=status, body=f"no {n}") for n in range(24)}
    )
    environ = {"LINKHEALTH_CLOCK": day}
    return run_command(module_web, "audit", str(root), "--due", "all", env=environ)


@pytest.mark.parametrize(
    ("status", "code"),
    [(429, ExitCode.ALARM_WAITS_RISE), (401, ExitCode.ALARM_UNVERIFIABLE_RISES)],
)
def test_a_rise_is_one_by_the_runs_before(
    module_web: LoopbackWeb, tmp_path: Path, status: int, code: ExitCode
) -> None:
    made = Collection(tmp_path / "wide")
    for number in range(24):
        made.add(f"{number}.md", article(web=f"https://site-{number}.example/a"))
    usual = [of_a_host_each(module_web, made.root, 200, day).code for day in DAYS[:2]]
    assert usual == [ExitCode.FINE, ExitCode.FINE]
    risen = of_a_host_each(module_web, made.root, status, DAYS[8])
    assert risen.code == code, risen.stdout
    assert f"alarm {'waits' if status == 429 else 'unverifiable'}-rise" in risen.stdout

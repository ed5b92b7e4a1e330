"""What a check-up says of configuration, clock, disk and state."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.configuration import load
from crawler.model.condition import Condition, Fitness
from crawler.model.run import Run
from crawler.operations.check_up import (
    DueHost,
    clock_conditions,
    configuration_conditions,
    disk_conditions,
    in_words,
    plan_condition,
    run_condition,
    state_conditions,
)
from crawler.state import open_state
from crawler.state.upgrades import SCHEMA_VERSION

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WARN, FAIL, OK = Fitness.WARN, Fitness.FAIL, Fitness.OK


def worst(found: list[Condition]) -> Fitness:
    return max((one.fitness for one in found), key=list(Fitness).index)


@pytest.mark.parametrize(
    ("file", "environ", "told", "fitness"),
    [
        ("contact_url: https://a.example/\n", {}, "contact_url = https://a.example/", OK),
        ("", {}, "site owners cannot reach you", WARN),
        ("contact_url: https://a.example/\nhost_delay: 0.1\n", {}, "0.1 s between two", WARN),
        ("contact_url: https://a.example/\nhost_delay: 0.25\n", {}, "host_delay = 0.25", OK),
        (
            "contact_url: https://a.example/\n",
            {"LINKHEALTH_HOST_DELAY": "0.2"},
            "host_delay = 0.2 (environment LINKHEALTH_HOST_DELAY)",
            WARN,
        ),
        ("contact_url: https://a.example/\nrespect_robots: no\n", {}, "is ignored", WARN),
        (
            "contact_url: https://a.example/\nhosts: {a.example: {bearer: {env: LINKHEALTH_CREDENTIAL_A}}}\n",
            {},
            "LINKHEALTH_CREDENTIAL_A: is not set",
            FAIL,
        ),
        (
            "contact_url: https://a.example/\n",
            {"LINKHEALTH_ALLOW_PRIVATE": "yes"},
            "private networks may be visited",
            WARN,
        ),
    ],
)
def test_the_configuration(
    tmp_path: Path, file: str, environ: dict[str, str], told: str, fitness: Fitness
) -> None:
    (tmp_path / ".linkhealth.yml").write_text(file)
    found = list(configuration_conditions(load(tmp_path, {}, environ), tmp_path))
    assert worst(found) is fitness
    assert any(told in one.text for one in found)
    assert all(bool(one.advice) == (one.fitness is not OK) for one in found)


def test_a_password_is_not_told(tmp_path: Path) -> None:
    environ = {
        "LINKHEALTH_DATABASE_URL": "postgresql://editor:hunter2@db.example/links",
        "LINKHEALTH_PROXY": "http://editor:hunter2@proxy.example:3128",
        "LINKHEALTH_CREDENTIAL_A": "hunter2-of-the-host",
        "LINKHEALTH_CREDENTIAL_A_HOSTS": "a.example",
    }
    rule = "hosts: {a.example: {bearer: {env: LINKHEALTH_CREDENTIAL_A}}}\n"
    (tmp_path / ".linkhealth.yml").write_text(rule)
    found = configuration_conditions(load(tmp_path, {}, environ), tmp_path)
    assert "hunter2" not in "".join(one.text for one in found)


@pytest.mark.parametrize(
    ("now", "last", "is_set", "fitness"),
    [
        (NOON, None, False, OK),
        (NOON, NOON, False, OK),
        (NOON, NOON.replace(minute=4), False, OK),
        (NOON, NOON.replace(minute=6), False, FAIL),
        (NOON.replace(year=1970), None, False, FAIL),
        (NOON.replace(year=2100), None, False, FAIL),
        (NOON.replace(year=2099), None, False, OK),
        (NOON, NOON.replace(minute=6), True, WARN),
    ],
)
def test_the_clock(now: datetime, last: datetime | None, is_set: bool, fitness: Fitness) -> None:
    (one,) = clock_conditions(now, last, is_set=is_set)
    assert one.fitness is fitness


def test_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = list(disk_conditions({"reports": tmp_path, "x": tmp_path / "none"}, writes=None))
    assert [one.fitness for one in found][1:] == [FAIL]
    assert "GB free for reports" in found[0].text
    for least, fitness in ((1 << 62, FAIL), (0, OK)):
        monkeypatch.setattr("crawler.operations.check_up.LEAST_FREE", least)
        monkeypatch.setattr("crawler.operations.check_up.LITTLE_FREE", least)
        assert worst(list(disk_conditions({"reports": tmp_path}, writes=None))) is fitness
    monkeypatch.setattr("crawler.operations.check_up.LITTLE_FREE", 1 << 62)
    assert worst(list(disk_conditions({"reports": tmp_path}, writes=None))) is WARN
    (last,) = disk_conditions({}, writes=tmp_path / "none")
    assert last.fitness is FAIL
    assert "cannot be written" in last.text


def test_a_state_is_looked_at_and_not_made(tmp_path: Path) -> None:
    found, seen = state_conditions(tmp_path, None)
    assert [one.fitness for one in found] == [OK]
    assert seen is not None
    assert seen.version is None
    assert list(tmp_path.iterdir()) == []
    with open_state(tmp_path, None) as state:
        found, seen = state_conditions(tmp_path, None)
        assert worst(found) is OK
        assert seen is not None
        assert seen.is_current
        with state.lock():
            found, _ = state_conditions(tmp_path, None)
            assert worst(found) is WARN
            assert "a run is under way now" in found[1].text


@pytest.mark.parametrize(("version", "fitness"), [(1, WARN), (SCHEMA_VERSION + 1, FAIL)])
def test_a_state_of_another_version(tmp_path: Path, version: int, fitness: Fitness) -> None:
    open_state(tmp_path, None).close()
    file = tmp_path / ".linkhealth" / "state.sqlite3"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE meta SET value = ? WHERE key = 'schema_version'", (version,))
    found, seen = state_conditions(tmp_path, None)
    assert worst(found) is fitness
    assert seen is None
    with closing(sqlite3.connect(file)) as database, database:
        (stored,) = database.execute("SELECT value FROM meta WHERE key = 'schema_version'")
        assert stored == (str(version),)
        database.execute("UPDATE meta SET value = 'x' WHERE key = 'schema_version'")
    found, seen = state_conditions(tmp_path, None)
    assert (worst(found), seen) == (FAIL, None)
    assert "schema version cannot be read" in found[0].text


def test_what_is_no_state(tmp_path: Path) -> None:
    folder = tmp_path / ".linkhealth"
    folder.mkdir()
    (folder / "state.sqlite3").write_bytes(b"no database" * 1000)
    found, seen = state_conditions(tmp_path, None)
    assert (worst(found), seen) == (FAIL, None)
    (folder / "state.sqlite3").write_bytes(b"")
    found, seen = state_conditions(tmp_path, None)
    assert worst(found) is OK
    (folder / "state.sqlite3").unlink()
    folder.rmdir()
    folder.symlink_to(tmp_path)
    found, seen = state_conditions(tmp_path, None)
    assert (worst(found), seen) == (FAIL, None)
    assert "symbolic link" in found[0].text


def test_the_last_run() -> None:
    assert run_condition(None, NOON).fitness is OK
    ended = Run(3, NOON.replace(day=1, month=2), NOON, "finished")
    assert run_condition(ended, NOON).text == "last run: 2026-02-01, 28 days ago, finished"
    stopped = run_condition(Run(3, NOON, NOON, "shutdown"), NOON)
    assert (stopped.fitness, stopped.text) == (WARN, "last run: 2026-03-01, 0 days ago, shutdown")
    assert "not ended" in run_condition(Run(3, NOON), NOON).text


def test_the_plan_is_as_long_as_the_longest_queue() -> None:
    hosts = [DueHost("slow.example", 30, 10.0), DueHost("big.example", 200, 1.0)]
    assert plan_condition(hosts, 500).text == (
        "230 of 500 URLs due on 2 hosts; at best 5 min: slow.example has 30, 10 s apart"
    )
    assert plan_condition([], 1).text.startswith("nothing is due of 1 URL;")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "1 s"), (89, "89 s"), (90, "2 min"), (5399, "90 min"), (5400, "1.5 h")],
)
def test_durations(seconds: float, words: str) -> None:
    assert in_words(seconds) == words

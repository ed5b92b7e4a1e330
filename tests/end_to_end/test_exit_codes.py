"""Each exit code of the table in docs/commands.md, from the real command; and what left something undone is never 0 or 2."""

from __future__ import annotations

import re
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.commands.run_ending import code_with_alarms
from crawler.model.alarm import Alarm, AlarmCode
from crawler.model.exit_code import ExitCode
from crawler.state import open_state
from tests.end_to_end.collection import Collection, article, run_command
from tests.end_to_end.test_interruptions import wait_until
from tests.end_to_end.test_state_lost import audited
from tests.web.process import PROJECT
from tests.web.rules import Answer
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-exit-codes")

Case = Callable[[LoopbackWeb, Collection], tuple[int, str]]
HOSTS = [f"site-{number}.example" for number in range(8)]


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    made = Collection(tmp_path / "content")
    for number, host in enumerate(HOSTS):
        made.add(f"{number}.md", article(web=f"https://{host}/a-story-{number}"))
    return made


def audit(web: LoopbackWeb, collection: Collection, *arguments: str, **env: str) -> tuple[int, str]:
    ended = run_command(web, "audit", str(collection.root), *arguments, env=env)
    return ended.code, ended.stderr


def fine(web: LoopbackWeb, collection: Collection) -> tuple[int, str]:
    return audit(web, collection)


def error(web: LoopbackWeb, collection: Collection) -> tuple[int, str]:
    open_state(collection.root, None).close()
    state = collection.root / ".linkhealth" / "state.sqlite3"
    state.write_bytes(bytes(state.stat().st_size))
    return audit(web, collection)


def findings(web: LoopbackWeb, collection: Collection) -> tuple[int, str]:
    web.set_rules({f"https://{HOSTS[3]}/a-story-3": Answer(status=410)})
    return audit(web, collection, "--fail-on", "new-broken")


def configuration(web: LoopbackWeb, collection: Collection) -> tuple[int, str]:
    collection.add(".linkhealth.yml", "retries: many\n")
    return audit(web, collection)


def stopped_early(web: LoopbackWeb, collection: Collection) -> tuple[int, str]:
    web.set_rules({"*": Answer(delay=0.5)})
    collection.add(".linkhealth.yml", "in_flight: 2\n")
    with web.start(
        [sys.executable, "-m", "crawler", "audit", str(collection.root)],
        cwd=PROJECT,
        env=web.environment(),
    ) as process:
        wait_until(lambda: len(web.requests()) >= 2 or process.poll() is not None)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate()
        return process.returncode, said


def own_network_down(web: LoopbackWeb, collection: Collection) -> tuple[int, str]:
    return audit(
        web, collection, LINKHEALTH_CONNECT_TO="::127.0.0.1:1", LINKHEALTH_NETWORK_PAUSES="0.1"
    )


def state_lost(web: LoopbackWeb, collection: Collection) -> tuple[int, str]:
    web.set_rules({"*": Answer(delay=0.2)})
    collection.add(".linkhealth.yml", "in_flight: 1\n")
    for number in range(8, 24):
        collection.add(f"{number}.md", article(web=f"https://{HOSTS[number % 8]}/more-{number}"))
    state = collection.root / ".linkhealth" / "state.sqlite3"
    return audited(web, collection, state.unlink)


def not_told(web: LoopbackWeb, collection: Collection) -> tuple[int, str]:
    web.set_rules({f"https://{HOSTS[3]}/a-story-3": Answer(status=410)})
    return audit(web, collection, LINKHEALTH_NOTIFY=f"file:{collection.root}/no/folder")


def alarm(web: LoopbackWeb, collection: Collection) -> tuple[int, str]:
    assert audit(web, collection)[0] == 0
    shutil.rmtree(collection.root / ".linkhealth")
    return audit(web, collection, "--quiet")


def locked(web: LoopbackWeb, collection: Collection) -> tuple[int, str]:
    with open_state(collection.root, None) as state, state.lock():
        return audit(web, collection)


CASES: dict[ExitCode, Case] = {
    ExitCode.FINE: fine,
    ExitCode.ERROR: error,
    ExitCode.FINDINGS: findings,
    ExitCode.CONFIGURATION: configuration,
    ExitCode.STOPPED_EARLY: stopped_early,
    ExitCode.OWN_NETWORK_DOWN: own_network_down,
    ExitCode.STATE_LOST: state_lost,
    ExitCode.NOT_TOLD: not_told,
    ExitCode.ALARM_STATE_LOST: alarm,
    ExitCode.LOCKED: locked,
}


def documented() -> list[int]:
    page = (PROJECT / "docs" / "commands.md").read_text("utf-8")
    table = page.partition("\n## Exit codes\n")[2].partition("\n\nA run")[0]
    return [int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)]


def test_each_code_is_documented_and_has_its_case() -> None:
    assert documented() == list(ExitCode)
    # The others of alarms: tests/end_to_end/test_alarms.py, and below.
    others = {one for one in ExitCode if one.is_alarm} - {ExitCode.ALARM_STATE_LOST}
    assert [one for one in ExitCode if one not in others] == list(CASES)


@pytest.mark.parametrize("code", AlarmCode)
def test_each_alarm_has_its_code_and_hides_no_worse_one(code: AlarmCode) -> None:
    raised = [Alarm(code, 1, 0, 0), Alarm(AlarmCode.SLOW_RUN, 1, 0, 0)]
    own = ExitCode.of_alarm(code)
    for well in (ExitCode.FINE, ExitCode.FINDINGS, ExitCode.NOT_TOLD):
        assert code_with_alarms(well, raised) == own
        assert code_with_alarms(well, []) == well
    for worse in (ExitCode.ERROR, ExitCode.CONFIGURATION, ExitCode.STOPPED_EARLY, ExitCode.LOCKED):
        assert code_with_alarms(worse, raised) == worse


@pytest.mark.parametrize("code", CASES, ids=lambda code: code.name)
def test_each_code_comes_from_the_command(
    code: ExitCode, web: LoopbackWeb, collection: Collection
) -> None:
    ended, said = CASES[code](web, collection)
    assert ended == code, said
    assert "Traceback" not in said
    if code not in (ExitCode.FINE, ExitCode.FINDINGS):
        assert said.startswith("linkhealth: ")

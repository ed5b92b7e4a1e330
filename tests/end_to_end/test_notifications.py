"""Whole runs that tell: from `audit` and `crawl`, with real receivers; what a failure does to the exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.model.exit_code import ExitCode
from tests.end_to_end.collection import Collection, article, run_command
from tests.notifications.local_receivers import HttpReceiver
from tests.web.rules import Answer
from tests.web.running import Completed, typed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-notifications")

LOST, FINE = "https://lost.example/a-story", "https://fine.example/a-story"
BAD = {LOST: Answer(status=404)}
DAY_1, DAY_2, DAY_3 = (f"2026-03-{day}T12:00:00Z" for day in ("01", "10", "20"))
CLOSED = "json://127.0.0.1:1/s3cret"
QUICK = ("-s", "LINKHEALTH_NOTIFICATION_SECONDS=2")


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    made = Collection(tmp_path / "news")
    made.add("lost.md", article(web=LOST))
    made.add("fine.md", article(web=FINE))
    return made


def audited(web: LoopbackWeb, collection: Collection, *arguments: str, **environ: str) -> Completed:
    """`linkhealth audit` on the folder."""
    return run_command(web, "audit", str(collection.root), *arguments, env=environ)


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def counts(line: dict[str, Any]) -> dict[str, int]:
    return {name: amount for name, amount in line["counts"].items() if amount}


def test_an_audit_tells_a_private_receiver_what_is_new(
    module_web: LoopbackWeb, collection: Collection
) -> None:
    """The guard refuses such an address to a crawl; it has ended when messages are sent."""
    module_web.set_rules(BAD)
    with HttpReceiver() as http:
        env = {
            "LINKHEALTH_NOTIFY": f"json://user:s3cret@127.0.0.1:{http.port}/hook",
            "LINKHEALTH_ALLOW_PRIVATE": "no",
        }
        first = audited(module_web, collection, **env, LINKHEALTH_CLOCK=DAY_1)
        again = audited(module_web, collection, **env, LINKHEALTH_CLOCK=DAY_1)
        module_web.set_rules()
        back = audited(module_web, collection, "--json", **env, LINKHEALTH_CLOCK=DAY_2)
    assert (first.code, first.stderr, again.code, again.stderr) == (0, "", 0, "")
    assert "\ntold  channel default (json) was told: 1 newly broken\n" in first.stdout
    assert "told" not in again.stdout
    assert json.loads(back.stdout)["messages"] == [
        {"channel": "default", "target": "json", "fate": "sent", "told": "1 recovered", "why": ""}
    ]
    assert [one["title"] for one in http.bodies] == [
        "linkhealth: 1 newly broken in news",
        "linkhealth: 1 recovered in news",
    ]
    assert LOST in http.bodies[0]["message"]
    assert "s3cret" not in f"{first.stdout}{again.stdout}{back.stdout}"


def test_a_failure_is_told_and_made_good_and_hides_no_finding(
    module_web: LoopbackWeb, collection: Collection, tmp_path: Path
) -> None:
    module_web.set_rules(BAD)
    file = tmp_path / "told.jsonl"
    env = {"LINKHEALTH_NOTIFY": f"file:{file}", "LINKHEALTH_NOTIFY_CHAT": CLOSED}
    first = audited(module_web, collection, *QUICK, **env, LINKHEALTH_CLOCK=DAY_1)
    assert first.code == ExitCode.NOT_TOLD
    assert first.stderr == (
        "linkhealth: channel chat (json) could not be told: it refused the connection, 4 times; "
        "the next run tells it\n"
    )
    assert "told  channel default (file) was told: 1 newly broken" in first.stdout
    strict = audited(
        module_web, collection, *QUICK, "--fail-on", "broken", **env, LINKHEALTH_CLOCK=DAY_1
    )
    assert strict.code == ExitCode.FINDINGS
    assert "could not be told" in strict.stderr
    with HttpReceiver() as http:
        env["LINKHEALTH_NOTIFY_CHAT"] = f"json://127.0.0.1:{http.port}/"
        made_good = run_command(module_web, "notify", str(collection.root), env=env)
    assert (made_good.code, made_good.stderr) == (0, "")
    assert [one["title"] for one in http.bodies] == ["linkhealth: 1 newly broken in news"]
    assert [counts(line) for line in lines(file)] == [{"new-broken": 1}]


def test_what_tells_nothing(
    module_web: LoopbackWeb, collection: Collection, tmp_path: Path
) -> None:
    module_web.set_rules(BAD)
    file = tmp_path / "told.jsonl"
    env = {"LINKHEALTH_NOTIFY": f"file:{file}", "LINKHEALTH_CLOCK": DAY_1}
    part = run_command(
        module_web,
        "audit",
        str(collection.root / "lost.md"),
        str(collection.root / "fine.md"),
        env=env,
    )
    offline = audited(module_web, collection, "--offline", **env)
    assert [one.code for one in (part, offline)] == [0, 0]
    assert not file.exists()


def test_a_run_that_stopped_early_leaves_its_news_to_the_next_one(
    module_web: LoopbackWeb, collection: Collection, tmp_path: Path
) -> None:
    module_web.set_rules(BAD)
    file = tmp_path / "told.jsonl"
    env = {"LINKHEALTH_NOTIFY": f"file:{file}", "LINKHEALTH_CLOCK": DAY_1}
    ended = audited(module_web, collection, "-s", "CLOSESPIDER_ITEMCOUNT=1", **env)
    assert ended.code == ExitCode.STOPPED_EARLY
    assert not file.exists()
    audited(module_web, collection, **env)
    assert [(line["from"], line["to"], counts(line)) for line in lines(file)] == [
        (0, 2, {"new-broken": 1})
    ]


def test_a_crawl_tells_too_and_leaves_stdout_to_its_items(
    module_web: LoopbackWeb, collection: Collection, tmp_path: Path
) -> None:
    module_web.set_rules(BAD)
    file = tmp_path / "told.jsonl"
    collection.add(".linkhealth.yml", "notifications: {nowhere: }\n")
    ended = collection.crawl(
        module_web, "articles", "-O", "-:jsonlines", "-L", "WARNING", *QUICK,
        LINKHEALTH_NOTIFY=f"file:{file} {CLOSED}",
    )  # fmt: skip
    assert ended.code == ExitCode.NOT_TOLD
    assert {json.loads(line)["url"] for line in ended.stdout.splitlines()} == {LOST, FINE}
    told = [line for line in ended.stderr.splitlines() if "channel" in line]
    assert told == [
        "linkhealth: the channel nowhere leads nowhere: LINKHEALTH_NOTIFY_NOWHERE is not set",
        "linkhealth: told  channel default (file) was told: 1 newly broken",
        "linkhealth: channel default (json) could not be told: it refused the connection, 4 times; the next run tells it",
    ]
    assert [counts(line) for line in lines(file)] == [{"new-broken": 1}]


def test_the_command(module_web: LoopbackWeb, collection: Collection, tmp_path: Path) -> None:
    module_web.set_rules(BAD)
    assert audited(module_web, collection).code == 0
    root, file = collection.root, tmp_path / "told.jsonl"
    env = {
        "LINKHEALTH_NOTIFY": f"file:{file}",
        "LINKHEALTH_NOTIFY_DESK": "json://me:s3cret@h.example/s3cret",
    }
    dry = typed("notify", root, "--dry-run", env=env)
    assert (dry.returncode, dry.stderr) == (0, "")
    assert (
        "channel desk (json) would be told: 1 newly broken\n    linkhealth: 1 newly broken in news\n"
        in dry.stdout
    )
    assert "s3cret" not in dry.stdout
    assert not file.exists()
    # A file of the collection stands for all of it.
    sent = typed("notify", root / "lost.md", "--channel", "default", env=env)
    assert (sent.returncode, sent.stdout) == (
        0,
        "channel default (file) was told: 1 newly broken\n",
    )
    again = typed("notify", root, "--channel", "default", env=env)
    assert (again.returncode, again.stdout) == (0, "channel default (file): nothing new\n")
    assert len(lines(file)) == 1


@pytest.mark.parametrize(
    ("arguments", "env", "complaint"),
    [
        ((), {}, "LINKHEALTH_NOTIFY: is not set, and no other target is"),
        (
            ("--channel", "dsk"),
            {"LINKHEALTH_NOTIFY": "file:x"},
            "--channel: no channel 'dsk'; did you mean 'desk'?",
        ),
        (
            ("--channel", "desk"),
            {"LINKHEALTH_NOTIFY": "file:x"},
            "the channel 'desk' leads nowhere",
        ),
        ((), {"LINKHEALTH_NOTIFY": "s3cret"}, "LINKHEALTH_NOTIFY: is not a target like"),
    ],
)
def test_a_command_that_has_nobody_to_tell_is_refused(
    collection: Collection, arguments: tuple[str, ...], env: dict[str, str], complaint: str
) -> None:
    collection.add(".linkhealth.yml", "notifications: {desk: }\n")
    ended = typed("notify", collection.root, *arguments, env=env)
    assert (ended.returncode, ended.stdout) == (ExitCode.CONFIGURATION, "")
    assert complaint in ended.stderr
    assert "s3cret" not in ended.stderr


def test_two_do_not_tell_at_once(collection: Collection, tmp_path: Path) -> None:
    from crawler.state import open_state

    env = {"LINKHEALTH_NOTIFY": f"file:{tmp_path}/told"}
    with open_state(collection.root, None) as state, state.lock():
        ended = typed("notify", collection.root, env=env)
        dry = typed("notify", collection.root, "--dry-run", env=env)
    assert ended.returncode == ExitCode.LOCKED
    assert (dry.returncode, dry.stdout) == (0, "nothing to tell: no run has been made yet\n")


def test_doctor_says_who_is_told(collection: Collection) -> None:
    collection.add(".linkhealth.yml", "notifications: {desk: }\n")
    env = {"LINKHEALTH_NOTIFY": "json://me:s3cret@h.example/ file:x"}
    ended = typed("doctor", collection.root, "--offline", env=env)
    assert "ok    configuration  channel default is told after a run: json, file\n" in ended.stdout
    assert (
        "warn  configuration  the channel desk leads nowhere: LINKHEALTH_NOTIFY_DESK is not set\n"
        in ended.stdout
    )
    assert "s3cret" not in ended.stdout

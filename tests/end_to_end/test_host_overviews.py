"""`linkhealth hosts` after two whole runs: what it tells of each host, and its file of decisions through `apply`."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.collection import Collection, article, run_command
from tests.web.pages import page
from tests.web.rules import Answer, redirect
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-hosts")

SITE, LEFT, WALL, GONE = (f"https://{name}.example" for name in ("moving", "left", "wall", "gone"))
MOVES, PAIRS, WALLED, LOST = 7, 3, 6, 2
HOSTILE = "Ada \x1b[31m\u202e\u2028& <b>"
SUBJECTS = ("copper", "harbour", "festival", "library", "orchard", "railway", "glacier")


def old(number: int) -> str:
    return f"{SITE}/a/the-{SUBJECTS[number]}-story"


def new(number: int) -> str:
    return f"{SITE}/b/the-{SUBJECTS[number]}-story"


def story(number: int) -> str:
    """A page of its own: many alike would be one page in the place of all."""
    subject = SUBJECTS[number]
    words = " ".join(f"{subject}{word}" for word in range(60))
    return page(f"The {subject} story", description=f"All about the {subject}: {words}")


MISSING = f"{SITE}/a/the-missing-story"
RULES: dict[str, Answer] = {
    **{old(number): redirect(new(number), 301) for number in range(MOVES)},
    **{new(number): Answer(body=story(number)) for number in range(MOVES)},
    MISSING: Answer(status=410),
    **{f"{LEFT}/{number}/story": Answer(body=story(number)) for number in range(PAIRS)},
    **{f"{LEFT}/{number}/story/amp": redirect(f"{LEFT}/{number}/story") for number in range(PAIRS)},
    **{f"{WALL}/{number}": Answer(status=403, body="Access denied") for number in range(WALLED)},
    **{f"{GONE}/{number}/story": Answer(status=410) for number in range(LOST)},
}


@pytest.fixture(scope="module")
def collection(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Collection:
    made = Collection(tmp_path_factory.mktemp("collection"))
    publisher = f"provider: {{name: {json.dumps(HOSTILE)}, domain: moving.example}}"
    for number in range(MOVES):
        title = f"The {SUBJECTS[number]} story"
        made.add(f"moving-{number}.md", article(title, web=old(number), extra=publisher))
    made.add("missing.md", article("The missing story", web=MISSING))
    for number in range(PAIRS):
        url = f"{LEFT}/{number}/story"
        made.add(
            f"left-{number}.md", article(f"The {SUBJECTS[number]} story", web=url, amp=f"{url}/amp")
        )
    for number in range(WALLED):
        made.add(f"wall-{number}.md", article(web=f"{WALL}/{number}"))
    for number in range(LOST):
        made.add(f"gone-{number}.md", article(web=f"{GONE}/{number}/story"))
    module_web.set_rules({url.removeprefix("https:"): answer for url, answer in RULES.items()})
    made.audit(module_web, "--fail-on", "never", "-a", "host=left.example,wall.example")
    made.audit(module_web, "--fail-on", "never")
    return made


def hosts(web: LoopbackWeb, collection: Collection, *arguments: str) -> Completed:
    return run_command(web, "hosts", str(collection.root), *arguments)


def told(web: LoopbackWeb, collection: Collection, *arguments: str) -> dict[str, dict[str, Any]]:
    done = hosts(web, collection, "--json", *arguments)
    assert (done.code, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert document["schema"] == 1
    found = document["hosts"]
    work = [one["priority"] for one in found]
    assert work == sorted(work, reverse=True)
    return {one["host"]: one for one in found}


def test_each_host_is_told_with_its_numbers(
    module_web: LoopbackWeb, collection: Collection
) -> None:
    found = told(module_web, collection)
    assert set(found) == {"moving.example", "left.example", "wall.example", "gone.example"}
    moving = found["moving.example"]
    assert moving["publishers"] == [HOSTILE]
    assert moving["urls"] == MOVES + 1
    assert (moving["by_verdict"]["moved"], moving["by_verdict"]["broken"]) == (MOVES, 1)
    assert moving["gone_by_run"] == [{"run": 1, "gone": 0}, {"run": 2, "gone": 1}]
    (pattern,) = moving["patterns"]
    assert (pattern["old"], pattern["new"]) == (f"{SITE}/a/", f"{SITE}/b/")
    assert pattern["count"] == moving["moves"] == MOVES
    perhaps = MISSING.replace("/a/", "/b/")
    assert pattern["gone"] == [{"url": MISSING, "perhaps": perhaps}]
    left = found["left.example"]["amp"]
    assert (left["given_up"], left["articles"], left["fine"]) == (True, PAIRS, 0)
    assert len(left["to_drop"]) == PAIRS
    assert sum(found["wall.example"]["unverifiable"].values()) == WALLED
    assert found["gone.example"]["by_verdict"]["broken"] == LOST


def test_the_terminal_names_one_decision_for_each_host(
    module_web: LoopbackWeb, collection: Collection
) -> None:
    done = hosts(module_web, collection)
    assert (done.code, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    assert rf"moving.example (Ada \x1b[31m\u202e\u2028& <b>): {MOVES + 1} URLs, " in done.stdout
    assert f"{MOVES} links moved from {SITE}/a/… to {SITE}/b/…" in done.stdout
    assert "1 gone: perhaps they moved so too" in done.stdout
    assert "AMP: given up; of 3 articles 3 to drop it, 0 with an AMP page still" in done.stdout
    assert 'hosts: {"wall.example": {skip: yes}}' in done.stdout
    assert "linkhealth ignore '*://gone.example/*'" in done.stdout
    alone = hosts(module_web, collection, "--host", "GONE.example")
    assert alone.stdout.startswith(f"gone.example: {LOST} URLs, {LOST} broken (100%)\n")
    assert "moving.example" not in alone.stdout


def test_a_file_of_decisions_is_written_once_and_apply_carries_it_out(
    module_web: LoopbackWeb, collection: Collection, tmp_path: Path
) -> None:
    before = collection.contents()
    for host, decided in (("moving.example", MOVES), ("left.example", PAIRS)):
        file = tmp_path / f"{host}.csv"
        done = hosts(module_web, collection, "--host", host, "--decide", str(file))
        assert (done.code, done.stderr) == (0, "")
        assert f"{decided} decisions in {file}" in done.stdout
        again = hosts(module_web, collection, "--host", host, "--decide", str(file))
        assert (again.code, again.stdout) == (3, "")
        assert "is there already" in again.stderr
        content = str(collection.root)
        shown = run_command(module_web, "apply", str(file), "--content", content)
        assert (shown.code, shown.stderr) == (0, "")
        assert f"{decided} files would be changed" in shown.stdout
        assert collection.contents() == before
    with (tmp_path / "moving.example.csv").open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["decision"] for row in rows] == ["accept"] * MOVES + [""]
    assert rows[-1]["url"] == MISSING
    assert rows[-1]["new_value"] == MISSING.replace("/a/", "/b/")
    for host in ("moving.example", "left.example"):
        file = tmp_path / f"{host}.csv"
        done = run_command(module_web, "apply", str(file), "--content", content, "--write")
        assert (done.code, done.stderr) == (0, "")
    after = collection.contents()
    for number in range(MOVES):
        name = f"moving-{number}.md"
        assert after[name] == before[name].replace(old(number).encode(), new(number).encode())
    for number in range(PAIRS):
        assert b"ampWebUrl" not in after[f"left-{number}.md"]
    assert after["missing.md"] == before["missing.md"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--host", "moving.exampel"), "--host: no URL of 'moving.exampel' is known; did you mean 'moving.example'?"),
        (("--host", "zzz"), "--host: no URL of 'zzz' is known; `linkhealth hosts` lists what is"),
        (("--decide", "x.csv"), "--decide: goes with --host: one host, one file of decisions"),
        (("--host", "a", "--decide", "x.csv", "--json"), "--decide: goes without --json"),
        (("--host", "a", "--decide", "x.txt"), "--decide: 'x.txt' does not end in .csv"),
        (("--host", "gone.example", "--decide", "x.csv"), "--decide: nothing of 'gone.example' has moved for good"),
    ],
)  # fmt: skip
def test_mistakes_are_told_in_a_line(
    module_web: LoopbackWeb, collection: Collection, arguments: tuple[str, ...], message: str
) -> None:
    done = hosts(module_web, collection, *arguments)
    assert (done.code, done.stdout) == (3, "")
    assert done.stderr == f"linkhealth: {message}\n"

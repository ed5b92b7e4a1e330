"""`linkhealth ignore`: an editor's decision, from the command to the files and the reports, over days."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.state import open_state
from tests.end_to_end.collection import Collection, Report, article, run_command
from tests.web.rules import Answer
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-ignore")

SAME, OTHER, BACK, LEFT, FINE = (
    f"https://{name}.example/a-story" for name in ("same", "other", "back", "left", "fine")
)
GONE = Answer(status=404)
DAYS: dict[str, dict[str, Answer]] = {
    "2026-03-01": {SAME: GONE, OTHER: GONE, BACK: GONE, LEFT: GONE},
    "2026-03-02": {SAME: GONE, OTHER: GONE, LEFT: GONE},
    "2026-03-05": {SAME: GONE, OTHER: Answer(status=410), BACK: GONE, LEFT: GONE},
}


@dataclass(frozen=True)
class Day:
    code: int
    asked: frozenset[str]
    report: Report
    blocks: dict[str, bytes]

    def opinion(self, url: str) -> tuple[str, str]:
        entry = self.report.url(url)
        return entry["verdict"], entry["reason"]

    def in_block(self, url: str) -> bool:
        return b"verdict: " in self.blocks[f"{url.split('/')[2]}.md"]


@pytest.fixture(scope="module")
def collection(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Collection:
    made = Collection(tmp_path_factory.mktemp("collection"))
    for url in (SAME, OTHER, BACK, LEFT, FINE):
        made.add(f"{url.split('/')[2]}.md", article(web=url))
    return made


def ignore(web: LoopbackWeb, collection: Collection, *arguments: str) -> Completed:
    clock = {"LINKHEALTH_CLOCK": "2026-03-01T18:00:00Z"}
    return run_command(web, "ignore", *arguments, "--content", str(collection.root), env=clock)


@pytest.fixture(scope="module")
def days(module_web: LoopbackWeb, collection: Collection) -> dict[str, Day]:
    """A run on each day, with the editor's decisions after the first."""
    found: dict[str, Day] = {}
    for date, rules in DAYS.items():
        module_web.set_rules(rules)
        module_web.forget()
        ended = collection.audit(
            module_web,
            "--due",
            "all",
            "--fail-on",
            "new-broken",
            LINKHEALTH_CLOCK=f"{date}T12:00:00Z",
        )
        assert ended.stderr == ""
        asked = frozenset(request.url for request in module_web.requests())
        found[date] = Day(ended.code, asked, collection.report(), collection.contents())
        if len(found) == 1:
            for url in (SAME, OTHER, BACK):
                said = ignore(module_web, collection, url, "--reason", "opened it by hand")
                assert (said.code, said.stderr) == (0, "")
            until = ("--reason", "moving house", "--until", "2026-03-05")
            assert ignore(module_web, collection, LEFT, *until).code == 0
    return found


def test_what_an_editor_excludes_leaves_the_files_and_is_listed(days: dict[str, Day]) -> None:
    first, second = days["2026-03-01"], days["2026-03-02"]
    assert [first.opinion(url)[0] for url in (SAME, OTHER, LEFT)] == ["broken"] * 3
    assert first.in_block(SAME)
    assert second.opinion(SAME) == ("excluded", "editor-not-broken")
    assert not second.in_block(SAME)
    assert not second.in_block(LEFT)
    assert second.report.summary["by_verdict"]["excluded"] == 3
    entry = second.report.url(SAME)
    assert entry["decision"] == {
        "reason": "opened it by hand",
        "decided_at": "2026-03-01T18:00:00Z",
        "until": None,
    }
    assert "“opened it by hand”" in entry["explanation"]
    assert second.report.url(LEFT)["due_at"] >= "2026-03-05T00:00:00Z"
    assert (first.code, second.code) == (2, 0)


def test_not_broken_holds_until_the_evidence_changes(days: dict[str, Day]) -> None:
    """Item 3: the same failure is no new evidence; another one is."""
    last = days["2026-03-05"]
    assert last.opinion(SAME) == ("excluded", "editor-not-broken")
    assert last.report.url(SAME)["strikes"] == 2
    assert last.opinion(OTHER) == ("broken", "http-410")
    assert last.in_block(OTHER)
    assert {SAME, OTHER} <= days["2026-03-02"].asked & last.asked
    assert last.code == 2


def test_a_failure_after_a_recovery_is_new_evidence(days: dict[str, Day]) -> None:
    assert days["2026-03-02"].opinion(BACK) == ("alive", "http-200")
    assert days["2026-03-05"].opinion(BACK) == ("broken", "http-404")


def test_until_its_date_a_link_is_left_alone(days: dict[str, Day]) -> None:
    """Rule V13: with a reason and an end date."""
    assert LEFT not in days["2026-03-02"].asked
    assert days["2026-03-02"].opinion(LEFT) == ("excluded", "editor-ignored")
    assert LEFT in days["2026-03-05"].asked
    assert days["2026-03-05"].opinion(LEFT) == ("broken", "http-404")


def test_all_decisions_are_listed(
    days: dict[str, Day], module_web: LoopbackWeb, collection: Collection
) -> None:
    listed = run_command(
        module_web,
        *("ignore", "--list", str(collection.root)),
        env={"LINKHEALTH_CLOCK": "2026-03-06T12:00:00Z"},
    )
    assert (listed.code, listed.stderr) == (0, "")
    head, *rows = [line.split() for line in listed.stdout.splitlines()]
    assert head == ["STATE", "UNTIL", "SAID", "REASON", "URL"]
    by_hand = ["evidence", "changes", "2026-03-01", "opened", "it", "by", "hand"]
    assert rows == [
        ["changed", *by_hand, BACK],
        ["over", *["2026-03-05", "2026-03-01", "moving", "house"], LEFT],
        ["changed", *by_hand, OTHER],
        ["holds", *by_hand, SAME],
    ]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            SAME,
            "An editor said on 1 March 2026, 18:00 UTC that it is not broken (http-404): “opened it by hand”",
        ),
        (SAME, "Other evidence makes it broken again: another kind of failure"),
        (SAME, "5 March 2026, 12:00 UTC: the server answered 404"),
        (OTHER, "“opened it by hand”. The evidence is no longer the same."),
        (LEFT, "until 5 March 2026, 00:00 UTC: “moving house”. That is over."),
    ],
)
def test_an_explanation_names_the_editor(
    days: dict[str, Day], module_web: LoopbackWeb, collection: Collection, url: str, said: str
) -> None:
    ended = run_command(module_web, "explain", url, str(collection.root))
    assert ended.code == 0
    assert said in " ".join(ended.stdout.split())


def test_a_decision_can_be_taken_back(module_web: LoopbackWeb, tmp_path: Path) -> None:
    collection = Collection(tmp_path)
    file = collection.add("same.md", article(web=SAME))
    module_web.set_rules({SAME: GONE})

    def audit() -> str:
        ended = collection.audit(module_web, LINKHEALTH_CLOCK="2026-03-01T12:00:00Z")
        assert ended.stderr == ""
        verdict: str = collection.report().url(SAME)["verdict"]
        return verdict

    assert audit() == "broken"
    broken = file.read_bytes()
    assert (
        ignore(module_web, collection, SAME, "--reason", "works", "--until", "2099-01-01").code == 0
    )
    assert ignore(module_web, collection, SAME, "--reason", "works after all").code == 0
    assert audit() == "excluded"
    assert file.read_bytes() != broken
    taken_back = ignore(module_web, collection, "same.example/a-story", "--undo")
    assert taken_back.stdout == f"{SAME}\nit is broken (http-404) again\n"
    assert audit() == "broken"
    assert file.read_bytes() == broken


def test_no_decision_is_accepted_while_a_run_is_on(
    days: dict[str, Day], module_web: LoopbackWeb, collection: Collection
) -> None:
    with open_state(collection.root, None) as state, state.lock():
        for arguments in ((SAME, "--reason", "x"), (SAME, "--undo")):
            ended = ignore(module_web, collection, *arguments)
            assert ended.code == 75
            assert "another run is at work" in ended.stderr
        assert ignore(module_web, collection, "--list").code == 0

"""From decisions to changed files over HTTP: two people, a run meanwhile, the same bytes as `apply` writes."""

from __future__ import annotations

import argparse
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from scrapy.settings import Settings

from crawler.commands.apply import Command
from crawler.model.verdict import Verdict, VerdictKind
from crawler.operations.exclusions import exclude
from crawler.session import Session
from tests.commands.after_a_crawl import AMP, FOUND, HOST, LOST, NEW, NOW, OLD, PAGE
from tests.end_to_end.collection import SECURED, Collection
from tests.review.asking import Page, row, states
from tests.review.conftest import Served, serving
from tests.state.samples import link

BROKEN = {"verdict": "broken", "reason": "http-404"}
MOVED = {"verdict": "moved", "reason": "redirect-permanent", "suggestion": NEW}
ALIVE = {"verdict": "alive", "reason": "ok"}
AMP_DEAD = {"verdict": "dead", "reason": "http-404"}
ACCEPTED = row(OLD, "accept", seen=MOVED)
REPLACED = row(LOST, "replace", seen=BROKEN, new_value=FOUND)


@pytest.fixture
def page(served: Served) -> Page:
    return served.page()


def changed_by_a_run(served: Served, url: str, reason: str = "http-410") -> None:
    """What a crawl that saw another answer leaves behind."""
    with Session.open({"content": str(served.collection.root)}, os.environ) as session:
        found = link(session.state, url)
        session.state.revise(found.id, Verdict(VerdictKind.DEAD, reason, "r"), None, NOW)


def applied(root: Path, decisions: list[Any], folder: Path) -> None:
    """`linkhealth apply --write` with the decisions of a review as YAML."""
    exported = folder / "decisions.yml"
    exported.write_text(yaml.safe_dump([one["row"] for one in decisions]), "utf-8")
    command = Command()
    command.settings = Settings()
    parser = argparse.ArgumentParser(conflict_handler="resolve")
    command.add_options(parser)
    opts = parser.parse_args(["--content", str(root), "--write"])
    command.run([str(exported)], opts)


def test_a_decision_is_kept_shown_and_written(served: Served, page: Page) -> None:
    before = served.files()
    (kept,) = page.decide(ACCEPTED)
    assert kept["state"] == "kept"
    (decided,) = page.open()
    assert decided["row"] == {"url": OLD, "decision": "accept"}
    assert (decided["key"], decided["link"], decided["seen"]) == (kept["key"], OLD, MOVED)
    shown = page.diff()
    assert [one["path"] for one in shown["files"]] == ["also.md", "moved.md"]
    assert f'+webUrl: "{NEW}"' in shown["files"][1]["diff"]
    assert served.files() == before, "a diff changes nothing"
    written = page.write(digest=shown["digest"]).json
    assert (written["state"], written["settled"]) == ("written", 1)
    assert f'\nwebUrl: "{NEW}"\n' in served.text("moved.md")
    assert page.open() == []
    (told,) = page.ask("GET", f"api/changes?after={kept['version']}").json["decisions"]
    assert (told["key"], told["stage"]) == (kept["key"], "written")


def test_what_one_decision_would_change_is_shown_before_it_is_made(page: Page) -> None:
    shown = page.diff(decisions=[REPLACED, row(HOST + "/unknown", "drop"), row(LOST)])
    assert [one["path"] for one in shown["files"]] == ["lost.md"]
    assert [one["of"] for one in shown["refused"]] == [2, 1] or [
        one["of"] for one in shown["refused"]
    ] == [1, 2]
    assert page.open() == []


def test_chosen_decisions_are_shown_and_written_by_themselves(served: Served, page: Page) -> None:
    first, _ = page.decide(ACCEPTED, REPLACED)
    keys = [first["key"]]
    assert [one["path"] for one in page.diff(keys=keys)["files"]] == ["also.md", "moved.md"]
    assert page.write(keys=keys).json["settled"] == 1
    assert [one["row"]["url"] for one in page.open()] == [LOST]
    assert LOST in served.text("lost.md")


@pytest.mark.process
def test_write_changes_the_files_as_apply_does_with_the_exported_decisions(
    served: Served, page: Page, tmp_path: Path
) -> None:
    """Byte for byte, refusals and decisions on links alone among them."""
    rows: list[dict[str, object]] = [
        ACCEPTED,
        REPLACED,
        row(AMP, "drop", seen=AMP_DEAD),
        {"path": "dated.md", "at": "title", "kind": "metadata", "reason": "drifted", "url": PAGE}
        | {"declared": "The old title", "suggestion": "The new title", "decision": "accept"}
        | {"seen": ALIVE},
        {"path": "lost.md", "at": "webUrl", "url": "https://other.example/"}
        | {"decision": "replace", "new_value": FOUND, "seen": None},
        row(FOUND, "ignore", seen=ALIVE, note="their server moves", until="2027-01-31"),
        row(PAGE, "keep", seen=ALIVE, kind="metadata"),
    ]
    assert states(page.decide(*rows)) == ["kept"] * 7
    decisions = page.open()
    root = served.collection.root
    copy = Collection(tmp_path / "copy").root
    subprocess.run(["cp", "-a", f"{root}/.", copy], check=True)
    applied(copy, decisions, tmp_path)
    written = page.write().json
    (refused,) = written["refused"]
    assert "lost.md" in refused["path"]
    assert written["settled"] == 6
    assert (written["noted"], len(written["files"])) == (1, 4)
    assert {path.name: path.read_bytes() for path in copy.glob("*.md")} == served.files()
    for where in (root, copy):
        with Session.open({"content": str(where)}, os.environ) as session:
            (noted,) = session.state.decisions()
            assert (noted.url, noted.note) == (FOUND, "their server moves")
    assert [one["key"] for one in page.open()] == [refused["of"]], "what was refused stays open"


def test_two_people_see_each_others_decisions_before_they_overrule_them(served: Served) -> None:
    one, two = served.page("page-of-person-one"), served.page("page-of-person-two")
    assert states(one.decide(REPLACED)) == ["kept"]
    dropped = row(LOST, "not-broken", seen=BROKEN, note="I opened it")
    (late,) = two.decide(dropped)
    assert late["state"] == "changed"
    assert [other["row"]["decision"] for other in late["others"]] == ["replace"]
    assert late["now"] == BROKEN | {"suggestion": None}
    two.open()
    assert states(two.decide(dropped)) == ["kept"]
    (again,) = one.decide(REPLACED)
    assert (again["state"], again["others"][0]["page"]) == ("changed", "page-of-person-two")
    assert [each["row"]["decision"] for each in one.open()] == ["not-broken"]


def test_an_undo_is_told_and_leaves_nothing_to_write(served: Served) -> None:
    one, two = served.page("page-of-person-one"), served.page("page-of-person-two")
    one.decide(REPLACED)
    undone = row(LOST)
    assert states(one.decide(undone)) == ["kept"]
    assert (one.open(), one.write().json["files"]) == ([], [])
    (late,) = two.decide(REPLACED)
    assert (late["state"], late["others"][0]["stage"]) == ("changed", "withdrawn")


def test_many_at_once_lose_nothing(served: Served) -> None:
    def decide(number: int) -> list[str]:
        own = served.page(f"page-of-person-{number}")
        rows = [{"path": "moved.md", "at": f"{number}/{n}", "decision": "keep"} for n in range(20)]
        return [state for each in rows for state in states(own.decide(each))]

    with ThreadPoolExecutor(4) as pool:
        assert set().union(*pool.map(decide, range(4))) == {"kept"}
    found = served.page().open()
    assert len({one["row"]["at"] for one in found}) == 80
    assert [one["version"] for one in found] == list(range(1, 81))


def test_a_link_that_a_run_changed_is_shown_again(served: Served, page: Page) -> None:
    """Before the decision arrives, and after it was made."""
    page.decide(ACCEPTED, REPLACED)
    changed_by_a_run(served, LOST)
    now = {"verdict": "dead", "reason": "http-410", "suggestion": None}
    (late,) = page.decide(row(LOST, "drop", seen=BROKEN))
    assert (late["state"], late["now"], late["others"]) == ("changed", now, [])
    (outdated,) = page.ask("GET", "api/changes?after=0").json["outdated"]
    assert outdated["now"] == now
    for found in (page.diff(), page.write().json):
        assert [one["path"] for one in found["files"]] == ["also.md", "moved.md"]
        assert [(one["row"]["url"], one["now"]) for one in found["outdated"]] == [(LOST, now)]
    assert LOST in served.text("lost.md")
    assert states(page.decide(REPLACED | {"seen": now})) == ["kept"]
    assert page.write().json["settled"] == 1
    assert f'webUrl: "{FOUND}"' in served.text("lost.md")


def test_a_link_that_left_the_files_is_shown_again(served: Served, page: Page) -> None:
    (gone,) = page.decide(row(f"{HOST}/never-there", "drop", seen=BROKEN))
    assert gone["state"] == "kept", "no link is known: nothing of it can have changed"
    assert page.write().json["settled"] == 0
    (refused,) = page.diff()["refused"]
    assert "no article is known to hold" in refused["reason"]


def test_a_run_delays_write_and_never_a_decision(served: Served, page: Page) -> None:
    with Session.open({"content": str(served.collection.root)}, os.environ):
        assert states(page.decide(ACCEPTED)) == ["kept"]
        assert len(page.diff()["files"]) == 2
        found = page.write()
        assert found.status == 423
        assert "a run is at work" in found.json["message"]
        assert page.ask("GET", "").status == 200
    assert page.write().json["settled"] == 1


HELD = {"kind": "held", "url": "site.example", "reason": "http-404", "decision": "accept"}
TOLD = "1 URL of site.example (http-404) in 1 article"


def test_what_is_held_back_is_accepted_by_write(served: Served, page: Page) -> None:
    """By the code and under the lock of `linkhealth accept`; no article changes."""
    served.hold(LOST, "lost.md")
    state, before = served.server.review.session.state, served.files()
    (kept,) = page.decide(HELD | {"actual": TOLD})
    (decided,) = page.open()
    assert (decided["key"], decided["link"], decided["seen"]) == (kept["key"], None, None)
    shown = page.diff()
    assert (shown["accepted"], shown["files"], shown["refused"]) == (1, [], [])
    assert len(state.held()) == 1, "a diff changes nothing"
    with Session.open({"content": str(served.collection.root)}, os.environ):
        assert page.write().status == 423
    assert len(state.held()) == 1
    written = page.write(digest=shown["digest"]).json
    assert (written["state"], written["settled"], written["accepted"]) == ("written", 1, 1)
    assert state.held() == []
    assert [one.host for one in state.accepted()] == ["site.example"]
    assert (page.open(), served.files()) == ([], before)


def test_a_group_that_has_grown_since_is_shown_again(served: Served, page: Page) -> None:
    served.hold(LOST, "lost.md")
    page.decide(HELD | {"actual": "3 URLs of site.example (http-404) in 3 articles"})
    found = page.write().json
    (refused,) = found["refused"]
    assert refused["reason"].startswith(f"it has changed: now {TOLD}")
    assert (found["settled"], len(page.open())) == (0, 1)
    assert len(served.server.review.session.state.held()) == 1
    (one,) = page.decide(HELD | {"decision": "ignore", "note": "no", "until": "2027-01-01"})
    assert one["state"] == "refused"
    assert states(page.decide(HELD | {"actual": TOLD})) == ["kept"]
    assert page.write().json["accepted"] == 1


def test_one_write_at_a_time(served: Served, page: Page) -> None:
    with served.server.review._alone():
        assert served.server.review.is_writing
        found = page.write()
    assert (found.status, "already" in found.json["message"]) == (423, True)


def test_nothing_is_written_where_the_diff_is_another_by_now(served: Served, page: Page) -> None:
    page.decide(ACCEPTED)
    seen = page.diff()["digest"]
    path = served.collection.root / "moved.md"
    edited = path.read_bytes().replace(b"title:", b"title : ", 1)
    path.write_bytes(edited)
    found = page.write(digest=seen).json
    assert found["state"] == "differs"
    assert len(found["files"]) == 2
    assert path.read_bytes() == edited
    assert len(page.open()) == 1
    assert page.write(digest=found["digest"]).json["settled"] == 1


@pytest.mark.process
def test_each_kind_is_a_commit_where_that_is_asked_for(served: Served, page: Page) -> None:
    root = served.collection.root

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments],
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    page.decide(ACCEPTED, REPLACED)
    refused = page.write(commit=True)
    assert refused.status == 422
    assert "git" in refused.json["message"]
    git("init", "--quiet")
    git("config", "user.name", "an editor")
    git("config", "user.email", "editor@site.example")
    git("add", ".")
    git("commit", "--quiet", "--message", "first")
    written = page.write(commit=True).json
    assert [one["kind"] for one in written["commits"]] == ["moves", "urls"]
    assert written["settled"] == 2
    subjects = git("log", "--format=%s").splitlines()
    assert subjects == [
        "Replace links (1 file)",
        "Follow links that have moved for good (2 files)",
        "first",
    ]


def test_at_most_so_many_files_and_the_rest_stays_open(collection: Collection) -> None:
    """A decision is carried out when the last of its places is."""
    with serving(collection, most_files=1) as served:
        page = served.page()
        page.decide(ACCEPTED, REPLACED)
        found = [page.write().json for _ in range(3)]
        assert [len(one["files"]) for one in found] == [1, 1, 1]
        assert [one["left"] for one in found] == [2, 1, 0]
        assert [one["settled"] for one in found] == [0, 1, 1]
        assert page.open() == []


def test_what_a_killed_write_left_undone_is_not_asked_again(served: Served, page: Page) -> None:
    """Its files are written and its decisions noted, and it was killed before it could say so."""
    works = row(AMP, "not-broken", seen=AMP_DEAD, note="I opened it")
    page.decide(REPLACED, works)
    root = served.collection.root
    for name in ("lost.md", "also.md"):
        path = root / name
        path.write_bytes(path.read_bytes().replace(LOST.encode(), FOUND.encode()))
    with Session.open({"content": str(root)}, os.environ) as session:
        exclude(session, link(session.state, AMP), "I opened it", None)
    found = page.write().json
    assert (found["outdated"], found["refused"], found["files"]) == ([], [], [])
    assert (found["settled"], found["already"], found["noted"]) == (2, 1, 1)


def test_another_decision_on_the_link_is_shown_again(served: Served, page: Page) -> None:
    page.decide(row(AMP, "not-broken", seen=AMP_DEAD, note="I opened it"))
    with Session.open({"content": str(served.collection.root)}, os.environ) as session:
        exclude(session, link(session.state, AMP), "said by somebody else", None)
    (outdated,) = page.write().json["outdated"]
    assert outdated["now"]["reason"] == "editor-not-broken"


def test_what_was_decided_during_write_stays_open(served: Served, page: Page) -> None:
    """Another decision about the same, kept between the reading of the decisions and the end of Write."""
    page.decide(REPLACED)
    state = served.server.review.session.state
    before = state.open_review_decisions()
    later = row(LOST, "ignore", seen=BROKEN, note="wait", until="2027-01-31")
    page.decide(later)
    assert state.settle_review_decisions(before, page.name, NOW + timedelta(1)) == 0
    assert [one["row"]["decision"] for one in page.open()] == ["ignore"]


def test_what_is_secured_is_in_no_diff(served: Served, page: Page) -> None:
    page.decide(ACCEPTED)
    shown = "\n".join(page.diff()["files"][1]["diff"])
    assert SECURED in served.text("moved.md")
    assert "secured: ***" in shown
    assert SECURED not in shown

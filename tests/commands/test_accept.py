"""`linkhealth accept` with real processes, on a collection whose mass change was held back."""

from __future__ import annotations

import csv
import io
import json
import shlex
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, article
from tests.operations.test_modes import crawled, session_of
from tests.web.running import typed

pytestmark = pytest.mark.process

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = DAY + timedelta(days=30)
ONE, OTHER = (
    [f"https://{host}.example/news/{number}" for number in range(12)] for host in ("one", "other")
)


@pytest.fixture
def held(tmp_path: Path) -> Collection:
    """Two hosts that worked have lost all of their pages in one run: nothing of it is written."""
    collection = Collection(tmp_path)
    for number, url in enumerate((*ONE, *OTHER)):
        collection.add(f"{number}.md", article(web=url))
    crawled(tmp_path, "own", (), DAY)
    before = collection.contents()
    outcome = crawled(tmp_path, "own", (*ONE, *OTHER), LATER)
    assert outcome.held == 24
    assert collection.contents() == before
    return collection


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return typed(arguments[0], root, *arguments[1:])


def groups(root: Path) -> list[tuple[str, str, int, int, bool]]:
    assert run(root, "report", "--format", "json,csv").returncode == 0
    document = json.loads((root / ".linkhealth/reports/report.json").read_bytes())
    return [
        (one["host"], one["cause"], one["links"], one["articles"], one["first_run"])
        for one in document["held"]
    ]


def broken(collection: Collection) -> int:
    return sum(b"verdict: broken" in data for data in collection.contents().values())


def test_a_group_is_accepted_written_and_not_held_again(held: Collection) -> None:
    root = held.root
    one, other = (
        ("one.example", "http-404", 12, 12, False),
        ("other.example", "http-404", 12, 12, False),
    )
    assert groups(root) == [one, other]
    listed = run(root, "accept", "--list")
    assert listed.returncode == 0, listed.stderr
    assert "12 URLs of one.example (http-404) in 12 articles" in listed.stdout
    assert "linkhealth accept --host one.example --cause http-404" in listed.stdout

    accepted = run(root, "accept", "--host", "one.*", "--cause", "http-404")
    assert accepted.returncode == 0, accepted.stderr
    assert "12 URLs accepted" in accepted.stdout
    assert groups(root) == [other]
    assert broken(held) == 0

    outcome = crawled(root, "own", (*ONE, *OTHER), LATER + timedelta(hours=1))
    assert (outcome.held, broken(held)) == (12, 12)
    assert groups(root) == [other]

    assert run(root, "accept", "--all").returncode == 0
    assert groups(root) == []
    # They are confirmed: the same links, failing since the same day, are not held back again.
    outcome = crawled(root, "own", (*ONE, *OTHER), LATER + timedelta(days=4))
    outcome = crawled(root, "own", (*ONE, *OTHER), LATER + timedelta(days=8))
    assert outcome.held == 0
    assert sum(b"verdict: dead" in data for data in held.contents().values()) == 24


def test_the_sidecar_shows_what_was_accepted(held: Collection) -> None:
    root = held.root
    crawled(root, "sidecar", (*ONE, *OTHER), LATER)
    assert run(root, "accept", "--host", "other.example").returncode == 0
    crawled(root, "sidecar", (*ONE, *OTHER), LATER)
    shown = b"".join(path.read_bytes() for path in (root / "_data/link-health").iterdir())
    assert shown.count(b"https://other.example/") == 12
    assert b"https://one.example/" not in shown


def test_what_was_accepted_is_asked_about_again_where_that_is_taken_back(held: Collection) -> None:
    root = held.root
    before = groups(root)
    assert run(root, "accept", "--all").returncode == 0
    listed = run(root, "accept", "--list").stdout
    assert "nothing is held back" in listed
    assert "accepted: 12 URLs of one.example (http-404), 12 of them not in the files yet" in listed
    command = "linkhealth accept --host one.example --cause http-404 --undo"
    assert command in listed

    undone = run(root, *shlex.split(command)[1:])
    assert undone.returncode == 0, undone.stderr
    assert "12 URLs not accepted any more" in undone.stdout
    assert groups(root) == before[:1]
    outcome = crawled(root, "own", (*ONE, *OTHER), LATER + timedelta(hours=1))
    assert (outcome.held, broken(held)) == (12, 12), "the other host stayed accepted"
    assert run(root, "accept", "--undo", "--host", "one.example").returncode == 3


def test_what_was_written_stays_and_its_confirmation_is_asked_about(held: Collection) -> None:
    root = held.root
    assert run(root, "accept", "--all").returncode == 0
    crawled(root, "own", (*ONE, *OTHER), LATER)
    assert broken(held) == 24
    undone = run(root, "accept", "--all", "--undo")
    assert "24 URLs not accepted any more; what stands in the files already stays" in undone.stdout
    assert groups(root) == []
    assert crawled(root, "own", (*ONE, *OTHER), LATER + timedelta(days=4)).held == 0
    assert crawled(root, "own", (*ONE, *OTHER), LATER + timedelta(days=8)).held == 24


def test_of_one_file_only_its_own_links_are_accepted(held: Collection) -> None:
    root = held.root
    accepted = run(root / "0.md", "accept", "--all")
    assert "1 URL accepted" in accepted.stdout, accepted.stderr
    assert [one[:3] for one in groups(root)] == [
        ("other.example", "http-404", 12),
        ("one.example", "http-404", 11),
    ]


def table(root: Path) -> list[dict[str, str]]:
    """The rows of `report.csv`."""
    text = (root / ".linkhealth/reports/report.csv").read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def decided(root: Path, **cells: str) -> Path:
    """The first row of the report's table, with cells filled in, as a file of decisions."""
    groups(root)
    row = table(root)[0] | cells
    file = root.parent / "decided.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(row))
        writer.writeheader()
        writer.writerow(row)
    return file


def applied(file: Path, root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(file, "apply", "--content", str(root), *arguments)


def test_the_first_row_of_the_table_is_accepted_by_apply(held: Collection) -> None:
    root = held.root
    file = decided(root, decision="accept")
    shown = applied(file, root)
    assert shown.returncode == 0, shown.stderr
    assert "12 URLs would be accepted of what is held back" in shown.stdout
    assert len(groups(root)) == 2
    assert "12 URLs accepted of what was held back" in applied(file, root, "--write").stdout
    assert [one[0] for one in groups(root)] == ["other.example"]
    again = applied(file, root, "--write")
    assert again.returncode == 0, again.stderr
    assert "1 stand there already" in again.stdout


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"decision": "drop"}, "what is held back is accepted, or left as it is with keep"),
        ({"decision": "accept", "reason": ""}, "name the cause in the column reason"),
        ({"decision": "accept", "url": "three.example"}, "nothing of it is held back any more"),
        ({"decision": "accept", "reason": "http-410"}, "nothing of it is held back any more"),
        (
            {"decision": "accept", "actual": "2 URLs of one.example (http-404) in 2 articles"},
            "it has changed: now 12 URLs of one.example (http-404) in 12 articles",
        ),
    ],
)
def test_a_group_that_is_another_by_now_is_not_accepted(
    held: Collection, cells: dict[str, str], said: str
) -> None:
    before = groups(held.root)
    refused = applied(decided(held.root, **cells), held.root, "--write")
    assert refused.returncode == 2
    assert said in refused.stderr
    assert groups(held.root) == before


def test_to_keep_a_group_is_to_leave_it_held_back(held: Collection) -> None:
    before = groups(held.root)
    assert applied(decided(held.root, decision="keep"), held.root, "--write").returncode == 0
    assert groups(held.root) == before


def test_what_is_held_back_comes_first_and_says_why(held: Collection) -> None:
    """Before an article that outweighs a small group, too (rule Q10)."""
    heavy, light = "https://heavy.example/", "https://light.example/"
    text = article(web=heavy).replace("title:", "heat: 3000\nquality: 100\ntitle:", 1)
    held.add("heavy.md", text)
    held.add("light.md", article(web=light).replace("title:", "published: false\ntitle:", 1))
    crawled(held.root, "own", (), LATER + timedelta(days=20))
    crawled(held.root, "own", (*ONE, *OTHER, heavy, light), LATER + timedelta(days=40))

    assert len(groups(held.root)) == 4
    document = json.loads((held.root / ".linkhealth/reports/report.json").read_bytes())
    rows = table(held.root)
    assert [row["kind"] for row in rows[:5]] == ["held"] * 4 + ["dead-link"]
    assert sum(row["kind"] == "held" for row in rows) == 4
    scores = [int(row["priority"]) for row in rows]
    assert scores == sorted(scores, reverse=True)
    of_groups = {row["url"]: int(row["priority"]) for row in rows[:4]}
    of_links = {one["url"]: one["priority"] for one in document["urls"]}
    assert of_groups["one.example"] == sum(of_links[url] for url in ONE)
    assert of_groups["light.example"] == max(of_links.values()) + 1
    assert "the sum of those of its 12 links" in rows[0]["explanation"]
    assert {one["host"]: one["priority"] for one in document["held"]} == of_groups


def test_what_recovers_and_fails_again_is_held_again(held: Collection) -> None:
    root = held.root
    assert run(root, "accept", "--all").returncode == 0
    crawled(root, "own", (*ONE, *OTHER), LATER)
    assert broken(held) == 24
    crawled(root, "own", (), LATER + timedelta(days=1))
    assert broken(held) == 0
    assert crawled(root, "own", ONE, LATER + timedelta(days=2)).held == 12


def test_links_that_never_worked_are_told_as_found_by_the_first_run(tmp_path: Path) -> None:
    collection = Collection(tmp_path)
    for number, url in enumerate(ONE):
        collection.add(f"{number}.md", article(web=url))
    crawled(tmp_path, "own", ONE, DAY)
    crawled(tmp_path, "own", ONE, DAY + timedelta(days=4))
    assert broken(collection) == 12
    assert crawled(tmp_path, "own", ONE, DAY + timedelta(days=8)).held == 12
    assert groups(tmp_path) == [("one.example", "http-404", 12, 12, True)]
    assert "from the first run on" in run(tmp_path, "accept", "--list").stdout


def test_the_row_of_the_table_says_what_is_held(held: Collection) -> None:
    groups(held.root)
    table = (held.root / ".linkhealth/reports/report.csv").read_text("utf-8-sig")
    assert "12 URLs of one.example (http-404) in 12 articles" in table
    assert "linkhealth accept --host other.example --cause http-404" in table


def test_what_the_operator_accepts_is_held_no_more(held: Collection) -> None:
    from crawler.operations.write_back import write_back

    with session_of(held.root, "own", LATER, accept_mass_change="yes") as session:
        write_back(session)
        assert session.state.held() == []
    assert broken(held) == 24


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--host", "on.example"), "did you mean 'one.example'?"),
        (("--cause", "http-40"), "did you mean 'http-404'?"),
        ((), "--list, --all, or --host and --cause"),
        (("--undo",), "--list, --all, or --host and --cause"),
        (("--list", "--undo"), "--list, --all, or --host and --cause"),
        (("--all", "--undo"), "nothing is accepted"),
        (("--list", "--all"), "--list, --all, or --host and --cause"),
    ],
)
def test_what_makes_no_sense_is_refused(
    held: Collection, arguments: tuple[str, ...], said: str
) -> None:
    refused = run(held.root, "accept", *arguments)
    assert refused.returncode == 3
    assert said in refused.stderr


def test_where_nothing_is_held_there_is_nothing_to_accept(tmp_path: Path) -> None:
    Collection(tmp_path).add("a.md", article(web="https://one.example/"))
    assert run(tmp_path, "accept", "--list").stdout == "nothing is held back\n"
    assert run(tmp_path, "accept", "--all").returncode == 3

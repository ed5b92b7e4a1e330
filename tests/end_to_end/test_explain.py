"""`linkhealth explain` on a collection that is checked over several days."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, Report, article
from tests.reporting.page_contents import data_of
from tests.web.rules import Answer
from tests.web.running import typed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-explain")

LOST = "https://lost.example/a-story"
FINE = "https://fine.example/a-story"
WALLED = "https://walled.example/a%20story"
RAW = "HTTPS://Walled.example:443/a story"
RULES = {LOST: Answer(status=404), WALLED: Answer(status=403)}


def explain(
    *arguments: str, clock: str = "2026-03-05T12:30:00Z"
) -> subprocess.CompletedProcess[str]:
    return typed("explain", *arguments, env={"LINKHEALTH_CLOCK": clock})


def words(ended: subprocess.CompletedProcess[str]) -> str:
    assert ended.stderr == ""
    assert ended.returncode == 0
    return " ".join(ended.stdout.split())


@pytest.fixture(scope="module")
def checked(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """404 on day 0 and on day 4."""
    collection = Collection(tmp_path_factory.mktemp("collection"))
    collection.add("news/lost.md", article(web=LOST))
    collection.add("news/fine.md", article(web=FINE, related=[LOST, LOST]))
    collection.add("news/walled.md", article(web=RAW))
    module_web.set_rules(RULES)
    for date in ("2026-03-01", "2026-03-05"):
        ended = collection.audit(module_web, LINKHEALTH_CLOCK=f"{date}T12:00:00Z")
        assert ended.stderr == ""
    return collection.root


def test_a_broken_link_says_what_is_missing_and_from_which_day(checked: Path) -> None:
    said = words(explain(LOST, "--content", str(checked)))
    assert "Verdict broken, since 1 March 2026" in said
    assert "Reason http-404: The server says that this page does not exist." in said
    assert "Decided by the rule status-gone." in said
    assert "Strikes 2, and dead needs 3: the first 1 March 2026" in said
    assert "One more failed check, not before 8 March 2026" in said
    assert "Any success makes it alive" in said
    assert "Next check the first run after" in said
    assert said.count("the server answered 404; it counted as strike") == 2
    assert "news/lost.md:4 webUrl" in said
    assert "2 places of related articles" in said


@pytest.mark.parametrize("url", [LOST, WALLED])
def test_the_same_sentence_is_in_the_reports(checked: Path, url: str) -> None:
    reports = checked / ".linkhealth" / "reports"
    entry = Report.read(reports / "report.json").url(url)
    assert f"In short {entry['explanation']} Verdict" in words(explain(url, str(checked)))
    assert f"by the rule {entry['rule']}: the server answered" in entry["explanation"]
    assert entry["due_at"] > "2026-03-05T12:00:00Z"
    assert entry["decision"] is None
    page = data_of((reports / "report.html").read_text(encoding="utf-8"))
    assert page.explanation(url) == entry["explanation"]
    with (reports / "report.csv").open(encoding="utf-8-sig", newline="") as stream:
        explained = [row["explanation"] for row in csv.DictReader(stream) if row["url"] == url]
    assert explained == ([entry["explanation"]] if url == LOST else [])


def test_what_works_is_explained_by_the_command_alone(checked: Path) -> None:
    entry = Report.read(checked / ".linkhealth" / "reports" / "report.json").url(FINE)
    assert (entry["verdict"], entry["explanation"]) == ("alive", None)
    assert "In short Alive since 1 March 2026 by the rule" in words(explain(FINE, str(checked)))


def test_a_due_check_says_so(checked: Path) -> None:
    said = words(explain(LOST, str(checked), clock="2026-03-20T12:00:00Z"))
    assert "One more failed check, not before 20 March 2026" in said
    assert "Next check the next run, since it is due" in said


@pytest.mark.parametrize("url", [RAW, WALLED, WALLED.removeprefix("https://")])
def test_a_link_is_found_as_it_is_written_and_as_it_is_visited(checked: Path, url: str) -> None:
    said = words(explain(url, str(checked)))
    assert said.startswith(f"{WALLED} In short Unverifiable")
    assert "it counted for nothing (http-403)" in said
    assert "Strikes none" in said


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        ((), 3, "a URL is wanted"),
        (("https://lost.example/a-stroy",), 3, LOST),
        (("https://nowhere.example/",), 3, "no link like it is known at 'nowhere.example'"),
        (("\x1b[31m",), 3, "no article is known to hold '\\x1b[31m'"),
        (("",), 3, "no article is known to hold ''"),
        (("https://[::1", "--content", "missing"), 3, "missing"),
        ((LOST, "a", "--content", "b"), 3, "--content names the PATH"),
        ((LOST, "a", "b"), 3, "one PATH is wanted"),
    ],
)
def test_what_cannot_be_explained(
    checked: Path, arguments: tuple[str, ...], code: int, complaint: str
) -> None:
    if len(arguments) == 1:
        arguments = (*arguments, "--content", str(checked))
    ended = explain(*arguments)
    assert ended.returncode == code
    assert ended.stdout == ""
    assert complaint in ended.stderr
    assert "\x1b" not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_before_the_first_run_nothing_is_known(tmp_path: Path) -> None:
    Collection(tmp_path).add("a.md", article(web=LOST))
    ended = explain(LOST, str(tmp_path))
    assert ended.returncode == 3
    assert "run `linkhealth audit` first" in ended.stderr

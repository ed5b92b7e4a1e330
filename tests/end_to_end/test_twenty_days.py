"""Twenty days of one collection: each day's numbers, reports and exit code against the table of docs/commands.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from crawler.model.exit_code import ExitCode
from crawler.model.verdict import VerdictKind
from tests.end_to_end.collection import Collection, Report, article
from tests.reporting.page_contents import data_of
from tests.web.rules import Answer, Ending, redirect
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-twenty-days")

SITES = ("archive", "bulletin", "courier", "dispatch", "echo", "forum", "gazette", "herald")
ARCHIVE, BULLETIN, COURIER, DISPATCH, ECHO, FORUM, GAZETTE, HERALD = (
    f"https://{site}.example/news/2020/a-story" for site in SITES
)
ALL = (ARCHIVE, BULLETIN, COURIER, DISPATCH, ECHO, FORUM, GAZETTE, HERALD)

GONE, LOST = Answer(status=410), Answer(status=404)
WALL, FAULT = Answer(status=403), Answer(status=503)
RESET = Answer(ending=Ending.RESET_BEFORE)
MOVED = redirect("/news/2026/the-same-story", status=301)
OUTAGE = {
    "*": RESET,
    **{f"//{site}.example/robots.txt": RESET for site in SITES},
}
"""Nothing answers any more: our own network."""


@dataclass(frozen=True, slots=True)
class Day:
    """What happens on a day. Its numbers are the links newly broken, newly dead (confirmed) and recovered."""

    web: Mapping[str, Answer]
    fail_on: str | None
    numbers: tuple[int, int, int]
    code: ExitCode


FINE, FINDINGS, DOWN = ExitCode.FINE, ExitCode.FINDINGS, ExitCode.OWN_NETWORK_DOWN

HISTORY = (
    Day({}, None, (0, 0, 0), FINE),
    Day({ARCHIVE: GONE}, None, (1, 0, 0), FINE),
    Day({ARCHIVE: GONE, BULLETIN: LOST}, "new-broken", (1, 0, 0), FINDINGS),
    Day({ARCHIVE: GONE}, "new-broken", (0, 0, 1), FINE),
    Day({ARCHIVE: GONE, COURIER: FAULT}, "broken", (0, 0, 0), FINDINGS),
    Day({ARCHIVE: GONE}, "dead", (0, 0, 0), FINE),
    Day(OUTAGE, "broken", (0, 0, 0), DOWN),
    Day({ARCHIVE: GONE, DISPATCH: LOST}, "never", (1, 0, 0), FINE),
    Day({ARCHIVE: GONE, DISPATCH: LOST}, None, (0, 1, 0), FINDINGS),
    Day({ARCHIVE: GONE, DISPATCH: LOST}, None, (0, 0, 0), FINE),
    Day({ARCHIVE: GONE, DISPATCH: LOST, ECHO: GONE, FORUM: LOST}, None, (2, 0, 0), FINE),
    Day({ARCHIVE: GONE, DISPATCH: LOST, FORUM: LOST, GAZETTE: MOVED}, None, (0, 0, 1), FINE),
    Day({ARCHIVE: GONE, DISPATCH: WALL, FORUM: LOST, GAZETTE: MOVED}, "dead", (0, 0, 0), FINDINGS),
    Day({ARCHIVE: GONE, DISPATCH: LOST, FORUM: LOST, GAZETTE: MOVED}, None, (0, 0, 0), FINE),
    Day({ARCHIVE: GONE, DISPATCH: LOST, FORUM: FAULT}, "new-broken", (0, 1, 0), FINDINGS),
    Day({DISPATCH: LOST, FORUM: LOST}, "new-broken", (0, 0, 1), FINE),
    Day({DISPATCH: LOST, FORUM: LOST, HERALD: LOST}, "new-dead", (1, 0, 0), FINE),
    Day({ARCHIVE: GONE, DISPATCH: LOST, FORUM: LOST}, "never", (1, 1, 1), FINE),
    Day({ARCHIVE: GONE, DISPATCH: MOVED, FORUM: LOST}, "new-broken", (0, 0, 1), FINE),
    Day({}, "broken", (0, 0, 2), FINE),
)


@dataclass(frozen=True, slots=True)
class Ended:
    """What an audit left."""

    code: int
    stdout: str
    stderr: str
    report: Report
    page: str

    @property
    def verdicts(self) -> dict[str, VerdictKind]:
        return {url: VerdictKind(entry["verdict"]) for url, entry in self.report.urls.items()}

    @property
    def numbers(self) -> tuple[int, int, int]:
        summary = self.report.summary
        return summary["newly_broken"], summary["newly_dead"], summary["recovered"]


@pytest.fixture(scope="module")
def ended(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ended, ...]:
    collection = Collection(tmp_path_factory.mktemp("collection"))
    for url in ALL:
        collection.add(f"{url.split('/')[2]}.md", article(web=url))
    collection.add(".linkhealth.yml", "retries: 0\n")
    found = []
    for number, day in enumerate(HISTORY, 1):
        module_web.set_rules(day.web)
        threshold = () if day.fail_on is None else ("--fail-on", day.fail_on)
        # A minute later every day: three days apart are never 72 hours less a second.
        clock = f"2026-03-{number:02}T12:{number:02}:00Z"
        done = collection.audit(
            module_web,
            *("--due", "all"),
            *threshold,
            LINKHEALTH_CLOCK=clock,
            LINKHEALTH_NETWORK_PAUSES="0.2",
        )
        page = collection.root / ".linkhealth" / "reports" / "report.html"
        text = page.read_text(encoding="utf-8")
        found.append(Ended(done.code, done.stdout, done.stderr, collection.report(), text))
    return tuple(found)


def by_the_table(
    before: Mapping[str, VerdictKind], after: Mapping[str, VerdictKind]
) -> tuple[int, int, int]:
    """The numbers of a day by docs/commands.md, from the verdicts of two reports."""
    broken, dead = VerdictKind.BROKEN, VerdictKind.DEAD
    changes = [(before[url], after[url]) for url in ALL]
    return (
        sum(was not in (broken, dead) and became is broken for was, became in changes),
        sum(was is not dead and became is dead for was, became in changes),
        sum(
            was in (broken, dead) and became in (VerdictKind.ALIVE, VerdictKind.MOVED)
            for was, became in changes
        ),
    )


def test_the_numbers_of_each_day(ended: tuple[Ended, ...]) -> None:
    assert [day.numbers for day in ended] == [day.numbers for day in HISTORY]


def test_the_numbers_follow_from_two_reports(ended: tuple[Ended, ...]) -> None:
    before = dict.fromkeys(ALL, VerdictKind.UNCHECKED)
    for day in ended:
        assert day.numbers == by_the_table(before, day.verdicts)
        before = day.verdicts


def test_the_exit_code_of_each_day(ended: tuple[Ended, ...]) -> None:
    assert [day.code for day in ended] == [day.code for day in HISTORY]


def test_every_report_of_a_day_says_the_same(ended: tuple[Ended, ...]) -> None:
    names = ("newly broken", "newly dead", "recovered")
    for day in ended:
        page = data_of(day.page)
        changes = [page.head["changes"][page.cell(row, 4)] for row in page.urls]
        assert day.numbers == tuple(
            changes.count(change) for change in ("new-broken", "confirmed-dead", "recovered")
        )
        assert tuple(page.head["history"][-1][2:5]) == day.numbers
        line = ", ".join(f"{n} {name}" for n, name in zip(day.numbers, names, strict=True))
        assert (f"{line}." in day.stdout) == any(day.numbers)


def test_only_the_outage_says_something_else(ended: tuple[Ended, ...]) -> None:
    for day, planned in zip(ended, HISTORY, strict=True):
        assert (day.stderr == "") == (planned.code is not DOWN), day.stderr


def test_each_link_says_what_its_day_made_of_it(ended: tuple[Ended, ...]) -> None:
    before = dict.fromkeys(ALL, (VerdictKind.UNCHECKED, "not-visited"))
    for day in ended:
        changes = {url: day.report.urls[url]["change"] for url in ALL}
        assert day.numbers == tuple(
            list(changes.values()).count(change)
            for change in ("new-broken", "confirmed-dead", "recovered")
        )
        after = {
            url: (VerdictKind(e["verdict"]), e["reason"]) for url, e in day.report.urls.items()
        }
        still = {url for url in ALL if before[url] == after[url] and after[url][0].is_gone}
        assert {url for url, change in changes.items() if change == "still"} == still
        before = after


def test_the_terminal_says_from_when_on_a_link_may_be_confirmed(ended: tuple[Ended, ...]) -> None:
    """A 410 of 2 March cannot be dead before the 9th, nor a 404 of 8 March before the 15th."""
    told = [re.search(r"may be confirmed\s+from (\d+)\s+March", day.stdout) for day in ended]
    days = [int(found[1]) if found else None for found in told]
    assert days[:10] == [None, 9, 9, 9, 9, 9, 9, 9, 15, 15]
    assert [day is not None for day in days] == [
        VerdictKind.BROKEN in one.verdicts.values() for one in ended
    ]

"""An expired domain with a casino (rules V18, V19): two whole runs, the reports, and nothing of it in the files."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import Any

import pytest

from tests.end_to_end.collection import Collection, Report, article, run_command
from tests.labelled_web.hijacks import EXCERPT, HIJACKED_PAGE, WELL_PAGE
from tests.web.rules import Answer
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-hijacked")

TITLE = "The pier opens again"
SOLD, GONE = "https://sold.example/news/the-pier", "https://gone.example/news/the-pier"
FINE = "https://fine.example/news/the-pier"
CASINO = Answer(body=HIJACKED_PAGE)


@dataclass(frozen=True)
class Runs:
    before: dict[str, bytes]
    first: Report
    second: Report
    rows: list[dict[str, str]]
    applied: Completed
    after: dict[str, bytes]


@pytest.fixture(scope="module")
def runs(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    made = Collection(tmp_path_factory.mktemp("collection"))
    excerpt = f"excerpt: {EXCERPT}"
    for name, url in (("sold", SOLD), ("gone", GONE), ("fine", FINE)):
        made.add(f"{name}.md", article(TITLE, web=url, extra=excerpt))
    found = []
    for day, later in (("2026-03-01", {}), ("2026-05-20", {SOLD: CASINO})):
        well = Answer(body=WELL_PAGE)
        module_web.set_rules({SOLD: well, FINE: well, GONE: CASINO, **later})
        ended = made.audit(
            module_web, "-a", "due=all", "-a", "write_back=no", LINKHEALTH_CLOCK=f"{day}T12:00:00Z"
        )
        assert (ended.code, ended.stderr) == (0, "")
        found.append(made.report())
    with (made.root / ".linkhealth" / "reports" / "report.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    before = made.contents()
    kinds = "moves,metadata,images,canonical"
    applied = run_command(
        module_web, "apply", "--suggested", kinds, "--content", str(made.root), "--write",
        env={"LINKHEALTH_CLOCK": "2026-05-20T18:00:00Z"},
    )  # fmt: skip
    return Runs(before, found[0], found[1], rows, applied, made.contents())


def verdict(report: Report, url: str) -> tuple[str, str]:
    entry: dict[str, Any] = report.url(url)
    return entry["verdict"], entry["reason"]


def test_the_first_visit_goes_by_the_stored_title_and_excerpt(runs: Runs) -> None:
    assert verdict(runs.first, GONE) == ("unverifiable", "hijacked")
    assert verdict(runs.first, SOLD) == verdict(runs.first, FINE) == ("alive", "http-200")


def test_a_later_visit_goes_by_the_page_as_it_was(runs: Runs) -> None:
    assert verdict(runs.second, SOLD) == verdict(runs.second, GONE) == ("unverifiable", "hijacked")
    assert verdict(runs.second, FINE) == ("alive", "http-200")
    assert runs.second.url(SOLD)["strikes"] == 1
    assert runs.second.url(SOLD)["suggestion"] is None


def test_the_page_stays_known_as_it_was_last_seen(runs: Runs) -> None:
    sold, gone = (runs.second.articles[f"{name}.md"]["freshness"] for name in ("sold", "gone"))
    assert (sold["state"], sold["drift"]) == ("current", [])
    assert (gone["state"], gone["drift"]) == ("unverified", [])
    assert runs.second.url(SOLD)["page"]["title"] == TITLE
    assert runs.second.url(GONE)["page"] is None


def test_an_editor_is_warned_at_each_place(runs: Runs) -> None:
    told = [(row["path"], row["kind"], row["level"], row["suggestion"]) for row in runs.rows]
    assert told == [(f"{name}.md", "identity", "warning", "") for name in ("gone", "sold")]
    assert {row["reason"] for row in runs.rows} == {"hijacked"}


def test_nothing_is_suggested(runs: Runs) -> None:
    assert (runs.applied.code, runs.applied.stderr) == (0, "")
    assert runs.after == runs.before
    for name in ("sold", "gone"):
        assert runs.second.articles[f"{name}.md"]["suggestions"] == []

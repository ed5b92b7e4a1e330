"""Rule F11 by whole runs: a page is well, then corrected, then retracted."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, article
from tests.reporting.page_contents import data_of
from tests.web import pages
from tests.web.rules import Answer, Rules
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-freshness")

TITLE, URL = "Council votes on the pier", "https://n.example/2020/council-votes-on-the-pier"
STORY = "<p>The council met on Monday and talked about the pier for a very long time. </p>" * 9
CORRECTION = "Correction: The pier is 300 metres long, \x1b[31mnot\u202e 30."
RETRACTION = "This article has been retracted: <b>none</b> of it was so."
EXPECTED = [
    ("", None, None),
    (CORRECTION, "corrected", ("page-corrected", "info")),
    (RETRACTION, "retracted", ("page-retracted", "warning")),
]


def test_a_page_that_is_corrected_and_then_retracted(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    collection = Collection(tmp_path)
    path = collection.add("a.md", article(TITLE, web=URL))
    for day, (top, kind, row) in enumerate(EXPECTED, start=1):
        answer = Answer(body=pages.page(TITLE, body=f"<p>{top}</p>{STORY}"))
        module_web.set_rules(Rules({URL.removeprefix("https:"): answer}))
        ended = collection.audit(
            module_web,
            "-a",
            "due=all",
            "--fail-on",
            "never",
            LINKHEALTH_CLOCK=f"2026-03-0{day}T12:00:00Z",
        )
        assert (ended.code, ended.stderr) == (0, "")
        notice = collection.report().articles["a.md"]["freshness"]["notice"]
        assert (notice and notice["kind"]) == kind
        rows = [(one["reason"], one["level"]) for one in _rows(collection)]
        assert [one for one in rows if one[0].startswith("page-")] == ([row] if row else [])
        html = (collection.root / ".linkhealth/reports/report.html").read_text(encoding="utf-8")
        notes = [note[4] for note in data_of(html).head["notes"]]
        assert [code for code in ("page-corrected", "page-retracted") if code in notes] == (
            [row[0]] if row else []
        )
        assert "\x1b" not in html
        assert "\u202e" not in html
        assert ("notice: retracted" in path.read_text(encoding="utf-8")) is (kind == "retracted")


def _rows(collection: Collection) -> list[dict[str, str]]:
    file = collection.root / ".linkhealth" / "reports" / "report.csv"
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))

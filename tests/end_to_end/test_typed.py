"""What editors type in the place of an address, from the file to the report, the block and the repair."""

from __future__ import annotations

import csv
from dataclasses import dataclass

import pytest

from tests.end_to_end.collection import Collection, Report, article, run_command
from tests.web.pages import page
from tests.web.rules import Answer
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-typed")

GOOD = "https://typed.example/a-story"
CLEANED = f"{GOOD}\u200b"
DATA = "data:image/png;base64," + "A" * 60_000
PICTURE = "https://typed.example/one.png"
TYPED = {
    "www.md": ("www.typed.example/a-story", "no-scheme", "https://www.typed.example/a-story"),
    "scheme.md": ("htps://typed.example/a-story", "unknown-scheme", GOOD),
    "markup.md": (f'<a href="{GOOD}">#1</a>', "mark-up", GOOD),
    "todo.md": ("TODO", "placeholder", None),
    "two.md": (f"{GOOD} {PICTURE}", "several-urls", None),
    "text.md": ("see their website", "not-an-address", None),
    "mail.md": ("mailto:desk@typed.example", "unknown-scheme", None),
}
SIZED = (
    f'images:\n  - url: "{PICTURE}"\n    width: 1,200 # wide\n    height: "675 px"\n'
    f"  - url: \"{PICTURE}?b\"\n    width: '1200'\n    height: 675.0"
)


@dataclass(frozen=True)
class Run:
    collection: Collection
    before: dict[str, bytes]
    report: Report
    rows: list[dict[str, str]]
    applied: list[Completed]
    audited: dict[str, bytes]


@pytest.fixture(scope="module", params=["", "site_url: https://own.example\n"])
def run(
    request: pytest.FixtureRequest,
    module_web: LoopbackWeb,
    tmp_path_factory: pytest.TempPathFactory,
) -> Run:
    made = Collection(tmp_path_factory.mktemp("typed"))
    made.add(".linkhealth.yml", request.param or "write_back: own\n")
    for name, (raw, _, _) in TYPED.items():
        made.add(name, article(web=raw))
    made.add("cleaned.md", article(web=CLEANED))
    made.add("data.md", article(web=GOOD, extra=f"images:\n  - url: {DATA}\n    width: 1"))
    made.add("sized.md", article(web=GOOD, extra=SIZED))
    module_web.clean()
    module_web.set_rules(
        {GOOD: Answer(body=page("A title")), PICTURE: Answer(image=(1000, 500)),
         f"{PICTURE}?b": Answer(image=(1200, 675))}
    )  # fmt: skip
    before = made.contents()
    made.audit(module_web)
    audited = made.contents()
    path = made.root / ".linkhealth" / "reports" / "report.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    decided = [
        {**row, "decision": "accept"}
        for row in rows
        if row["kind"] == "dead-link" and row["suggestion"]
    ]
    decisions = tmp_path_factory.mktemp("decisions") / "decided.csv"
    with decisions.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(decided)
    applied = [
        run_command(module_web, "apply", *arguments, "--content", str(made.root), "--write")
        for arguments in ((str(decisions),), ("--suggested", "image-sizes"))
    ]
    return Run(made, before, made.report(), rows, applied, audited)


def test_what_was_typed_is_in_a_row_with_what_was_meant(run: Run) -> None:
    found = {
        row["path"]: (row["url"], row["reason"], row["suggestion"] or None)
        for row in run.rows
        if row["kind"] == "dead-link"
    }
    assert found == TYPED
    for raw, reason, mended in TYPED.values():
        entry = run.report.url(raw)
        assert (entry["verdict"], entry["reason"]) == ("invalid", reason)
        assert (entry["suggestion"] or {}).get("value") == mended


def test_an_unseen_end_is_left_out_of_the_visit_and_warned_of(run: Run) -> None:
    entry = run.report.url(GOOD)
    assert entry["verdict"] == "alive"
    assert entry["warnings"] == ["url-invisible-characters"]
    assert CLEANED not in run.report.urls


def test_a_data_url_is_no_link(run: Run) -> None:
    assert not any(url.startswith("data:") for url in run.report.urls)
    assert not any("data:" in row["url"] for row in run.rows)
    assert b"data:" not in run.audited["data.md"].partition(b"linkHealth")[2]
    assert len(run.audited["data.md"]) < len(run.before["data.md"]) + 300


def test_accepted_suggestions_are_written(run: Run) -> None:
    assert [one.code for one in run.applied] == [0, 0], [one.stdout for one in run.applied]
    after = run.collection.contents()
    for name, (raw, _, mended) in TYPED.items():
        expected = run.audited[name]
        if mended is not None:
            old = next(line for line in expected.splitlines() if line.startswith(b"webUrl:"))
            expected = expected.replace(old, f'webUrl: "{mended}"'.encode(), 1)
            assert raw.replace('"', '\\"').encode() in old
        assert after[name] == expected


def test_sizes_are_replaced_however_they_are_written_and_nothing_else(run: Run) -> None:
    after = run.collection.contents()["sized.md"]
    expected = run.audited["sized.md"].replace(b"1,200 #", b"1000 #").replace(b'"675 px"', b'"500"')
    assert after == expected
    assert b"width: 1000 # wide" in after
    assert b"width: '1200'\n    height: 675.0" in after

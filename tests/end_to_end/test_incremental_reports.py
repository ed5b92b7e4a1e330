"""A run in which nothing changed writes nothing, with real processes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from crawler.reporting.written import NOTE
from tests.end_to_end.collection import Collection, article, run_command
from tests.web.rules import Answer, Rules
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-incremental")

LOST, WELL = "https://lost.example/story", "https://well.example/story"
DAY = "2026-03-01T12:00:00Z"


@pytest.fixture
def collection(tmp_path: Path, module_web: LoopbackWeb) -> Collection:
    made = Collection(tmp_path / "content")
    made.add("lost.md", article(web=LOST))
    made.add("well.md", article(web=WELL))
    module_web.set_rules(Rules({LOST: Answer(status=404)}))
    return made


def audit(web: LoopbackWeb, collection: Collection, *options: str) -> Completed:
    ended = collection.audit(web, *options, LINKHEALTH_CLOCK=DAY)
    assert ended.code == 0, ended.stderr
    return ended


def marks(collection: Collection) -> dict[str, tuple[int, int]]:
    folder = collection.root / ".linkhealth/reports"
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.iterdir()}


def test_what_is_written_when(collection: Collection, module_web: LoopbackWeb) -> None:
    audit(module_web, collection)
    # What was newly broken is so no more: that is another report, and the block is in the file.
    audit(module_web, collection)
    before = marks(collection)
    assert {"report.json", "report.csv", "report.html", NOTE} == before.keys()

    again = audit(module_web, collection)
    assert marks(collection) == before
    assert "report.html" in again.stdout
    options = {"LINKHEALTH_CLOCK": DAY}
    assert run_command(module_web, "report", str(collection.root), env=options).code == 0
    assert marks(collection) == before

    page = collection.root / ".linkhealth/reports/report.html"
    whole = page.read_bytes()
    page.write_bytes(whole.replace(b"lost.example", b"fine.example"))
    audit(module_web, collection)
    assert b"fine.example" not in page.read_bytes()
    assert marks(collection)["report.json"] == before["report.json"]

    ignored = ["ignore", LOST, str(collection.root), "--reason", "it works"]
    assert run_command(module_web, *ignored, env=options).code == 0
    assert run_command(module_web, "report", str(collection.root), env=options).code == 0
    after = marks(collection)
    assert not {after[name] for name in before if name != NOTE} & {*before.values()}


def test_long_writing_shows_how_far_it_has_come(
    collection: Collection, module_web: LoopbackWeb
) -> None:
    """A clock that runs fast in the place of hours of work."""
    audit(module_web, collection)
    prelude = (
        "import crawler.reporting.status_line as s; ticks = iter(range(10**9)); "
        "real = s.StatusLine.__init__; "
        "s.StatusLine.__init__ = lambda self, stream, now=None: real(self, stream, lambda: 31.0 * next(ticks)); "
        "from crawler.__main__ import main; import sys; sys.argv[0] = 'linkhealth'; main()"
    )
    command = [sys.executable, "-c", prelude, "report", str(collection.root), "--out"]
    out = str(collection.root.parent / "out")
    environment = module_web.environment() | {"NO_COLOR": "1"}
    shown = module_web.run([*command, out], env=environment)
    assert shown.code == 0, shown.stderr
    for name in ("report.json", "report.csv", "report.html"):
        assert f"linkhealth: writing {name}, " in shown.stderr
    assert "\x1b" not in shown.stderr + shown.stdout
    quiet = module_web.run([*command, f"{out}-2", "-q"], env=environment)
    assert (quiet.code, quiet.stdout, quiet.stderr) == (0, "", "")
    assert Path(f"{out}-2/report.json").exists()

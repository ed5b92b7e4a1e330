"""Whole runs over real collections on true names and ports, in a network of their own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.collection import Collection
from tests.web.namespace import NamespaceWeb

pytestmark = [pytest.mark.namespace, pytest.mark.xdist_group("end-to-end-true-names")]


BROKEN_IN_DIABLO = {
    "_games/dm-diablo-immortal-barbarian-has-the-most-overpowered-build-in-diablo-4.md": 13,
    "_games/dm-diablo-immortal-diablo-4-open-beta-day-1-launch-druid-gameplay.md": 13,
    "_games/dm-diablo-immortal-how-good-is-diablo-4-druid.md": 13,
    "_games/dm-diablo-immortal-this-diablo-4-druid-hardcore-build-is-unstoppable.md": 13,
}


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("archive", "step", "broken"),
    [("azure-news", 900, {}), ("diablo4-md", 120, BROKEN_IN_DIABLO)],
    ids=["azure", "diablo"],
)
def test_a_sample_of_a_real_collection(
    archive: str,
    step: int,
    broken: dict[str, int],
    true_web: NamespaceWeb,
    shared: Path,
    tmp_path: Path,
) -> None:
    """Every `step`th file: visited once, written, left alone by the next run, restored.

    The whole collections are a benchmark's (benchmarks/README.md).
    """
    collection = Collection(tmp_path / "content")
    collection.add_sample(shared / "corpus" / f"{archive}.tar.xz", step, broken)
    before = collection.contents()
    true_web.set_names()
    true_web.set_rules({})
    true_web.forget()
    ended = collection.audit(true_web, "--fail-on", "never")
    assert ended.code == 0, ended.stderr
    # A slow run prints its progress, and nothing else.
    assert all(line.startswith("linkhealth: ") for line in ended.stderr.splitlines())
    report = collection.report()
    articles = sum(data.startswith(b"---") for data in before.values()) - len(broken)
    assert report.summary["articles"] == articles
    asked = Counter(request.url for request in true_web.requests())
    wanted = {url for url, verdict, _ in report.opinions() if verdict not in _NOT_ASKED}
    assert wanted - set(asked) == set()
    assert set(asked) - wanted == set()
    assert {url: times for url, times in asked.items() if times != 1} == {}
    assert report.summary["by_verdict"]["unchecked"] == 0
    assert _broken_files(report.document["problems"]) == broken

    written = collection.files()
    changed = {name for name, (data, _) in written.items() if data != before[name]}
    assert changed == {
        reference["path"]
        for entry in report.document["urls"]
        for reference in entry["references"]
        if entry["checked_at"] or entry["verdict"] == "invalid"
    }
    true_web.forget()
    again = collection.audit(true_web, "--fail-on", "never")
    assert (again.code, again.stderr) == (0, "")
    assert true_web.requests(robots=True) == []
    assert collection.files() == written

    assert true_web.run_crawler("strip", str(collection.root)).code == 0
    assert collection.contents() == before


_NOT_ASKED = ("invalid", "excluded")


def _broken_files(problems: list[dict[str, Any]]) -> dict[str, int]:
    """The files that are no YAML, with the line where that shows."""
    return {one["path"]: one["line"] for one in problems if one["code"] == "invalid-yaml"}

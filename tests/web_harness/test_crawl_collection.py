from __future__ import annotations

import importlib.util
import json
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.web import LoopbackWeb, Request
from tests.web.process import PROJECT


@pytest.fixture(scope="module")
def bench() -> Iterator[ModuleType]:
    path = PROJECT / "benchmarks" / "crawl_collection.py"
    spec = importlib.util.spec_from_file_location("crawl_collection", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]
    sys.path[:] = before


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://A.example", "https://a.example/"),
        ("https://a.example:443/p?q#f", "https://a.example/p?q"),
        ("https://é.example/à b", "https://xn--9ca.example/%C3%A0%20b"),
        ("http://u:p@a.example:8080/p", "http://a.example:8080/p"),
    ],
)
def test_a_url_is_compared_as_the_origin_sees_it(bench: ModuleType, url: str, asked: str) -> None:
    assert bench.as_asked(url) == asked


def test_changes_are_found_and_our_own_folder_is_not_counted(
    bench: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / ".linkhealth").mkdir()
    for name in ("same", "changed", "removed", ".linkhealth/state"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    before = bench.digests(tmp_path)
    (tmp_path / "changed").write_text("else", encoding="utf-8")
    (tmp_path / ".linkhealth/state").write_text("else", encoding="utf-8")
    (tmp_path / "removed").unlink()
    (tmp_path / "added").write_text("new", encoding="utf-8")
    found = bench.differing(before, bench.digests(tmp_path))
    assert found == ["added", "changed", "removed"]


def test_a_sample_of_an_archive_is_unpacked(bench: ModuleType, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for number in range(5):
        (source / f"{number}.md").write_text("---\n---\n", encoding="utf-8")
    archive = tmp_path / "source.tar.xz"
    with tarfile.open(archive, "w:xz") as packed:
        packed.add(source, "items")
    bench.unpack(archive, tmp_path / "out", 2)
    assert sorted(path.name for path in (tmp_path / "out").rglob("*.md")) == ["0.md", "1.md"]


def visited(url: str) -> Request:
    host, _, target = url.removeprefix("https://").partition("/")
    return Request(0.0, "https", host, f"/{target}", "GET", {}, 1, "127.0.0.1")


_BOTH = ("https://a.example/1", "https://a.example/2")


@pytest.mark.parametrize(
    ("asked", "failed"),
    [
        (_BOTH, set()),
        ((*_BOTH, "https://a.example/robots.txt"), set()),
        ((*_BOTH, _BOTH[0]), {"no URL is asked for twice"}),
        (_BOTH[:1], {"every URL of the report is asked for"}),
        ((*_BOTH, "https://a.example/3"), {"nothing else is asked for"}),
        ((), {"no URL is asked for twice", "every URL of the report is asked for"}),
    ],
)
def test_visits_are_compared_with_the_report(
    bench: ModuleType, tmp_path: Path, asked: tuple[str, ...], failed: set[str]
) -> None:
    report = tmp_path / ".linkhealth" / "reports" / "report.json"
    report.parent.mkdir(parents=True)
    entries = [{"url": url, "verdict": "alive"} for url in _BOTH]
    entries.append({"url": "nonsense", "verdict": "invalid"})
    report.write_text(json.dumps({"urls": entries}), encoding="utf-8")
    checked = bench.Bench(LoopbackWeb(), tmp_path, bench.parse([str(tmp_path)]))
    checked.check_visits([visited(url) for url in asked])
    assert {check.name for check in checked.result.checks if not check.passed} == failed


def test_a_missing_report_fails(bench: ModuleType, tmp_path: Path) -> None:
    checked = bench.Bench(LoopbackWeb(), tmp_path, bench.parse([str(tmp_path)]))
    checked.check_visits([visited(_BOTH[0])])
    assert [check.seen for check in checked.result.checks if not check.passed] == ["no report.json"]

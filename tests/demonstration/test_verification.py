"""A report that differs from the scenes is found out, URL by URL."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.demonstration.scenes import ROUNDS, load_scenes
from crawler.demonstration.verification import Finding, Findings, differences
from crawler.model.verdict import VerdictKind

SCENES = load_scenes()
PAGE = "https://harborgazette.example/news/evening-ferry-631270"
PICTURE = "https://images.parcelcdn.example/saturday-market-1200x900.png"
BACK = "https://smallhours.example/listen/night-train"
TIDE = "https://lowtidepress.example/salt-maps"


def as_expected(number: int) -> Findings:
    urls = {}
    for url, scene in SCENES.items():
        verdict = scene.verdict(number)
        answer = scene.answer(number)
        if verdict is not None:
            size = None if answer is None else answer.size
            urls[url] = Finding(verdict, "reason", size)
    return Findings(urls, ())


def changed(url: str, **change: Any) -> Findings:
    findings = as_expected(1)
    return Findings({**findings.urls, url: replace(findings.urls[url], **change)}, ())


@pytest.mark.parametrize("number", ROUNDS)
def test_an_expected_report_has_no_differences(number: int) -> None:
    assert list(differences(as_expected(number), SCENES, number)) == []


@pytest.mark.parametrize(
    ("findings", "line"),
    [
        (
            changed(PAGE, verdict=VerdictKind.DEAD, reason="http-404"),
            f"{PAGE}: expected alive, found dead (http-404)",
        ),
        (
            changed(PICTURE, size=(640, 360)),
            f"{PICTURE}: expected an image of 1200x900, found 640x360",
        ),
        (
            changed(PICTURE, size=None),
            f"{PICTURE}: expected an image of 1200x900, found unknown size",
        ),
        (
            Findings({**as_expected(1).urls, "https://x.example/": as_expected(1).urls[PAGE]}, ()),
            "https://x.example/: in the report, but no file of the collection names it",
        ),
        (
            Findings({u: f for u, f in as_expected(1).urls.items() if u != PAGE}, ()),
            f"{PAGE}: expected alive, not in the report",
        ),
    ],
)
def test_each_difference_is_named(findings: Findings, line: str) -> None:
    assert list(differences(findings, SCENES, 1)) == [line]


def test_the_rounds_are_compared() -> None:
    first, second = as_expected(1), as_expected(2)
    assert second.newly_gone(first) == [PAGE]
    assert second.recovered(first) == [BACK]
    assert second.resized(first) == [PICTURE]
    assert TIDE in second.confirmed(first)
    assert len(second.confirmed(first)) == 2
    assert first.by_verdict().total() == len(first.urls)
    assert second.example(VerdictKind.DEAD)[0] == "https://lowtidepress.example/driftwood"


def test_a_report_is_read(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    report = {
        "urls": [
            {"url": "a", "verdict": "alive", "reason": "ok", "image": {"width": 2, "height": 1}},
            {"url": "b", "verdict": "dead", "reason": "http-410", "image": None},
            {
                "url": "c",
                "verdict": "broken",
                "reason": "html-for-image",
                "image": {"width": None, "height": None},
            },
        ],
        "problems": [{"path": "x.md", "line": 3, "code": "invalid-yaml", "message": "odd"}],
    }
    path.write_text(json.dumps(report), encoding="utf-8")
    assert Findings.read(path) == Findings(
        {
            "a": Finding(VerdictKind.ALIVE, "ok", (2, 1)),
            "b": Finding(VerdictKind.DEAD, "http-410", None),
            "c": Finding(VerdictKind.BROKEN, "html-for-image", None),
        },
        (("x.md", 3, "odd"),),
    )

"""The comparison of a report with what the scenes expect."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.demonstration.scenes import Scene
from crawler.demonstration.scripted_answers import Answer
from crawler.model.verdict import VerdictKind


@dataclass(frozen=True, slots=True)
class Finding:
    """One URL in a report; `size` is the image's width and height."""

    verdict: VerdictKind
    reason: str
    size: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Findings:
    """The contents of one report: each URL, and the files that could not be read."""

    urls: Mapping[str, Finding]
    problems: tuple[tuple[str, int, str], ...]
    """Path, line, message."""

    @classmethod
    def read(cls, path: Path) -> Findings:
        """Read a `report.json`. Raises OSError, ValueError, KeyError or TypeError for another file."""
        report = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            {entry["url"]: _finding(entry) for entry in report["urls"]},
            tuple((row["path"], row["line"], row["message"]) for row in report["problems"]),
        )

    def by_verdict(self) -> Counter[VerdictKind]:
        """How many URLs each verdict has."""
        return Counter(finding.verdict for finding in self.urls.values())

    def example(self, kind: VerdictKind) -> tuple[str, Finding]:
        """The first URL of a verdict, by name. Raises ValueError where there is none."""
        return min(
            (pair for pair in self.urls.items() if pair[1].verdict is kind),
            key=lambda pair: pair[0],
        )

    def newly_gone(self, before: Findings) -> list[str]:
        """The URLs that the earlier report did not call gone."""
        return sorted(
            url
            for url, finding in self.urls.items()
            if finding.verdict.is_gone and not before.is_gone(url)
        )

    def recovered(self, before: Findings) -> list[str]:
        """The URLs that the earlier report called gone and that answer again."""
        answering = (VerdictKind.ALIVE, VerdictKind.MOVED)
        return sorted(
            url
            for url, finding in self.urls.items()
            if finding.verdict in answering and before.is_gone(url)
        )

    def confirmed(self, before: Findings) -> list[str]:
        """The URLs whose verdict became `dead`."""
        return sorted(
            url
            for url, finding in self.urls.items()
            if finding.verdict is VerdictKind.DEAD
            and before.urls[url].verdict is not VerdictKind.DEAD
        )

    def resized(self, before: Findings) -> list[str]:
        """The images whose size differs from the earlier report."""
        return sorted(
            url
            for url, finding in self.urls.items()
            if finding.size is not None
            and url in before.urls
            and before.urls[url].size not in (None, finding.size)
        )

    def is_gone(self, url: str) -> bool:
        """Whether the report calls `url` broken or dead."""
        return url in self.urls and self.urls[url].verdict.is_gone


def differences(findings: Findings, scenes: Mapping[str, Scene], number: int) -> Iterator[str]:
    """One line for each URL on which the report differs from the scenes of round `number`."""
    for url, scene in scenes.items():
        expected = scene.verdict(number)
        if expected is None:
            continue
        found = findings.urls.get(url)
        if found is None:
            yield f"{url}: expected {expected}, not in the report"
        elif found.verdict is not expected:
            yield f"{url}: expected {expected}, found {found.verdict} ({found.reason})"
        elif found.verdict is VerdictKind.ALIVE:
            yield from _size_differences(url, found, scene.answer(number))
    for url in findings.urls:
        if url not in scenes or scenes[url].verdicts is None:
            yield f"{url}: in the report, but no file of the collection names it"


def _size_differences(url: str, found: Finding, answer: Answer | None) -> Iterator[str]:
    if answer is not None and answer.size is not None and found.size != answer.size:
        yield f"{url}: expected an image of {_size(answer.size)}, found {_size(found.size)}"


def _size(size: tuple[int, int] | None) -> str:
    return "unknown size" if size is None else f"{size[0]}x{size[1]}"


def _finding(entry: Mapping[str, Any]) -> Finding:
    image = entry["image"]
    # A body that is no image, or an image of unknown format, has no size.
    size = None if image is None or not image["width"] else (image["width"], image["height"])
    return Finding(VerdictKind(entry["verdict"]), entry["reason"], size)

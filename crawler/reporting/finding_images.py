"""The images that an editor has to see to decide on a finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from crawler.model.check import Level
from crawler.reporting.finding import Finding, FindingKind
from crawler.reporting.findings import Findings
from crawler.rules.image.image_candidates import IMAGE_OFFERED

PICTURED: Mapping[FindingKind, int] = MappingProxyType(
    {
        FindingKind.DEAD_LINK: 1000,
        FindingKind.IMAGE: 300,
        FindingKind.METADATA: 200,
    }
)
"""Of how many findings of each kind a report shows pictures, the most urgent ones: each picture is fetched."""


def pictures_of(finding: Finding) -> tuple[str, ...]:
    """The URLs, as they stand in the file, of the images that help to decide on a finding."""
    suggested = finding.suggestion or ""
    match finding.kind:
        case FindingKind.IMAGE:
            shown = finding.url if finding.level is not Level.INFO else ""
            found = (shown, suggested if _is_address(suggested) else "")
        case FindingKind.METADATA:
            is_of_image = finding.reason == IMAGE_OFFERED or finding.at == "image"
            found = ((suggested or finding.actual or "") if is_of_image else "", "")
        case FindingKind.DEAD_LINK:
            is_of_image = "images/" in finding.at
            found = (suggested if is_of_image else "", "")
        case _:
            found = ("", "")
    return tuple(dict.fromkeys(filter(None, found)))


def pictured(findings: Findings, limits: Mapping[FindingKind, int]) -> Iterator[tuple[str, str]]:
    """The path of an article and a URL as it stands there, for every image in the rows that are shown, most urgent
    rows of each kind first."""
    for kind, limit in limits.items():
        for finding in findings.most_urgent(kind, limit):
            for url in pictures_of(finding):
                yield finding.path, url


def _is_address(text: str) -> bool:
    """Whether a suggestion is a URL and not a size."""
    return "/" in text

from __future__ import annotations

import pytest

from crawler.model.check import Level
from crawler.reporting.finding import Finding, FindingKind
from crawler.reporting.finding_images import pictures_of

AT, URL, OTHER = "images/0", "https://pictures.example/a.png", "https://pictures.example/b.png"


@pytest.mark.parametrize(
    ("kind", "facts", "pictures"),
    [
        (FindingKind.IMAGE, {}, (URL,)),
        (FindingKind.IMAGE, {"suggestion": "40x30"}, (URL,)),
        (FindingKind.IMAGE, {"suggestion": OTHER}, (URL, OTHER)),
        (FindingKind.IMAGE, {"suggestion": URL}, (URL,)),
        (FindingKind.IMAGE, {"level": Level.INFO}, ()),
        (FindingKind.METADATA, {"at": "image", "actual": OTHER}, (OTHER,)),
        (FindingKind.METADATA, {"at": "image", "actual": OTHER, "suggestion": URL}, (URL,)),
        (FindingKind.METADATA, {"reason": "image-offered", "actual": OTHER}, (OTHER,)),
        (FindingKind.METADATA, {"at": "image"}, ()),
        (FindingKind.METADATA, {"at": "title", "actual": OTHER}, ()),
        (FindingKind.DEAD_LINK, {"suggestion": OTHER}, (OTHER,)),
        (FindingKind.DEAD_LINK, {}, ()),
        (FindingKind.DEAD_LINK, {"at": "webUrl", "suggestion": OTHER}, ()),
        (FindingKind.MOVED, {"suggestion": OTHER}, ()),
    ],
)
def test_the_pictures_that_help_to_decide(
    kind: FindingKind, facts: dict[str, object], pictures: tuple[str, ...]
) -> None:
    known = {"reason": "size-mismatch", "level": Level.WARNING, "at": AT, "url": URL} | facts
    finding = Finding(kind, "a.md", **known)  # type: ignore[arg-type]
    assert pictures_of(finding) == pictures

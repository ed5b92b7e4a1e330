"""Findings about the parts of pages that links name (rule K8)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.model.check import Level, LinkedReference
from crawler.model.observation import Anchors, PageFacts
from crawler.model.role import Role
from crawler.model.verdict import VerdictKind, WarningCode
from crawler.rules.anchors import marks_of
from crawler.rules.article.parts import part_findings
from tests.rules.articles import linked

PAGE = PageFacts(anchors=Anchors(marks_of(["there"]), absent=("gone%20words",)))
SCRIPTED = PageFacts(anchors=Anchors(marks_of(["there"]), is_scripted=True))


def named(
    raw: str, role: Role = Role.BODY, page: PageFacts | None = PAGE, **facts: object
) -> LinkedReference:
    one = linked(role, pointer="body/0", page=page, **facts)  # type: ignore[arg-type]
    return replace(one, reference=replace(one.reference, raw=raw))


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (named("https://a.test/#there"), []),
        (named("https://a.test/#gone"), [("fragment-missing", Level.WARNING)]),
        (named("https://a.test/#gone", Role.LINK), [("fragment-missing", Level.WARNING)]),
        (named("https://a.test/#gone", Role.WEB), []),
        (named("https://a.test/#gone", page=SCRIPTED), [("fragment-missing", Level.INFO)]),
        (named("https://a.test/#gone", page=PageFacts()), []),
        (named("https://a.test/#gone", page=None), []),
        (named("https://a.test/#gone", kind=VerdictKind.BROKEN), []),
        (named("https://a.test/#gone", kind=VerdictKind.UNVERIFIABLE), []),
        (named("https://a.test/#gone", warnings=(WarningCode.BODY_INCOMPLETE,)), []),
        (named("https://a.test/#page=2"), []),
        (named("https://a.test/#:~:text=gone%20words"), [("text-fragment-missing", Level.INFO)]),
        (named("https://a.test/#:~:text=other"), []),
        (
            named("https://a.test/#gone:~:text=gone%20words"),
            [("fragment-missing", Level.WARNING), ("text-fragment-missing", Level.INFO)],
        ),
    ],
)
def test_what_is_told(one: LinkedReference, found: list[tuple[str, Level]]) -> None:
    told = part_findings([one])
    assert [(finding.reason, finding.level) for finding in told] == found
    assert all((finding.at, finding.url) == ("body/0", one.reference.raw) for finding in told)

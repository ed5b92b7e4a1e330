"""Rule I20: another picture at the same address."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.model.observation import (
    CertificateFault,
    FailureKind,
    ImageFacts,
    Inconclusive,
    Observation,
)
from crawler.model.verdict import WarningCode
from crawler.rules.policy import Policy
from crawler.rules.verdict.judgement import judge_link
from crawler.rules.verdict.replaced_image import is_replaced

URL = "https://news.example/photo.jpg"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def seen(
    run: int,
    picture: str | None = "a",
    *,
    etag: str | None = None,
    modified: str | None = None,
    kind: str = "JPEG",
    size: tuple[int, int] = (800, 600),
) -> Observation:
    """A visit that got a picture; its fingerprint is its name, and so is its validator unless one is given."""
    image = ImageFacts(kind, *size, 90_000, 16_384, fingerprint=picture) if picture else None
    if etag is None and modified is None:
        etag = f'"{picture}"'
    return Observation(
        URL,
        START + timedelta(days=run),
        run,
        status=200,
        image=image,
        etag=etag or None,
        last_modified=modified,
    )


NOT_MODIFIED = Observation(URL, START + timedelta(days=2), 2, status=304, etag='"a"')
MISSING = Observation(URL, START + timedelta(days=2), 2, status=404)


@pytest.mark.parametrize(
    "history",
    [
        [seen(1), seen(2, "b")],
        [seen(1), seen(2), seen(3, "b")],
        [seen(1), NOT_MODIFIED, seen(3, "b")],
        [seen(1), MISSING, seen(3, "b")],
        [seen(1, modified="Mon"), seen(2, "b", modified="Tue")],
        [seen(1, etag="W/x"), seen(2, "b", etag="W/y")],
        [seen(1, etag="x", modified="Mon"), seen(2, "b", etag="x", modified="Tue")],
        [seen(1), seen(2, "b", kind="PNG", size=(400, 300))],
        [seen(1), seen(2, "b"), seen(3, "b"), seen(4, "c")],
        # twice in one run counts once
        [seen(1), seen(2), seen(2, "b")],
    ],
)
def test_another_picture(history: list[Observation]) -> None:
    assert is_replaced(history)
    judged = judge_link(history, [URL], None, None, history[-1].at, Policy())
    assert WarningCode.IMAGE_CHANGED in judged.verdict.warnings


@pytest.mark.parametrize(
    "history",
    [
        [],
        [seen(1)],
        [seen(1), seen(2)],
        [MISSING, seen(3)],
        # told when it was seen, and not again
        [seen(1), seen(2, "b"), seen(3, "b")],
        [seen(1), seen(2, "b"), replace(NOT_MODIFIED, run=3)],
        [seen(1), seen(2, "b"), replace(MISSING, run=3)],
        # the bytes, or the validator, alone
        [seen(1, etag="x"), seen(2, etag="y")],
        [seen(1, etag="x"), seen(2, "b", etag="x")],
        [seen(1, etag="x"), seen(2, "b", etag="W/x")],
        [seen(1, etag=""), seen(2, "b", etag="")],
        [seen(1, etag="x"), seen(2, "b", modified="Tue")],
        # too little is known
        [seen(1), seen(2, None)],
        [seen(1, None), seen(2)],
        # the same picture in another format, and one that was there before
        [seen(1), seen(2, "b", kind="WEBP")],
        [seen(1), seen(2, "b"), seen(3)],
        # a webcam
        [seen(1), seen(2, "b"), seen(3, "c")],
        # what is not the site's, or not the web's
        [seen(1), replace(seen(2, "b"), certificate=CertificateFault.WRONG_HOST)],
        [seen(1), replace(seen(2, "b"), inconclusive=Inconclusive.PORTAL)],
        [replace(seen(1), status=None), replace(seen(2, "b"), status=None)],
        [seen(1), replace(seen(2, "b"), status=404)],
        [seen(1), Observation(URL, START, 2, failure=FailureKind.RESPONSE_TIMEOUT)],
    ],
)
def test_no_other_picture(history: list[Observation]) -> None:
    assert not is_replaced(history)

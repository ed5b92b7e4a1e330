from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator, FormatChecker

from crawler.model.alarm import Alarm, AlarmCode
from crawler.model.article import Problem, ProblemCode
from crawler.model.change import Change
from crawler.model.check import (
    ArticleChecks,
    ChangeKind,
    DeadLink,
    FieldChange,
    FieldFinding,
    FieldState,
    Freshness,
    FreshnessState,
    ImageSize,
    Level,
    Size,
    UpdateKind,
)
from crawler.model.decision import Decision
from crawler.model.held import Held, HeldReason
from crawler.model.host_certificate import HostCertificate, Validity
from crawler.model.link import Link
from crawler.model.observation import Hop, ImageFacts, Notice, NoticeKind, PageFacts
from crawler.model.priority import Factor, Priority, PriorityPart
from crawler.model.reference import Reference, Scope
from crawler.model.report import ArticleEntry, Report, UrlEntry
from crawler.model.role import Role
from crawler.model.run import Run
from crawler.model.verdict import Suggestion, SuggestionKind, Verdict, VerdictKind, WarningCode
from crawler.reporting.formats.json_report import schema, write_json
from crawler.reporting.words.written_dates import date_in_words, iso_date, iso_time, time_in_words
from crawler.rules.credentials import without_credentials
from tests.strategies.examples import examples
from tests.strategies.model import report_of, reports

VALIDATOR = Draft202012Validator(schema(), format_checker=FormatChecker())
NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, UTC)
DECISION = Decision("https://a.test/", "it works", NOON, until=NOON)


def text_of(report: Report) -> str:
    stream = io.StringIO()
    write_json(report, stream)
    return stream.getvalue()


PRIORITY = Priority(
    123,
    (
        PriorityPart(Factor.TROUBLE, "dead", 1),
        PriorityPart(Factor.FIELD, "related", 2),
        PriorityPart(Factor.AGE, "1", 1.1234),
        PriorityPart(Factor.REFERENCES, "12", 2.0792),
        PriorityPart(Factor.HEAT, "-1", 1),
        PriorityPart(Factor.QUALITY, "3.5", 0.535),
        PriorityPart(Factor.PUBLISHED, "no", 0.25),
    ),
)


def one_of_each() -> Report:
    reference = Reference(
        "a.md", 7, "ampWebUrl", Role.AMP, Scope.OWN, "https://a.test", "https://a.test/"
    )
    link = Link(
        id=1,
        url="https://a.test/",
        verdict=Verdict(
            VerdictKind.BROKEN,
            "http-404",
            "status-gone",
            strikes=1,
            since=NOON,
            failing_since=NOON,
            warnings=(WarningCode.BODY_INCOMPLETE,),
            suggestion=Suggestion(SuggestionKind.REPLACE_URL, "https://b.test/"),
        ),
        status=404,
        final_url="https://b.test/",
        hops=(Hop("https://a.test/", 301),),
        checked_at=NOON,
        due_at=NOON,
        page=PageFacts(title="T", authors=("A",), paywalled=False, titles=("T", "U")),
        image=ImageFacts("JPEG", 1024, 576, None, 16_384, 576, 1024, False, "image/jpeg", "9:f"),
    )
    checks = ArticleChecks(
        (
            DeadLink(
                "ampWebUrl",
                7,
                VerdictKind.BROKEN,
                "http-404",
                date(2026, 11, 22),
                "https://a.test",
            ),
        ),
        Freshness(
            FreshnessState.DRIFTED,
            ("title",),
            date(2020, 6, 11),
            UpdateKind.TOUCHED,
            {"title": FieldState.DRIFTED, "image": FieldState.MISSING},
            notice=Notice(NoticeKind.CORRECTED, "The year was 2019."),
        ),
        (
            ImageSize(
                "images/0",
                9,
                "size-mismatch",
                Level.WARNING,
                Size(1400, 787),
                None,
                "https://i.test",
            ),
        ),
        (
            FieldFinding(
                "ampWebUrl",
                8,
                "amp-not-amp",
                Level.INFO,
                "https://a.test/amp",
                None,
                "charset",
            ),
        ),
        (
            FieldFinding(
                "webUrl",
                6,
                "canonical-differs",
                Level.INFO,
                "https://a.test/x",
                "https://a.test/y",
                None,
                ChangeKind.REPLACE,
                ("b.md",),
            ),
        ),
        (FieldChange("images/0", 0, ChangeKind.ADD, None, "https://i.test/2", "image-offered"),),
    )
    return report_of(
        [
            UrlEntry(
                link,
                (reference,),
                3,
                "Because.",
                DECISION,
                Change.NEW_BROKEN,
                PRIORITY,
                ("Ada", "@org/team"),
            )
        ],
        [ArticleEntry("a.md", "Title", checks, 4, 5, Priority(77), ("Ada",))],
        [Problem("b.md", 3, ProblemCode.INVALID_YAML, "no")],
        run=Run(1, NOON, None, None, 12),
        held=[Held(HeldReason.MASS_CHANGE, "http-404", "a.test", 12, 11, True, 1200)],
        certificates=[
            HostCertificate("a.test", Validity(NOON - timedelta(80), NOON + timedelta(10)), NOON),
            HostCertificate("b.test", Validity(NOON - timedelta(10), NOON + timedelta(80)), NOON),
        ],
        newly_broken=3,
        newly_dead=1,
        recovered=2,
    )


def test_the_contract_field_by_field() -> None:
    at = "2026-11-22T12:00:00Z"
    report = replace(one_of_each(), alarms=(Alarm(AlarmCode.HOST_DOWN, 3, 0, 12, "a.test"),))
    assert json.loads(text_of(report)) == {
        "schema": 1,
        "generated_at": "2026-11-22T10:30:00Z",
        "content": "articles",
        "run": {
            "id": 1,
            "started_at": at,
            "finished_at": None,
            "finish_reason": None,
            "requests": 12,
        },
        "summary": {
            "articles": 1,
            "references": 4,
            "urls": 1,
            "by_verdict": {kind: int(kind == "broken") for kind in VerdictKind},
            "newly_broken": 3,
            "newly_dead": 1,
            "recovered": 2,
        },
        "held": [
            {
                "reason": "mass-change",
                "cause": "http-404",
                "host": "a.test",
                "links": 12,
                "articles": 11,
                "first_run": True,
                "priority": 1200,
            }
        ],
        "alarms": [{"code": "host-down", "host": "a.test", "since": 3, "seen": 0, "usual": 12}],
        "certificates": [
            {"host": "a.test", "ends_at": "2026-12-02T12:00:00Z", "seen_at": "2026-11-22T12:00:00Z"}
        ],
        "problems": [{"path": "b.md", "line": 3, "code": "invalid-yaml", "message": "no"}],
        "urls": [
            {
                "url": "https://a.test/",
                "verdict": "broken",
                "reason": "http-404",
                "rule": "status-gone",
                "explanation": "Because.",
                "change": "new-broken",
                "since": at,
                "status": 404,
                "final_url": "https://b.test/",
                "redirects": [{"url": "https://a.test/", "status": 301}],
                "strikes": 1,
                "failing_since": at,
                "checked_at": at,
                "due_at": at,
                "decision": {"reason": "it works", "decided_at": at, "until": at},
                "warnings": ["body-incomplete"],
                "suggestion": {"kind": "replace-url", "value": "https://b.test/"},
                "image": {
                    "width": 1024,
                    "height": 576,
                    "stored_width": 576,
                    "stored_height": 1024,
                    "type": "JPEG",
                    "animated": False,
                    "served_type": "image/jpeg",
                    "bytes": None,
                    "bytes_read": 16_384,
                },
                "page": {
                    "title": "T",
                    "description": None,
                    "image": None,
                    "canonical": None,
                    "site_name": None,
                    "published": None,
                    "published_guessed": False,
                    "image_guessed": False,
                    "modified": None,
                    "amphtml": None,
                    "lang": None,
                    "type": None,
                    "authors": ["A"],
                    "paywalled": False,
                },
                "priority": 123,
                "priority_explanation": "10 × dead (1) × as a link of related articles (2) × for 1 day (1.12) × "
                "at 12 places (2.08) × heat -1 (1) × quality 3.5 (0.535) × not published (0.25)",
                "owners": ["Ada", "@org/team"],
                "references": [
                    {
                        "path": "a.md",
                        "line": 7,
                        "pointer": "ampWebUrl",
                        "role": "amp",
                        "scope": "own",
                    }
                ],
                "related_references": 3,
            }
        ],
        "articles": [
            {
                "path": "a.md",
                "title": "Title",
                "priority": 77,
                "owners": ["Ada"],
                "freshness": {
                    "state": "drifted",
                    "drift": ["title"],
                    "modified": "2020-06-11",
                    "walled": None,
                    "update": "touched",
                    "fields": {
                        "title": "drifted",
                        "excerpt": "unverifiable",
                        "publishedDateTime": "unverifiable",
                        "image": "missing",
                    },
                    "notice": {"kind": "corrected", "words": "The year was 2019."},
                },
                "dead_links": [
                    {
                        "at": "ampWebUrl",
                        "line": 7,
                        "verdict": "broken",
                        "reason": "http-404",
                        "since": "2026-11-22",
                        "url": "https://a.test",
                    }
                ],
                "image_sizes": [
                    {
                        "at": "images/0",
                        "line": 9,
                        "reason": "size-mismatch",
                        "level": "warning",
                        "declared": "1400x787",
                        "actual": None,
                        "detail": None,
                        "is_cached": False,
                        "url": "https://i.test",
                    }
                ],
                "amp": [
                    {
                        "at": "ampWebUrl",
                        "line": 8,
                        "reason": "amp-not-amp",
                        "level": "info",
                        "url": "https://a.test/amp",
                        "expected": None,
                        "actual": "charset",
                        "others": [],
                    }
                ],
                "identity": [
                    {
                        "at": "webUrl",
                        "line": 6,
                        "reason": "canonical-differs",
                        "level": "info",
                        "url": "https://a.test/x",
                        "expected": "https://a.test/y",
                        "actual": None,
                        "others": ["b.md"],
                    }
                ],
                "suggestions": [
                    {
                        "at": "images/0",
                        "line": 0,
                        "kind": "add",
                        "old": None,
                        "new": "https://i.test/2",
                        "reason": "image-offered",
                    }
                ],
                "related": {"dead_links": 4, "image_sizes": 5},
            }
        ],
    }


@settings(max_examples=examples(50))
@given(reports())
def test_every_report_meets_the_schema_and_is_plain_ascii(report: Report) -> None:
    text = text_of(report)
    assert text.isascii()
    found = json.loads(text, parse_constant=pytest.fail)
    VALIDATOR.validate(found)
    urls, articles = list(report.urls()), list(report.articles())
    shown = [without_credentials(entry.link.url) for entry in urls]
    assert [entry["url"] for entry in found["urls"]] == shown
    named = [without_credentials(entry.path) for entry in articles]
    assert [entry["path"] for entry in found["articles"]] == named


@pytest.mark.parametrize("report", [report_of(), one_of_each()], ids=["empty", "one-of-each"])
def test_hand_written_reports_meet_the_schema(report: Report) -> None:
    VALIDATOR.validate(json.loads(text_of(report)))


def _objects(value: Any, where: str = "") -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    if isinstance(value, dict):
        found.append((where, value))
        for name, inner in value.items():
            found += _objects(inner, f"{where}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found += _objects(inner, f"{where}/{index}")
    return found


def test_the_schema_is_strict_in_every_object() -> None:
    Draft202012Validator.check_schema(schema())
    whole = json.loads(text_of(one_of_each()))
    objects = _objects(whole)
    assert len(objects) > 15
    for _, value in objects:
        value["surprise"] = 1
        assert not VALIDATOR.is_valid(whole)
        del value["surprise"]
        for name in tuple(value):
            taken = value.pop(name)
            assert not VALIDATOR.is_valid(whole), name
            value[name] = taken
    VALIDATOR.validate(whole)


@pytest.mark.parametrize(
    ("enum", "path"),
    [
        (VerdictKind, "verdict"),
        (ProblemCode, "problem/properties/code"),
        (SuggestionKind, "suggestion/properties/kind"),
        (Role, "reference/properties/role"),
        (Scope, "reference/properties/scope"),
        (WarningCode, "url/properties/warnings/items"),
        (FreshnessState, "freshness/properties/state"),
        (Level, "image_size/properties/level"),
        (Level, "field_finding/properties/level"),
        (UpdateKind, "freshness/properties/update/anyOf/0"),
        (FieldState, "fields/properties/image"),
        (ChangeKind, "field_change/properties/kind"),
    ],
)
def test_the_schema_lists_what_the_model_has(enum: type[StrEnum], path: str) -> None:
    part: Any = schema()["$defs"]
    for name in path.split("/"):
        part = part[int(name) if isinstance(part, list) else name]
    assert part["enum"] == [member.value for member in enum]


def _schema_fields() -> dict[str, list[str]]:
    whole = schema()
    fields = {
        name: list(part["properties"])
        for name, part in whole["$defs"].items()
        if part.get("type") == "object"
    }
    return {"report": list(whole["properties"]), **fields}


def test_the_page_of_documentation_names_the_same_fields(project: Path) -> None:
    text = (project / "docs" / "reports.md").read_text("utf-8")
    documented = {
        name: re.findall(r"^\| `(\w+)` \|", body, re.MULTILINE)
        for name, body in re.findall(
            r"^#### `(\w+)`\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL
        )
    }
    expected = _schema_fields()
    expected["by_verdict"] = [kind.value for kind in VerdictKind]
    assert documented == expected


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (None, None),
        (NOON, "2026-11-22T12:00:00Z"),
        (datetime(2026, 11, 22, 12), "2026-11-22T12:00:00Z"),  # noqa: DTZ001
        (datetime(5, 1, 1, tzinfo=UTC), "0005-01-01T00:00:00Z"),
        (datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2025-12-31T23:00:00Z"),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), "0001-01-01T00:00:00Z"),
    ],
)
def test_times_are_utc(moment: datetime | None, written: str | None) -> None:
    assert iso_time(moment) == written


def test_dates_in_words_and_iso() -> None:
    late = datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    assert (iso_date(late), date_in_words(late)) == ("2025-12-31", "31 December 2025")
    assert time_in_words(late) == "31 December 2025, 23:00 UTC"
    assert date_in_words(date(2026, 5, 3)) == "3 May 2026"

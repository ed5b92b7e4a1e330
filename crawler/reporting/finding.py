"""A finding: one thing that an editor can decide, at one place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from crawler.model.article import Problem, ProblemCode
from crawler.model.change import Change
from crawler.model.check import (
    DECLARED_SIZE,
    ChangeKind,
    DeadLink,
    FieldChange,
    FieldFinding,
    ImageSize,
    Level,
    Size,
)
from crawler.model.held import Held
from crawler.model.host_certificate import HostCertificate
from crawler.model.observation import Notice, NoticeKind
from crawler.model.reference import Reference
from crawler.model.report import UrlEntry
from crawler.model.verdict import Verdict, VerdictKind, WarningCode
from crawler.reporting.words.held_words import (
    accept_command,
    held_history,
    held_in_words,
    held_priority,
)
from crawler.reporting.words.written_dates import date_in_words, iso_date
from crawler.rules.fragments import inherited

_HARMLESS_PROBLEMS = frozenset({ProblemCode.NO_FRONT_MATTER, ProblemCode.NOT_A_FILE})
_NO_PAGE_OF_ITS_OWN = (WarningCode.REDIRECTS_TO_HOME, WarningCode.REDIRECTS_TO_SECTION)
NOTICE_CODES = {
    NoticeKind.CORRECTED: "page-corrected",
    NoticeKind.RETRACTED: "page-retracted",
}
CERTIFICATE_ENDS = "certificate-ends"
"""The reason of a host whose certificate is about to end; documented in docs/reasons.md."""
_TO_DROP = "Take both fields out: ampWebUrl and cdnAmpWebUrl."


class FindingKind(StrEnum):
    """What a finding is about; the column `kind` of `report.csv`."""

    DEAD_LINK = "dead-link"
    MOVED = "moved"
    IMAGE = "image"
    METADATA = "metadata"
    AMP = "amp"
    IDENTITY = "identity"
    FILE = "file"
    HELD = "held"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to decide, at one place. Texts come from outside: escape them before showing them.

    `explanation` says in plain words why a link has its verdict and what would change that.
    `line` is 0 and `at` empty for the whole file. `priority` is the score of its URL or article (rule Q5). `declared` is the value in the file and `actual`
    what was found; a file's problem has its message in `actual`.
    """

    kind: FindingKind
    path: str
    reason: str
    level: Level
    line: int = 0
    at: str = ""
    verdict: VerdictKind | None = None
    url: str = ""
    status: int | None = None
    final_url: str | None = None
    suggestion: str | None = None
    declared: str | None = None
    actual: str | None = None
    since: date | None = None
    change: Change | None = None
    title: str | None = None
    explanation: str | None = None
    priority: int = 0
    owners: tuple[str, ...] = ()


def led_elsewhere(reference: Reference, entry: UrlEntry) -> Iterator[Finding]:
    """The finding on one place of a link that works and leads elsewhere: a new address is suggested, or it leads to no
    page of its own (rule N13)."""
    verdict = entry.link.verdict
    advice = next((code for code in verdict.warnings if code in _NO_PAGE_OF_ITS_OWN), None)
    if advice is not None:
        yield _at_place(FindingKind.MOVED, reference, entry, advice.value, Level.WARNING)
    elif verdict.kind is VerdictKind.MOVED or verdict.suggestion is not None:
        yield replace(
            _at_place(FindingKind.MOVED, reference, entry, verdict.reason, Level.INFO),
            suggestion=new_address(reference, verdict),
        )


def _at_place(
    kind: FindingKind, reference: Reference, entry: UrlEntry, reason: str, level: Level
) -> Finding:
    """What is found of a link, at one of its places."""
    link, verdict = entry.link, entry.link.verdict
    return Finding(
        kind,
        reference.path,
        reason,
        level,
        line=reference.line,
        at=reference.pointer,
        verdict=verdict.kind,
        url=reference.raw,
        status=link.status,
        final_url=link.final_url,
        since=verdict.since,
        priority=entry.priority.score,
    )


def new_address(reference: Reference, verdict: Verdict) -> str | None:
    """The suggested address as it would be written at one place, with the fragment of that place."""
    if verdict.suggestion is None:
        return None
    return inherited(verdict.suggestion.value, reference.raw)


def hijacked(reference: Reference, entry: UrlEntry) -> Finding:
    """One place of a link at which another owner's page answers; nothing is suggested."""
    found = _at_place(
        FindingKind.IDENTITY, reference, entry, entry.link.verdict.reason, Level.WARNING
    )
    return replace(found, explanation=entry.explanation)


def dead_link(path: str, dead: DeadLink, evidence: Mapping[str, Any]) -> Finding:
    """One dead link; `evidence` is its `status`, `final_url`, `suggestion`, `change`, `priority` and
    `explanation` where known."""
    return Finding(
        FindingKind.DEAD_LINK,
        path,
        dead.reason,
        Level.ERROR,
        line=dead.line,
        at=dead.at,
        verdict=dead.verdict,
        url=dead.url,
        since=dead.since,
        **evidence,
    )


def image(path: str, size: ImageSize) -> Finding:
    """One finding about an image; the suggestion is the measured size if the finding is about the declared one."""
    return Finding(
        FindingKind.IMAGE,
        path,
        size.reason,
        size.level,
        line=size.line,
        at=size.at,
        url=size.url,
        declared=_size(size.declared),
        actual=size.detail or _size(size.actual),
        suggestion=_size(size.actual) if size.reason in DECLARED_SIZE else None,
    )


def with_image(
    finding: Finding, changes: Mapping[tuple[str, str], FieldChange], reason: str | None
) -> Finding:
    """A finding about an image, with the address of a replacing image if one was found.

    `changes` are by field and reason.
    """
    change = changes.get((finding.at, reason or ""))
    if change is None or change.new is None:
        return finding
    sides = [changes.get((f"{finding.at}/{side}", change.reason)) for side in ("width", "height")]
    width, height = (side.new if side else None for side in sides)
    measured = f", measured as {width}x{height}" if width and height else ""
    text = f"Another address does better{measured}: see the suggestion."
    return replace(
        finding,
        suggestion=change.new,
        explanation=" ".join(filter(None, (finding.explanation, text))),
    )


def address(kind: FindingKind, path: str, found: FieldFinding) -> Finding:
    """One finding about an address of the article, or its provider: its AMP page or its identity."""
    return Finding(
        kind,
        path,
        found.reason,
        found.level,
        line=found.line,
        at=found.at,
        url=found.url,
        declared=found.url or None,
        actual=", ".join(found.others) or found.actual or found.expected,
        suggestion=found.expected if found.change else None,
        explanation=_TO_DROP if found.change is ChangeKind.DROP else None,
    )


def offered(path: str, change: FieldChange, url: str) -> Finding:
    """A value that the page at `url` has and the article lacks."""
    return Finding(
        FindingKind.METADATA,
        path,
        change.reason,
        Level.INFO,
        line=change.line,
        at=change.at,
        url=url,
        actual=change.new,
        suggestion=change.new,
    )


def noticed(about_page: Finding, notice: Notice) -> Finding:
    """The page's notice that its article was corrected or retracted; its words are in `actual`."""
    is_retracted = notice.kind is NoticeKind.RETRACTED
    level = Level.WARNING if is_retracted else Level.INFO
    return replace(about_page, reason=NOTICE_CODES[notice.kind], level=level, actual=notice.words)


def file_problem(problem: Problem) -> Finding:
    """A problem of a file; its message is in `actual`."""
    return Finding(
        FindingKind.FILE,
        problem.path,
        problem.code.value,
        Level.INFO if problem.code in _HARMLESS_PROBLEMS else Level.WARNING,
        line=problem.line,
        actual=problem.message,
    )


def held_back(held: Held) -> Finding:
    """What the guard on mass change holds back of one host (`url`), by one cause (`reason`): of no article in particular."""
    told = (held_history(held), f"{accept_command(held)} accepts them.", held_priority(held))
    return Finding(
        FindingKind.HELD,
        "",
        held.cause,
        Level.WARNING,
        url=held.host,
        actual=held_in_words(held),
        explanation=" ".join(filter(None, told)),
        priority=held.priority,
    )


def certificate_ends(certificate: HostCertificate) -> Finding:
    """The certificate of a host (`url`) that is about to end (rule C6): of no article in particular."""
    ends, seen = certificate.validity.ends_at, certificate.seen_at
    return Finding(
        FindingKind.CERTIFICATE,
        "",
        CERTIFICATE_ENDS,
        Level.INFO,
        url=certificate.host,
        actual=iso_date(ends),
        explanation=f"The certificate ends on {date_in_words(ends)}; on {date_in_words(seen)} it was not replaced yet.",
    )


def _size(size: Size | None) -> str | None:
    return None if size is None else str(size)

"""Values of the model to rows and back.

A code that this version does not know becomes the most general one: no content of a database raises here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from crawler.model.article import FileStamp, Problem, ProblemCode
from crawler.model.link import Link
from crawler.model.observation import (
    CertificateFault,
    FailureKind,
    Inconclusive,
    Observation,
    PageFacts,
    SoftSign,
)
from crawler.model.page_depth import Depth, PageMark
from crawler.model.reference import NOTHING_DECLARED, Declared, Reference, Scope
from crawler.model.role import Role
from crawler.model.verdict import Verdict, VerdictKind
from crawler.state.columns import microseconds, storable
from crawler.state.json_columns import (
    baseline_from_json,
    further_from_json,
    further_to_json,
    hops_from_json,
    hops_to_json,
    image_from_json,
    image_to_json,
    page_from_json,
    page_to_json,
    probe_from_json,
    probe_to_json,
    suggestion_from_json,
    suggestion_to_json,
    warnings_from_json,
    warnings_to_json,
)
from crawler.state.schema import (
    files,
    links,
    observations,
    problems,
    references,
    staged_observations,
)

if TYPE_CHECKING:
    from sqlalchemy import Column, Table

_PAGES_KEPT = 16
_Code = TypeVar("_Code", bound=StrEnum)


def _by_value(kind: type[_Code]) -> dict[str, _Code]:
    # Looked up for every row: several times faster than asking the enum.
    return {code.value: code for code in kind}


_FAILURES = _by_value(FailureKind)
_SIGNS = _by_value(SoftSign)
_INCONCLUSIVE = _by_value(Inconclusive)
_CERTIFICATES = _by_value(CertificateFault)
_VERDICTS = _by_value(VerdictKind)
_ROLES = _by_value(Role)
_SCOPES = _by_value(Scope)
_PROBLEMS = _by_value(ProblemCode)
_DEPTHS = _by_value(Depth)


def verdict_columns(verdict: Verdict) -> dict[str, object]:
    """The columns of `links` that hold a verdict."""
    return {
        "kind": verdict.kind.value,
        "reason": verdict.reason,
        "rule": verdict.rule,
        "strikes": verdict.strikes,
        "since": verdict.since,
        "failing_since": verdict.failing_since,
        "warnings": warnings_to_json(verdict.warnings),
        "suggestion": suggestion_to_json(verdict.suggestion),
    }


def observation_columns(observation: Observation) -> dict[str, object]:
    """The columns of `observations`, without the link."""
    return {
        "run_id": observation.run,
        "at": observation.at,
        "status": observation.status,
        "failure": observation.failure.value if observation.failure else None,
        "failure_detail": observation.failure_detail,
        "hops": hops_to_json(observation.hops),
        "final_url": observation.final_url,
        "content_type": observation.content_type,
        "etag": observation.etag,
        "last_modified": observation.last_modified,
        "retry_after": observation.retry_after,
        "elapsed": observation.elapsed,
        "bytes_read": observation.bytes_read,
        "sign": observation.sign.value if observation.sign else None,
        "page": page_to_json(observation.page),
        "image": image_to_json(observation.image),
        "inconclusive": observation.inconclusive.value if observation.inconclusive else None,
        "certificate": observation.certificate.value if observation.certificate else None,
        "sibling": probe_to_json(observation.probe),
        "further": further_to_json(observation.further),
        "page_mark": page_mark_to_text(observation.page_mark),
    }


def _observed(table: Table) -> tuple[Column[Any], ...]:
    return (links.c.url, *(table.c[name] for name in _OBSERVED))


_OBSERVED = (
    "at",
    "run_id",
    "status",
    "failure",
    "failure_detail",
    "hops",
    "final_url",
    "content_type",
    "etag",
    "last_modified",
    "retry_after",
    "elapsed",
    "bytes_read",
    "sign",
    "page",
    "image",
    "inconclusive",
    "certificate",
    "sibling",
    "further",
    "page_mark",
)
OBSERVATION_COLUMNS = _observed(observations)
STAGED_COLUMNS = _observed(staged_observations)


def observations_from(rows: Iterable[Sequence[Any]]) -> tuple[Observation, ...]:
    """The observations of one link: a page that did not change is read once."""
    page_from = lru_cache(maxsize=_PAGES_KEPT)(page_from_json)
    return tuple(observation_from(row, page_from) for row in rows)


def observation_from(
    row: Sequence[Any], page_from: Callable[[str | None], PageFacts | None] = page_from_json
) -> Observation:
    """An observation from `OBSERVATION_COLUMNS` or `STAGED_COLUMNS`; `page_from` reads its page."""
    failure, sign, inconclusive = row[4], row[14], row[17]
    return Observation(
        url=row[0],
        at=row[1],
        run=row[2],
        status=row[3],
        failure=None if failure is None else _FAILURES.get(failure, FailureKind.UNEXPECTED),
        failure_detail=row[5],
        hops=hops_from_json(row[6]),
        final_url=row[7],
        content_type=row[8],
        etag=row[9],
        last_modified=row[10],
        retry_after=row[11],
        elapsed=row[12],
        bytes_read=row[13],
        sign=_SIGNS.get(sign),
        page=page_from(row[15]),
        image=image_from_json(row[16]),
        inconclusive=(
            None
            if inconclusive is None
            else _INCONCLUSIVE.get(inconclusive, Inconclusive.OWN_NETWORK_DOWN)
        ),
        # An unknown fault is a fault all the same.
        certificate=(
            None if row[18] is None else _CERTIFICATES.get(row[18], CertificateFault.UNTRUSTED)
        ),
        probe=probe_from_json(row[19]),
        further=further_from_json(row[20]),
        page_mark=page_mark_from_text(row[21]),
    )


def page_mark_to_text(mark: PageMark | None) -> str | None:
    """A mark as it is stored: `whole:` or `related:`, then the digest, if there is one."""
    return None if mark is None else f"{mark.depth.value}:{mark.digest or ''}"


def page_mark_from_text(text: str | None) -> PageMark | None:
    """A stored mark; None for none, and for one that this version does not know."""
    depth, _, digest = (text or "").partition(":")
    return PageMark(_DEPTHS[depth], digest or None) if depth in _DEPTHS else None


VERDICT_COLUMNS = (
    links.c.kind,
    links.c.reason,
    links.c.rule,
    links.c.strikes,
    links.c.since,
    links.c.failing_since,
    links.c.warnings,
    links.c.suggestion,
)

LINK_COLUMNS = (
    links.c.id,
    links.c.url,
    *VERDICT_COLUMNS,
    links.c.status,
    links.c.final_url,
    links.c.hops,
    links.c.checked_at,
    links.c.due_at,
    links.c.page,
    links.c.image,
    links.c.baseline,
    links.c.last_run,
)


def verdict_kind(text: str) -> VerdictKind:
    """The kind of a stored verdict; one that this version does not know counts as unchecked."""
    return _VERDICTS.get(text, VerdictKind.UNCHECKED)


def verdict_from(row: Sequence[Any]) -> Verdict:
    """A verdict from `VERDICT_COLUMNS`."""
    return Verdict(
        kind=verdict_kind(row[0]),
        reason=row[1],
        rule=row[2],
        strikes=row[3],
        since=row[4],
        failing_since=row[5],
        warnings=warnings_from_json(row[6]),
        suggestion=suggestion_from_json(row[7]),
    )


def link_from(row: Sequence[Any]) -> Link:
    """A link from `LINK_COLUMNS`."""
    return Link(
        id=row[0],
        url=row[1],
        verdict=verdict_from(row[2:10]),
        status=row[10],
        final_url=row[11],
        hops=hops_from_json(row[12]),
        checked_at=row[13],
        due_at=row[14],
        page=page_from_json(row[15]),
        image=image_from_json(row[16]),
        baseline=baseline_from_json(row[17]),
        run=row[18],
    )


_LARGEST = 2**63 - 1


def _pixels(value: int | None) -> int | None:
    # YAML allows integers of any length, columns do not; no image is that wide.
    return value if value is not None and -_LARGEST <= value <= _LARGEST else None


STORED_REFERENCE = (
    "file_id",
    "ordinal",
    "link_id",
    "line",
    "role",
    "scope",
    "pointer",
    "raw",
    "invalid",
    "width",
    "height",
    "is_cached",
    "published_at",
    "title",
    "excerpt",
)


def stored_reference(reference: Reference) -> tuple[object, ...]:
    """A row of `STORED_REFERENCE` behind its three ids, in the form that the driver takes: column types are applied here.

    Hundreds of thousands go in at once, and SQLAlchemy's handling of each value is half the cost.
    """
    declared = reference.declared
    return (
        reference.line,
        reference.role.value,
        reference.scope.value,
        storable(reference.pointer),
        None if reference.raw == reference.url else storable(reference.raw),
        reference.invalid,
        _pixels(declared.width),
        _pixels(declared.height),
        declared.is_cached,
        None if declared.published is None else microseconds(declared.published),
        None if declared.title is None else storable(declared.title),
        None if declared.excerpt is None else storable(declared.excerpt),
    )


REFERENCE_COLUMNS = (
    references.c.file_id,
    references.c.link_id,
    references.c.line,
    references.c.pointer,
    references.c.role,
    references.c.scope,
    references.c.raw,
    references.c.invalid,
    references.c.width,
    references.c.height,
    references.c.is_cached,
    references.c.title,
    references.c.excerpt,
    references.c.published_at,
)
"""The first two say which path and which URL belong to it: a URL has hundreds of references."""

_NOTHING = (None,) * 6


def role_from(text: str) -> Role:
    """A stored role; one that this version does not know counts as of the body."""
    return _ROLES.get(text, Role.BODY)


def reference_from(row: Sequence[Any], path: str, url: str) -> Reference:
    """A reference from a row that begins with `REFERENCE_COLUMNS`."""
    line, pointer, role, scope, raw, invalid = row[2:8]
    declared = row[8:14]
    return Reference(
        path,
        line,
        pointer,
        role_from(role),
        _SCOPES.get(scope, Scope.RELATED),
        url if raw is None else raw,
        url,
        invalid,
        NOTHING_DECLARED if declared == _NOTHING else Declared(*declared),
    )


STAMP_COLUMNS = (
    files.c.size,
    files.c.mtime_ns,
    files.c.ctime_ns,
    files.c.inode,
    files.c.sha256,
)


def stamp_columns(stamp: FileStamp | None) -> dict[str, object]:
    """The columns of `files` that tell whether a file has changed; all empty without a stamp."""
    return {
        "size": stamp.size if stamp else None,
        "mtime_ns": stamp.mtime_ns if stamp else None,
        "ctime_ns": stamp.ctime_ns if stamp else None,
        "inode": stamp.inode if stamp else None,
        "sha256": stamp.sha256 if stamp else None,
    }


PROBLEM_COLUMNS = (files.c.path, problems.c.line, problems.c.code, problems.c.message)


def problem_from(row: Sequence[Any]) -> Problem:
    """A problem from `PROBLEM_COLUMNS`."""
    return Problem(row[0], row[1], _PROBLEMS.get(row[2], ProblemCode.UNEXPECTED_VALUE), row[3])


def problem_columns(file_id: int, problem: Problem, at_write: bool = False) -> dict[str, object]:
    """The columns of `problems`."""
    return {
        "file_id": file_id,
        "line": problem.line,
        "code": problem.code.value,
        "message": problem.message,
        "at_write": at_write,
    }

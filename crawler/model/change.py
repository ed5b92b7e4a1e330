"""A change: what became of a link between two runs (docs/commands.md, "What a run changed")."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crawler.model.verdict import Verdict, VerdictKind


class Change(StrEnum):
    """What became of a link; the strings are the report's contract."""

    NEW_BROKEN = "new-broken"
    CONFIRMED_DEAD = "confirmed-dead"
    RECOVERED = "recovered"
    REASON_CHANGED = "reason-changed"
    """Broken or dead before and after, for another reason now, or no longer confirmed."""
    STILL = "still"
    """Broken or dead, and nothing new."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """A verdict in short."""

    kind: VerdictKind
    reason: str

    @classmethod
    def of(cls, verdict: Verdict) -> Opinion:
        """That of a verdict."""
        return cls(verdict.kind, verdict.reason)


@dataclass(frozen=True, slots=True)
class Transition:
    """How a link stood before a run, and how it stands after it."""

    before: Opinion
    after: Opinion

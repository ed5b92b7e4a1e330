"""A decision: what an editor said of one link, which counts for more than what its visits say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

HOST_SKIPPED = "host-skipped"
"""The reason, and rule, of a link that is left out with all of its host, by the configuration."""


class DecisionCode(StrEnum):
    """The reasons, and rules, of a verdict that an editor decided. Each is explained in docs/reasons.md."""

    NOT_BROKEN = "editor-not-broken"
    """The link works; that holds until the evidence changes, and it is visited on as before."""
    IGNORED = "editor-ignored"
    """The link is left out, and not visited, until a date."""


@dataclass(frozen=True, slots=True)
class NotBroken:
    """An editor's decision that a link works, and the evidence that it was made against."""

    reason: str
    failing_since: datetime | None


@dataclass(frozen=True, slots=True)
class Decision:
    """An editor's decision on the link of `url` (as references identify it), with the editor's `note`.

    With `until` the link is left out until then; otherwise it holds against the evidence of `against`.
    Times are aware, UTC.
    """

    url: str
    note: str
    decided_at: datetime
    until: datetime | None = None
    against: NotBroken | None = None

    @property
    def code(self) -> DecisionCode:
        """What the verdict on the link is called while the decision holds."""
        return DecisionCode.NOT_BROKEN if self.until is None else DecisionCode.IGNORED

"""A decision: what an editor has said about one link. It overrides the verdict that follows from the visits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

HOST_SKIPPED = "host-skipped"
"""The reason, and rule, of a link whose whole host the configuration leaves out."""
URL_EXCLUDED = "url-excluded"
"""The reason, and rule, of a link whose address the configuration leaves out."""


class DecisionCode(StrEnum):
    """The reasons, and rules, of a verdict that an editor decided. Each is explained in docs/reasons.md."""

    NOT_BROKEN = "editor-not-broken"
    """The link works. The decision holds until the evidence changes; visits go on as before."""
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

    With `until` the link is left out until then; otherwise the decision holds against the evidence of `against`.
    Times are aware, UTC. `place` is the line of the configuration that says it for a pattern of addresses, None for what
    an editor decided on the link itself; `owner` is who has to look at it again.
    """

    url: str
    note: str
    decided_at: datetime
    until: datetime | None = None
    against: NotBroken | None = None
    place: str | None = None
    owner: str | None = None

    @property
    def code(self) -> str:
        """The reason of the link's verdict while the decision holds."""
        if self.place is not None:
            return URL_EXCLUDED
        return DecisionCode.NOT_BROKEN if self.until is None else DecisionCode.IGNORED

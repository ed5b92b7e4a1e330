"""What became of a link between two runs, by one table for every number and format (docs/commands.md)."""

from __future__ import annotations

from crawler.model.change import Change, Transition
from crawler.model.verdict import VerdictKind

_HEALTHY = (VerdictKind.ALIVE, VerdictKind.MOVED)


def change_of(transition: Transition) -> Change | None:
    """What became of a link; None for what no editor has to know."""
    before, after = transition.before, transition.after
    if after.kind is VerdictKind.DEAD and before.kind is not VerdictKind.DEAD:
        return Change.CONFIRMED_DEAD
    if after.kind.is_gone:
        if not before.kind.is_gone:
            return Change.NEW_BROKEN
        return Change.STILL if before == after else Change.REASON_CHANGED
    if before.kind.is_gone and after.kind in _HEALTHY:
        return Change.RECOVERED
    return None

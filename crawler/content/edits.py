"""Change single values of a front matter: several edits of one file in one pass, proven together.

Every byte outside of the changed values stays. An edit that cannot be made is refused by itself, with
its line and reason; the others are made. The result is proven before it is returned: undoing the edits gives
the old bytes, and the new text reads like the old one with the intended changes and no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from crawler.content import edit_plans, nodes
from crawler.content.article_document import Document, UnreadableArticle
from crawler.content.edit_plans import Change, Edit
from crawler.content.expectations import Expectations, same_with
from crawler.content.refusals import EditRefused, RefusalCode
from crawler.content.splice import SpliceRefused, editable
from crawler.model.article import ProblemCode

__all__ = ["Edit", "EditOutcome", "EditState", "Edited", "edit_values"]

_BOM = "\ufeff"


class EditState(StrEnum):
    """The outcome of an edit."""

    APPLIED = "applied"
    ALREADY_SO = "already-so"
    """The file has the value already: nothing was changed."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class EditOutcome:
    """The outcome of one edit. `line` is that of the old file, from 1; 0 where none is known.

    `code` and `reason` say why it was refused; `reason` may quote the file.
    """

    edit: Edit
    state: EditState
    line: int
    code: RefusalCode | ProblemCode | None = None
    reason: str = ""

    @classmethod
    def refused(cls, edit: Edit, error: EditRefused | SpliceRefused) -> EditOutcome:
        """The outcome of an edit that is not made."""
        return cls(edit, EditState.REFUSED, error.line, error.code, error.reason)


@dataclass(frozen=True, slots=True)
class Edited:
    """The new bytes, which are the old ones where no edit was applied, and one outcome per edit."""

    data: bytes
    outcomes: tuple[EditOutcome, ...]

    @property
    def applied(self) -> int:
        """How many edits were made."""
        return sum(outcome.state is EditState.APPLIED for outcome in self.outcomes)


@nodes.collector_paused()
def edit_values(data: bytes, edits: Sequence[Edit]) -> Edited:
    """Make these edits in a file's bytes. Nothing is raised: an edit that is not made has an outcome that says why.

    A file that may not be edited at all (`splice.editable`) refuses every edit.
    """
    try:
        document = editable(data)
    except SpliceRefused as refused:
        return Edited(data, tuple(EditOutcome.refused(edit, refused) for edit in edits))
    outcomes, changes = _planned(document, edits)
    changed = data
    if changes:
        proven = _proven(document, data, [], changes)
        changed = _apply(document, proven)
        for change in changes:
            if change not in proven:
                outcomes[change.order] = _unproven(outcomes[change.order])
    return Edited(changed, tuple(outcomes))


def _planned(document: Document, edits: Sequence[Edit]) -> tuple[list[EditOutcome], list[Change]]:
    """The outcomes and changes of the edits; of two that change the same text the second is refused."""
    outcomes: list[EditOutcome] = []
    changes: list[Change] = []
    for order, edit in enumerate(edits):
        try:
            change = edit_plans.plan(document, edit, order)
            _refuse_clash(change, changes)
        except EditRefused as refused:
            outcomes.append(EditOutcome.refused(edit, refused))
            continue
        if change.text is None:
            outcomes.append(EditOutcome(edit, EditState.ALREADY_SO, change.line))
        else:
            changes.append(change)
            outcomes.append(EditOutcome(edit, EditState.APPLIED, change.line))
    return outcomes, changes


def _refuse_clash(change: Change, others: Sequence[Change]) -> None:
    if change.text is not None and any(change.clashes(other) for other in others):
        reason = "another edit changes the same place"
        raise EditRefused(change.line, RefusalCode.CONFLICT, reason)


def _unproven(outcome: EditOutcome) -> EditOutcome:
    reason = "the edit could not be proven to change nothing else"
    error = EditRefused(outcome.line, RefusalCode.UNPROVEN, reason)
    return EditOutcome.refused(outcome.edit, error)


def _proven(
    document: Document, data: bytes, kept: list[Change], more: list[Change]
) -> list[Change]:
    """`kept`, and those of `more` that can be proven together with it: `more` is halved until each change that
    cannot be proven is alone."""
    together = [*kept, *more]
    if _is_proven(document, data, together):
        return together
    if len(more) == 1:
        return kept
    middle = len(more) // 2
    kept = _proven(document, data, kept, more[:middle])
    return _proven(document, data, kept, more[middle:])


def _in_order(changes: Sequence[Change]) -> list[Change]:
    return sorted(changes, key=lambda change: change.rank)


def _encoded(document: Document, text: str) -> bytes:
    return ((_BOM if document.byte_order_mark else "") + text).encode()


def _apply(document: Document, changes: Sequence[Change]) -> bytes:
    """The new bytes."""
    pieces: list[str] = []
    position = 0
    for change in _in_order(changes):
        pieces += (document.text[position : change.start], change.text or "")
        position = change.end
    return _encoded(document, "".join((*pieces, document.text[position:])))


def _is_proven(document: Document, data: bytes, changes: Sequence[Change]) -> bool:
    """Whether these changes, made together, have the intended effect and no other."""
    changed = _apply(document, changes)
    try:
        after = Document("", changed)
    except UnreadableArticle:
        return False
    if after.duplicates or after.byte_order_mark != document.byte_order_mark:
        return False
    if after.text[after.end :] != document.text[document.end :]:
        return False
    if _undone(document, after, changes) != data:
        return False
    return same_with(document.root, after.root, Expectations.of(changes))


def _undone(before: Document, after: Document, changes: Sequence[Change]) -> bytes:
    """The new text with the old pieces back in the place of the new ones."""
    pieces: list[str] = []
    position = shift = 0
    for change in _in_order(changes):
        start = change.start + shift
        old, new = before.text[change.start : change.end], change.text or ""
        pieces += (after.text[position:start], old)
        position = start + len(new)
        shift += len(new) - len(old)
    return _encoded(after, "".join((*pieces, after.text[position:])))

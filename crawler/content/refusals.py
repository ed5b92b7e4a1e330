"""Why an edit of a value was not made."""

from __future__ import annotations

from enum import StrEnum


class RefusalCode(StrEnum):
    """The reason why an edit was not made. Each is documented in docs/write-back.md."""

    BLOCK_SCALAR = "block-scalar"
    CONFLICT = "conflict"
    FLOW = "flow"
    MISSING = "missing"
    NO_PLACE = "no-place"
    NOT_A_VALUE = "not-a-value"
    NOTATION = "notation"
    ONLY_KEY = "only-key"
    PROTECTED = "protected"
    TAGGED = "tagged"
    UNPROVEN = "unproven"
    UNWRITABLE = "unwritable"
    VALUE_DIFFERS = "value-differs"


class EditRefused(Exception):  # noqa: N818 - a decision, not a fault
    """One edit is not made; `line` counts from 1, 0 where none is known."""

    def __init__(self, line: int, code: RefusalCode, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.code = code
        self.reason = reason

"""Numbers with their nouns."""

from __future__ import annotations


def counted(amount: int, noun: str) -> str:
    """A number with its noun: `1 file`, `9,182 files`."""
    return f"{amount:,} {noun}" + ("" if amount == 1 else "s")

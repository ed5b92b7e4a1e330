"""How many examples Hypothesis makes where the usual number does not fit."""

from __future__ import annotations

from hypothesis import settings


def examples(number: int) -> int:
    """`number` where a profile makes 100; `make quick` makes fewer of all."""
    return max(2, number * settings().max_examples // 100)

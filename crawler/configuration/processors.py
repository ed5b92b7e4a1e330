"""How many processors this process may use: so many processes work at a time where nobody says another number."""

from __future__ import annotations

import os
from typing import Final

_MOST_UNASKED: Final = 8
"""Each process takes memory: more of them are used only where somebody asks for it."""


def usable_processors() -> int:
    """The number of processors, at most 8."""
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), _MOST_UNASKED)
    return min(os.cpu_count() or 1, _MOST_UNASKED)

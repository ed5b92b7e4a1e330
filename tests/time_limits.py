"""Limits that tell a hang from work. Speed is measured in benchmarks/, on a quiet machine."""

from __future__ import annotations

HANG = 300.0
"""Seconds of wall time after which what takes seconds is taken to hang, however busy the machine is."""


def cpu_limit(seconds: float) -> float:
    """Seconds of processor time after which something that takes `seconds` at most is taken to hang.

    A shared machine doubles processor time too, and tracing for coverage multiplies it; what grows
    with the square of its input takes minutes.
    """
    from coverage import Coverage

    return seconds * (15 if Coverage.current() is not None else 3)

"""Every case of the labelled web, by the web that it needs."""

from __future__ import annotations

from collections.abc import Sequence

from tests.labelled_web import (
    addresses,
    barriers,
    days,
    hijacks,
    large_hosts,
    names,
    near_misses,
    not_found_pages,
    pictures,
    suspects,
    walls,
    ways_on,
    wires,
)
from tests.labelled_web.case import Case, DayCase

LOOPBACK: Sequence[Case] = (
    *wires.CASES,
    *addresses.CASES,
    *not_found_pages.CASES,
    *suspects.CASES,
    *barriers.CASES,
    *ways_on.CASES,
    *near_misses.CASES,
    *walls.CASES,
    *pictures.CASES,
    *large_hosts.CASES,
    *hijacks.CASES,
)
TRUE_NAMES: Sequence[Case] = names.CASES
"""Cases that need a network namespace with a name server of its own."""
DAYS: Sequence[DayCase] = (*days.CASES, *hijacks.DAYS)

"""Every case of the labelled web, by the web that it needs."""

from __future__ import annotations

from collections.abc import Sequence

from tests.labelled_web import (
    addresses,
    barriers,
    captchas,
    days,
    empty_queries,
    hijacks,
    large_hosts,
    lists,
    names,
    near_misses,
    not_found_pages,
    parked_domains,
    pictures,
    suggestions,
    suspects,
    walls,
    ways_on,
    wires,
)
from tests.labelled_web.case import Case, DayCase

LOOPBACK: Sequence[Case] = (
    *wires.CASES,
    *addresses.CASES,
    *empty_queries.CASES,
    *not_found_pages.CASES,
    *suspects.CASES,
    *barriers.CASES,
    *ways_on.CASES,
    *near_misses.CASES,
    *lists.CASES,
    *walls.CASES,
    *captchas.CASES,
    *parked_domains.CASES,
    *pictures.CASES,
    *suggestions.CASES,
    *large_hosts.CASES,
    *hijacks.CASES,
)
TRUE_NAMES: Sequence[Case] = names.CASES
"""Cases that need a network namespace with a name server of its own."""
DAYS: Sequence[DayCase] = (*days.CASES, *hijacks.DAYS)

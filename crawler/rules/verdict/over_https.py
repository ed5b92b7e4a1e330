"""What it means that plain http could not be connected to, and https was asked after it (rule V17)."""

from __future__ import annotations

from dataclasses import replace

from crawler.model.observation import Observation
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find

_COUNTS = (Outcome.ALIVE, Outcome.MOVED)


def over_https(plain: Observation, secure: Observation) -> Observation:
    """The one observation of a visit that asked twice: `plain` is the failure of http, `secure` what https gave.

    A page over https is what readers get, whose browsers try it by themselves. A wall or an error of the server shows
    that the host is up, so that the failure is no sign of death. Anything else leaves the failure as it was: that https
    has no such page makes it no better.
    """
    found = find(secure)
    is_up = found.outcome is Outcome.SAYS_NOTHING and secure.status is not None
    if found.outcome in _COUNTS or is_up:
        return replace(secure, further=replace(secure.further, over_https=plain.failure))
    return plain

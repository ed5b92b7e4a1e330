"""What the guard on mass change holds back, group by group: what comes first of it, accepted, and taken back (rule O14).

`linkhealth accept`, `linkhealth apply` and the page of `linkhealth review` accept with this code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from crawler.model.held import Accepted, Held
from crawler.model.repair import Instruction
from crawler.operations.standing_order import Standing
from crawler.reporting.words.held_words import held_in_words
from crawler.session import Session


def held_groups(session: Session, standing: Callable[[], Standing]) -> tuple[Held, ...]:
    """What is held back with its priorities, the highest first (rule Q10). `standing` is asked for where there is any."""
    state, asked = session.state, session.content.asked
    groups = state.held(asked)
    if not groups:
        return ()
    order, group_of = standing(), state.held_links(asked)
    sums: Counter[tuple[str, str]] = Counter()
    highest = order.highest_of_articles()
    for score, _, link_id in order.scores(session):
        highest = max(highest, score)
        if link_id in group_of:
            sums[group_of[link_id]] += score
    weighed = [replace(one, priority=max(sums[one.cause, one.host], highest + 1)) for one in groups]
    return tuple(sorted(weighed, key=lambda one: (-one.priority, -one.articles, one.host)))


def accept(session: Session, groups: Sequence[Held]) -> int:
    """Accept that the links of these groups are gone; returns how many there are. The next audit writes them."""
    now = session.configuration.clock.now()
    return session.state.accept(groups, now, session.content.asked)


def take_back(session: Session, groups: Sequence[Accepted]) -> int:
    """Take acceptances back, so that these groups are asked about again; returns how many links there are.

    What an audit has written meanwhile stays in the files. It is asked about again where it would be confirmed dead.
    """
    return session.state.take_acceptances_back(groups)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What comes of a row that accepts a group: so many URLs, none where they are accepted already; or why it is
    refused."""

    links: int = 0
    refused: str | None = None


def accept_row(session: Session, row: Instruction, *, write: bool) -> Acceptance:
    """Accept, with `write`, the group that a row of a report is about, unless it is another by now."""
    for one in session.state.held(session.content.asked):
        if (one.host, one.cause) != (row.url, row.reason):
            continue
        told = held_in_words(one)
        if row.actual not in ("", told):
            return Acceptance(refused=f"it has changed: now {told}; look at a new report")
        return Acceptance(accept(session, [one]) if write else one.links)
    if any((one.host, one.cause) == (row.url, row.reason) for one in session.state.accepted()):
        return Acceptance()
    return Acceptance(refused="nothing of it is held back any more; look at a new report")

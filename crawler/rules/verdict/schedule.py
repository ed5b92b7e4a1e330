"""When a link is due again (rules R1 to R8), a pure function of its history and its article's age."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from crawler.model.observation import Inconclusive, Observation
from crawler.model.verdict import Verdict, VerdictKind
from crawler.rules.policy import SchedulePolicy
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find
from crawler.rules.verdict.verdicts import SERVER_ERRORS, is_server_error

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""Long past, whatever the clock says."""

_HALF = 0.5
_NOT_MODIFIED = 304
_GOOD = (Outcome.ALIVE, Outcome.MOVED)


def next_due(
    history: Sequence[Observation],
    verdict: Verdict,
    published: datetime | None,
    policy: SchedulePolicy,
) -> datetime:
    """The time of the next visit. `history` is oldest first and not empty, `verdict` its verdict without any
    editor's decision; `published` is the newest date of the articles that hold the link."""
    # A visit in our own outage says nothing, and its time may be wrong: it must be made again (rule R8).
    history = [seen for seen in history if find(seen).outcome is not Outcome.INCONCLUSIVE]
    if not history:
        return AT_ONCE
    last = history[-1]
    wait = _wait(history, verdict, published, policy) * _jitter(last.url, policy.jitter)
    if last.retry_after is not None:
        wait = max(wait, timedelta(seconds=min(last.retry_after, policy.longest.total_seconds())))
    return last.at + wait


def due_after_waiting(
    since: datetime, now: datetime, asked: timedelta, policy: SchedulePolicy, *, is_answering: bool
) -> datetime:
    """The next visit of a link that was never visited because its host asks to wait (rule P10).

    It has waited since `since`; the host asked for `asked`, 90 days at most. A host that answers some requests of each run
    (`is_answering`) gets on with its links in every daily run; one that only refuses is asked ever more seldom.
    """
    waited = timedelta(0) if is_answering else now - since
    wait = max(policy.after_failing, min(waited, policy.first_oldest))
    return now + max(wait, asked)


def _wait(
    history: Sequence[Observation],
    verdict: Verdict,
    published: datetime | None,
    policy: SchedulePolicy,
) -> timedelta:
    if verdict.kind is VerdictKind.DEAD:
        return _as_long_as_failing(history[-1], verdict, policy)
    finding = find(history[-1])
    outcome = finding.outcome
    if outcome is Outcome.GONE and not _has_passing_failure(history):
        # The wait is never shorter than the distance of two strikes, whatever the jitter (rule R4).
        return policy.after_strike / (1 - policy.jitter)
    if outcome in (Outcome.GONE, Outcome.FAILING):
        return policy.after_failing
    if history[-1].inconclusive is Inconclusive.PASSING_FAULT:
        return policy.after_failing
    if outcome is Outcome.SAYS_NOTHING:
        if verdict.reason == SERVER_ERRORS:
            return _as_long_as_failing(history[-1], verdict, policy)
        if is_server_error(finding) and _is_confirming(history[-1], verdict, policy):
            return policy.after_failing
        # Walls in between must not keep a dead link from being confirmed.
        back_off = _back_off(history, policy)
        return min(back_off, policy.after_strike) if verdict.kind.is_gone else back_off
    return _interval(history, published, policy)


def _has_passing_failure(history: Sequence[Observation]) -> bool:
    """Whether a connection or the server failed since the last success: such a failure may hide a working
    page, which only frequent visits find (rule R5)."""
    for finding in map(find, reversed(history)):
        if finding.outcome in _GOOD:
            return False
        if finding.outcome is Outcome.FAILING or is_server_error(finding):
            return True
    return False


def _is_confirming(last: Observation, verdict: Verdict, policy: SchedulePolicy) -> bool:
    """Whether the verdict still needs confirming: the link is not broken, or has not been for long."""
    since = verdict.failing_since
    return not verdict.kind.is_gone or since is None or last.at - since < policy.confirming


def _as_long_as_failing(last: Observation, verdict: Verdict, policy: SchedulePolicy) -> timedelta:
    """The wait for dead links, and for those with nothing but server errors for weeks (rule R6).

    It is as long as the link has failed: 8 days, 16, 32, up to the oldest first interval. Some links come back,
    and the report is wrong until the next visit.
    """
    failing = last.at - (verdict.failing_since or last.at)
    return max(policy.after_strike, min(failing, policy.first_oldest))


def _back_off(history: Sequence[Observation], policy: SchedulePolicy) -> timedelta:
    """The wait after walls: each further one doubles it (rule R7), up to the oldest first interval."""
    walls = 0
    while walls < len(history) and find(history[-1 - walls]).outcome is Outcome.SAYS_NOTHING:
        walls += 1
    doubled = policy.after_unverifiable * (1 << min(walls - 1, 10))
    return min(doubled, policy.first_oldest)


def _interval(
    history: Sequence[Observation], published: datetime | None, policy: SchedulePolicy
) -> timedelta:
    """Nutch's AdaptiveFetchSchedule, applied to the good visits in turn (rule R2).

    A visit within less than half of the interval (a run by hand) says nothing of how often the page
    changes, so it does not count as a step; nor does one that read no page (rule M21).
    """
    interval: timedelta | None = None
    before: Observation | None = None
    known: Observation | None = None
    for seen in history:
        if find(seen).outcome not in _GOOD:
            continue
        if seen.is_unread and interval is not None:
            continue
        if before is None or interval is None:
            interval = first_interval(seen.at, published, policy)
        elif seen.at - before.at >= interval * _HALF:
            factor = policy.changed_factor if _changed(known, seen) else policy.unchanged_factor
            interval = max(policy.shortest, min(policy.longest, interval * factor))
        before = seen
        if seen.status != _NOT_MODIFIED and not seen.is_unread:
            known = seen
    return interval if interval is not None else policy.first_oldest


def first_interval(now: datetime, published: datetime | None, policy: SchedulePolicy) -> timedelta:
    """The interval after the first visit, by the age of the article (rule R1)."""
    if published is None:
        return policy.first_oldest
    age = now - published
    for younger_than, interval in policy.first:
        if age < younger_than:
            return interval
    return policy.first_oldest


def _changed(before: Observation | None, seen: Observation) -> bool:
    """Whether a page changed since its last whole answer. 304 says that it did not (rule R9)."""
    if seen.status == _NOT_MODIFIED or before is None:
        return False
    if not (seen.is_the_sites and before.is_the_sites):
        return False
    if seen.page is not None and before.page is not None:
        return (seen.page.title, seen.page.modified) != (before.page.title, before.page.modified)
    return (seen.etag, seen.last_modified) != (before.etag, before.last_modified)


def _jitter(url: str, amount: float) -> float:
    """A factor between 1 - `amount` and 1 + `amount`, always the same for one URL (rule R3), so that a run can be
    repeated exactly."""
    share = zlib.crc32(url.encode("utf-8", "surrogatepass")) / 0xFFFFFFFF
    return 1 + amount * (2 * share - 1)

"""The judgement on one link, from its visits, its spelling in the files and an editor's decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.model.decision import Decision
from crawler.model.observation import Observation
from crawler.model.verdict import Verdict, WarningCode
from crawler.rules.policy import Policy
from crawler.rules.urls import examine
from crawler.rules.verdict.replaced_image import is_replaced
from crawler.rules.verdict.schedule import next_due
from crawler.rules.verdict.verdicts import before_and_after, decided, with_warnings


@dataclass(frozen=True, slots=True)
class Judgement:
    """A link judged. `by_visits` is the verdict without the editor's decision, `verdict` the one that counts, and `before`
    the one that counted before the last run; `due_at` is aware."""

    verdict: Verdict
    by_visits: Verdict
    due_at: datetime
    before: Verdict


def judge_link(
    history: Sequence[Observation],
    written: Iterable[str],
    published: datetime | None,
    decision: Decision | None,
    now: datetime,
    policy: Policy,
) -> Judgement:
    """The judgement on a link after `history`, oldest first; where it is empty, the link is due now.

    `written` are the link's spellings in the files, before normalisation; `published` is the newest date of the
    articles that hold it.
    """
    seen = (WarningCode.IMAGE_CHANGED,) if is_replaced(history) else ()
    before, after = before_and_after(history, policy.strikes)
    by_visits = with_warnings(after, (*seen, *_warnings(written)))
    due_at = next_due(history, by_visits, published, policy.schedule) if history else now
    if decision is not None and decision.until is not None and now < decision.until:
        due_at = max(due_at, decision.until)
    return Judgement(
        decided(by_visits, decision, now), by_visits, due_at, decided(before, decision, now)
    )


def _warnings(written: Iterable[str]) -> tuple[WarningCode, ...]:
    return tuple(dict.fromkeys(code for raw in written for code in examine(raw).warnings))

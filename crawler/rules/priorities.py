"""How much it matters that something is repaired (rules Q1 to Q5): one number, as the product of factors that are told.

trouble x field x age x references x heat x quality x published. Each of the last five is raised to its weight, so that 0
leaves it out, 1 counts it as it is, and 2 counts it twice.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from crawler.model.article_labels import LabelledArticle
from crawler.model.check import Level
from crawler.model.priority import NOTHING_TO_DO, Factor, Priority, PriorityPart
from crawler.model.role import Role
from crawler.model.verdict import Verdict, VerdictKind, WarningCode
from crawler.rules.policy import PriorityPolicy
from crawler.rules.verdict.page_state import HIJACKED

HIGHEST: Final = 1_000_000
RELATED: Final = "related"
"""The field of a URL that stands in related articles alone."""

_GONE, _ELSEWHERE, _NOT_SURE = 1.0, 0.1, 0.02
_SCALE: Final = 10
_OLDEST_DAYS: Final = 365
_NOT_PUBLISHED: Final = 0.25
_HOTTEST: Final = 4.0
_QUALITY_LEAST, _QUALITY_MOST = 0.5, 2.0
_LEADS_ELSEWHERE = frozenset((WarningCode.REDIRECTS_TO_HOME, WarningCode.REDIRECTS_TO_SECTION))
_TROUBLE: Mapping[VerdictKind, float] = {
    VerdictKind.DEAD: _GONE,
    VerdictKind.BROKEN: _GONE,
    VerdictKind.INVALID: _GONE,
    VerdictKind.MOVED: _ELSEWHERE,
    VerdictKind.UNVERIFIABLE: _NOT_SURE,
}
_OF_LEVEL: Mapping[Level, float] = {
    Level.ERROR: _GONE,
    Level.WARNING: _ELSEWHERE,
    Level.INFO: _NOT_SURE,
}


@dataclass(frozen=True, slots=True)
class Uses:
    """Where a URL stands: role and article of each of its own places, and the number of related ones."""

    own: Sequence[tuple[Role, LabelledArticle]] = ()
    related: int = 0


def priority_of(verdict: Verdict, uses: Uses, policy: PriorityPolicy, now: datetime) -> Priority:
    """The priority of a URL (rules Q1 to Q5); 0 for one that works, or that nobody was asked to judge."""
    trouble = _trouble(verdict)
    if trouble is None:
        return NOTHING_TO_DO
    since = verdict.failing_since or verdict.since
    return _product(
        (
            trouble,
            _field(uses, policy),
            _age(since, policy, now),
            _references(len(uses.own) + uses.related, policy),
            *_worth([article for _, article in uses.own], policy),
        )
    )


def article_priority(article: LabelledArticle, policy: PriorityPolicy) -> Priority:
    """The priority of what an article itself is wrong in, as if its own page were gone today (rule Q5)."""
    page = PriorityPart(Factor.FIELD, Role.WEB.value, _weight_of(Role.WEB, policy))
    trouble = PriorityPart(Factor.TROUBLE, Level.ERROR.value, _GONE)
    return _product((trouble, page, *_worth((article,), policy)))


def finding_score(article: int, level: Level) -> int:
    """The score of a finding that is about no URL that fails: the article's own, by how much the finding matters (rule Q5)."""
    return max(1, round(article * _OF_LEVEL[level])) if article else 0


def _product(parts: Sequence[PriorityPart]) -> Priority:
    product = math.prod(part.times for part in parts) * _SCALE
    # What is to be done has a priority, however low; a field that a configuration sets to 0 has none.
    score = min(HIGHEST, max(1, round(product))) if product > 0 else 0
    return Priority(score, tuple(parts)) if score else NOTHING_TO_DO


def _trouble(verdict: Verdict) -> PriorityPart | None:
    """Rule Q1: what readers meet. Another owner's page is as bad as none."""
    if verdict.reason == HIJACKED:
        return PriorityPart(Factor.TROUBLE, HIJACKED, _GONE)
    times = _TROUBLE.get(verdict.kind)
    if times is not None:
        return PriorityPart(Factor.TROUBLE, verdict.kind.value, times)
    leads = next((code for code in verdict.warnings if code in _LEADS_ELSEWHERE), None)
    is_alive = verdict.kind is VerdictKind.ALIVE
    if not is_alive or (leads is None and verdict.suggestion is None):
        return None
    of = leads.value if leads else VerdictKind.ALIVE.value
    return PriorityPart(Factor.TROUBLE, of, _ELSEWHERE)


def _field(uses: Uses, policy: PriorityPolicy) -> PriorityPart:
    """Rule Q2: the most important of its fields."""
    weights = ((_weight_of(role, policy), role.value) for role, _ in uses.own)
    weight, name = max(weights, default=(policy.fields.get(RELATED, policy.related), RELATED))
    return PriorityPart(Factor.FIELD, name, weight)


def _weight_of(role: Role, policy: PriorityPolicy) -> float:
    return policy.fields.get(role.value, role.traits.weight)


def _age(since: datetime | None, policy: PriorityPolicy, now: datetime) -> PriorityPart:
    """Rule Q3: readers have met it for so long; it counts twice after a year."""
    days = max(0, (now - since).days) if since else 0
    times = (1 + min(days, _OLDEST_DAYS) / _OLDEST_DAYS) ** policy.age
    return PriorityPart(Factor.AGE, str(days), times)


def _references(places: int, policy: PriorityPolicy) -> PriorityPart:
    """Rule Q3: ten places count twice as much as one, a hundred three times."""
    return PriorityPart(
        Factor.REFERENCES, str(places), (1 + math.log10(max(1, places))) ** policy.references
    )


def _worth(articles: Iterable[LabelledArticle], policy: PriorityPolicy) -> Iterator[PriorityPart]:
    """Rule Q4: what the articles say of themselves, by the best of those that hold the URL as their own."""
    known = tuple(articles)
    heat = max((one.labels.heat for one in known if one.labels.heat is not None), default=None)
    quality = max(
        (one.labels.quality for one in known if one.labels.quality is not None), default=None
    )
    if heat is not None:
        times = min(_HOTTEST, 1 + math.log10(1 + max(0.0, heat)))
        yield PriorityPart(Factor.HEAT, _shown(heat), times**policy.heat)
    if quality is not None:
        times = min(_QUALITY_MOST, max(_QUALITY_LEAST, 0.5 + quality / 100))
        yield PriorityPart(Factor.QUALITY, _shown(quality), times**policy.quality)
    if known:
        is_published = any(one.listed for one in known)
        times = 1.0 if is_published else _NOT_PUBLISHED**policy.published
        yield PriorityPart(Factor.PUBLISHED, "yes" if is_published else "no", times)


def _shown(number: float) -> str:
    return f"{number:.10g}"

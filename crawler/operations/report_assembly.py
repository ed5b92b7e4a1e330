"""Putting a report together from the state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from itertools import islice

from crawler.content.containing_repository import folder_in_repository
from crawler.model.article import Problem
from crawler.model.report import ArticleEntry, Report, UrlEntry
from crawler.model.run import Run
from crawler.model.verdict import VerdictKind
from crawler.operations.articles_apart import ArticlesApart
from crawler.operations.checked_articles import CheckedArticle
from crawler.operations.exclusions import Decided, ended_exclusions
from crawler.operations.held_groups import held_groups
from crawler.operations.standing_order import Standing
from crawler.reporting.words.explanation import Case, in_short
from crawler.rules.verdict.confirmation import until_dead
from crawler.rules.verdict.verdicts import trace
from crawler.session import Session

_EXPLAINED_AT_ONCE = 400
_RUNS_IN_TRENDS = 26
"""Half a year of weekly runs."""
_VISITS_KEPT = 30
"""The visits of one link that a report holds; `explain` shows no more either."""
_NOT_EXPLAINED = frozenset({VerdictKind.ALIVE, VerdictKind.MOVED, VerdictKind.UNCHECKED})
"""Verdicts that a report does not explain: they are most of a collection, and `explain` does it on request."""


def assemble(
    session: Session,
    run: Run | None,
    *,
    all_references: bool = False,
    apart: ArticlesApart | None = None,
) -> Report:
    """The report of the collection as it is now, with what `run` changed. `apart` checks the articles where it is given."""
    asked = session.content.asked
    state = session.state
    standing = cache(partial(Standing.of, session))
    summary = replace(
        state.summary(run.id if run else None, asked), confirmed_from=_confirmed_from(session)
    )
    checked = apart or ArticlesApart(session, None)

    def urls() -> Iterator[UrlEntry]:
        checked.begin(summary.articles)
        return _urls(session, standing, all_references, run.id if run else None)

    return Report(
        generated_at=session.configuration.clock.now(),
        content=session.content.name,
        run=run,
        summary=summary,
        problems=_problems(session),
        urls=urls,
        articles=partial(_articles, session, standing, checked),
        folder=folder_in_repository(session.content.root),
        held=held_groups(session, standing),
        related_places=partial(state.related_places, asked),
        history=state.run_counts(_RUNS_IN_TRENDS, asked),
        link_pattern=session.configuration.link_pattern,
        certificates=tuple(state.host_certificates(asked)),
        # They are about whole runs: a report of a part has none.
        alarms=state.alarms() if asked is None else (),
    )


def _confirmed_from(session: Session) -> datetime | None:
    """The earliest time at which a broken link may be dead, if every further visit fails as well."""
    now, policy = session.configuration.clock.now(), session.configuration.policy.strikes
    ids = session.state.broken_links(session.content.asked)
    soonest: datetime | None = None
    while chunk := list(islice(ids, _EXPLAINED_AT_ONCE)):
        for history in session.state.histories(chunk).values():
            missing = until_dead(trace(history, policy), now, policy)
            if missing is not None:
                soonest = min(soonest or missing.not_before, missing.not_before)
    return soonest


def _problems(session: Session) -> tuple[Problem, ...]:
    """Each problem once: reading and writing the same file may both have noted it."""
    found = (*ended_exclusions(session), *session.state.problems(session.content.asked))
    return tuple({(one.path, one.line, one.code): one for one in found}.values())


def _urls(
    session: Session, standing: Callable[[], Standing], all_references: bool, run_id: int | None
) -> Iterator[UrlEntry]:
    """Every URL by its priority. Those that do not work are explained from their history, which is read chunk by chunk."""
    order = standing()
    state, now = session.state, session.configuration.clock.now()
    policy = session.configuration.policy.strikes
    decided = Decided(session)
    first = order.order(session)
    entries = map(
        order.weighed, state.link_entries(session.content.asked, all_references, run_id, first)
    )
    while chunk := list(islice(entries, _EXPLAINED_AT_ONCE)):
        histories = state.histories(
            [entry.link.id for entry in chunk if entry.link.verdict.kind not in _NOT_EXPLAINED]
        )
        for entry in chunk:
            if entry.link.verdict.kind in _NOT_EXPLAINED:
                yield entry
                continue
            link, decision = entry.link, decided.on(entry.link)
            history = histories.get(link.id, ())
            case = Case.of(link, history, decision, now, policy)
            yield replace(
                entry,
                explanation=in_short(case),
                decision=case.decided,
                visits=history[-_VISITS_KEPT:],
            )


def _articles(
    session: Session,
    standing: Callable[[], Standing],
    checked: Callable[[], Iterator[CheckedArticle]],
) -> Iterator[ArticleEntry]:
    dead, order = session.state.related_dead_links(), standing()
    for article in checked():
        entry = ArticleEntry(
            path=article.path,
            title=article.title,
            checks=article.checks,
            related_dead_links=dead.get(article.path, 0),
            related_image_sizes=article.related_image_sizes,
        )
        yield order.weighed_article(entry)

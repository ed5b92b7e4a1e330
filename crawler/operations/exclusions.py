"""Exclusions: links that an editor's decision or a skipped host leaves out get their verdict without a visit."""

from __future__ import annotations

from datetime import datetime

from crawler.configuration import ConfigurationError
from crawler.configuration.errors import quoted
from crawler.model.decision import HOST_SKIPPED, Decision, NotBroken
from crawler.model.link import Link
from crawler.rules.credentials import without_credentials
from crawler.rules.verdict.judgement import Judgement, judge_link
from crawler.rules.verdict.verdicts import not_broken
from crawler.session import Session
from crawler.state import URL_SYNTAX, newest_article

_NOT_JUDGED = (URL_SYNTAX, HOST_SKIPPED)
"""Rules whose verdicts neither a visit nor an editor's decision changes."""


def apply_exclusions(session: Session) -> None:
    """Update the verdicts of links that are left out, or no longer are.

    Since the last run the date of a decision may have passed, a link may have been pruned and come back, and
    the configuration may skip other hosts.
    """
    state, manners = session.state, session.configuration.manners
    for host in state.hosts():
        if manners(host).skip:
            state.skip_host(host, session.configuration.clock.now())
    for link_id, host in state.skipped_links():
        link = None if manners(host).skip else state.link(link_id)
        if link is not None:
            _revise(session, link, _judge(session, link, state.decision_on(link.url)))
    for decision in state.decisions():
        link = state.link_by_url(decision.url)
        if link is not None and link.verdict.rule not in _NOT_JUDGED:
            _revise(session, link, _judge(session, link, decision))


def exclude(session: Session, link: Link, note: str, until: datetime | None) -> Decision:
    """Note that an editor excludes a link, and why: until a date, or until its evidence changes.

    Raises ConfigurationError for a link that cannot be excluded so; the text says what the link is.
    """
    against = excludable(session, link, until)
    now = session.configuration.clock.now()
    decision = Decision(link.url, without_credentials(note), now, until, against)
    session.state.decide(decision)
    _revise(session, link, _judge(session, link, decision))
    return decision


def excludable(session: Session, link: Link, until: datetime | None) -> NotBroken | None:
    """The evidence that a decision without a date overrides; None for one with a date.

    Raises ConfigurationError as `exclude` does.
    """
    verdict = link.verdict
    if verdict.rule in _NOT_JUDGED:
        raise _refused(link, f"is {verdict.kind} ({verdict.reason}), and never visited")
    if until is not None:
        return None
    by_visits = _judge(session, link, None).by_visits
    if not by_visits.kind.is_gone:
        raise _refused(
            link,
            f"is {by_visits.kind} ({by_visits.reason}): only of a broken or dead link can it be said "
            "that it is not broken; with a date (--until) any link is left out until then",
        )
    return not_broken(by_visits)


def take_back(session: Session, url: str) -> None:
    """Delete an editor's decision on the link of `url`: it is judged by its visits again."""
    session.state.take_back(url)
    link = session.state.link_by_url(url)
    if link is not None and link.verdict.rule not in _NOT_JUDGED:
        _revise(session, link, _judge(session, link, None))


def _judge(session: Session, link: Link, decision: Decision | None) -> Judgement:
    own = session.state.own_references(link.id)
    return judge_link(
        session.state.history(link.id),
        [known.reference.raw for known in own],
        newest_article(own),
        decision,
        session.configuration.clock.now(),
        session.configuration.policy,
    )


def _revise(session: Session, link: Link, judgement: Judgement) -> None:
    before, after = link.verdict, judgement.verdict
    if (before.kind, before.reason, before.since) != (after.kind, after.reason, after.since):
        now = session.configuration.clock.now()
        session.state.revise(link.id, after, judgement.due_at, now)


def _refused(link: Link, message: str) -> ConfigurationError:
    return ConfigurationError(quoted(link.url), message)

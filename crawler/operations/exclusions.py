"""Exclusions: links that an editor's decision or a skipped host leaves out get their verdict without a visit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from crawler.configuration import FILE_NAME, ConfigurationError
from crawler.configuration.errors import quoted
from crawler.model.article import Problem, ProblemCode
from crawler.model.decision import HOST_SKIPPED, URL_EXCLUDED, Decision, NotBroken
from crawler.model.link import Link
from crawler.model.url_exclusion import UrlExclusion
from crawler.rules.credentials import without_credentials
from crawler.rules.url_globs import any_url_glob, url_glob
from crawler.rules.verdict.judgement import Judgement, judge_link
from crawler.rules.verdict.verdicts import not_broken
from crawler.session import Session
from crawler.state import URL_SYNTAX, newest_article

_NOT_JUDGED = (URL_SYNTAX, HOST_SKIPPED, URL_EXCLUDED)
"""Rules whose verdicts neither a visit nor an editor's decision changes."""


def apply_exclusions(session: Session) -> None:
    """Update the verdicts of links that are left out, or no longer are.

    Since the last run the date of a decision may have passed, a link may have been pruned and come back, and
    the configuration may leave out other hosts and addresses.
    """
    state, now = session.state, session.configuration.clock.now()
    for host in state.hosts():
        if session.configuration.manners(host).skip:
            state.skip_host(host, now)
    patterns = any_url_glob(one.pattern for one in _in_force(session))
    _exclude_addresses(session, patterns)
    for link_id, host, url, reason in state.left_out_links():
        if _cause(session, host, url, patterns) == reason:
            continue
        link = state.link(link_id)
        if link is not None:
            _revise(session, link, _judge(session, link, state.decision_on(link.url)))
    for decision in state.decisions():
        link = state.link_by_url(decision.url)
        if link is not None and link.verdict.rule not in _NOT_JUDGED:
            _revise(session, link, _judge(session, link, decision))


class Decided:
    """What was decided on links: by editors on the link itself, or by the configuration for its address.

    Exclusions that have ended are among it, so that reports can tell of them. Read once, for as many links as there are.
    """

    def __init__(self, session: Session) -> None:
        self._now = session.configuration.clock.now()
        self._stored = {decision.url: decision for decision in session.state.decisions()}
        self._patterns = tuple(
            (one, url_glob(one.pattern)) for one in session.configuration.exclude_urls
        )

    def on(self, link: Link) -> Decision | None:
        """The decision on a link."""
        is_excluded = link.verdict.reason == URL_EXCLUDED
        if not is_excluded and (stored := self._stored.get(link.url)) is not None:
            return stored
        for one, pattern in self._patterns:
            if pattern.match(link.url) and (one.holds(self._now) or not is_excluded):
                since = link.verdict.since or self._now
                return Decision(
                    link.url, one.reason, since, one.until, place=one.place, owner=one.owner
                )
        return None


def ended_exclusions(session: Session) -> Iterator[Problem]:
    """The exclusions of the configuration whose day has come: their links are judged again."""
    now = session.configuration.clock.now()
    for one in session.configuration.exclude_urls:
        if one.until is not None and not one.holds(now):
            owner = f", for {one.owner}" if one.owner else ""
            message = f"{one.pattern} was left out until {one.until:%Y-%m-%d}{owner}: {one.reason}"
            yield Problem(FILE_NAME, one.line, ProblemCode.IGNORE_EXPIRED, message)


def _in_force(session: Session) -> tuple[UrlExclusion, ...]:
    now = session.configuration.clock.now()
    return tuple(one for one in session.configuration.exclude_urls if one.holds(now))


def _exclude_addresses(session: Session, patterns: re.Pattern[str]) -> None:
    """Leave out the links whose address matches; the host's own rule goes before."""
    if not _in_force(session):
        return
    state = session.state

    def matching() -> list[int]:
        return [
            link_id
            for link_id, host, url, reason in state.addresses()
            if patterns.match(url) and _cause(session, host, url, patterns) != reason
        ]

    state.exclude_links(state.again(matching), session.configuration.clock.now())


def _cause(session: Session, host: str, url: str, patterns: re.Pattern[str]) -> str | None:
    """Why the configuration leaves a link out; None where it does not."""
    if session.configuration.manners(host).skip:
        return HOST_SKIPPED
    return URL_EXCLUDED if patterns.match(url) else None


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

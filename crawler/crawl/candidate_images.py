"""Candidate images: addresses that no article holds and that may replace an image that one holds.

They are collected once in a run, after its links: only then is it known which images are gone or too small, and
what the pages offer instead. They wait in the same queue as links, under the same rules. Their number is
bounded; a later run visits the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from crawler.fetching.visit import LinkVisit
from crawler.model.check import KnownArticle, LinkedReference
from crawler.model.link import Link
from crawler.model.observation import Observation
from crawler.model.portion import Within
from crawler.model.role import Role
from crawler.model.verdict import Verdict, VerdictKind
from crawler.operations.shared_images import shared_images
from crawler.rules.image.image_candidates import candidates
from crawler.rules.image.image_checks import image_checks
from crawler.rules.ports import WEB_PORTS, port_of
from crawler.rules.verdict.page_evidence import shows_page
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find
from crawler.session import Session

MOST = 1_000
MOST_OF_HOST = 50
"""Candidates of a run, and of one host (rule E2)."""

_KINDS = {
    Outcome.ALIVE: VerdictKind.ALIVE,
    Outcome.MOVED: VerdictKind.MOVED,
    Outcome.GONE: VerdictKind.BROKEN,
}


def candidate_visits(
    session: Session, seen: Mapping[int, Observation], run: int
) -> list[LinkVisit]:
    """The visits that are due; `seen` are the pending observations of this run, by the ids of links."""
    if Role.IMAGE not in session.selection.roles:
        return []
    of_host: Counter[str] = Counter()
    visits: list[LinkVisit] = []
    for url in session.state.again(lambda: dict.fromkeys(_wanted(session, seen))):
        if len(visits) >= MOST:
            break
        if port_of(url) not in WEB_PORTS:
            continue  # a page names it, not a reference (rule B10)
        due = session.state.due_candidate(url, session.configuration.clock.now(), run)
        if due is None or due.id in seen or not session.selection.meets_host(due.host):
            continue
        if session.configuration.manners(due.host).skip:
            continue
        of_host[due.host] += 1
        if of_host[due.host] <= MOST_OF_HOST:
            visits.append(LinkVisit.of(due))
    return visits


def _wanted(session: Session, seen: Mapping[int, Observation]) -> Iterator[str]:
    policy, now = session.configuration.policy.images, session.configuration.clock.now()
    shared = shared_images(_articles(session, None, seen), policy)
    for article in _articles(session, session.content.asked, seen):
        yield from candidates(article, image_checks(article.own, policy, now, shared))


def _articles(
    session: Session, asked: Within, seen: Mapping[int, Observation]
) -> Iterator[KnownArticle]:
    """The articles as this run has seen them."""
    for article in session.state.known_articles(asked):
        own = (
            LinkedReference(one.reference, _as_seen(one.link, seen[one.link.id]))
            if one.link.id in seen
            else one
            for one in article.own
        )
        yield replace(article, own=tuple(own))


def _as_seen(link: Link, seen: Observation) -> Link:
    """A link as it would be if this visit alone decided: enough to choose candidates."""
    found = find(seen)
    if found.outcome not in _KINDS:
        return link
    verdict = Verdict(_KINDS[found.outcome], found.reason, found.rule, warnings=found.warnings)
    page = seen.kept_page if shows_page(verdict) else None
    return replace(
        link,
        verdict=verdict,
        final_url=seen.final_url,
        hops=seen.hops,
        checked_at=seen.at,
        page=page or link.page,
        image=seen.kept_image or link.image,
    )

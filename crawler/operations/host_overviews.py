"""What is known of each host of a collection, from the state: nothing is visited."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from crawler.configuration.rule_words import rule_in_words
from crawler.model.check import ChangeKind
from crawler.model.host_overview import AmpFields, HostLink, HostOverview
from crawler.model.verdict import VerdictKind, WarningCode
from crawler.operations.checking import checks_of
from crawler.operations.standing_order import Standing
from crawler.rules.article.amp import AMP_FIELD, OK
from crawler.rules.certificate_ends import ends_soon
from crawler.rules.move_patterns import move_patterns
from crawler.session import Session

MOST_RUNS = 10
"""Runs of which a trend tells, the last ones."""
_MOST_PUBLISHERS = 3
_OF_CERTIFICATES = frozenset(code for code in WarningCode if code.value.startswith("certificate-"))


def host_overviews(session: Session, host: str | None = None) -> list[HostOverview]:
    """Every host, the most work first, then by name; or the one that is named, nothing where no URL is known of it."""
    state, asked = session.state, session.content.asked
    standing = Standing.of(session)
    publishers = _publishers(session, standing)
    workload = _workload(session, standing)
    amp = _amp(session)
    changes = state.gone_changes(asked)
    runs = [run.id for run in state.runs(MOST_RUNS)]
    found = [
        _overview(name, links, runs, changes.get(name, {}), publishers[name], amp.get(name))
        for name, links in state.links_by_host(asked, host)
    ]
    now, rule_of = session.configuration.clock.now(), session.configuration.rule
    certificates = {one.host: one for one in state.host_certificates(asked)}
    weighed = []
    for one in found:
        shown = certificates.get(one.host)
        weighed.append(
            replace(
                one,
                workload=workload[one.host],
                configured=tuple(rule_in_words(rule_of(one.host))),
                certificate=shown,
                ends_soon=shown is not None and ends_soon(shown, now),
            )
        )
    return sorted(weighed, key=lambda one: (-one.workload, one.host))


def _overview(
    host: str,
    links: list[HostLink],
    runs: Iterable[int],
    changes: Mapping[int, int],
    publishers: Counter[str],
    amp: AmpFields | None,
) -> HostOverview:
    verdicts = Counter(one.verdict for one in links)
    unsure = Counter(one.reason for one in links if one.verdict is VerdictKind.UNVERIFIABLE)
    faults = Counter(code for one in links for code in one.warnings if code in _OF_CERTIFICATES)
    fields = amp or AmpFields()
    # What is to be dropped need not be led to where it went.
    going = frozenset(fields.to_drop)
    own = [one for one in links if one.is_own and one.url not in going]
    gone = sum(number for kind, number in verdicts.items() if kind.is_gone)
    return HostOverview(
        host,
        len(links),
        {kind: verdicts[kind] for kind in VerdictKind},
        tuple(name for name, _ in publishers.most_common(_MOST_PUBLISHERS)),
        dict(unsure.most_common()),
        dict(faults),
        _trend(runs, changes, gone),
        move_patterns(links),
        tuple((one.url, one.new_address) for one in own if one.new_address is not None),
        fields,
    )


def _trend(
    runs: Iterable[int], changes: Mapping[int, int], gone: int
) -> tuple[tuple[int, int], ...]:
    """How many were gone after each run, oldest first: from what is gone now, each run's change is taken back."""
    found = []
    for run in sorted(runs, reverse=True):
        later = sum(number for at, number in changes.items() if at > run)
        found.append((run, gone - later))
    return tuple(reversed(found))


def _publishers(session: Session, standing: Standing) -> defaultdict[str, Counter[str]]:
    """How many articles name which publisher, by the host of their page."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for host, path in session.state.pages_of_articles(session.content.asked):
        article = standing.articles.get(path)
        if article is not None and article.provider is not None and article.provider.name:
            found[host][article.provider.name] += 1
    return found


def _workload(session: Session, standing: Standing) -> Counter[str]:
    """The sum of the priorities of URLs, by host."""
    found: Counter[str] = Counter()
    for score, url, _ in standing.scores(session):
        found[_host(url)] += score
    return found


def _amp(session: Session) -> dict[str, AmpFields]:
    """The AMP fields of articles by the host of their address."""
    checks = checks_of(session)
    to_drop: defaultdict[str, dict[str, None]] = defaultdict(dict)
    fine: Counter[str] = Counter()
    articles: Counter[str] = Counter()
    for article in session.state.known_articles(session.content.asked):
        url = next(
            (one.link.url for one in article.own if one.reference.pointer == AMP_FIELD), None
        )
        if url is None:
            continue
        host = _host(url)
        articles[host] += 1
        for found in checks(article).amp:
            if found.at == AMP_FIELD and found.change is ChangeKind.DROP:
                to_drop[host][url] = None
            elif found.reason == OK:
                fine[host] += 1
    return {
        host: AmpFields(tuple(to_drop[host]), fine[host], number)
        for host, number in articles.items()
    }


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""

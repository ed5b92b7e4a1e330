"""The visits of a window as evidence on the network: what their answers have in common, and what is usual."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from crawler.crawl.canaries import Canaries
from crawler.extractors.registered_domain import site_of
from crawler.fetching.visit import host_of, origin_of
from crawler.model.observation import Observation
from crawler.model.verdict import VerdictKind
from crawler.rules.outage.network_evidence import (
    is_error_page,
    is_refusal,
    is_surely_its_own,
)
from crawler.rules.outage.one_page import TITLE, Labels, same_page
from crawler.rules.outage.second_look import behind_one_page
from crawler.rules.outage.windows import NetworkEvidence, network_evidence
from crawler.rules.policy import OutagePolicy
from crawler.rules.verdict.statuses import is_success
from crawler.state import State

_GOOD = (VerdictKind.ALIVE, VerdictKind.MOVED)
_FAILING = (VerdictKind.BROKEN, VerdictKind.DEAD, VerdictKind.UNVERIFIABLE)
_ERRORS_FROM = 400


@dataclass(slots=True)
class _Noted:
    """The evidence of one visit, and what is needed to compare its answer with the usual one."""

    seen: NetworkEvidence
    link_id: int
    observation: Observation
    title: str | None
    leads_away: bool
    is_compared: bool = False
    usual: bool | None = None
    """As of `is_usual`, once the answer was compared: a window is read several times, and commits nothing meanwhile."""


class WindowEvidence:
    """The visits since the last window was closed.

    `is_usual(link_id, observation, title)` says whether an answer is as it was at the link's last visit, None where that says
    nothing. `is_mapped(url)` says whether the operator maps a URL's host to another (LINKHEALTH_CONNECT_TO).
    """

    def __init__(
        self,
        policy: OutagePolicy,
        canaries: Canaries,
        is_usual: Callable[[int, Observation, str | None], bool | None],
        is_mapped: Callable[[str], bool],
    ) -> None:
        self._policy = policy
        self._canaries = canaries
        self._is_usual = is_usual
        self._is_mapped = is_mapped
        self._noted: list[_Noted] = []
        self._labels = Labels()

    def __len__(self) -> int:
        """How many visits there are."""
        return len(self._noted)

    @property
    def urls(self) -> set[str]:
        """What was visited."""
        return {noted.observation.url for noted in self._noted}

    def add(
        self,
        link_id: int,
        seen: Observation,
        fingerprint: str | None,
        *,
        was_alive: bool,
        confirmed: bool,
    ) -> None:
        """Add the result of a visit; `confirmed` says that it is a second look."""
        site = site_of(host_of(seen.url))
        told = network_evidence(
            seen, site, was_alive=was_alive, fingerprint=fingerprint, confirmed=confirmed
        )
        title = _title(seen, fingerprint)
        self._noted.append(_Noted(told, link_id, seen, title, _leads_away(told)))

    def clear(self) -> None:
        """Begin a new window."""
        self._noted.clear()
        self._labels = Labels()

    def behind_one_page(self) -> frozenset[int]:
        """The links that show what another site newly shows too."""
        told = self.told(frozenset())
        ids = (noted.link_id for noted in self._noted)
        return behind_one_page(list(zip(ids, told, strict=True)))

    def told(self, in_doubt: AbstractSet[int]) -> tuple[NetworkEvidence, ...]:
        """The evidence. Only refusals, and pages that several sites seem to share, are compared with the usual answers: that
        costs a query each. The failures of the links `in_doubt` wait for a second look."""
        sites: dict[str, set[str]] = {}
        for noted in self._noted:
            if (label := self._label_of(noted)) is not None:
                sites.setdefault(label, set()).add(noted.seen.site)
        return tuple(self._told(noted, sites, in_doubt) for noted in self._noted)

    def _compared(self, noted: _Noted) -> bool | None:
        if not noted.is_compared:
            noted.usual = self._is_usual(noted.link_id, noted.observation, noted.title)
            noted.is_compared = True
        return noted.usual

    def _label_of(self, noted: _Noted) -> str | None:
        mark = noted.seen.fingerprint
        return self._labels.of(mark) if mark is not None else None

    def _told(
        self,
        noted: _Noted,
        sites: Mapping[str, AbstractSet[str]],
        in_doubt: AbstractSet[int],
    ) -> NetworkEvidence:
        seen = noted.seen
        doubt = noted.link_id in in_doubt and not seen.confirmed
        mark = self._label_of(noted)
        if mark != seen.fingerprint or doubt != seen.in_doubt:
            seen = replace(seen, fingerprint=mark, in_doubt=doubt)
        is_shared = len(sites.get(mark or "", ())) > 1
        if not is_shared and is_refusal(seen) and self._compared(noted):
            # A page that always was behind a wall is no proxy's.
            return replace(seen, is_evidence=False)
        if not is_shared and not noted.leads_away:
            return seen
        usual = self._compared(noted)
        if usual is None and noted.leads_away:
            return seen
        if usual is not None:
            return replace(seen, is_evidence=not usual, changed=not usual)
        return self._never_seen(noted, seen)

    def _never_seen(self, noted: _Noted, seen: NetworkEvidence) -> NetworkEvidence:
        """An answer that cannot be compared with a usual one.

        A page over a verified connection is its site's own, and a host that the operator maps to another proves nothing.
        An error page says less: servers of one make have the same.
        """
        observation = noted.observation
        mapped = self._is_mapped(observation.final_url or observation.url)
        own = is_surely_its_own(observation) or mapped
        if is_error_page(seen) and self._is_itself(noted):
            return replace(seen, is_evidence=False)
        return replace(seen, is_evidence=not own, is_strange=own and is_error_page(seen))

    def _is_itself(self, noted: _Noted) -> bool:
        """Whether the site answered another request of this window, for its robots.txt, in words of its own."""
        answer = self._canaries.answer_of(origin_of(noted.observation.url))
        if answer is None or not is_success(answer.status) or answer.final_url is not None:
            return False
        return not same_page(answer.fingerprint, noted.seen.fingerprint)


def _leads_away(seen: NetworkEvidence) -> bool:
    return seen.final_url is not None and urlsplit(seen.final_url).netloc != seen.host


def _title(seen: Observation, fingerprint: str | None) -> str | None:
    """The title of an answer's page. Of one that nobody read (rule M21) its mark bears it, where there is one."""
    if seen.is_unread and fingerprint is not None and fingerprint.startswith(TITLE):
        return fingerprint.removeprefix(TITLE)
    return seen.page.title if seen.page is not None else None


def is_usual(state: State, link_id: int, seen: Observation, title: str | None) -> bool | None:
    """Whether an answer, whose page has the title, equals the link's last good one, or the error that it gave before; None
    where neither is known."""
    link = state.link(link_id)
    if link is None or link.checked_at is None:
        return None
    is_error = seen.status is not None and seen.status >= _ERRORS_FROM
    if is_error and link.verdict.kind in _FAILING and link.status == seen.status:
        return True
    if link.verdict.kind not in _GOOD and not link.verdict.kind.is_gone:
        return None
    titles = (link.page.title, *link.page.titles) if link.page is not None else ()
    if title is None and seen.is_unread:
        return None
    kinds = {facts.type if facts is not None else None for facts in (link.image, seen.image)}
    if link.verdict.kind.is_gone:
        # It may be back, as it was.
        return False if titles and title not in titles else None
    is_there = not is_error and link.final_url == seen.final_url
    return is_there and len(kinds) == 1 and (title is None or title in titles)

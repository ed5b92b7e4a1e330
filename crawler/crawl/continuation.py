"""How a visit goes on that has not come to its end: to the next hop, once more later, or past a bad certificate."""

from __future__ import annotations

from datetime import datetime

from crawler.crawl.back_off import BackOff
from crawler.crawl.frontier import Frontier
from crawler.fetching.answer import Answer
from crawler.fetching.certificate_probes import Certificates
from crawler.fetching.observing import Reading
from crawler.fetching.redirects import (
    RedirectRefusedError,
    follow,
    in_page_target,
    redirect_target,
)
from crawler.fetching.visit import Visit
from crawler.model.observation import FailureKind


class Continuation:
    """The ways on that visits of links, probes and robots.txt share. `longest_chain` is the most redirects to follow."""

    def __init__(
        self,
        frontier: Frontier,
        back_off: BackOff,
        certificates: Certificates,
        longest_chain: int,
    ) -> None:
        self._frontier = frontier
        self._back_off = back_off
        self._certificates = certificates
        self._longest_chain = longest_chain

    def redirected(self, visit: Visit, answer: Answer) -> bool:
        """Follow a redirect; returns whether there was one. Raises RedirectRefusedError."""
        target = redirect_target(visit, answer, self._longest_chain)
        if target is None:
            return False
        follow(visit, answer, target)
        self._frontier.put(visit)
        return True

    def led_on(self, visit: Visit, answer: Answer, reading: Reading) -> bool:
        """Follow a redirect that the page makes itself (rule V16); returns whether there was one.

        Raises RedirectRefusedError where the page has nothing else and leads in a circle.
        """
        wish = reading.leads_to
        if wish is None or not wish.is_meant:
            return False
        target = in_page_target(visit, answer, wish.url, self._longest_chain)
        if target is not None:
            follow(visit, answer, target)
            self._frontier.put(visit)
            return True
        if wish.is_all and any(hop.url == wish.url for hop in visit.hops):
            raise RedirectRefusedError(FailureKind.REDIRECT_LOOP, wish.url)
        return False

    def put_back(self, visit: Visit, answer: Answer, now: datetime) -> bool:
        """Slow the host down or speed it up by an answer; returns whether the visit is tried again later."""
        return self._back_off.answered(visit, answer, now)

    async def after_failure(self, visit: Visit, kind: FailureKind) -> FailureKind | None:
        """Try again what may pass, and past a bad certificate; returns the failure that remains, None for none."""
        if self._back_off.failed(visit, kind):
            return None
        explained = await self._certificates.explain(visit, kind)
        if explained is None:
            visit.again()
            self._frontier.put(visit)
        return explained

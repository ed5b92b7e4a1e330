"""The origins of a run whose certificates cannot be verified: each is probed once, then read without verification.

A visit whose TLS fails asks here: its request is repeated without verification and flagged, or the failure
stands (rules C1, C2).
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from crawler.fetching.visit import Visit, host_of
from crawler.model.host_certificate import Validity
from crawler.model.observation import CertificateFault, FailureKind
from crawler.transport.recently_used import RecentlyUsed
from crawler.transport.resolver import Resolver
from crawler.transport.tls_probe import TIMEOUT, Answer, Contexts, NoFault, dial, probe
from crawler.transport.tunnel import Dial

PROBES_AT_ONCE = 8
MOST_ORIGINS = 20_000
"""Origins whose probe is kept; the least recently used is probed again where it is needed. As many hosts are remembered whose
certificate was looked at."""

_PROBED = frozenset(
    {
        FailureKind.TLS_CERTIFICATE_EXPIRED,
        FailureKind.TLS_CERTIFICATE_UNTRUSTED,
        FailureKind.TLS_WRONG_HOST,
        FailureKind.TLS_FAILED,
        # Servers hang up on a version of TLS that they do not know.
        FailureKind.CONNECTION_RESET,
    }
)
_HTTPS_PORT = 443

_Origin = tuple[str, int]


class Certificates:
    """What is known of the origins' certificates. One per run, for its length.

    `ca_file` takes the place of the machine's trusted certificates; `timeout` is seconds of one probe, `dial` makes its
    connections.
    """

    def __init__(
        self,
        resolver: Resolver,
        ca_file: Path | None,
        *,
        timeout: float = TIMEOUT,
        dial: Dial = dial,
    ) -> None:
        self._resolver = resolver
        self._dial = dial
        self._ca_file = ca_file
        self._timeout = timeout
        self._contexts: Contexts | None = None
        self._is_closed = False
        self._probes = RecentlyUsed[_Origin, asyncio.Future[Answer]](MOST_ORIGINS)
        self._looked_at = RecentlyUsed[str, bool](MOST_ORIGINS)
        self._new: dict[str, Validity | None] = {}
        self._pool = ThreadPoolExecutor(PROBES_AT_ONCE, thread_name_prefix="tls-probe")

    def close(self) -> None:
        """Begin no further probe. Those under way end by themselves, within their time."""
        self._is_closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def prepare(self, visit: Visit) -> None:
        """Set up the visit's next request: without verification where its origin has a fault. Of each host one answer is
        asked how long its certificate is valid (rule C6)."""
        transfer, origin = visit.transfer, _origin(visit.url)
        transfer.fault = self._fault(origin)
        if origin is not None:
            transfer.wants_validity = transfer.fault is None and origin[0] not in self._looked_at

    def answered(self, visit: Visit) -> None:
        """Note how long the certificate is valid that the visit's answer came over."""
        transfer = visit.transfer
        if transfer.validity is None and transfer.fault is None:
            return
        host = host_of(visit.url)
        if host not in self._looked_at:
            self._looked_at.put(host, True)
            # What was known of a host whose certificate is at fault now holds no more.
            self._new[host] = transfer.validity

    def taken_validities(self) -> dict[str, Validity | None]:
        """What was noted since this was asked last, by host; None for one whose certificate is at fault."""
        taken, self._new = self._new, {}
        return taken

    async def explain(self, visit: Visit, kind: FailureKind) -> FailureKind | None:
        """The failure of a visit after a probe of its origin, where TLS may be the cause.

        None where only the certificate was at fault: the visit's next request goes out without verification. A
        server that hangs up in the handshake has not answered for the page: that is `TLS_FAILED`. Raises what our own
        machine could not do: no thread, no descriptor, no memory, a file of trusted certificates that has gone (rule B12).
        """
        origin = _origin(visit.url)
        transfer = visit.transfer
        if origin is None or transfer.fault or transfer.status is not None or kind not in _PROBED:
            return kind
        answer = await self._answer(origin)
        if isinstance(answer, CertificateFault):
            return None
        is_hung_up = kind is FailureKind.CONNECTION_RESET and answer is NoFault.NO_HANDSHAKE
        return FailureKind.TLS_FAILED if is_hung_up else kind

    async def _answer(self, origin: _Origin) -> Answer:
        """The answer of the origin's one probe; visits that come while it is under way wait for it."""
        probe = self._probes.get(origin)
        if probe is None:
            probe = asyncio.ensure_future(self._probe(origin))
            self._probes.put(origin, probe)
        # A visit that is cancelled does not cancel the probe of the others.
        return await asyncio.shield(probe)

    async def _probe(self, origin: _Origin) -> Answer:
        host, port = origin
        endpoints = self._resolver.pinned(host, port)
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._pool, self._ask, host, endpoints)
        except Exception:
            if self._is_closed:
                return NoFault.NOT_REACHED
            # It says nothing of the host: whoever comes next may ask again.
            self._probes.forget(origin)
            raise

    def _ask(self, host: str, endpoints: tuple[tuple[str, int], ...]) -> Answer:
        """In a thread."""
        if self._contexts is None:
            self._contexts = Contexts.of(self._ca_file)
        return probe(host, endpoints, self._contexts, timeout=self._timeout, dial=self._dial)

    def _fault(self, origin: _Origin | None) -> CertificateFault | None:
        known = self._probes.get(origin) if origin is not None else None
        if known is None or not known.done() or known.cancelled() or known.exception():
            return None
        answer = known.result()
        return answer if isinstance(answer, CertificateFault) else None


def _origin(url: str) -> _Origin | None:
    """Host and port of an https URL; None for another scheme's."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        return None
    return parts.hostname, parts.port or _HTTPS_PORT

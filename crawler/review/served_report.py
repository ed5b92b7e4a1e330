"""The page: `report.html` as it is written into files, told that it is served and may ask this server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Final

from crawler.operations.articles_apart import ArticlesApart
from crawler.operations.report_assembly import assemble
from crawler.operations.report_basis import basis_of
from crawler.reporting import FORMATS, write
from crawler.session import Session

API: Final = "api"
"""Where the page asks, relative to its own address: the secret stands nowhere in it, and so in no saved copy."""
_POLICY: Final = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


@dataclass(frozen=True, slots=True)
class ServedPage:
    """A page, and the content security policy under which it may be shown. `basis` stands for all that it shows, as of
    `made_at`."""

    data: bytes
    policy: str
    basis: str
    made_at: datetime


class ServedReport:
    """The page of a collection. It is made again where what it shows has changed, and on another day: that takes a minute
    for a large one."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lock = Lock()
        self._page: ServedPage | None = None

    def now(self) -> ServedPage:
        """The page. Several threads that ask wait for one another. Raises StateError, OSError."""
        with self._lock:
            page, now = self._page, self._session.configuration.clock.now()
            is_of_today = page is not None and page.made_at.date() == now.date()
            if page is None or not is_of_today or page.basis != _basis(self._session, page.made_at):
                page = self._page = _made(self._session, now)
            return page


def _basis(session: Session, now: datetime) -> str:
    state = session.state
    return state.again(lambda: basis_of(session, state.last_run(), now=now))


def _made(session: Session, now: datetime) -> ServedPage:
    # Before the page: what changes while it is made is in the next one.
    state, basis = session.state, _basis(session, now)
    with TemporaryDirectory(prefix="linkhealth-review-") as folder, ArticlesApart(session) as apart:

        def written() -> Path:
            report = assemble(session, state.last_run(), apart=apart)
            return write(report, [FORMATS["html"]], Path(folder), review=API)[0]

        data = state.again(written).read_bytes()
    found = _POLICY.search(data)
    assert found is not None
    # What a document may not say of itself stands in the header alone.
    policy = f"{unescape(found[1].decode())}; frame-ancestors 'none'"
    return ServedPage(data, policy, basis, now)

"""What came of one URL that was fetched by hand."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.model.observation import CertificateFault, Hop


@dataclass(frozen=True, slots=True)
class Fetched:
    """The last answer of a chain, whatever its status. `url` is the one that was asked for.

    `body` is decoded and may be cut where no more was needed; `total_bytes` is its whole length
    where that is known, `bytes_read` what came over the network. `certificate` is the gravest fault of the
    servers on the way, None for none.
    """

    url: str
    final_url: str
    status: int
    redirects: tuple[Hop, ...]
    content_type: str | None
    body: bytes
    total_bytes: int | None
    bytes_read: int
    certificate: CertificateFault | None = None


class NotFetchedError(Exception):
    """No answer; `code` is a kind of failure, or why the URL itself is impossible."""

    def __init__(self, code: str, detail: str | None = None) -> None:
        super().__init__(detail or code)
        self.code = code
        self.detail = detail

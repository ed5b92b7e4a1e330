"""An answer as it came in: status, header fields and body, with nothing of Scrapy's about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from crawler.configuration import NOTHING_SENT, Sent
from crawler.fetching.page_reading import PageRead
from crawler.rules.robots_rules import RobotsRules

if TYPE_CHECKING:
    from scrapy.http import Response


class BodyEnd(StrEnum):
    """How a body ended. The values are the flags of Scrapy's responses."""

    WHOLE = ""
    STOPPED = "download_stopped"
    """We read no further."""
    BROKEN_OFF = "dataloss"
    WITH_CONNECTION = "partial"
    """The connection ended it, as it does for a body that is cut."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a server.

    `headers` are by their names in lower case; of a field that came several times, the last. `body` is decoded.
    `cookies` are the Set-Cookie fields, all of them. `robots` is what a robots.txt says, and `page` what a page says, where it has been read already.
    """

    status: int
    headers: Mapping[bytes, bytes] = field(default_factory=dict)
    body: bytes = b""
    end: BodyEnd = BodyEnd.WHOLE
    cookies: tuple[bytes, ...] = ()
    robots: RobotsRules | None = None
    page: PageRead | None = None

    @classmethod
    def of(cls, response: Response, sent: Sent = NOTHING_SENT) -> Answer:
        """What Scrapy's downloader gave to a request that bore `sent`: nothing secret of it is left, wherever a server echoes
        it."""
        # Past its own methods, each of which looks at every name once more.
        given: Iterable[tuple[bytes, list[bytes]]] = dict.items(response.headers)
        headers = {name.lower(): values[-1] for name, values in given if values}
        end = BodyEnd.WHOLE
        if response.flags:
            end = next((end for end in BodyEnd if end.value in response.flags), end)
        cookies = tuple(response.headers.getlist(b"Set-Cookie"))
        if not sent.hidden:
            return cls(response.status, headers, response.body, end, cookies)
        headers = {name: sent.hide(value) for name, value in headers.items()}
        cookies = tuple(map(sent.hide, cookies))
        return cls(response.status, headers, sent.hide(response.body), end, cookies)

    def header(self, name: bytes) -> bytes | None:
        """A header field, byte for byte; None where it did not come. `name` in any case."""
        return self.headers.get(name.lower())

    def text(self, name: bytes) -> str | None:
        """A header field as text, without white space around it: Latin-1, which every byte is."""
        value = self.header(name)
        return value.decode("latin-1").strip() if value is not None else None

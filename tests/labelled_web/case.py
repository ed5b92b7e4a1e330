"""A case of the labelled web: the answers to one link, and its expected verdict."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tests.end_to_end.collection import Image, article
from tests.web import pages
from tests.web.nameserver import Name
from tests.web.rules import Answer, Certificate

PATH = "/news/2020/the-pier-opens-again"
TITLE = "The pier opens again"
PICTURE = "/pictures/the-pier.png"
END = "/articles/the-pier-opens-again"
"""The path that redirects lead to; every case has a page there."""

Answers = Mapping[str, Answer | Sequence[Answer]]


class Class(StrEnum):
    """The subject of a case; each is reported on its own."""

    STATUSES = "statuses"
    REDIRECTS = "redirects"
    SOFT_404 = "soft-404"
    SUSPECTS = "suspects"
    BARRIERS = "barriers"
    HOME_PAGES = "home-pages"
    PAGE_REDIRECTS = "page-redirects"
    COOKIES = "cookies"
    HTTPS_ONLY = "https-only"
    NEAR_MISSES = "near-misses"
    WALLS = "walls"
    CONSENT_AND_LOGIN = "consent-and-login"
    PAYWALLS = "paywalls"
    PARKED = "parked"
    TRANSIENTS = "transients"
    TLS = "tls"
    DNS = "dns"
    CONNECT = "connect"
    TRANSFER = "transfer"
    ROBOTS = "robots"
    LARGE_HOSTS = "large-hosts"
    HIJACKS = "hijacks"
    IMAGES = "images"
    ADDRESSES = "addresses"
    CONDITIONAL = "conditional"
    EMPTY_QUERIES = "empty-queries"
    SUGGESTIONS = "suggestions"
    LISTS = "lists"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Label:
    """The expected result of a link: its verdict (rule V1), its reason code, the warnings, and the suggested
    address (a path stands for one on the link's own host)."""

    verdict: str
    reason: str
    warnings: tuple[str, ...] = ()
    suggestion: str | None = None

    @property
    def forbids_alarm(self) -> bool:
        """Whether `broken` or `dead` would be a false alarm."""
        return self.verdict in ("alive", "moved", "unverifiable")


ALIVE = Label("alive", "http-200")
BROKEN_404 = Label("broken", "http-404")
SOFT_404 = Label("broken", "soft-404")
HOME = Label("broken", "soft-404-home")
PARKED = Label("broken", "parked")
BOT_WALL = Label("unverifiable", "bot-wall")
CONSENT = Label("unverifiable", "consent-wall")
LOOP = Label("unverifiable", "redirect-loop")
LOGIN = Label("unverifiable", "login-wall")
TEMPORARY = Label("alive", "redirect-temporary")
TRIVIAL = Label("alive", "redirect-trivial")
GENERAL = Label("alive", "redirect-general")
"""A home page, a log-in or a consent page never is a suggestion (rule V12)."""
TO_HOME = Label("alive", "redirect-general", ("redirects-to-home",))
TO_SECTION = Label("alive", "redirect-general", ("redirects-to-section",))
FOR_NOW_TO_HOME = Label("alive", "redirect-temporary", ("redirects-to-home",))
FOR_NOW_TO_SECTION = Label("alive", "redirect-temporary", ("redirects-to-section",))
BARRIER = Label("unverifiable", "site-barrier")
CUT = Label("alive", "http-200", ("body-incomplete",))


def moved(end: str = END) -> Label:
    """Moved for good, with the new address as the suggestion."""
    return Label("moved", "moved-permanently", suggestion=end)


def unverifiable(reason: str | int) -> Label:
    """The label of an answer that proves nothing about the page; a number is an HTTP status."""
    return Label("unverifiable", f"http-{reason}" if isinstance(reason, int) else reason)


@dataclass(frozen=True, slots=True)
class Seen:
    """Further fields that the report must have; None is not compared.

    `requests` are those for the link's own URL, `end` is `final_url` (a path as in `Label`), `sizes`
    are the findings on an image's size with their levels, `freshness` is the state of the article, `published` the
    day of publication that its page states or that is guessed, "" for none.
    """

    requests: int | None = None
    status: int | None = None
    end: str | None = None
    hops: int | None = None
    strikes: int | None = None
    sizes: tuple[tuple[str, str], ...] | None = None
    freshness: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One link, on the host `NAME.example` unless `raw` is its whole address.

    Keys of `answers` without a host are of the link's own. The link itself and `END` are article pages of
    `title` where `answers` does not say else, and so are `pages`; every other address is 404. `title` and
    `excerpt` are what the article's file declares. `identity` is the address that is visited, where the file's is written
    otherwise. `file_text` is the article's file where a page's own is not enough. `image` is the declared size of a link
    that is an image.
    """

    kind: Class
    name: str
    label: Label
    answers: Answers = field(default_factory=dict)
    path: str = PATH
    scheme: str = "https"
    title: str = TITLE
    excerpt: str | None = None
    raw: str | None = None
    identity: str | None = None
    file_text: str | None = None
    pages: tuple[str, ...] = ()
    image: tuple[int, int] | None = None
    certificate: Certificate | None = None
    names: Mapping[str, Name] = field(default_factory=dict)
    seen: Seen = field(default_factory=Seen)

    @property
    def host(self) -> str:
        """The link's own host."""
        return f"{self.name}.example"

    @property
    def url(self) -> str:
        """The link, as the file has it."""
        return f"{self.scheme}://{self.host}{self.path}" if self.raw is None else self.raw

    @property
    def visited(self) -> str:
        """The link as it is visited, which the report names it by."""
        return self.url if self.identity is None else self.identity

    @property
    def file(self) -> str:
        """The name of the article's file."""
        return f"{self.kind}/{self.name}.md"

    @property
    def text(self) -> str:
        """The article's file."""
        if self.file_text is not None:
            return self.file_text
        if self.image is not None:
            return article(self.title, images=[Image(self.url, self.image)])
        extra = f"excerpt: {json.dumps(self.excerpt)}" if self.excerpt else ""
        return article(self.title, web=self.url, extra=extra)

    @property
    def rules(self) -> dict[str, Answer | Sequence[Answer]]:
        """Every rule of the origin for this case."""
        page = Answer(body=pages.page(self.title))
        served = {self._key(path): page for path in (END, *self.pages)}
        own: dict[str, Answer | Sequence[Answer]] = {}
        if self.raw is None:
            own[self._key(self.path)] = page if self.image is None else Answer(image=self.image)
        return {**own, **served, **{self._key(path): one for path, one in self.answers.items()}}

    def absolute(self, address: str | None) -> str | None:
        """An address of a label: a path is one on the link's own host."""
        if address is None or not address.startswith("/"):
            return address
        return f"{self.scheme}://{self.host}{address}"

    def _key(self, path: str) -> str:
        return path if path.startswith("//") or "://" in path else f"//{self.host}{path}"


@dataclass(frozen=True, slots=True)
class DayCase:
    """One link over days: `answers` are those of each visit's day, the last for ever, and `labels` the expected
    results after each of those days, None for any."""

    name: str
    answers: Mapping[int, Answer]
    labels: Mapping[int, Label]
    title: str = TITLE
    strikes: Mapping[int, int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The link."""
        return f"https://{self.name}.example{PATH}"

    @property
    def text(self) -> str:
        """The article's file."""
        return article(self.title, web=self.url)

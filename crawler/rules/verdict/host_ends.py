"""Where large hosts lead to in place of a thing that is gone, or that only some may see (rules V7, V14, V15).

Each row of `ENDS` is one address that a host is known to lead to, with its source. One rule more holds for every host: a
picture that leads to a picture named `removed` is removed, as its host names it so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult

from crawler.rules.places import is_of_domain, segments


class EndReason(StrEnum):
    """What an end says. The strings are reason codes."""

    REMOVED = "removed"
    NOT_PUBLIC = "not-public"
    LOGIN = "login-wall"


@dataclass(frozen=True, slots=True)
class HostEnd:
    """An end of redirects: the domains that lead there (none for any), the domain and the path of the end, a pattern that its
    query has to hold, what it says, and where and when that was seen."""

    asked: tuple[str, ...]
    end: str
    path: re.Pattern[str]
    reason: EndReason
    source: str
    seen: str
    query: re.Pattern[str] | None = None

    def holds(self, url: SplitResult) -> bool:
        """Whether an address is this end."""
        return (
            is_of_domain(url.hostname or "", self.end)
            and self.path.fullmatch(url.path) is not None
            and (self.query is None or self.query.search(url.query) is not None)
        )


ENDS: tuple[HostEnd, ...] = (
    HostEnd(
        ("imgur.com",), "imgur.com", re.compile(r"/removed\.png"), EndReason.REMOVED,
        "github.com/JDimproved/JDim/issues/1433; github.com/funilrys/PyFunceble/issues/319 (curl -I)", "2024-08",
    ),
    HostEnd(
        ("flickr.com", "staticflickr.com"), "yimg.com",
        re.compile(r"/(?:g|pw)/images/(?:[a-z-]{2,6}/)?photo_unavailable(?:_[a-z])?\.(?:gif|png)"), EndReason.REMOVED,
        "github.com/imathis/octopress, _posts/2009-03-18-flickr-photo-gallery.markdown; public downloaders of data sets",
        "2026-11",
    ),
    HostEnd(
        ("wordpress.com",), "wordpress.com", re.compile(r"/typo/?"), EndReason.REMOVED,
        "github.com/sherlock-project/sherlock, data.json (WordPress, errorUrl)", "2026-11",
        re.compile(r"(?:^|&)subdomain="),
    ),
    HostEnd(
        ("bandcamp.com",), "bandcamp.com", re.compile(r"/signup/?"), EndReason.REMOVED,
        "the answer for names that nobody has (303 to /signup?new_domain=), in public readers of Bandcamp", "2026-09",
        re.compile(r"(?:^|&)new_domain="),
    ),
    HostEnd(
        ("linkedin.com",), "linkedin.com", re.compile(r"/jobs/.*", re.DOTALL), EndReason.NOT_PUBLIC,
        "LinkedIn's mark of a closed posting; but a visitor without an account is led to a search from open ones too: "
        "github.com/career-ops-hq/career-ops/issues/3179", "2026-08",
        re.compile(r"(?:^|&)trk=expired_jd_redirect(?:&|$)"),
    ),
    HostEnd(
        ("twitter.com", "x.com"), "twitter.com", re.compile(r"/account/suspended/?"), EndReason.REMOVED,
        "its landing page, as tests of public URL expanders have it", "2026-11",
    ),
    HostEnd(
        ("twitter.com", "x.com"), "x.com", re.compile(r"/account/suspended/?"), EndReason.REMOVED,
        "as twitter.com, whose new name it is", "2026-11",
    ),
    HostEnd(
        (), "blogger.com", re.compile(r"/blogin\.g"), EndReason.NOT_PUBLIC,
        "the warning before blogs for adults, and the door of blogs for invited readers", "2026-11",
        re.compile(r"(?:^|&)blogspotURL="),
    ),
    HostEnd(
        ("tumblr.com",), "tumblr.com", re.compile(r"/login_required/.+"), EndReason.LOGIN,
        "blogs that are not shown on the web, in public readers of Tumblr", "2026-11",
    ),
    HostEnd(
        (), "accounts.google.com", re.compile(r"/ServiceLogin(?:/.*)?", re.DOTALL), EndReason.LOGIN,
        "Google's log-in, before Drive, Docs, Groups and Sites that are not public", "2026-11",
    ),
)  # fmt: skip
"""The ends that are known; `seen` is when the source says so, or when it was last looked at."""

_PICTURE_NAME = re.compile(r"(?P<stem>.{1,200})\.(?:png|jpe?g|gif|webp|avif|svg)", re.IGNORECASE)
_THING = r"(?:image|img|photo|picture|pic|media|file|content|upload)s?"
_REMOVED_NAME = re.compile(
    rf"(?:{_THING}[-_]?)?(?:(?:has|was|is)[-_](?:been[-_])?)?(?:removed|deleted)(?:[-_]?{_THING})?"
    rf"|{_THING}[-_]?(?:is[-_])?not[-_]?found|(?:{_THING}[-_])?(?:is[-_])?no[-_]longer[-_](?:available|exists)",
    re.IGNORECASE,
)
_WORDS_OF_REMOVAL = re.compile(r"remov|delet|found|longer", re.IGNORECASE)


def reason_of_end(asked: SplitResult, end: SplitResult) -> EndReason | None:
    """What the end of redirects says of the address that was asked for; None for an end that is not known.

    Nothing, where the address that was asked for is itself such an end.
    """
    for row in ENDS:
        if row.holds(end) and not row.holds(asked) and _leads_there(asked, row):
            return row.reason
    return EndReason.REMOVED if _is_removed_picture(asked, end) else None


def names_removed(name: str) -> bool:
    """Whether the whole name of a picture says that another one was removed."""
    found = _PICTURE_NAME.fullmatch(name)
    return found is not None and _REMOVED_NAME.fullmatch(found["stem"]) is not None


def speaks_of_removal(name: str) -> bool:
    """Whether a name may mean such a picture itself, or be about one."""
    return _WORDS_OF_REMOVAL.search(name) is not None


def _leads_there(asked: SplitResult, row: HostEnd) -> bool:
    host = asked.hostname or ""
    return not row.asked or any(is_of_domain(host, domain) for domain in row.asked)


def _is_removed_picture(asked: SplitResult, end: SplitResult) -> bool:
    """Whether a named picture led to one whose whole name says that it was removed, which the name that was asked for
    has no word of."""
    was, now = ((segments(url) or [""])[-1] for url in (asked, end))
    is_named = _PICTURE_NAME.fullmatch(was) is not None
    return is_named and names_removed(now) and not speaks_of_removal(was)

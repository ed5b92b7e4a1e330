"""What the pages of large hosts say in their own data: that the thing is removed, or who may see it (rules V14, V15).

Such pages answer 200 whatever became of the thing, in the reader's language, with metadata of the site. So their words are
not read: each row of `HOSTS` reads one documented field of the data that the host's own player or application reads. A
field that may mean either (removed, or kept from this country) never says gone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, urlsplit

from crawler.extractors.html.document import Document
from crawler.model.observation import SoftSign
from crawler.rules.places import is_of_domain

Said = tuple[SoftSign, str]
"""A sign and its evidence, a line for people."""

MAX_DATA = 3_000_000
"""Longest script read, in characters: a watch page's player data have some 500,000."""

_MOST_SCRIPTS = 200
_LONGEST_REASON = 80
_LONGEST_NUMBER = 15


@dataclass(frozen=True, slots=True)
class HostPage:
    """One host: its domain, what reads its pages, and where and when it was seen that they say so."""

    domain: str
    read: Callable[[Document], Said | None]
    source: str
    seen: str


def find_host_sign(document: Document) -> Said | None:
    """What the page of a host in `HOSTS` says of the thing; None for a thing that is there, and for every other host.

    Never raises. Only pages of these hosts cost anything.
    """
    host = document.host
    if document.root is None or not host:
        return None
    row = next((row for row in HOSTS if is_of_domain(host, row.domain)), None)
    return row.read(document) if row is not None else None


def _number(text: str) -> float | None:
    return float(text) if len(text) <= _LONGEST_NUMBER else None


_DECODER = json.JSONDecoder(strict=False, parse_int=_number, parse_float=_number)
_PLAYER = re.compile(r"ytInitialPlayerResponse(?:[\"']\])?+\s*+=\s*+(?=\{)")
_STATE = re.compile(r"__INITIAL_STATE__\s*+=\s*+(?=\{)")
_WATCH_PATH = re.compile(r"/(?:watch/?|(?:shorts|live)/[\w-]{11}/?)")
_POST_PATH = re.compile(r"/@[^/]*+/(?:video|photo)/\d++/?")
_FILM_PATH = re.compile(r"/video/\w++/?")

_WITHHELD = frozenset(
    {"LOGIN_REQUIRED", "UNPLAYABLE", "AGE_CHECK_REQUIRED", "AGE_VERIFICATION_REQUIRED"}
)
"""Statuses of a film that only some may see: by age, country, membership or log-in."""


def _youtube(document: Document) -> Said | None:
    """The status of YouTube's own player.

    A film that is gone has the status ERROR and no details, neither in the player nor below it. A private one asks for a
    log-in and gives messages, but no reason; the bot check and the age check give a reason. ERROR beside a film's details
    is a fault of the player. What is restricted to some (UNPLAYABLE) may be watched elsewhere.
    """
    address = urlsplit(document.url)
    if not _WATCH_PATH.fullmatch(address.path):
        return None
    if address.path.startswith("/watch") and not parse_qs(address.query).get("v"):
        return None
    player = _assigned(document, _PLAYER)
    state = _mapping(player, "playabilityStatus")
    status = state.get("status")
    if not isinstance(status, str):
        return None
    shows_film = bool(_mapping(player, "videoDetails")) or (
        b"videoPrimaryInfoRenderer" in document.source
    )
    if status == "ERROR" and not shows_film:
        return SoftSign.REMOVED, _line("YouTube's player: ERROR", state.get("reason"))
    if status == "LOGIN_REQUIRED" and not shows_film:
        messages = state.get("messages")
        if messages and isinstance(messages, list) and not state.get("reason"):
            return SoftSign.REMOVED, _line("YouTube's player: private", messages[0])
        return SoftSign.WALL, _line("YouTube's player: LOGIN_REQUIRED", state.get("reason"))
    if status == "ERROR" or status in _WITHHELD:
        return SoftSign.PRIVATE, _line(f"YouTube's player: {status}", state.get("reason"))
    return None


def _tiktok(document: Document) -> Said | None:
    """The status of TikTok's own data for a post. 10204 is given for removed posts and for regions, 10216 and 10222 for
    private ones: none of them is told apart for certain, so none says gone."""
    if not _POST_PATH.fullmatch(urlsplit(document.url).path):
        return None
    data = _of_script(document, "__UNIVERSAL_DATA_FOR_REHYDRATION__")
    detail = _mapping(_mapping(data, "__DEFAULT_SCOPE__"), "webapp.video-detail")
    code = detail.get("statusCode")
    if not isinstance(code, float) or code == 0:
        return None
    return SoftSign.PRIVATE, _line(f"TikTok's data: {code:.0f}", detail.get("statusMsg"))


def _bilibili(document: Document) -> Said | None:
    """The fault in Bilibili's own data for a film: -404 is given for removed ones and for regions."""
    if not _FILM_PATH.fullmatch(urlsplit(document.url).path):
        return None
    fault = _mapping(_assigned(document, _STATE), "error")
    code = fault.get("trueCode")
    if not isinstance(code, float) or code == 0:
        return None
    return SoftSign.PRIVATE, _line(f"Bilibili's data: {code:.0f}", fault.get("message"))


HOSTS: tuple[HostPage, ...] = (
    HostPage(
        "youtube.com",
        _youtube,
        "github.com/TeamNewPipe/NewPipeExtractor, YoutubeStreamExtractor (checkPlayabilityStatus); "
        "github.com/Tyrrrz/YoutubeExplode (status error: not available); github.com/yt-dlp/yt-dlp/pull/12958 (rate limit)",
        "2026-11",
    ),
    HostPage(
        "tiktok.com",
        _tiktok,
        "github.com/yt-dlp/yt-dlp/issues/11308 and 11538; github.com/davidteather/TikTok-Api/issues/148 (by region)",
        "2026-11",
    ),
    HostPage(
        "bilibili.com",
        _bilibili,
        "github.com/yt-dlp/yt-dlp, extractor bilibili (deleted or geo-restricted)",
        "2026-11",
    ),
)
"""The hosts whose pages are read; `seen` is when the source was last looked at."""


def _assigned(document: Document, variable: re.Pattern[str]) -> Mapping[str, Any]:
    """The object that a script assigns to a variable; empty where none does."""
    for text in _scripts(document):
        if (found := variable.search(text)) is not None:
            return _object(text, found.end())
    return {}


def _of_script(document: Document, identity: str) -> Mapping[str, Any]:
    """The object in the script with this id; empty where there is none."""
    assert document.root is not None
    for script in islice(document.root.iter("script"), _MOST_SCRIPTS):
        if script.get("id") == identity and script.text:
            text = script.text[:MAX_DATA].lstrip()
            return _object(text, 0)
    return {}


def _scripts(document: Document) -> list[str]:
    assert document.root is not None
    scripts = islice(document.root.iter("script"), _MOST_SCRIPTS)
    return [script.text[:MAX_DATA] for script in scripts if script.text]


def _object(text: str, start: int) -> Mapping[str, Any]:
    try:
        value, _ = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _mapping(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = value.get(name)
    return inner if isinstance(inner, dict) else {}


def _line(start: str, said: object) -> str:
    words = " ".join(said.split())[:_LONGEST_REASON] if isinstance(said, str) else ""
    return f"{start} ({words})" if words else start

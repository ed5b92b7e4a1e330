"""A URL on the command line, and the known URLs most like it; no command."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from crawler.commands.guard import complain, one_path, paths_in
from crawler.configuration import ConfigurationError
from crawler.configuration.errors import quoted
from crawler.operations.known_links import identities

if TYPE_CHECKING:
    from crawler.session import Session

_KNOWN_URLS = 5_000
_COMPARED = 200
_LONGEST_COMPARED = 400
_NEAREST = 5


def url_and_path(args: Sequence[str], content: str | None) -> tuple[str, str]:
    """The URL and the PATH of `URL [PATH]` with `--content PATH`. Raises ConfigurationError."""
    words = paths_in(args)
    if not words:
        raise ConfigurationError("arguments", "a URL is wanted; see --help")
    return words[0], path_of(["--", *words[1:]], content)


def path_of(args: Sequence[str], content: str | None) -> str:
    """The PATH of `[PATH]` with `--content PATH`. Raises ConfigurationError."""
    path, words = one_path(args), paths_in(args)
    if content is not None and words:
        raise ConfigurationError(
            "arguments", f"{quoted(words[0])} is one too many: --content names the PATH"
        )
    return path if content is None else content


def suggest(session: Session, raw: str) -> None:
    """Print that a URL is not known, and which known URLs of its host are most like it."""
    from crawler.rules.urls import examine

    complain(f"no article is known to hold {quoted(raw)}")
    url = next((url for url in identities(session, raw) if examine(url).host), raw)
    host = examine(url).host
    near = nearest(url, session.state.urls_of_host(host, _KNOWN_URLS))
    if near:
        complain("the nearest that are known:")
        for known in near:
            complain(f"  {known}")
    elif session.state.last_run() is None:
        complain("nothing has been visited yet: run `linkhealth audit` first")
    elif host:
        complain(f"no link like it is known at {quoted(host)}")


def nearest(url: str, known: Iterable[str]) -> list[str]:
    """The few of `known` that are most like `url`, best first.

    Bounded: only the 200 that begin most alike are compared as a whole, and none longer than 400.
    """
    short = (one for one in known if len(one) <= _LONGEST_COMPARED)
    alike = heapq.nlargest(_COMPARED, short, key=lambda one: _shared_beginning(url, one))
    return get_close_matches(url[:_LONGEST_COMPARED], alike, n=_NEAREST)


def _shared_beginning(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))

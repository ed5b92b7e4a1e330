"""The arguments of a run: `-a` arguments and flags, read once, refused with a reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from crawler.configuration import (
    FORMER,
    OPTIONS,
    Configuration,
    ConfigurationError,
    Mistakes,
)
from crawler.configuration.errors import quoted
from crawler.model.reference import Scope
from crawler.model.role import CRAWLED, Role
from crawler.model.selection import ALL_SCOPES, Selection
from crawler.rules.policy import TextLinks
from crawler.session.content import Content

SELECTION_OPTIONS = ("content", "limit", "host", "since", "due", "published", "offline", "facts")
"""The arguments that choose links; the others are configuration options."""

CONFIGURATION_OPTIONS = (
    "related",
    "body",
    "write_back",
    "profile",
    "amp_cache",
    "accept_mass_change",
)
"""The configuration options that are wanted from run to run; every other one may be given in the same way."""

_FLAGS = (*OPTIONS, *FORMER, "profile")

_SINCE = re.compile(r"([1-9][0-9]{0,4})([hdwmy])")
_UNIT = {
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "m": timedelta(days=30),
    "y": timedelta(days=365),
}


def split(options: Mapping[str, str], mistakes: Mistakes) -> tuple[dict[str, str], dict[str, str]]:
    """The arguments that choose links, and the configuration flags; `mistakes` is told of every other."""
    given = {name.replace("-", "_"): str(value) for name, value in options.items()}
    chosen = {name: text for name, text in given.items() if name in SELECTION_OPTIONS}
    flags = {name: text for name, text in given.items() if name in _FLAGS}
    for name in given:
        if name not in chosen and name not in flags:
            known = (*SELECTION_OPTIONS, *_FLAGS)
            mistakes.unknown(f"-a {quoted(name)[1:-1]}", "unknown argument", name, known)
        elif name in OPTIONS and OPTIONS[name].is_secret:
            # Whoever may list the machine's processes reads their arguments.
            message = f"others see it in the list of processes; set {OPTIONS[name].variable}"
            mistakes.note(f"-a {name}", message)
            del flags[name]
    return chosen, flags


def selection(
    chosen: Mapping[str, str],
    content: Content,
    configuration: Configuration,
    roles: frozenset[Role],
    now: datetime,
) -> Selection:
    """The selection of links of a run. Raises ConfigurationError naming each argument that is wrong."""
    # A spider for one kind of link (images, AMP …) visits no links of the body.
    if configuration.body is not TextLinks.NO and roles == CRAWLED:
        roles = CRAWLED | {Role.BODY}
    if not configuration.amp_cache:
        roles -= {Role.AMP_CACHE}
    mistakes = Mistakes()
    selected = Selection(
        roles=roles,
        scopes=ALL_SCOPES if configuration.related else frozenset({Scope.OWN}),
        hosts=_hosts(chosen.get("host", "")),
        asked=content.asked,
        own_texts=configuration.body is TextLinks.AUTO,
    )
    with mistakes.noting():
        selected = replace(selected, published_since=_since(chosen.get("since", ""), now))
    with mistakes.noting():
        which = _one_of("published", chosen.get("published", "all"), ("yes", "all"))
        selected = replace(selected, listed_only=which == "yes")
    with mistakes.noting():
        when = _one_of("due", chosen.get("due", "now"), ("now", "all"))
        selected = replace(selected, ignore_schedule=when == "all")
    with mistakes.noting():
        whether = _one_of("offline", chosen.get("offline", "no"), ("yes", "no"))
        selected = replace(selected, is_offline=whether == "yes")
    with mistakes.noting():
        facts = _one_of("facts", chosen.get("facts", "yes"), ("yes", "no"))
        selected = replace(selected, reads_pages=facts == "yes")
    with mistakes.noting():
        selected = replace(selected, limit=_limit(chosen["limit"]) if "limit" in chosen else 0)
    mistakes.end()
    return selected


def _hosts(text: str) -> tuple[str, ...]:
    return tuple(glob for part in text.split(",") if (glob := part.strip().lower()))


def _since(text: str, now: datetime) -> datetime | None:
    if not text:
        return None
    match = _SINCE.fullmatch(text.strip().lower())
    if match is None:
        raise ConfigurationError(
            "-a since", f"{quoted(text)} is not an age like 12h, 7d, 4w, 6m or 1y"
        )
    try:
        return now - int(match[1]) * _UNIT[match[2]]
    except OverflowError:
        raise ConfigurationError(
            "-a since", f"{quoted(text)} is longer ago than any date"
        ) from None


def _limit(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
        raise ConfigurationError("-a limit", f"{quoted(text)} is not a number of links")
    if not int(text):
        raise ConfigurationError("-a limit", "0 would visit nothing; leave it out to visit all")
    return int(text)


def _one_of(name: str, text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise ConfigurationError(f"-a {name}", f"{quoted(text)} is not one of {', '.join(allowed)}")
    return text

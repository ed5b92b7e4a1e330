"""Where messages go: `LINKHEALTH_NOTIFY_DESK` for the channel `desk`, `LINKHEALTH_NOTIFY` for the one without a name.

A target is an address as apprise reads them (`mailtos://…`, `slack://…`), or `file:PATH`. It is a secret, and it is the operator's: no
collection may choose where its news are sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from crawler.configuration.mistakes import Mistakes
from crawler.configuration.options import VARIABLES
from crawler.model.notification import DEFAULT_CHANNEL

PREFIX: Final = f"{VARIABLES}NOTIFY"
CHANNEL_NAME: Final = "[a-z][a-z0-9_]{0,39}"
MOST_TARGETS: Final = 20
LONGEST_TARGETS: Final = 8_192
"""Characters of a variable."""
FILE: Final = "file"
"""The scheme of a target that is a file."""
_VARIABLE: Final = re.compile(rf"{PREFIX}_({CHANNEL_NAME.replace('a-z', 'A-Z')})", re.ASCII)
_NEXT: Final = re.compile(r"\s+(?=[A-Za-z][A-Za-z0-9+.-]{0,39}:)")
"""White space before the next target; that in a path belongs to it."""
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,39}):")


@dataclass(frozen=True, slots=True)
class Target:
    """One target of a channel. `name` says which, with nothing of the address: its scheme, numbered from the second of
    its kind on. It is what the state knows it by, so a new token changes nothing."""

    name: str
    scheme: str
    address: str = field(repr=False)


Targets = Mapping[str, tuple[Target, ...]]
"""Those of each channel that has any."""


def variable_of(channel: str) -> str:
    """The variable that holds the targets of a channel."""
    return PREFIX if channel == DEFAULT_CHANNEL else f"{PREFIX}_{channel.upper()}"


def read_targets(environ: Mapping[str, str], mistakes: Mistakes) -> Targets:
    """The targets of an environment by channel; an empty variable counts as unset. No message quotes a value."""
    found: dict[str, tuple[Target, ...]] = {}
    for variable in sorted(environ):
        channel = _channel_of(variable)
        text = environ[variable].strip()
        if channel is None or not text:
            continue
        if variable != variable_of(channel):
            mistakes.note(variable, f"the channel {DEFAULT_CHANNEL} has its targets in {PREFIX}")
            continue
        parts = _NEXT.split(text)
        is_text = len(text) <= LONGEST_TARGETS and all(part.isprintable() for part in parts)
        if not is_text or len(parts) > MOST_TARGETS:
            mistakes.note(
                variable,
                f"is not printable text of at most {LONGEST_TARGETS:,} characters and {MOST_TARGETS} targets",
            )
        elif not all(map(_SCHEME.match, parts)):
            mistakes.note(
                variable, "is not a target like mailtos://…, slack://…, json://… or file:PATH"
            )
        else:
            found[channel] = tuple(_named(parts))
    return found


def _channel_of(variable: str) -> str | None:
    if variable == PREFIX:
        return DEFAULT_CHANNEL
    known = _VARIABLE.fullmatch(variable)
    return known[1].lower() if known else None


def _named(parts: list[str]) -> Iterator[Target]:
    seen: dict[str, int] = {}
    for part in parts:
        known = _SCHEME.match(part)
        assert known is not None
        scheme = known[1].lower()
        seen[scheme] = number = seen.get(scheme, 0) + 1
        yield Target(scheme if number == 1 else f"{scheme} {number}", scheme, part)

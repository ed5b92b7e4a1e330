"""`notifications:` of `.linkhealth.yml`: channels, and what each is told. Where they lead stands in the environment alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from crawler.configuration.errors import did_you_mean, quoted
from crawler.configuration.file import Section, Text
from crawler.configuration.kinds import Kind, Schema, any_case, one_of, whole_number
from crawler.configuration.notification_targets import CHANNEL_NAME, PREFIX
from crawler.configuration.owner_options import OwnerNames
from crawler.configuration.shapes import At, ByName, Fields, Many, One, Shape
from crawler.model.notification import About, Channel, Rhythm

NOTIFICATIONS: Final = "notifications"
MOST_CHANNELS: Final = 20
_HIGHEST: Final = 100
_TARGETS: Final = (
    *("target", "targets", "url", "urls", "to", "webhook", "token", "password", "host", "path"),
    *("file", "address", "env", "environment", "variable"),
)
"""Names under which an author of the file might look for the target's place."""


def _name(name: str) -> str:
    # What stands here may be a secret address: it is not quoted.
    if not re.fullmatch(CHANNEL_NAME, name):
        raise ValueError("the name of a channel takes small letters, digits and _, like desk_mail")
    return name


def _about(text: str) -> tuple[About, ...]:
    names = dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip())
    if not names:
        raise ValueError(f"nothing to tell; known are: {', '.join(About)}")
    for name in names:
        if name not in set(About):
            raise ValueError(
                f"{quoted(name)} is nothing to tell; {did_you_mean(name, map(str, About))}"
            )
    return tuple(one for one in About if one.value in names)


def _digest(text: str) -> Rhythm:
    try:
        return Rhythm(text.lower())
    except ValueError:
        raise ValueError(f"{quoted(text)} is not one of {', '.join(Rhythm)}") from None


_KNOWN: Final = any_case(About).removeprefix("^ *").removesuffix(" *$")
_ABOUT: Final = Kind(
    _about,
    {"type": "string", "pattern": f"^[ ,]*{_KNOWN}( *,[ ,]*{_KNOWN})*[ ,]*$"},
)
CHANNEL_ROWS: Final[Mapping[str, Shape[Any]]] = {
    "about": Many(_ABOUT, one_of(About), least=1),
    "owners": OwnerNames(),
    "digest": One(Kind(_digest, one_of(Rhythm)), "one word"),
    "most": One(whole_number(1, _HIGHEST), "one number"),
}
"""In the order of docs/configuration.md."""
_CHANNEL: Final = Fields(
    CHANNEL_ROWS,
    of="of a channel",
    refused=dict.fromkeys(
        _TARGETS,
        "{} of a channel is for the one who runs linkhealth to choose, not for the collection; take it out here and "
        f"set {PREFIX}_ with the channel's name in capitals",
    ),
)


@dataclass(frozen=True, slots=True)
class _ChannelShape:
    """The options of a channel. An address in their place is refused, and not quoted: it may hold a secret."""

    @property
    def schema(self) -> Schema:
        """See `Shape`."""
        return _CHANNEL.schema

    def read(self, found: Text | Section, at: At) -> dict[str, Any]:
        """See `Shape`."""
        if isinstance(found, Text) and found.items is not None:
            raise at.error(
                f"{at.name} takes options; where it leads stands in no file: take it out here and set {PREFIX}_ "
                "with the channel's name in capitals"
            )
        return _CHANNEL.read(found, at)


NOTIFICATIONS_SHAPE: Final = ByName(
    _name,
    _ChannelShape(),
    "channels with their options below",
    {"pattern": f"^{CHANNEL_NAME}$"},
    label="a channel",
    most=MOST_CHANNELS,
)


def channels(read: tuple[tuple[str, dict[str, Any]], ...]) -> tuple[Channel, ...]:
    """The channels of `notifications`, in file order; of two of one name, in the file and its profile, the first."""
    found: dict[str, Channel] = {}
    for name, options in read:
        found.setdefault(name, Channel(name, **options))
    return tuple(found.values())

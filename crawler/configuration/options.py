"""Every option: its name, how its text is read, its default and its environment variable.

The table of docs/configuration.md lists the same; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from crawler.configuration import option_kinds as kinds
from crawler.configuration.kinds import (
    CONTACT,
    FLAG,
    HOST_OR_ADDRESS,
    LINE_OF_TEXT,
    SECONDS,
    WEB_ADDRESS,
    Kind,
    Schema,
    decimal,
    duration,
    optional,
    whole_number,
)
from crawler.configuration.shapes import Many, One, Shape
from crawler.model.article_keys import SECURED
from crawler.model.format_name import DEFAULT_FORMATS
from crawler.rules.policy import OutagePolicy, PolitenessPolicy, TextLinks, WriteBack

T = TypeVar("T")
VARIABLES = "LINKHEALTH_"
"""How the name of every variable of ours begins."""
_POLITE = PolitenessPolicy()
_OUTAGES = OutagePolicy()
IN_FLIGHT_DEFAULT = 32
MOST_IN_FLIGHT = 256
"""Requests under way at a time; each may hold a socket and a body of some megabytes."""
MOST_PROCESSES = 64
CONNECTIONS = whole_number(1, 64)
TRIES = whole_number(0, 10)


@dataclass(frozen=True, slots=True)
class Option(Generic[T]):
    """One option with one value.

    `default` is text, read like any other value; the empty text means "none" for those options that may have no
    value. An option that `is_operators` is never read from the collection's own file: a collection under review must
    not choose where its checker connects or which certificates it trusts. One that `is_secret` is masked where it is
    shown. `shares` is the option whose variable it has too. `item` is the schema of what stands in a list of values, `least`
    how many have to be in one.
    """

    name: str
    kind: Kind[T]
    default: str = ""
    is_list: bool = False
    is_secret: bool = False
    is_operators: bool = False
    shares: str | None = None
    item: Schema = field(default_factory=lambda: {"type": ["string", "number", "boolean"]})
    least: int = 0

    @property
    def parse(self) -> Callable[[str], T]:
        """Reads a text; raises ValueError with what is wrong and what is wanted."""
        return self.kind.parse

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return f"{VARIABLES}{(self.shares or self.name).upper()}"

    @property
    def shape(self) -> Shape[T]:
        """What may stand at its key in the file."""
        return Many(self.kind, self.item, self.least) if self.is_list else One(self.kind)


WRITE_BACK = Option("write_back", kinds.WRITE_BACK_MODE, WriteBack.OWN.value)
SIDECAR_FOLDER = Option("sidecar_folder", optional(kinds.FOLDER))
HOST_DELAY = Option("host_delay", SECONDS, str(_POLITE.delay))
HOST_CONNECTIONS = Option("host_connections", CONNECTIONS, str(_POLITE.connections))
IMAGE_HOST_DELAY = Option(
    "image_host_delay", SECONDS, str(_POLITE.image_host_delay), shares=HOST_DELAY.name
)
IMAGE_HOST_CONNECTIONS = Option(
    "image_host_connections", CONNECTIONS, str(_POLITE.image_host_connections)
)
RETRIES = Option("retries", TRIES, str(_POLITE.retries))
STALE_AFTER_DAYS = Option("stale_after_days", optional(whole_number(1, 36_500)))
SITE_URL = Option("site_url", optional(WEB_ADDRESS))
LINK_PATTERN = Option("link_pattern", optional(kinds.PLACE_PATTERN))
USER_AGENT = Option("user_agent", optional(LINE_OF_TEXT))
CONTACT_URL = Option("contact_url", optional(CONTACT))
RESPECT_ROBOTS = Option("respect_robots", FLAG, "yes")
AMP_CACHE = Option("amp_cache", FLAG, "yes")
RELATED = Option("related", FLAG, "yes")
BODY = Option("body", kinds.TEXT_LINKS, TextLinks.AUTO.value)
EXCLUDE = Option("exclude", kinds.GLOBS, is_list=True)
INCLUDE = Option("include", kinds.GLOBS, is_list=True)
SECRET_KEYS = Option("secret_keys", kinds.KEYS, SECURED, is_list=True)
CONNECT_TIMEOUT = Option("connect_timeout", optional(decimal(10, 120, "seconds")))
RESPONSE_TIMEOUT = Option("response_timeout", optional(decimal(5, 300, "seconds")))
DNS_TIMEOUT = Option("dns_timeout", optional(decimal(2, 60, "seconds")))
REPORT_FORMATS = Option(
    "report_formats",
    kinds.FORMATS,
    ",".join(DEFAULT_FORMATS),
    is_list=True,
    item=kinds.FORMAT,
    least=1,
)
IN_FLIGHT = Option("in_flight", whole_number(1, MOST_IN_FLIGHT), str(IN_FLIGHT_DEFAULT))
PROCESSES = Option("processes", optional(whole_number(1, MOST_PROCESSES)), is_operators=True)
CANARIES = Option("canaries", kinds.ORIGINS, is_list=True, item=HOST_OR_ADDRESS)
CANARY_INTERVAL = Option(
    "canary_interval",
    duration(decimal(1, 3600, "seconds")),
    f"{_OUTAGES.canary_every.total_seconds():g}",
)
NETWORK_PAUSES = Option(
    "network_pauses",
    kinds.PAUSES,
    ",".join(f"{pause.total_seconds():g}" for pause in _OUTAGES.pauses),
    is_list=True,
    item=SECONDS.schema,
)
SECOND_LOOK = Option("second_look", duration(SECONDS), f"{_OUTAGES.second_look.total_seconds():g}")
SECOND_RESOLVER = Option("second_resolver", optional(kinds.NAME_SERVER), is_operators=True)
ACCEPT_MASS_CHANGE = Option("accept_mass_change", FLAG, "no")
DATABASE_URL = Option("database_url", optional(kinds.DATABASE), is_secret=True, is_operators=True)
CONNECT_TO = Option("connect_to", kinds.CONNECTIONS_ELSEWHERE, is_operators=True)
PROXY = Option("proxy", optional(kinds.HTTP_PROXY), is_secret=True, is_operators=True)
CA_FILE = Option("ca_file", optional(kinds.PEM_FILE), is_operators=True)
ALLOW_PRIVATE = Option("allow_private", FLAG, "no", is_operators=True)
CLOCK = Option("clock", optional(kinds.MOMENT), is_operators=True)

OPTIONS: dict[str, Option[Any]] = {
    option.name: option
    for option in (
        WRITE_BACK,
        SIDECAR_FOLDER,
        HOST_DELAY,
        HOST_CONNECTIONS,
        IMAGE_HOST_DELAY,
        IMAGE_HOST_CONNECTIONS,
        RETRIES,
        STALE_AFTER_DAYS,
        SITE_URL,
        LINK_PATTERN,
        USER_AGENT,
        CONTACT_URL,
        RESPECT_ROBOTS,
        AMP_CACHE,
        RELATED,
        BODY,
        EXCLUDE,
        INCLUDE,
        SECRET_KEYS,
        REPORT_FORMATS,
        CONNECT_TIMEOUT,
        RESPONSE_TIMEOUT,
        DNS_TIMEOUT,
        IN_FLIGHT,
        PROCESSES,
        CANARIES,
        CANARY_INTERVAL,
        NETWORK_PAUSES,
        SECOND_LOOK,
        SECOND_RESOLVER,
        ACCEPT_MASS_CHANGE,
        DATABASE_URL,
        CONNECT_TO,
        PROXY,
        CA_FILE,
        ALLOW_PRIVATE,
        CLOCK,
    )
}
"""All options by name, in the order of docs/configuration.md. Keys that hold rules are in `rule_keys.py`."""

"""Every option: its name, how its text is read, its default and its environment variable.

The table of docs/configuration.md lists the same; a test compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from crawler.configuration.connect_to import ConnectTo
from crawler.configuration.errors import quoted
from crawler.model.article_keys import KEYS_READ, SECURED
from crawler.rules.policy import OutagePolicy, PolitenessPolicy, TextLinks, WriteBack

T = TypeVar("T")
_POLITE = PolitenessPolicy()
_OUTAGES = OutagePolicy()
_YES = frozenset({"yes", "true", "on", "1"})
_NO = frozenset({"no", "false", "off", "0"})
_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1970, 9000
"""The years that a clock may start in: file systems know no time before the epoch, and a clock runs on."""
LONGEST_TEXT = 512
WORKERS_DEFAULT = 32
MOST_WORKERS = 256
"""Requests under way at a time; each may hold a socket and a body of some megabytes."""


@dataclass(frozen=True, slots=True)
class Option(Generic[T]):
    """One option. `parse` raises ValueError with what is wrong and what is wanted.

    `default` is text, read by `parse` like any other value; the empty text means "none" for those
    options that may have no value. An option that `is_operators` is never read from the collection's own file:
    a collection under review must not choose where its checker connects or which certificates it trusts.
    """

    name: str
    parse: Callable[[str], T]
    default: str = ""
    variable: str | None = None
    is_list: bool = False
    is_secret: bool = False
    is_operators: bool = False


def _optional(parse: Callable[[str], T]) -> Callable[[str], T | None]:
    return lambda text: parse(text) if text else None


def _flag(text: str) -> bool:
    word = text.lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise ValueError(f"{quoted(text)} is neither yes nor no")


def _seconds(text: str) -> float:
    if not _DECIMAL.fullmatch(text) or float(text) > 3600:
        raise ValueError(f"{quoted(text)} is not a number of seconds from 0 to 3600")
    return float(text)


def whole_number(lowest: int, highest: int) -> Callable[[str], int]:
    """A parser of a whole number within bounds; it raises ValueError."""

    def parse(text: str) -> int:
        if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) and lowest <= int(text) <= highest:
            return int(text)
        raise ValueError(f"{quoted(text)} is not a whole number from {lowest} to {highest}")

    return parse


def _write_back(text: str) -> WriteBack:
    # Editors write `false` for "no", as in YAML.
    word = "no" if text.lower() in _NO else text.lower()
    try:
        return WriteBack(word)
    except ValueError:
        raise ValueError(f"{quoted(text)} is not one of {', '.join(WriteBack)}") from None


def _text_links(text: str) -> TextLinks:
    word = text.lower()
    if word == TextLinks.AUTO:
        return TextLinks.AUTO
    try:
        return TextLinks.YES if _flag(text) else TextLinks.NO
    except ValueError:
        raise ValueError(f"{quoted(text)} is neither yes, no nor auto") from None


def _line_of_text(text: str) -> str:
    """Printable ASCII: the value goes into an HTTP header."""
    if len(text) > LONGEST_TEXT or not (text.isascii() and text.isprintable()):
        raise ValueError(f"{quoted(text)} is not printable ASCII of at most {LONGEST_TEXT} letters")
    return text


def _web_address(text: str) -> str:
    wanted = f"{quoted(text)} is not an address that starts with https:// or http://"
    try:
        parts = urlsplit(_line_of_text(text))
        _ = parts.port
    except ValueError:
        raise ValueError(wanted) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in text:
        raise ValueError(wanted)
    if parts.username is not None:
        raise ValueError("holds a user name; leave it out, the address is shown to others")
    return text


def _contact(text: str) -> str:
    if re.fullmatch(r"mailto:[^@\s]+@[^@\s]+", text):
        return _line_of_text(text)
    try:
        return _web_address(text)
    except ValueError as error:
        raise ValueError(f"{error}, nor one that starts with mailto:") from None


def _origins(text: str) -> tuple[str, ...]:
    """Hosts or addresses as origins: `example.com` is `https://example.com`."""
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        parts = urlsplit(_web_address(part if "//" in part else f"https://{part}"))
        found.append(f"{parts.scheme}://{parts.netloc.lower()}")
    return tuple(dict.fromkeys(found))


def _pauses(text: str) -> tuple[timedelta, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return tuple(timedelta(seconds=_seconds(part)) for part in parts)


def _interval(text: str) -> timedelta:
    seconds = _seconds(text)
    if seconds < 1:
        raise ValueError(f"{quoted(text)} is not a number of seconds from 1 to 3600")
    return timedelta(seconds=seconds)


def _wait(text: str) -> timedelta:
    return timedelta(seconds=_seconds(text))


NameServer = tuple[str, int]
"""Address and port."""
_DNS_PORT = 53


def _name_server(text: str) -> NameServer:
    """`192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53` or `[2001:db8::53]:5353`."""
    try:
        return str(ip_address(text.strip("[]"))), _DNS_PORT
    except ValueError:
        pass
    address, _, port = text.rpartition(":")
    try:
        found = ip_address(address.removeprefix("[").removesuffix("]"))
        return str(found), whole_number(1, 65_535)(port)
    except ValueError:
        message = f"{quoted(text)} is not an address like 192.0.2.53 or [2001:db8::53]:5353"
        raise ValueError(message) from None


def _globs(text: str) -> tuple[str, ...]:
    globs = (part.strip().removeprefix("./").removeprefix("/") for part in text.split(","))
    return tuple(glob for glob in globs if glob)


def _secret_keys(text: str) -> frozenset[str]:
    keys = {part for part in (part.strip() for part in text.split(",")) if part}
    for key in sorted(keys):
        if len(key) > LONGEST_TEXT or "/" in key or not key.isprintable():
            raise ValueError(f"{quoted(key)} is not the name of a key")
        if key in KEYS_READ:
            raise ValueError(f"{quoted(key)} cannot be secret: linkhealth reads and reports it")
    return frozenset({SECURED, *keys})


def _folder(text: str) -> str:
    """A folder below the content root, not a hidden one: those belong to other programs."""
    parts = text.removesuffix("/").split("/")
    if len(text) > LONGEST_TEXT or any(not part or part.startswith(".") for part in parts):
        raise ValueError(f"{quoted(text)} is not a folder below the content root, like data/links")
    if not text.isprintable() or "\\" in text:
        raise ValueError(f"{quoted(text)} is not a plain path")
    return "/".join(parts)


_EDITORS = ("vscode", "vscode-insiders", "vscodium", "cursor", "idea", "zed", "txmt", "subl")
"""Schemes by which editors open a file; each is an address of the operator's own machine."""
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def _link_pattern(text: str) -> str:
    """The address of a place in a file, for reports: of the web, or of an editor, with `{path}` in it."""
    scheme = _line_of_text(text).partition("://")[0].lower()
    if scheme not in ("http", "https", *_EDITORS) or "://" not in text or " " in text:
        wanted = ", ".join(("https", "http", *_EDITORS))
        raise ValueError(f"{quoted(text)} starts with none of {wanted}, followed by ://")
    found = set(_PLACEHOLDER.findall(text))
    if "{path}" not in found:
        raise ValueError(f"{quoted(text)} has no {{path}} in it")
    if unknown := sorted(found - {"{path}", "{line}"}):
        raise ValueError(f"{quoted(unknown[0])} is neither {{path}} nor {{line}}")
    return text


def _database_url(text: str) -> str:
    if not re.match(r"(sqlite|postgresql(\+psycopg)?)://", text):
        raise ValueError("a database URL starts with sqlite:// or postgresql://")
    return text


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{quoted(text)} is not a time like 2026-11-23T07:00:00Z") from None
    if not _FIRST_YEAR < moment.year < _LAST_YEAR:
        raise ValueError(f"the year is not between {_FIRST_YEAR} and {_LAST_YEAR}")
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


WRITE_BACK = Option("write_back", _write_back, WriteBack.OWN.value)
SIDECAR_FOLDER = Option("sidecar_folder", _optional(_folder))
HOST_DELAY = Option("host_delay", _seconds, str(_POLITE.delay), "LINKHEALTH_HOST_DELAY")
HOST_CONNECTIONS = Option("host_connections", whole_number(1, 64), str(_POLITE.connections))
IMAGE_HOST_DELAY = Option(
    "image_host_delay", _seconds, str(_POLITE.image_host_delay), "LINKHEALTH_HOST_DELAY"
)
IMAGE_HOST_CONNECTIONS = Option(
    "image_host_connections", whole_number(1, 64), str(_POLITE.image_host_connections)
)
RETRIES = Option("retries", whole_number(0, 10), str(_POLITE.retries))
STALE_AFTER_DAYS = Option("stale_after_days", _optional(whole_number(1, 36_500)))
SITE_URL = Option("site_url", _optional(_web_address))
LINK_PATTERN = Option("link_pattern", _optional(_link_pattern))
USER_AGENT = Option("user_agent", _optional(_line_of_text))
CONTACT_URL = Option("contact_url", _optional(_contact))
RESPECT_ROBOTS = Option("respect_robots", _flag, "yes")
AMP_CACHE = Option("amp_cache", _flag, "yes")
RELATED = Option("related", _flag, "yes")
BODY = Option("body", _text_links, TextLinks.AUTO.value)
EXCLUDE = Option("exclude", _globs, is_list=True)
INCLUDE = Option("include", _globs, is_list=True)
SECRET_KEYS = Option("secret_keys", _secret_keys, SECURED, is_list=True)
WORKERS = Option(
    "workers", whole_number(1, MOST_WORKERS), str(WORKERS_DEFAULT), "LINKHEALTH_WORKERS"
)
CANARIES = Option("canaries", _origins, "", "LINKHEALTH_CANARIES", is_list=True)
CANARY_INTERVAL = Option("canary_interval", _interval, f"{_OUTAGES.canary_every.total_seconds():g}")
NETWORK_PAUSES = Option(
    "network_pauses",
    _pauses,
    ",".join(f"{pause.total_seconds():g}" for pause in _OUTAGES.pauses),
    "LINKHEALTH_NETWORK_PAUSES",
    is_list=True,
)
SECOND_LOOK = Option(
    "second_look",
    _wait,
    f"{_OUTAGES.second_look.total_seconds():g}",
    "LINKHEALTH_SECOND_LOOK",
)
SECOND_RESOLVER = Option(
    "second_resolver",
    _optional(_name_server),
    variable="LINKHEALTH_SECOND_RESOLVER",
    is_operators=True,
)
ACCEPT_MASS_CHANGE = Option("accept_mass_change", _flag, "no")
DATABASE_URL = Option(
    "database_url",
    _optional(_database_url),
    variable="LINKHEALTH_DATABASE_URL",
    is_secret=True,
    is_operators=True,
)
CONNECT_TO = Option(
    "connect_to", ConnectTo.parse, variable="LINKHEALTH_CONNECT_TO", is_operators=True
)
CA_FILE = Option("ca_file", _optional(str), variable="LINKHEALTH_CA_FILE", is_operators=True)
ALLOW_PRIVATE = Option("allow_private", _flag, "no", "LINKHEALTH_ALLOW_PRIVATE", is_operators=True)
CLOCK = Option("clock", _optional(_moment), variable="LINKHEALTH_CLOCK", is_operators=True)

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
        WORKERS,
        CANARIES,
        CANARY_INTERVAL,
        NETWORK_PAUSES,
        SECOND_LOOK,
        SECOND_RESOLVER,
        ACCEPT_MASS_CHANGE,
        DATABASE_URL,
        CONNECT_TO,
        CA_FILE,
        ALLOW_PRIVATE,
        CLOCK,
    )
}
"""All options by name, in the order of docs/configuration.md; `profiles`, `hosts`, `stale_after`
and `images` are the file's own."""

HOST_OPTIONS: dict[str, Option[Any]] = {
    option.name: option
    for option in (
        Option("delay", _seconds),
        Option("connections", whole_number(1, 64)),
        Option("retries", whole_number(0, 10)),
        Option("respect_robots", _flag),
        Option("skip", _flag, "no"),
    )
}
"""The options of one host below `hosts`; where one has no value, that of all hosts counts."""

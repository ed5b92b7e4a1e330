"""The kinds of single options: what only one or two of them take."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from crawler.configuration.connect_to import ConnectTo
from crawler.configuration.errors import did_you_mean, quoted
from crawler.configuration.kinds import (
    HOST_OR_ADDRESS,
    LONGEST_TEXT,
    NO,
    SECONDS,
    YES,
    Kind,
    any_case,
    is_yes,
    line_of_text,
    one_of,
    web_address,
    whole_number,
)
from crawler.configuration.proxy import Proxy
from crawler.model.article_keys import KEYS_READ, SECURED
from crawler.model.format_name import FormatName
from crawler.rules.policy import TextLinks, WriteBack

T = TypeVar("T")
_FIRST_YEAR, _LAST_YEAR = 1970, 9000
"""The years that a clock may start in: file systems know no time before the epoch, and a clock runs on."""
_SCALAR = {"type": ["string", "number", "boolean", "null"]}


def _of_operators(parse: Callable[[str], T]) -> Kind[T]:
    """The kind of a value that never stands in the file, so that no editor completes it."""
    return Kind(parse, {})


def _write_back(text: str) -> WriteBack:
    # Editors write `false` for "no", as in YAML.
    word = "no" if text.lower() in NO else text.lower()
    try:
        return WriteBack(word)
    except ValueError:
        raise ValueError(f"{quoted(text)} is not one of {', '.join(WriteBack)}") from None


WRITE_BACK_MODE = Kind(
    _write_back,
    {
        "anyOf": [
            {"enum": [*WriteBack, False, 0]},
            {"type": "string", "pattern": any_case((*WriteBack, *NO))},
        ]
    },
)


def _text_links(text: str) -> TextLinks:
    if text.lower() == TextLinks.AUTO:
        return TextLinks.AUTO
    try:
        return TextLinks.YES if is_yes(text) else TextLinks.NO
    except ValueError:
        raise ValueError(f"{quoted(text)} is neither yes, no nor auto") from None


TEXT_LINKS = Kind(
    _text_links,
    {
        "anyOf": [
            {"type": "boolean"},
            {"enum": [*TextLinks, 0, 1]},
            {"type": "string", "pattern": any_case((TextLinks.AUTO, *YES, *NO))},
        ]
    },
)


def _origins(text: str) -> tuple[str, ...]:
    """Hosts or addresses as origins: `example.com` is `https://example.com`."""
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        parts = urlsplit(web_address(part if "//" in part else f"https://{part}"))
        found.append(f"{parts.scheme}://{parts.netloc.lower()}")
    return tuple(dict.fromkeys(found))


def _pauses(text: str) -> tuple[timedelta, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return tuple(timedelta(seconds=SECONDS.parse(part)) for part in parts)


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
        return str(found), whole_number(1, 65_535).parse(port)
    except ValueError:
        message = f"{quoted(text)} is not an address like 192.0.2.53 or [2001:db8::53]:5353"
        raise ValueError(message) from None


def _formats(text: str) -> tuple[FormatName, ...]:
    names = dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip())
    if not names:
        raise ValueError(f"no format given; known are: {', '.join(FormatName)}")
    for name in names:
        if name not in set(FormatName):
            raise ValueError(f"unknown format {quoted(name)}; {did_you_mean(name, FormatName)}")
    return tuple(map(FormatName, names))


def _globs(text: str) -> tuple[str, ...]:
    globs = [part.strip().removeprefix("./").removeprefix("/") for part in text.split(",")]
    for glob in globs:
        if len(glob) > LONGEST_TEXT or not glob.isprintable():
            raise ValueError(f"{quoted(glob)} is not a path, or a glob of some")
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
    scheme = line_of_text(text).partition("://")[0].lower()
    if scheme not in ("http", "https", *_EDITORS) or "://" not in text or " " in text:
        wanted = ", ".join(("https", "http", *_EDITORS))
        raise ValueError(f"{quoted(text)} starts with none of {wanted}, followed by ://")
    if "@" in urlsplit(text).netloc:
        raise ValueError("holds a user name; leave it out, the address is shown to others")
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


def _ca_file(text: str) -> Path:
    path = Path(text)
    try:
        found = path.is_file()
    except (OSError, ValueError):
        found = False
    if not found:
        raise ValueError(f"{quoted(text)} is no file; give a PEM file's path")
    return path.absolute()


ORIGINS = Kind(
    _origins, {"anyOf": [HOST_OR_ADDRESS, {"type": "string", "pattern": ","}, {"enum": [None, ""]}]}
)
PAUSES = Kind(_pauses, _SCALAR)
FORMAT = one_of(FormatName)
FORMATS = Kind(_formats, {"type": "string"})
GLOBS = Kind(_globs, _SCALAR)
KEYS = Kind(_secret_keys, _SCALAR)
FOLDER = Kind(
    _folder,
    {
        "type": ["string", "number", "boolean"],
        "maxLength": LONGEST_TEXT,
        "pattern": r"^ *[^./\\ ][^/\\]*(?:/[^./\\][^/\\]*)*/? *$",
    },
)
PLACE_PATTERN = Kind(
    _link_pattern,
    {
        "type": "string",
        "maxLength": LONGEST_TEXT,
        "pattern": f"^ *(?:https?|{'|'.join(_EDITORS)})://[!-~]*\\{{path\\}}[!-~]* *$",
    },
)
NAME_SERVER = _of_operators(_name_server)
DATABASE = _of_operators(_database_url)
MOMENT = _of_operators(_moment)
PEM_FILE = _of_operators(_ca_file)
HTTP_PROXY = _of_operators(Proxy.parse)
CONNECTIONS_ELSEWHERE = _of_operators(ConnectTo.parse)

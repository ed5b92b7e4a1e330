"""What requests to a host bear besides our own: header fields, cookies, and credentials by the names of their variables."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from crawler.configuration.errors import quoted
from crawler.configuration.file import Section, Text
from crawler.configuration.host_secrets import PREFIX, SECRET_NAME, SecretName
from crawler.configuration.kinds import LINE_OF_TEXT, LONGEST_TEXT, Kind, Schema, any_case, optional
from crawler.configuration.shapes import At, ByName, One, Shape

MOST: Final = 20
"""Header fields of a host, and cookies."""
Value = str | SecretName
Named = tuple[tuple[str, Value], ...]
_OWN: Final = {
    **dict.fromkeys(
        ("authorization", "proxy-authorization"), "holds a credential; write basic or bearer"
    ),
    "cookie": "is made of cookies; write cookies",
    "user-agent": "is the same for all hosts; write user_agent",
    **dict.fromkeys(
        (
            *("accept-encoding", "connection", "content-encoding", "content-length"),
            "content-type",
            *("expect", "host", "keep-alive", "proxy-connection", "te", "trailer"),
            *("transfer-encoding", "upgrade", "via"),
            *("range", "if-match", "if-modified-since", "if-none-match", "if-range"),
            "if-unmodified-since",
        ),
        "is for linkhealth itself to say",
    ),
    **dict.fromkeys(
        ("x-http-method", "x-http-method-override", "x-method-override"),
        "could make a look into something else",
    ),
}
"""Fields that no file may set, and why."""
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}", re.ASCII)
"""The name of a field or of a cookie (RFC 9110, 5.6.2; RFC 6265, 4.1.1)."""
_COOKIE_VALUE: Final = re.compile(r"[!#-+\--:<-\[\]-~]*", re.ASCII)
"""RFC 6265, 4.1.1."""
_SECRET_WORDS: Final = re.compile(
    r"auth(?!or)|token|secret|passw|pwd|credential|session|sess(?:$|[^a-z])|(?:^|[^a-z])sid(?:$|[^a-z])|sessid|"
    r"jwt|bearer|signature|csrf|xsrf|api.?key|access.?key|private|bypass",
    re.IGNORECASE,
)
"""Words in the name of a field or a cookie whose value is a credential."""
_SECRET_VALUE: Final = re.compile(
    r"(?:bearer|basic|digest|negotiate|token)[ :=].+|(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9+/=_.~-]{20,}",
    re.IGNORECASE,
)
"""What looks like a credential itself: a scheme with its value, or a long run of letters and digits."""


@dataclass(frozen=True, slots=True)
class Basic:
    """A user and a password, each in a variable."""

    user: SecretName
    password: SecretName


@dataclass(frozen=True, slots=True)
class _Value:
    """A text, or `{env: NAME}`."""

    kind: Kind[str]

    @property
    def schema(self) -> Schema:
        """See `Shape`."""
        return {"anyOf": [self.kind.schema, _BY_NAME.schema]}

    def read(self, found: Text | Section, at: At) -> Value:
        """See `Shape`."""
        if isinstance(found, Section):
            return _BY_NAME.read(found, at)
        return One(self.kind).read(found, at)


@dataclass(frozen=True, slots=True)
class _Variables:
    """A mapping of parts of a credential to the variables that hold them; all of them are wanted."""

    parts: tuple[str, ...]

    @property
    def _example(self) -> str:
        named = (f"{part}: {PREFIX}{part.removesuffix('_env').upper()}" for part in self.parts)
        return f"{{{', '.join(named)}}}".replace(f"{PREFIX}ENV", f"{PREFIX}NAME")

    @property
    def schema(self) -> Schema:
        """See `Shape`."""
        return {
            "type": "object",
            "properties": dict.fromkeys(self.parts, SECRET_NAME.schema),
            "additionalProperties": False,
            "required": list(self.parts),
        }

    def names(self, found: Text | Section, at: At) -> tuple[SecretName, ...]:
        """The variables, in the order of `parts`. What stands there may be the credential itself: it is not quoted."""
        wanted = f"write {self._example}, and set the variable where linkhealth runs"
        if not isinstance(found, Section) or not found.entries:
            raise at.error(f"{at.name}: a credential does not belong in the file; {wanted}")
        if found.entries.keys() != set(self.parts):
            raise at.error(f"{at.name} takes {' and '.join(self.parts)}, nothing else; {wanted}")
        return tuple(
            One(SECRET_NAME).read(found.entries[part], At(part, found.lines[part], at.mistakes))
            for part in self.parts
        )


@dataclass(frozen=True, slots=True)
class _ByName:
    """One variable."""

    @property
    def schema(self) -> Schema:
        """See `Shape`."""
        return _ENV.schema

    def read(self, found: Text | Section, at: At) -> SecretName:
        """See `Shape`."""
        (name,) = _ENV.names(found, at)
        return name


@dataclass(frozen=True, slots=True)
class _UserAndPassword:
    """Two variables."""

    @property
    def schema(self) -> Schema:
        """See `Shape`."""
        return _USER_AND_PASSWORD.schema

    def read(self, found: Text | Section, at: At) -> Basic:
        """See `Shape`."""
        user, password = _USER_AND_PASSWORD.names(found, at)
        return Basic(replace(user, shortest=1), password)


_ENV: Final = _Variables(("env",))
_USER_AND_PASSWORD: Final = _Variables(("user_env", "password_env"))
_BY_NAME: Final = _ByName()


def _field_value(text: str) -> str:
    # It may be a credential: it is not quoted.
    if len(text) > LONGEST_TEXT or not (text.isascii() and text.isprintable()):
        raise ValueError(f"is not printable ASCII of at most {LONGEST_TEXT} letters")
    return text


def _field_name(text: str) -> str:
    name = text.strip()
    if not _TOKEN.fullmatch(name):
        raise ValueError(f"{quoted(text)} is not the name of a header field")
    if why := _OWN.get(name.lower()):
        raise ValueError(f"{quoted(name)} {why}")
    return name


def _cookie_name(text: str) -> str:
    if not _TOKEN.fullmatch(text.strip()):
        raise ValueError(f"{quoted(text)} is not the name of a cookie")
    return text.strip()


def _cookie_value(text: str) -> str:
    if len(text) > LONGEST_TEXT or not _COOKIE_VALUE.fullmatch(text):
        raise ValueError(
            f"is not the value of a cookie: printable ASCII without spaces, quotes, commas, semicolons and "
            f"backslashes, at most {LONGEST_TEXT} letters"
        )
    return text


def _refuse_credential(name: str, value: Value) -> None:
    """Raises ValueError for a credential in the file, without quoting it."""
    if isinstance(value, SecretName) or not value:
        return
    if _SECRET_WORDS.search(name) or _SECRET_VALUE.fullmatch(value):
        raise ValueError(
            f"looks like a credential, which does not belong in the file; write {{env: {PREFIX}NAME}}, and set the "
            "variable where linkhealth runs"
        )


_COOKIE: Final = Kind(
    _cookie_value,
    {
        "type": ["string", "number", "boolean", "null"],
        "maxLength": LONGEST_TEXT,
        "pattern": f"^ *{_COOKIE_VALUE.pattern} *$",
    },
)
_NAMES: Final = {"pattern": f"^ *{_TOKEN.pattern} *$"}


_FIELD_NAMES: Final = {**_NAMES, "not": {"pattern": any_case(_OWN)}}


def _named(what: str, name: Any, names: Schema, kind: Kind[str]) -> ByName[Value]:
    return ByName(name, _Value(kind), what, names, check=_refuse_credential, most=MOST)


HEADER_SHAPES: Final[dict[str, Shape[Any]]] = {
    "headers": _named(
        "header fields with their values below",
        _field_name,
        _FIELD_NAMES,
        Kind(_field_value, optional(LINE_OF_TEXT).schema),
    ),
    "cookies": _named("cookies with their values below", _cookie_name, _NAMES, _COOKIE),
    "basic": _UserAndPassword(),
    "bearer": _BY_NAME,
}

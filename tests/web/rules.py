"""The answers of the origin, as values that are sent to its process as JSON."""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

Octets = str | bytes
"""Text is sent as UTF-8; bytes as they are."""


class Ending(StrEnum):
    """How an exchange ends. `*_IN_BODY` endings come after the first half of the body."""

    COMPLETE = "complete"
    CLOSE_BEFORE = "close-before"
    RESET_BEFORE = "reset-before"
    HANG_BEFORE = "hang-before"
    CLOSE_IN_BODY = "close-in-body"
    RESET_IN_BODY = "reset-in-body"
    HANG_IN_BODY = "hang-in-body"
    ENDLESS_HEADERS = "endless-headers"
    ENDLESS_BODY = "endless-body"


class Framing(StrEnum):
    """How the length of a body is sent; `CHUNKED_BROKEN` sends a chunk size that is no number."""

    LENGTH = "length"
    CHUNKED = "chunked"
    CHUNKED_BROKEN = "chunked-broken"
    UNTIL_CLOSE = "until-close"


class Coding(StrEnum):
    """A content coding, named as in the Content-Encoding header."""

    GZIP = "gzip"
    DEFLATE = "deflate"
    BROTLI = "br"
    ZSTD = "zstd"


class Certificate(StrEnum):
    """The certificate that a host sends in the TLS handshake; `REFUSED` closes it.

    `UNTRUSTED` sends its unknown root along, `UNKNOWN_ISSUER` nothing but itself. `INCOMPLETE` too, but it
    says where its issuer's certificate is published. `NAMELESS` has no alternative names. `TOO_OLD` is a good
    one over TLS 1.0 and 1.1 only: the version is settled before the host is known, so a server's `old` endpoint
    shows it for all hosts, and no rule can choose it.
    """

    VALID = "valid"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    SELF_SIGNED = "self-signed"
    UNTRUSTED = "untrusted"
    UNKNOWN_ISSUER = "unknown-issuer"
    INCOMPLETE = "incomplete"
    WRONG_HOST = "wrong-host"
    EXPIRED_WRONG_HOST = "expired-wrong-host"
    NAMELESS = "nameless"
    TOO_OLD = "too-old"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Drip:
    """A body in pieces of `size` bytes, `pause` seconds before each."""

    size: int
    pause: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer. Times are seconds.

    Without `body`, `file` and `image` a 200 carries the default page or image of the URL, another
    status a short page that names it. `image` is the (width, height) of a PNG. A header of `headers`
    replaces the default of that name. `delay` comes before the first byte. `corrupt` damages the
    coded body. `raw` is sent instead of any HTTP. With `etag` or `modified` a matching conditional
    request gets 304. `ranges` false ignores Range. `when` is a header in lower case and a text that a request must have
    in it for this answer; a sequence that holds such answers gives the first that fits, not one after the other.
    """

    status: int = 200
    reason: str | None = None
    headers: tuple[tuple[Octets, Octets], ...] = ()
    location: Octets | None = None
    body: Octets | None = None
    file: str | None = None
    image: tuple[int, int] | None = None
    content_type: Octets | None = None
    etag: str | None = None
    modified: str | None = None
    delay: float = 0.0
    drip: Drip | None = None
    framing: Framing = Framing.LENGTH
    coding: Coding | None = None
    corrupt: bool = False
    ending: Ending = Ending.COMPLETE
    raw: Octets | None = None
    ranges: bool = True
    keep_alive: bool = True
    when: tuple[str, str] | None = None

    def fits(self, headers: Mapping[str, str]) -> bool:
        """Whether a request may get it."""
        return self.when is None or self.when[1] in headers.get(self.when[0], "")

    @property
    def is_immediate(self) -> bool:
        """Whether one write is the whole answer."""
        return (
            self.ending is Ending.COMPLETE
            and self.raw is None
            and not self.delay
            and self.drip is None
        )


DEFAULT_ANSWER = Answer()
NO_ROBOTS = Answer(status=404)


def redirect(location: Octets, status: int = 301) -> Answer:
    """A redirect with this Location, verbatim."""
    return Answer(status=status, location=location)


def robots(text: str) -> Answer:
    """A robots.txt with this text."""
    return Answer(body=text, content_type="text/plain")


@dataclass(frozen=True, slots=True)
class Rules:
    """The answers of a web.

    A key of `answers` is a URL (`https://host/path?query`) or one for both schemes
    (`//host/path`); a trailing `*` makes it a prefix (`//host/*`, `*`), of which the longest wins
    after all exact ones. A prefix never covers `/robots.txt`, which is 404 unless a rule names it.
    Host names are lower case; a port stands in the key only where it is neither 80 nor 443.
    A sequence of answers is given one after the other, the last for ever; replacing the rules starts
    it again. `certificates` is by host name.
    """

    answers: Mapping[str, Answer | Sequence[Answer]] = field(default_factory=dict)
    certificates: Mapping[str, Certificate] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write the rules as JSON; bytes become `{"base64": …}`."""
        answers = {
            key: [_lean(one) for one in ([given] if isinstance(given, Answer) else given)]
            for key, given in self.answers.items()
        }
        document = {"answers": answers, "certificates": dict(self.certificates)}
        path.write_text(json.dumps(document, default=_encode_bytes), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read rules that `write` or a person wrote: an answer may also stand without its list."""
        document = json.loads(path.read_text(encoding="utf-8"), object_hook=_decode_bytes)
        return cls(
            answers={
                key: tuple(_answer(one) for one in (given if isinstance(given, list) else [given]))
                for key, given in document.get("answers", {}).items()
            },
            certificates={
                host: Certificate(kind) for host, kind in document.get("certificates", {}).items()
            },
        )


class Lookup:
    """Rules made ready for asking, with the count of the answers already given."""

    def __init__(self, rules: Rules) -> None:
        self.certificates = rules.certificates
        self._exact: dict[str, tuple[Answer, ...]] = {}
        prefixes: dict[str, tuple[Answer, ...]] = {}
        self._given: dict[str, int] = {}
        for key, given in rules.answers.items():
            answers = (given,) if isinstance(given, Answer) else tuple(given)
            if not answers:
                raise ValueError(f"the rule for {key} has no answer")
            if key.endswith("*"):
                prefixes[key] = answers
            else:
                self._exact[key] = answers
        self._prefixes = sorted(prefixes.items(), key=lambda rule: -len(rule[0]))

    def answer(
        self, scheme: str, host: str, target: str, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The answer to the next request of this URL."""
        headers = headers or {}
        either = f"//{host}{target}"
        url = f"{scheme}:{either}"
        for key in (url, either):
            if answers := self._exact.get(key):
                return self._next(key, answers, headers)
        if target == "/robots.txt":
            return NO_ROBOTS
        for key, answers in self._prefixes:
            prefix = key[:-1]
            if url.startswith(prefix) or either.startswith(prefix):
                return self._next(key, answers, headers)
        return DEFAULT_ANSWER

    def _next(self, key: str, answers: tuple[Answer, ...], headers: Mapping[str, str]) -> Answer:
        if any(one.when for one in answers):
            return next((one for one in answers if one.fits(headers)), DEFAULT_ANSWER)
        count = self._given.get(key, 0)
        self._given[key] = count + 1
        return answers[min(count, len(answers) - 1)]


def _lean(answer: Answer) -> dict[str, Any]:
    """The fields that differ from their defaults."""
    lean = {
        name.name: value
        for name in dataclasses.fields(answer)
        if (value := getattr(answer, name.name)) != name.default
    }
    if answer.drip is not None:
        lean["drip"] = dataclasses.asdict(answer.drip)
    return lean


def _answer(fields: dict[str, Any]) -> Answer:
    """An answer from its JSON fields; an unknown name raises TypeError."""
    if "drip" in fields:
        fields["drip"] = Drip(**fields["drip"])
    if "headers" in fields:
        fields["headers"] = tuple((name, value) for name, value in fields["headers"])
    if "when" in fields:
        name, text = fields["when"]
        fields["when"] = (name, text)
    if "image" in fields:
        width, height = fields["image"]
        fields["image"] = (width, height)
    for name, kind in (("framing", Framing), ("coding", Coding), ("ending", Ending)):
        if name in fields:
            fields[name] = kind(fields[name])
    return Answer(**fields)


def _encode_bytes(value: object) -> dict[str, str]:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode("ascii")}
    raise TypeError(f"no JSON for {value!r}")


def _decode_bytes(value: dict[str, Any]) -> object:
    return base64.b64decode(value["base64"]) if value.keys() == {"base64"} else value

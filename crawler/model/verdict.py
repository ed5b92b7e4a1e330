"""A verdict: the opinion on one URL (rule V1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

HOST_ASKS_TO_WAIT = "host-asks-to-wait"
"""The reason, and rule, of a link that was never visited because its host asks visitors to wait (rule P10)."""


class VerdictKind(StrEnum):
    """The eight verdicts; the strings are the report's contract (rule V1)."""

    ALIVE = "alive"
    MOVED = "moved"
    BROKEN = "broken"
    DEAD = "dead"
    UNVERIFIABLE = "unverifiable"
    INVALID = "invalid"
    EXCLUDED = "excluded"
    UNCHECKED = "unchecked"

    @property
    def is_written_back(self) -> bool:
        """Whether an article's block lists such a link (rule V1)."""
        return self in (VerdictKind.BROKEN, VerdictKind.DEAD, VerdictKind.INVALID)

    @property
    def is_gone(self) -> bool:
        """Whether the evidence says that the page or image is no longer there."""
        return self in (VerdictKind.BROKEN, VerdictKind.DEAD)


class WarningCode(StrEnum):
    """Something odd about a link that is not dead. Each is documented in docs/reasons.md."""

    BODY_INCOMPLETE = "body-incomplete"
    IMAGE_CHANGED = "image-changed"
    URL_HTML_ENTITY = "url-html-entity"
    URL_WHITE_SPACE = "url-white-space"
    URL_INVISIBLE_CHARACTERS = "url-invisible-characters"
    CERTIFICATE_EXPIRED = "certificate-expired"
    CERTIFICATE_NOT_YET_VALID = "certificate-not-yet-valid"
    CERTIFICATE_SELF_SIGNED = "certificate-self-signed"
    CERTIFICATE_UNTRUSTED = "certificate-untrusted"
    CERTIFICATE_WRONG_HOST = "certificate-wrong-host"
    CERTIFICATE_CHAIN_INCOMPLETE = "certificate-chain-incomplete"
    TLS_TOO_OLD = "tls-too-old"
    REDIRECTS_TO_HOME = "redirects-to-home"
    REDIRECTS_TO_SECTION = "redirects-to-section"


class SuggestionKind(StrEnum):
    """What a suggestion's value is for."""

    REPLACE_URL = "replace-url"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An address or a value that would repair a reference."""

    kind: SuggestionKind
    value: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The opinion on one URL.

    `reason` is a code of docs/reasons.md (`http-404`); `rule` names the rule that decided. `strikes`
    counts definite or transient failures since the last success; `failing_since` is the time of the first of
    them, `since` that of the observation with which this kind and reason began (both aware, UTC).
    """

    kind: VerdictKind
    reason: str
    rule: str
    strikes: int = 0
    since: datetime | None = None
    failing_since: datetime | None = None
    warnings: tuple[WarningCode, ...] = ()
    suggestion: Suggestion | None = None


UNCHECKED = Verdict(VerdictKind.UNCHECKED, "not-visited", "not-visited")

"""A check: the opinion on one field of an article (dead link, freshness, image size)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from crawler.model.link import Access, Link
from crawler.model.observation import Notice, NoticeKind
from crawler.model.provider import Provider
from crawler.model.reference import Reference
from crawler.model.verdict import VerdictKind


class Level(StrEnum):
    """How much an editor should care."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class ImageCode(StrEnum):
    """The findings about an image (rules I4 to I14). Each is documented in docs/images.md."""

    DEAD = "image-dead"
    HTML = "html-for-image"
    NOT_AN_IMAGE = "not-an-image"
    SIZE_MISMATCH = "size-mismatch"
    ASPECT_MISMATCH = "aspect-mismatch"
    SIZE_MISSING = "size-missing"
    TOO_SMALL = "image-too-small"
    CARD = "image-card"
    DISCOVER = "image-discover"
    WEIGHT = "image-weight"
    TYPE_MISMATCH = "image-type-mismatch"
    PLACEHOLDER = "image-placeholder"
    EXPIRING = "image-expiring"
    MIXED_CONTENT = "image-mixed-content"
    BOMB = "image-bomb"
    REPLACED = "image-replaced"


DEAD_IMAGE = frozenset((ImageCode.DEAD, ImageCode.HTML))
"""The image's link is listed among the dead links too, with its evidence."""
DECLARED_SIZE = frozenset(
    (ImageCode.SIZE_MISMATCH, ImageCode.ASPECT_MISMATCH, ImageCode.SIZE_MISSING)
)
"""Findings about the declared size, whose repair is the measured one."""
_ADVICE = frozenset(ImageCode) - DECLARED_SIZE


class FreshnessState(StrEnum):
    """The state of an article's metadata, worst first (rule F1)."""

    UNVERIFIED = "unverified"
    DRIFTED = "drifted"
    UPDATED = "updated"
    STALE = "stale"
    CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        """The form that files and reports show: `1400x787`."""
        return f"{self.width}x{self.height}"


@dataclass(frozen=True, slots=True)
class DeadLink:
    """A reference whose URL is broken, dead or invalid; `at` is its YAML pointer."""

    at: str
    line: int
    verdict: VerdictKind
    reason: str
    since: date | None
    url: str


@dataclass(frozen=True, slots=True)
class ImageSize:
    """A finding about one image reference; `reason` is an `ImageCode`.

    `actual` is the measured size if the finding is about it. `detail` is what was found if that is no size: a
    length, a type, the day on which the address ends (ISO 8601). `is_cached` means that, by the file, a copy is
    stored elsewhere.
    """

    at: str
    line: int
    reason: str
    level: Level
    declared: Size | None
    actual: Size | None
    url: str
    detail: str | None = None
    is_cached: bool = False

    @property
    def is_counted(self) -> bool:
        """Whether the finding is written into the file's block, and counted among a related article's findings.

        Advice at level info is not, nor a dead image, which the block lists among its dead links.
        """
        if self.reason in DEAD_IMAGE:
            return False
        return self.level is not Level.INFO or self.reason not in _ADVICE


class UpdateKind(StrEnum):
    """How a page changed since it was first seen (rule F6)."""

    UPDATED = "updated"
    TOUCHED = "touched"
    SILENT_EDIT = "silent-edit"
    UNCHANGED = "unchanged"
    UPDATED_SINCE_PUBLICATION = "updated-since-publication"


class FieldState(StrEnum):
    """One field of an article against its page (rule F2)."""

    MATCH = "match"
    DRIFTED = "drifted"
    MISSING = "missing"
    UNVERIFIABLE = "unverifiable"


@dataclass(frozen=True, slots=True)
class Freshness:
    """The metadata of the file compared with those of the page; `drift` names the fields that differ.

    `modified` is the page's own modification date. `update` is how the page changed since it was first seen, None
    where it has not been seen. `fields` are all compared fields, in the order of reports: `missing` where the
    article has none, `unverifiable` where the page has none or was not seen. `walled` is the wall in front of a page
    that could be read before. `notice` is the page's own notice of a correction or retraction, which changes no state
    (rule F11).
    """

    state: FreshnessState
    drift: tuple[str, ...] = ()
    modified: date | None = None
    update: UpdateKind | None = None
    fields: Mapping[str, FieldState] = field(default_factory=dict)
    walled: Access | None = None
    notice: Notice | None = None

    @property
    def is_retracted(self) -> bool:
        """Whether the page says that its article is withdrawn."""
        return self.notice is not None and self.notice.kind is NoticeKind.RETRACTED


class ChangeKind(StrEnum):
    """What an editor may do with a field of an article."""

    ADD = "add"
    REPLACE = "replace"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class FieldFinding:
    """A finding about one address of an article: its AMP page, its identity or its provider (rules A4, D1, D3).

    `at` is the YAML pointer and `line` its line, 0 for a field that the file does not have; `reason` a code.
    `url` is the value in the file. `expected` is the right value, or what should be found there, and `actual`
    what was found. `change` is the suggested kind of change, with `expected` as the new value. `others` are the
    paths of the first few other articles that the finding is about.
    """

    at: str
    line: int
    reason: str
    level: Level
    url: str
    expected: str | None = None
    actual: str | None = None
    change: ChangeKind | None = None
    others: tuple[str, ...] = ()

    @classmethod
    def about(
        cls,
        linked: LinkedReference,
        reason: str,
        level: Level,
        *,
        expected: str | None = None,
        actual: str | None = None,
        change: ChangeKind | None = None,
        others: tuple[str, ...] = (),
    ) -> FieldFinding:
        """A finding about an address that the file has."""
        where = linked.reference
        return cls(
            where.pointer, where.line, reason, level, where.raw, expected, actual, change, others
        )


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A change of one field that an editor may accept, and the code of the finding behind it.

    `old` is what the file says, None for a field that it does not have; `new` is None for a field to drop.
    `line` is 0 where the file's field has no line of its own.
    """

    at: str
    line: int
    kind: ChangeKind
    old: str | None
    new: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class ArticleChecks:
    """All checks of one article's own references, in file order."""

    dead_links: tuple[DeadLink, ...] = ()
    freshness: Freshness = Freshness(FreshnessState.UNVERIFIED)
    image_sizes: tuple[ImageSize, ...] = ()
    amp: tuple[FieldFinding, ...] = ()
    identity: tuple[FieldFinding, ...] = ()
    suggestions: tuple[FieldChange, ...] = ()

    @property
    def healthy(self) -> bool:
        """Whether an editor has nothing to do."""
        return (
            not self.dead_links
            and not any(size.level is not Level.INFO for size in self.image_sizes)
            and self.freshness.state in (FreshnessState.CURRENT, FreshnessState.UNVERIFIED)
            and not self.freshness.is_retracted
        )


@dataclass(frozen=True, slots=True)
class LinkedReference:
    """A reference together with what is known of its URL."""

    reference: Reference
    link: Link


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article as the state knows it: facts of the file and its own references with their links.

    `block` is the `linkHealth` block of the file when it was last read or written. `related` are the references of
    related articles that may have findings, where these are asked for.
    """

    path: str
    title: str | None
    excerpt: str | None
    published: date | None
    block: str | None
    own: tuple[LinkedReference, ...]
    related: tuple[LinkedReference, ...] = ()
    provider: Provider | None = None

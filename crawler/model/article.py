"""An article: one file with front matter, as far as this project needs to know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crawler.model.article_labels import NO_LABELS, ArticleLabels
from crawler.model.provider import Provider
from crawler.model.reference import Reference


class ProblemCode(StrEnum):
    """Why a file, or one value in it, was not read or written (rule B9), or has to be looked at again. Each is documented in
    docs/problems.md."""

    ALIAS = "alias"
    DUPLICATE_KEY = "duplicate-key"
    FILE_TOO_LARGE = "file-too-large"
    IGNORE_EXPIRED = "ignore-expired"
    INVALID_BLOCK = "invalid-block"
    INVALID_DATE = "invalid-date"
    INVALID_JSON = "invalid-json"
    INVALID_TOML = "invalid-toml"
    INVALID_YAML = "invalid-yaml"
    LEADS_OUTSIDE = "leads-outside"
    LONE_CARRIAGE_RETURN = "lone-carriage-return"
    MERGE_KEY = "merge-key"
    NEVER_CLOSED = "never-closed"
    NO_FRONT_MATTER = "no-front-matter"
    NOT_A_FILE = "not-a-file"
    NOT_A_MAPPING = "not-a-mapping"
    NOT_UTF8 = "not-utf-8"
    TOO_DEEP = "too-deep"
    UNREADABLE = "unreadable"
    UNEXPECTED_VALUE = "unexpected-value"
    WRITE_REFUSED = "write-refused"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that an editor should know about a file; never a reason to stop a run.

    `line` counts from 1, or is 0 where the whole file is meant. `message` may quote the file: escape
    it before showing it.
    """

    path: str
    line: int
    code: ProblemCode
    message: str


@dataclass(frozen=True, slots=True)
class Article:
    """What one article file says.

    `listed` is false where the file says `published: false` or `removed: true`. `block` is the text
    of the `linkHealth` block that the file holds now, LF line ends, or None. `references` are in file
    order, the article's own and those of `related`. `provider` is the article's own; None where the file has no mapping there.
    `renamed` has the pointers of texts that stand under other names than the project's own.
    """

    path: str
    title: str | None
    excerpt: str | None
    published: datetime | None
    listed: bool
    references: tuple[Reference, ...]
    block: str | None = None
    problems: tuple[Problem, ...] = ()
    provider: Provider | None = None
    labels: ArticleLabels = NO_LABELS
    renamed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FileStamp:
    """The facts that show whether a file has changed: cheap ones first, then the hash.

    Times are nanoseconds since the epoch; `sha256` is the lower-case hex digest of the bytes.
    """

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    sha256: str

    def same_stat(self, size: int, mtime_ns: int, ctime_ns: int, inode: int) -> bool:
        """Whether the file system still gives the facts of this stamp."""
        return (self.size, self.mtime_ns, self.ctime_ns, self.inode) == (
            size,
            mtime_ns,
            ctime_ns,
            inode,
        )

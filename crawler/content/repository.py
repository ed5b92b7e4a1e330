"""The article files of a collection: which exist, and which changed since the last scan.

An article file is a regular file of any name whose first line is `---`, below the root, outside of
hidden folders and `node_modules`. No file stops a scan.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from crawler import files
from crawler.content.article_document import (
    LARGEST_FILE,
    UnreadableArticle,
    begins_front_matter,
    begins_toml,
)
from crawler.content.front_matter import read_article
from crawler.content.site import Site
from crawler.content.stamps import stamp_of
from crawler.model.article import Article, FileStamp, Problem, ProblemCode
from crawler.rules.urls import ExaminedUrl

_MARKDOWN = (".md", ".markdown", ".mdown", ".mkd")
_NEVER_ENTERED = frozenset(("node_modules",))
_DEEPEST_FOLDER = 100
"""Levels; the walk is recursive."""
_BEGINNING = 256
"""Bytes that are enough to see whether a file begins with front matter; blanks may follow the `---`."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A file that has not changed since its stamp was taken; it was not opened."""

    path: str


@dataclass(frozen=True, slots=True)
class Touched:
    """A file with new facts (time, inode) and the same bytes: keep what is known of it."""

    path: str
    stamp: FileStamp


@dataclass(frozen=True, slots=True)
class Read:
    """A new or changed article; its path is the article's."""

    article: Article
    stamp: FileStamp


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file or folder that could not be read or parsed. `stamp` is None where not even its bytes could be read.

    Files below an unreadable folder are never reported as vanished.
    """

    path: str
    problems: tuple[Problem, ...]
    stamp: FileStamp | None = None


@dataclass(frozen=True, slots=True)
class WithoutFrontMatter:
    """A Markdown file that is no article: counted, no problem."""

    path: str


@dataclass(frozen=True, slots=True)
class Vanished:
    """A file that had a stamp and is no article of the collection any more."""

    path: str


ScanResult = Unchanged | Touched | Read | Unreadable | WithoutFrontMatter | Vanished


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A file that may be an article; a file that the user named is always read as one."""

    path: str
    real: Path
    named: bool = False


class Repository:
    """The article files under `root`.

    `only` restricts to one file, POSIX and relative to the root, of any extension. `exclude` are
    shell patterns matched against relative paths of files and folders (`*` crosses `/`).
    """

    def __init__(
        self,
        root: Path,
        only: str | None = None,
        exclude: tuple[str, ...] = (),
        site: Site | None = None,
    ) -> None:
        self.root = root.resolve()
        self._only = only
        self._exclude = exclude
        self._site = Site(self.root) if site is None else site

    def paths(self) -> Iterator[str]:
        """The path of every article file, by its first line alone; files that cannot be opened are skipped."""
        for found in _Walk(self.root, self._exclude).run(self._only):
            if isinstance(found, _Candidate):
                with contextlib.suppress(OSError), files.opened(found.real) as (descriptor, _):
                    beginning = files.read_at_most(descriptor, _BEGINNING)
                    if begins_front_matter(beginning):
                        yield found.path

    @property
    def address(self) -> str | None:
        """The site's own address, against which relative URLs resolve; None where it is not known."""
        return self._site.address

    def read(self, path: str, data: bytes) -> Article:
        """The article that a file's bytes hold. Raises UnreadableArticle."""
        return read_article(path, data, self._site)

    def resolve(self, raw: str, article: str, *, is_image: bool) -> ExaminedUrl:
        """What a URL in an article means now (see `Site.resolve`)."""
        return self._site.resolve(raw, article, is_image=is_image)

    def scan(self, stamps: Mapping[str, FileStamp]) -> Iterator[ScanResult]:
        """Look at every file, in order of folder and name; then yield the files of `stamps` that vanished.

        Bounded memory: one file at a time, and the names of one folder with those above it.
        """
        walk = _Walk(self.root, self._exclude)
        articles: set[str] = set()
        for found in walk.run(self._only):
            result = found if isinstance(found, Unreadable) else self._look_at(found, stamps)
            if result is None:
                continue
            yield result
            if isinstance(result, Read):
                articles.add(result.article.path)
            elif not isinstance(result, WithoutFrontMatter):
                articles.add(result.path)
        for path in stamps:
            if path not in articles and walk.has_seen_all_of(path):
                yield Vanished(path)

    def _look_at(self, file: _Candidate, stamps: Mapping[str, FileStamp]) -> ScanResult | None:
        """The result for one file; None for a file that is ignored."""
        known = stamps.get(file.path)
        try:
            if known is not None and _matches(known, file.real.lstat()):
                return Unchanged(file.path)
            with files.opened(file.real) as (descriptor, facts):
                data = files.read_at_most(descriptor, _BEGINNING)
                if not file.named and not begins_front_matter(data):
                    markdown = file.path.lower().endswith(_MARKDOWN)
                    if not (markdown and begins_toml(data)):
                        return WithoutFrontMatter(file.path) if markdown else None
                data += files.read_at_most(descriptor, LARGEST_FILE + 1 - len(data))
        except (files.NotARegularFileError, FileNotFoundError):
            # It was a file when the folder was listed; it vanished since, or is no regular file any more.
            return None
        except OSError as error:
            return _failure(file.path, ProblemCode.UNREADABLE, error.strerror)
        return self._read(file.path, data, stamp_of(facts, hashlib.sha256(data).hexdigest()), known)

    def _read(
        self, path: str, data: bytes, stamp: FileStamp, known: FileStamp | None
    ) -> Touched | Read | Unreadable:
        if known is not None and (known.size, known.sha256) == (stamp.size, stamp.sha256):
            return Touched(path, stamp)
        try:
            return Read(self.read(path, data), stamp)
        except UnreadableArticle as error:
            return Unreadable(path, error.problems, stamp)


class _Walk:
    """One pass over the folders."""

    def __init__(self, root: Path, exclude: tuple[str, ...]) -> None:
        self.root = root
        self._exclude = tuple(pattern.rstrip("/") for pattern in exclude)
        self._closed: list[str] = []
        self._met: set[str] = set()
        self._linked: set[str] = set()

    def run(self, only: str | None) -> Iterator[_Candidate | Unreadable]:
        """Every file that may be an article, or only the one that is named, and each file or folder that cannot be read."""
        if only is not None:
            yield self._named_file(only)
            return
        for found in self._folder(""):
            if isinstance(found, _Candidate):
                self._met.add(found.path)
            yield found
        for path in sorted(self._linked - self._met):
            yield _Candidate(path, self.root / path)

    def has_seen_all_of(self, path: str) -> bool:
        """Whether the folder of a path could be listed: only then is a missing file gone."""
        return not path.startswith(tuple(self._closed))

    def _folder(self, folder: str) -> Iterator[_Candidate | Unreadable]:
        try:
            with os.scandir(self.root / folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            self._closed.append(f"{folder}/" if folder else "")
            yield _failure(folder or ".", ProblemCode.UNREADABLE, error.strerror)
            return
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if self._is_left_out(path, entry.name):
                continue
            if not _is_utf8(entry.name):
                yield _failure(path, ProblemCode.UNREADABLE, "its name is not UTF-8")
            elif entry.is_symlink():
                yield from self._link(path)
            elif entry.is_dir(follow_symlinks=False):
                if path.count("/") < _DEEPEST_FOLDER:
                    yield from self._folder(path)
                else:
                    self._closed.append(f"{path}/")
                    yield _failure(path, ProblemCode.UNREADABLE, "folders nested too deeply")
            elif entry.is_file(follow_symlinks=False):
                yield _Candidate(path, Path(entry.path))

    def _is_left_out(self, path: str, name: str) -> bool:
        if name.startswith(".") or name in _NEVER_ENTERED:
            return True
        return any(fnmatchcase(path, pattern) for pattern in self._exclude)

    def _link(self, path: str) -> Iterator[Unreadable]:
        """Note the target of a symbolic link: the walk finds it under its own name, or reads it at the end."""
        try:
            real = files.inside(self.root, self.root / path)
        except OSError as error:
            yield _failure(path, ProblemCode.UNREADABLE, f"a link: {error.strerror}")
            return
        if real is None:
            yield _failure(path, ProblemCode.LEADS_OUTSIDE, "a link out of the folder")
        elif real.is_file():
            self._linked.add(real.relative_to(self.root).as_posix())

    def _named_file(self, path: str) -> _Candidate | Unreadable:
        """The one file that the user named: here a missing file or a pipe is a problem."""
        try:
            real = files.inside(self.root, self.root / path)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not a path"
            return _failure(path, ProblemCode.UNREADABLE, reason)
        if real is None:
            return _failure(path, ProblemCode.LEADS_OUTSIDE, "it leads out of the folder")
        if not real.is_file():
            return _failure(path, ProblemCode.NOT_A_FILE, "not a regular file")
        return _Candidate(path, real, named=True)


def _failure(path: str, code: ProblemCode, reason: str | None) -> Unreadable:
    shown = os.fsencode(path).decode("utf-8", "backslashreplace")
    return Unreadable(shown, (Problem(shown, 0, code, reason or "not readable"),))


def _matches(stamp: FileStamp, facts: os.stat_result) -> bool:
    return stat.S_ISREG(facts.st_mode) and stamp.same_stat(
        facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino
    )


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True

"""The article files of a collection: which exist, and which changed since the last scan.

An article file is a regular file of any name whose first line is `---`, below the root, and not left out
(`crawler/content/left_out.py`). No file stops a scan.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Protocol

from crawler import files
from crawler.content.article_document import (
    LARGEST_FILE,
    Document,
    UnreadableArticle,
)
from crawler.content.front_matter import read_article
from crawler.content.left_out import Folder, LeftOut, Place
from crawler.content.notations import BEGINNING, MARKDOWN, TEXTS, begins_front_matter
from crawler.content.own_files import OwnFiles
from crawler.content.site import Site
from crawler.content.stamps import stamp_of
from crawler.model.article import Article, FileStamp, Problem, ProblemCode
from crawler.model.field_map import OWN_FIELDS, FieldMap
from crawler.model.portion import Portion
from crawler.rules.urls import ExaminedUrl

_DATA = (".yml", ".yaml")
"""Files of YAML alone: there a first line `---` begins a document, which ends with the file."""
_NEVER_ENDS = (ProblemCode.NEVER_CLOSED, ProblemCode.NO_FRONT_MATTER)
_DEEPEST_FOLDER = 100
"""Levels; the walk is recursive."""
_BEGINNING_OF_A_SAMPLE = 65_536
_MOST_NAMES = 100_000
"""Bytes of a file, and names of files, that are looked at to find out what the files of a collection hold."""


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

    @property
    def path(self) -> str:
        """Its path."""
        return self.article.path


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
class Candidate:
    """A file that may be an article; a file that the user named is always read as one. `known` is its stamp, where it has one."""

    path: str
    real: Path
    named: bool = False
    known: FileStamp | None = None


class HasPath(Protocol):
    """A file of which is known what it is, in whatever form."""

    @property
    def path(self) -> str:
        """Its path, POSIX and relative to the root."""
        ...


class Repository:
    """The article files under `root`.

    `asked` restricts to a part of it. `exclude` are
    shell patterns matched against relative paths of files and folders (`*` crosses `/`), `include` such patterns of
    what would be left out otherwise. `field_map` has the names under which the files keep their fields.
    """

    def __init__(
        self,
        root: Path,
        asked: Portion | None = None,
        exclude: tuple[str, ...] = (),
        site: Site | None = None,
        include: tuple[str, ...] = (),
        field_map: FieldMap = OWN_FIELDS,
    ) -> None:
        self.root = root.resolve()
        self._asked = asked
        self._site = Site(self.root) if site is None else site
        self._left_out = LeftOut(self.root, exclude, include)
        self._patterns = exclude, include
        self.field_map = field_map
        self._own_files = OwnFiles(self.root, self._site, self._documents)

    def __reduce__(self) -> tuple[object, ...]:
        """For another process."""
        exclude, include = self._patterns
        given = (self.root, self._asked, exclude, self._site, include, self.field_map)
        return Repository, given

    def _documents(self) -> Iterator[Document]:
        """Every likely article of the collection, by its beginning."""
        walk = _Walk(self.root, self._left_out).run(None)
        names = (found.path for found in walk if isinstance(found, Candidate))
        return self.begun(name for name in names if name.lower().endswith(TEXTS))

    def first(self, most: int) -> list[str]:
        """The paths of the first `most` files that are likely articles, without a walk through the rest."""
        walk = _Walk(self.root, self._left_out).run(None)
        names = (found.path for found in walk if isinstance(found, Candidate))
        return list(islice((name for name in names if name.lower().endswith(TEXTS)), most))

    def sample(self, most: int) -> tuple[list[str], bool]:
        """The paths of at most `most` files that are likely articles, evenly from all of them, and whether these are all.

        By their names alone: Markdown and HTML where there are any, else any file. Of an enormous folder the first are taken.
        """
        walk = islice(_Walk(self.root, self._left_out).run(None), _MOST_NAMES)
        names = [found.path for found in walk if isinstance(found, Candidate)]
        texts = [name for name in names if name.lower().endswith(TEXTS)] or names
        if len(texts) <= most:
            return texts, True
        return [texts[number * len(texts) // most] for number in range(most)], False

    def has_plain_text(self) -> bool:
        """Whether there is Markdown that has no front matter: the whole collection may be such files."""
        return any(
            isinstance(found, Candidate) and found.path.lower().endswith(MARKDOWN)
            for found in _Walk(self.root, self._left_out).run(self._asked)
        )

    def begun(self, paths: Iterable[str]) -> Iterator[Document]:
        """The documents of files, by their beginnings, Markdown without front matter among them. Files that cannot be read
        are passed over."""
        for path in paths:
            try:
                with files.opened(self.root / path) as (descriptor, _):
                    data = files.read_at_most(descriptor, _BEGINNING_OF_A_SAMPLE)
            except OSError:
                continue
            if len(data) == _BEGINNING_OF_A_SAMPLE:
                data = data[: data.rfind(b"\n") + 1]
            if begins_front_matter(data, path) or path.lower().endswith(MARKDOWN):
                with contextlib.suppress(UnreadableArticle):
                    yield Document(path, data, may_be_plain=True)

    def paths(self) -> Iterator[str]:
        """The path of every article file, by its first line alone; files that cannot be opened are skipped."""
        for found in _Walk(self.root, self._left_out).run(self._asked):
            if isinstance(found, Candidate):
                with contextlib.suppress(OSError), files.opened(found.real) as (descriptor, _):
                    beginning = files.read_at_most(descriptor, BEGINNING)
                    if self._is_article(found.path, beginning):
                        yield found.path

    def left_out(self) -> list[str]:
        """The folders that are left out at the first level, hidden ones not counted, by name."""
        walk = _Walk(self.root, self._left_out)
        for _ in walk.run(self._asked):
            pass
        return sorted(walk.left_out)

    @property
    def address(self) -> str | None:
        """The site's own address, against which relative URLs resolve; None where it is not known."""
        return self._site.address

    def read(self, path: str, data: bytes) -> Article:
        """The article that a file's bytes hold. Raises UnreadableArticle."""
        return read_article(path, data, self._site, self.field_map, self._own_files)

    def resolve(self, raw: str, article: str, *, is_image: bool) -> ExaminedUrl:
        """What a URL in an article means now (see `Site.resolve`)."""
        return self._site.resolve(raw, article, is_image=is_image)

    def resolve_text(self, raw: str, article: str) -> ExaminedUrl:
        """What a link in the text of an article means now (see `OwnFiles.resolve`)."""
        return self._own_files.resolve(raw, article)

    def scan(self, stamps: Mapping[str, FileStamp]) -> Iterator[ScanResult]:
        """Look at every file, in order of folder and name; then yield the files of `stamps` that vanished.

        Bounded memory: one file at a time, and the names of one folder with those above it.
        """
        scan = Scan(self, stamps)
        for found in scan.files():
            result = self.look_at(found) if isinstance(found, Candidate) else found
            if result is not None:
                yield result
                scan.met(result)
        yield from scan.vanished()

    def walk(self) -> _Walk:
        """A walk through the folders."""
        return _Walk(self.root, self._left_out)

    @property
    def asked(self) -> Portion | None:
        """The part that is looked at; None for all."""
        return self._asked

    def _is_article(self, path: str, beginning: bytes) -> bool:
        """Whether a file is an article, by its name and its first bytes."""
        return begins_front_matter(beginning, path) or (
            self.field_map.is_plain and path.lower().endswith(MARKDOWN)
        )

    def look_at(self, file: Candidate) -> ScanResult | None:
        """The result for one file; None for a file that is ignored."""
        try:
            with files.opened(file.real) as (descriptor, facts):
                data = files.read_at_most(descriptor, BEGINNING)
                if not file.named and not self._is_article(file.path, data):
                    markdown = file.path.lower().endswith(MARKDOWN)
                    return WithoutFrontMatter(file.path) if markdown else None
                data += files.read_at_most(descriptor, LARGEST_FILE + 1 - len(data))
        except (files.NotARegularFileError, FileNotFoundError):
            # It was a file when the folder was listed; it vanished since, or is no regular file any more.
            return None
        except OSError as error:
            return _failure(file.path, ProblemCode.UNREADABLE, error.strerror)
        return self._read(file, data, stamp_of(facts, hashlib.sha256(data).hexdigest()))

    def _read(
        self, file: Candidate, data: bytes, stamp: FileStamp
    ) -> Touched | Read | Unreadable | None:
        path, known = file.path, file.known
        if known is not None and (known.size, known.sha256) == (stamp.size, stamp.sha256):
            return Touched(path, stamp)
        try:
            return Read(self.read(path, data), stamp)
        except UnreadableArticle as error:
            never_ends = error.problems[0].code in _NEVER_ENDS
            if never_ends and not file.named and path.lower().endswith(_DATA):
                return None
            return Unreadable(path, error.problems, stamp)


class Scan:
    """One look at all files of a repository, for whoever reads them himself; `stamps` are those that are known."""

    def __init__(self, repository: Repository, stamps: Mapping[str, FileStamp]) -> None:
        self._walk = repository.walk()
        self._asked = repository.asked
        self._stamps = stamps
        self._articles: set[str] = set()

    def files(self) -> Iterator[Candidate | Unreadable | Unchanged]:
        """Every file in order of folder and name: what is known without opening it, or a candidate, which has to be read."""
        for found in self._walk.run(self._asked):
            known = self._stamps.get(found.path)
            if known is None or isinstance(found, Unreadable):
                yield found
                continue
            try:
                is_same = _matches(known, found.real.lstat())
            except OSError:
                is_same = False
            yield Unchanged(found.path) if is_same else replace(found, known=known)

    def met(self, result: HasPath) -> None:
        """Note what a file was: an article of the collection has not vanished."""
        if not isinstance(result, WithoutFrontMatter):
            self._articles.add(result.path)

    def vanished(self) -> Iterator[Vanished]:
        """The files that have a stamp and were not met."""
        for path in self._stamps:
            if path not in self._articles and self._walk.has_seen_all_of(path):
                yield Vanished(path)


class _Walk:
    """One pass over the folders."""

    def __init__(self, root: Path, left_out: LeftOut) -> None:
        self.root = root
        self.left_out: list[str] = []
        self._rules = left_out
        self._closed: list[str] = []
        self._met: set[str] = set()
        self._asked: Portion | None = None
        self._linked: set[str] = set()

    def run(self, asked: Portion | None) -> Iterator[Candidate | Unreadable]:
        """Every file that may be an article, of all or of what is asked for, and each file or folder that cannot be read."""
        self._asked = asked
        if asked is not None and not asked.is_list:
            for path in sorted(asked.files):
                self._met.add(path)
                yield self._named_file(path)
            if not asked.folders:
                return
            self._asked = replace(asked, files=frozenset())
        for found in self._folder(self._rules.top()):
            if isinstance(found, Candidate):
                if found.path in self._met:
                    continue
                self._met.add(found.path)
            yield found
        for path in sorted(self._linked - self._met):
            if self._is_asked_for(path):
                self._met.add(path)
                yield Candidate(path, self.root / path)

    def _leads_on(self, folder: str) -> bool:
        return self._asked is None or self._asked.leads_to(folder)

    def _is_asked_for(self, path: str) -> bool:
        return self._asked is None or path in self._asked

    def has_seen_all_of(self, path: str) -> bool:
        """Whether the folder of a path could be listed: only then is a missing file gone.

        In a part of the collection nobody has looked for links to a file that is left out: it stays as long as it is there.
        """
        if self._asked is not None and path not in self._met and (self.root / path).is_file():
            return False
        return not path.startswith(tuple(self._closed))

    def _folder(self, folder: Folder) -> Iterator[Candidate | Unreadable]:
        here = folder.path
        try:
            with os.scandir(self.root / here) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            self._closed.append(f"{here}/" if here else "")
            yield _failure(here or ".", ProblemCode.UNREADABLE, error.strerror)
            return
        folder = self._rules.entered(folder, {entry.name for entry in entries})
        for entry in entries:
            path = f"{here}/{entry.name}" if here else entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if not (self._leads_on(path) if is_folder else self._is_asked_for(path)):
                continue
            place = self._rules.place_of(folder, entry.name, is_folder=is_folder)
            if place is Place.OUT:
                if is_folder and not here and not entry.name.startswith("."):
                    self.left_out.append(entry.name)
            elif not _is_utf8(entry.name):
                yield _failure(path, ProblemCode.UNREADABLE, "its name is not UTF-8")
            elif entry.is_symlink():
                yield from self._link(path)
            elif is_folder:
                if path.count("/") < _DEEPEST_FOLDER:
                    yield from self._folder(self._rules.below(folder, entry.name, place))
                else:
                    self._closed.append(f"{path}/")
                    yield _failure(path, ProblemCode.UNREADABLE, "folders nested too deeply")
            elif entry.is_file(follow_symlinks=False):
                yield Candidate(path, Path(entry.path))

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

    def _named_file(self, path: str) -> Candidate | Unreadable:
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
        return Candidate(path, real, named=True)


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

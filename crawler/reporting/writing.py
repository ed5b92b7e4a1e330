"""Writes a report into a folder: one file per format, each replaced as a whole or not at all, or left as it is where
nothing has changed."""

from __future__ import annotations

import gc
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from crawler.files import Folder, Place
from crawler.model.thumbnail import NO_THUMBNAILS, Thumbnail
from crawler.reporting.format_task import Elsewhere, FormatTask, without_streams
from crawler.reporting.formats.report_format import ReportContent, ReportFormat
from crawler.reporting.leftovers import scratch, sweep, sweep_scratch
from crawler.reporting.one_pass import OnePass
from crawler.reporting.report_progress import ReportProgress
from crawler.reporting.written import Written, hash_of, is_as_written, read_note, write_note

if TYPE_CHECKING:
    from crawler.model.report import Report
    from crawler.reporting.findings import Findings

_ALLOCATIONS = 100_000
"""Objects made until Python looks for cycles."""
_MODE = 0o666
"""Rights of a report before the umask: others may read it."""


def write(
    report: Report,
    formats: Iterable[ReportFormat],
    out: Path | Place,
    thumbnails: Mapping[tuple[str, str], Thumbnail] = NO_THUMBNAILS,
    *,
    review: str | None = None,
    basis: str | None = None,
    tell: Callable[[str], None] | None = None,
    elsewhere: Elsewhere | None = None,
) -> tuple[Path, ...]:
    """Write `report` into the folder `out` (made where missing), one file per format.

    `thumbnails`, by the article's path and the URL as it stands there, are shown by HTML; for a page that is served,
    `review` is the address of the server that keeps its decisions, relative to the page's own. A file that was written
    from the same `basis` (a digest of all that the report shows), and that nobody has changed since, is left as it is;
    without a basis every file is written. `tell` is told in words how far it has come, many times a second. `elsewhere` has
    other processes write what lists every finding, where several formats are to be written; the files are the same.

    Each file is replaced as a whole or not at all. The paths are in the order of `formats`, each
    once. Memory stays flat however large the report is. Raises OSError where `out` cannot be
    written, LinkedPathError where it is a link below the base of a `Place`, and whatever reading the
    report raises.
    """
    from crawler.reporting.findings import nothing_gathered

    wanted = tuple(dict.fromkeys(formats))
    place = out if isinstance(out, Place) else Place(out)
    paths = tuple(place.path / chosen.file_name for chosen in wanted)
    with ExitStack() as stack:
        folder = stack.enter_context(made(place))
        sweep(folder)
        sweep_scratch()
        note = read_note(folder) if basis is not None else {}
        bases = {chosen: _basis_of(chosen, basis or "", thumbnails) for chosen in wanted}
        stale = [
            chosen
            for chosen in wanted
            if not is_as_written(
                folder, chosen.file_name, note.get(chosen.file_name), bases[chosen]
            )
        ]
        if not stale:
            return paths
        scratched = stack.enter_context(scratch())
        stack.enter_context(_seldom_collected())
        sharing = _sharing(stale, elsewhere, scratched)
        findings: Findings | None = None
        if any(chosen.needs_findings for chosen in stale):
            findings = stack.enter_context(nothing_gathered(sharing.findings if sharing else None))
        page = None
        if any(chosen.needs_page for chosen in stale):
            from crawler.reporting.formats.page_data import PageData

            page = PageData()
        progress = ReportProgress(tell or _tell_nobody)
        watched = progress.watched(report) if tell else report
        reading = OnePass(watched, findings, () if page is None else (page,))
        content = ReportContent(reading.report, findings, thumbnails, page, review)
        writing = _Writing(folder, reading, content, progress)
        writing.write(stale, sharing)
        for chosen in stale:
            note[chosen.file_name] = Written(bases[chosen], writing.hashes[chosen])
        if basis is not None:
            write_note(folder, note)
    return paths


@dataclass(frozen=True, slots=True)
class _Sharing:
    """How the formats that list every finding are written elsewhere: from which file of findings, and below which folder."""

    elsewhere: Elsewhere
    folder: Path

    @property
    def findings(self) -> Path:
        return self.folder / "findings"

    def tasks(self, formats: Iterable[ReportFormat], report: Report) -> list[FormatTask]:
        bare = without_streams(report)
        return [
            FormatTask(one.name, bare, self.findings, self.folder / one.file_name)
            for one in formats
        ]


def _sharing(
    stale: Sequence[ReportFormat], elsewhere: Elsewhere | None, folder: Path
) -> _Sharing | None:
    """How to share the work; None where it is one file, or none that takes long."""
    is_worth_it = len(stale) > 1 and any(chosen.lists_findings for chosen in stale)
    return _Sharing(elsewhere, folder) if elsewhere is not None and is_worth_it else None


@dataclass(slots=True)
class _Writing:
    """What the formats of one report are written with, and the SHA-256 of the file of each that is."""

    folder: Folder
    reading: OnePass
    content: ReportContent
    progress: ReportProgress
    hashes: dict[ReportFormat, str] = field(default_factory=dict)

    def write(self, formats: Iterable[ReportFormat], sharing: _Sharing | None) -> None:
        """Write all formats, some of them elsewhere."""
        # What the formats that list every row read is gathered for the others.
        rows = [chosen for chosen in formats if not chosen.needs_findings]
        shared = [chosen for chosen in formats if sharing is not None and chosen.lists_findings]
        others = [chosen for chosen in formats if chosen not in (*rows, *shared)]
        self._here(rows)
        self.reading.finish()
        if sharing is None:
            self._here(others)
            return
        tasks = sharing.tasks(shared, self.content.report)
        done = sharing.elsewhere(tasks, lambda: self._here(others))
        for chosen, task in zip(shared, done, strict=True):
            self.progress.begin(chosen.file_name)
            with task.into.open("rb") as made:
                self._replace(chosen, partial(shutil.copyfileobj, made))

    def _here(self, formats: Iterable[ReportFormat]) -> None:
        for chosen in formats:
            self.progress.begin(chosen.file_name)
            self._replace(chosen, partial(chosen.write, self.content))

    def _replace(self, chosen: ReportFormat, write: Callable[[BinaryIO], object]) -> None:
        """Write one report."""
        with _new(self.folder, chosen.file_name) as new:
            write(new.stream)
        self.hashes[chosen] = new.sha256


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Within the block Python looks for cycles seldom: rows have none, and to walk what a page keeps of them, again and
    again, takes a tenth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(_ALLOCATIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _tell_nobody(_text: str) -> None:
    """Where nobody wants to know how far it has come."""


def _basis_of(
    chosen: ReportFormat, basis: str, thumbnails: Mapping[tuple[str, str], Thumbnail]
) -> str:
    """The digest of what one format is written from: of the thumbnails too, where it shows them."""
    found = hashlib.sha256(basis.encode())
    for place in sorted(thumbnails) if chosen.shows_thumbnails else ():
        found.update(repr((place, thumbnails[place])).encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def write_files(files: Mapping[str, bytes], place: Place) -> None:
    """Write files of an index into a folder (made where missing), each as a whole or not at all. Raises OSError."""
    with made(place) as folder:
        sweep(folder)
        for name, data in files.items():
            with _new(folder, name) as new:
                new.stream.write(data)


def made(place: Place) -> AbstractContextManager[Folder]:
    """The folder for reports, made where it is missing. Raises OSError, LinkedPathError among them."""
    place.base.mkdir(parents=True, exist_ok=True)
    return Folder.opened(place.base, place.below, make=True)


@dataclass(slots=True)
class _New:
    """A file that is being written; its SHA-256 is known once it is whole."""

    stream: BinaryIO
    sha256: str = ""


@contextmanager
def _new(folder: Folder, name: str) -> Iterator[_New]:
    """A file under a temporary name, which it loses at the end, or which is removed if writing fails."""
    with folder.temporary(f".{name}.", ".tmp", _MODE) as (descriptor, temporary):
        with os.fdopen(descriptor, "w+b", closefd=False) as stream:
            new = _New(stream)
            yield new
        os.fsync(descriptor)
        new.sha256 = hash_of(descriptor)
        folder.replace(name, temporary)

"""Applying repairs to files: which were made, which the file had already, which were refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.content import (
    Edit,
    EditState,
    Repository,
    UnreadableArticle,
    WriteRefused,
    edit_values,
    has_mapping,
    read_bytes,
    replace,
    sha256_of,
    text_at,
)
from crawler.content.scalars import Value
from crawler.content.yaml_dates import moment_of
from crawler.model.check import ChangeKind, FieldChange
from crawler.model.field_map import EACH, FieldMap
from crawler.model.reference import Reference
from crawler.model.repair import Conflict, Repair, RepairKind
from crawler.model.role import Role
from crawler.rules.article.repairs import amp_of, copies, is_image, is_length
from crawler.rules.typed_sizes import pixels_of

_DAY = "publishedDateTime"


@dataclass(frozen=True, slots=True)
class _OtherNames:
    """The names of a collection's fields, and the pointers of one article's texts by their usual names."""

    field_map: FieldMap
    renamed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FileRepair:
    """One file before and after its repairs. `after` is None where nothing was to be changed."""

    path: str
    before: bytes
    after: bytes | None
    made: tuple[Repair, ...] = ()
    already: tuple[Repair, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def repair_file(repository: Repository, path: str, repairs: Sequence[Repair]) -> FileRepair:
    """The file with its repairs made; nothing is written."""
    data = b""
    try:
        data = read_bytes(repository.root, path)
        article = repository.read(path, data)
    except WriteRefused as refused:
        return _refused_all(path, data, repairs, refused.reason, 0)
    except UnreadableArticle as error:
        first = error.problems[0]
        return _refused_all(path, data, repairs, first.message, first.line)
    by_pointer = {one.pointer: one for one in article.references}
    wanted = list(_complete(repairs, by_pointer))
    other_names = _OtherNames(repository.field_map, dict(article.renamed))
    edits = [_edit(data, one.change, by_pointer, other_names) for one in wanted]
    edited = edit_values(data, edits)
    made, already, conflicts = [], [], []
    for repair, outcome in zip(wanted, edited.outcomes, strict=True):
        match outcome.state:
            case EditState.APPLIED:
                made.append(repair)
            case EditState.ALREADY_SO:
                already.append(repair)
            case EditState.REFUSED:
                line = outcome.line or repair.change.line
                conflicts.append(Conflict(repair.place, path, line, outcome.reason))
    after = edited.data if edited.data != data else None
    return FileRepair(path, data, after, tuple(made), tuple(already), tuple(conflicts))


def write_repair(repository: Repository, repaired: FileRepair) -> FileRepair:
    """Write a repaired file; where that is refused, its repairs become conflicts."""
    assert repaired.after is not None
    try:
        digest = sha256_of(repaired.before)
        replace(repository.root, repaired.path, digest, repaired.after)
    except WriteRefused as refused:
        kept = (*repaired.made, *repaired.already)
        return _refused_all(repaired.path, repaired.before, kept, refused.reason, 0)
    return repaired


def _refused_all(
    path: str, data: bytes, repairs: Sequence[Repair], reason: str, line: int
) -> FileRepair:
    conflicts = tuple(Conflict(one.place, path, line, reason) for one in repairs)
    return FileRepair(path, data, None, conflicts=conflicts)


def _complete(repairs: Sequence[Repair], references: Mapping[str, Reference]) -> Iterator[Repair]:
    """Each change once, and the changes of AMP cache addresses that follow from new AMP addresses."""
    wanted = {(one.change.at, one.change.kind, one.change.new): one for one in repairs}
    causes = {one.change.at: one for one in wanted.values()}
    yield from wanted.values()
    for change in copies([one.change for one in wanted.values()], references):
        cause = causes[amp_of(change.at)]
        yield Repair(cause.path, cause.kind, change, cause.place)


def _edit(
    data: bytes,
    change: FieldChange,
    references: Mapping[str, Reference],
    other_names: _OtherNames,
) -> Edit:
    """The change as an edit of front matter."""
    old, new = change.old, change.new
    here = references.get(change.at)
    # Reports name a text by its usual name.
    at = other_names.renamed.get(change.at, change.at)
    if change.kind is ChangeKind.DROP:
        # AMP page and AMP cache go together; the decision names the value of one of them only.
        return Edit(change.at, old or (here.raw if here else "-"), None)
    if is_length(change.at):
        # A finding holds the number; the file may write it otherwise (`1,024`, `1024px`).
        text = text_at(data, change.at) if old is not None else None
        if text is not None and pixels_of(text) == pixels_of(old or ""):
            old = text
        return Edit(change.at, old, int(new or 0))
    if change.kind is ChangeKind.ADD and is_image(change.at, other_names.field_map):
        return _new_image(data, new or "", other_names.field_map)
    if change.at.rpartition("/")[2] == _DAY and old is not None:
        # A finding holds the day; the file may hold a time, in any notation.
        text = text_at(data, at)
        moment = moment_of(text) if text is not None else None
        if text is not None and moment is not None and moment.date().isoformat() == old[:10]:
            old = text
    return Edit(at, old, new)


def _new_image(data: bytes, url: str, field_map: FieldMap) -> Edit:
    """An article's first image, under the name that the collection has for its images."""
    way = field_map.first_way(Role.IMAGE)
    if way is None or EACH in way or way == ("images",):
        return Edit("images", None, [{"url": url}])
    value: Value = url
    while len(way) > 1 and not has_mapping(data, "/".join(way[:-1])):
        way, value = way[:-1], {way[-1]: value}
    return Edit("/".join(way), None, value)


@dataclass(slots=True)
class Progress:
    """The progress of repairs: files changed, files left for later because enough are changed, and refusals."""

    changed: int = 0
    left: set[str] = field(default_factory=set)
    made: Counter[RepairKind] = field(default_factory=Counter)
    already: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    read_again: set[str] = field(default_factory=set)
    """The articles that now say what their pages say, because an editor took it over."""


def repair_files(
    repository: Repository,
    repairs: Mapping[str, Sequence[Repair]],
    progress: Progress,
    *,
    write: bool,
    most_files: int,
) -> Iterator[FileRepair]:
    """Repair at most `most_files` files, by path; `write` writes them. Yields the files that change."""
    for path in sorted(repairs):
        if progress.changed >= most_files:
            progress.left.add(path)
            continue
        repaired = repair_file(repository, path, repairs[path])
        if write and repaired.after is not None:
            repaired = write_repair(repository, repaired)
        progress.already += len(repaired.already)
        progress.conflicts += repaired.conflicts
        taken = (*repaired.made, *repaired.already)
        if any(one.kind is RepairKind.METADATA for one in taken):
            progress.read_again.add(path)
        if repaired.after is not None:
            progress.changed += 1
            progress.made.update(one.kind for one in repaired.made)
            yield repaired

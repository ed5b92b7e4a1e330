"""The changes of files that follow from findings and decisions: the new value, its place and its kind.

Nothing here reads a file: every change holds the value that it replaces (rule E3), and the code that carries it
out compares that with the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from crawler.model.check import ChangeKind, FieldChange, ImageCode, LinkedReference, Size
from crawler.model.field_map import OWN_FIELDS, FieldMap
from crawler.model.link import Link
from crawler.model.observation import AmpPart
from crawler.model.provider import DOMAIN_AT, NAME_AT
from crawler.model.reference import Declared, Reference
from crawler.model.repair import Instruction, RepairKind, Verb
from crawler.model.role import Role
from crawler.model.verdict import VerdictKind
from crawler.rules.article.amp import AMP_FIELD, CACHE_FIELD
from crawler.rules.article.amp_cache import cache_domain, cache_url, follows
from crawler.rules.fragments import inherited
from crawler.rules.image.image_size import image_sizes, sides_of, size_changes
from crawler.rules.policy import ImagePolicy

_PAIR = (AMP_FIELD, CACHE_FIELD)
_AMP_ROLES = (Role.AMP, Role.AMP_CACHE)
_SIDES = ("width", "height")
_SIZE_REASONS = (ImageCode.SIZE_MISMATCH, ImageCode.SIZE_MISSING)
_SIZE = re.compile(r"([1-9][0-9]{0,8})[x×]([1-9][0-9]{0,8})")
_IMAGE = re.compile(r"(?:.*/)?images/[0-9]+(?:/url)?")
_PROVIDER = re.compile(rf"(?:.*/)?(?:{NAME_AT}|{DOMAIN_AT})")
_DIFFERENCE = "metadata"
_METADATA = ("title", "excerpt", "publishedDateTime")


class UnclearError(ValueError):
    """A decision does not say what to change; the text says what is missing."""


def kind_of(change: FieldChange, field_map: FieldMap = OWN_FIELDS) -> RepairKind:
    """The kind of a suggested change, by its field; `field_map` has the collection's own names."""
    name = change.at.rpartition("/")[2]
    if name in _SIDES:
        # With any other reason it is the size of a replacing image, and goes with its address.
        is_true_size = change.reason in _SIZE_REASONS
        return RepairKind.IMAGE_SIZES if is_true_size else RepairKind.IMAGES
    if name in _PAIR or field_map.role_at(change.at) in _AMP_ROLES:
        return RepairKind.AMP
    if is_image(change.at, field_map):
        return RepairKind.IMAGES
    if _PROVIDER.fullmatch(change.at):
        return RepairKind.PROVIDER
    return RepairKind.METADATA if name in _METADATA else RepairKind.CANONICAL


def move(reference: Reference, link: Link) -> FieldChange | None:
    """The suggested new address of a link that has moved for good or answers over https only, at one place; None for no
    move.

    An AMP page that leads to one which is not AMP, most often its article, was given up: it is dropped (rule A4). Nor
    does it move where its new page could not be read, as behind a gate: nobody knows then whether it is AMP.
    """
    verdict = link.verdict
    if reference.role in _AMP_ROLES and not _is_amp(link):
        return None
    if verdict.kind not in (VerdictKind.MOVED, VerdictKind.ALIVE) or verdict.suggestion is None:
        return None
    new = inherited(verdict.suggestion.value, reference.raw)
    return replaced(reference, new, verdict.reason) if new != reference.raw else None


def _mended(reference: Reference, link: Link) -> FieldChange | None:
    """The address that was meant by what stands there (rule U9); None where that is not plain."""
    verdict = link.verdict
    if verdict.kind is not VerdictKind.INVALID or verdict.suggestion is None:
        return None
    return replaced(reference, verdict.suggestion.value, verdict.reason)


def _is_amp(link: Link) -> bool:
    lacks = link.page.amp_lacks if link.page is not None else None
    return lacks is not None and AmpPart.MARK not in lacks


def replaced(reference: Reference, new: str, reason: str) -> FieldChange:
    """Another URL in the place of a reference."""
    return FieldChange(
        reference.pointer, reference.line, ChangeKind.REPLACE, reference.raw, new, reason
    )


def suggested_at(
    reference: Reference,
    link: Link,
    suggested: Sequence[FieldChange],
    field_map: FieldMap = OWN_FIELDS,
) -> list[FieldChange]:
    """The suggestions for one place of a link: its new address, or the changes that the article's checks suggest.

    The two fields of an AMP pair change together.
    """
    moved = move(reference, link) or _mended(reference, link)
    if moved is not None:
        return [moved]
    at = reference.pointer
    here = [one for one in suggested if one.at == at or one.at in sides_of(at)]
    pairs = {one.reason for one in here if kind_of(one, field_map) is RepairKind.AMP}
    beside = [one for one in suggested if one.reason in pairs and one not in here]
    return [*here, *(one for one in beside if kind_of(one, field_map) is RepairKind.AMP)]


def copies(
    changes: Sequence[FieldChange], references: Mapping[str, Reference]
) -> Iterator[FieldChange]:
    """The changes of AMP cache addresses that follow from new AMP addresses.

    `references` are those of the article by their pointers. A cache address that did not follow from the old AMP
    address, or that has a change of its own, stays as it is.
    """
    decided = {change.at for change in changes}
    for change in changes:
        if change.at.rpartition("/")[2] != AMP_FIELD or not (change.old and change.new):
            continue
        copy = references.get(_beside(change.at, CACHE_FIELD))
        if copy is None or copy.pointer in decided or cache_domain(change.new):
            continue
        cache = cache_domain(copy.url)
        address = cache_url(change.new, cache) if cache and follows(copy.url, change.old) else None
        if address is not None:
            yield replaced(copy, address, change.reason)


def amp_of(copy: str) -> str:
    """The pointer of the AMP page, from the pointer of its copy in a cache."""
    return _beside(copy, AMP_FIELD)


def _beside(pointer: str, name: str) -> str:
    """The pointer of another key of the same mapping."""
    prefix, slash, _ = pointer.rpartition("/")
    return f"{prefix}{slash}{name}"


def true_size(linked: LinkedReference, policy: ImagePolicy) -> Iterator[FieldChange]:
    """The measured width and height of an image whose declared ones are missing or wrong."""
    declared = linked.reference.declared
    for found in image_sizes([linked], policy):
        if found.reason in _SIZE_REASONS and found.actual is not None:
            yield from size_changes(found.at, declared, found.actual, found.reason)


def _sides(text: str) -> tuple[int, int] | None:
    """Width and height of a text like `1024x576`, None for any other text."""
    found = _SIZE.fullmatch(text.strip().lower())
    return (int(found[1]), int(found[2])) if found else None


def with_its_size(
    changes: Sequence[FieldChange],
    suggested: Iterable[FieldChange],
    field_map: FieldMap = OWN_FIELDS,
) -> Iterator[FieldChange]:
    """The changes, each of an image's address followed by the new width and height if `suggested` has them."""
    known = list(suggested)
    addresses = {(one.at, one.new) for one in known}
    for change in changes:
        yield change
        if is_image(change.at, field_map) and (change.at, change.new) in addresses:
            yield from (one for one in known if one.at in sides_of(change.at))


def is_address(change: FieldChange) -> bool:
    """Whether a change is about a URL."""
    name = change.at.rpartition("/")[2]
    return name not in (*_SIDES, *_METADATA) and not _PROVIDER.fullmatch(change.at)


def is_length(at: str) -> bool:
    """Whether a pointer names a width or a height."""
    return at.rpartition("/")[2] in _SIDES


def is_image(at: str, field_map: FieldMap = OWN_FIELDS) -> bool:
    """Whether a pointer names an image."""
    return _IMAGE.fullmatch(at) is not None or field_map.is_image(at)


def decided_here(given: Instruction, field_map: FieldMap = OWN_FIELDS) -> list[FieldChange]:
    """The changes of a row that names its place. Raises UnclearError.

    The file must still hold the row's own `declared`, else its `url`. The list is empty where only the article's
    checks know the change (an AMP pair to drop, a day of publication).
    """
    at = given.at or ""
    new = given.new_value if given.verb is Verb.REPLACE else given.suggestion
    if given.verb is Verb.DROP:
        return dropped(at, given.line, given.url or None, given.reason or given.verb, field_map)
    name = at.rpartition("/")[2]
    is_amp = name in _PAIR or field_map.role_at(at) in _AMP_ROLES
    only_checks_know = name == "publishedDateTime" or (not new and is_amp)
    if given.verb is Verb.ACCEPT and only_checks_know:
        return []
    if not new:
        raise UnclearError("nothing is suggested in this row; decide replace with a new_value")
    if is_image(at, field_map) and (sides := _sides(new)):
        declared = Declared(*(_sides(given.declared) or (None, None)))
        return list(
            size_changes(at, declared, Size(*sides), given.reason or ImageCode.SIZE_MISMATCH)
        )
    if at == "image":
        raise UnclearError("the row names no one image; replace it at images/0")
    # The `url` of a drifted field is the page that was compared.
    is_difference = given.kind == _DIFFERENCE or name in _METADATA
    old = given.declared if is_difference else given.url
    is_text = is_difference or _PROVIDER.fullmatch(at) is not None
    if given.verb is Verb.ACCEPT and not is_text and not is_image(at, field_map):
        new = inherited(new, given.url)
    kind = ChangeKind.REPLACE if old else ChangeKind.ADD
    return [FieldChange(at, given.line, kind, old or None, new, given.reason or given.verb)]


def dropped(
    at: str, line: int, old: str | None, reason: str, field_map: FieldMap = OWN_FIELDS
) -> list[FieldChange]:
    """The changes that drop an AMP address, and its copy with it. Raises UnclearError for any other field."""
    name = at.rpartition("/")[2]
    here = FieldChange(at, line, ChangeKind.DROP, old, None, reason)
    if name == AMP_FIELD:
        copy = _beside(at, CACHE_FIELD)
        return [here, FieldChange(copy, line, ChangeKind.DROP, None, None, reason)]
    if name == CACHE_FIELD or field_map.role_at(at) in _AMP_ROLES:
        return [here]
    raise UnclearError(f"{at} is not taken out: only an AMP pair is; replace it, or edit the file")

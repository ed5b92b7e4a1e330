"""The notes on URLs that the sidecar holds for templates, and which of them a run may change (rule W6)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

from crawler.model.check import LinkedReference
from crawler.model.verdict import Suggestion, SuggestionKind, VerdictKind
from crawler.rules.fragments import inherited
from crawler.rules.image.image_size import image_sizes
from crawler.rules.policy import ImagePolicy
from crawler.sidecar.url_note import UrlNote


@dataclass(slots=True)
class UrlNotes:
    """The notes by URL, spelled as in the files.

    `known` are all URLs of the files, `open` those of them that have not been visited yet.
    """

    by_url: dict[str, UrlNote] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)


def url_note(linked: LinkedReference, policy: ImagePolicy) -> UrlNote | None:
    """The note on one reference's URL; None where all is well, or nothing is known.

    Notes are made for links that an article's block would list, for new addresses, and for the true sizes of
    images whose declared size is missing or different.
    """
    verdict = linked.link.verdict
    suggestion = _new_address(verdict.suggestion, linked.reference.raw)
    sizes = image_sizes((linked,), policy)
    size = next((finding.actual for finding in sizes if finding.actual), None)
    if not (verdict.kind.is_written_back or suggestion or size):
        return None
    since = verdict.since
    if verdict.kind.is_written_back:
        # As in the block: the day of the first failure, whatever its reason.
        since = verdict.failing_since or verdict.since
    day = since.date() if since else None
    return UrlNote(verdict.kind, verdict.reason, day, suggestion, size)


def url_notes(references: Iterable[LinkedReference], policy: ImagePolicy) -> UrlNotes:
    """The notes of all references.

    A relative URL can mean another page in each folder: where their notes differ, it gets none, because one
    note would be wrong for some of them.
    """
    found = UrlNotes()
    links: dict[str, set[int]] = {}
    notes: dict[tuple[str, int], UrlNote] = {}
    for linked in references:
        url, link = linked.reference.raw, linked.link
        found.known.add(url)
        links.setdefault(url, set()).add(link.id)
        if link.verdict.kind is VerdictKind.UNCHECKED:
            found.open.add(url)
        note = url_note(linked, policy)
        if note is not None and (note.image or (url, link.id) not in notes):
            notes[url, link.id] = note
    for url, ids in links.items():
        meant = {notes.get((url, link_id)) for link_id in ids}
        if len(meant) == 1 and (note := meant.pop()) is not None:
            found.by_url[url] = note
    return found


def merged(
    old: Mapping[str, UrlNote],
    new: UrlNotes,
    *,
    whole: bool,
    hold_ends: bool = False,
    accepted: Container[str] = (),
) -> dict[str, UrlNote]:
    """The notes that should stand after a run which found `new`.

    Where the result is the same, the old `since` stays. A URL that has not been visited keeps its note, and
    so do all that `new` does not know, unless it is the `whole` collection. `hold_ends` keeps the old notes
    of URLs that would be newly broken, or newly dead, unless they are `accepted`.
    """
    kept = {
        url: note for url, note in old.items() if url in new.open or not (whole or url in new.known)
    }
    for url, note in new.by_url.items():
        before = old.get(url)
        if hold_ends and url not in accepted and note.is_worse_than(before):
            if before is not None:
                kept[url] = before
        elif before is not None and replace(before, since=note.since) == note:
            kept[url] = before
        else:
            kept[url] = note
    return kept


def _new_address(suggestion: Suggestion | None, raw: str) -> str | None:
    if suggestion is None or suggestion.kind is not SuggestionKind.REPLACE_URL:
        return None
    return inherited(suggestion.value, raw)

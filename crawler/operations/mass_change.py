"""Which links of an article would be newly broken or dead, against what its file says of them (rule O14)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from crawler.content import ListedGone, listed_gone, lists_dead, lists_gone
from crawler.model.check import KnownArticle, LinkedReference
from crawler.model.held import HeldLink
from crawler.model.verdict import VerdictKind


@dataclass(frozen=True, slots=True)
class Standing:
    """What was there before. `once_well` are the links that are gone and were alive once, `accepted` those that an
    editor has accepted as gone, both by id; `notes` are the verdicts in the sidecar, by URL as in the files."""

    once_well: Container[int]
    accepted: Container[int]
    notes: Mapping[str, VerdictKind]


def newly_gone(article: KnownArticle, block: str | None, standing: Standing) -> list[HeldLink]:
    """The links of an article that its new `block` (or the sidecar) would show as newly broken, or newly dead.

    A link that was never seen alive is not newly broken: the first run of an old collection finds many. What an editor
    has accepted is nothing new.
    """
    found = {
        one.link.id: one.link.id not in standing.once_well
        for one in (*_own(article, standing), *_related(article, block, standing))
        if one.link.id not in standing.accepted
    }
    return [HeldLink(article.path, link_id, is_first) for link_id, is_first in found.items()]


def _own(article: KnownArticle, standing: Standing) -> Iterable[LinkedReference]:
    listed = listed_gone(article.block)
    for one in article.own:
        kind = one.link.verdict.kind
        if not kind.is_gone:
            continue
        before = _before(one.reference.raw, listed, standing.notes)
        if kind is VerdictKind.DEAD:
            is_new = before is not VerdictKind.DEAD
        else:
            is_new = before is None and one.link.id in standing.once_well
        if is_new:
            yield one


def _related(
    article: KnownArticle, block: str | None, standing: Standing
) -> Iterable[LinkedReference]:
    """A block lists the first links of related articles only, so it is asked whether it lists any."""
    gone = [one for one in article.related if one.link.verdict.kind.is_gone]
    if not lists_gone(article.block):
        yield from (one for one in gone if one.link.id in standing.once_well)
    if lists_dead(block) and not lists_dead(article.block):
        yield from (one for one in gone if one.link.verdict.kind is VerdictKind.DEAD)


def _before(raw: str, listed: ListedGone, notes: Mapping[str, VerdictKind]) -> VerdictKind | None:
    """The verdict by which block or sidecar show a URL as gone; None where neither does."""
    kinds = {listed.verdict(raw), notes.get(raw)}
    return next((kind for kind in (VerdictKind.DEAD, VerdictKind.BROKEN) if kind in kinds), None)

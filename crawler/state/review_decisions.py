"""Decisions of a review: kept as they are made, by several people at once, while a run is at work or not.

No run lock is needed. All changes of decisions are numbered in one order, which a transaction that keeps some holds to
itself: whoever has seen the changes up to a number has missed nothing before it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update

from crawler.model.review_decision import Kept, Outdated, Proposal, ReviewDecision, Stage, Standing
from crawler.rules.credentials import without_credentials
from crawler.state.columns import digest
from crawler.state.errors import DamagedValueError
from crawler.state.json_columns import suggestion_from_json
from crawler.state.part import Part, among, chunks, transaction
from crawler.state.schema import links, review_decisions

_ABOUT = ("url", "path", "at", "kind", "reason")
_COLUMNS = tuple(review_decisions.c)
# The numbers of changes follow the order in which they are committed only if one transaction at a time gives them.
_ALONE = text("LOCK TABLE review_decisions IN SHARE ROW EXCLUSIVE MODE")


class ReviewDecisions(Part):
    """The decisions of reviews, at most one about each thing. None is ever deleted: who missed its end hears of it."""

    @transaction
    def keep_review_decisions(
        self, proposals: Sequence[Proposal], after: int, author: str, now: datetime
    ) -> list[Kept | Outdated]:
        """Keep decisions, or take them back, each by itself; the results are in the order of `proposals`.

        `after` is the last change that the page `author` has seen. A proposal is outdated where another page decided
        about the same link or thing since, or the link stands otherwise than the person saw, where they saw it. One that
        is kept already is kept once: it may be sent again where the answer was lost.
        """
        with self._database.write() as connection:
            version = _next(connection) - 1
            keys = [_key(one.cells) for one in proposals]
            known = {one.key: one for one in _of_keys(connection, keys)}
            unseen = _Unseen(connection, after, author)
            standings = _standings(connection, (one.link for one in proposals))
            results: list[Kept | Outdated] = []
            new: list[ReviewDecision] = []
            changed: list[ReviewDecision] = []
            for key, proposal in zip(keys, proposals, strict=True):
                wanted = _made(proposal, key, version + 1, author, now)
                before = known.get(key)
                if before is None and proposal.withdraws:
                    results.append(Kept(key, 0))
                    continue
                if before is not None and _is_same(before, wanted):
                    results.append(Kept(key, before.version))
                    continue
                others = unseen.about(key, proposal.link)
                stands = standings.get(proposal.link) if proposal.link is not None else None
                is_other = proposal.seen is not None and stands != proposal.seen
                if others or (is_other and not proposal.withdraws):
                    results.append(Outdated(key, stands, others))
                    continue
                version += 1
                known[key] = wanted
                (changed if before is not None else new).append(wanted)
                results.append(Kept(key, version))
            _save(connection, new, changed)
        return results

    @transaction
    def review_decisions(self, after: int = 0) -> list[ReviewDecision]:
        """The decisions that changed after this number, whatever their stage, in the order of their changes."""
        statement = select(*_COLUMNS).where(review_decisions.c.version > after)
        with self._database.read() as connection:
            rows = connection.execute(statement.order_by(review_decisions.c.version)).all()
        return [_decision(row) for row in rows]

    @transaction
    def open_review_decisions(self) -> list[ReviewDecision]:
        """The decisions that wait to be carried out, in the order in which they were made."""
        statement = select(*_COLUMNS).where(review_decisions.c.stage == Stage.OPEN.value)
        with self._database.read() as connection:
            rows = connection.execute(statement.order_by(review_decisions.c.version)).all()
        return [_decision(row) for row in rows]

    @transaction
    def open_review_count(self) -> int:
        """How many decisions wait to be carried out."""
        statement = select(func.count()).where(review_decisions.c.stage == Stage.OPEN.value)
        with self._database.at_once() as connection:
            return int(connection.execute(statement).scalar_one())

    @transaction
    def review_version(self) -> int:
        """The number of the last change; 0 before the first."""
        with self._database.at_once() as connection:
            return int(connection.execute(_LAST).scalar_one() or 0)

    @transaction
    def standings(self, urls: Iterable[str]) -> dict[str, Standing]:
        """How the links of these URLs stand, as references identify them; unknown ones are left out."""
        with self._database.read() as connection:
            return _standings(connection, urls)

    @transaction
    def settle_review_decisions(
        self, carried_out: Iterable[ReviewDecision], author: str, now: datetime
    ) -> int:
        """Note that decisions are carried out, but for those that have changed meanwhile; returns how many were noted.

        Done twice it has the effect of once, and returns a smaller number.
        """
        done = 0
        with self._database.write() as connection:
            version = _next(connection)
            for one in carried_out:
                noted = connection.execute(
                    update(review_decisions)
                    .where(
                        review_decisions.c.key == one.key,
                        review_decisions.c.version == one.version,
                        review_decisions.c.stage == Stage.OPEN.value,
                    )
                    .values(
                        stage=Stage.WRITTEN.value,
                        version=version + done,
                        author=author,
                        changed_at=now,
                    )
                )
                done += noted.rowcount
        return done


_LAST = select(func.max(review_decisions.c.version))


def _next(connection: Connection) -> int:
    """The number of the next change, which nobody else can take before this transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(_ALONE)
    return int(connection.execute(_LAST).scalar_one() or 0) + 1


def _key(cells: Mapping[str, str]) -> str:
    return digest(json.dumps([cells.get(name, "") for name in _ABOUT]))


def _made(proposal: Proposal, key: str, version: int, author: str, now: datetime) -> ReviewDecision:
    stage = Stage.WITHDRAWN if proposal.withdraws else Stage.OPEN
    return ReviewDecision(
        key, version, stage, dict(proposal.cells), proposal.link, proposal.seen, author, now
    )


def _is_same(before: ReviewDecision, wanted: ReviewDecision) -> bool:
    """Whether the page that wants a decision has it kept already."""
    return (before.stage, before.author, before.cells, before.seen) == (
        wanted.stage,
        wanted.author,
        wanted.cells,
        wanted.seen,
    )


def _of_keys(connection: Connection, keys: Iterable[str]) -> Iterable[ReviewDecision]:
    for chunk in chunks(dict.fromkeys(keys)):
        statement = select(*_COLUMNS).where(among(connection, review_decisions.c.key, chunk))
        yield from map(_decision, connection.execute(statement).all())


class _Unseen:
    """The changes of other pages that a page has not seen, by what they are about."""

    def __init__(self, connection: Connection, after: int, author: str) -> None:
        statement = select(*_COLUMNS).where(
            review_decisions.c.version > after, review_decisions.c.author != author
        )
        self._by_key: dict[str, ReviewDecision] = {}
        self._by_link: dict[str, list[ReviewDecision]] = {}
        for row in connection.execute(statement.order_by(review_decisions.c.version)).all():
            one = _decision(row)
            self._by_key[one.key] = one
            if one.link is not None:
                self._by_link.setdefault(one.link, []).append(one)

    def about(self, key: str, link: str | None) -> tuple[ReviewDecision, ...]:
        """Those about the same thing or link."""
        found = list(self._by_link.get(link, ())) if link is not None else []
        same = self._by_key.get(key)
        if same is not None and same not in found:
            found.append(same)
        return tuple(found)


def _standings(connection: Connection, urls: Iterable[str | None]) -> dict[str, Standing]:
    found = {}
    for chunk in chunks(dict.fromkeys(url for url in urls if url is not None)):
        keys = {digest(url): url for url in chunk}
        statement = select(links.c.key, links.c.kind, links.c.reason, links.c.suggestion).where(
            among(connection, links.c.key, list(keys))
        )
        for key, kind, reason, stored in connection.execute(statement):
            suggestion = suggestion_from_json(stored)
            value = without_credentials(suggestion.value) if suggestion else None
            found[keys[key]] = Standing(kind, reason, value)
    return found


def _save(
    connection: Connection, new: Sequence[ReviewDecision], changed: Sequence[ReviewDecision]
) -> None:
    # Of two proposals about the same, the later one stands.
    rows = {one.key: _row(one) for one in new}
    again = {one.key: _row(one) for one in changed}
    rows |= {key: again.pop(key) for key in rows.keys() & again.keys()}
    if rows:
        connection.execute(insert(review_decisions), list(rows.values()))
    for key, row in again.items():
        connection.execute(
            update(review_decisions).where(review_decisions.c.key == key).values(**row)
        )


def _row(one: ReviewDecision) -> dict[str, Any]:
    seen = one.seen
    return {
        "key": one.key,
        "version": one.version,
        "stage": one.stage.value,
        "cells": json.dumps(dict(one.cells)),
        "link": one.link,
        "seen_verdict": seen.verdict if seen else None,
        "seen_reason": seen.reason if seen else None,
        "seen_suggestion": seen.suggestion if seen else None,
        "author": one.author,
        "changed_at": one.changed_at,
    }


def _decision(row: Sequence[Any]) -> ReviewDecision:
    key, version, stage, cells, link, verdict, reason, suggestion, author, changed_at = row
    try:
        kept, reached = json.loads(cells), Stage(stage)
    except ValueError as error:
        raise DamagedValueError(f"a decision of a review cannot be read ({error})") from error
    seen = None if verdict is None else Standing(verdict, reason or "", suggestion)
    return ReviewDecision(key, version, reached, kept, link, seen, author, changed_at)

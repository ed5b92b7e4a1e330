"""Planning repairs from decisions and suggestions: what to change in which file, and why.

No file is read here. The state, brought up to date before, says at which places a link stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from crawler.configuration.errors import quoted
from crawler.model.check import ArticleChecks, FieldChange, KnownArticle
from crawler.model.field_map import FieldMap
from crawler.model.link import Link
from crawler.model.reference import Reference
from crawler.model.repair import Conflict, Instruction, Repair, RepairKind, Verb
from crawler.model.role import Role
from crawler.operations.checking import checks_of
from crawler.operations.known_links import find
from crawler.operations.repair.decision_file import Misread
from crawler.reporting.finding import FindingKind
from crawler.rules.article.identity import CANONICAL_DIFFERS
from crawler.rules.article.repairs import (
    UnclearError,
    decided_here,
    dropped,
    is_address,
    is_image,
    is_length,
    kind_of,
    move,
    replaced,
    suggested_at,
    true_size,
    with_its_size,
)
from crawler.rules.urls import InvalidReason
from crawler.session import Session

Checks = Callable[[KnownArticle], ArticleChecks]

SUGGESTED = "--suggested"
"""The place of a repair that no row decided."""
_MOVED = "moved"
_DEAD_LINK = "dead-link"
_ARTICLES_KEPT = 100
"""Articles whose checks are kept: the rows of one article stand together in a report."""


@dataclass(slots=True)
class Plan:
    """The repairs to make, by path. `link_decisions` are decisions on links, which change no file, and `acceptances` those
    on what is held back."""

    repairs: dict[str, list[Repair]] = field(default_factory=lambda: defaultdict(list))
    link_decisions: list[Instruction] = field(default_factory=list)
    acceptances: list[Instruction] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    def add(self, repair: Repair) -> None:
        """Add one change of a file."""
        self.repairs[repair.path].append(repair)

    def refuse(self, place: str, reason: str, path: str = "", line: int = 0) -> None:
        """Note a decision that is not carried out, and why."""
        self.conflicts.append(Conflict(place, path, line, reason))


class Planner:
    """Makes a plan for the articles of a session; `related` says that articles under `related` change too.

    `tick` is called with the number of articles checked. `checks` checks one article, as `checks_of` gives it: whoever
    plans often keeps it, since its first call reads all articles.
    """

    def __init__(
        self,
        session: Session,
        *,
        related: bool,
        tick: Callable[[int], None] = lambda _: None,
        checks: Checks | None = None,
    ) -> None:
        self._tick = tick
        self._session = session
        self._related = related
        self._checks = checks or checks_of(session)
        self._repository = session.repository
        self._field_map = session.field_map
        self._content = session.content
        self._suggested = lru_cache(_ARTICLES_KEPT)(self._suggestions_of)

    def decided(self, rows: Iterable[Instruction | Misread]) -> Plan:
        """The plan for the rows of a file of decisions."""
        plan = Plan()
        for row in rows:
            if isinstance(row, Misread):
                plan.refuse(row.place, row.message)
            elif row.verb.is_on_link:
                plan.link_decisions.append(row)
            elif row.kind == FindingKind.HELD:
                if row.verb is Verb.ACCEPT:
                    plan.acceptances.append(row)
            elif row.verb.changes_files:
                self._decide(row, plan)
        return plan

    def suggested(self, kinds: Sequence[RepairKind], plan: Plan) -> None:
        """Add every suggestion of these kinds; of two for one place, that of the kind named first."""
        taken: set[tuple[str, str]] = {
            (path, repair.change.at) for path, found in plan.repairs.items() for repair in found
        }
        for kind in kinds:
            elsewhere = frozenset(taken)
            for path, change in self._suggestions(kind):
                # The size of a replacing image goes with its address.
                whole = change.at.rpartition("/")[0] if is_length(change.at) else change.at
                is_of_another = kind is RepairKind.IMAGES and (path, whole) in elsewhere
                if (path, change.at) not in taken and not is_of_another:
                    taken.add((path, change.at))
                    plan.add(Repair(path, kind, change, SUGGESTED))

    # ------------------------------------------------------------------------------- decisions

    def _decide(self, row: Instruction, plan: Plan) -> None:
        try:
            changes = list(self._changes(row, plan))
            for path, change in changes:
                self._check_place(change)
                self._check_new(path, change)
        except UnclearError as error:
            plan.refuse(row.place, str(error), row.path or "")
            return
        for path, change in changes:
            kind = _kind(row, change, self._field_map)
            plan.add(Repair(path, kind, change, row.place))

    def _changes(self, row: Instruction, plan: Plan) -> Iterator[tuple[str, FieldChange]]:
        """The changes that a row decides, by path. Raises UnclearError."""
        path = row.path
        if row.verb is Verb.REPLACE_EVERYWHERE or not (path and row.at):
            yield from self._everywhere(row, plan)
        elif self._content.asks_for(path):
            changes = decided_here(row, self._field_map) or self._checked(row, path)
            if row.verb is Verb.ACCEPT and is_image(row.at, self._field_map):
                changes = list(with_its_size(changes, self._suggested(path), self._field_map))
            yield from ((path, change) for change in changes)

    def _everywhere(self, row: Instruction, plan: Plan) -> Iterator[tuple[str, FieldChange]]:
        """The changes of a row at every place of its URL, by path. Raises UnclearError."""
        link = find(self._session, row.url, self._repository)
        found = False
        for one in self._places(row, link, plan):
            match row.verb:
                case Verb.ACCEPT:
                    assert link is not None
                    changes = suggested_at(one, link, self._suggested(one.path), self._field_map)
                case Verb.DROP:
                    changes = dropped(one.pointer, one.line, one.raw, row.verb, self._field_map)
                case _:
                    changes = [replaced(one, row.new_value, row.verb)]
            for change in changes:
                found = True
                yield one.path, change
        if row.verb is Verb.ACCEPT and not found:
            raise UnclearError("nothing is suggested for it")

    def _places(self, row: Instruction, link: Link | None, plan: Plan) -> Iterator[Reference]:
        """The places of the row's URL, only those of the file that it names, if any. Raises UnclearError where no
        front matter holds it."""
        places = self._session.state.places_of(link.id, related=self._related) if link else iter(())
        only = None if row.verb is Verb.REPLACE_EVERYWHERE else row.path
        wanted = [
            one for one in places if only in (None, one.path) and self._content.asks_for(one.path)
        ]
        if not wanted:
            elsewhere = "" if self._related else "; --related looks in related articles too"
            raise UnclearError(f"no article is known to hold {quoted(row.url)}{elsewhere}")
        for one in wanted:
            if one.role is Role.BODY:
                reason = "it stands in the text below the front matter: change that by hand"
                plan.refuse(row.place, reason, one.path, one.line)
            else:
                yield one

    def _suggestions_of(self, path: str) -> list[FieldChange]:
        """What the checks of an article suggest."""
        articles = self._session.state.known_articles(path)
        return [change for article in articles for change in self._checks(article).suggestions]

    def _checked(self, row: Instruction, path: str) -> list[FieldChange]:
        """What the article's checks suggest for the row. Raises UnclearError."""
        found = [one for one in self._suggested(path) if _is_about(one, row, self._field_map)]
        if found:
            return found
        raise UnclearError("nothing is suggested there any more; look at a new report")

    def _check_place(self, change: FieldChange) -> None:
        """Raises UnclearError for a place below a key whose values are secret: a diff would have to show them."""
        secret = self._session.configuration.secret_keys
        key = next((part for part in change.at.split("/") if part in secret), None)
        if key is not None:
            raise UnclearError(f"{quoted(key)} is kept secret; it is edited by hand")

    def _check_new(self, path: str, change: FieldChange) -> None:
        """Raises UnclearError for a new address that cannot be visited."""
        if change.new is None or not is_address(change):
            return
        found = self._repository.resolve(
            change.new, path, is_image=is_image(change.at, self._field_map)
        )
        invalid = found.invalid
        if invalid is not None and invalid is not InvalidReason.LOCAL_FILE:
            raise UnclearError(f"the new value {quoted(change.new)} is no address ({invalid})")

    # ----------------------------------------------------------------------------- suggestions

    def _suggestions(self, kind: RepairKind) -> Iterator[tuple[str, FieldChange]]:
        state = self._session.state
        if kind is RepairKind.MOVES:
            for linked in state.moved_references(self._content.asked, related=self._related):
                change = move(linked.reference, linked.link)
                if change is not None and linked.reference.role is not Role.BODY:
                    yield linked.reference.path, change
            return
        for number, article in enumerate(state.known_articles(self._content.asked), start=1):
            self._tick(number)
            for change in self._checks(article).suggestions:
                if kind_of(change, self._field_map) is kind:
                    yield article.path, change
        if kind is RepairKind.IMAGE_SIZES and self._related:
            policy = self._session.configuration.policy.images
            for linked in state.related_images(self._content.asked):
                for change in true_size(linked, policy):
                    yield linked.reference.path, change


def _is_about(change: FieldChange, row: Instruction, field_map: FieldMap) -> bool:
    """Whether a change is the row's. An AMP pair shares one reason; every other change is of one field."""
    if kind_of(change, field_map) is RepairKind.AMP:
        return change.reason == row.reason
    return change.at == row.at


def _kind(row: Instruction, change: FieldChange, field_map: FieldMap) -> RepairKind:
    kind = kind_of(change, field_map)
    if row.verb is not Verb.ACCEPT:
        return RepairKind.URLS if kind is RepairKind.CANONICAL else kind
    if kind is RepairKind.CANONICAL and row.kind == _DEAD_LINK:
        return RepairKind.URLS
    is_move = row.kind == _MOVED
    if not row.kind and kind is RepairKind.CANONICAL:
        is_move = change.reason != CANONICAL_DIFFERS
    return RepairKind.MOVES if is_move else kind

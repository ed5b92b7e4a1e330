"""Carrying out a plan: each file shown, and changed where that is asked for; decisions on links noted.

`linkhealth apply` and the page of `linkhealth review` do it with this code, so both refuse the same and write the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.model.repair import MOST_FILES, Conflict, Instruction, Repair, RepairKind
from crawler.operations.held_groups import accept_row
from crawler.operations.intake import take_in
from crawler.operations.repair.applying import FileRepair, Progress, repair_files
from crawler.operations.repair.commit import Worktree
from crawler.operations.repair.decision_file import Misread
from crawler.operations.repair.link_decisions import note_accepted, note_link_decision
from crawler.operations.repair.planning import Checks, Plan, Planner
from crawler.session import Session


class Onlooker:
    """Whoever is told how far the work has come; this one does nothing with it."""

    def taken_in(self, files: int) -> None:
        """So many files were read again."""

    def checked(self, articles: int) -> None:
        """So many articles were checked for suggestions."""

    def planned(self) -> None:
        """The plan is complete."""

    def repaired(self, file: FileRepair, changed: int, of: int) -> None:
        """A file was changed, or would be: so many of so many are."""

    def committed(self, kind: RepairKind, name: str) -> None:
        """The changes of a kind are a commit of this short name."""

    def ended(self) -> None:
        """The files are done, or the reading of them is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to carry out: `only` these kinds (empty: all), in at most `most_files` files; `write` changes them.

    `suggested` are kinds whose suggestions are all taken. `related` says that articles under `related` change too.
    """

    suggested: tuple[RepairKind, ...] = ()
    only: tuple[RepairKind, ...] = ()
    related: bool = False
    write: bool = False
    most_files: int = MOST_FILES


@dataclass(slots=True)
class Outcome:
    """What came of a plan: `files` as `Progress` counts them, `noted` decisions on links, all `conflicts`; `accepted` counts
    the URLs that were held back and are not any more.

    `left` are the repairs in files that were not looked at, because enough were changed.
    """

    files: Progress
    noted: int = 0
    accepted: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    left: list[Repair] = field(default_factory=list)


def read_files_again(session: Session, onlooker: Onlooker) -> None:
    """Bring the state up to date: files may have changed since the last run, and with them the places of links."""
    for progress in take_in(session):
        onlooker.taken_in(progress.seen)
    onlooker.ended()


def made_plan(
    session: Session,
    rows: Iterable[Instruction | Misread],
    wanted: Wanted,
    onlooker: Onlooker,
    checks: Checks | None = None,
) -> Plan:
    """The plan for rows of decisions, and for the suggestions that are wanted. Nothing is changed.

    `checks` are for `Planner`.
    """
    planner = Planner(session, related=wanted.related, tick=onlooker.checked, checks=checks)
    plan = planner.decided(rows)
    planner.suggested(wanted.suggested, plan)
    onlooker.planned()
    return plan


def carry_out(
    session: Session, plan: Plan, wanted: Wanted, onlooker: Onlooker, worktree: Worktree | None
) -> Outcome:
    """Make the changes of a plan, or only show them (`wanted.write`); with a `worktree` one commit for each kind.

    The plan stays as it is. Raises ConfigurationError with what Git says against a commit, OSError, StateError.
    """
    repairs = _of_kinds(plan.repairs, wanted.only)
    unclean: list[Conflict] = []
    if worktree is not None:
        repairs, unclean = _clean(repairs, worktree)
    outcome = Outcome(_files(session, repairs, wanted, onlooker, worktree))
    outcome.left = [one for path in outcome.files.left for one in repairs[path]]
    if wanted.write:
        note_accepted(session, outcome.files.read_again)
    refused = _note_decisions(session, plan, write=wanted.write)
    outcome.noted = len(plan.link_decisions) - len(refused)
    refused += _accept(session, plan, outcome, write=wanted.write)
    outcome.conflicts = [*plan.conflicts, *unclean, *refused, *outcome.files.conflicts]
    if wanted.write and outcome.files.changed:
        read_files_again(session, onlooker)
    return outcome


def _of_kinds(
    repairs: Mapping[str, Sequence[Repair]], only: Sequence[RepairKind]
) -> dict[str, list[Repair]]:
    chosen = {
        path: [one for one in found if not only or one.kind in only]
        for path, found in repairs.items()
    }
    return {path: found for path, found in chosen.items() if found}


def _clean(
    repairs: Mapping[str, list[Repair]], worktree: Worktree
) -> tuple[dict[str, list[Repair]], list[Conflict]]:
    """The repairs without files that have other changes, which would go into the commit with ours; and what is refused."""
    unclean = worktree.unclean(repairs)
    refused = [
        Conflict(repair.place, path, repair.change.line, reason)
        for path, reason in sorted(unclean.items())
        for repair in repairs[path]
    ]
    return {path: found for path, found in repairs.items() if path not in unclean}, refused


def _files(
    session: Session,
    repairs: Mapping[str, list[Repair]],
    wanted: Wanted,
    onlooker: Onlooker,
    worktree: Worktree | None,
) -> Progress:
    """Show each change, and make it where asked; with Git one kind after the other."""
    done = Progress()
    kinds: list[tuple[RepairKind, ...]] = [(kind,) for kind in RepairKind] if worktree else [()]
    for only in kinds:
        made: list[Repair] = []
        of_kind = _of_kinds(repairs, only)
        for file in repair_files(
            session.repository, of_kind, done, write=wanted.write, most_files=wanted.most_files
        ):
            onlooker.repaired(file, done.changed, len(of_kind))
            made += file.made
        if worktree is not None and made:
            onlooker.committed(only[0], worktree.commit(only[0], made))
    onlooker.ended()
    return done


def _note_decisions(session: Session, plan: Plan, *, write: bool) -> list[Conflict]:
    """Store the decisions that are on links alone; returns those that cannot be."""
    refused = []
    for row in plan.link_decisions:
        problem = note_link_decision(session, row, write=write)
        if problem is not None:
            refused.append(Conflict(row.place, "", 0, problem))
    return refused


def _accept(session: Session, plan: Plan, outcome: Outcome, *, write: bool) -> list[Conflict]:
    """Accept what is held back and decided on; returns what is refused."""
    refused = []
    for row in plan.acceptances:
        found = accept_row(session, row, write=write)
        if found.refused is not None:
            refused.append(Conflict(row.place, "", 0, found.refused))
        elif found.links:
            outcome.accepted += found.links
        else:
            outcome.files.already += 1
    return refused

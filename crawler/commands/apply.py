"""`linkhealth apply DECISIONS`: carry out what an editor decided, as a diff first and then in the files."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand

from crawler.commands.guard import Ending, complain, guarded
from crawler.configuration import ConfigurationError
from crawler.configuration.errors import did_you_mean, quoted
from crawler.model.exit_code import ExitCode
from crawler.model.repair import Conflict, Repair, RepairKind
from crawler.reporting.console import counted, printable

if TYPE_CHECKING:
    from crawler.operations.repair.applying import Progress
    from crawler.operations.repair.commit import Worktree
    from crawler.operations.repair.planning import Plan
    from crawler.session import Session

MOST_FILES = 250
_MOST_CONFLICTS = 200
_SUGGESTED = tuple(kind for kind in RepairKind if kind.is_suggested)


class Command(ScrapyCommand):
    """From a report's rows to changes in files."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """The arguments, for --help."""
        return "[DECISIONS] [--content PATH] [--suggested KINDS] [--write] [options]"

    def short_desc(self) -> str:
        """One line, for the list of commands."""
        return "Carry out an editor's decisions, as a diff first"

    def long_desc(self) -> str:
        """For --help."""
        return (
            "DECISIONS is a report (CSV, XLSX) with its column `decision` filled in, or a YAML list. Without "
            "--write nothing is changed: the changes are shown as a unified diff. A change is refused where "
            "the file says something else than the decision saw."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add this command's options to Scrapy's."""
        super().add_options(parser)
        group = parser.add_argument_group("apply")
        kinds = ",".join(_SUGGESTED)
        group.add_argument(
            "--content", default=".", metavar="PATH", help="folder or file of the articles (.)"
        )
        group.add_argument("--write", action="store_true", help="change the files")
        group.add_argument(
            "--suggested",
            default="",
            metavar="KINDS",
            help=f"take all suggestions of kinds: {kinds}",
        )
        group.add_argument(
            "--only", default="", metavar="KINDS", help="carry out these kinds alone"
        )
        group.add_argument(
            "--related", action="store_true", help="change what stands under `related` too"
        )
        group.add_argument(
            "--max-files",
            default=str(MOST_FILES),
            metavar="N",
            help=f"change at most so many files ({MOST_FILES})",
        )
        group.add_argument(
            "--commit", action="store_true", help="with --write: one Git commit for each kind"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Plan, show and carry out; `exitcode` says how it went."""
        with guarded() as ending:
            _apply(args, opts, ending)
        self.exitcode = ending.code


def _apply(args: Sequence[str], opts: argparse.Namespace, ending: Ending) -> None:
    from crawler.operations.repair.commit import Worktree
    from crawler.operations.repair.link_decisions import note_accepted
    from crawler.session import Session

    decisions = _decisions(args, opts)
    suggested = _kinds("--suggested", opts.suggested, _SUGGESTED)
    only = _kinds("--only", opts.only, tuple(RepairKind))
    most = _number(opts.max_files)
    if opts.commit and not opts.write:
        raise ConfigurationError("--commit", "goes with --write: without it nothing is changed")
    with Session.open({"content": opts.content}, os.environ) as session:
        secret = session.configuration.secret_keys
        worktree = Worktree(session.content.root, secret) if opts.commit else None
        _take_in(session)
        plan = session.state.again(lambda: _plan(session, decisions, suggested, opts))
        repairs = _of_kinds(plan.repairs, only)
        if worktree is not None:
            repairs = _clean(repairs, worktree, plan)
        done = _carry_out(session, repairs, worktree, write=opts.write, most=most)
        if opts.write:
            note_accepted(session, done.read_again)
        noted = _note_decisions(session, plan, write=opts.write)
        if opts.write and done.changed:
            _take_in(session)
    conflicts = [*plan.conflicts, *done.conflicts]
    _print_conflicts(conflicts)
    for line in _summary(done, noted, len(conflicts), write=opts.write):
        print(line)
    if conflicts:
        ending.code = ExitCode.FINDINGS


def _decisions(args: Sequence[str], opts: argparse.Namespace) -> Path | None:
    if len(args) > 1:
        raise ConfigurationError("arguments", f"one file of decisions is wanted, not {len(args)}")
    if not args and not opts.suggested:
        raise ConfigurationError(
            "arguments", "a file of decisions is wanted, or --suggested with kinds; see --help"
        )
    return Path(args[0]) if args else None


def _kinds(option: str, text: str, known: Sequence[RepairKind]) -> tuple[RepairKind, ...]:
    names = [name for part in text.split(",") if (name := part.strip().lower())]
    for name in names:
        if name not in known:
            hint = did_you_mean(name, map(str, known))
            raise ConfigurationError(option, f"unknown kind {quoted(name)}; {hint}")
    return tuple(dict.fromkeys(map(RepairKind, names)))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text)):
        raise ConfigurationError("--max-files", f"{quoted(text)} is not a number of files")
    return int(text)


def _take_in(session: Session) -> None:
    """Read the files again: they may have changed since the last run, and with them the places of links."""
    from crawler.operations.intake import take_in
    from crawler.reporting.status_line import StatusLine

    line = StatusLine(sys.stderr)
    for progress in take_in(session):
        line.write_if_due(f"{progress.seen:,} files read")
    line.end()


def _plan(
    session: Session,
    decisions: Path | None,
    suggested: Sequence[RepairKind],
    opts: argparse.Namespace,
) -> Plan:
    from crawler.operations.repair.decision_file import read_decisions
    from crawler.operations.repair.planning import Planner
    from crawler.reporting.status_line import StatusLine

    line = StatusLine(sys.stderr)
    planner = Planner(
        session,
        related=opts.related,
        tick=lambda done: line.write_if_due(f"{done:,} articles checked"),
    )
    root = session.content.root
    plan = planner.decided(read_decisions(decisions, root) if decisions else ())
    planner.suggested(suggested, plan)
    line.end()
    return plan


def _of_kinds(
    repairs: Mapping[str, Sequence[Repair]], only: Sequence[RepairKind]
) -> dict[str, list[Repair]]:
    chosen = {
        path: [one for one in found if not only or one.kind in only]
        for path, found in repairs.items()
    }
    return {path: found for path, found in chosen.items() if found}


def _clean(
    repairs: Mapping[str, list[Repair]], worktree: Worktree, plan: Plan
) -> dict[str, list[Repair]]:
    """The repairs without files that have other changes, which would go into the commit with ours."""
    unclean = worktree.unclean(repairs)
    for path, reason in sorted(unclean.items()):
        for repair in repairs[path]:
            plan.refuse(repair.place, reason, path, repair.change.line)
    return {path: found for path, found in repairs.items() if path not in unclean}


def _carry_out(
    session: Session,
    repairs: Mapping[str, list[Repair]],
    worktree: Worktree | None,
    *,
    write: bool,
    most: int,
) -> Progress:
    """Show each change as a diff, and make it where asked; with Git one kind after the other."""
    from crawler.operations.repair.applying import Progress, repair_files
    from crawler.operations.repair.difference import shown_around, unified
    from crawler.reporting.status_line import StatusLine

    line = StatusLine(sys.stderr)
    done = Progress()
    secret = session.configuration.secret_keys
    kinds: list[tuple[RepairKind, ...]] = [(kind,) for kind in RepairKind] if worktree else [()]
    for only in kinds:
        made: list[Repair] = []
        wanted = _of_kinds(repairs, only)
        for file in repair_files(session.repository, wanted, done, write=write, most_files=most):
            assert file.after is not None
            shown = shown_around(file.made, secret)
            print("\n".join(unified(file.path, file.before, file.after, shown)))
            made += file.made
            if not sys.stdout.isatty():
                # On a terminal the diffs themselves show the progress.
                line.write_if_due(f"{done.changed:,} of {len(wanted):,} files")
        if worktree is not None and made:
            name = worktree.commit(only[0], made)
            print(f"commit {name}: {only[0]}")
    line.end()
    return done


def _note_decisions(session: Session, plan: Plan, *, write: bool) -> int:
    """Store the decisions that are on links alone; returns their number."""
    from crawler.operations.repair.link_decisions import note_link_decision

    noted = 0
    for row in plan.link_decisions:
        problem = note_link_decision(session, row, write=write)
        if problem is None:
            noted += 1
        else:
            plan.refuse(row.place, problem)
    return noted


def _print_conflicts(conflicts: Sequence[Conflict]) -> None:
    for one in conflicts[:_MOST_CONFLICTS]:
        where = f"{one.path}:{one.line}: " if one.line else f"{one.path}: " if one.path else ""
        complain(f"{one.place}: {where}not done: {one.reason}")
    if len(conflicts) > _MOST_CONFLICTS:
        complain(f"… and {len(conflicts) - _MOST_CONFLICTS:,} more that are not done")


def _summary(done: Progress, noted: int, conflicts: int, *, write: bool) -> list[str]:
    verb = "changed" if write else "would be changed"
    lines = [f"{counted(done.changed, 'file')} {verb}"]
    lines += [f"  {count:,} {kind}" for kind, count in sorted(done.made.items())]
    if noted:
        decisions = counted(noted, "decision")
        lines.append(f"{decisions} on links {'noted' if write else 'would be noted'}")
    if done.already:
        lines.append(f"{done.already:,} stand there already")
    if conflicts:
        lines.append(f"{conflicts:,} not done (above)")
    if done.waiting:
        files = counted(done.waiting, "file")
        lines.append(f"{files} not looked at: the same command again goes on (--max-files)")
    if not write and (done.changed or noted):
        lines.append("nothing is changed yet: --write does it")
    return [printable(line) for line in lines]

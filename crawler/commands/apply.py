"""`linkhealth apply DECISIONS`: carry out what an editor decided, as a diff first and then in the files."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from crawler.commands.command_base import CommandBase
from crawler.commands.guard import Ending, complain, guarded, paths_in
from crawler.commands.path_arguments import one_content
from crawler.commands.url_argument import path_of
from crawler.commands.usage import Usage
from crawler.configuration import ConfigurationError
from crawler.configuration.errors import did_you_mean, quoted
from crawler.model.exit_code import ExitCode
from crawler.model.repair import MOST_FILES, Conflict, RepairKind
from crawler.reporting.console import counted, printable

if TYPE_CHECKING:
    from crawler.operations.repair.carrying_out import Onlooker, Outcome
    from crawler.operations.repair.planning import Plan

_MOST_CONFLICTS = 200
_ARTICLES = (".md", ".markdown", ".html", ".htm")
_SUGGESTED = tuple(kind for kind in RepairKind if kind.is_suggested)


class Command(Usage, CommandBase):
    """From a report's rows to changes in files."""

    examples: ClassVar[tuple[tuple[str, str], ...]] = (
        (
            "linkhealth apply decided.csv content/",
            "show what the decisions would change",
        ),
        (
            "linkhealth apply decided.csv content/ --write --commit",
            "change it, with one commit for each kind",
        ),
        (
            "linkhealth apply --suggested moves content/",
            "show what all suggestions of a kind would change",
        ),
    )

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """The arguments, for --help."""
        return "DECISIONS [PATH] [--write] [options] | --suggested KINDS [PATH] [--write] [options]"

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
            "--content", metavar="PATH", help="folder or file of the articles: as PATH"
        )
        group.add_argument("--write", action="store_true", help="change the files")
        group.add_argument(
            "--suggested",
            default="",
            metavar="KINDS",
            help=f"take all suggestions of these kinds, with commas ({kinds}); a file of decisions is not needed then",
        )
        group.add_argument(
            "--only", default="", metavar="KINDS", help="carry out these kinds alone, with commas"
        )
        group.add_argument(
            "--related", action="store_true", help="change what stands under `related` too"
        )
        group.add_argument(
            "--max-files",
            default=str(MOST_FILES),
            metavar="N",
            help=f"change at most so many files ({MOST_FILES}); the same command again goes on with the rest",
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
    from crawler.operations.repair.carrying_out import (
        Wanted,
        carry_out,
        made_plan,
        read_files_again,
    )
    from crawler.operations.repair.commit import Worktree
    from crawler.operations.repair.decision_file import read_decisions
    from crawler.session import Session

    decisions, path = _decisions(args, opts)
    wanted = Wanted(
        suggested=_kinds("--suggested", opts.suggested, _SUGGESTED),
        only=_kinds("--only", opts.only, tuple(RepairKind)),
        related=opts.related,
        write=opts.write,
        most_files=_number(opts.max_files),
    )
    if opts.commit and not opts.write:
        raise ConfigurationError("--commit", "goes with --write: without it nothing is changed")
    with Session.open({}, os.environ, content=one_content(path)) as session:
        root, secret = session.content.root, session.configuration.secret_keys
        worktree = Worktree(root, secret) if opts.commit else None
        onlooker = _on_terminal(secret)
        read_files_again(session, onlooker)

        def planned() -> Plan:
            rows = read_decisions(decisions, root) if decisions else ()
            return made_plan(session, rows, wanted, onlooker)

        plan = session.state.again(planned)
        outcome = carry_out(session, plan, wanted, onlooker, worktree)
    _print_conflicts(outcome.conflicts)
    for line in _summary(outcome, write=opts.write):
        print(line)
    if outcome.conflicts:
        ending.code = ExitCode.FINDINGS


def _on_terminal(secret: frozenset[str]) -> Onlooker:
    """Diffs and commits on stdout, progress on stderr; keys of `secret` are never shown."""
    from crawler.operations.repair.applying import FileRepair
    from crawler.operations.repair.carrying_out import Onlooker
    from crawler.operations.repair.difference import shown_around, unified
    from crawler.reporting.status_line import StatusLine

    line = StatusLine(sys.stderr)

    class Terminal(Onlooker):
        def taken_in(self, files: int) -> None:
            line.write_if_due(f"{files:,} files read")

        def checked(self, articles: int) -> None:
            line.write_if_due(f"{articles:,} articles checked")

        def planned(self) -> None:
            line.end()

        def repaired(self, file: FileRepair, changed: int, of: int) -> None:
            assert file.after is not None
            shown = shown_around(file.made, secret)
            print("\n".join(unified(file.path, file.before, file.after, shown)))
            if not sys.stdout.isatty():
                # On a terminal the diffs themselves show the progress.
                line.write_if_due(f"{changed:,} of {of:,} files")

        def committed(self, kind: RepairKind, name: str) -> None:
            print(f"commit {name}: {kind}")

        def ended(self) -> None:
            line.end()

    return Terminal()


def _decisions(args: Sequence[str], opts: argparse.Namespace) -> tuple[Path | None, str]:
    """The file of decisions, if one is given, and the PATH. With --suggested a folder or an article alone is the PATH."""
    words = paths_in(args)
    if not words and not opts.suggested:
        raise ConfigurationError(
            "arguments", "a file of decisions is wanted, or --suggested with kinds; see --help"
        )
    is_path_alone = bool(opts.suggested) and len(words) == 1 and _is_content(Path(words[0]))
    decisions, rest = ([], words) if is_path_alone else (words[:1], words[1:])
    return Path(decisions[0]) if decisions else None, path_of(["--", *rest], opts.content)


def _is_content(path: Path) -> bool:
    return path.is_dir() or path.suffix.lower() in _ARTICLES


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


def _print_conflicts(conflicts: Sequence[Conflict]) -> None:
    for one in conflicts[:_MOST_CONFLICTS]:
        where = f"{one.path}:{one.line}: " if one.line else f"{one.path}: " if one.path else ""
        complain(f"{one.place}: {where}not done: {one.reason}")
    if len(conflicts) > _MOST_CONFLICTS:
        complain(f"… and {len(conflicts) - _MOST_CONFLICTS:,} more that are not done")


def _summary(outcome: Outcome, *, write: bool) -> list[str]:
    done, noted, conflicts = outcome.files, outcome.noted, len(outcome.conflicts)
    verb = "changed" if write else "would be changed"
    lines = [f"{counted(done.changed, 'file')} {verb}"]
    lines += [f"  {count:,} {kind}" for kind, count in sorted(done.made.items())]
    if noted:
        decisions = counted(noted, "decision")
        lines.append(f"{decisions} on links {'noted' if write else 'would be noted'}")
    if outcome.accepted:
        told = "accepted of what was held back: the next audit writes that"
        if not write:
            told = "would be accepted of what is held back"
        lines.append(f"{counted(outcome.accepted, 'URL')} {told}")
    if done.already:
        lines.append(f"{done.already:,} stand there already")
    if conflicts:
        lines.append(f"{conflicts:,} not done (above)")
    if done.left:
        files = counted(len(done.left), "file")
        lines.append(f"{files} not looked at: the same command again goes on (--max-files)")
    if not write and (done.changed or noted or outcome.accepted):
        lines.append("nothing is changed yet: --write does it")
    return [printable(line) for line in lines]

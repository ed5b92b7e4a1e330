"""The desk of a review: decisions taken in, shown as a diff, carried out. What it answers is made for JSON.

Nothing of it is kept in memory: all decisions are in the state, so that a server may be killed at any moment, and several
may serve one collection (rules L3 and L4).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any, Final

from crawler.model.decision import DecisionCode
from crawler.model.repair import Conflict, Instruction, RepairKind, Verb
from crawler.model.review_decision import Kept, Outdated, Proposal, ReviewDecision, Standing
from crawler.operations.checking import checks_of
from crawler.operations.known_links import find
from crawler.operations.repair.applying import FileRepair
from crawler.operations.repair.carrying_out import (
    Onlooker,
    Outcome,
    Wanted,
    carry_out,
    made_plan,
    read_files_again,
)
from crawler.operations.repair.commit import Worktree
from crawler.operations.repair.decision_bounds import MOST_ROWS
from crawler.operations.repair.decision_file import Misread, instruction_of
from crawler.operations.repair.difference import shown_around, unified
from crawler.operations.repair.planning import Checks, Plan
from crawler.reporting.finding import FindingKind
from crawler.reporting.words.written_dates import iso_time
from crawler.review.bodies import BadBodyError, Deciding, Showing, Wish, Writing
from crawler.rules.credentials import without_credentials
from crawler.session import Session

LONGEST_WAIT: Final = 20.0
"""Seconds until a page that waits for changes is told that there are none."""
MOST_WAITING: Final = 16
"""Pages that wait for changes at once; others are answered without waiting."""
MOST_SHOWN: Final = 2_000_000
"""Characters of a diff that are sent; of what is beyond the files are counted alone."""
LONGEST_KEPT: Final = 300.0
"""Seconds that what diffs are planned by is kept."""
_LOOK: Final = 1.0
"""Seconds between two looks at the state for what other servers kept."""
_PATIENCE: Final = 30.0
"""Seconds that a request for a diff waits for others to be made."""
_UNDO: Final = "decision"

Answer = dict[str, Any]


class BusyError(Exception):
    """Something else has to end first; the text says what."""


@dataclass(slots=True)
class _KeptChecks:
    """The checks of the articles, kept between diffs: the first look at them reads all articles.

    They are made anew after a run and after `LONGEST_KEPT`. A diff by older ones shows at worst what Write then refuses
    to write unseen.
    """

    _checks: Checks | None = None
    _made_at: float = 0.0
    _run: object = None

    def now(self, session: Session) -> Checks:
        """The checks; not for two threads at once."""
        run = session.state.last_run()
        is_old = monotonic() - self._made_at > LONGEST_KEPT or run != self._run
        checks = self._checks
        if checks is None or is_old:
            checks = checks_of(session)
            self._checks, self._made_at, self._run = checks, monotonic(), run
        return checks

    def drop(self) -> None:
        """Files have changed."""
        self._checks = None


@dataclass(slots=True)
class Review:
    """One collection under review. `session` is open without the run lock; `opened` opens it once more, with the lock.

    `wanted` says what is carried out; whether it writes is decided by each request.
    """

    session: Session
    opened: Callable[[], AbstractContextManager[Session]]
    wanted: Wanted
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _ended: bool = False
    _waiting: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(MOST_WAITING))
    _planning: threading.Lock = field(default_factory=threading.Lock)
    _checks: _KeptChecks = field(default_factory=_KeptChecks)
    _writing: threading.Lock = field(default_factory=threading.Lock)

    # ------------------------------------------------------------------------------ decisions

    def decisions(self) -> Answer:
        """All decisions that wait to be carried out. Raises StateError."""
        version = self.session.state.review_version()
        return self._told(version, self.session.state.open_review_decisions())

    def changes(self, after: int) -> Answer:
        """The decisions that changed after a number, and the open ones whose links stand otherwise than was seen.

        Waits for a change, for `LONGEST_WAIT` at most. Raises StateError.
        """
        state = self.session.state
        if self._waiting.acquire(blocking=False):
            try:
                self._wait(after)
            finally:
                self._waiting.release()
        version = state.review_version()
        return self._told(version, state.review_decisions(after))

    def decide(self, request: Deciding) -> Answer:
        """Keep decisions, each by itself, or take them back. Raises StateError, BadBodyError for too many."""
        state, now = self.session.state, self.session.configuration.clock.now()
        if state.open_review_count() + len(request.wishes) > MOST_ROWS:
            raise BadBodyError(
                f"more than {MOST_ROWS:,} decisions are open; write them, or take some back"
            )
        known = state.standings(wish.cells.get("url", "") for wish in request.wishes)
        proposals = {
            number: self._proposal(wish, known)
            for number, wish in enumerate(request.wishes)
            if _problem(wish) is None
        }
        kept = state.keep_review_decisions(
            list(proposals.values()), request.after, request.page, now
        )
        by_number = dict(zip(proposals, kept, strict=True))
        results: list[Answer] = []
        for number, wish in enumerate(request.wishes):
            match by_number.get(number):
                case Kept(key, version):
                    results.append({"state": "kept", "key": key, "version": version})
                case Outdated(key, standing, others):
                    told = [_json(one) for one in others]
                    results.append(
                        {"state": "changed", "key": key, "now": _seen(standing), "others": told}
                    )
                case None:
                    results.append({"state": "refused", "reason": _problem(wish)})
        self._tell()
        return {"version": state.review_version(), "results": results}

    def _proposal(self, wish: Wish, known: Container[str]) -> Proposal:
        """`known` are URLs of links; any other is looked for as `apply` does."""
        url = wish.cells.get("url", "")
        if url in known:
            link: str | None = url
        elif wish.cells.get("kind") == FindingKind.HELD:
            # The host of a group, which is no link.
            link = None
        else:
            found = find(self.session, url) if url else None
            link = found.url if found else None
        seen = wish.seen if link is not None else None
        return Proposal(wish.cells, link, seen, withdraws=_UNDO not in wish.cells)

    def _told(self, version: int, decisions: Sequence[ReviewDecision]) -> Answer:
        run = self.session.state.last_run()
        return {
            "version": version,
            "run": {"id": run.id, "finished": run.finished_at is not None} if run else None,
            "decisions": [_json(one) for one in decisions],
            "outdated": [
                {"key": one.key, "now": _seen(now)}
                for one, now in _outdated(self.session, _open(self.session, None))
            ],
        }

    def _wait(self, after: int) -> None:
        until = monotonic() + LONGEST_WAIT
        with self._changed:
            while not self._ended and monotonic() < until:
                if self.session.state.review_version() > after:
                    return
                self._changed.wait(_LOOK)

    def _tell(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def end(self) -> int:
        """Let those who wait go, and wait for the files that are being written; returns how many decisions are open."""
        self._ended = True
        self._tell()
        with self._writing:
            return self.session.state.open_review_count()

    @property
    def is_writing(self) -> bool:
        """Whether files are being written."""
        return self._writing.locked()

    # ----------------------------------------------------------------------------------- diff

    def diff(self, request: Showing) -> Answer:
        """What the decisions would change: those of the request, which are not kept yet, or kept ones.

        It takes no lock, and goes by the places of links as they were read last. Raises BusyError, StateError, OSError.
        """
        if request.rows is not None:
            rows = [_row(str(number), wish) for number, wish in enumerate(request.rows)]
            ready = _Ready(rows, {str(number): number for number in range(len(rows))})
        else:
            ready = _ready(self.session, request.keys)
        if not self._planning.acquire(timeout=_PATIENCE):
            raise BusyError("another diff is being made; try again")
        try:
            shown = _Shown(self.session.configuration.secret_keys)
            plan = self._planned(self.session, ready, self._checks.now(self.session))
            outcome = self._carried_out(self.session, plan, shown, write=False)
        finally:
            self._planning.release()
        return shown.told(outcome, ready)

    # ---------------------------------------------------------------------------------- write

    def write(self, request: Writing) -> Answer:
        """Carry out open decisions as `apply --write` does, but for those whose links changed since they were made.

        With the digest of a diff nothing is written unless it is still the same; `state` is then `differs`. Raises
        BusyError, StateLocked while a run is at work, ConfigurationError with what Git says, StateError, OSError.
        """
        with self._alone(), self.opened() as session:
            secret = session.configuration.secret_keys
            worktree = Worktree(session.content.root, secret) if request.commit else None
            read_files_again(session, Onlooker())
            ready = _ready(session, request.keys)
            plan = self._planned(session, ready, None)
            if request.digest is not None:
                shown = _Shown(secret)
                told = shown.told(self._carried_out(session, plan, shown, write=False), ready)
                if told["digest"] != request.digest:
                    return {"state": "differs"} | told
            shown = _Shown(secret)
            outcome = self._carried_out(session, plan, shown, worktree=worktree, write=True)
            undone = {one.place for one in outcome.conflicts}
            undone |= {one.place for one in outcome.left}
            now = session.configuration.clock.now()
            done = [one for one in ready.decided if one.key not in undone]
            settled = session.state.settle_review_decisions(done, request.page, now)
        self._checks.drop()
        self._tell()
        return {
            "state": "written",
            "version": self.session.state.review_version(),
            "settled": settled,
            "commits": shown.commits,
        } | shown.told(outcome, ready)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._writing.acquire(blocking=False):
            raise BusyError("files are being written already; the others' decisions are kept")
        try:
            yield
        finally:
            self._writing.release()

    def _planned(self, session: Session, ready: _Ready, checks: Checks | None) -> Plan:
        return session.state.again(
            lambda: made_plan(session, ready.rows, self.wanted, Onlooker(), checks)
        )

    def _carried_out(
        self,
        session: Session,
        plan: Plan,
        shown: _Shown,
        *,
        worktree: Worktree | None = None,
        write: bool,
    ) -> Outcome:
        wanted = replace(self.wanted, write=write)
        shown.noted = [row.place for row in (*plan.link_decisions, *plan.acceptances)]
        return carry_out(session, plan, wanted, shown, worktree)


@dataclass(frozen=True, slots=True)
class _Ready:
    """What can be carried out. `places` are what a message's place stands for: the key of a decision, the number of a row.

    `decided` are the decisions behind the rows, and those that have nothing left to do (`moot`).
    """

    rows: Sequence[Instruction | Misread]
    places: Mapping[str, object]
    decided: Sequence[ReviewDecision] = ()
    moot: int = 0
    outdated: Sequence[tuple[ReviewDecision, Standing | None]] = ()


def _ready(session: Session, keys: frozenset[str] | None) -> _Ready:
    """The open decisions of these keys (None: all)."""
    decided = _open(session, keys)
    outdated = _outdated(session, decided)
    left = {one.key for one, _ in outdated}
    fresh = [one for one in decided if one.key not in left]
    moot = {one.key for one in fresh if _is_moot(session, one)}
    rows = [instruction_of(one.key, one.cells) for one in fresh if one.key not in moot]
    return _Ready(rows, {one.key: one.key for one in fresh}, fresh, len(moot), outdated)


def _open(session: Session, keys: frozenset[str] | None) -> list[ReviewDecision]:
    decided = session.state.open_review_decisions()
    return [one for one in decided if keys is None or one.key in keys]


def _outdated(
    session: Session, decided: Sequence[ReviewDecision]
) -> list[tuple[ReviewDecision, Standing | None]]:
    """The decisions whose links stand otherwise than was seen, with how they stand now."""
    now = session.state.standings(one.link for one in decided if one.link is not None)
    return [
        (one, now.get(one.link))
        for one in decided
        if one.link is not None
        and one.seen is not None
        and now.get(one.link) != one.seen
        and not _is_noted(session, one, now.get(one.link))
    ]


def _is_noted(session: Session, one: ReviewDecision, now: Standing | None) -> bool:
    """Whether a link stands so because this very decision was noted, by a Write that was killed before it could say so."""
    if now is None or one.link is None or now.reason not in set(DecisionCode):
        return False
    noted = session.state.decision_on(one.link)
    read = instruction_of("", one.cells)
    return (
        noted is not None
        and isinstance(read, Instruction)
        and read.verb in (Verb.NOT_BROKEN, Verb.IGNORE)
        and noted.note == without_credentials(read.note)
        and (noted.until.date() if noted.until else None) == read.until
    )


def _is_moot(session: Session, one: ReviewDecision) -> bool:
    """Whether a decision about a link wherever it stands has nothing to do, since it stands nowhere any more: it was
    replaced by hand, or by a Write that was killed before it could say so."""
    read = instruction_of("", one.cells)
    if one.link is None or not isinstance(read, Instruction) or not read.verb.changes_files:
        return False
    link = session.state.link_by_url(one.link) if not (read.path and read.at) else None
    return link is not None and not any(session.state.places_of(link.id, related=True))


class _Shown(Onlooker):
    """What a diff shows, gathered file by file."""

    def __init__(self, secret: frozenset[str]) -> None:
        self.commits: list[Answer] = []
        self.noted: list[str] = []
        self._secret = secret
        self._files: list[Answer] = []
        self._left = MOST_SHOWN
        self._sums = hashlib.sha256()

    def repaired(self, file: FileRepair, changed: int, of: int) -> None:
        """See `Onlooker`."""
        del changed, of
        assert file.after is not None
        for part in (file.path.encode("utf-8", "surrogateescape"), file.before, file.after):
            self._sums.update(hashlib.sha256(part).digest())
        lines = []
        if self._left > 0:
            shown = shown_around(file.made, self._secret)
            lines = list(unified(file.path, file.before, file.after, shown))
            self._left -= sum(map(len, lines))
        self._files.append({"path": file.path, "diff": lines})

    def committed(self, kind: RepairKind, name: str) -> None:
        """See `Onlooker`."""
        self.commits.append({"kind": kind.value, "name": name})

    def told(self, outcome: Outcome, ready: _Ready) -> Answer:
        """What came of it. `digest` stands for every byte of the files before and after, and the decisions noted."""
        sums = self._sums.copy()
        sums.update("\n".join(self.noted).encode())
        return {
            "digest": sums.hexdigest(),
            "files": self._files,
            "noted": outcome.noted,
            "accepted": outcome.accepted,
            "already": outcome.files.already + ready.moot,
            "left": len(outcome.files.left),
            "refused": [_conflict(one, ready.places) for one in outcome.conflicts],
            "outdated": [_json(one) | {"now": _seen(now)} for one, now in ready.outdated],
        }


def _conflict(one: Conflict, places: Mapping[str, object]) -> Answer:
    return {
        "of": places.get(one.place),
        "path": one.path,
        "line": one.line,
        "reason": one.reason,
    }


def _problem(wish: Wish) -> str | None:
    """Why a decision cannot be kept, None where it can: the same as a row of a file of decisions is refused for."""
    if wish.problem is not None or _UNDO not in wish.cells:
        return wish.problem
    read = instruction_of("", wish.cells)
    return read.message if isinstance(read, Misread) else None


def _row(place: str, wish: Wish) -> Instruction | Misread:
    problem = wish.problem
    if problem is None and _UNDO not in wish.cells:
        problem = "nothing is decided"
    return instruction_of(place, wish.cells) if problem is None else Misread(place, problem)


def _json(one: ReviewDecision) -> Answer:
    return {
        "key": one.key,
        "version": one.version,
        "stage": one.stage.value,
        "page": one.author,
        "changed_at": iso_time(one.changed_at),
        "link": one.link,
        "row": dict(one.cells),
        "seen": _seen(one.seen),
    }


def _seen(standing: Standing | None) -> Answer | None:
    if standing is None:
        return None
    return {
        "verdict": standing.verdict,
        "reason": standing.reason,
        "suggestion": standing.suggestion,
    }

"""Write-back of the findings into the files: planned in the state, written, then dropped from the plan.

Everything is derived from committed state, so it can run again at any time, with or without a
crawl; the next run finishes one that was killed between plan and write.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crawler.content import (
    SpliceRefused,
    WriteRefused,
    lists_dead,
    lists_gone,
    read_bytes,
    render,
    replace,
    same_result,
    splice,
)
from crawler.model.article import Problem
from crawler.model.check import ArticleChecks, DeadLink, ImageSize, KnownArticle
from crawler.model.verdict import VerdictKind
from crawler.operations.shared_images import shared_images
from crawler.rules.article.article_checks import article_checks
from crawler.rules.article.dead_links import dead_links
from crawler.rules.image.image_size import image_sizes
from crawler.rules.image.image_uses import NO_SHARED_IMAGES
from crawler.rules.outage.release import mass_change
from crawler.rules.policy import WriteBack
from crawler.session import Session
from crawler.sidecar import updating as sidecar
from crawler.sidecar.url_note import UrlNote
from crawler.state import PendingWrite


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of the planned writes: paths written, and the problems of those refused.

    `held` counts articles that were not written because too many of `articles` would be newly broken, or dead, at once
    (rule O14).
    """

    written: tuple[str, ...] = ()
    refused: tuple[Problem, ...] = ()
    held: int = 0
    articles: int = 0

    @property
    def warning(self) -> str | None:
        """The warning about articles that were not written; None where there is none."""
        if not self.held:
            return None
        return (
            f"{self.held:,} of {self.articles:,} articles would be newly marked broken or dead in one run: "
            "too many at once to be written unseen, so their files are left as they are. "
            "Look at the report; --accept-mass-change writes them."
        )


def write_back(session: Session, tick: Callable[[int, int], None] | None = None) -> Outcome:
    """Bring every file's block, or the sidecar, up to date. `tick(done, of)` is called after each article.

    Blocks or a sidecar that another mode wrote are removed, after the findings have been written in the new place.
    """
    mode = session.configuration.policy.write_back
    if mode is WriteBack.NO:
        return Outcome()
    again = session.state.again
    plan = again(lambda: make_plan(session))
    beside = sidecar.SidecarOutcome()
    if mode is WriteBack.SIDECAR:
        beside = again(lambda: sidecar.update(session, hold_ends=plan.held > 0))
    commit_plan(session, plan.writes)
    outcome = carry_out(session, tick)
    if mode is not WriteBack.SIDECAR:
        beside = sidecar.withdraw(session)
    return dataclasses.replace(
        outcome,
        written=(*outcome.written, *beside.changed),
        refused=(*outcome.refused, *beside.refused),
        held=plan.held,
        articles=plan.articles,
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """The writes to make; `held` counts those that are left out as a mass change (rule O14)."""

    writes: tuple[PendingWrite, ...]
    articles: int
    held: int = 0


def make_plan(session: Session) -> Plan:
    """The blocks that differ from what the files hold.

    Where more articles than the policy allows would be newly broken, or newly dead, in one run, these are left out until
    the operator accepts it (`accept_mass_change`). A link that was never seen alive is not newly broken: the first run
    of an old collection finds many.
    """
    configuration = session.configuration
    articles = flipped = 0
    writes: list[PendingWrite] = []
    ends: list[PendingWrite] = []
    for planned in _plans(session):
        articles += 1
        flipped += planned.has_flipped
        if planned.write is not None:
            (ends if planned.has_flipped else writes).append(planned.write)
    too_many = mass_change(flipped, articles, configuration.policy.outages)
    if too_many and not configuration.accept_mass_change:
        return Plan(tuple(writes), articles, flipped)
    return Plan((*writes, *ends), articles)


def commit_plan(session: Session, planned: Sequence[PendingWrite]) -> None:
    """Note the writes, in place of every earlier plan."""
    wanted = {write.path for write in planned}
    for write in session.state.pending_writes():
        # A run was killed after it wrote the file and before it noted that.
        if write.path not in wanted and session.content.path in (None, write.path):
            session.state.drop_write(write.path)
    session.state.plan_writes(planned)


def carry_out(session: Session, tick: Callable[[int, int], None] | None = None) -> Outcome:
    """Write what is planned, one file after the other."""
    pending = session.state.pending_writes()
    written: list[str] = []
    refused: list[Problem] = []
    for done, write in enumerate(pending, start=1):
        problem = _write(session, write)
        if problem is None:
            written.append(write.path)
        else:
            refused.append(problem)
        if tick is not None:
            tick(done, len(pending))
    session.state.save_write_problems(refused)
    return Outcome(tuple(written), tuple(refused))


def block_of(
    article: KnownArticle, checks: ArticleChecks, session: Session, today: date
) -> str | None:
    """The block that an article should hold, None for no block. Where the result is the same it is the
    old block, unchanged."""
    policy = session.configuration.policy
    if policy.write_back is WriteBack.SIDECAR:
        return None
    if policy.write_back is WriteBack.PROBLEMS and checks.healthy:
        return None
    # Dead links come first, because the number of lines is limited.
    related: list[DeadLink | ImageSize] = [
        *dead_links(article.related),
        *image_sizes(article.related, policy.images),
    ]
    block = render(checks, today, related)
    if article.block is not None and same_result(article.block, block):
        return article.block
    return block


@dataclass(frozen=True, slots=True)
class _Planned:
    """The write that an article's file needs, and whether the article is newly broken, or newly dead."""

    write: PendingWrite | None = None
    has_flipped: bool = False


def _plans(session: Session) -> Iterator[_Planned]:
    """The planned write of every article."""
    now, path = session.configuration.clock.now(), session.content.path
    policy = session.configuration.policy
    mode = policy.write_back
    stamps, once_well = session.state.stamps(path), session.state.once_well()
    images, notes = NO_SHARED_IMAGES, dict[str, UrlNote]()
    if mode is WriteBack.SIDECAR:
        notes = sidecar.written_notes(session)
    else:
        images = shared_images(session.state.known_articles(), policy.images)
    for article in session.state.known_articles(path, related=mode is WriteBack.ALL):
        stamp = stamps.get(article.path)
        if stamp is None or not _is_judged(article):
            yield _Planned()
            continue
        checks = article_checks(article, policy, now, shared_images=images)
        block = block_of(article, checks, session, now.date())
        changed = block != article.block
        write = PendingWrite(article.path, stamp.sha256, block, now) if changed else None
        dead = lists_dead(block)
        if mode is WriteBack.SIDECAR:
            dead = any(link.verdict is VerdictKind.DEAD for link in checks.dead_links)
        newly_dead = dead and not _was_dead(article, notes)
        yield _Planned(write, newly_dead or _is_newly_broken(article, notes, once_well))


def _is_newly_broken(
    article: KnownArticle, notes: Mapping[str, UrlNote], once_well: Container[int]
) -> bool:
    """Whether a link of the article is broken or dead that was alive once, and neither the article's block nor the sidecar
    says so of any."""
    linked = (*article.own, *article.related)
    is_broken = any(one.link.verdict.kind.is_gone and one.link.id in once_well for one in linked)
    if not is_broken or lists_gone(article.block):
        return False
    found = (notes.get(one.reference.raw) for one in article.own)
    return not any(note is not None and note.verdict.is_gone for note in found)


def _was_dead(article: KnownArticle, notes: Mapping[str, UrlNote]) -> bool:
    """Whether the article's block, or the sidecar, says already that one of its links is dead."""
    found = (notes.get(linked.reference.raw) for linked in article.own)
    return lists_dead(article.block) or any(note is not None and note.lists_dead for note in found)


def _is_judged(article: KnownArticle) -> bool:
    """Whether a link of the article has been visited or judged: without that its file stays as it is."""
    return any(linked.link.checked_at is not None for linked in article.own) or any(
        linked.link.verdict.kind.is_written_back for linked in article.own
    )


def _write(session: Session, write: PendingWrite) -> Problem | None:
    try:
        data = read_bytes(session.content.root, write.path)
        result = splice(data, write.block)
        stamp = replace(session.content.root, write.path, write.sha256, result.data)
    except SpliceRefused as refused:
        session.state.drop_write(write.path)
        return refused.problem(write.path)
    except WriteRefused as refused:
        problem = refused.problem()
        if refused.may_pass:
            message = f"{problem.message}; the next run tries again"
            return dataclasses.replace(problem, message=message)
        session.state.drop_write(write.path)
        return problem
    session.state.complete_write(write.path, stamp, write.block, result.line, result.shift)
    return None

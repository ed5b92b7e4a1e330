"""Write-back of the findings into the files: planned in the state, written, then dropped from the plan.

Everything is derived from committed state, so it can run again at any time, with or without a
crawl; the next run finishes one that was killed between plan and write.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date

from crawler.content import render, same_result
from crawler.model.article import Problem, ProblemCode
from crawler.model.check import ArticleChecks, DeadLink, ImageSize, KnownArticle
from crawler.model.held import HeldLink
from crawler.model.verdict import VerdictKind
from crawler.operations.block_writing import write_blocks
from crawler.operations.mass_change import Standing, newly_gone
from crawler.operations.settled_files import are_settled, note_settled
from crawler.operations.shared_images import shared_images
from crawler.rules.article.article_checks import written_checks
from crawler.rules.article.dead_links import dead_links
from crawler.rules.image.image_size import image_sizes
from crawler.rules.image.image_uses import NO_SHARED_IMAGES
from crawler.rules.outage.release import mass_change
from crawler.rules.policy import WriteBack
from crawler.session import Session
from crawler.sidecar import updating as sidecar
from crawler.state import PendingWrite


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of the planned writes: paths written, and the problems of those refused.

    `held` counts articles that were not written because too many of `articles` would be newly broken, or dead, at once
    (rule O14), `unwritable` those without front matter (rule K6).
    """

    written: tuple[str, ...] = ()
    refused: tuple[Problem, ...] = ()
    held: int = 0
    articles: int = 0
    unwritable: int = 0

    @property
    def note(self) -> str | None:
        """What is said of files that have nothing to write into; None where there is none."""
        if not self.unwritable:
            return None
        is_one = self.unwritable == 1
        files = "one article has" if is_one else f"{self.unwritable:,} articles have"
        about, beside = ("it", "it") if is_one else ("them", "the articles")
        return (
            f"{files} no front matter: findings about {about} are in the reports alone; `write_back: sidecar` writes data "
            f"files beside {beside}"
        )

    @property
    def warning(self) -> str | None:
        """The warning about articles that were not written; None where there is none."""
        if not self.held:
            return None
        return (
            f"{self.held:,} of {self.articles:,} articles would be newly marked broken or dead in one run: "
            "too many at once to be written unseen, so their files are left as they are. "
            "`linkhealth accept --list` shows them by host and cause, and `linkhealth accept` has the next run write "
            "what you accept; --accept-mass-change writes all of them."
        )


def write_back(session: Session, tick: Callable[[int, int], None] | None = None) -> Outcome:
    """Bring every file's block, or the sidecar, up to date. `tick(done, of)` is called after each article.

    Blocks or a sidecar that another mode wrote are removed, after the findings have been written in the new place.
    """
    mode = session.configuration.policy.write_back
    if mode is WriteBack.NO:
        session.state.hold((), session.content.asked)
        return Outcome()
    again = session.state.again
    if again(lambda: are_settled(session)):
        beside = sidecar.withdraw(session)
        return Outcome(beside.changed, beside.refused)
    plan = again(lambda: make_plan(session))
    beside = sidecar.SidecarOutcome()
    session.state.hold(plan.held_links, session.content.asked)
    if mode is WriteBack.SIDECAR:
        accepted = again(session.state.accepted_urls) if plan.held else frozenset()
        beside = again(lambda: sidecar.update(session, hold_ends=plan.held > 0, accepted=accepted))
    commit_plan(session, plan.writes)
    outcome = carry_out(session, tick)
    if mode is not WriteBack.SIDECAR:
        beside = sidecar.withdraw(session)
    if not (plan.held or outcome.refused or outcome.unwritable):
        note_settled(session)
    return dataclasses.replace(
        outcome,
        written=(*outcome.written, *beside.changed),
        refused=(*outcome.refused, *beside.refused),
        held=plan.held,
        articles=plan.articles,
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """The writes to make; `held` counts those that are left out as a mass change (rule O14), for `held_links`."""

    writes: tuple[PendingWrite, ...]
    articles: int
    held: int = 0
    held_links: tuple[HeldLink, ...] = ()


def make_plan(session: Session) -> Plan:
    """The blocks that differ from what the files hold.

    Where more articles than the policy allows would have a link that is newly broken, or newly dead, in one run, these are
    left out until an editor accepts the links (`linkhealth accept`), or the operator all of them (`accept_mass_change`).
    """
    configuration = session.configuration
    articles = flipped = 0
    writes: list[PendingWrite] = []
    ends: list[PendingWrite] = []
    newly: list[HeldLink] = []
    for planned in _plans(session):
        articles += 1
        flipped += bool(planned.newly_gone)
        newly += planned.newly_gone
        if planned.write is not None:
            (ends if planned.newly_gone else writes).append(planned.write)
    too_many = mass_change(flipped, articles, configuration.policy.outages)
    if too_many and not configuration.accept_mass_change:
        return Plan(tuple(writes), articles, flipped, tuple(newly))
    return Plan((*writes, *ends), articles)


def commit_plan(session: Session, planned: Sequence[PendingWrite]) -> None:
    """Note the writes, in place of every earlier plan."""
    wanted = {write.path for write in planned}
    for write in session.state.pending_writes():
        # A run was killed after it wrote the file and before it noted that.
        if write.path not in wanted and session.content.asks_for(write.path):
            session.state.drop_write(write.path)
    session.state.plan_writes(planned)


def carry_out(session: Session, tick: Callable[[int, int], None] | None = None) -> Outcome:
    """Write what is planned of the articles that are asked for."""
    asks_for = session.content.asks_for
    pending = [one for one in session.state.pending_writes() if asks_for(one.path)]
    written: list[str] = []
    refused: list[Problem] = []
    unwritable = 0
    with closing(write_blocks(session, pending)) as writing:
        for done, one in enumerate(writing, start=1):
            if one.refused is None:
                written.append(one.path)
            elif one.refused.code is ProblemCode.NO_FRONT_MATTER:
                unwritable += 1
            else:
                refused.append(one.refused)
            if tick is not None:
                tick(done, len(pending))
    session.state.save_write_problems(refused)
    return Outcome(tuple(written), tuple(refused), unwritable=unwritable)


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
    """The write that an article's file needs, and its links that would be newly broken, or newly dead."""

    write: PendingWrite | None = None
    newly_gone: tuple[HeldLink, ...] = ()


def _plans(session: Session) -> Iterator[_Planned]:
    """The planned write of every article."""
    now, asked = session.configuration.clock.now(), session.content.asked
    policy = session.configuration.policy
    mode = policy.write_back
    stamps = session.state.stamps(asked)
    images, notes = NO_SHARED_IMAGES, dict[str, VerdictKind]()
    if mode is WriteBack.SIDECAR:
        notes = {url: note.verdict for url, note in sidecar.written_notes(session).items()}
    else:
        images = shared_images(session.state.known_articles(), policy.images)
    standing = Standing(session.state.once_well(), session.state.accepted_links(), notes)
    for article in session.state.known_articles(asked, related=mode is WriteBack.ALL):
        stamp = stamps.get(article.path)
        if stamp is None or not _is_judged(article):
            yield _Planned()
            continue
        checks = written_checks(article, policy, now, images)
        block = block_of(article, checks, session, now.date())
        changed = block != article.block
        write = PendingWrite(article.path, stamp.sha256, block, now) if changed else None
        yield _Planned(write, tuple(newly_gone(article, block, standing)))


def _is_judged(article: KnownArticle) -> bool:
    """Whether a link of the article has been visited or judged: without that its file stays as it is."""
    return any(linked.link.checked_at is not None for linked in article.own) or any(
        linked.link.verdict.kind.is_written_back for linked in article.own
    )

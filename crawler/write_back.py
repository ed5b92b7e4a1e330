"""Writing the findings into the files: planned in the state, carried out, and only then forgotten.

Everything is derived from committed state, so it can run again at any time, with or without a
crawl; a run that was killed between plan and write is finished by the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from crawler.content import (
    SpliceRefused,
    WriteRefused,
    read_bytes,
    render,
    replace,
    same_result,
    splice,
)
from crawler.model.article import Problem
from crawler.model.check import ArticleChecks, KnownArticle
from crawler.rules.article_checks import article_checks
from crawler.rules.dead_links import dead_links
from crawler.rules.policy import WriteBack
from crawler.session import Session
from crawler.state import PendingWrite


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the planned writes: paths written, and the problems of those refused."""

    written: tuple[str, ...]
    refused: tuple[Problem, ...]


def write_back(session: Session, tick: Callable[[int, int], None] | None = None) -> Outcome:
    """Bring every file's block up to date. `tick(done, of)` is called after each file."""
    if session.configuration.policy.write_back is WriteBack.NO:
        return Outcome((), ())
    plan(session)
    return carry_out(session, tick)


def plan(session: Session) -> None:
    """Commit the blocks that differ from what the files hold, in place of every earlier plan."""
    planned = list(_plans(session))
    wanted = {write.path for write in planned}
    for write in session.state.pending_writes():
        # A run was killed after the file had its new content and before that was noted.
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
    """The block that an article should hold; its old one, to the letter, where the result is the
    same. None for no block."""
    policy = session.configuration.policy
    if policy.write_back is WriteBack.PROBLEMS and checks.healthy:
        return None
    related = (
        dead_links(session.state.related_findings(article.path))
        if policy.write_back is WriteBack.ALL
        else ()
    )
    block = render(checks, today, related)
    if article.block is not None and same_result(article.block, block):
        return article.block
    return block


def _plans(session: Session) -> Iterator[PendingWrite]:
    now = session.configuration.clock.now()
    stamps = session.state.stamps(session.content.path)
    for article in session.state.known_articles(session.content.path):
        stamp = stamps.get(article.path)
        if stamp is None or not _is_judged(article):
            continue
        checks = article_checks(article, session.configuration.policy, now.date())
        block = block_of(article, checks, session, now.date())
        if block != article.block:
            yield PendingWrite(article.path, stamp.sha256, block, now)


def _is_judged(article: KnownArticle) -> bool:
    """Whether anything of the article has been looked at: an unvisited one keeps its file."""
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
        session.state.drop_write(write.path)
        return refused.problem()
    session.state.complete_write(write.path, stamp, write.block, result.line, result.shift)
    return None

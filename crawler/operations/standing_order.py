"""In which order reports list URLs, and whose they are: the priorities and owners of a collection (rules Q5, Q6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.content.code_owners import read_code_owners
from crawler.model.article_labels import LabelledArticle
from crawler.model.priority import Priority
from crawler.model.reference import Scope
from crawler.model.report import ArticleEntry, UrlEntry
from crawler.model.role import Role
from crawler.model.verdict import Verdict
from crawler.rules.owners import GlobOwners, Owners
from crawler.rules.policy import PriorityPolicy
from crawler.rules.priorities import Uses, article_priority, priority_of
from crawler.session import Session


@dataclass(frozen=True, slots=True)
class Standing:
    """The articles of a collection by path, with what weighs their URLs; `now` is the time of the report."""

    articles: dict[str, LabelledArticle]
    owners: Owners
    policy: PriorityPolicy
    now: datetime

    @classmethod
    def of(cls, session: Session) -> Standing:
        """Read from the state."""
        configuration = session.configuration
        articles = session.state.labelled_articles(session.content.asked)
        return cls(
            {one.path: one for one in articles},
            owners_of(session),
            configuration.policy.priority,
            configuration.clock.now(),
        )

    def order(self, session: Session) -> list[int]:
        """The ids of the links that have a priority, the highest first, then by URL."""
        found = sorted((-score, url, link_id) for score, url, link_id in self.scores(session))
        return [link_id for _, _, link_id in found]

    def scores(self, session: Session) -> Iterator[tuple[int, str, int]]:
        """Score, URL and id of each link that has a priority, in no order."""
        for link in session.state.troubled_links(session.content.asked):
            score = self._priority(link.verdict, link.own, link.related).score
            if score:
                yield score, link.url, link.id

    def highest_of_articles(self) -> int:
        """The highest score that a finding on an article has, at most."""
        scores = (article_priority(one, self.policy).score for one in self.articles.values())
        return max(scores, default=0)

    def weighed(self, entry: UrlEntry) -> UrlEntry:
        """A URL with its priority and owners."""
        own = [(one.role, one.path) for one in entry.references if one.scope is Scope.OWN]
        return replace(
            entry,
            priority=self._priority(entry.link.verdict, own, entry.related_references),
            owners=self._owners(path for _, path in own),
        )

    def weighed_article(self, entry: ArticleEntry) -> ArticleEntry:
        """An article with its priority and owners."""
        article = self.articles.get(entry.path, LabelledArticle(entry.path, listed=True))
        return replace(
            entry,
            priority=article_priority(article, self.policy),
            owners=self.owners.of(entry.path),
        )

    def _priority(
        self, verdict: Verdict, own: Iterable[tuple[Role, str]], related: int
    ) -> Priority:
        uses = [
            (role, self.articles.get(path, LabelledArticle(path, listed=True)))
            for role, path in own
        ]
        return priority_of(verdict, Uses(uses, related), self.policy, self.now)

    def _owners(self, paths: Iterable[str]) -> tuple[str, ...]:
        names = (name for path in dict.fromkeys(paths) for name in self.owners.of(path))
        return tuple(dict.fromkeys(names))


def owners_of(session: Session) -> Owners:
    """The owners that the configuration names; where it names none those of the CODEOWNERS file."""
    if session.configuration.owners:
        return GlobOwners(session.configuration.owners)
    return read_code_owners(session.content.root) or GlobOwners()

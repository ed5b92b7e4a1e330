"""Pipeline 300: freshness, whether a page still says what its articles state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from crawler.fetching.link_item import LinkItem
from crawler.model.check import KnownArticle
from crawler.model.role import COMPARED
from crawler.rules.article.freshness import freshness
from pipelines.base import Pipeline, exported


class FreshnessPipeline(Pipeline):
    """Compares a page with the articles whose own page it is."""

    def process_item(self, item: LinkItem) -> LinkItem:
        """The item with the freshness of each article."""
        if item.page is None:
            return item
        policy = self.session.configuration.policy.freshness
        today = self.session.configuration.clock.now().date()
        paths = dict.fromkeys(
            known.reference.path for known in item.own if known.reference.role in COMPARED
        )
        state = self.session.state
        with self.using_state(item):
            articles = [
                article
                for path in paths
                for article in state.again(partial(_read, state.known_articles, path))
            ]
        found = tuple(
            exported(article.path, freshness(article, policy, today)) for article in articles
        )
        for finding in found:
            self.stats.inc_value(f"linkhealth/freshness/{finding['state'].value}")
        return replace(item, freshness=found)


def _read(articles: Callable[[str], Iterator[KnownArticle]], path: str) -> list[KnownArticle]:
    return list(articles(path))

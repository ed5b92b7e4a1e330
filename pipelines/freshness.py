"""Pipeline 300: freshness, whether a page still says what its articles state."""

from __future__ import annotations

from dataclasses import replace

from crawler.fetching.link_item import LinkItem
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
        found = tuple(
            exported(path, freshness(article, policy, today))
            for path in paths
            for article in self.session.state.known_articles(path)
        )
        for finding in found:
            self.stats.inc_value(f"linkhealth/freshness/{finding['state'].value}")
        return replace(item, freshness=found)

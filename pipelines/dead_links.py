"""Pipeline 200: the places in articles where the URL is a dead link."""

from __future__ import annotations

from dataclasses import replace

from crawler.fetching.link_item import LinkItem
from crawler.model.verdict import VerdictKind
from crawler.rules.article.dead_links import dead_links
from pipelines.base import Pipeline, exported, linked


class DeadLinksPipeline(Pipeline):
    """Adds the places of a broken, dead or invalid URL in articles."""

    def process_item(self, item: LinkItem) -> LinkItem:
        """The item with its dead links."""
        if not VerdictKind(item.verdict).is_written_back:
            return item
        found = tuple(
            exported(known.reference.path, finding)
            for known in linked(item)
            for finding in dead_links([known])
        )
        self.stats.inc_value("linkhealth/dead_links", len(found))
        return replace(item, dead_links=found)

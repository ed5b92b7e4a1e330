"""Pipeline 400: the declared size of an image against its true one."""

from __future__ import annotations

from dataclasses import replace

from crawler.fetching.item import LinkItem
from crawler.rules.image_size import image_sizes
from pipelines.base import Pipeline, exported, linked


class ImageSizePipeline(Pipeline):
    """Compares a measured image with what its articles declare."""

    def process_item(self, item: LinkItem) -> LinkItem:
        """The item with its size findings."""
        if item.image is None:
            return item
        policy = self.session.configuration.policy.images
        found = tuple(
            exported(held.reference.path, finding)
            for held in linked(item)
            for finding in image_sizes([held], policy)
        )
        for finding in found:
            self.stats.inc_value(f"linkhealth/image_size/{finding['reason']}")
        return replace(item, image_sizes=found)

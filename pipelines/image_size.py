"""Pipeline 400: the findings on an image by itself: its size against the declared one, and other faults (rules I4 to I14)."""

from __future__ import annotations

from dataclasses import replace

from crawler.fetching.link_item import LinkItem
from crawler.rules.image.image_checks import image_checks
from pipelines.base import Pipeline, exported, linked


class ImageSizePipeline(Pipeline):
    """Compares a visited image with what its articles declare.

    Findings that need the whole article or all articles (an encrypted page, one image on many) are in reports only.
    """

    def process_item(self, item: LinkItem) -> LinkItem:
        """The item with its findings."""
        policy = self.session.configuration.policy.images
        now = self.session.configuration.clock.now()
        found = tuple(
            exported(known.reference.path, finding)
            for known in linked(item)
            for finding in image_checks([known], policy, now)
        )
        for finding in found:
            self.stats.inc_value(f"linkhealth/image_size/{finding['reason']}")
        return replace(item, image_sizes=found)

"""The keys of `.linkhealth.yml` that hold rules, not one value: only the file and its profiles have them.

A key is one row of `RULE_KEYS`: its shape, and what it makes of a configuration. Where the file and its profile both have
one, the file's come first: the first rule that matches counts, and a value of the profile counts where the file has none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from crawler.configuration.ages import AGES_SHAPE, STALE_AFTER, age_rules
from crawler.configuration.configuration import Configuration
from crawler.configuration.field_options import FIELDS, FIELDS_SHAPE, field_map
from crawler.configuration.hosts import HOSTS, HOSTS_SHAPE, host_rules
from crawler.configuration.image_options import IMAGES, IMAGES_SHAPE, image_policy
from crawler.configuration.notification_options import (
    NOTIFICATIONS,
    NOTIFICATIONS_SHAPE,
    channels,
)
from crawler.configuration.owner_options import OWNERS, OWNERS_SHAPE, owner_rules
from crawler.configuration.policy_options import POLICY, POLICY_SHAPE, with_numbers
from crawler.configuration.priority_options import PRIORITY, PRIORITY_SHAPE, priority_policy
from crawler.configuration.shapes import Shape
from crawler.configuration.url_exclusions import EXCLUDE_URLS, URLS_SHAPE, url_exclusions


@dataclass(frozen=True, slots=True)
class RuleKey:
    """A key that holds rules. `applied` gives the configuration with what its shape has read; it may raise
    ConfigurationError. `heading` is its section of docs/configuration.md."""

    name: str
    heading: str
    shape: Shape[Any]
    applied: Callable[[Configuration, Any], Configuration]


def _hosts(configuration: Configuration, read: Any) -> Configuration:
    return replace(configuration, hosts=host_rules(read))


def _exclude_urls(configuration: Configuration, read: Any) -> Configuration:
    return replace(configuration, exclude_urls=url_exclusions(read))


def _ages(configuration: Configuration, read: Any) -> Configuration:
    policy = configuration.policy
    freshness = replace(policy.freshness, ages=age_rules(read))
    return replace(configuration, policy=replace(policy, freshness=freshness))


def _images(configuration: Configuration, read: Any) -> Configuration:
    policy = configuration.policy
    images = image_policy(read, policy.images)
    return replace(configuration, policy=replace(policy, images=images))


def _priority(configuration: Configuration, read: Any) -> Configuration:
    policy = configuration.policy
    priority = priority_policy(read, policy.priority)
    return replace(configuration, policy=replace(policy, priority=priority))


def _fields(configuration: Configuration, read: Any) -> Configuration:
    return replace(configuration, fields=field_map(read, configuration.secret_keys))


def _policy(configuration: Configuration, read: Any) -> Configuration:
    return replace(configuration, policy=with_numbers(read, configuration.policy))


def _owners(configuration: Configuration, read: Any) -> Configuration:
    return replace(configuration, owners=owner_rules(read))


def _notifications(configuration: Configuration, read: Any) -> Configuration:
    return replace(configuration, notifications=channels(read))


RULE_KEYS: Mapping[str, RuleKey] = {
    key.name: key
    for key in (
        RuleKey(HOSTS, "Hosts", HOSTS_SHAPE, _hosts),
        RuleKey(EXCLUDE_URLS, "Addresses that are left out", URLS_SHAPE, _exclude_urls),
        RuleKey(STALE_AFTER, "Staleness by folder", AGES_SHAPE, _ages),
        RuleKey(IMAGES, "Images", IMAGES_SHAPE, _images),
        RuleKey(PRIORITY, "Priority", PRIORITY_SHAPE, _priority),
        RuleKey(FIELDS, "Fields", FIELDS_SHAPE, _fields),
        RuleKey(POLICY, "Policy", POLICY_SHAPE, _policy),
        RuleKey(OWNERS, "Owners", OWNERS_SHAPE, _owners),
        RuleKey(NOTIFICATIONS, "Notifications", NOTIFICATIONS_SHAPE, _notifications),
    )
}
"""In the order of docs/configuration.md."""


def joined(own: Any, chosen: Any = None) -> Any:
    """What a shape has read in the file, then what it has read in the chosen profile, if there is any."""
    if chosen is None:
        return own
    if isinstance(own, tuple):
        return own + chosen
    if isinstance(own, dict):
        shared = {name: joined(own[name], chosen[name]) for name in own.keys() & chosen.keys()}
        return {**chosen, **own, **shared}
    return own

"""The configuration of a run: one frozen value, and where each part of it comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from crawler import __version__
from crawler.configuration.clock import Clock
from crawler.configuration.connect_to import ConnectTo
from crawler.configuration.file import FILE_NAME
from crawler.configuration.hosts import HostRule, Manners
from crawler.configuration.option_kinds import NameServer
from crawler.configuration.options import WORKERS_DEFAULT
from crawler.model.article_keys import SECURED
from crawler.rules.owners import OwnerRule
from crawler.rules.policy import Policy

T = TypeVar("T")
_NO_RULE = HostRule("*")


@dataclass(frozen=True, slots=True)
class Setting:
    """One effective option for people to read; secrets are masked. `source` says where its value comes from:
    `default`, `profile NAME`, `file .linkhealth.yml:3`, `environment NAME` or `flag`."""

    name: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Configuration:
    """The configuration of a run. `settings` says of each option where its value comes from.

    `fixed_delay` is in seconds and replaces every host's delay, image hosts' and Crawl-delay included; None
    where it is not set. Of `hosts` and of `owners` the first that matches counts.
    """

    policy: Policy = field(default_factory=Policy)
    site_url: str | None = None
    link_pattern: str | None = None
    user_agent: str | None = None
    contact_url: str | None = None
    respect_robots: bool = True
    amp_cache: bool = True
    related: bool = True
    body: bool = False
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    secret_keys: frozenset[str] = frozenset({SECURED})
    workers: int = WORKERS_DEFAULT
    canaries: tuple[str, ...] = ()
    second_resolver: NameServer | None = None
    accept_mass_change: bool = False
    sidecar_folder: str | None = None
    database_url: str | None = field(default=None, repr=False)
    connect_to: ConnectTo = field(default_factory=ConnectTo)
    ca_file: Path | None = None
    allow_private: bool = False
    clock: Clock = field(default_factory=Clock, compare=False)
    fixed_delay: float | None = None
    hosts: tuple[HostRule, ...] = ()
    owners: tuple[OwnerRule, ...] = ()
    settings: tuple[Setting, ...] = field(default=(), compare=False, repr=False)

    @property
    def agent(self) -> str:
        """The User-Agent header: the operator's own, or ours with a way to reach the operator."""
        if self.user_agent:
            return self.user_agent
        contact = self.contact_url or self.site_url
        return f"linkhealth/{__version__}" + (f" (+{contact})" if contact else "")

    def manners(self, host: str, *, images_only: bool = False) -> Manners:
        """How a host is treated: by the first of `hosts` that matches it, else by the defaults.

        `images_only` says that it serves only images: it may be asked faster (rule P2).
        """
        usual = self.policy.politeness
        delay, connections = usual.delay, usual.connections
        if images_only:
            delay, connections = usual.image_host_delay, usual.image_host_connections
        rule = next((rule for rule in self.hosts if rule.matches(host)), _NO_RULE)
        if self.fixed_delay is None and rule.delay is not None:
            delay = rule.delay
        return Manners(
            delay=delay,
            connections=_or(rule.connections, connections),
            retries=_or(rule.retries, usual.retries),
            respect_robots=_or(rule.respect_robots, self.respect_robots),
            skip=bool(rule.skip),
        )

    @property
    def hint(self) -> str | None:
        """A hint at what the operator should set before the next crawl; None for none."""
        if self.user_agent or self.contact_url or self.site_url:
            return None
        return f"set contact_url in {FILE_NAME} so that site owners can reach you"


def _or(value: T | None, otherwise: T) -> T:
    return otherwise if value is None else value

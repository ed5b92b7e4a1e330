"""The configuration of a run: one frozen value, and where each part of it comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from crawler import __version__
from crawler.configuration.clock import Clock
from crawler.configuration.connect_to import ConnectTo
from crawler.configuration.file import FILE_NAME
from crawler.configuration.host_secrets import Secrets
from crawler.configuration.hosts import HostRule, Manners
from crawler.configuration.mistakes import Mistakes
from crawler.configuration.notification_targets import Targets, variable_of
from crawler.configuration.option_kinds import NameServer
from crawler.configuration.options import IN_FLIGHT_DEFAULT
from crawler.configuration.processors import usable_processors
from crawler.configuration.proxy import Proxy
from crawler.configuration.sent import Sent, sent
from crawler.model.article_keys import SECURED
from crawler.model.field_map import FieldMap
from crawler.model.format_name import DEFAULT_FORMATS, FormatName
from crawler.model.notification import Channel
from crawler.model.url_exclusion import UrlExclusion
from crawler.rules.owners import OwnerRule
from crawler.rules.policy import Policy, TextLinks
from crawler.rules.ports import port_of

T = TypeVar("T")
_NO_RULE = HostRule("*")


@dataclass(frozen=True, slots=True)
class Setting:
    """One effective option for people to read; secrets are masked. Of a key that holds rules `value` are the keys below it.
    `source` says where it comes from: `default`, `profile NAME`, `file .linkhealth.yml:3`, `environment NAME` or `flag`."""

    name: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Configuration:
    """The configuration of a run. `settings` says of each option where its value comes from.

    `fixed_delay` is in seconds and replaces every host's delay, image hosts' and Crawl-delay included; None
    where it is not set. Time-outs are seconds; None for those of Scrapy's settings. Of `hosts` and of `owners` the first that matches counts. `fields` is
    None where the names of fields are to be found out.
    """

    policy: Policy = field(default_factory=Policy)
    site_url: str | None = None
    link_pattern: str | None = None
    user_agent: str | None = None
    contact_url: str | None = None
    respect_robots: bool = True
    amp_cache: bool = True
    related: bool = True
    body: TextLinks = TextLinks.AUTO
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    secret_keys: frozenset[str] = frozenset({SECURED})
    report_formats: tuple[FormatName, ...] = DEFAULT_FORMATS
    connect_timeout: float | None = None
    response_timeout: float | None = None
    dns_timeout: float | None = None
    in_flight: int = IN_FLIGHT_DEFAULT
    processes: int = field(default_factory=usable_processors)
    canaries: tuple[str, ...] = ()
    second_resolver: NameServer | None = None
    accept_mass_change: bool = False
    sidecar_folder: str | None = None
    database_url: str | None = field(default=None, repr=False)
    connect_to: ConnectTo = field(default_factory=ConnectTo)
    proxy: Proxy | None = None
    ca_file: Path | None = None
    allow_private: bool = False
    clock: Clock = field(default_factory=Clock, compare=False)
    fixed_delay: float | None = None
    hosts: tuple[HostRule, ...] = ()
    exclude_urls: tuple[UrlExclusion, ...] = ()
    owners: tuple[OwnerRule, ...] = ()
    fields: FieldMap | None = None
    notifications: tuple[Channel, ...] = ()
    targets: Targets = field(default_factory=dict, compare=False, repr=False)
    secrets: Secrets = field(default_factory=Secrets, compare=False, repr=False)
    settings: tuple[Setting, ...] = field(default=(), compare=False, repr=False)
    notices: tuple[str, ...] = field(default=(), compare=False, repr=False)
    """What to tell of how it is written, a sentence each."""

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
        rule = self.rule(host)
        if self.fixed_delay is None and rule.delay is not None:
            delay = rule.delay
        return Manners(
            delay=delay,
            connections=_or(rule.connections, connections),
            retries=_or(rule.retries, usual.retries),
            respect_robots=(
                rule.ignore_robots is None and _or(rule.respect_robots, self.respect_robots)
            ),
            skip=bool(rule.skip),
            accept_statuses=rule.accept_statuses,
        )

    def rule(self, host: str) -> HostRule:
        """The first of `hosts` that matches a host; one that says nothing where there is none."""
        return next((rule for rule in self.hosts if rule.matches(host)), _NO_RULE)

    def sent(self, url: str, begun_at: str, *, is_verified: bool) -> Sent:
        """What a request for `url` bears besides our own; its visit began at `begun_at`.

        Credentials go by https, to a server whose certificate is verified, and only to the host that the link itself
        names: where another host leads to is that host's choice.
        """
        parts = urlsplit(url)
        host = parts.hostname or ""
        rule = self.rule(host)
        is_own = host == (urlsplit(begun_at).hostname or "")
        is_safe = is_own and is_verified and parts.scheme == "https"
        return sent(rule, self.secrets, host, port_of(url), is_safe=is_safe)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Whom messages are for: the channels of the file, and those that only the environment names."""
        known = {one.name for one in self.notifications}
        return (*self.notifications, *(Channel(name) for name in self.targets if name not in known))

    @property
    def channels_without_target(self) -> tuple[str, ...]:
        """What to tell of channels of the file that lead nowhere, a sentence for each."""
        return tuple(
            f"the channel {one.name} leads nowhere: {variable_of(one.name)} is not set"
            for one in self.notifications
            if one.name not in self.targets
        )

    def check_secrets(self) -> None:
        """Raises ConfigurationError for credentials that are missing, or may not go where the rules of hosts want them.

        Without one a site that hides what it has would look dead. Who visits nothing need not ask.
        """
        mistakes = Mistakes()
        for fault in self.secrets.faults:
            mistakes.note(fault.place, fault.message)
        mistakes.end()

    @property
    def hint(self) -> str | None:
        """A hint at what the operator should set before the next crawl; None for none."""
        if self.user_agent or self.contact_url or self.site_url:
            return None
        return f"set contact_url in {FILE_NAME} so that site owners can reach you"


def _or(value: T | None, otherwise: T) -> T:
    return otherwise if value is None else value

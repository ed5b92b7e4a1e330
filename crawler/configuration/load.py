"""Putting the sources together: flags > environment > file > profile > defaults (docs/configuration.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from crawler import __version__
from crawler.configuration import options
from crawler.configuration.ages import STALE_AFTER, age_rules
from crawler.configuration.clock import Clock
from crawler.configuration.connect_to import ConnectTo
from crawler.configuration.errors import ConfigurationError, did_you_mean, quoted
from crawler.configuration.field_options import FIELDS, field_map, refuse_secret
from crawler.configuration.file import FILE_NAME, Section, Text, place, read
from crawler.configuration.hosts import HOSTS, HostRule, Manners, host_rules
from crawler.configuration.image_options import IMAGES, ImageRules, image_rules
from crawler.configuration.options import OPTIONS, WORKERS_DEFAULT, NameServer, Option
from crawler.configuration.owner_options import OWNERS, owner_rules
from crawler.configuration.priority_options import PRIORITY, PriorityRules, priority_rules
from crawler.model.article_keys import SECURED
from crawler.model.field_map import FieldMap
from crawler.rules.owners import OwnerRule
from crawler.rules.policy import AgeRule, FreshnessPolicy, OutagePolicy, Policy, TextLinks

T = TypeVar("T")
PROFILES = "profiles"
PROFILE_FLAG = "profile"

_NO_RULE = HostRule("*")
_RULES = frozenset({FIELDS, HOSTS, IMAGES, OWNERS, PRIORITY, STALE_AFTER})
"""Keys that hold rules, not a value: only the file and its profiles have them."""


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
    where it is not set. Of `hosts` and of `owners` the first that matches counts. `fields` is None where the names of
    fields are to be found out.
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
    fields: FieldMap | None = None
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


@dataclass(frozen=True, slots=True)
class _Entry:
    """One value as text, and the place where it is set."""

    text: str
    place: str
    source: str


def load(root: Path, flags: Mapping[str, str], environ: Mapping[str, str]) -> Configuration:
    """The configuration for the content `root` (its file, or the folder of a single article).

    `flags` are options by name as typed (`-` counts as `_`), and `profile`. An empty environment
    variable counts as unset. Raises ConfigurationError naming file and line, variable or flag.
    """
    folder = root.parent if root.is_file() else root
    given = {name.replace("-", "_"): text for name, text in flags.items()}
    profile = given.pop(PROFILE_FLAG, None)
    _known(given, lambda name: f"flag {name}")
    section = read(folder)
    profiles = _profiles(section)
    own = _rules_of(section)
    if profile is not None and profile not in profiles:
        hint = did_you_mean(profile, profiles)
        raise ConfigurationError("flag profile", f"no profile {quoted(profile)}; {hint}")
    chosen = profiles[profile] if profile is not None else _Profile()
    layers = (
        {name: _Entry(text, f"flag {name}", "flag") for name, text in given.items()},
        dict(_from_environment(environ)),
        _from_section(section, f"file {FILE_NAME}:{{}}"),
        chosen.entries,
    )
    configuration = _configuration(_Choice(layers), own.ages + chosen.ages)
    policy = configuration.policy
    # The file takes precedence over its profile.
    policy = replace(
        policy,
        images=own.images.applied(chosen.images.applied(policy.images)),
        priority=own.priority.applied(chosen.priority.applied(policy.priority)),
    )
    fields = chosen.fields if own.fields is None else own.fields
    refuse_secret(fields, configuration.secret_keys)
    return replace(
        configuration,
        policy=policy,
        hosts=own.hosts + chosen.hosts,
        owners=own.owners + chosen.owners,
        fields=fields,
    )


def _or(value: T | None, otherwise: T) -> T:
    return otherwise if value is None else value


class _Choice:
    """Takes each option's value from the first layer that has one, and keeps its source."""

    def __init__(self, layers: tuple[Mapping[str, _Entry], ...]) -> None:
        self._layers = layers
        self.settings: list[Setting] = []

    def entry(self, option: Option[Any]) -> _Entry:
        """The value that counts, before it is read."""
        for layer in self._layers:
            if option.name in layer:
                return layer[option.name]
        return _Entry(option.default, "default", "default")

    def take(self, option: Option[T]) -> T:
        """The option's value; raises ConfigurationError where its text is wrong."""
        entry = self.entry(option)
        value = _parsed(option, entry)
        shown = _masked(entry.text) if option.is_secret else entry.text
        self.settings.append(Setting(option.name, shown, entry.source))
        return value


def _configuration(choice: _Choice, ages: tuple[AgeRule, ...]) -> Configuration:
    """Every option is taken exactly once, in the documented order."""
    take = choice.take
    write_back = take(options.WRITE_BACK)
    sidecar_folder = take(options.SIDECAR_FOLDER)
    politeness = replace(
        Policy().politeness,
        delay=take(options.HOST_DELAY),
        connections=take(options.HOST_CONNECTIONS),
        image_host_delay=take(options.IMAGE_HOST_DELAY),
        image_host_connections=take(options.IMAGE_HOST_CONNECTIONS),
        retries=take(options.RETRIES),
    )
    days = take(options.STALE_AFTER_DAYS)
    stale_after = None if days is None else timedelta(days=days)
    configuration = Configuration(
        site_url=take(options.SITE_URL),
        link_pattern=take(options.LINK_PATTERN),
        user_agent=take(options.USER_AGENT),
        contact_url=take(options.CONTACT_URL),
        respect_robots=take(options.RESPECT_ROBOTS),
        amp_cache=take(options.AMP_CACHE),
        related=take(options.RELATED),
        body=take(options.BODY),
        exclude=take(options.EXCLUDE),
        include=take(options.INCLUDE),
        secret_keys=take(options.SECRET_KEYS),
        workers=take(options.WORKERS),
        canaries=take(options.CANARIES),
        policy=Policy(
            politeness=politeness,
            freshness=FreshnessPolicy(stale_after, ages),
            outages=_outages(choice),
            write_back=write_back,
        ),
        second_resolver=take(options.SECOND_RESOLVER),
        accept_mass_change=take(options.ACCEPT_MASS_CHANGE),
        sidecar_folder=sidecar_folder,
        database_url=take(options.DATABASE_URL),
        connect_to=take(options.CONNECT_TO),
        ca_file=_ca_file(choice),
        allow_private=take(options.ALLOW_PRIVATE),
        clock=Clock(take(options.CLOCK)),
        fixed_delay=_fixed_delay(choice, politeness.delay),
    )
    return replace(configuration, settings=tuple(choice.settings))


def _outages(choice: _Choice) -> OutagePolicy:
    return replace(
        Policy().outages,
        canary_every=choice.take(options.CANARY_INTERVAL),
        pauses=choice.take(options.NETWORK_PAUSES),
        second_look=choice.take(options.SECOND_LOOK),
    )


def _fixed_delay(choice: _Choice, delay: float) -> float | None:
    source = choice.entry(options.HOST_DELAY).source
    return delay if source == f"environment {options.HOST_DELAY.variable}" else None


def _ca_file(choice: _Choice) -> Path | None:
    text = choice.take(options.CA_FILE)
    if text is None:
        return None
    path = Path(text)
    try:
        found = path.is_file()
    except (OSError, ValueError):
        found = False
    if not found:
        where = choice.entry(options.CA_FILE).place
        raise ConfigurationError(where, f"{quoted(text)} is no file; give a PEM file's path")
    return path.absolute()


@dataclass(frozen=True, slots=True)
class _Profile:
    """The options and rules of one profile, or the rules of the file itself."""

    entries: Mapping[str, _Entry] = field(default_factory=dict)
    hosts: tuple[HostRule, ...] = ()
    ages: tuple[AgeRule, ...] = ()
    images: ImageRules = field(default_factory=ImageRules)
    owners: tuple[OwnerRule, ...] = ()
    priority: PriorityRules = field(default_factory=PriorityRules)
    fields: FieldMap | None = None


def _rules_of(section: Section, entries: Mapping[str, _Entry] | None = None) -> _Profile:
    return _Profile(
        entries or {},
        host_rules(section),
        age_rules(section),
        image_rules(section),
        owner_rules(section),
        priority_rules(section),
        field_map(section),
    )


def _profiles(section: Section) -> dict[str, _Profile]:
    """All profiles by name, each checked: a mistake shows before the profile is wanted."""
    found = section.entries.get(PROFILES)
    if found is None or (isinstance(found, Text) and found.items is None):
        return {}
    if not isinstance(found, Section):
        raise ConfigurationError(place(found.line), "profiles must be names with options below")
    profiles: dict[str, _Profile] = {}
    for name, profile in found.entries.items():
        if not isinstance(profile, Section):
            if profile.items is not None:
                where = place(found.lines[name])
                raise ConfigurationError(where, f"profile {quoted(name)} must hold options")
            profiles[name] = _Profile()
            continue
        entries = _from_section(profile, f"profile {name}")
        profiles[name] = _rules_of(profile, entries)
    return profiles


def _from_section(section: Section, source: str) -> dict[str, _Entry]:
    """A mapping's options, checked one by one; `{}` in `source` is replaced by the line."""
    in_file = source.startswith("file ")
    extra = _RULES | {PROFILES} if in_file else _RULES
    _known(section.entries, lambda name: place(section.lines[name]), extra)
    entries: dict[str, _Entry] = {}
    for name, found in section.entries.items():
        if name in extra:
            continue
        option, line = OPTIONS[name], section.lines[name]
        if option.is_operators:
            message = (
                f"{name} is for the one who runs linkhealth to choose, not for the collection; "
                f"take it out here and set {option.variable}"
            )
            raise ConfigurationError(place(line), message)
        if isinstance(found, Section):
            raise ConfigurationError(place(line), f"{name} takes a value, not a mapping")
        if found.is_list and not option.is_list:
            raise ConfigurationError(place(line), f"{name} takes one value, not a list")
        where = place(line)
        origin = source.replace("{}", str(line)) if in_file else source
        entries[name] = _Entry(",".join(found.items or ()), where, origin)
        _parsed(option, entries[name])
    return entries


def _from_environment(environ: Mapping[str, str]) -> Iterator[tuple[str, _Entry]]:
    for name, option in OPTIONS.items():
        text = environ.get(option.variable, "") if option.variable else ""
        if text:
            variable = str(option.variable)
            yield name, _Entry(text, variable, f"environment {variable}")


def _known(names: Mapping[str, Any], where: Any, extra: Set[str] = frozenset()) -> None:
    """Raises ConfigurationError for the first name that is no option."""
    known = OPTIONS.keys() | extra
    for name in names:
        if name not in known:
            message = f"unknown option {quoted(name)}; {did_you_mean(name, known)}"
            raise ConfigurationError(where(name), message)


def _parsed(option: Option[T], entry: _Entry) -> T:
    text = entry.text.strip()
    try:
        return option.parse(text)
    except ValueError as error:
        raise ConfigurationError(entry.place, f"{option.name}: {error}") from None


def _masked(url: str) -> str:
    """A database URL without its password, in the user part or in the query."""
    hidden = re.sub(r"(?<=://)([^:/@]*):.*@", r"\1:***@", url)
    return re.sub(r"(?i)(password=)[^&]*", r"\1***", hidden)

"""Putting the sources together: flags > environment > file > profile > defaults (docs/configuration.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, cast

from crawler.configuration import options
from crawler.configuration.clock import Clock
from crawler.configuration.configuration import Configuration, Setting
from crawler.configuration.errors import did_you_mean, quoted
from crawler.configuration.file import FILE_NAME, Section, Text, read
from crawler.configuration.file_keys import FILE_SHAPE, PROFILES
from crawler.configuration.former_names import (
    Tell,
    today_in_environment,
    today_in_file,
    today_in_flags,
)
from crawler.configuration.host_secrets import PREFIX as CREDENTIALS
from crawler.configuration.host_secrets import read_secrets
from crawler.configuration.mistakes import Mistakes
from crawler.configuration.notification_targets import PREFIX as TARGETS
from crawler.configuration.notification_targets import read_targets
from crawler.configuration.options import OPTIONS, VARIABLES, Option
from crawler.configuration.processors import usable_processors
from crawler.configuration.rule_keys import RULE_KEYS, RuleKey, joined
from crawler.configuration.shapes import At
from crawler.rules.policy import FreshnessPolicy, OutagePolicy, Policy

T = TypeVar("T")
PROFILE_FLAG = "profile"
_NEARLY = 0.85
"""So like a known variable is one that was mistyped; what begins as ours do and is unlike them all is another program's."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One value: as text for people, as it was read, and where it is set."""

    text: str
    value: Any
    source: str


_Layer = Mapping[str, _Entry]
"""What one source sets, by the name of the key."""


def load(root: Path, flags: Mapping[str, str], environ: Mapping[str, str]) -> Configuration:
    """The configuration for the content `root` (its file, or the folder of a single article).

    `flags` are options by name as typed (`-` counts as `_`), and `profile`. An empty environment
    variable counts as unset. Raises ConfigurationError with every mistake, each naming file and line, variable or flag.
    """
    folder = root.parent if root.is_file() else root
    mistakes = Mistakes()
    notices: list[str] = []
    tell = notices.append
    given = today_in_flags({name.replace("-", "_"): text for name, text in flags.items()}, tell)
    environ = today_in_environment(environ, tell)
    wanted = given.pop(PROFILE_FLAG, None)
    section = _today(read(folder, mistakes), mistakes, tell)
    own, profiles = _from_file(section, mistakes)
    chosen = _chosen(wanted, profiles, mistakes)
    environment = dict(_from_environment(environ, mistakes))
    flagged = dict(_from_flags(given, mistakes))
    targets = read_targets(environ, mistakes)
    mistakes.end()
    configuration = _configuration(_Choice((flagged, environment, own, chosen)))
    for key in RULE_KEYS.values():
        with mistakes.noting():
            configuration = _with_rules(configuration, key, own, chosen)
    mistakes.end()
    wanted_secrets = ((rule.glob, name) for rule in configuration.hosts for name in rule.secrets)
    return replace(
        configuration,
        secrets=read_secrets(wanted_secrets, environ),
        targets=targets,
        notices=tuple(notices),
    )


def _today(section: Section, mistakes: Mistakes, tell: Tell) -> Section:
    """The file with the names of today, those of its profiles too."""
    found = today_in_file(section, mistakes, tell)
    profiles = found.entries.get(PROFILES)
    if not isinstance(profiles, Section):
        return found
    below = {
        name: today_in_file(one, mistakes, tell) if isinstance(one, Section) else one
        for name, one in profiles.entries.items()
    }
    entries = {**found.entries, PROFILES: replace(profiles, entries=below)}
    return replace(found, entries=entries)


def _with_rules(
    configuration: Configuration, key: RuleKey, own: _Layer, chosen: _Layer
) -> Configuration:
    """The configuration with what the file and its profile say at a key. Raises ConfigurationError."""
    found = [layer[key.name] for layer in (own, chosen) if key.name in layer]
    told = ", ".join(entry.text for entry in found)
    source = ", ".join(entry.source for entry in found) or "default"
    setting = Setting(key.name, told, source)
    configuration = replace(configuration, settings=(*configuration.settings, setting))
    if not found:
        return configuration
    return key.applied(configuration, joined(*(entry.value for entry in found)))


def _chosen(wanted: str | None, profiles: Mapping[str, _Layer], mistakes: Mistakes) -> _Layer:
    if wanted is None:
        return {}
    if wanted not in profiles:
        hint = did_you_mean(wanted, profiles)
        mistakes.note("-a profile", f"no profile {quoted(wanted)}; {hint}")
    return profiles.get(wanted, {})


def _from_file(section: Section, mistakes: Mistakes) -> tuple[_Layer, Mapping[str, _Layer]]:
    """What the file sets itself, and each of its profiles by name: a mistake shows before the profile is wanted."""
    values = FILE_SHAPE.read(section, At("the file", section.line, mistakes))
    profiles = {}
    for name, below in values.pop(PROFILES, ()):
        found = cast("Section", section.entries[PROFILES]).entries[name]
        profiles[name] = _layer(below, found, f"profile {name}")
    return _layer(values, section, f"file {FILE_NAME}:{{}}"), profiles


def _layer(values: Mapping[str, Any], found: Section | Text, source: str) -> _Layer:
    """The values of a mapping; `{}` in `source` is replaced by the line."""
    if isinstance(found, Text):
        return {}
    entries = {}
    for name, value in values.items():
        said = found.entries[name]
        text = ", ".join(said.entries) if isinstance(said, Section) else ",".join(said.items or ())
        entries[name] = _Entry(text, value, source.replace("{}", str(found.lines[name])))
    return entries


def _from_environment(
    environ: Mapping[str, str], mistakes: Mistakes
) -> Iterator[tuple[str, _Entry]]:
    known = {option.variable.removeprefix(VARIABLES): option for option in OPTIONS.values()}
    for variable in sorted(environ):
        name = variable.removeprefix(VARIABLES)
        if (
            name != variable
            and name not in known
            and not variable.startswith((CREDENTIALS, TARGETS))
        ):
            near = get_close_matches(name, known, n=1, cutoff=_NEARLY)
            if near:
                mistakes.note(variable, f"no such variable; did you mean {VARIABLES}{near[0]}?")
    for option in OPTIONS.values():
        text = environ.get(option.variable, "")
        if text:
            yield from _read(
                option, text, option.variable, f"environment {option.variable}", mistakes
            )


def _from_flags(flags: Mapping[str, str], mistakes: Mistakes) -> Iterator[tuple[str, _Entry]]:
    for name, text in flags.items():
        if name in OPTIONS:
            yield from _read(OPTIONS[name], text, f"-a {name}", "flag", mistakes)
        else:
            mistakes.unknown(f"-a {quoted(name)[1:-1]}", "unknown option", name, OPTIONS)


def _read(
    option: Option[Any], text: str, where: str, source: str, mistakes: Mistakes
) -> Iterator[tuple[str, _Entry]]:
    """The option with its value, where its text can be read."""
    try:
        yield option.name, _Entry(text, option.parse(text.strip()), source)
    except ValueError as error:
        mistakes.note(where, str(error))


class _Choice:
    """Takes each option's value from the first layer that has one, and keeps its source."""

    def __init__(self, layers: tuple[_Layer, ...]) -> None:
        self._layers = layers
        self.settings: list[Setting] = []

    def entry(self, option: Option[Any]) -> _Entry:
        """The value that counts."""
        for layer in self._layers:
            if option.name in layer:
                return layer[option.name]
        return _Entry(option.default, option.parse(option.default), "default")

    def take(self, option: Option[T]) -> T:
        """The option's value."""
        entry = self.entry(option)
        shown = _masked(entry.text) if option.is_secret else entry.text
        self.settings.append(Setting(option.name, shown, entry.source))
        return cast("T", entry.value)


def _configuration(choice: _Choice) -> Configuration:
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
        report_formats=take(options.REPORT_FORMATS),
        connect_timeout=take(options.CONNECT_TIMEOUT),
        response_timeout=take(options.RESPONSE_TIMEOUT),
        dns_timeout=take(options.DNS_TIMEOUT),
        in_flight=take(options.IN_FLIGHT),
        processes=take(options.PROCESSES) or usable_processors(),
        canaries=take(options.CANARIES),
        policy=Policy(
            politeness=politeness,
            freshness=FreshnessPolicy(stale_after),
            outages=_outages(choice),
            write_back=write_back,
        ),
        second_resolver=take(options.SECOND_RESOLVER),
        accept_mass_change=take(options.ACCEPT_MASS_CHANGE),
        sidecar_folder=sidecar_folder,
        database_url=take(options.DATABASE_URL),
        connect_to=take(options.CONNECT_TO),
        proxy=take(options.PROXY),
        ca_file=take(options.CA_FILE),
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


def _masked(url: str) -> str:
    """The URL of a database or a proxy without its password, in the user part or in the query."""
    hidden = re.sub(r"(?<=://)([^:/@]*):.*@", r"\1:***@", url)
    return re.sub(r"(?i)(password=)[^&]*", r"\1***", hidden)

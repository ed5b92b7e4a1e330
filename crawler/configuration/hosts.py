"""`hosts:` of `.linkhealth.yml`: how single hosts are treated, by globs of their names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from crawler.configuration.errors import ConfigurationError, did_you_mean, quoted
from crawler.configuration.file import Section, Text, place
from crawler.configuration.options import HOST_OPTIONS

HOSTS = "hosts"
_GLOB = re.compile(r"[a-z0-9._*?!\[\]-]+|(?=.*:.*:)[0-9a-f:.*?]+")
"""A host name, or an IPv6 address, as links hold them: lower case, without port and brackets."""


@dataclass(frozen=True, slots=True)
class HostRule:
    """The options of the hosts that match `glob`; None for an option that is not given. `delay` is seconds."""

    glob: str
    delay: float | None = None
    connections: int | None = None
    retries: int | None = None
    respect_robots: bool | None = None
    skip: bool | None = None

    def matches(self, host: str) -> bool:
        """Whether the rule is about `host`, in lower case without port."""
        return fnmatchcase(host, self.glob)


@dataclass(frozen=True, slots=True)
class Manners:
    """How one host is treated. `delay` is seconds between the starts of two requests."""

    delay: float
    connections: int
    retries: int
    respect_robots: bool
    skip: bool


def host_rules(section: Section) -> tuple[HostRule, ...]:
    """The rules of a mapping's `hosts`, in file order. Raises ConfigurationError with the line."""
    found = section.entries.get(HOSTS)
    if found is None or (isinstance(found, Text) and found.items is None):
        return ()
    if not isinstance(found, Section):
        raise ConfigurationError(place(found.line), "hosts must be host names with options below")
    return tuple(
        _rule(name, options, place(found.lines[name])) for name, options in found.entries.items()
    )


def _rule(name: str, options: Section | Text, where: str) -> HostRule:
    glob = name.strip().lower()
    if not _GLOB.fullmatch(glob):
        raise ConfigurationError(
            where,
            f"{quoted(name)} is not a host name or a glob of some: write it without https://, port and "
            "path, other letters than a to z in their xn-- form",
        )
    if isinstance(options, Section):
        return HostRule(glob, **dict(_values(options)))
    if options.items is not None:
        raise ConfigurationError(where, f"{quoted(name)} must hold options")
    return HostRule(glob)


def _values(options: Section) -> Iterator[tuple[str, Any]]:
    for name, found in options.entries.items():
        where = place(options.lines[name])
        option = HOST_OPTIONS.get(name)
        if option is None:
            hint = did_you_mean(name, HOST_OPTIONS)
            raise ConfigurationError(where, f"unknown option {quoted(name)} of a host; {hint}")
        if isinstance(found, Section) or found.is_list:
            raise ConfigurationError(where, f"{name} takes one value")
        try:
            yield name, option.parse("".join(found.items or ()).strip())
        except ValueError as error:
            raise ConfigurationError(where, f"{name}: {error}") from None

"""The rule of a host in words, for who asks why a host is treated as it is. No value of a credential is among them."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.configuration.host_headers import Named
from crawler.configuration.host_secrets import SecretName
from crawler.configuration.hosts import HostRule


def rule_in_words(rule: HostRule) -> Iterator[str]:
    """What a rule sets, each in a clause; nothing for one that sets nothing."""
    if rule.skip:
        yield "its links are left out"
    if rule.ignore_robots is not None:
        yield f"robots.txt is not obeyed: {rule.ignore_robots}"
    if rule.respect_robots:
        yield "robots.txt is obeyed"
    if rule.delay is not None:
        yield f"{rule.delay:g} s between two requests"
    if rule.connections is not None:
        yield f"connections at a time: {rule.connections}"
    if rule.retries is not None:
        yield f"further tries: {rule.retries}"
    if rule.accept_statuses:
        yield f"all is well with the status {', '.join(map(str, sorted(rule.accept_statuses)))}"
    if rule.basic is not None:
        yield f"asked with the user of {rule.basic.user.name} and the password of {rule.basic.password.name}"
    if rule.bearer is not None:
        yield f"asked with the token of {rule.bearer.name}"
    if rule.headers:
        yield f"asked with the header fields {_names(rule.headers)}"
    if rule.cookies:
        yield f"asked with the cookies {_names(rule.cookies)}"


def _names(named: Named) -> str:
    return ", ".join(
        f"{name} ({value.name})" if isinstance(value, SecretName) else name for name, value in named
    )

"""What one request bears because the configuration says so of its host (rule P11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from crawler.configuration.host_headers import Named, Value
from crawler.configuration.host_secrets import SecretName, Secrets, basic, spellings
from crawler.configuration.hosts import HostRule
from crawler.rules.credentials import HIDDEN


@dataclass(frozen=True, slots=True)
class Sent:
    """The header fields and cookies of a request, beside our own.

    `hidden` are the secrets among them, as a server may write them: they are taken out of its answer before anything is read
    from it. `is_withheld`: the host wants a credential that this request must not bear, so that what it gets says nothing of
    what others get.
    """

    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    cookies: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    hidden: tuple[bytes, ...] = field(default=(), repr=False)
    is_withheld: bool = False

    def cookie(self, set_before: str | None) -> str | None:
        """The Cookie field, with what the visit's answers have set; of two of one name theirs counts. None for none."""
        names = {part.partition("=")[0].strip() for part in (set_before or "").split(";")}
        own = [f"{name}={value}" for name, value in self.cookies if name not in names]
        return "; ".join([*([set_before] if set_before else []), *own]) or None

    def hide(self, data: bytes) -> bytes:
        """What a server sent, with `***` in the place of each secret that it had been sent."""
        for secret in self.hidden:
            data = data.replace(secret, HIDDEN.encode())
        return data

    def hide_in(self, text: str) -> str:
        """The same for a text that was read from what a server sent, where it was spelt in a way that nobody foresaw."""
        for secret in self.hidden:
            text = text.replace(secret.decode(), HIDDEN)
        return text


NOTHING_SENT: Final = Sent()


def sent(rule: HostRule, secrets: Secrets, host: str, port: int, *, is_safe: bool) -> Sent:
    """What a request to a host at a port bears by the host's rule.

    `is_safe` says that credentials may go there at all: by verified TLS, to the host that the link itself names.
    """
    names = rule.secrets
    values = secrets.get(names, host, port) if is_safe else None
    if names and values is None:
        return Sent(_plain(rule.headers, {}), _plain(rule.cookies, {}), is_withheld=True)
    values = values or {}
    headers = _plain(rule.headers, values)
    shown_to_nobody = set(values.values())
    if rule.bearer is not None:
        headers += (("Authorization", f"Bearer {values[rule.bearer.name]}"),)
    if rule.basic is not None:
        user, password = values[rule.basic.user.name], values[rule.basic.password.name]
        field_value = basic(user, password)
        headers += (("Authorization", field_value),)
        # Many users have one name, and it may be any word of a page.
        shown_to_nobody = (shown_to_nobody - {user}) | {
            password,
            field_value.removeprefix("Basic "),
        }
    hidden = sorted((one for each in shown_to_nobody for one in spellings(each)), key=len)
    return Sent(headers, _plain(rule.cookies, values), tuple(reversed(hidden)))


def _plain(named: Named, values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Names with their values; a variable without a value is left out."""
    told = ((name, _value(value, values)) for name, value in named)
    return tuple((name, value) for name, value in told if value is not None)


def _value(value: Value, values: Mapping[str, str]) -> str | None:
    return values.get(value.name) if isinstance(value, SecretName) else value

r"""Credentials in URLs (`user:password@`): never sent (rule U1), and never shown (rule U8).

A URL that holds some is no URL to visit, so nothing is lost where `***` stands in their place: in the state, in reports,
in logs and messages. Only the article's own line keeps them.
"""

from __future__ import annotations

import re
from typing import Final

HIDDEN: Final = "***"

_C0_AND_SPACE = "".join(map(chr, range(0x21)))
_TAB_AND_NEWLINE = str.maketrans("", "", "\t\n\r")
_BEGINNING = re.compile(
    r"(?:(https?):[/\\]*|[A-Za-z][A-Za-z0-9+.-]*:[/\\]{2,}|[/\\]{2,})", re.IGNORECASE
)
"""The way to an authority as browsers read it: http and https need no slashes, and take any number of them."""
_AUTHORITY_END = re.compile(r"[/\\?#]")
_NOTHING = ("", ":")
_NO_PORT = re.compile(r"[^\[:]*:(?![0-9]*\Z)")

_LONGEST = 1_000
"""Characters: what a search through a hostile text may cost grows with it."""
_SCHEME = r"(?:\b[a-z][a-z0-9+.-]{0,30}:[/\\]{2,}|\bhttps?:[/\\]?|(?<![\w:/\\.~%+-])//)"
_IN_TEXT = re.compile(
    rf"""(?P<way>{_SCHEME})
    (?!:?@)                                    # no name and no password
    (?: [^\s/\\?\#"'<>`]{{1,{_LONGEST}}}       # all that a browser takes for credentials,
      | [^\s/\\?\#"'<>`\[\]:@]{{1,{_LONGEST}}}:  # or a name, no port, and a password with a slash in it
        (?![0-9]{{0,5}}(?:[\s/\\?\#"'<>`]|\Z))[^\s"'<>`]{{0,{_LONGEST}}}
    )@""",
    re.IGNORECASE | re.VERBOSE,
)
_ENCODED = re.compile(
    r"(?P<way>%3A(?:%2F|/){2})(?:(?!%2F|%3F|%23|%40)[^\s&/?#\"'<>@]){1,1000}(?:%40|@)",
    re.IGNORECASE,
)


def without_credentials(text: str) -> str:
    """Any text with `***` in the place of the credentials of each URL in it, and of each encoded in another."""
    if "@" in text:
        text = _IN_TEXT.sub(rf"\g<way>{HIDDEN}@", text)
    elif "%40" not in text:
        return text
    return _ENCODED.sub(rf"\g<way>{HIDDEN}%40", text)


def url_without_credentials(raw: str) -> str:
    """A text that stands where a URL should, without the credentials that a browser would find in it.

    Tabs, line ends and spaces, which browsers skip, hide none. Applied twice it changes nothing more.
    """
    text = raw.strip(_C0_AND_SPACE).translate(_TAB_AND_NEWLINE)
    beginning = _BEGINNING.match(text)
    if beginning is not None and "@" in text:
        way, rest = text[: beginning.end()], text[beginning.end() :]
        end = _AUTHORITY_END.search(rest)
        authority = rest[: end.start()] if end else rest
        user, _, host = authority.rpartition("@")
        if user not in _NOTHING:
            return without_credentials(f"{way}{HIDDEN}@{host}{rest[len(authority) :]}")
        if "@" not in authority and end and _NO_PORT.match(authority):
            # `user:pass/word@host`: no browser opens it, but a person may have meant a password.
            return without_credentials(f"{way}{HIDDEN}@{rest.rpartition('@')[2]}")
    return without_credentials(raw)

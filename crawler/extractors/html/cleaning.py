"""Outside text made safe to keep: no entities, control characters or lone surrogates, and a bounded length."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin

MAX_TEXT = 5_000
"""Longest value kept, in characters; longer ones are cut."""

# Controls, invisible characters, and those that turn the direction of the text that follows.
_UNFIT = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]+"
)
_PLAIN_URL = re.compile(
    r"https?://[A-Za-z0-9.-]+/[\w./%~+,@!-]*+(?:\?[\w./%~+,@!=&-]*+)?", re.ASCII
)
"""An absolute URL that joining gives back as it is."""

_SURROGATE = re.compile(r"[\ud800-\udfff]")


def clean_text(value: object) -> str:
    """The value as one line of text, cut to `MAX_TEXT`; empty for anything but text."""
    if not isinstance(value, str):
        return ""
    text = value[: 4 * MAX_TEXT]
    if "&" in text:
        text = html.unescape(text)
    if not text.isprintable():
        text = _SURROGATE.sub("\ufffd", _UNFIT.sub("", text))
    return " ".join(text.split())[:MAX_TEXT].rstrip()


def clean_url(value: object, base: str) -> str:
    """The value as an absolute http(s) URL against `base`; empty where it is none."""
    text = clean_text(value)
    if not text or len(text) >= MAX_TEXT:
        return ""
    if _PLAIN_URL.fullmatch(text):
        return text
    try:
        url = _joined(base, text.replace(" ", "%20"))
    except ValueError:
        return ""
    if url.lower().startswith(("http://", "https://")):
        return url
    # Without a base (a file on disk) a relative URL is kept as it is.
    return url if not base and not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", url) else ""


def _joined(base: str, url: str) -> str:
    """As `urljoin`, which drops an empty query (rule U1)."""
    before, has_fragment, fragment = url.partition("#")
    path, has_query, query = before.partition("?")
    if query or not has_query:
        return urljoin(base, url)
    return urljoin(base, f"{path}?0")[:-1] + has_fragment + fragment

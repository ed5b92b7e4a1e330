"""The fragment of an address that takes another's place (rule E5)."""

from __future__ import annotations

from crawler.rules.typed_urls import slip_of


def inherited(new: str, old: str) -> str:
    """A new address with the fragment of the old one, where it has none itself (RFC 9110, 10.2.2).

    A text that was typed in the place of an address (rule U9) has none, whatever stands behind a `#` in it.
    """
    fragment = old.strip().partition("#")[2]
    if not fragment or "#" in new or slip_of(old) is not None:
        return new
    return f"{new}#{fragment}"

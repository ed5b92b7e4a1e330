"""The fragment of an address that takes another's place (rule E5)."""

from __future__ import annotations


def inherited(new: str, old: str) -> str:
    """A new address with the fragment of the old one, where it has none itself (RFC 9110, 10.2.2)."""
    fragment = old.strip().partition("#")[2]
    return f"{new}#{fragment}" if fragment and "#" not in new else new

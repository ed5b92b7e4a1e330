"""A library that only some people need and that is not there."""

from __future__ import annotations


class MissingExtraError(Exception):
    """A library of an extra is not installed; the text says how to get it, or to do without."""

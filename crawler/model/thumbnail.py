"""A thumbnail: a small picture of an image, for an editor to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small JPEG of our own making, with its size in pixels; it holds no metadata."""

    width: int
    height: int
    jpeg: bytes


NO_THUMBNAILS: Mapping[tuple[str, str], Thumbnail] = MappingProxyType({})
"""The keys are the path of an article and a URL as it stands there."""

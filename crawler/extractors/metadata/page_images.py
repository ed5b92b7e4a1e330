"""The images that Open Graph names, in document order, with their sizes and texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crawler.extractors.metadata.open_graph import Property

_PICTURE = frozenset({"og:image", "og:image:url"})
_SECURE = "og:image:secure_url"
_PIXELS = re.compile(r"(\d{1,5})(?:\.\d*)?\s*(?:px)?", re.IGNORECASE)


@dataclass(slots=True)
class Picture:
    """One picture: its URLs as written, the https form first; size in pixels and text where the page states them."""

    source: str
    urls: list[str]
    width: int | None = None
    height: int | None = None
    alt: str | None = None


def read_pictures(properties: Iterable[Property]) -> tuple[Picture, ...]:
    """The pictures; `secure_url`, `width`, `height` and `alt` belong to the `og:image` before them."""
    found: list[Picture] = []
    for one in properties:
        if one.name in _PICTURE:
            if not _is_repeated(found, one):
                found.append(Picture(one.source, [one.value]))
        elif one.name == _SECURE and not found:
            found.append(Picture(one.source, [one.value]))
        elif found and one.name.startswith("og:image:") and one.source == found[-1].source:
            _describe(found[-1], one)
    return tuple(found)


def pixels(text: object) -> int | None:
    """A size as pages write it (`1200`, `"1200px"`, `630.0`); None for anything else."""
    match = (
        _PIXELS.fullmatch(str(text).strip()[:20]) if isinstance(text, str | int | float) else None
    )
    return int(match[1]) or None if match else None


def _is_repeated(found: list[Picture], one: Property) -> bool:
    """`og:image:url` means the same as the `og:image` before it."""
    return one.name != "og:image" and bool(found) and one.value in found[-1].urls


def _describe(picture: Picture, one: Property) -> None:
    if one.name == _SECURE:
        if one.value not in picture.urls:
            picture.urls.insert(0, one.value)
    elif one.name == "og:image:width":
        picture.width = picture.width or pixels(one.value)
    elif one.name == "og:image:height":
        picture.height = picture.height or pixels(one.value)
    elif one.name == "og:image:alt":
        picture.alt = picture.alt or one.value


def flat(pictures: Iterable[Picture]) -> Iterator[tuple[Picture, str]]:
    """Each URL with its picture, in order."""
    for picture in pictures:
        for url in picture.urls:
            yield picture, url

"""The bundled sample collection: where it is, and the answers that its files expect of the web.

It is read here with a plain YAML loader, not with `crawler.content`, so that the demonstration
checks the reader too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import yaml

from crawler.demonstration.scripted_answers import Story

COLLECTION = Path(__file__).parent / "collection"
SITE = "https://stories.collection.example/"
"""The site of the collection's `_config.yml`."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FENCE = "---"


class Kind(Enum):
    """The kind of resource that the collection expects at a URL."""

    PAGE = auto()
    AMP = auto()
    IMAGE = auto()
    FILE = auto()
    """A local image; its URL is the file's path."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A URL of the collection with the fields of its article.

    `story` is the article's, with its AMP address; `web` its web URL; `size` the declared one.
    """

    url: str
    kind: Kind
    story: Story
    web: str | None = None
    size: tuple[int, int] | None = None


def mentions(folder: Path = COLLECTION) -> Iterator[Mention]:
    """Every URL in the front matter of the collection's readable files, in file order."""
    for path in sorted(folder.rglob("*.md")):
        article = front_matter(path)
        if article is not None:
            yield from _of_article(article, path, folder)


def front_matter(path: Path) -> dict[str, Any] | None:
    """The mapping between the two fences; None where there is none or it is no YAML."""
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    if lines[0] != _FENCE:
        return None
    end = lines.index(_FENCE, 1)
    try:
        loaded = yaml.load("\n".join(lines[1:end]), Loader=_LOADER)  # noqa: S506 (a safe loader)
    except yaml.YAMLError:
        return None
    return loaded if isinstance(loaded, dict) else None


def _of_article(article: dict[str, Any], path: Path, folder: Path) -> Iterator[Mention]:
    story, web = _story(article), article.get("webUrl") or article.get("originalUrl")
    for key, kind in (
        ("originalUrl", Kind.PAGE),
        ("webUrl", Kind.PAGE),
        ("ampWebUrl", Kind.AMP),
        ("cdnAmpWebUrl", Kind.AMP),
    ):
        if key in article:
            yield Mention(article[key], kind, story, web)
    for holder in (article, article["provider"]):
        for image in holder.get("images", ()):
            size = (image["width"], image["height"]) if "width" in image else None
            url = image["url"]
            local = _local(url, path, folder)
            if local is not None:
                yield Mention(local, Kind.FILE, story, size=size)
            else:
                yield Mention(urljoin(SITE, url), Kind.IMAGE, story, size=size)
    for other in article.get("related", ()):
        yield from _of_article(other, path, folder)


def _local(url: str, path: Path, folder: Path) -> str | None:
    """The path of the local image at a URL, None for none."""
    place = folder / url[1:] if url.startswith("/") else path.parent / url
    if "://" in url or not place.is_file():
        return None
    return place.resolve().relative_to(folder.resolve()).as_posix()


def _story(article: dict[str, Any]) -> Story:
    published = article["publishedDateTime"]
    assert isinstance(published, datetime)
    return Story(
        title=article["title"],
        excerpt=article["excerpt"],
        published=published.astimezone(UTC).isoformat(),
        site=article["provider"]["name"],
        amphtml=article.get("ampWebUrl"),
    )

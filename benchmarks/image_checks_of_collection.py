"""Run the image checks over every article of a folder, each declared size taken as measured, and count.

    python benchmarks/image_checks_of_collection.py FOLDER [FOLDER …] [--shared]

Nothing is fetched: the images are what the files say, then what servers plausibly make of them. Prints for
each case the findings by code and level, how many articles have something to do, and the most lines that one
article gets. `--shared` lists the images that count as placeholders for being on many articles.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from crawler.content import Read, Repository, read_site
from crawler.model.article import Article
from crawler.model.check import KnownArticle, Level, LinkedReference
from crawler.model.link import Link
from crawler.model.observation import ImageFacts
from crawler.model.reference import Declared, Reference, Scope
from crawler.model.verdict import Verdict, VerdictKind
from crawler.operations.shared_images import shared_images
from crawler.rules.image.image_checks import image_checks
from crawler.rules.image.image_formats import FORMATS, named_otherwise
from crawler.rules.image.image_uses import SharedImages
from crawler.rules.policy import ImagePolicy

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ALIVE = Verdict(VerdictKind.ALIVE, "http-200", "answered")
INVALID = Verdict(VerdictKind.INVALID, "relative-url", "relative-url")
Server = Callable[[Declared], ImageFacts]


def as_declared(declared: Declared) -> ImageFacts:
    """The server sends what the file says."""
    return ImageFacts("JPEG", declared.width, declared.height, 120_000, 16_384)


def at_most_1024(declared: Declared) -> ImageFacts:
    """The server scales wider images down, rounding the height."""
    width, height = declared.width or 0, declared.height or 0
    scale = min(1.0, 1024 / width) if width else 1.0
    return ImageFacts("JPEG", round(width * scale), round(height * scale), 120_000, 16_384)


def square(declared: Declared) -> ImageFacts:
    """The server crops to a square."""
    side = min(declared.width or 0, declared.height or 0)
    return ImageFacts("JPEG", side, side, 120_000, 16_384)


def negotiated(declared: Declared) -> ImageFacts:
    """The server sends WebP, and says so, whatever the name is."""
    return replace(as_declared(declared), type="WEBP", served_type="image/webp")


def careless(declared: Declared) -> ImageFacts:
    """The server does not say what it sends, and sends originals: 4 bits a pixel, as good JPEGs have."""
    pixels = (declared.width or 0) * (declared.height or 0)
    return replace(as_declared(declared), bytes=pixels // 2, served_type="application/octet-stream")


SERVERS: tuple[Server, ...] = (as_declared, at_most_1024, square, negotiated, careless)


def known(article: Article, server: Server) -> KnownArticle:
    """An article whose images have all answered as the server does."""
    own = tuple(linked(one, server) for one in article.references if one.scope is Scope.OWN)
    day = article.published.date() if article.published else None
    return KnownArticle(article.path, article.title, article.excerpt, day, None, own)


def linked(reference: Reference, server: Server) -> LinkedReference:
    """A reference whose image is of the format that its name says."""
    if reference.invalid is not None or not reference.role.is_image:
        return LinkedReference(reference, Link(1, reference.url, _verdict(reference)))
    seen = server(reference.declared)
    if seen.type == "JPEG" and named_otherwise(seen.type or "", reference.url):
        fitting = (kind for kind in sorted(FORMATS) if not named_otherwise(kind, reference.url))
        seen = replace(seen, type=next(fitting, "PNG"))
    return LinkedReference(reference, Link(1, reference.url, ALIVE, image=seen))


def _verdict(reference: Reference) -> Verdict:
    return INVALID if reference.invalid is not None else ALIVE


def articles_of(folder: Path) -> Iterator[Article]:
    """Every article file that can be read."""
    for found in Repository(folder, site=read_site(folder)).scan({}):
        if isinstance(found, Read):
            yield found.article


def show(name: str, articles: list[KnownArticle], shared: SharedImages) -> None:
    """Print the counts of one case."""
    counts: Counter[tuple[str, Level]] = Counter()
    lines: list[int] = []
    to_do = 0
    for article in articles:
        found = image_checks(article.own, ImagePolicy(), NOW, shared)
        counts.update((one.reason, one.level) for one in found)
        lines.append(len(found))
        to_do += any(one.level is not Level.INFO for one in found)
    print(
        f"  {name}: {to_do:,} of {len(articles):,} articles need a look, at most {max(lines)} lines"
    )
    for (code, level), amount in sorted(counts.items()):
        print(f"    {level.value:8}{code:22}{amount:7,}")


def main() -> None:
    """Read the arguments and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--shared", action="store_true")
    options = parser.parse_args()
    for folder in options.folders:
        read = list(articles_of(folder))
        print(folder.name)
        shared = shared_images((known(one, as_declared) for one in read), ImagePolicy())
        for server in SERVERS:
            show(server.__name__, [known(one, server) for one in read], shared)
        if options.shared:
            for image, pages in sorted(shared.pages.items(), key=lambda row: -row[1]):
                print(f"    {pages:5,} {image}")


if __name__ == "__main__":
    main()

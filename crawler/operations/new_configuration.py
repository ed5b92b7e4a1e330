"""The text of a new `.linkhealth.yml`: what a look at a collection found, each line with its reason (docs/fields.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crawler.configuration import FILE_NAME
from crawler.configuration.field_options import DEEPEST_WAY, LONGEST_KEY
from crawler.content import MOST_LOOKED_AT, Detection, Repository, detect, read_site
from crawler.content.generators import SiteProject, project_of
from crawler.content.scalars import DOUBLE, PLAIN, scalar_text
from crawler.model.field_map import MAPPED_ROLES, TextField, Way, in_words, way_of
from crawler.model.role import Role

_NO_ARTICLES: Final = (
    "404.md",
    "404.html",
    "feed.xml",
    "atom.xml",
    "sitemap.xml",
    "search.json",
    "search.html",
)
"""Pages that many sites have at their root and nobody reads as articles."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was found in a collection: its site, where it is known, the fields of its files, and files that are no
    articles."""

    project: SiteProject | None
    detection: Detection
    address: str | None
    left_out: tuple[str, ...] = ()


def look_at(root: Path) -> Look:
    """Look at a collection; nothing is written, and no state is made."""
    site = read_site(root)
    repository = Repository(root, site=site)
    paths, is_whole = repository.sample(MOST_LOOKED_AT)
    project = project_of(root)
    detection = detect(
        repository.begun(paths),
        is_whole=is_whole,
        has_site=repository.address is not None,
        has_plain_pages=project is not None and project.has_plain_pages,
    )
    files = [name for name in _NO_ARTICLES if (root / name).is_file()]
    return Look(project, detection, site.address, tuple(files))


def text_of(look: Look) -> str:
    """The whole file."""
    parts = (
        _head(look),
        _site(look),
        _fields(look.detection),
        _body(look.detection),
        _left_out(look),
        _rest(),
    )
    return "\n".join("\n".join(lines) + "\n" for lines in map(list, parts))


def _head(look: Look) -> Iterator[str]:
    found = look.detection
    yield f"# How linkhealth reads and checks this collection. Written by `linkhealth init` after a look at {found.looked_at:,}"
    yield f"# of its files{'' if found.is_whole else ' (there are more)'}; change or take out what is not right. All options: docs/configuration.md."
    if look.project is not None:
        yield f"# Generator: {look.project.generator} (by {look.project.name})."


def _site(look: Look) -> Iterator[str]:
    yield "# Where the site is published: addresses like /about/ start there, and the owners of other sites see it in our visits."
    if look.address is not None:
        yield f"site_url: {_quoted(look.address)}"
    else:
        yield "# site_url: https://www.example.org"
    yield "# Whom they can ask instead:"
    yield "# contact_url: mailto:you@example.org"


def _fields(found: Detection) -> Iterator[str]:
    if not found.fields.is_foreign:
        yield "# The articles have the project's own names (webUrl, images, …): nothing need be mapped."
        yield "# fields: no"
        return
    counts = dict(found.counts)
    places = [
        (role, way)
        for role in MAPPED_ROLES
        for way, of in found.fields.places
        if of is role and _is_writable(way)
    ]
    texts = [
        (field, way)
        for field in TextField
        for way, of in found.fields.texts
        if of is field and _is_writable(way)
    ]
    unnamed = [(way, count) for way, count in found.unnamed if _is_writable(way)]
    yield "# What is read in the front matter, and under which names it stands there."
    if places or texts:
        yield "fields:"
    else:
        yield "# No address was found there under a name that says what it is."
        yield "# fields:"
        yield "#   link: [link]"
        yield "#   image: [cover.image]"
    for name in dict.fromkeys(name for name, _ in (*places, *texts)):
        yield f"  {name}:"
        for way in [way for of, way in (*places, *texts) if of is name]:
            yield f"    - {_way(way)}{_files(counts.get(way))}"
    if any(role is Role.LINK for role, _ in places):
        yield "  # A link is visited and nothing is compared. Where a field names the very page that the article is of, move it to web:"
        yield "  # title, day and excerpt of the article are then compared with that page."
        yield f"  # web: {_way(next(way for role, way in places if role is Role.LINK))}"
    if unnamed:
        yield "  # Other fields that hold addresses; put those that are to be visited under link or image:"
        for way, count in unnamed:
            yield f"  #   - {_way(way)}{_files(count)}"


def _body(found: Detection) -> Iterator[str]:
    yield f"# The links of the text below the front matter ({found.texts:,} of the files have some): yes, no, or auto, which reads them"
    yield "# where the front matter names no page that the article is of."
    yield "body: auto"


def _left_out(look: Look) -> Iterator[str]:
    yield "# What is no article, besides what is built, hidden, a template or ignored by Git:"
    if not look.left_out:
        yield "# exclude:"
        yield "#   - drafts/*"
        return
    yield "exclude:"
    yield from (f"  - {_quoted(name)}" for name in look.left_out)


def _rest() -> Iterator[str]:
    yield "# Where the findings go: own writes a block into each article, problems only where there is something to do, no leaves"
    yield "# the files alone."
    yield "write_back: own"


def _is_writable(way: Way) -> bool:
    """Whether a way can be written into the file and is read again as it is."""
    return (
        len(way) <= DEEPEST_WAY
        and way_of(in_words(way)) == way
        and all(key and key.isprintable() and len(key) <= LONGEST_KEY for key in way)
    )


def _files(count: int | None) -> str:
    return "" if count is None else f"  # {count:,} {'file' if count == 1 else 'files'}"


def _way(way: Way) -> str:
    return _quoted(in_words(way))


def _quoted(text: str) -> str:
    """A text as YAML, on one line: what a file says is never a comment or a key of ours."""
    return scalar_text(text, PLAIN if text.isascii() and text.isprintable() else DOUBLE)


def told(look: Look) -> Iterator[str]:
    """What was found, in a few lines for the terminal."""
    if look.project is not None:
        yield f"{look.project.generator}, by {look.project.name}"
    yield f"site: {look.address or 'not known; set site_url'}"
    found = look.detection
    yield found.sentence() or (
        "reads: the project's own names"
        if not found.fields.is_foreign
        else f"reads: nothing yet; say under `fields` in {FILE_NAME} which field holds an address"
    )

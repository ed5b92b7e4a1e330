"""The addresses at which a generator publishes a file, by its path, its front matter and the site's settings (rule K7).

More addresses than one are given where a theme or an older version may choose: they say that a page is there, so one too
many does no harm. The shape of an address says the opposite, that a page should be there; only patterns of the site's own
settings give one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from crawler.content.generators import Generator, Settings

Fields = Mapping[str, Sequence[str]]
"""Front matter as far as addresses depend on it: texts by key, several for a list."""

FIELDS: Final = (
    "permalink", "url", "slug", "date", "title", "aliases", "redirect_from", "category", "categories",
)  # fmt: skip

_STYLES: Final = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_POST = re.compile(
    r"(?P<above>.*/|)_posts/(?:.*/)?(?P<day>\d{4}-\d{1,2}-\d{1,2})-(?P<name>[^/]+)\.[^./]+"
)
_OF_COLLECTION = re.compile(r"_(?P<collection>[^/_][^/]*)/(?P<path>.+)\.[^./]+")
_HIDDEN = re.compile(r"(?:^|/)_")
_TOKEN = re.compile(r":([a-z_]+)")
_DATED_NAME = re.compile(r"\d{4}-\d{1,2}-\d{1,2}-(?=[^/]+$)")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_EXTENSION = re.compile(r"\.[^./]+$")
_INDEX = re.compile(r"(?:^|/)(?:_?index|README)$")
_NOT_URLIZED = re.compile(r"[^\w./-]+")
_DATED: Final = frozenset(("year", "month", "day", "i_month", "i_day", "short_year", "y_day"))
_NUMBERS: Final = {
    "year": r"\d{4}",
    "month": r"\d\d",
    "day": r"\d\d",
    "y_day": r"\d{3}",
    "short_year": r"\d\d",
}
_LAST: Final = frozenset(
    ("title", "slug", "slugorfilename", "filename", "contentbasename", "slugorcontentbasename")
)
_NAME: Final = r"(?=[^/]*[^\W\d_])[^/]+"
"""The last name of a page: it has a letter, which a day, a month and a number of a list's page have not."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a site: `path` below the folder of its configuration, POSIX."""

    path: str
    fields: Fields


def addresses(file: SourceFile, generator: Generator | None, settings: Settings) -> Iterator[str]:
    """The paths of a file's page on its site, beginning with a slash."""
    fields = file.fields
    yield from _said(fields, "permalink", "url")
    if generator is Generator.JEKYLL:
        yield from _of_jekyll(file, settings)
    for path in _below_content(file.path, generator, settings):
        if generator is Generator.JEKYLL and _HIDDEN.search(path):
            # Only patterns publish what is below `_posts` and its like.
            continue
        stem = _EXTENSION.sub("", path)
        if generator is Generator.HUGO:
            yield from _in_languages(file.path, stem, fields, settings)
        else:
            yield from _of_page(stem, fields, generator, settings)
    yield from _said(fields, "aliases", "redirect_from")


def _of_page(
    stem: str, fields: Fields, generator: Generator | None, settings: Settings
) -> Iterator[str]:
    """The addresses of a page by its path below the content, without the extension."""
    patterned = list(_by_pattern(stem, fields, generator, settings))
    slugs = [
        slug if slug.startswith("/") else _beside(stem, slug) for slug in fields.get("slug", ())
    ]
    yield from patterned
    yield from (address for slug in slugs for address in _of_stem(slug))
    if generator is Generator.HUGO and (patterned or slugs):
        return
    yield from _of_stem(stem)
    plain = _DATED_NAME.sub("", stem)
    if plain != stem:
        yield from _of_stem(plain)


def _said(fields: Fields, *names: str) -> Iterator[str]:
    """Addresses that the front matter gives as they are."""
    for name in names:
        yield from (
            text for text in fields.get(name, ()) if text.startswith("/") and ":" not in text
        )


def shapes(generator: Generator | None, settings: Settings) -> list[re.Pattern[str]]:
    """The shapes of addresses under which there is a page, or none at all: patterns with a year, by the settings."""
    patterns: list[str] = []
    if generator is Generator.JEKYLL:
        patterns = [_jekyll_pattern(settings)]
    elif generator is Generator.HUGO:
        patterns = list(_hugo_permalinks(settings).values())
    return [shape for pattern in patterns if (shape := _shape(pattern)) is not None]


def _of_stem(stem: str) -> Iterator[str]:
    folder = _INDEX.sub("", stem).strip("/")
    if folder != stem.strip("/"):
        yield f"/{folder}/" if folder else "/"
    yield f"/{stem.strip('/')}/"


def _beside(stem: str, slug: str) -> str:
    stem = _INDEX.sub("", stem)
    return f"{stem.rpartition('/')[0]}/{slug}"


_FOLDERS: Final[Mapping[Generator | None, tuple[str, ...]]] = {
    Generator.JEKYLL: ("",),
    Generator.HEXO: ("source/_posts", "source"),
    Generator.ZOLA: ("content",),
    Generator.ASTRO: ("src/pages", "src/content", "src/data"),
    Generator.MDBOOK: ("src",),
    Generator.DOCUSAURUS: ("", "docs", "blog", "src/pages"),
    Generator.PELICAN: ("content", "content/pages"),
}
_ANY_FOLDER: Final = ("", "content", "docs", "src", "source", "input", "pages", "posts")


def _below_content(path: str, generator: Generator | None, settings: Settings) -> Iterator[str]:
    """The path below each folder that may be the root of the site's pages."""
    folders = _FOLDERS.get(generator, _ANY_FOLDER)
    if generator is Generator.HUGO:
        # The folder of a language goes before the one that it lies in.
        languages = (folder for folder, _ in _hugo_languages(settings) if folder)
        folders = (*languages, _text(settings, "contentdir") or "content")
    elif generator is Generator.MKDOCS:
        folders = (_text(settings, "docs_dir") or "docs",)
    for folder in folders:
        if not folder:
            yield path
        elif path.startswith(f"{folder}/"):
            yield path[len(folder) + 1 :]


# -------------------------------------------------------------------------------------- Jekyll


def _jekyll_pattern(settings: Settings) -> str:
    said = settings.get("permalink")
    return _STYLES.get(said, said) if isinstance(said, str) and said else _STYLES["date"]


def _of_jekyll(file: SourceFile, settings: Settings) -> Iterator[str]:
    post, member = _POST.fullmatch(file.path), _OF_COLLECTION.fullmatch(file.path)
    said = [*file.fields.get("permalink", ()), *_defaults(file.path, settings)]
    if post is not None:
        values = _values(file.fields, post["day"], post["name"])
        above = [part for part in post["above"].split("/") if part]
        own = [
            _urlized(one) for key in ("categories", "category") for one in file.fields.get(key, ())
        ]
        for categories in dict.fromkeys(("/".join((*above, *own)), "/".join(own), "")):
            for pattern in (*said, _jekyll_pattern(settings)):
                yield from _filled(
                    _STYLES.get(pattern, pattern), {**values, "categories": categories}
                )
    elif member is not None:
        values = _values(file.fields, "", member["path"].rpartition("/")[2])
        values |= {"collection": member["collection"], "path": member["path"]}
        for pattern in (*said, *_of_member(member["collection"], settings)):
            yield from _filled(pattern, values)
    else:
        folder, _, name = _EXTENSION.sub("", file.path).rpartition("/")
        for pattern in said:
            yield from _filled(pattern, {"path": folder, "basename": name, "output_ext": ".html"})


def _of_member(name: str, settings: Settings) -> Iterator[str]:
    """The patterns of a collection's files: its own, and Jekyll's."""
    collections = settings.get("collections")
    found = collections.get(name) if isinstance(collections, dict) else None
    permalink = found.get("permalink") if isinstance(found, dict) else None
    if isinstance(permalink, str):
        yield permalink
    yield "/:collection/:path/"


def _defaults(path: str, settings: Settings) -> Iterator[str]:
    """Permalinks that `defaults` of `_config.yml` give to the files of a folder or a type."""
    found = settings.get("defaults")
    for entry in found if isinstance(found, list) else ():
        scope, values = (
            (entry.get(key) for key in ("scope", "values"))
            if isinstance(entry, dict)
            else (None, None)
        )
        if not isinstance(scope, dict) or not isinstance(values, dict):
            continue
        folder, kind, permalink = (
            str(scope.get("path") or ""),
            scope.get("type"),
            values.get("permalink"),
        )
        is_of_kind = kind is None or f"_{kind}/" in f"/{path}"
        if isinstance(permalink, str) and path.startswith(folder.strip("/*")) and is_of_kind:
            yield permalink


# ---------------------------------------------------------------------------------------- Hugo


def _in_languages(path: str, stem: str, fields: Fields, settings: Settings) -> Iterator[str]:
    """The addresses of a page of Hugo's: below the language that its folder or its name (`a.fr.md`) is of, and without,
    as the pages of the default language stand."""
    of_file = ""
    for folder, language in _hugo_languages(settings):
        if folder and path.startswith(f"{folder}/"):
            of_file = language
        elif stem.lower().endswith(f".{language}"):
            stem, of_file = stem[: -len(language) - 1], language
    for address in _of_page(stem, fields, Generator.HUGO, settings):
        yield address
        if of_file:
            yield f"/{of_file}{address}"


def _hugo_languages(settings: Settings) -> Iterator[tuple[str, str]]:
    """The folder of each language, empty where it has none of its own, and the language's code in lower case."""
    found = settings.get("languages")
    for language, values in found.items() if isinstance(found, dict) else ():
        if not language:
            continue
        own = values.items() if isinstance(values, dict) else ()
        yield _text({key.lower(): value for key, value in own}, "contentdir"), language.lower()


def _hugo_permalinks(settings: Settings) -> dict[str, str]:
    """Patterns by section; `page` in newer versions holds those of pages."""
    found = settings.get("permalinks")
    if not isinstance(found, dict):
        return {}
    inner = found.get("page")
    pages = {**found, **inner} if isinstance(inner, dict) else found
    return {key: text for key, text in pages.items() if isinstance(text, str)}


def _by_pattern(
    stem: str, fields: Fields, generator: Generator | None, settings: Settings
) -> Iterator[str]:
    """The addresses by a pattern of Hugo's sections or of Hexo."""
    plain = _INDEX.sub("", _DATED_NAME.sub("", stem))
    folder, _, name = plain.rpartition("/")
    section = plain.partition("/")[0] if folder else ""
    values = _values(fields, "", name)
    slug = values["slug"]
    values |= {
        "section": section, "sections": folder, "filename": name, "contentbasename": name,
        "slugorfilename": slug, "slugorcontentbasename": slug,
    }  # fmt: skip
    if generator is Generator.HEXO:
        said = settings.get("permalink")
        pattern = said if isinstance(said, str) and said else ":year/:month/:day/:title/"
        yield from _filled(pattern, values | {"title": name})
    elif generator is Generator.HUGO:
        pattern = _hugo_permalinks(settings).get(section or "/", "")
        titles = (
            (*map(_urlized, fields.get("title", ())), name, slug)
            if ":title" in pattern
            else (slug,)
        )
        for title in dict.fromkeys(titles) if pattern else ():
            yield from _filled(pattern, {**values, "title": title})


# --------------------------------------------------------------------------------------- both


def _values(fields: Fields, day: str, name: str) -> dict[str, str]:
    """What the tokens of a pattern stand for; a day in the front matter goes before one in the file's name."""
    said = next(iter(fields.get("date", ())), "")
    found = _DAY.match(said) or _DAY.match(day)
    slug = next(iter(fields.get("slug", ())), name)
    values = {"title": slug, "slug": slug, "name": name, "output_ext": ".html"}
    if found is not None:
        year, month, number = (int(part) for part in found.groups())
        try:
            of_year = f"{date(year, month, number).timetuple().tm_yday:03}"
        except ValueError:
            return values
        values |= {
            "year": f"{year:04}", "month": f"{month:02}", "day": f"{number:02}", "i_month": str(month),
            "i_day": str(number), "short_year": f"{year % 100:02}", "y_day": of_year,
        }  # fmt: skip
    return values


def _filled(pattern: str, values: Mapping[str, str]) -> Iterator[str]:
    """The address of a pattern; none where it has a token that nobody knows here."""
    if all(token in values for token in _TOKEN.findall(pattern)):
        yield re.sub("/{2,}", "/", "/" + _TOKEN.sub(lambda token: values[token[1]], pattern))


def _shape(pattern: str) -> re.Pattern[str] | None:
    """The shape of the addresses of a pattern that has a year and ends with the page's own name."""
    tokens = _TOKEN.findall(pattern)
    if (
        not tokens
        or tokens[-1] not in _LAST | {"output_ext"}
        or _DATED.isdisjoint(tokens)
        or "year" not in tokens
    ):
        return None
    parts = []
    for index, text in enumerate(_TOKEN.split(pattern.strip("/"))):
        if index % 2 == 0:
            parts.append(re.escape(text))
        elif text == "categories":
            parts.append("(?:[^/]+/)*?")
        elif text in _LAST:
            parts.append(_NAME)
        else:
            parts.append(_NUMBERS.get(text, "" if text == "output_ext" else r"[^/]+"))
    return re.compile("".join(parts).replace("(?:[^/]+/)*?/", "(?:[^/]+/)*?"))


def _urlized(text: str) -> str:
    """A text as a part of an address, as Jekyll and Hugo make it, roughly."""
    return _NOT_URLIZED.sub("-", text.strip().lower()).strip("-")


def _text(settings: Settings, key: str) -> str:
    found: Any = settings.get(key)
    return found.strip("/") if isinstance(found, str) else ""

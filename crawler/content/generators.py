"""The generator of a site, by its own configuration: what it is, and the site's address (rule K4).

Configurations are read, never run: of a program in JavaScript or Python only what stands there in one line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

from crawler import files
from crawler.content import nodes, toml_bounds
from crawler.content.nodes import Node, Scalar, TreeError

LARGEST_CONFIGURATION: Final = 1_000_000
_LONGEST_LINE: Final = 10_000
_HIGHEST: Final = 4
"""Folders above the content in which a configuration is looked for, within its repository."""
_CONTENT_FOLDERS: Final = frozenset(
    ("content", "docs", "src", "source", "_posts", "posts", "pages")
)
"""Without a repository, the configuration may stand beside a folder of these names."""
_TOP_LINE = re.compile(r"^([A-Za-z_][\w-]*)[ \t]*:[^\r\n]*", re.MULTILINE)
_JS_LINE = re.compile(
    r"^[ \t]*(?:export[ \t]+const[ \t]+|const[ \t]+|export[ \t]+default[ \t]+(?:defineConfig\([ \t]*)?\{[ \t]*)?(site|base|url|baseUrl|siteUrl|SITEURL)[ \t]*[:=][ \t]*"
    r"""["'`]([^"'`\r\n]{1,500})["'`]""",
    re.MULTILINE,
)
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"https?://(?:(?:[\w-]+\.)*example\.(?:com|org|net)|localhost|127\.|0\.0\.0\.0|"
    r"(?:www\.)?(?:your|my)[-_]?(?:domain|site|docusaurus[\w-]*|username)\b)",
    re.IGNORECASE,
)
"""Addresses that templates of new sites have in the place of one."""

Settings = Mapping[str, Any]
"""A configuration as plain values: texts, lists and mappings, by key in lower case at the top."""


class Generator(StrEnum):
    """The generators that are recognised."""

    JEKYLL = "Jekyll"
    HEXO = "Hexo"
    HUGO = "Hugo"
    ZOLA = "Zola"
    ELEVENTY = "Eleventy"
    ASTRO = "Astro"
    MKDOCS = "MkDocs"
    MDBOOK = "mdBook"
    DOCUSAURUS = "Docusaurus"
    VITEPRESS = "VitePress"
    GATSBY = "Gatsby"
    PELICAN = "Pelican"


@dataclass(frozen=True, slots=True)
class SiteProject:
    """A site by its configuration: the file that was found, in which folder, and its values.

    `address` is the site's own, with its path; None where it says none, or one of a template.
    """

    generator: Generator
    folder: Path
    name: str
    settings: Settings = field(default_factory=dict, compare=False, repr=False)
    address: str | None = None

    @property
    def has_plain_pages(self) -> bool:
        """Whether Markdown without front matter is published as any other (rule K6)."""
        return self.generator in _PLAIN_PAGES


_PLAIN_PAGES: Final = frozenset(
    (Generator.MKDOCS, Generator.MDBOOK, Generator.DOCUSAURUS, Generator.VITEPRESS)
)
_SUFFIXES: Final = ("toml", "yaml", "yml", "json")
_SCRIPTS: Final = ("js", "mjs", "cjs", "ts", "mts")


def _names() -> Iterator[tuple[str, Generator]]:
    """Names of configurations, the first that is there first."""
    yield "_config.yml", Generator.JEKYLL
    yield "_config.yaml", Generator.JEKYLL
    for stem in ("hugo", "config/_default/hugo"):
        yield from ((f"{stem}.{suffix}", Generator.HUGO) for suffix in _SUFFIXES)
    yield "mkdocs.yml", Generator.MKDOCS
    yield "mkdocs.yaml", Generator.MKDOCS
    yield "book.toml", Generator.MDBOOK
    for stem, generator in (
        ("astro.config", Generator.ASTRO),
        ("eleventy.config", Generator.ELEVENTY),
        ("docusaurus.config", Generator.DOCUSAURUS),
        (".vitepress/config", Generator.VITEPRESS),
        ("gatsby-config", Generator.GATSBY),
    ):
        yield from ((f"{stem}.{suffix}", generator) for suffix in _SCRIPTS)
    yield ".eleventy.js", Generator.ELEVENTY
    for stem in ("config", "config/_default/config"):
        yield from ((f"{stem}.{suffix}", Generator.HUGO) for suffix in _SUFFIXES)
    yield "pelicanconf.py", Generator.PELICAN


_NAMES: Final = tuple(_names())
_DATA_OF_ELEVENTY: Final = tuple(
    f"{folder}_data/{name}.{suffix}"
    for folder in ("", "src/", "content/")
    for name in ("site", "metadata", "meta")
    for suffix in ("json", "js", "cjs", "mjs", "yaml", "yml", "toml")
)


def project_of(root: Path) -> SiteProject | None:
    """The site that a collection is of: by a configuration in its folder, or a few above in its repository."""
    for folder in _folders(root):
        for name, generator in _NAMES:
            path = folder / name
            text = _text(path)
            if text is not None and (found := _project(folder, name, generator, text)) is not None:
                return found
    return None


def _folders(root: Path) -> Iterator[Path]:
    yield root
    above = list(islice(root.parents, _HIGHEST))
    if (root / ".git").exists():
        return
    for number, folder in enumerate(above):
        if (folder / ".git").exists():
            yield from above[: number + 1]
            return
    if root.name in _CONTENT_FOLDERS and above:
        yield above[0]


def _project(folder: Path, name: str, generator: Generator, text: str) -> SiteProject | None:
    settings = settings_in(name, text)
    if generator is Generator.JEKYLL and not settings.keys().isdisjoint(
        ("new_post_name", "source_dir")
    ):
        generator = Generator.HEXO
    if generator is Generator.HUGO and name.startswith("config."):
        if "base_url" in settings:
            generator = Generator.ZOLA
        elif settings.keys().isdisjoint(_HUGO_KEYS):
            return None
    address = _address(generator, settings, folder)
    return SiteProject(generator, folder, name, settings, address)


_HUGO_KEYS: Final = frozenset(
    ("baseurl", "languagecode", "theme", "title", "params", "markup", "module", "taxonomies")
)
_KEYS: Final[Mapping[Generator, tuple[str, str]]] = {
    Generator.JEKYLL: ("url", "baseurl"),
    Generator.HEXO: ("url", "root"),
    Generator.HUGO: ("baseurl", ""),
    Generator.ZOLA: ("base_url", ""),
    Generator.MKDOCS: ("site_url", ""),
    Generator.ASTRO: ("site", "base"),
    Generator.DOCUSAURUS: ("url", "baseurl"),
    Generator.GATSBY: ("siteurl", ""),
    Generator.PELICAN: ("siteurl", ""),
    Generator.ELEVENTY: ("url", ""),
}
"""The settings of a site's address and of its path."""


def _address(generator: Generator, settings: Settings, folder: Path) -> str | None:
    address, path = _KEYS.get(generator, ("", ""))
    if generator is Generator.ELEVENTY and address not in settings:
        settings = next(filter(None, (_of_data(folder / name) for name in _DATA_OF_ELEVENTY)), {})
    url = settings.get(address)
    if not isinstance(url, str) or not _ADDRESS.fullmatch(url) or _PLACEHOLDER.match(url):
        return None
    base = settings.get(path)
    base = base.strip("/") if isinstance(base, str) and "//" not in base else ""
    url = url.rstrip("/")
    return f"{url}/{base}" if base and not url.endswith(f"/{base}") else url


def _of_data(path: Path) -> Settings:
    """A site's data file, if it has an address."""
    text = _text(path)
    settings = {} if text is None else settings_in(path.name, text)
    return settings if isinstance(settings.get("url"), str) else {}


@lru_cache(maxsize=4)
def settings_in(name: str, text: str) -> Settings:
    """The values of a configuration, by the language that its name says. Never raises: what cannot be read has none."""
    suffix = name.rpartition(".")[2]
    try:
        if suffix == "toml":
            found: object = toml_bounds.loads(text)
        elif suffix == "json":
            found = json.loads(text)
        elif suffix in ("yaml", "yml"):
            return _of_yaml(text)
        else:
            return {key.lower(): value for key, value in reversed(_JS_LINE.findall(text))}
    except (ValueError, RecursionError):
        return {}
    return {key.lower(): value for key, value in found.items()} if isinstance(found, dict) else {}


def _of_yaml(text: str) -> Settings:
    """All values; where the whole cannot be read, as with aliases or tags of a program, those of single lines."""
    try:
        return _plain_mapping(nodes.parse(text).root)
    except TreeError:
        pass
    # Of lines with the same key the last one counts, and only that is parsed: there may be 100,000.
    lines = {line[1]: line[0] for line in _TOP_LINE.finditer(text)}
    found: dict[str, Any] = {}
    for line in islice(lines.values(), 1_000):
        try:
            found |= _plain_mapping(nodes.parse(line[:_LONGEST_LINE]).root)
        except TreeError:
            continue
    return found


def _plain_mapping(node: Node | None) -> dict[str, Any]:
    if not isinstance(node, nodes.Mapping):
        return {}
    return {key.lower(): _plain(value) for key, value in node.by_key.items()}


def _plain(node: Node) -> Any:
    """A value as texts, lists and mappings; None for null."""
    if isinstance(node, Scalar):
        return None if nodes.is_null(node) else node.value
    if isinstance(node, nodes.Sequence):
        return [_plain(item) for item in node.items]
    return {key: _plain(value) for key, value in node.by_key.items()}


def _text(path: Path) -> str | None:
    """The text of a configuration; None where there is none, or none that is plain."""
    try:
        with files.opened(path) as (descriptor, _):
            data = files.read_at_most(descriptor, LARGEST_CONFIGURATION + 1)
    except OSError:
        return None
    return _decoded(data) if len(data) <= LARGEST_CONFIGURATION else None


@lru_cache(maxsize=4)
def _decoded(data: bytes) -> str:
    return data.decode("utf-8-sig", "replace")

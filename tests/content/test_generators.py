"""The generator of a site by its configuration, and the site's address (rule K4)."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from crawler.content import read_site
from crawler.content.generators import Generator, project_of, settings_in

HUGO, MKDOCS = Generator.HUGO, Generator.MKDOCS


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "text", "generator", "address"),
    [
        ("_config.yml", "url: https://s.test\nbaseurl: /b/\n", Generator.JEKYLL, "https://s.test/b"),
        ("_config.yml", "url: ''\ntitle: x\n", Generator.JEKYLL, None),
        ("_config.yml", "url: http://s.test\nsource_dir: src\n", Generator.HEXO, "http://s.test"),
        ("hugo.toml", 'baseURL = "https://s.test/blog/"\n', HUGO, "https://s.test/blog"),
        ("hugo.yaml", "baseURL: https://s.test/\n", HUGO, "https://s.test"),
        ("hugo.json", '{"baseURL": "https://s.test"}', HUGO, "https://s.test"),
        ("config.toml", "baseurl = 'https://s.test'\n", HUGO, "https://s.test"),
        ("config.toml", "base_url = 'https://s.test'\n", Generator.ZOLA, "https://s.test"),
        ("config/_default/hugo.toml", "baseURL = 'https://s.test/'\n", HUGO, "https://s.test"),
        ("hugo.toml", "baseURL = 'https://example.org/'\n", HUGO, None),
        ("hugo.toml", "baseURL = '/'\n", HUGO, None),
        ("hugo.toml", "baseURL = \n", HUGO, None),
        ("hugo.toml", "baseURL = ['x']\n", HUGO, None),
        (
            "mkdocs.yml",
            "x: !!python/name:materialx.twemoji\nsite_url: https://s.test/d/\n",
            MKDOCS,
            "https://s.test/d",
        ),
        ("mkdocs.yml", "a: &a [1]\nb: *a\nsite_url: https://s.test\n", MKDOCS, "https://s.test"),
        ("book.toml", "[book]\ntitle = 'x'\n", Generator.MDBOOK, None),
        (
            "astro.config.mjs",
            "export default defineConfig({\n  site: 'https://s.test',\n  base: '/b',\n});\n",
            Generator.ASTRO,
            "https://s.test/b",
        ),
        (
            "astro.config.mjs",
            "export default defineConfig({ site: 'https://s.test' });\n",
            Generator.ASTRO,
            "https://s.test",
        ),
        ("astro.config.mjs", "export default {site: 'https://s.test'};", Generator.ASTRO, "https://s.test"),
        ("astro.config.mjs", "// export default { site: 'https://s.test' }", Generator.ASTRO, None),
        ("astro.config.mjs", "integrations: [x({ site: 'https://s.test' })],", Generator.ASTRO, None),
        ("astro.config.mjs", "  site: process.env.SITE,\n", Generator.ASTRO, None),
        (
            "docusaurus.config.js",
            "  url: 'https://s.test',\n  baseUrl: '/d/',\n",
            Generator.DOCUSAURUS,
            "https://s.test/d",
        ),
        ("docusaurus.config.js", "  url: 'https://your-docusaurus-site.example.com',", Generator.DOCUSAURUS, None),
        ("pelicanconf.py", "SITEURL = 'https://s.test'\n", Generator.PELICAN, "https://s.test"),
        (".eleventy.js", "module.exports = {}\n", Generator.ELEVENTY, None),
    ],
)  # fmt: skip
def test_a_configuration_says_generator_and_address(
    name: str, text: str, generator: Generator, address: str | None, tmp_path: Path
) -> None:
    write(tmp_path, name, text)
    project = project_of(tmp_path)
    assert project is not None
    assert (project.generator, project.name, project.address) == (generator, name, address)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("config.toml", "[database]\nhost = 'x'\n"),
        ("config.json", '["baseURL"]'),
        ("package.json", "{}"),
        ("hugo.txt", "baseURL = 'https://s.test'"),
    ],
)
def test_what_is_no_configuration_of_a_site(name: str, text: str, tmp_path: Path) -> None:
    write(tmp_path, name, text)
    assert project_of(tmp_path) is None


def test_eleventy_keeps_its_address_among_its_data(tmp_path: Path) -> None:
    write(tmp_path, "eleventy.config.js", "export default function () {}\n")
    write(tmp_path, "_data/site.json", '{"name": "x"}')
    write(tmp_path, "_data/metadata.js", "export default {\n  url: 'https://s.test/',\n}\n")
    assert read_site(tmp_path).address == "https://s.test/"


def test_the_configuration_may_stand_above_the_content(tmp_path: Path) -> None:
    write(tmp_path, "hugo.toml", "baseURL = 'https://s.test/'\n")
    deep = tmp_path / "content" / "posts" / "2020"
    deep.mkdir(parents=True)
    assert project_of(tmp_path / "content") is not None
    assert project_of(deep) is None, "nobody says that the folders above belong to it"
    (tmp_path / ".git").mkdir()
    project = project_of(deep)
    assert project is not None
    assert project.folder == tmp_path
    assert read_site(deep).address == "https://s.test/"
    inner = tmp_path / "content" / "posts"
    (inner / ".git").mkdir()
    assert project_of(deep) is None, "a repository of its own"


def test_a_configuration_is_read_and_never_followed(tmp_path: Path) -> None:
    write(tmp_path, "elsewhere.toml", "baseURL = 'https://s.test'\n")
    (tmp_path / "hugo.toml").symlink_to("elsewhere.toml")
    os.mkfifo(tmp_path / "hugo.yaml")
    (tmp_path / "hugo.json").write_text(" " * 1_000_001 + "{}")
    assert project_of(tmp_path) is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hugo.json", "[" * 100_000),
        ("hugo.toml", "a = " + "[" * 100_000),
        ("hugo.toml", "a." * 400_000 + "b = 1"),
        ("hugo.yaml", "[" * 100_000),
        ("mkdocs.yml", "&a " * 30_000),
        ("mkdocs.yml", "key: [\n" * 100_000),
        ("astro.config.mjs", "site: '" + "x" * 900_000),
        ("astro.config.mjs", "site:" * 180_000),
        ("hugo.toml", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")),
    ],
)
def test_a_hostile_configuration_costs_little(name: str, text: str) -> None:
    begun = time.process_time()
    assert not settings_in(name, text).get("site")
    assert time.process_time() - begun < 5

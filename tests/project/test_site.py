"""The documentation as a site: built once, with warnings as errors; whole, and asking nobody for anything."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from tests.reporting.sample_page import chromium
from tests.time_limits import HANG

pytestmark = pytest.mark.process

PROJECT = Path(__file__).resolve().parents[2]
CONFIGURATION = PROJECT / "deploy" / "site" / "mkdocs.yml"
FETCHED = "//@src | //@srcset | //@poster | //object/@data | //link/@href | //use/@href"
"""What a browser asks for by itself."""


def build(configuration: Path, target: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            # With --quiet a warning would be no error: nobody would have heard it.
            *(sys.executable, "-m", "mkdocs", "build", "--strict"),
            *("--config-file", configuration, "--site-dir", target),
        ],
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site") / "site"
    built = build(CONFIGURATION, target)
    assert built.returncode == 0, built.stderr
    assert "WARNING" not in built.stderr
    return target


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, html.HtmlElement]:
    """Every page of the site by its path."""
    return {
        path.relative_to(site).as_posix(): html.fromstring(path.read_bytes())
        for path in site.rglob("*.html")
    }


def test_every_page_of_the_documentation_is_there(pages: dict[str, html.HtmlElement]) -> None:
    docs = PROJECT / "docs"
    expected = {
        re.sub(r"(^|/)README$", r"\1index", path.relative_to(docs).with_suffix("").as_posix())
        + ".html"
        for path in docs.rglob("*.md")
    }
    assert len(expected) > 80
    assert expected - pages.keys() == set()


def test_nothing_is_fetched_from_elsewhere(site: Path, pages: dict[str, html.HtmlElement]) -> None:
    fetched = {(name, value) for name, page in pages.items() for value in page.xpath(FETCHED)}
    assert len(fetched) > len(pages)
    assert [one for one in fetched if re.search(r"//", one[1])] == []
    for path in site.rglob("*.css"):
        assert (
            re.findall(r"(?:url\(|@import)[\s\"']*(?:https?:)?//[^)]*", path.read_text("utf-8"))
            == []
        )
    assert all("mermaid" not in (path.read_text("utf-8")) for path in site.glob("*.html"))


def test_a_bar_in_the_code_of_a_table_is_a_bar(pages: dict[str, html.HtmlElement]) -> None:
    cells = [code.text_content() for code in pages["commands.html"].xpath("//td/code")]
    assert "linkhealth inspect FILE|URL …" in cells
    assert [
        cell for page in pages.values() for cell in page.xpath("//td/code/text()") if "\\|" in cell
    ] == []


def test_every_link_within_the_site_leads_to_a_page_and_its_part(
    site: Path, pages: dict[str, html.HtmlElement]
) -> None:
    parts = {name: set(page.xpath("//@id | //a/@name")) for name, page in pages.items()}
    lost = []
    for name, page in pages.items():
        for link in set(page.xpath("//a/@href | //img/@src")):
            url = urlsplit(link)
            if url.scheme or url.netloc or name == "404.html":
                continue
            path = unquote(url.path)
            target = os.path.normpath(Path(name).parent / path) if path else name
            is_there = (site / target).is_file()
            if not is_there or (url.fragment and unquote(url.fragment) not in parts[target]):
                lost.append((name, link))
    assert lost == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("project/ARCHITECTURE.html", "Where to add"),
        ("project/examples/index.html", "Six small collections"),
        ("project/examples/jekyll.html", "never-written"),
        ("project/deploy/cron/linkhealth.cron.html", "flock"),
    ],
)
def test_what_stands_outside_of_docs_is_shown(
    name: str, text: str, pages: dict[str, html.HtmlElement]
) -> None:
    assert text in pages[name].text_content()


@pytest.mark.parametrize(
    ("page", "link", "place"),
    [
        ("docs/start/operators-night.md", "../state.md", "state.md"),
        ("docs/state.md", "../ARCHITECTURE.md", "project/ARCHITECTURE.md"),
        ("ARCHITECTURE.md", "docs/adr/", "adr/README.md"),
        ("ARCHITECTURE.md", "docs/pictures/light.png", "pictures/light.png"),
        ("docs/index.md", "../examples", "project/examples/README.md"),
        ("examples/README.md", "jekyll/", "project/examples/jekyll.md"),
        ("docs/index.md", "../LICENSE", "project/LICENSE.md"),
        (
            "docs/index.md",
            "../deploy/cron/linkhealth.cron",
            "project/deploy/cron/linkhealth.cron.md",
        ),
        (
            "docs/index.md",
            "../examples/hugo/static/img/cover.png",
            "project/examples/hugo/static/img/cover.png",
        ),
        ("docs/index.md", "../none.md", None),
        ("docs/index.md", "..", "project/README.md"),
        ("docs/index.md", "../../README.md", None),
        ("docs/index.md", "https", None),
    ],
)
def test_where_a_link_of_a_page_leads_in_the_site(page: str, link: str, place: str | None) -> None:
    spec = importlib.util.spec_from_file_location(
        "outside_pages", CONFIGURATION.with_name("outside_pages.py")
    )
    assert spec is not None
    assert spec.loader is not None
    hook = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hook)
    target = hook._target(PROJECT / page, link)
    assert place == (None if target is None else hook._place(target, PROJECT / "docs"))


BROKEN = """# Broken

[No page](nowhere.md), [no part](index.md#nowhere), [nothing outside](../none.md), [from the root](/index.md)
"""


def test_a_link_that_leads_nowhere_fails_the_build(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text(BROKEN, encoding="utf-8")
    own = tmp_path / "mkdocs.yml"
    own.write_text(
        f"INHERIT: {CONFIGURATION}\ndocs_dir: docs\nhooks: []\nnot_in_nav: ''\nnav: [index.md]\n"
        "theme: {name: mkdocs}\nplugins: []\n"
    )
    built = build(own, tmp_path / "site")
    assert built.returncode == 1
    for link in ("nowhere.md", "#nowhere", "../none.md", "/index.md"):
        assert link in built.stderr


@pytest.mark.browser
def test_it_opens_from_a_disk_and_searches_there(site: Path) -> None:
    asked: list[str] = []
    with chromium() as browser:
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto((site / "index.html").as_uri())
        page.click("input[name=query]")
        page.keyboard.type("resolver lies")
        page.wait_for_selector(".md-search-result__item", timeout=HANG * 1000)
        found = page.eval_on_selector_all(
            ".md-search-result__link", "all => all.map(one => one.href)"
        )
        page.click(".md-search-result__link")
        page.wait_for_url("**/outage.html**", timeout=HANG * 1000)
    assert any("/outage.html" in one for one in found)
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []

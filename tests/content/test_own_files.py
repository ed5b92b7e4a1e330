"""Links of a text within the collection: by files, by Jekyll's and Hugo's addresses, and what is missing (rule K7)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from crawler.content import Read, Repository, read_site
from crawler.model.field_map import FieldMap
from crawler.model.role import Role

FOREIGN = FieldMap(is_foreign=True, is_plain=True)
FILE, MISSING, RELATIVE = "local-file", "file-missing", "relative-url"
POST = "---\ntitle: {title}\n{more}---\n{text}\n"


def post(text: str = "", more: str = "", title: str = "T") -> str:
    return POST.format(title=title, more=more, text=text)


def make(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def resolved(
    root: Path, raw: str, article: str, site_url: str | None = None
) -> tuple[str, str | None]:
    repository = Repository(root, site=read_site(root, site_url), field_map=FOREIGN)
    found = repository.resolve_text(raw, article)
    return found.url, found.invalid


JEKYLL = {
    "_config.yml": "title: x\npermalink: /:year/:month/:day/:title/\ncollections:\n  recipes: {output: true, permalink: '/food/:path/'}\n",
    "_posts/2020-01-02-one.md": post(),
    "_posts/2020-01-03-two.md": post(more="categories: [Foo Bar]\n"),
    "news/_posts/2021-05-06-three.markdown": post(more="date: 2021-05-07 10:00:00\n"),
    "_posts/2020-02-03-four.md": post(more="permalink: /special/four.html\nredirect_from:\n  - /old-four/\n"),
    "_recipes/soup.md": post(),
    "about.md": post(more="permalink: /about-us/\n"),
    "contact.html": post(),
    "guides/index.md": post(),
    "files/paper.pdf": "x",
    "assets/logo.png": "x",
}  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("/2020/01/03/two/", ("_posts/2020-01-03-two.md", FILE)),
        ("/2020/01/03/two", ("_posts/2020-01-03-two.md", FILE)),
        ("/2020/01/03/two/index.html", ("_posts/2020-01-03-two.md", FILE)),
        ("/2020/01/03/two/?x=1#part", ("_posts/2020-01-03-two.md", FILE)),
        ("../../03/two/", ("_posts/2020-01-03-two.md", FILE)),
        ("/2021/05/07/three/", ("news/_posts/2021-05-06-three.markdown", FILE)),
        ("/2021/05/06/three/", ("2021/05/06/three/", MISSING)),
        ("/2020/01/04/none/", ("2020/01/04/none/", MISSING)),
        ("/special/four.html", ("_posts/2020-02-03-four.md", FILE)),
        ("/special/four", ("_posts/2020-02-03-four.md", FILE)),
        ("/old-four/", ("_posts/2020-02-03-four.md", FILE)),
        ("/food/soup/", ("_recipes/soup.md", FILE)),
        ("/about-us/", ("about.md", FILE)),
        ("/contact.html", ("contact.html", FILE)),
        ("/guides/", ("guides/index.md", FILE)),
        ("2020-01-03-two.md", ("_posts/2020-01-03-two.md", FILE)),
        ("2020-01-03-two.md#part", ("_posts/2020-01-03-two.md", FILE)),
        ("/_posts/2020-01-03-two.md", ("_posts/2020-01-03-two.md", FILE)),
        ("two.md", ("_posts/two.md", MISSING)),
        ("../about.md", ("about.md", FILE)),
        ("../gone.MD", ("gone.MD", MISSING)),
        ("/files/paper.pdf", ("files/paper.pdf", FILE)),
        ("/files/gone.pdf", ("files/gone.pdf", MISSING)),
        ("gone.zip", ("_posts/gone.zip", MISSING)),
        ("/nowhere/gone.pdf", ("/nowhere/gone.pdf", RELATIVE)),
        ("/assets/logo.png", ("assets/logo.png", FILE)),
        ("/assets/gone.png", ("assets/gone.png", "image-file-missing")),
        # What a plugin or a theme makes is nobody's file.
        ("/2020/01/", ("/2020/01/", RELATIVE)),
        ("/2020/01/03/", ("/2020/01/03/", RELATIVE)),
        ("/tags/x/", ("/tags/x/", RELATIVE)),
        ("/feed.xml", ("/feed.xml", RELATIVE)),
        ("/gone/", ("/gone/", RELATIVE)),
        ("/", ("/", RELATIVE)),
        ("?page=2", ("?page=2", RELATIVE)),
        ("../../outside.md", ("../../outside.md", RELATIVE)),
        ("https://a.test/2020/01/04/none/", ("https://a.test/2020/01/04/none/", None)),
        ("//a.test/x.md", ("https://a.test/x.md", None)),
        ("www.a.test/x.md", ("www.a.test/x.md", "no-scheme")),
    ],
)  # fmt: skip
def test_jekyll(raw: str, expected: tuple[str, str], tmp_path: Path) -> None:
    make(tmp_path, JEKYLL)
    assert resolved(tmp_path, raw, "_posts/2020-01-02-one.md") == expected


@pytest.mark.parametrize(
    ("permalink", "address", "shape"),
    [
        ("", "/foo-bar/2020/01/03/two.html", "/2020/01/09/none.html"),
        ("permalink: date", "/2020/01/03/two.html", "/some/2020/01/09/none.html"),
        ("permalink: pretty", "/foo-bar/2020/01/03/two/", "/2020/01/09/none/"),
        ("permalink: ordinal", "/foo-bar/2020/003/two.html", "/2020/009/none.html"),
        ("permalink: none", "/foo-bar/two.html", None),
        ("permalink: /blog/:title", "/blog/two", None),
        ("permalink: /:i_month-:short_year/:slug/", "/1-20/two/", None),
        ("permalink: /b/:year/:slug:output_ext", "/b/2020/two.html", "/b/2020/none.html"),
        (
            "defaults:\n  - scope: {path: '', type: posts}\n    values: {permalink: '/d/:title/'}",
            "/d/two/",
            "/2020/01/09/none.html",
        ),
    ],
)
def test_patterns_of_jekyll(
    permalink: str, address: str, shape: str | None, tmp_path: Path
) -> None:
    make(tmp_path, {**JEKYLL, "_config.yml": f"{permalink}\n"})
    two = ("_posts/2020-01-03-two.md", FILE)
    assert resolved(tmp_path, address, "about.md") == two
    none = shape or "/other/none/"
    found = resolved(tmp_path, none, "about.md")
    assert found[1] == (MISSING if shape else RELATIVE), found


HUGO = {
    "hugo.toml": 'baseURL = "https://me.test/blog/"\n',
    "content/posts/one.md": "+++\ntitle = 'One'\n+++\n",
    "content/posts/Two.md": post(more="aliases: [/old-two/, other]\n"),
    "content/posts/three/index.md": post(),
    "content/posts/three/pic.png": "x",
    "content/posts/four.md": post(more="slug: fourth\n"),
    "content/posts/five.md": post(more="url: /fifth/\n"),
    "content/docs/_index.md": post(),
    "content/about.md": post(),
    "static/files/x.pdf": "x",
}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("/posts/two/", ("content/posts/Two.md", FILE)),
        ("/blog/posts/two/", ("content/posts/Two.md", FILE)),
        ("../two/", ("content/posts/Two.md", FILE)),
        ("/old-two/", ("content/posts/Two.md", FILE)),
        ("/posts/three/", ("content/posts/three/index.md", FILE)),
        ("/posts/fourth/", ("content/posts/four.md", FILE)),
        ("/posts/four/", ("posts/four/", MISSING)),
        ("/fifth/", ("content/posts/five.md", FILE)),
        ("/posts/gone/", ("posts/gone/", MISSING)),
        ("/docs/", ("content/docs/_index.md", FILE)),
        ("/about/", ("content/about.md", FILE)),
        ("/files/x.pdf", ("static/files/x.pdf", FILE)),
        ("Two.md", ("content/posts/Two.md", FILE)),
        ("two.md", ("content/posts/two.md", MISSING)),
        ("/posts/page/2/", ("https://me.test/blog/posts/page/2/", None)),
        ("/posts/", ("https://me.test/blog/posts/", None)),
        ("/posts/index.xml", ("https://me.test/blog/posts/index.xml", None)),
        ("/tags/gone/", ("https://me.test/blog/tags/gone/", None)),
        ("/gone/", ("https://me.test/blog/gone/", None)),
        ("/files/gone.pdf", ("https://me.test/blog/files/gone.pdf", None)),
        ("part.pdf", ("https://me.test/blog/posts/one/part.pdf", None)),
    ],
)
def test_hugo(raw: str, expected: tuple[str, str | None], tmp_path: Path) -> None:
    make(tmp_path, HUGO)
    assert resolved(tmp_path, raw, "content/posts/one.md") == expected
    inner, article = tmp_path / "content", "posts/one.md"
    (tmp_path / ".git").mkdir()
    if expected[0].startswith("content/"):
        assert resolved(inner, raw, article) == (expected[0].removeprefix("content/"), expected[1])


@pytest.mark.parametrize(
    ("settings", "address", "is_missing"),
    [
        ("[permalinks]\nposts = '/:year/:month/:slug/'\n", "/2020/01/gone/", True),
        ("[permalinks]\nposts = '/:year/:month/:slug/'\n", "/posts/gone/", False),
        ("[permalinks.page]\nposts = '/:year/:title/'\n", "/2020/gone/", True),
        ("[languages.de]\nweight = 1\n[languages.en]\nweight = 2\n", "/posts/gone/", False),
        ("[[module.mounts]]\nsource = 'x'\n", "/posts/gone/", False),
    ],
)
def test_what_hugo_is_told_decides(
    settings: str, address: str, is_missing: bool, tmp_path: Path
) -> None:
    make(tmp_path, {**HUGO, "hugo.toml": f"title = 'x'\n{settings}"})
    assert resolved(tmp_path, address, "content/about.md")[1] == (
        MISSING if is_missing else RELATIVE
    )


def test_permalinks_of_hugo(tmp_path: Path) -> None:
    settings = "[permalinks]\nposts = '/:year/:month/:day/:title/'\n"
    more = "date: 2022-03-04T05:06:07Z\n"
    make(
        tmp_path,
        {"hugo.toml": settings, "content/posts/a.md": post(more=more, title="A Long Title")},
    )
    found = ("content/posts/a.md", FILE)
    assert resolved(tmp_path, "/2022/03/04/a-long-title/", "x.md") == found
    assert resolved(tmp_path, "/posts/a/", "x.md")[1] == RELATIVE
    assert resolved(tmp_path, "/2022/03/04/another-title/", "x.md")[1] == MISSING


IN_LANGUAGES = {
    "hugo.toml": "title = 'x'\ndefaultContentLanguage = 'en'\n[permalinks]\nnews = '/news/:year/:slug/'\n"
    "[languages.en]\ncontentDir = 'content/en'\n[languages.fr]\ncontentdir = 'content/fr'\n[languages.pt-BR]\nweight = 3\n",
    "content/en/manage/urls.md": post(),
    "content/en/news/_index.md": post(),
    "content/en/news/a.md": post(more="date: 2021-02-03\n"),
    "content/fr/manage/urls-fr.md": post(),
    "content/other/plain.md": post(),
    "content/other/plain.pt-br.md": post(),
}


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("/manage/urls/", "content/en/manage/urls.md"),
        ("/en/manage/urls/", "content/en/manage/urls.md"),
        ("/news/", "content/en/news/_index.md"),
        ("/news/2021/a/", "content/en/news/a.md"),
        ("/fr/manage/urls-fr/", "content/fr/manage/urls-fr.md"),
        ("/pt-br/other/plain/", "content/other/plain.pt-br.md"),
        ("/other/plain/", "content/other/plain.md"),
        ("/fr/manage/urls/", None),
        ("/de/manage/urls/", None),
        ("/content/en/manage/urls/", None),
    ],
)
def test_languages_of_hugo(address: str, meant: str | None, tmp_path: Path) -> None:
    make(tmp_path, IN_LANGUAGES)
    found = resolved(tmp_path, address, "content/en/manage/urls.md")
    assert found == ((meant, FILE) if meant else (address, RELATIVE))


@pytest.mark.parametrize(
    "languages",
    [
        "languages = 3\n",
        "[languages]\nen = 3\n",
        "[languages.en]\ncontentDir = 4\n",
        "[languages.'']\nx = 1\n",
    ],
)
def test_languages_that_are_none(languages: str, tmp_path: Path) -> None:
    make(tmp_path, {"hugo.toml": f"title = 'x'\n{languages}", "content/a.md": post()})
    assert resolved(tmp_path, "/a/", "content/a.md") == ("content/a.md", FILE)


MKDOCS = {
    "mkdocs.yml": "site_name: x\n",
    "docs/index.md": "# Home\n",
    "docs/guide/setup.md": "# Setup\n",
    "docs/guide/README.md": "# Guide\n",
    "docs/sheet.csv": "x",
    "README.md": "# x\n",
}


@pytest.mark.parametrize("root", ["", "docs"])
@pytest.mark.parametrize(
    ("raw", "article", "expected"),
    [
        ("guide/setup.md", "docs/index.md", ("docs/guide/setup.md", FILE)),
        ("guide/setup.md#x", "docs/index.md", ("docs/guide/setup.md", FILE)),
        ("guide/gone.md", "docs/index.md", ("docs/guide/gone.md", MISSING)),
        ("guide/setup/", "docs/index.md", ("docs/guide/setup.md", FILE)),
        ("/guide/setup/", "docs/index.md", ("docs/guide/setup.md", FILE)),
        ("guide/", "docs/index.md", ("docs/guide/README.md", FILE)),
        ("guide", "docs/index.md", ("docs/guide/README.md", FILE)),
        ("../index.md", "docs/guide/setup.md", ("docs/index.md", FILE)),
        ("../sheet.csv", "docs/guide/setup.md", ("docs/sheet.csv", FILE)),
        ("../gone.csv", "docs/guide/setup.md", ("docs/gone.csv", MISSING)),
        ("gone/", "docs/index.md", ("gone/", RELATIVE)),
    ],
)
def test_mkdocs(
    raw: str, article: str, expected: tuple[str, str], root: str, tmp_path: Path
) -> None:
    make(tmp_path, MKDOCS)
    place = f"{root}/" if root else ""
    meant = expected[0].removeprefix(place)
    found = resolved(tmp_path / root, raw, article.removeprefix(place))
    assert found == (meant, expected[1])


@pytest.mark.parametrize(
    ("files", "raw", "article", "meant"),
    [
        (
            {"eleventy.config.js": "", "posts/2020-01-02-a.md": post(), "index.md": post()},
            "/posts/a/",
            "index.md",
            "posts/2020-01-02-a.md",
        ),
        (
            {"astro.config.mjs": "", "src/content/blog/a.md": post(), "src/pages/about.md": post()},
            "/blog/a/",
            "src/pages/about.md",
            "src/content/blog/a.md",
        ),
        (
            {"astro.config.mjs": "", "src/content/blog/a.md": post(), "src/pages/about.md": post()},
            "/about",
            "src/content/blog/a.md",
            "src/pages/about.md",
        ),
        (
            {
                "_config.yml": "new_post_name: x\n",
                "source/_posts/a.md": post(more="date: 2020-01-02\n"),
            },
            "/2020/01/02/a/",
            "source/_posts/a.md",
            "source/_posts/a.md",
        ),
        ({"a.md": post(), "deep/b.md": post()}, "/deep/b", "a.md", "deep/b.md"),
        ({"a.md": post(), "deep/b.md": post()}, "deep/b.html", "a.md", "deep/b.md"),
    ],
)
def test_others(files: dict[str, str], raw: str, article: str, meant: str, tmp_path: Path) -> None:
    make(tmp_path, files)
    assert resolved(tmp_path, raw, article) == (meant, FILE)


def test_only_links_of_the_text_are_read_so(tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            **JEKYLL,
            "_posts/2020-03-04-x.md": post(
                "[x](two.md) ![y](/assets/logo.png)", "link: /2020/01/03/two/\n"
            ),
        },
    )
    site = read_site(tmp_path, "https://me.test")
    settled = FieldMap(((("link",), Role.LINK),), is_settled=True, is_foreign=True)
    (article,) = (
        found.article
        for found in Repository(tmp_path, site=site, field_map=settled).scan({})
        if isinstance(found, Read) and found.article.references
    )
    assert [(one.pointer, one.url, one.invalid) for one in article.references] == [
        ("link", "https://me.test/2020/01/03/two/", None),
        ("body/0", "_posts/two.md", MISSING),
        ("body/1", "assets/logo.png", FILE),
    ]


def test_a_link_out_of_the_collection_is_not_followed(tmp_path: Path) -> None:
    root = make(tmp_path / "root", {"a.md": post(), "b/c.md": post()})
    (tmp_path / "secret.md").write_text("x")
    (root / "b" / "out.md").symlink_to(tmp_path / "secret.md")
    (root / "b" / "in.md").symlink_to("c.md")
    assert resolved(root, "b/out.md", "a.md") == ("b/out.md", MISSING)
    assert resolved(root, "b/in.md", "a.md") == ("b/in.md", FILE)
    assert resolved(root, "b/%00.md", "a.md")[1] == RELATIVE
    assert resolved(root, "b%2Fc.md", "a.md")[1] == FILE


def test_many_links_and_pages_cost_little(tmp_path: Path) -> None:
    make(tmp_path, {"_config.yml": "permalink: pretty\n"})
    for number in range(500):
        make(tmp_path, {f"_posts/2020-01-02-{number}-a.md": post(more="categories: a b\n")})
    begun = time.process_time()
    repository = Repository(tmp_path, site=read_site(tmp_path), field_map=FOREIGN)
    for number in range(5_000):
        raw = f"/2020/01/02/{number}-a/"
        found = repository.resolve_text(raw, "_posts/2020-01-02-1-a.md")
        assert found.invalid == (FILE if number < 500 else MISSING)
    hostile = [
        "/" + "a" * 7_000,
        "/" + "1/" * 3_000,
        "../" * 2_000 + "x",
        "/2020/01/02/" + "1" * 7_000 + "/",
    ]
    for raw in hostile:
        repository.resolve_text(raw, "_posts/2020-01-02-1-a.md")
    assert time.process_time() - begun < 10

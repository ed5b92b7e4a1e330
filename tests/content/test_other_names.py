"""Articles whose fields have other names: found out, and read (rules K1, K2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.content import SURE_AFTER, Repository, Site, detect, read_article, with_known
from crawler.content.article_document import Document
from crawler.content.field_detection import Detection, fields_of
from crawler.content.notations import Notation
from crawler.model.article import Article
from crawler.model.field_map import OWN_FIELDS, FieldMap, TextField, way_of
from crawler.model.role import Role

POST = """\
title: A post
date: 2020-01-02 10:00:00 +0100
lastmod: 2021-03-04
description: What it is about
url: /2020/01/a-post/
link: https://other.example/story
cover:
  image: /img/cover.png
  width: 1200
  height: 630
image:
  path: https://pictures.example/one.jpg
  alt: One
gallery:
  - a.png
  - src: https://pictures.example/two.jpg
    width: 10
  - caption: none
links:
  - {name: Code, url: https://code.example/}
  - {name: Home, url: home}
thumbnail: small.png
amp: true
byline: [Ada, Bob]
draft: true
related: [x, y]
published: 2020-01-01
"""


def document(text: str, path: str = "a.md") -> Document:
    return Document(path, f"---\n{text}---\n".encode())


def found_in(*texts: str, has_site: bool = False) -> Detection:
    return detect(map(document, texts), has_site=has_site)


def read(text: str, field_map: FieldMap | None = None, site: Site | None = None) -> Article:
    site = site or Site()
    data = f"---\n{text}---\n".encode()
    return read_article("a.md", data, site, field_map or fields_of("a.md", data, site))


def places(article: Article) -> list[tuple[str, Role, str, int]]:
    return [(one.pointer, one.role, one.raw, one.line) for one in article.references]


def test_every_shape_of_an_address_is_read_where_it_stands() -> None:
    article = read(POST)
    assert places(article) == [
        ("link", Role.LINK, "https://other.example/story", 7),
        ("cover/image", Role.IMAGE, "/img/cover.png", 9),
        ("image/path", Role.IMAGE, "https://pictures.example/one.jpg", 13),
        ("gallery/0", Role.IMAGE, "a.png", 16),
        ("gallery/1/src", Role.IMAGE, "https://pictures.example/two.jpg", 17),
        ("links/0/url", Role.LINK, "https://code.example/", 21),
        ("thumbnail", Role.SMALL_IMAGE, "small.png", 23),
    ]
    assert article.references[1].declared.width == 1200
    assert article.references[1].declared.height == 630
    assert article.references[4].declared.width == 10
    assert article.references[4].declared.height is None
    assert (article.title, article.excerpt) == ("A post", "What it is about")
    assert article.published is not None
    assert article.published.isoformat() == "2020-01-02T10:00:00+01:00"
    assert article.labels.authors == ("Ada", "Bob")
    assert not article.listed
    assert article.problems == (), "what stands under the project's own names may mean anything"
    assert article.renamed == (("excerpt", "description"), ("publishedDateTime", "date"))


def test_a_path_of_the_site_is_a_link_where_the_site_is_known() -> None:
    article = read(POST, site=Site(None, "https://me.example/"))
    (own,) = (one for one in article.references if one.pointer == "url")
    assert (own.role, own.url) == (Role.LINK, "https://me.example/2020/01/a-post/")


def test_what_is_found_is_told() -> None:
    detection = found_in(*["link: https://a.example/\ncover: {image: x.png}\n"] * 3, "link: x\n")
    assert detection.sentence() == "reads: link (3 files), cover.image (3)"
    assert found_in("link: https://a.example/\n").sentence() == "reads: link (1 file)"
    with_text = detect([Document("a.md", b"---\na: b\n---\n[x](y)\n")])
    assert with_text.sentence() == "reads: links of the text (1 file)"
    assert with_text.sentence(with_texts=False) is None
    assert not with_text.is_nothing
    nothing = found_in("title: A\n")
    assert nothing.sentence() == (
        "reads: nothing: no field and no text of one file holds an address"
    )
    assert nothing.is_nothing


def test_a_name_counts_where_half_of_its_files_have_an_address() -> None:
    one, other = "link: https://a.example/\n", "link: Read more\n"
    assert found_in(one, other).fields.places == ((("link",), Role.LINK),)
    assert found_in(one, other, other).fields.places == ()
    assert found_in("image: true\n", "amp: true\n", "code: fr\n").fields.places == ()


@pytest.mark.parametrize("name", ["webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl"])
def test_the_projects_own_shape_is_left_alone(name: str) -> None:
    own, other = f"{name}: https://a.example/\n", "link: https://a.example/\n"
    assert found_in(own, *[other] * 9).fields == OWN_FIELDS
    assert found_in(own, *[other] * 9).sentence() is None
    assert found_in(own, *[other] * 10).fields.places == ((("link",), Role.LINK),)
    assert found_in(f"{name}:\n", other).fields.places != ()


def test_many_files_of_the_own_shape_are_enough() -> None:
    looked_at = 0

    def files() -> object:
        nonlocal looked_at
        for _ in range(1000):
            looked_at += 1
            yield document("webUrl: https://a.example/\n")

    assert detect(files()).fields == OWN_FIELDS  # type: ignore[arg-type]
    assert looked_at < 100


def test_secret_keys_are_not_looked_into() -> None:
    text = "link: https://a.example/\nhidden: {image: x.png}\nsecured: https://b.example/\n"
    found = detect([document(text)], secret=frozenset(("link", "hidden")))
    assert found.fields.places == ()


def test_a_settled_field_of_the_wrong_kind_is_told() -> None:
    field_map = FieldMap(
        ((("link",), Role.WEB), (("cover",), Role.IMAGE)),
        ((("day",), TextField.PUBLISHED), (("lead",), TextField.EXCERPT)),
        is_settled=True,
        is_foreign=True,
    )
    article = read(
        "link: [x, {a: b}]\ncover: {alt: c}\nday: soon\nlead: [x]\nrelated: [x]\n", field_map
    )
    assert [problem.message for problem in article.problems] == [
        "lead: a list stands where a text should",
        "day: 'soon' stands where a date should",
        "link/1: a mapping stands where a URL should",
        "cover: a mapping stands where a URL should",
    ]
    assert [(one.pointer, one.invalid) for one in article.references] == [
        ("link/0", "relative-url")
    ]


def test_a_settled_page_is_described_as_the_projects_own() -> None:
    field_map = FieldMap(((("link",), Role.WEB),), (), is_settled=True, is_foreign=True)
    (page,) = read("title: T\nlink: https://a.example/\n", field_map).references
    assert (page.role, page.declared.title) == (Role.WEB, "T")
    (guessed,) = read("title: T\nlink: https://a.example/\n").references
    assert (guessed.role, guessed.declared.title) == (Role.LINK, None)


def test_the_projects_own_names_are_read_first_and_once() -> None:
    text = "webUrl: https://a.example/\nimages:\n  - url: x.png\n  - src: y.png\n  - z.png\n"
    field_map = FieldMap(
        ((("images",), Role.SMALL_IMAGE), (("webUrl",), Role.LINK)), is_foreign=True
    )
    assert [(one.pointer, one.role) for one in read(text, field_map).references] == [
        ("webUrl", Role.WEB),
        ("images/0", Role.IMAGE),
        ("images/2", Role.IMAGE),
        ("images/1/src", Role.SMALL_IMAGE),
    ]


def test_what_was_found_once_stays_in_any_order() -> None:
    one = found_in("link: https://a.example/\nlastmod: 2020-01-01\n").fields
    other = found_in("cover: x.png\ndate: 2020-01-01\n").fields
    both = with_known(one, other)
    assert both == with_known(other, one)
    assert both.texts == ((("date",), TextField.PUBLISHED), (("lastmod",), TextField.PUBLISHED))
    assert with_known(one, None) == one
    assert with_known(OWN_FIELDS, one) == OWN_FIELDS


def test_a_hostile_mapping_costs_what_it_weighs() -> None:
    deep = "a:\n" + "".join("  " * depth + "link:\n" for depth in range(1, 60))
    wide = "link: [" + "https://a.example/," * 20_000 + "]\n"
    assert found_in(deep, wide).fields.places == ((("link",), Role.LINK),)
    assert len(read(wide).references) == 20_000


def test_some_files_are_looked_at_evenly(tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"{number:03}.md").write_text("---\nlink: https://a.example/\n---\n")
        (tmp_path / f"{number:03}.png").write_bytes(b"")
    repository = Repository(tmp_path)
    assert repository.sample(4) == (["000.md", "025.md", "050.md", "075.md"], False)
    paths, is_whole = repository.sample(100)
    assert (len(paths), is_whole) == (100, True)
    (tmp_path / "050.md").unlink()
    (tmp_path / "051.md").write_text("no front matter\n")
    (tmp_path / "052.md").write_bytes(b"---\nx: " + b"y" * 100_000 + b"\n---\n")
    begun = list(repository.begun(paths))
    assert len(begun) == 98
    assert [one.path for one in begun if one.notation is Notation.NONE] == ["051.md"]
    assert (
        detect(begun, is_whole=False).sentence()
        == "reads: link (97 files); 98 files were looked at"
    )


def test_the_first_files_are_enough_for_what_is_known(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"{number:02}.md").write_text("---\nwebUrl: https://a.example/\n---\n")
    repository = Repository(tmp_path)
    assert repository.first(2) == ["00.md", "01.md"]
    assert detect(repository.begun(repository.first(SURE_AFTER))).is_own
    assert not detect(repository.begun(repository.first(SURE_AFTER - 1))).is_own


def test_a_way_through_a_list_needs_no_number() -> None:
    field_map = FieldMap(((way_of("blocks.*.img"), Role.IMAGE),), is_settled=True, is_foreign=True)
    article = read(
        "blocks:\n  - img: a.png\n  - text: b\n  - img: [c.png, {src: d.png}]\n", field_map
    )
    assert [one.pointer for one in article.references] == [
        "blocks/0/img",
        "blocks/2/img/0",
        "blocks/2/img/1/src",
    ]

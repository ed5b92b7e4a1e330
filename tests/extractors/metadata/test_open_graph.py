"""Open Graph: what extruct reads in a page is what we read first, whatever else we tolerate."""

from __future__ import annotations

from pathlib import Path

import pytest
from extruct.opengraph import OpenGraphExtractor
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring

from crawler.extractors.html.cleaning import clean_text
from crawler.extractors.html.document import read_document
from crawler.extractors.metadata.open_graph import read_properties
from tests.strategies.examples import examples

GOLDEN = Path(__file__).parents[1] / "golden"
NAMES = (
    "og:title",
    "og:image",
    "article:tag",
    "x:own",
    "product:price",
    "OG:title",
    "title",
    "",
    "og",
)


def by_extruct(body: bytes) -> list[tuple[str, str]]:
    items = OpenGraphExtractor().extract_items(document_fromstring(body))
    read = [(name, value) for item in items for name, value in item["properties"]]
    return [(name.strip().lower(), text) for name, value in read if (text := clean_text(value))]


def by_us(body: bytes, kind: str | None = None) -> list[tuple[str, str]]:
    found = read_properties(read_document(body, url="https://a.example/", content_type=kind))
    return [(one.name, one.value) for one in found if one.source == "og" and one.in_head]


def metas(names: list[str]) -> str:
    return "".join(f'<meta property="{name}" content="{at}">' for at, name in enumerate(names))


@pytest.mark.parametrize(
    "folder", sorted(one for one in GOLDEN.iterdir() if one.is_dir()), ids=lambda one: one.name
)
def test_golden_pages(folder: Path) -> None:
    body = (folder / "page.html").read_bytes()
    if body.isascii() and body.strip():
        assert by_us(body)[: len(by_extruct(body))] == by_extruct(body)


@settings(max_examples=examples(100))
@given(
    prefix=st.sampled_from(("", ' prefix="x: http://x.example/"', ' prefix="og:http://ogp.me/ns#"', " prefix")),
    own=st.sampled_from(("", ' prefix="x: http://x.example/"')),
    head=st.lists(st.sampled_from(NAMES), max_size=6),
    body=st.lists(st.sampled_from(NAMES), max_size=3),
)  # fmt: skip
def test_pages_of_any_prefixes(prefix: str, own: str, head: list[str], body: list[str]) -> None:
    page = f"<html{prefix}><head{own}>{metas(head)}</head><body><p>x</p>{metas(body)}</body></html>"
    expected = by_extruct(page.encode())
    assert by_us(page.encode())[: len(expected)] == expected


def test_a_property_without_a_value_is_none() -> None:
    assert by_us(b'<head><meta property="og:title" content=""><meta property="og:type">') == []

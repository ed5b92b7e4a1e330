"""Whatever shape a file has: edits change what they mean, and no other byte."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.content.article_document import Document
from tests.content.edit_oracle import check_block, check_edits
from tests.strategies.articles import articles, edits
from tests.strategies.examples import examples


@given(articles())
@settings(max_examples=examples(300))
def test_the_block_of_any_file(data: bytes) -> None:
    check_block(data)


@given(st.data())
@settings(max_examples=examples(300))
def test_edits_of_any_file(data: st.DataObject) -> None:
    article = data.draw(articles())
    document = Document("", article)
    check_edits(article, data.draw(st.lists(edits(document), min_size=1, max_size=4)))

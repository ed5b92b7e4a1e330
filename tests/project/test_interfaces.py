"""What a newcomer adds has an interface in a file of its own, whose example runs."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

INTERFACES = (
    "crawler.extractors.metadata.field_extractor",
    "crawler.model.role",
    "crawler.reporting.formats.report_format",
    "crawler.rules.article.article_check",
    "crawler.rules.verdict.page_rule",
)


@pytest.mark.parametrize("name", INTERFACES)
def test_the_example_of_an_interface_runs(name: str) -> None:
    module = import_module(name)
    (example,) = doctest.DocTestFinder(recurse=False).find(module, module.__name__)
    assert example.examples
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example).failed == 0

"""Whole runs: a web for each module, because one crawl serves many tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.namespace import NamespaceWeb, namespace_obstacle
from tests.web.web import LoopbackWeb


@pytest.fixture(scope="module")
def module_web() -> Iterator[LoopbackWeb]:
    """A loopback web that the tests of one module share."""
    with LoopbackWeb() as opened:
        yield opened


@pytest.fixture(scope="module")
def true_web() -> Iterator[NamespaceWeb]:
    """A web on true names and ports that the tests of one module share; mark them `namespace`."""
    if (obstacle := namespace_obstacle()) is not None:
        pytest.skip(obstacle)
    with NamespaceWeb() as opened:
        yield opened

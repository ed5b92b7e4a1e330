"""Whole runs: a web for each module, because one crawl serves many tests.

The servers start once and are cleaned for each module. They are not those of `web`, which a test may use as well.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.namespace import NamespaceWeb, namespace_obstacle
from tests.web.web import LoopbackWeb


@pytest.fixture(scope="session")
def lasting_module_web() -> Iterator[LoopbackWeb]:
    """The servers behind `module_web`."""
    with LoopbackWeb() as opened:
        yield opened


@pytest.fixture(scope="module")
def module_web(lasting_module_web: LoopbackWeb) -> LoopbackWeb:
    """A loopback web that the tests of one module share."""
    lasting_module_web.clean()
    return lasting_module_web


@pytest.fixture(scope="session")
def lasting_true_web() -> Iterator[NamespaceWeb]:
    """The servers behind `true_web`."""
    if (obstacle := namespace_obstacle()) is not None:
        pytest.skip(obstacle)
    with NamespaceWeb() as opened:
        yield opened


@pytest.fixture(scope="module")
def true_web(lasting_true_web: NamespaceWeb) -> NamespaceWeb:
    """A web on true names and ports that the tests of one module share; mark them `namespace`."""
    lasting_true_web.clean()
    return lasting_true_web

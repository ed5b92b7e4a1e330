"""Nights on which little is due but what is walled: no outage of ours (rule O4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.model.exit_code import ExitCode
from tests.end_to_end.collection import Collection, article, run_command
from tests.web.rules import Answer
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-quiet-nights")

HOSTS = [f"site-{number}.example" for number in range(8)]
WALLED = {f"https://{host}/members": Answer(status=403, body=f"{host}: members") for host in HOSTS}
FIRST, NEXT = "2026-03-01T12:00:00Z", "2026-03-09T12:00:00Z"


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    """Each site has a page that is well and one behind a wall of its own."""
    made = Collection(tmp_path / "content")
    for host in HOSTS:
        made.add(f"{host}/well.md", article(web=f"https://{host}/well"))
        made.add(f"{host}/members.md", article(web=f"https://{host}/members"))
    return made


def audited(web: LoopbackWeb, day: str, *arguments: str) -> Completed:
    env = {"LINKHEALTH_CLOCK": day, "LINKHEALTH_NETWORK_PAUSES": "0.2"}
    return run_command(web, "audit", *arguments, env=env)


def of_members(web: LoopbackWeb, collection: Collection) -> Completed:
    """A later run, in which the pages for members alone are due."""
    part = [str(collection.root / host / "members.md") for host in HOSTS]
    return audited(web, NEXT, *part, "--due", "all")


def test_pages_that_always_were_walled_are_no_proxy(
    module_web: LoopbackWeb, collection: Collection
) -> None:
    module_web.set_rules(WALLED)
    assert audited(module_web, FIRST, str(collection.root)).code == ExitCode.FINE
    only = of_members(module_web, collection)
    assert only.code == ExitCode.FINE, only.stderr


def test_the_same_pages_that_were_well_are_one(
    module_web: LoopbackWeb, collection: Collection
) -> None:
    """A filter that was switched on meanwhile, and lets robots.txt through."""
    module_web.set_rules({})
    assert audited(module_web, FIRST, str(collection.root)).code == ExitCode.FINE
    module_web.set_rules(WALLED)
    only = of_members(module_web, collection)
    assert only.code == ExitCode.OWN_NETWORK_DOWN
    assert "8 of 8 different sites were refused in the same way" in only.stderr

"""The providers of real articles against pages that say the same in another dress, and that say another publisher's.

The same on whole collections is `benchmarks/providers_of_dresses.py`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.providers_of_dresses import cases, strangers, told
from crawler.content import Read, Repository, read_site
from tests.end_to_end.collection import Collection

pytestmark = pytest.mark.shared_data

FEWEST = 150


@pytest.mark.parametrize(("name", "step"), [("azure-news", 25), ("diablo4-md", 10)])
def test_only_another_publisher_is_told(shared: Path, tmp_path: Path, name: str, step: int) -> None:
    collection = Collection(tmp_path)
    collection.add_sample(shared / "corpus" / f"{name}.tar.xz", step)
    read = Repository(tmp_path, site=read_site(tmp_path)).scan({})
    found = list(cases([one.article for one in read if isinstance(one, Read)]))
    assert len(found) > FEWEST
    assert [
        (one.known.path, told(one, one.provider)) for one in found if told(one, one.provider)
    ] == []
    for one in found:
        other = strangers(one, found)
        (domain,) = told(one, replace(one.provider, domain=other.domain))
        assert domain.at == "provider/domain"
        if not one.is_on_platform:
            (named,) = told(one, replace(one.provider, name=other.name))
            assert named.at == "provider/name"

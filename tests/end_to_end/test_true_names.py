"""Whole runs on true names and ports, in a network of their own: DNS, addresses, real collections."""

from __future__ import annotations

import tarfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.collection import Collection, article
from tests.web.nameserver import Name, Outcome
from tests.web.namespace import (
    PRIVATE,
    PRIVATE_6,
    PUBLIC,
    PUBLIC_6,
    REFUSING,
    SILENT,
    UNROUTED,
    NamespaceWeb,
)

pytestmark = [pytest.mark.namespace, pytest.mark.xdist_group("end-to-end-true-names")]


NAMES = {
    "gone.example": (Name(outcome=Outcome.NXDOMAIN), "broken", "dns-nxdomain"),
    "empty.example": (Name(), "broken", "dns-nodata"),
    "failing.example": (Name(outcome=Outcome.SERVFAIL), "unverifiable", "dns-unavailable"),
    "refused.example": (Name(outcome=Outcome.REFUSED), "unverifiable", "dns-unavailable"),
    "silent-names.example": (Name(outcome=Outcome.SILENCE), "unverifiable", "dns-unavailable"),
    "six.example": (Name(addresses=PUBLIC_6), "alive", "http-200"),
    "four.example": (Name(addresses=PUBLIC[:1]), "alive", "http-200"),
    "alias.example": (
        Name(cname="elsewhere.example", addresses=PUBLIC[1:2]),
        "alive",
        "http-200",
    ),
    "half-private.example": (Name(addresses=(PRIVATE[2], PUBLIC[0])), "alive", "http-200"),
    "no-route-6.example": (Name(addresses=("2001:4860::1", PUBLIC[0])), "alive", "http-200"),
    "closed.example": (Name(addresses=(REFUSING,)), "unverifiable", "connect-refused"),
    "dropped.example": (Name(addresses=(SILENT,)), "unverifiable", "connect-timeout"),
    "unrouted.example": (Name(addresses=(UNROUTED,)), "unverifiable", "connect-no-route"),
    **{
        f"private-{number}.example": (
            Name(addresses=(address,)),
            "unverifiable",
            "address-blocked",
        )
        for number, address in enumerate((*PRIVATE, *PRIVATE_6))
    },
}


def test_what_names_lead_to(true_web: NamespaceWeb, tmp_path: Path) -> None:
    collection = Collection(tmp_path / "content")
    for host in NAMES:
        collection.add(f"{host}.md", article(web=f"https://{host}/a-story"))
    collection.add("literal.md", article(web="http://192.168.1.1/router"))
    true_web.set_names({host: name for host, (name, _, _) in NAMES.items()})
    true_web.set_rules({})
    true_web.forget()
    ended = collection.audit(true_web, "-s", "LINKHEALTH_CONNECT_TIMEOUT=1", "-a", "write_back=no")
    assert ended.code == 2, ended.stderr
    assert ended.stderr == ""
    found = {url: opinion for url, *opinion in collection.report().opinions()}
    assert found.pop("http://192.168.1.1/router") == ["unverifiable", "address-blocked"]
    assert found == {f"https://{host}/a-story": opinion for host, (_, *opinion) in NAMES.items()}
    reached = {request.address for request in true_web.requests(robots=True)}
    assert reached <= {*PUBLIC, *PUBLIC_6}


BROKEN_IN_DIABLO = {
    "_games/dm-diablo-immortal-barbarian-has-the-most-overpowered-build-in-diablo-4.md": 13,
    "_games/dm-diablo-immortal-diablo-4-open-beta-day-1-launch-druid-gameplay.md": 13,
    "_games/dm-diablo-immortal-how-good-is-diablo-4-druid.md": 13,
    "_games/dm-diablo-immortal-this-diablo-4-druid-hardcore-build-is-unstoppable.md": 13,
}


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("archive", "step", "broken"),
    [("azure-news", 300, {}), ("diablo4-md", 40, BROKEN_IN_DIABLO)],
    ids=["azure", "diablo"],
)
def test_a_sample_of_a_real_collection(
    archive: str,
    step: int,
    broken: dict[str, int],
    true_web: NamespaceWeb,
    shared: Path,
    tmp_path: Path,
) -> None:
    """Every `step`th file: visited once, written, left alone by the next run, restored.

    The whole collections are a benchmark's (benchmarks/README.md).
    """
    collection = Collection(tmp_path / "content")
    _unpack(shared / "corpus" / f"{archive}.tar.xz", collection, step, broken)
    before = collection.contents()
    true_web.set_names()
    true_web.set_rules({})
    true_web.forget()
    ended = collection.audit(true_web, "--fail-on", "never", timeout=150)
    assert ended.code == 0, ended.stderr
    # A slow machine is told how far it is; nothing else.
    assert all(line.startswith("linkhealth: ") for line in ended.stderr.splitlines())
    report = collection.report()
    articles = sum(data.startswith(b"---") for data in before.values()) - len(broken)
    assert report.summary["articles"] == articles
    asked = Counter(request.url for request in true_web.requests())
    wanted = {url for url, verdict, _ in report.opinions() if verdict not in _NOT_ASKED}
    assert wanted - set(asked) == set()
    assert set(asked) - wanted == set()
    assert {url: times for url, times in asked.items() if times != 1} == {}
    assert report.summary["by_verdict"]["unchecked"] == 0
    assert _broken_files(report.document["problems"]) == broken

    written = collection.files()
    changed = {name for name, (data, _) in written.items() if data != before[name]}
    assert changed == {
        reference["path"]
        for entry in report.document["urls"]
        for reference in entry["references"]
        if entry["checked_at"] or entry["verdict"] == "invalid"
    }
    true_web.forget()
    again = collection.audit(true_web, "--fail-on", "never", timeout=90)
    assert (again.code, again.stderr) == (0, "")
    assert true_web.requests(robots=True) == []
    assert collection.files() == written

    assert true_web.run_crawler("strip", str(collection.root), timeout=90).code == 0
    assert collection.contents() == before


_NOT_ASKED = ("invalid", "excluded")


def _unpack(archive: Path, collection: Collection, step: int, wanted: Iterable[str]) -> None:
    with tarfile.open(archive) as files:
        members = sorted((member for member in files if member.isfile()), key=lambda one: one.name)
        sample = members[::step]
        sample += [
            one for one in members if one.name.removeprefix("./") in wanted and one not in sample
        ]
        for member in sample:
            opened = files.extractfile(member)
            assert opened is not None
            collection.add(member.name, opened.read())


def _broken_files(problems: list[dict[str, Any]]) -> dict[str, int]:
    """The files that are no YAML, with the line where that shows."""
    return {one["path"]: one["line"] for one in problems if one["code"] == "invalid-yaml"}

"""A robots.txt of half a megabyte on every host: obeyed, at a bounded price."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.collection import Collection, article
from tests.web.rules import robots
from tests.web.web import LoopbackWeb

HOSTS = [f"h{number}.example" for number in range(16)]
MOST_MEMORY = 300_000_000
"""Bytes: a run without them takes some 170 MB; each of them took 32 MB once."""


def test_they_are_obeyed_and_kept_small(module_web: LoopbackWeb, tmp_path: Path) -> None:
    collection = Collection(tmp_path / "content")
    for host in HOSTS:
        for name in ("open-story", "closed-story", "another-open-story"):
            collection.add(f"{host}-{name}.md", article(web=f"https://{host}/{name}"))
    rules = "".join(
        f"Disallow: /*x{number}*y{number * 7919 % 10_007}z$\n" for number in range(18_000)
    )
    text = f"User-agent: *\n{rules}Disallow: /closed\n"
    assert len(text) < 512 * 1024
    module_web.set_rules({f"//{host}/robots.txt": robots(text) for host in HOSTS})
    module_web.forget()
    ended = collection.audit(module_web)
    assert ended.code == 0, ended.stderr
    assert ended.peak_rss < MOST_MEMORY
    reasons = [
        (url.rpartition("/")[2], reason) for url, _, reason in collection.report().opinions()
    ]
    assert sorted(reasons) == sorted(
        [("closed-story", "robots-denied"), ("open-story", "http-200")] * len(HOSTS)
        + [("another-open-story", "http-200")] * len(HOSTS)
    )
    asked = [
        request.host for request in module_web.requests(robots=True) if "robots" in request.url
    ]
    assert sorted(asked) == sorted(HOSTS), "each is asked for once"

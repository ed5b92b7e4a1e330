"""Rule M21 by whole runs: `-a facts=no` asks for every link and reads no page of one that is plainly well."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.collection import Collection, article
from tests.web import pages
from tests.web.rules import Answer
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-status-only")

STORY = "/2020/03/a-story-of-note"
DATED = '<meta property="article:published_time" content="2020-03-04T08:00:00Z">'
TEXT = "<article><p>" + "The pier was opened again by the mayor of the town last week. " * 20
BEFORE = "As it was"


def url(name: str) -> str:
    return f"https://{name}.example{STORY}"


def well(title: str, **more: Any) -> Answer:
    return Answer(body=pages.page(title, head=DATED, body=TEXT), **more)


LEADS = f'<meta http-equiv="refresh" content="0; url={url("steady")}">'
PART = pages.page(BEFORE, head=DATED, body=f"{TEXT}<h2 id=there>x</h2>")
FIRST = {
    "steady": well(BEFORE, etag='"1"'),
    "edited": well(BEFORE, etag='"1"'),
    "plain": well(BEFORE),
    "soft": Answer(body=pages.page("Page not found", body="<h1>Page not found</h1>")),
    "leads": Answer(body=LEADS),
    "part": Answer(body=PART),
    "gone": Answer(status=404),
    "walled": Answer(status=403),
    "dies": well(BEFORE),
    "moves": well(BEFORE),
    "new": well("A new one", etag='"1"'),
}
SECOND = FIRST | {
    "edited": well("Edited since", etag='"2"'),
    "plain": well("Plainly edited"),
    "part": Answer(body=PART.replace("id=there", "id=elsewhere")),
    "dies": Answer(status=410),
    "moves": Answer(status=301, location=url("steady")),
}
TITLES = {"steady": BEFORE, "edited": BEFORE, "plain": BEFORE, "part": BEFORE, "new": None}


def crawl(made: Collection, web: LoopbackWeb, day: str, *arguments: str) -> None:
    given = ("-a", "due=all", "--fail-on", "never", *arguments)
    ended = made.audit(web, *given, LINKHEALTH_CLOCK=f"{day}T12:00:00Z")
    assert (ended.code, ended.stderr) == (0, "")


def add(made: Collection, *names: str) -> None:
    for name in names:
        text = f"[There]({url(name)}#there)\n" if name == "part" else ""
        made.add(f"{name}.md", article(BEFORE, web=url(name), published="2020-03-04T08:00:00Z") + text)  # fmt: skip


def found(made: Collection, name: str) -> Mapping[str, Any]:
    entry: Mapping[str, Any] = made.report().url(url(name))
    return entry


def title(made: Collection, name: str) -> str | None:
    page = found(made, name)["page"]
    return str(page["title"]) if page else None


def test_a_run_without_facts_judges_and_keeps_what_is_known(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    made = Collection(tmp_path / "news")
    add(made, *(name for name in FIRST if name != "new"))
    module_web.set_rules({f"//{name}.example{STORY}": one for name, one in FIRST.items()})
    crawl(made, module_web, "2026-03-03")
    before = {name: found(made, name) for name in FIRST if name != "new"}
    add(made, "new")
    module_web.set_rules({f"//{name}.example{STORY}": one for name, one in SECOND.items()})
    module_web.forget()
    crawl(made, module_web, "2026-05-20", "-a", "facts=no", "-a", "write_back=no")
    asked = module_web.requests()
    assert {request.url for request in asked} >= {url(name) for name in FIRST}
    known = [one.headers.get("if-none-match") for one in asked if one.url == url("edited")]
    assert set(known) == {'"1"'}, "asked as before it was seen changed"
    # What the status says counts, and doubt is not left standing: its pages are read.
    kinds = {name: found(made, name)["verdict"] for name in FIRST}
    assert kinds == {name: one["verdict"] for name, one in before.items()} | {
        "dies": "broken",
        "moves": "moved",
        "new": "alive",
    }
    assert {name: title(made, name) for name in TITLES} == TITLES
    assert "anchor-missing" in str(found(made, "part")) or found(made, "part") != before["part"]
    # A later run reads what is new, as the validators are those of the page that was read.
    crawl(made, module_web, "2026-05-27")
    assert {name: title(made, name) for name in TITLES} == TITLES | {
        "edited": "Edited since",
        "plain": "Plainly edited",
        "new": "A new one",
    }


def test_a_portal_before_all_sites_is_seen_without_reading_it(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    """Trust first: one page from all sites is nobody's answer, whether or not it is parsed."""
    made = Collection(tmp_path / "news")
    names = [f"site{number}" for number in range(12)]
    add(made, *names)
    module_web.set_rules({f"//{name}.example{STORY}": well(name) for name in names})
    crawl(made, module_web, "2026-03-03")
    portal = Answer(body=pages.page("Hotel Seaview: sign in to the network", body="<form>room</form>"))  # fmt: skip
    module_web.set_rules({f"//{name}.example{STORY}": portal for name in names})
    ended = made.audit(
        module_web,
        *("-a", "due=all", "--fail-on", "never", "-a", "facts=no"),
        LINKHEALTH_CLOCK="2026-05-20T12:00:00Z",
    )
    assert "portal" in ended.stdout + ended.stderr
    assert {found(made, name)["checked_at"][:10] for name in names} == {"2026-03-03"}

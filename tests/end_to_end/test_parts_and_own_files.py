"""Links of texts to the collection's own files, and to parts of pages: without the network, and with it (rules K7, K8)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, Report, run_command
from tests.web.pages import page
from tests.web.rules import Answer
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-parts")

DAY_0, DAY_1, DAY_2 = (f"2026-03-0{day}T12:00:00Z" for day in (1, 2, 3))
DOCS = "https://docs.example/guide"
LONG = "<p>" + "Words of a guide that has a text of its own. " * 20 + "</p>"
BODY = page("A guide", body=f"{LONG}<h2 id=install>Install</h2><h2 id=use>Use</h2>")


def findings(report: Report, path: str) -> list[tuple[str, str, int, str]]:
    return [
        (one["reason"], one["level"], one["line"], one["at"])
        for one in report.articles[path]["identity"]
    ]


def test_links_to_own_files_need_no_network(module_web: LoopbackWeb, tmp_path: Path) -> None:
    web = module_web
    web.set_rules({})
    collection = Collection(tmp_path / "content")
    collection.add("_config.yml", "permalink: /:year/:month/:title/\n")
    collection.add(
        "_posts/2020-01-02-one.md",
        "---\ntitle: One\n---\n"
        "[two](/2020/02/two/) [two](2020-02-03-two.md#a-heading)\n"
        "[gone](/2020/02/gone/)\n[gone](gone.md)\n[part](2020-02-03-two.md#no-heading)\n",
    )
    collection.add("_posts/2020-02-03-two.md", "---\ntitle: Two\n---\n## A heading\n")
    never = ("--fail-on", "never")
    web.forget()
    first = collection.audit(web, *never, LINKHEALTH_CLOCK=DAY_0)
    assert first.code == 0, first.stderr
    assert [request.url for request in web.requests()] == []
    report = collection.report()
    assert {url: (one["verdict"], one["reason"]) for url, one in report.urls.items()} == {
        "_posts/2020-02-03-two.md": ("alive", "local-file"),
        "2020/02/gone/": ("broken", "file-missing"),
        "_posts/gone.md": ("broken", "file-missing"),
    }
    one = "_posts/2020-01-02-one.md"
    text = (collection.root / one).read_text().splitlines()
    assert [
        (link["at"], text[link["line"] - 1]) for link in report.articles[one]["dead_links"]
    ] == [
        ("body/2", "[gone](/2020/02/gone/)"),
        ("body/3", "[gone](gone.md)"),
    ]
    assert [(reason, level, at) for reason, level, _, at in findings(report, one)] == [
        ("fragment-missing", "warning", "body/4")
    ]
    told = run_command(web, "explain", "_posts/gone.md", str(collection.root))
    assert told.code == 0
    assert "the collection has no such file" in told.stdout

    # Both come up, one as a file and one as a page, and the heading too; nothing else of the article changes.
    collection.add("_posts/gone.md", "---\ntitle: Gone\n---\n")
    collection.add("_posts/2020-02-09-gone.md", "---\ntitle: Found\n---\n")
    two = collection.root / "_posts/2020-02-03-two.md"
    two.write_text(two.read_text() + "## No heading\n")
    second = collection.audit(web, *never, LINKHEALTH_CLOCK=DAY_1)
    assert second.code == 0, second.stderr
    report = collection.report()
    assert {one["verdict"] for one in report.urls.values()} == {"alive"}
    assert findings(report, one) == []
    assert report.summary["recovered"] == 1
    (collection.root / "_posts/gone.md").unlink()
    third = collection.audit(web, "--fail-on", "new-broken", LINKHEALTH_CLOCK=DAY_2)
    assert third.code == 2
    assert collection.report().url("_posts/gone.md")["reason"] == "file-missing"


def test_parts_of_pages(module_web: LoopbackWeb, tmp_path: Path) -> None:
    web = module_web
    shell = "<title>App</title><div id=root></div><script src=app.js></script>"
    web.set_rules(
        {
            f"//{DOCS.partition('//')[2]}": Answer(body=BODY, etag='"1"'),
            "//app.example/": Answer(body=shell),
            "//pictures.example/x.png": Answer(image=(10, 10)),
        }
    )
    collection = Collection(tmp_path / "content")
    collection.add(
        "a.md",
        f"---\ntitle: A\nlink: {DOCS}#nowhere\n---\n"
        f"[1]({DOCS}#install)\n[2]({DOCS}#instal)\n[3]({DOCS})\n"
        f"[4]({DOCS}#:~:text=a%20text%20of%20its%20own)\n[5]({DOCS}#use:~:text=no%20such%20words)\n"
        "[6](https://app.example/#settings)\n[7](https://app.example/#/settings)\n"
        "[8](https://pictures.example/x.png#part)\n",
    )
    collection.add(".linkhealth.yml", "write_back: no\n")
    ended = collection.audit(web, LINKHEALTH_CLOCK=DAY_0)
    assert ended.code == 0, ended.stderr
    report = collection.report()
    assert {one["verdict"] for one in report.urls.values()} == {"alive"}
    assert findings(report, "a.md") == [
        ("fragment-missing", "warning", 3, "link"),
        ("fragment-missing", "warning", 6, "body/1"),
        ("text-fragment-missing", "info", 9, "body/4"),
        ("fragment-missing", "info", 10, "body/5"),
    ]
    csv = (collection.root / ".linkhealth/reports/report.csv").read_text()
    assert "fragment-missing" in csv


def test_a_part_that_is_named_later_is_looked_for_at_once(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    """Though the page is not due: whether it has the part was never asked, and no validator may spare its body."""
    web = module_web
    web.set_rules({f"//{DOCS.partition('//')[2]}": Answer(body=BODY, etag='"1"')})
    collection = Collection(tmp_path / "content")
    collection.add(".linkhealth.yml", "write_back: no\n")
    collection.add("a.md", f"---\ntitle: A\n---\n[1]({DOCS})\n")
    collection.audit(web, LINKHEALTH_CLOCK=DAY_0)
    web.forget()
    collection.audit(web, LINKHEALTH_CLOCK=DAY_0)
    assert list(web.requests()) == []
    collection.add("a.md", f"---\ntitle: A\n---\n[1]({DOCS}#gone)\n")
    collection.audit(web, LINKHEALTH_CLOCK=DAY_0)
    assert findings(collection.report(), "a.md") == [("fragment-missing", "warning", 4, "body/0")]
    web.forget()
    # What is known of the page says it for the next part without a visit.
    collection.add("a.md", f"---\ntitle: A\n---\n[1]({DOCS}#use) [2]({DOCS}#other)\n")
    collection.audit(web, LINKHEALTH_CLOCK=DAY_0)
    assert findings(collection.report(), "a.md") == [("fragment-missing", "warning", 4, "body/1")]
    assert list(web.requests()) == []

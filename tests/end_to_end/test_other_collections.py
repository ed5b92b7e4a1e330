"""Collections whose fields have other names: found out, said, visited, repaired; settled in the file."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, run_command
from tests.web.pages import page
from tests.web.rules import Answer, redirect
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-other-collections")

MOVED, MOVED_TO = "https://other.example/old/a-long-story", "https://other.example/new/a-long-story"
LOST, TEXT, COVER = (
    "https://other.example/lost",
    "https://text.example/read",
    "https://pictures.example/cover.png",
)
POST = f"""\
---
layout: post
title: "What I think of it"
date: 2020-01-02 10:00:00 +0100
url: /2020/01/a-post/
link: {MOVED}   # the story
cover:
  image: {COVER}
  alt: A cover
  width: 1200
  height: 630
links:
- name: Lost
  href: {LOST}
---
A text with [a link]({TEXT}).
"""
RULES = {
    MOVED: redirect(MOVED_TO, 301),
    MOVED_TO: Answer(body=page("Another title altogether")),
    LOST: Answer(status=404),
    COVER: Answer(image=(1200, 675)),
    TEXT: Answer(body=page("A text")),
}
SAID = "linkhealth: reads: link (1 file), cover.image (1), links (1), links of the text (1)\n"
BLOCK = f"""\
linkHealth:
  schema: 1
  since: '2026-03-01'
  deadLinks:
    - {{at: links/0/href, verdict: broken, reason: http-404, since: '2026-03-01', url: '{LOST}'}}
  freshness: {{state: unverified}}
  imageSizes:
    - {{at: cover/image, reason: size-mismatch, declared: 1200x630, actual: 1200x675, url: '{COVER}'}}
    - {{at: cover/image, reason: aspect-mismatch, declared: 1200x630, actual: 1200x675, url: '{COVER}'}}
"""
DAY = "2026-03-01T12:00:00Z"


@pytest.fixture(scope="module")
def audited(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Collection:
    collection = Collection(tmp_path_factory.mktemp("other") / "content")
    collection.add("_posts/2020-01-02-a-post.md", POST)
    module_web.set_rules({f"//{url.partition('//')[2]}": answer for url, answer in RULES.items()})
    ended = collection.audit(module_web, "--fail-on", "never", LINKHEALTH_CLOCK=DAY)
    assert (ended.code, ended.stderr) == (0, SAID)
    return collection


def test_an_ordinary_post_is_read_whole(audited: Collection) -> None:
    report = audited.report()
    assert report.urls.keys() == {MOVED, LOST, COVER, TEXT}
    assert {
        (place["pointer"], place["role"], place["line"])
        for entry in report.urls.values()
        for place in entry["references"]
    } == {
        ("link", "link", 6),
        ("cover/image", "image", 8),
        ("links/0/href", "link", 14),
        ("body/0", "body", 25),
    }
    (post,) = report.articles.values()
    assert post["freshness"]["state"] == "unverified", "a title of its own is no drift"
    assert report.url(MOVED)["suggestion"]["value"] == MOVED_TO


def test_findings_are_written_back_and_taken_out_again(
    audited: Collection, module_web: LoopbackWeb
) -> None:
    (written,) = audited.contents().values()
    assert written.decode() == POST.replace("---\nA text", f"{BLOCK}---\nA text")
    copy = Collection(audited.root.parent / "copy")
    copy.add("post.md", written)
    stripped = run_command(module_web, "strip", str(copy.root))
    assert stripped.code == 0
    assert copy.contents()["post.md"].decode() == POST


def test_explain_and_repairs_work_through_other_names(
    audited: Collection, module_web: LoopbackWeb
) -> None:
    told = run_command(module_web, "explain", LOST, str(audited.root))
    assert "_posts/2020-01-02-a-post.md:14 links/0/href" in told.stdout
    content = ("--content", str(audited.root))
    shown = run_command(module_web, "apply", "--suggested", "moves,image-sizes", *content)
    changed = [line for line in shown.stdout.splitlines() if line[:1] in "+-" and line[1:2] == " "]
    assert [line[1:].strip() for line in changed] == ["height: 630", "height: 675"]
    assert f"-link: {MOVED}   # the story\n+link: {MOVED_TO}   # the story\n" in shown.stdout
    with (audited.root / ".linkhealth/reports/report.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    (row,) = (row for row in rows if row["url"] == LOST)
    decided = audited.root.parent / "decided.csv"
    with decided.open("w", newline="") as file:
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerow(row | {"decision": "replace", "new_value": TEXT})
    applied = run_command(module_web, "apply", str(decided), *content, "--write")
    assert applied.code == 0, applied.stderr
    (repaired,) = audited.contents().values()
    assert f"  href: {TEXT}\n".encode() in repaired


def test_a_settled_page_is_compared(module_web: LoopbackWeb, tmp_path: Path) -> None:
    """Title and day of the article are those of the page: repairs change the fields that were read."""
    stated = '<meta property="article:published_time" content="2021-05-06T00:00:00Z">'
    body = page("The words of a long title today", head=stated)
    module_web.set_rules({"//news.example/a-long-title": Answer(body=body)})
    text = (
        "---\ntitle: The words of a long title\nwhen: 2021-01-02\n"
        "source: https://news.example/a-long-title\n---\n[x](https://text.example/none)\n"
    )
    collection = Collection(tmp_path / "content")
    collection.add("a.md", text)
    collection.add(".linkhealth.yml", "fields:\n  web: source\n  published: when\n")
    ended = collection.audit(module_web, LINKHEALTH_CLOCK=DAY)
    assert (ended.code, ended.stderr) == (0, "linkhealth: reads: source (.linkhealth.yml)\n")
    report = collection.report()
    assert report.urls.keys() == {"https://news.example/a-long-title"}, "its text is the page's"
    assert report.articles["a.md"]["freshness"]["drift"] == ["title", "publishedDateTime"]
    content = ("--content", str(collection.root))
    applied = run_command(module_web, "apply", "--suggested", "metadata", *content, "--write")
    assert applied.code == 0, applied.stderr
    assert "title: The words of a long title today\nwhen: 2021-05-06T00:00:00+00:00\n" in (
        collection.contents()["a.md"].decode()
    )


def test_a_run_without_a_url_says_so(module_web: LoopbackWeb, tmp_path: Path) -> None:
    collection = Collection(tmp_path / "content")
    collection.add("a.md", "---\ntitle: A\naddress: https://a.example/\n---\nwords\n")
    ended = collection.audit(module_web, "--json", "-q")
    assert ended.code == 0
    assert "no URL was found in the articles of" in ended.stderr
    assert "`fields`" in ended.stderr
    assert json.loads(ended.stdout)["summary"]["urls"] == 0


def test_a_name_that_comes_later_has_every_file_read_again(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    module_web.set_rules({})
    collection = Collection(tmp_path / "content")
    collection.add("a.md", "---\nlink: https://a.example/\nsource: https://b.example/\n---\n")
    collection.add(".linkhealth.yml", "fields: {link: link}\nwrite_back: no\n")
    collection.audit(module_web)
    assert collection.report().urls.keys() == {"https://a.example/"}
    collection.add(".linkhealth.yml", "fields: {link: [link, source]}\nwrite_back: no\n")
    collection.audit(module_web)
    assert collection.report().urls.keys() == {"https://a.example/", "https://b.example/"}
    collection.add(".linkhealth.yml", "fields: no\nbody: no\nwrite_back: no\n")
    assert "no URL was found" in collection.audit(module_web).stderr

"""`body=yes`: the links of an article's text are visited, judged, reported and written back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, article
from tests.web.rules import Answer
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-body")

DAY_0, DAY_1 = "2026-03-01T12:00:00Z", "2026-03-02T12:00:00Z"
WEB, ALIVE, LOST, PICTURE, BARE = (
    "https://site.example/story",
    "https://other.example/alive",
    "https://other.example/lost",
    "https://pictures.example/10x10.png",
    "https://bare.example/here",
)
BODY = f"""\
A text with [a link]({ALIVE}) and `[none]({WEB}/code)`.

![A picture]({PICTURE})

Read [more][lost], or {BARE}. Write to <mailto:desk@site.example>.

[lost]: {LOST}
<a href="http://no port:x/">broken</a>
"""
TEXT_LINKS = {ALIVE, LOST, PICTURE, BARE}
INVALID = "http://no port:x/"
FOUND = """\
  deadLinks:
    - {at: body/3, verdict: broken, reason: http-404, since: '2026-03-02', url: 'https://other.example/lost'}
"""
NOTHING_FOUND = "  deadLinks: []\n"


def collection_with_text(root: Path) -> Collection:
    collection = Collection(root)
    collection.add("story.md", article("Story", web=WEB) + BODY)
    collection.add("text-only.html", f"---\ntitle: A text\n---\n<p>\n<a href='{LOST}'>x</a>\n")
    return collection


def asked(web: LoopbackWeb) -> list[str]:
    found = sorted(request.url for request in web.requests())
    web.forget()
    return found


def test_links_of_the_text_are_visited_on_request_only(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    web, collection = module_web, collection_with_text(tmp_path / "content")
    web.set_rules({"//other.example/lost": Answer(status=404)})
    never, none = ("--fail-on", "never"), ("-a", "body=no")

    first = collection.audit(web, *never, *none, LINKHEALTH_CLOCK=DAY_0)
    assert (first.code, first.stderr) == (0, "")
    assert asked(web) == [WEB]
    report = collection.report()
    assert report.urls.keys() == {WEB}
    assert report.summary["references"] == 1
    assert report.summary["by_verdict"]["unchecked"] == 0
    assert report.articles.keys() == {"story.md"}
    assert NOTHING_FOUND in (collection.root / "story.md").read_text(encoding="utf-8")

    second = collection.audit(web, *never, "-a", "body=yes", LINKHEALTH_CLOCK=DAY_1)
    assert (second.code, second.stderr) == (0, "")
    assert asked(web) == sorted(TEXT_LINKS)
    report = collection.report()
    assert report.urls.keys() == {WEB, INVALID, *TEXT_LINKS}
    assert report.summary["by_verdict"]["unchecked"] == 0
    assert report.url(LOST)["verdict"] == "broken"
    assert report.url(INVALID)["verdict"] == "invalid"
    assert report.url(PICTURE)["verdict"] == report.url(BARE)["verdict"] == "alive"
    lines = (collection.root / "story.md").read_text(encoding="utf-8").splitlines()
    story = report.articles["story.md"]["dead_links"]
    assert [(link["at"], link["url"]) for link in story] == [("body/3", LOST), ("body/4", INVALID)]
    assert all(link["url"] in lines[link["line"] - 1] for link in story)
    assert FOUND in "\n".join(lines)
    text_only = (collection.root / "text-only.html").read_text(encoding="utf-8")
    assert FOUND.replace("body/3", "body/0") in text_only

    third = collection.audit(web, *never, *none, LINKHEALTH_CLOCK=DAY_1)
    assert (third.code, third.stderr) == (0, "")
    assert asked(web) == []
    assert (collection.root / "text-only.html").read_text(encoding="utf-8") == text_only
    assert collection.report().urls.keys() == report.urls.keys()


def test_a_text_is_read_where_the_front_matter_names_no_page(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    web, collection = module_web, collection_with_text(tmp_path / "content")
    collection.add("original.md", f"---\noriginalUrl: {WEB}\n---\n<{BARE}>\n")
    collection.add("related.md", f"---\nrelated:\n  - webUrl: {WEB}\n---\n<{ALIVE}>\n")
    web.set_rules({"//other.example/lost": Answer(status=404)})
    ended = collection.audit(web, "--fail-on", "never", LINKHEALTH_CLOCK=DAY_0)
    assert (ended.code, ended.stderr) == (0, "")
    assert asked(web) == sorted([WEB, LOST, ALIVE])
    report = collection.report()
    assert [link["at"] for link in report.articles["text-only.html"]["dead_links"]] == ["body/0"]
    assert report.urls.keys() == {WEB, LOST, ALIVE}


@pytest.mark.parametrize(
    ("spider", "expected"), [("articles", {WEB, *TEXT_LINKS}), ("pages", {WEB})]
)
def test_the_file_may_ask_for_the_text_too(
    spider: str, expected: set[str], module_web: LoopbackWeb, tmp_path: Path
) -> None:
    collection = collection_with_text(tmp_path / "content")
    collection.add(".linkhealth.yml", "body: yes\nwrite_back: no\nin_flight: 1\n")
    module_web.set_rules({})
    ended = collection.crawl(module_web, spider, "-s", "LOG_LEVEL=WARNING", LINKHEALTH_CLOCK=DAY_0)
    assert ended.code == 0, ended.stderr
    assert asked(module_web) == sorted(expected)

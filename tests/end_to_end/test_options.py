"""Arguments of a run: the links that each one chooses, and the refusal of a wrong one."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, Image, Report, article
from tests.web.fixtures import RunCli
from tests.web.process import PROJECT
from tests.web.rules import Answer
from tests.web.running import clean_environment, run
from tests.web.web import LoopbackWeb

NEWS = ("--fail-on", "new-broken")
NOW, LATER = "2026-03-10T12:00:00Z", "2026-03-10T13:00:00Z"
OLD_PAGE, NEW_PAGE = "https://old.example/old-story", "https://new.example/new-story"
HIDDEN_PAGE, REMOVED_PAGE = "https://hidden.example/draft", "https://removed.example/taken-down"
RELATED_PAGE = "https://related.example/other-story"
AMP = "https://old.example/amp/old-story"
AMP_CACHE = "https://old-example.cdn.ampproject.org/c/s/old.example/amp/old-story"
PICTURE = "https://pictures.example/10x10.png"
PAGES = {OLD_PAGE, NEW_PAGE, HIDDEN_PAGE, REMOVED_PAGE, RELATED_PAGE}
ALL = PAGES | {AMP, AMP_CACHE, PICTURE}
PROFILES = "profiles:\n  quick:\n    related: no\n    amp_cache: no\n    write_back: no\n"


def small_collection(root: Path) -> Collection:
    collection = Collection(root)
    collection.add(
        "old.md",
        article(
            web=OLD_PAGE,
            amp=AMP,
            amp_cache=AMP_CACHE,
            images=[Image(PICTURE, (10, 10))],
            related=[RELATED_PAGE],
        ),
    )
    collection.add("new.md", article(web=NEW_PAGE, published="2026-03-08T00:00:00Z"))
    collection.add("hidden.md", article(web=HIDDEN_PAGE, extra="published: false"))
    collection.add("removed.md", article(web=REMOVED_PAGE, extra="removed: true"))
    collection.add(".linkhealth.yml", PROFILES)
    return collection


@pytest.mark.parametrize(
    ("spider", "arguments", "chosen"),
    [
        ("articles", "", ALL),
        ("pages", "", PAGES),
        ("amp", "related=no", {AMP, AMP_CACHE}),
        ("images", "published=yes", {PICTURE}),
        ("articles", "amp_cache=no published=yes", ALL - {AMP_CACHE, HIDDEN_PAGE, REMOVED_PAGE}),
        ("articles", "since=7d", {NEW_PAGE}),
        ("articles", "host=old.*,*.ORG,related.example", {OLD_PAGE, AMP, AMP_CACHE, RELATED_PAGE}),
        ("articles", "profile=quick", ALL - {RELATED_PAGE, AMP_CACHE}),
    ],
)
def test_which_links_are_asked(
    spider: str, arguments: str, chosen: set[str], module_web: LoopbackWeb, tmp_path: Path
) -> None:
    collection = small_collection(tmp_path / "content")
    feed = tmp_path / "out.jsonl"
    module_web.set_rules({})
    module_web.forget()
    named = [part for pair in arguments.split() for part in ("-a", pair)]
    ended = collection.crawl(
        module_web, spider, *named, "-O", str(feed), "-s", "LOG_LEVEL=WARNING", LINKHEALTH_CLOCK=NOW
    )
    assert (ended.code, ended.stdout, ended.stderr) == (0, "", "")
    if "host=" in arguments:
        # `*` of a glob crosses dots, and `*.ORG` is any case of org: the cache's host is in org.
        assert AMP_CACHE in chosen
    assert sorted(request.url for request in module_web.requests()) == sorted(chosen)
    items = [json.loads(line) for line in feed.read_text(encoding="utf-8").splitlines()]
    assert sorted(item["url"] for item in items) == sorted(chosen)


def test_limit_due_format_and_out(module_web: LoopbackWeb, tmp_path: Path) -> None:
    collection = small_collection(tmp_path / "content")
    out = tmp_path / "reports" / "here"
    module_web.set_rules({"*": Answer(status=404)})
    module_web.forget()
    ended = collection.audit(
        module_web,
        "--limit",
        "3",
        "--format",
        "json,CSV",
        "--out",
        str(out),
        *NEWS,
        LINKHEALTH_CLOCK=NOW,
    )
    assert ended.code == 2, ended.stderr
    assert len(module_web.requests()) == 3
    written = sorted(path.name for path in out.iterdir())
    assert written == [".written.json", "report.csv", "report.json"]
    assert not (collection.root / ".linkhealth" / "reports").exists()
    assert Report.read(out / "report.json").summary["by_verdict"]["unchecked"] == len(ALL) - 3
    assert "goes on with what is unchecked" in " ".join(ended.stdout.split())

    rest = collection.audit(module_web, *NEWS, LINKHEALTH_CLOCK=LATER)
    assert rest.code == 2, rest.stderr
    assert sorted(request.url for request in module_web.requests()) == sorted(ALL)
    assert sorted(path.name for path in (collection.root / ".linkhealth/reports").iterdir()) == [
        ".written.json",
        "report.csv",
        "report.html",
        "report.json",
    ]
    again = collection.audit(
        module_web, "--due", "all", "--fail-on", "broken", LINKHEALTH_CLOCK=LATER
    )
    assert len(module_web.requests()) == 2 * len(ALL)
    # Broken already: no news, but a finding where findings are asked for.
    assert again.code == 2, again.stderr
    assert collection.report().summary["newly_broken"] == 0


AUDIT = ("audit", "{content}")
CRAWL = ("crawl", "articles", "-a", "content={content}")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((*AUDIT, "-a", "limt=3"), "did you mean 'limit'?"),
        ((*CRAWL, "-a", "limt=3"), "did you mean 'limit'?"),
        ((*AUDIT, "-a", "limit"), "is not NAME=VALUE"),
        ((*CRAWL, "-a", "since=yesterday"), "is not an age like"),
        ((*AUDIT, "-a", "profile=quik"), "did you mean 'quick'?"),
        ((*AUDIT, "--fail-on", "new-ded"), "did you mean 'new-dead'?"),
        ((*AUDIT, "--format", "htm"), "did you mean 'html'?"),
        (("audit", "{content}/nowhere"), "No such file"),
        (("audit", "{empty}"), "no article file"),
        (("crawl", "pages", "-a", "content={empty}"), "no article file"),
        (("strip", "{empty}/notes.txt"), "no article file"),
        (("review", "{content}", "{content}"), "one PATH is wanted"),
    ],
)
def test_a_wrong_argument_is_refused(
    arguments: tuple[str, ...], complaint: str, tmp_path: Path
) -> None:
    content, empty = small_collection(tmp_path / "content"), tmp_path / "empty"
    Collection(empty).add("notes.txt", "Notes.\n")
    before = content.files()
    places = {"content": str(content.root), "empty": str(empty)}
    module = "scrapy" if arguments[0] == "crawl" else "crawler"
    ended = run(
        [sys.executable, "-m", module, *(text.format(**places) for text in arguments)],
        env={**clean_environment(), "PYTHONPATH": str(PROJECT), "SCRAPY_LOG_LEVEL": "ERROR"},
        cwd=PROJECT if module == "scrapy" else tmp_path,
    )
    complaints = [line for line in ended.stderr.splitlines() if line.startswith("linkhealth: ")]
    assert ended.code == 3, ended.stderr
    assert len(complaints) == 1
    assert complaint in complaints[0]
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    assert content.files() == before
    assert not (content.root / ".linkhealth").exists()


def test_a_report_before_any_run_says_what_comes_first(run_cli: RunCli, tmp_path: Path) -> None:
    collection = small_collection(tmp_path / "content")
    ended = run_cli("report", cwd=collection.root)
    assert ended.code == 3
    assert ended.stderr == "linkhealth: .: has never been audited: `linkhealth audit` comes first\n"
    assert not (collection.root / ".linkhealth" / "reports").exists() or not any(
        (collection.root / ".linkhealth" / "reports").iterdir()
    )

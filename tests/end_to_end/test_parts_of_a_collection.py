"""Several PATHs, a list, and what Git says: the real command on a part of a collection (rule K9)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from crawler.state import open_state
from tests.end_to_end.collection import Collection, Report, article, run_command
from tests.web.process import PROJECT
from tests.web.rules import Answer
from tests.web.web import LoopbackWeb

pytestmark = [pytest.mark.xdist_group("parts-of-a-collection")]

PART = Path(".linkhealth/reports/part/report.json")
OFFLINE = ("--offline", "-a", "write_back=no", "--format", "json", "-q")


class Ended(NamedTuple):
    code: int
    said: str


def linkhealth(folder: Path, *arguments: str, given: bytes = b"") -> Ended:
    done = subprocess.run(
        [sys.executable, "-m", "crawler", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        input=given,
        capture_output=True,
        check=False,
        timeout=120,
    )
    return Ended(done.returncode, done.stderr.decode())


def audited(root: Path) -> list[str]:
    """The articles of the last report of a part."""
    return sorted(one["path"] for one in json.loads((root / PART).read_bytes())["articles"])


@pytest.mark.server
@pytest.mark.process
def test_the_rest_stays_as_it_is(web: LoopbackWeb, tmp_path: Path) -> None:
    collection = Collection(tmp_path / "content")
    gone, shared = "https://a.example/gone", "https://b.example/shared"
    collection.add("a.md", article(web=gone, amp=shared))
    collection.add("b.md", article(web="https://c.example/x", amp=shared))
    collection.add("news/c.md", article(web="https://d.example/x"))
    assert collection.audit(web).code == 0
    whole = (collection.root / ".linkhealth/reports/report.json").read_bytes()
    web.set_rules({gone: Answer(status=410), "*c.example/*": Answer(status=410)})
    web.forget()
    collection.add("b.md", article(web="https://c.example/other", amp=shared))
    (collection.root / "news/c.md").unlink()
    before = collection.contents()

    part = run_command(
        web, "audit", str(collection.root / "a.md"), "--due", "all", "--fail-on", "new-broken"
    )
    assert part.code == 2, part.stderr
    assert {one.host for one in web.requests()} >= {"a.example", "b.example"}
    assert not {"c.example", "d.example"} & {one.host for one in web.requests()}
    report = Report.read(collection.root / PART)
    assert report.document["content"] == "a.md"
    assert {one["url"] for one in report.document["urls"]} == {gone, shared}
    after = collection.contents()
    assert after.keys() == before.keys()
    assert [name for name in after if after[name] != before[name]] == ["a.md"]
    assert (collection.root / ".linkhealth/reports/report.json").read_bytes() == whole
    with open_state(collection.root, None) as state:
        assert sorted(state.stamps()) == ["a.md", "b.md", "news/c.md"], "nothing vanished"
        assert state.link_by_url("https://c.example/x") is not None
        assert state.link_by_url("https://c.example/other") is None, "it was not read"
        link = state.link_by_url(gone)
        assert link is not None
        assert len(state.history(link.id)) == 2, "one history, whichever run visits it"

    both = run_command(web, "audit", str(collection.root / "b.md"), str(collection.root / "news"))
    assert both.code == 0, both.stderr
    with open_state(collection.root, None) as state:
        assert sorted(state.stamps()) == ["a.md", "b.md"], "it was asked for, and is gone"
    told = run_command(
        web, "hosts", str(collection.root / "a.md"), str(collection.root / "b.md"), "--json"
    )
    assert told.code == 0
    assert {"a.example", "b.example"} <= {one["host"] for one in json.loads(told.stdout)["hosts"]}


@pytest.mark.server
@pytest.mark.process
def test_offline_asks_for_nothing(web: LoopbackWeb, tmp_path: Path) -> None:
    collection = Collection(tmp_path / "content")
    collection.add("a.md", article(web="https://a.example/x"))
    collection.add("b.md", "---\ntitle: B\n---\n[c](c.md) [d](https://d.example/)\n")
    ended = run_command(
        web, "audit", str(collection.root), "--offline", "--fail-on", "new-broken",
        env={"LINKHEALTH_CANARIES": "https://canary.example", "LINKHEALTH_PROXY": "http://nowhere.invalid:1"},
    )  # fmt: skip
    assert ended.code == 2, ended.stderr
    assert web.requests(robots=True) == []
    refused = run_command(web, "audit", str(collection.root), "--offline", "--thumbnails")
    assert (refused.code, "goes without --offline" in refused.stderr) == (3, True)
    found = {one["url"]: one["verdict"] for one in collection.report().document["urls"]}
    assert found["https://a.example/x"] == "unchecked"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A work tree with a collection in one of its folders."""
    root = tmp_path.resolve() / "tree"
    collection = Collection(root / "site")
    collection.add(".linkhealth.yml", "site_url: https://site.example\n")
    for name in ("a.md", "news/b.md", "-x.md", "new\nline.md", "é.md"):
        collection.add(name, article(web="https://a.example/x"))
    Collection(root).add("README.md", "# Read me\n")
    Collection(root).add("tool.py", "")
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        git(root, *arguments)
    return root


def git(root: Path, *arguments: str) -> bytes:
    return subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@a.example", *arguments],
        cwd=root,
        capture_output=True,
        check=True,
    ).stdout


@pytest.mark.process
def test_a_list_on_standard_input(tree: Path) -> None:
    empty = linkhealth(tree, "audit", "-", *OFFLINE, given=b"")
    assert empty == (0, "linkhealth: nothing to do: the list is empty\n")
    none = linkhealth(tree, "audit", "-", *OFFLINE, given=b"no.md\nsite/nor.md\n")
    assert none.code == 3
    assert "none of the files of the list is there" in none.said
    assert not (tree / ".linkhealth").exists()

    lines = b'README.md\r\ntool.py\r\nsite/a.md\r\nsite/gone.md\r\n"site/new\\nline.md"\r\n"site/\\303\\251.md"\r\n'
    some = linkhealth(tree, "audit", "-", *OFFLINE, given=lines)
    assert some.code == 0
    assert audited(tree / "site") == ["a.md", "new\nline.md", "é.md"]
    assert "not there: 'site/gone.md'" in some.said
    assert "'README.md', 'tool.py'" in some.said
    assert f"collection: '{tree / 'site'}'" in some.said

    listed = git(tree, "ls-files", "-z", "site")
    assert linkhealth(tree, "audit", "-", *OFFLINE, given=listed).code == 0
    assert audited(tree / "site") == ["-x.md", "a.md", "new\nline.md", "news/b.md", "é.md"]
    assert not (tree / ".linkhealth").exists()
    assert not (tree / "site/news/.linkhealth").exists()

    other = linkhealth(tree, "audit", "-", *OFFLINE, given=b"README.md\n")
    assert other.code == 0
    assert "no articles, or left out: 'README.md'" in other.said
    assert "nothing to check" in other.said


@pytest.mark.process
def test_paths_that_look_like_options_and_paths_that_are_not_there(tree: Path) -> None:
    site = tree / "site"
    assert linkhealth(site, "audit", *OFFLINE, "--", "-x.md", "a.md").code == 0
    assert audited(site) == ["-x.md", "a.md"]
    refused = linkhealth(site, "audit", *OFFLINE, "-x.md", "a.md")
    assert (refused.code, "-x.md" in refused.said) == (3, True)
    missing = linkhealth(site, "audit", *OFFLINE, "none.md", "news/b.md")
    assert (missing.code, "'none.md' cannot be read" in missing.said) == (3, True)
    assert audited(site) == ["news/b.md"], "the others are done"
    apart = linkhealth(tree, "audit", *OFFLINE, "site/a.md", "README.md")
    assert (apart.code, "lies outside" in apart.said) == (3, True)


@pytest.mark.process
def test_what_git_says(tree: Path) -> None:
    nothing = linkhealth(tree, "audit", "--changed", *OFFLINE)
    assert nothing == (0, "linkhealth: nothing to do: nothing has changed, as Git says\n")
    git(tree, "checkout", "-qb", "feature")
    Collection(tree / "site").add("news/b.md", article(web="https://a.example/other"))
    git(tree, "commit", "-qam", "x")
    Collection(tree / "site").add("-new.md", article(web="https://a.example/other"))
    (tree / "site/a.md").unlink()
    (tree / "tool.py").write_text("changed\n")
    assert linkhealth(tree, "audit", "--changed", *OFFLINE).code == 0
    assert audited(tree / "site") == ["-new.md"]
    base = "master" if b"master" in git(tree, "branch") else "main"
    assert linkhealth(tree, "audit", "site", "--changed", base, *OFFLINE).code == 0
    assert audited(tree / "site") == ["-new.md", "news/b.md"]
    assert linkhealth(tree / "site", "audit", "news", "--changed", base, *OFFLINE).code == 0
    assert audited(tree / "site") == ["news/b.md"]
    wrong = linkhealth(tree, "audit", "--changed", "site", *OFFLINE)
    assert (wrong.code, "PATH comes before --changed" in wrong.said) == (3, True)

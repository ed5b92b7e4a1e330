"""Secrets are planted wherever a stranger or an owner may leave one; a full run, a repair and every command are then
searched for them, files and state included (rules U8 and W7)."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.end_to_end.collection import SECURED, Collection, Image, Report, article, run_command
from tests.reporting.page_contents import page_words
from tests.web.pages import page
from tests.web.rules import Answer, redirect
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-secrets")

S = "hunter2"
"""A part of every planted secret but `secured`."""
WITH = f"https://user:{S}-a@own.example/a-story"
BROKEN = f"https://user:{S}/b@own.example/a-story"
RELATED = f"https://{S}-c@own.example/related"
PICTURE = f"//user:{S}-d@own.example/one.png"
# An address that is visited is the address that is stored, and that a log of requests names (docs/reports.md).
NESTED = f"https://nested.example/to?next=https://user:{S}-e@own.example/"
ENCODED = f"https://nested.example/to?next=https%3A%2F%2Fuser%3A{S}-f%40own.example%2F"
REDIRECTS = "https://moved.example/with-a-password"
MOVED, MOVED_TO = "https://moved.example/old/a-long-story", "https://moved.example/new/a-long-story"
RULES = {
    MOVED: redirect(MOVED_TO, 301),
    MOVED_TO: Answer(body=page("A title")),
    REDIRECTS: redirect(f"https://user:{S}-g@own.example/secret"),
    "https://page.example/": Answer(
        body=page(
            "A title",
            head=f'<link rel="canonical" href="https://user:{S}-h@page.example/">'
            f'<link rel="amphtml" href="https://user:{S}-i@page.example/amp">'
            f'<meta property="og:image" content="https://user:{S}-j@page.example/a.png">',
        )
    ),
    "//nested.example/to": Answer(status=404),
    "https://dead.example/": Answer(status=410),
}
SECRETS = (S, SECURED[:20], "k3y-of-the-owner", "another-one")
CONFIGURATION = "secret_keys: [apiToken]\nwrite_back: own\n"


@dataclass
class Told:
    """All that was told, by where it was told."""

    collection: Collection
    outputs: dict[str, str] = field(default_factory=dict)

    def run(self, web: LoopbackWeb, *arguments: str) -> str:
        done = run_command(web, *arguments)
        self.outputs[" ".join(arguments)] = done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout


def articles() -> dict[str, str]:
    extra = "apiToken: k3y-of-the-owner\nauthor:\n  apiToken: k3y-of-the-owner"
    texts = {
        "with.md": article(web=WITH, related=[RELATED], images=[Image(PICTURE)]),
        "broken.md": article(web=BROKEN),
        "nested.md": article(web=NESTED, related=[ENCODED]),
        "redirects.md": article(web=REDIRECTS),
        "page.md": article(web="https://page.example/"),
        "dead.md": article(web="https://dead.example/"),
        "odd.md": article().replace(
            "publishedDateTime: 2019-03-04T05:06:07Z",
            f"publishedDateTime: 'https://u:{S}-k@x.test'",
        ),
        "list.md": article().replace("title:", f"webUrl: [https://u:{S}-l@x.test]\ntitle:"),
    }
    # The changed line stands beside every kind of secret.
    moved = article(web=MOVED, extra=extra).replace(f'webUrl: "{MOVED}"\n', "")
    texts["moved.md"] = moved.replace(
        "\nsecured:",
        f'# secured: {SECURED[:20]} another-one\nother: another-one\nwebUrl: "{MOVED}"\nsecured:',
    )
    return texts


@pytest.fixture(scope="module")
def told(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A first and a second run with every format, then every command that shows something."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    collection = Collection(tmp_path_factory.mktemp("collection"))
    for name, text in articles().items():
        collection.add(name, text)
    collection.add(".linkhealth.yml", CONFIGURATION)
    git(collection.root, "init", "--quiet")
    git(collection.root, "add", ".")
    git(collection.root, "commit", "--quiet", "-m", "all")
    module_web.set_rules(RULES)
    told, root = Told(collection), str(collection.root)
    formats = ("--format", "json,csv,html,xlsx", "--all-references")
    told.run(module_web, "audit", root, *formats)
    feed = tmp_path_factory.mktemp("feed") / "out.jsonl"
    crawl = collection.crawl(
        module_web, "articles", "-a", "due=all", "-O", str(feed), "-L", "DEBUG"
    )
    told.outputs["crawl"] = crawl.stdout + crawl.stderr
    told.outputs["feed"] = feed.read_text(encoding="utf-8")
    told.run(module_web, "audit", root, *formats, "--due", "all")
    git(collection.root, "add", ".")
    git(collection.root, "commit", "--quiet", "-m", "blocks")
    decisions = collection.root.parent / "decided.csv"
    decide(collection.root / ".linkhealth" / "reports" / "report.csv", decisions)
    told.run(module_web, "apply", str(decisions), "--content", root)
    told.run(module_web, "apply", "--suggested", "moves", "--content", root)
    told.run(module_web, "apply", "--suggested", "moves", "--content", root, "--write", "--commit")
    told.outputs["log"] = git(collection.root, "log", "--format=%B")
    for url in (WITH, BROKEN, RELATED, REDIRECTS, f"https://u:{S}-m@nowhere.test/"):
        told.run(module_web, "explain", url, root)
        told.run(module_web, "inspect", url)
        if url == REDIRECTS:
            continue
        told.run(
            module_web, "ignore", url, root, "--reason", f"see {WITH}", "--until", "2999-01-01"
        )
    told.run(module_web, "ignore", "--list", root)
    told.run(module_web, "report", root, *formats)
    return told


def git(root: Path, *arguments: str) -> str:
    names = {
        f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    done = subprocess.run(
        ["git", "-C", str(root), "-c", "user.name=x", "-c", "user.email=x", *arguments],
        env=os.environ | names | {"GIT_CONFIG_GLOBAL": "/dev/null"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def decide(report: Path, decisions: Path) -> None:
    """Each row is decided: what has a suggestion is accepted, the rest replaced."""
    with report.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        row["decision"] = "accept" if row["suggestion"] else "replace"
        row["new_value"] = "" if row["suggestion"] else "https://own.example/new"
    with decisions.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_the_articles_keep_their_own_lines(told: Told) -> None:
    contents = told.collection.contents()
    for name in ("with.md", "broken.md", "nested.md"):
        lines = contents[name].decode().splitlines()
        assert [line for line in articles()[name].splitlines() if line not in lines] == []


def test_no_secret_is_told_on_a_terminal_in_a_log_a_feed_or_a_commit(told: Told) -> None:
    commands = "\n".join(told.outputs)
    for name, text in told.outputs.items():
        if name == "crawl":
            text = text.replace(f"{S}-e", "").replace(f"{S}-f", "")  # noqa: PLW2901
        for secret in SECRETS:
            at = text.find(secret)
            assert at < 0, f"in the output of {name}: {text[max(at - 200, 0) : at + 50]}"
    assert S in commands, "some of the secrets were typed"


def test_no_secret_is_in_a_report_or_the_state(told: Told) -> None:
    files = [path for path in (told.collection.root / ".linkhealth").rglob("*") if path.is_file()]
    assert {"report.json", "report.csv", "report.html", "report.xlsx", "state.sqlite3"} <= {
        path.name for path in files
    }
    for path in files:
        data = path.read_bytes()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as packed:
                data = b"".join(packed.read(name) for name in packed.namelist())
        if path.name == "report.html":
            data += page_words(path).encode("utf-8", "surrogatepass")
        for secret in SECRETS:
            if secret == S and path.name.startswith("state"):
                data = data.replace(f"{S}-e".encode(), b"").replace(f"{S}-f".encode(), b"")
            at = data.find(secret.encode())
            assert at < 0, f"in {path.name}: {data[max(at - 200, 0) : at + 50]!r}"


def test_no_secret_is_in_a_block(told: Told) -> None:
    for name, data in told.collection.contents().items():
        if not name.endswith(".md"):
            continue
        text = data.decode()
        block = text.partition("linkHealth:")[2].partition("\nsecured:")[0]
        assert not any(secret in block for secret in SECRETS), name


def test_the_diff_shows_the_change_and_not_what_stands_beside_it(told: Told) -> None:
    diff = next(text for name, text in told.outputs.items() if "--write" in name)
    assert f'-webUrl: "{MOVED}"' in diff
    assert f'+webUrl: "{MOVED_TO}"' in diff
    assert " other: …" in diff
    assert " secured: ***" in diff
    assert " # secured: ***" in diff
    contents = told.collection.contents()["moved.md"].decode()
    assert MOVED_TO in contents
    assert f'secured: "{SECURED}"' in contents


def test_a_link_with_credentials_is_still_found_told_and_repaired(told: Told) -> None:
    report = Report.read(told.collection.root / ".linkhealth" / "reports" / "report.json")
    hidden = "https://***@own.example/a-story"
    assert report.url(hidden)["reason"] == "credentials"
    assert report.url(REDIRECTS)["verdict"] == "unverifiable"
    decided = next(text for name, text in told.outputs.items() if "decided.csv" in name)
    assert "-webUrl: ***" in decided
    assert '+webUrl: "https://own.example/new"' in decided


def test_what_a_server_suggests_with_credentials_is_not_suggested(told: Told) -> None:
    entry = Report.read(told.collection.root / ".linkhealth" / "reports" / "report.json").url(
        "https://page.example/"
    )
    assert entry["page"]["canonical"] == "https://***@page.example/"
    assert entry["suggestion"] is None

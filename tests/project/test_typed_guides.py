"""The commands of the guides, typed as they stand there, page after page, on the demonstration's articles in a Git repository."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.configuration import FILE_NAME
from tests.project.test_command_blocks import COMMANDS, words
from tests.project.test_readme import COLLECTION, KNOWN, PROJECT
from tests.time_limits import HANG
from tests.web import LoopbackWeb, Rules
from tests.web.rules import Answer, redirect

FOLDERS = frozenset({"PATH", "/srv/articles", "articles"})
MOVED = "https://oldbridgenews.example/stories/town-wall"
MADE_UP = {
    "URL": KNOWN,
    "https://example.com/story": KNOWN,
    "https://example.com/*": "https://smallhours.example/*",
    "news.example": "oldbridgenews.example",
}
"""Addresses that the pages made up, and what the articles have in their place."""
# The commands of docs/generators/ are those of tests/end_to_end/test_examples.py.
GUIDES = (
    "docs/start/operators-night.md",
    "docs/troubleshooting.md",
    "docs/repair.md",
    "docs/how-to/repair-links.md",
    "docs/how-to/leave-a-link-alone.md",
    "docs/start/editors-monday.md",
    "docs/how-to/undo.md",
    "examples/README.md",
)
FINE = {"audit": {0, 2}, "accept": {3}, "hosts": {0, 3}}
"""Exit codes; 2 says that something was found, 3 that there is nothing to take back, or to decide for a whole host, which
tests/end_to_end/test_host_overviews.py has."""
ALTERNATIVES = frozenset({"apply", "hosts"})
"""What a page shows after another way to do the same: it begins with the articles as they were."""


def typed(page: str) -> Iterator[list[str]]:
    """Our commands of a page, in their order."""
    for line in COMMANDS:
        if line.page == page:
            yield from (one[1:] for one in words(line.text) if one[0] == "linkhealth")


def git(folder: Path, *arguments: str) -> str:
    given = ("-c", "user.name=Editor", "-c", "user.email=editor@news.example")
    return subprocess.check_output(["git", *given, *arguments], cwd=folder, text=True, timeout=HANG)


class Desk:
    """Somebody who goes through the guides; the articles, the examples and what was decided lie in one folder."""

    def __init__(self, web: LoopbackWeb, folder: Path) -> None:
        self.web, self.folder, self.articles = web, folder, folder / "articles"
        web.set_rules(Rules({MOVED: redirect(f"{MOVED}-again"), KNOWN: Answer(status=404)}))
        shutil.copytree(COLLECTION, self.articles)
        (self.articles / FILE_NAME).unlink()
        shutil.copytree(PROJECT / "examples", folder / "examples")
        git(self.articles, "init", "--quiet")
        git(self.articles, "config", "user.name", "Editor")
        git(self.articles, "config", "user.email", "editor@news.example")
        git(self.articles, "add", "--all")
        git(self.articles, "commit", "--quiet", "--message", "Articles")
        self.first = git(self.articles, "rev-parse", "HEAD").strip()

    def decide(self) -> None:
        """What an editor would have saved before the command that names the file."""
        decision = {"url": MOVED, "decision": "accept"}
        for name in ("decided.csv", "moved.csv"):
            with (self.folder / name).open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(decision))
                writer.writeheader()
                writer.writerow(decision)
        (self.folder / "decisions.yml").write_text(
            f"- url: {MOVED}\n  decision: accept\n", encoding="utf-8"
        )

    def begin(self) -> None:
        """Have the articles as they were, and a run know of it."""
        if git(self.articles, "diff", "--stat", self.first):
            git(self.articles, "reset", "--quiet", "--hard", self.first)
            self.type(["audit", "PATH", "-a", "write_back=no"])

    def type(self, command: list[str]) -> str:
        """Run one command; returns what it printed."""
        if command[0] in ALTERNATIVES:
            self.begin()
        meant = [
            str(self.articles) if word in FOLDERS else MADE_UP.get(word, word) for word in command
        ]
        done = self.web.run(
            [sys.executable, "-m", "crawler", *meant], cwd=self.folder, timeout=HANG
        )
        assert done.code in FINE.get(command[0], {0}), (command, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr, (command, done.stderr)
        return done.stdout


@pytest.mark.slow
@pytest.mark.process
def test_the_guides_do_what_they_say(web: LoopbackWeb, tmp_path: Path) -> None:
    desk = Desk(web, tmp_path)
    desk.decide()
    seen: dict[str, list[str]] = {}
    for page in GUIDES:
        for command in typed(page):
            seen.setdefault(page, []).append(desk.type(command))
    assert seen.keys() == set(GUIDES)
    assert "1 file changed" in seen["docs/repair.md"][2]
    assert "1 file would be changed" in seen["docs/how-to/repair-links.md"][3]
    assert "(editor-not-broken)" in seen["docs/how-to/leave-a-link-alone.md"][0]
    assert "1 file changed" in seen["docs/start/editors-monday.md"][1]
    assert "restored" in seen["docs/how-to/undo.md"][-1]

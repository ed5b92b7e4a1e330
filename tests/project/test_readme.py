"""Every command that README.md and the Scrapy tutorial show is run as it stands there, on the demonstration's collection."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from crawler.configuration import FILE_NAME
from tests.time_limits import HANG
from tests.web import Completed, LoopbackWeb

PROJECT = Path(__file__).resolve().parents[2]
COLLECTION = PROJECT / "crawler" / "demonstration" / "collection"
KNOWN = "https://planetarypostcard.example/walks/canal-walk"
PROGRAMS = {"linkhealth": "crawler", "scrapy": "scrapy"}
FINE = {"audit": {0, 2}}
"""Exit codes; 2 says that something was found."""
BEGINS = {
    "explain": f"{KNOWN}\n",
    "ignore": f"{KNOWN}\nexcluded from now on",
}
ENDS = {"init": "\nnext: linkhealth audit ", "doctor": " 0 fail\n"}
ENDING = 200
SERVING = frozenset({"review"})
"""What goes on until Ctrl-C: tests/review/test_command.py starts and ends it."""


def shown() -> list[list[str]]:
    """The commands of both pages in their order, without the comments beside them."""
    names = ("README.md", "docs/tutorials/scrapy-project.md")
    pages = ((PROJECT / name).read_text(encoding="utf-8") for name in names)
    lines = [line for page in pages for line in page.splitlines()]
    starts = re.compile(rf" {{4}}({'|'.join(PROGRAMS)}) ")
    return [shlex.split(line, comments=True) for line in lines if starts.match(line)]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".linkhealth" not in path.relative_to(folder).parts
    }


class Reader:
    """Somebody who types what the README shows, in a folder of their own."""

    def __init__(self, web: LoopbackWeb, folder: Path) -> None:
        self.web = web
        self.folder = folder
        self.articles = folder / "articles"
        shutil.copytree(COLLECTION, self.articles)
        (folder / "page.html").write_text("<title>A story</title>", encoding="utf-8")

    def type(self, command: list[str]) -> Completed:
        """Run one command, PATH being the articles and URL a link of theirs."""
        meant = {"PATH": str(self.articles), "URL": KNOWN}
        program, *arguments = [
            meant.get(word, word.replace("PATH", meant["PATH"])) for word in command
        ]
        return self.web.run(
            [sys.executable, "-m", PROGRAMS[program], *arguments],
            cwd=self.folder,
            # `scrapy` finds the project by the folder that it is typed in; this one is not that.
            env=self.web.environment(SCRAPY_SETTINGS_MODULE="crawler.settings"),
            timeout=HANG,
        )

    def type_on_new_articles(self, command: list[str]) -> Completed:
        """The same where there is no configuration yet, as the sample has one; that one is put back."""
        own = self.articles / FILE_NAME
        text = own.read_bytes()
        own.unlink()
        done = self.type(command)
        assert own.read_bytes() != text
        own.write_bytes(text)
        return done


@pytest.fixture
def reader(web: LoopbackWeb, tmp_path: Path) -> Reader:
    return Reader(web, tmp_path)


def test_every_command_of_the_readme_does_what_it_says(reader: Reader) -> None:
    before = contents(reader.articles)
    seen: set[str] = set()
    for command in shown():
        name = command[1]
        if name in SERVING:
            seen.add(name)
            continue
        done = reader.type_on_new_articles(command) if name == "init" else reader.type(command)
        assert done.code in FINE.get(name, {0}), (command, done.stderr)
        assert "Traceback" not in done.stderr, (command, done.stderr)
        seen.add(name)
        match name:
            case "audit" | "report":
                reports = reader.articles / ".linkhealth" / "reports"
                assert {"report.html", "report.json"} <= {path.name for path in reports.iterdir()}
                assert str(reports) in done.stdout
                shutil.rmtree(reports)
            case "strip":
                assert contents(reader.articles) == before
            case "diff":
                assert done.stdout.endswith(" broken or dead for another reason.\n")
            case "explain" | "ignore":
                assert done.stdout.startswith(BEGINS[name])
            case "init" | "doctor":
                assert ENDS[name] in done.stdout[-ENDING:]
                assert contents(reader.articles) == before
            case "apply":
                assert "files would be changed" in done.stdout
            case "inspect":
                assert json.loads(done.stdout)["page"]["title"]
            case "list":
                assert done.stdout.split() == ["amp", "articles", "images", "pages"]
            case "crawl":
                assert (reader.folder / "out.jsonl").is_file()
    assert seen == {
        *(
            "init",
            "doctor",
            "audit",
            "report",
            "diff",
            "explain",
            "apply",
            "strip",
            "ignore",
            "inspect",
        ),
        *("list", "crawl", *SERVING),
    }

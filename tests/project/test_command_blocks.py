"""Every block of commands in README and docs: what is ours is read by our own parser, of the others it is said why not.

Blocks that are run as they stand: those of README.md and of the Scrapy tutorial (test_readme.py), of the first tutorial (here), of
the guides (test_typed_guides.py), of `docs/generators/` (test_examples.py), of `docs/schedulers/` as far as `test_schedulers.py` says.
Every other page says why its own are not. Those of benchmarks/README.md are the programs of `make bench`, which test_documents.py compares.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.commands.fail_on import read_fail_on
from crawler.commands.front import OURS, Parser, command_of
from crawler.commands.guard import named_values
from crawler.configuration import Mistakes, load
from crawler.model.repair import RepairKind
from crawler.reporting import FORMATS
from crawler.rules.grouping import GroupBy
from crawler.session import arguments
from tests.time_limits import HANG

PROJECT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    page.relative_to(PROJECT).as_posix()
    for page in (
        *(PROJECT / name for name in ("README.md", "CONTRIBUTING.md")),
        *PROJECT.glob("examples/*.md"),
        *PROJECT.glob("docs/**/*.md"),
    )
    if "/adr/" not in page.as_posix()
)
NOT_RUN = {
    "cp": "copies into places of the reader's own; what it copies is looked for here",
    "mkdir": "makes folders of the reader's own",
    "chown": "changes the machine",
    "useradd": "changes the machine",
    "usermod": "changes the machine",
    "userdel": "changes the machine",
    "rm": "changes the machine",
    "systemctl": "changes the machine; test_schedulers.py has systemd read the units",
    "journalctl": "wants a machine on which the unit has run",
    "docker": "wants an engine, and an image of a registry; test_schedulers.py does its steps",
    "kubectl": "wants a cluster; test_schedulers.py reads the file by its schema",
    "pip": "asks a registry; test_package.py installs the wheel without one",
    "/opt/linkhealth/bin/pip": "asks a registry; test_package.py installs the wheel without one",
    "scrapyd-deploy": "test_scrapyd.py does, to a server of its own",
    "scrapyd-client": "test_scrapyd.py does, to a server of its own",
    "git": "works on a repository of the reader's own",
    "cat": "shows a report in a job of GitHub's",
    "curl": "sends a report to an address of the reader's own",
    "scrapyd": "test_scrapyd.py starts it, on a port of its own",
    ".": "is a matter of the reader's shell",
    "export": "is a matter of the reader's shell",
    "cd": "is a matter of the reader's shell",
}
"""Programs that are not ours, each with why its lines are not run. What stands behind `&&` or a bar is read as well."""
SHOWN = (
    "linkhealth: reads: ",
    "ok    configuration ",
    "news.example (The Example News): ",
    "412 URLs of x.example ",
    "review of articles: ",
    "10 × dead (1) ",
    "LINKHEALTH_CREDENTIAL_DOCS=",
    "table inet linkhealth {",
    "- url: https://",
    "write_back: sidecar ",
    "FROM linkhealth",
)
"""How each block begins that shows something else than commands: what is printed, a part of a file, variables."""
_SKIPPED = ("yaml", "json", "liquid", "go-html-template", "toml", "html", "ini", "python")
_SYNOPSIS = re.compile(r"linkhealth (\w+) .*[\[…]")
"""A line that says what a command takes: of that the options have to be there."""
_SAYS_WHY = re.compile(
    r"not\s+(run|installed)\b|not the line|[Aa]\s+test\s+(copies|imports|deploys)|made by hand|reads the file by its own fields|these need a cluster",
    re.IGNORECASE,
)
TUTORIAL = "docs/tutorials/first-collection.md"
ALL_IN_ONE = (
    "import json, sys\n"
    "from crawler.commands.front import front\n"
    "print(json.dumps([front(one, 'crawler.settings') for one in json.load(sys.stdin)]), file=sys.stderr)"
)
"""Each start of Python takes a second."""


@dataclass(frozen=True)
class Line:
    """One line of a block, at a line of a page."""

    page: str
    number: int
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.number}: {self.text}"


def blocks(page: str) -> Iterator[list[Line]]:
    """The blocks of code of a page, but for those in another language; what stands behind an empty line is one of its own."""
    lines = (PROJECT / page).read_text(encoding="utf-8").splitlines()
    block: list[Line] = []
    fence, was_blank = None, True
    for number, text in enumerate([*lines, ""], 1):
        opening = re.match(r"\s*(```+)(\S*)", text)
        if fence is None and opening:
            fence = opening[2] or "text"
            continue
        if fence is not None and opening and not opening[2]:
            if block and fence not in _SKIPPED:
                yield block
            block, fence = [], None
            continue
        indented = text.startswith("    ") and (was_blank or bool(block))
        if text.strip() and (fence is not None or indented):
            block.append(Line(page, number, text if fence else text[4:]))
        elif block:
            yield block
            block = []
        was_blank = not text.strip()
    if block:
        yield block


def words(text: str) -> list[list[str]]:
    """The commands of a line, those behind `&&` and a bar as well, without what its comments and redirections say."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars="|&>;")
    lexer.whitespace_split, lexer.commenters = True, "#"
    commands: list[list[str]] = [[]]
    skip = False
    for word in lexer:
        if set(word) <= set("|&;"):
            commands.append([])
        elif set(word) == {">"}:
            skip = True
        elif skip:
            skip = False
        else:
            commands[-1].append(word)
    return [command for command in commands if command]


def check(command: list[str]) -> None:
    """Have our parser read one command, without running it. Raises SystemExit, ConfigurationError and AssertionError."""
    program, *given = command
    CHECKS[program](given)


def linkhealth(given: list[str]) -> None:
    name, *rest = given
    if name in ("COMMAND", "X") or name.startswith("--"):
        assert set(given) <= {"COMMAND", "X", "--help", "--version"}
        return
    assert name in OURS or name == "crawl", name
    if name == "crawl":
        scrapy(given)
        return
    opts, others = Parser(name, command_of(name, Settings())).parse_known_args(rest)
    assert [one for one in others if one.startswith("-") and one not in ("-", "--")] == []
    values(opts)


def values(opts: Namespace) -> None:
    """What a command looks at before it begins."""
    given = vars(opts)
    if given.get("fail_on"):
        read_fail_on(given["fail_on"])
    assert set(filter(None, (given.get("format") or "").split(","))) <= FORMATS.keys() | {"LIST"}
    for kinds in ("suggested", "only"):
        assert set(filter(None, (given.get(kinds) or "").split(","))) <= {*RepairKind, "KINDS"}
    assert given.get("by") in {None, *GroupBy}
    assert given.get("due") in {None, "now", "all"}
    for numbers in ("limit", "max_files", "port"):
        assert re.fullmatch(r"\d+|N", given.get(numbers) or "0"), numbers
    # `diff` has runs there.
    assert re.fullmatch(r"\d{4}-\d\d-\d\d|DATE|\d+", given.get("until") or "DATE")
    named(given.get("named") or [])


def named(pairs: list[str]) -> None:
    """Arguments of `-a`: their names, and the values of those that are options."""
    mistakes = Mistakes()
    _, flags = arguments.split(named_values(pairs), mistakes)
    mistakes.end()
    flags.pop("profile", None)
    load(PROJECT / "docs", flags, {})


def scrapy(given: list[str]) -> None:
    name, *rest = given
    if name == "list":
        assert rest == []
        return
    assert name == "crawl"
    assert rest[0] in {"articles", "pages", "amp", "images"}
    named([value for flag, value in pairwise(rest) if flag == "-a"])


def make(given: list[str]) -> None:
    targets = re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert given[0] in targets


def python(given: list[str]) -> None:
    """A script of the project, or a module of Python's own or of ours."""
    if given[0] == "-m":
        assert given[1] in ("venv", "crawler")
    else:
        assert (PROJECT / given[0]).is_file()


def cp(given: list[str]) -> None:
    """What is copied is there, where it is of the project."""
    for source in given[:-1]:
        name = source.removeprefix("LINKHEALTH/")
        if name.startswith(("deploy/", "examples/")):
            assert (PROJECT / name).exists(), name


def runuser(given: list[str]) -> None:
    """A command that is typed as another user."""
    option, _, end, *command = given
    assert (option, end) == ("-u", "--")
    check(command)


CHECKS: dict[str, Callable[[list[str]], None]] = {
    "linkhealth": linkhealth,
    "/opt/linkhealth/bin/linkhealth": linkhealth,
    "runuser": runuser,
    "scrapy": scrapy,
    "make": make,
    "python": python,
    "python3": python,
    "cp": cp,
}
BLOCKS = [block for page in PAGES for block in blocks(page)]


def is_comment(line: Line) -> bool:
    return not line.text.strip() or line.text.startswith("#")


def programs(line: Line) -> list[str]:
    return [command[0] for command in words(line.text)]


COMMANDS = [
    line
    for block in BLOCKS
    if not block[0].text.startswith(SHOWN)
    for line in block
    if not is_comment(line)
]


def read(line: Line) -> None:
    """Have our parser read a line. Raises SystemExit, ConfigurationError and AssertionError."""
    if synopsis := _SYNOPSIS.match(line.text):
        known = Parser(synopsis[1], command_of(synopsis[1], Settings())).options
        named_here = set(re.findall(r"--[a-z-]+", line.text))
        assert named_here <= {name for option in known for name in option.option_strings}
        return
    for command in words(line.text):
        if command[0] in CHECKS:
            check(command)


def test_the_blocks_are_found() -> None:
    assert len(COMMANDS) > 150
    assert {"README.md", TUTORIAL, "docs/options.md"} <= {line.page for line in COMMANDS}


def test_each_line_of_a_block_is_a_command_or_the_block_shows_something() -> None:
    unknown = [
        f"{line}: {program}"
        for line in COMMANDS
        if not _SYNOPSIS.match(line.text)
        for program in programs(line)
        if program not in CHECKS and program not in NOT_RUN
    ]
    assert unknown == []


@pytest.mark.parametrize("line", COMMANDS, ids=str)
def test_our_parser_reads_every_command(line: Line) -> None:
    read(line)


def test_every_page_whose_commands_are_not_run_says_why() -> None:
    from tests.project.test_typed_guides import GUIDES

    silent = [
        page
        for page in {line.page for line in COMMANDS}
        if page not in {*GUIDES, "README.md", TUTORIAL, "docs/tutorials/scrapy-project.md"}
        and not page.startswith("docs/generators/")
        and not _SAYS_WHY.search((PROJECT / page).read_text(encoding="utf-8"))
    ]
    assert silent == []


def test_every_exception_is_needed() -> None:
    started = {
        program for line in COMMANDS if not _SYNOPSIS.match(line.text) for program in programs(line)
    }
    assert NOT_RUN.keys() | CHECKS.keys() <= started
    beginnings = [block[0].text for block in BLOCKS]
    assert [one for one in SHOWN if not any(text.startswith(one) for text in beginnings)] == []


@pytest.mark.parametrize(
    "text",
    [
        "linkhealth audti PATH",
        "linkhealth audit PATH --formt csv",
        "linkhealth audit PATH --format cvs",
        "linkhealth audit PATH --fail-on newdead",
        "linkhealth audit PATH -a limt=3",
        "linkhealth audit PATH -a write_back=none",
        "linkhealth audit PATH --limit many",
        "linkhealth report PATH --by owners",
        "linkhealth apply --suggested move PATH",
        "linkhealth ignore URL PATH --until tomorrow",
        "linkhealth hosts [PATH] [--hots NAME]",
        "git diff | linkhealth audit - --chnged",
        "scrapy crawl article -a content=PATH",
        "runuser -u linkhealth -- /opt/linkhealth/bin/linkhealth doktor PATH",
        "runuser -u linkhealth -- linkhaelth doctor PATH",
        "make dmo",
        "python benchmarks/nothing.py",
        "cp deploy/cron/linkhealth.corn /etc/cron.d/linkhealth",
    ],
)
def test_a_command_that_is_wrong_is_found(text: str) -> None:
    with pytest.raises((Exception, SystemExit)):
        read(Line("a page", 1, text))


@pytest.mark.process
def test_the_first_tutorial_does_what_it_says(tmp_path: Path) -> None:
    """All of it, offline, as it is typed."""
    shutil.copytree(PROJECT / "examples/jekyll", tmp_path / "examples/jekyll")
    first, *ours = [words(line.text)[0] for line in COMMANDS if line.page == TUTORIAL]
    assert first[0] == "cp"
    subprocess.run(first, cwd=tmp_path, check=True, timeout=HANG)
    assert {command[0] for command in ours} == {"linkhealth"}
    done = subprocess.run(
        [sys.executable, "-c", ALL_IN_ONE],
        input=json.dumps([command[1:] for command in ours]),
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(PROJECT), "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stderr.splitlines()[-1]) == [0] * len(ours), done.stderr
    blog, given = tmp_path / "blog", tmp_path / "examples/jekyll"
    for path in given.rglob("*.md"):
        assert (blog / path.relative_to(given)).read_bytes() == path.read_bytes()
    assert (blog / ".linkhealth/reports/report.html").is_file()
    assert "6 URLs in 6 references of 4 articles." in done.stdout
    assert "Reason file-missing: " in done.stdout
    assert "excluded from now on, and not visited until 2099-01-01" in done.stdout
    assert done.stdout.endswith("3 files restored, 1 had no block, 0 left alone\n")

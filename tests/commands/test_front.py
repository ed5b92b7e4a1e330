"""The front of `linkhealth`: help, versions, examples, wrong use, output that nobody reads, and what is no success."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from scrapy.settings import Settings
from scrapy.utils.misc import walk_modules_iter

from crawler import __version__
from crawler.commands.front import OURS, WITHOUT_SCRAPY, Parser, command_of
from crawler.model.exit_code import ExitCode
from crawler.state import open_state
from tests.commands.test_ignore import NOW, take_everything_in
from tests.end_to_end.collection import article
from tests.time_limits import HANG
from tests.web.process import PROJECT
from tests.web.running import typed

if TYPE_CHECKING:
    from crawler.commands.command_base import CommandBase

MODULES = {"linkhealth": "crawler", "scrapy": "scrapy"}


def run(
    *arguments: str, program: str = "linkhealth", cwd: Path = PROJECT, **environ: str
) -> subprocess.CompletedProcess[str]:
    given = {"LINKHEALTH_CLOCK": NOW.isoformat(), "COLUMNS": "100", **environ}
    return typed(*arguments, module=MODULES[program], cwd=cwd, env=given)


def commands() -> dict[str, CommandBase]:
    return {name: command_of(name, Settings()) for name in OURS}


def test_the_help_names_every_command_of_ours_with_its_line() -> None:
    with_command = {
        module.__name__.rpartition(".")[2]
        for module in walk_modules_iter("crawler.commands")
        if getattr(module, "Command", None) is not None
    }
    assert {*OURS, "crawl"} == with_command
    assert {name: one.short_desc() for name, one in commands().items()} == OURS


@pytest.mark.parametrize("name", OURS)
def test_every_example_is_a_line_that_the_command_takes(name: str) -> None:
    command = commands()[name]
    examples = getattr(command, "examples", ())
    assert examples
    for line, what in examples:
        words = shlex.split(line.partition(" > ")[0])
        words = words[words.index("|") + 1 :] if "|" in words else words
        assert words[:2] == ["linkhealth", name]
        _, others = Parser(name, command).parse_known_args(words[2:])
        assert not [one for one in others if one.startswith("-") and one != "-"], line
        assert what
        assert line in Parser(name, command).format_help()


@pytest.mark.process
def test_the_front_is_ours() -> None:
    told = run("--help")
    assert told.returncode == 0
    assert told.stdout.startswith(f"linkhealth {__version__}: ")
    assert "genspider" not in told.stdout
    assert all(f"\n  {name} " in told.stdout for name in OURS)
    assert run().stdout == told.stdout == run("help").stdout == run("-h").stdout
    one = run("help", "audit")
    assert one.stdout == run("audit", "--help").stdout
    assert one.stdout.startswith("usage: linkhealth audit [PATH ...] [options]")
    version = run("--version").stdout
    assert version == run("-V").stdout
    assert version.startswith(f"linkhealth {__version__} (Python 3.")
    assert ", Scrapy 2." in version


@pytest.mark.process
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("audti",), "no command 'audti'; did you mean 'audit'?\n"),
        (("\x1b[31m",), "no command '\\x1b[31m'; "),
        (("--pfad", "x"), "unknown option '--pfad' before the command; see --help\n"),
        (("audit", "--limit"), "argument --limit: expected one argument; see --help\n"),
        (("audit", "--limt", "5"), "unknown option '--limt'"),
        (("review", "a", "b"), "one PATH is wanted, not 2"),
        (("audit", "-", "-"), "one list is wanted"),
        (("explain", "https://a.example/", "-"), "takes one PATH, and no list"),
        (("audit", "-a", "limit=0"), "0 would visit nothing"),
        (("audit", "-s", "nothing"), "Invalid -s value"),
        (("explain",), "a URL is wanted"),
        (("explain", "https://a.example/", "-s", "nothing"), "Invalid -s value"),
        (("apply",), "a file of decisions is wanted"),
        (("apply", "a.csv", "b", "c"), "one PATH is wanted, not 2"),
        (("apply", "a.csv", "b", "--content", "c"), "'b' is one too many"),
        (("completion",), "one shell is wanted: bash, zsh, fish"),
        (("completion", "bsh"), "no script for 'bsh'; did you mean 'bash'?"),
    ],
)
def test_wrong_use_is_one_line_and_never_findings(arguments: tuple[str, ...], said: str) -> None:
    ended = run(*arguments)
    assert ended.returncode == ExitCode.CONFIGURATION
    assert ended.stdout == ""
    assert ended.stderr.startswith("linkhealth: ")
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.process
@pytest.mark.parametrize(
    ("program", "arguments", "said"),
    [
        ("scrapy", ("audit", "--limit"), "expected one argument"),
        ("scrapy", ("crawl",), "one spider is wanted"),
        ("linkhealth", ("crawl",), "one spider is wanted"),
        ("linkhealth", ("crawl", "articles", "pages"), "one spider is wanted"),
    ],
)
def test_wrong_use_of_what_is_scrapys_is_no_finding_either(
    program: str, arguments: tuple[str, ...], said: str
) -> None:
    ended = run(*arguments, program=program)
    assert ended.returncode == ExitCode.CONFIGURATION
    assert said in ended.stderr.splitlines()[-1]


@pytest.mark.process
def test_scrapys_commands_work_as_before() -> None:
    ended = run("list")
    assert ended.returncode == 0
    assert ended.stdout.split() == ["amp", "articles", "images", "pages"]


NOT_NEEDED = ("scrapy", "twisted", "lxml", "extruct", "rdflib", "pyRdfa", "mf2py", "aiohttp")
LOADED = """
import sys
sys.argv[0] = "linkhealth"
try:
    from crawler.commands.entry import main
    main()
finally:
    print(sorted(set({wanted!r}) & set(sys.modules)), file=sys.stderr)
"""


def loaded(wanted: tuple[str, ...], *arguments: str) -> tuple[str, str]:
    """What `linkhealth` prints, and which of these modules it has loaded then, in a process that had loaded nothing."""
    ended = subprocess.run(
        [sys.executable, "-c", LOADED.format(wanted=wanted), *arguments],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(PROJECT), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout, ended.stderr


@pytest.mark.process
def test_the_help_loads_none_of_our_rooms() -> None:
    """Issue 18, item 6."""
    own = ("crawler.configuration", "crawler.reporting", "crawler.session", "dataclasses", "yaml")
    for asked in ("--help", "--version"):
        assert loaded((*NOT_NEEDED, "sqlalchemy", *own), asked)[1] == "[]\n"


@pytest.mark.process
@pytest.mark.parametrize("name", sorted(WITHOUT_SCRAPY))
def test_what_a_command_without_scrapy_says_of_itself_is_what_it_says_with_it(name: str) -> None:
    said, modules = loaded((*NOT_NEEDED, "sqlalchemy"), name, "--help")
    assert modules == "[]\n"
    assert said == run(name, "--help", COLUMNS="100").stdout
    options = Parser(name, command_of(name, Settings({"LOG_LEVEL": "INFO"}))).options
    told = "".join(said.split())
    assert not [one.help for one in options if "".join((one.help or "").split()) not in told]


@pytest.mark.process
@pytest.mark.parametrize("place", ["PATH", "--content"])
def test_a_link_is_explained_without_scrapy(many: Path, place: str) -> None:
    """Issue 18, item 6."""
    url = f"https://many.example/7-{'x' * 200}"
    asked = ("explain", url, *(["--content"] if place == "--content" else []), str(many))
    said, modules = loaded(NOT_NEEDED, *asked)
    assert modules == "[]\n"
    assert said == run(*asked, LINKHEALTH_CLOCK="").stdout


@pytest.mark.process
def test_scrapys_options_mean_the_same_without_scrapy(many: Path, tmp_path: Path) -> None:
    url, noted = f"https://many.example/7-{'x' * 200}", tmp_path / "pid"
    loaded((), "explain", url, str(many), "--pidfile", str(noted), "--nolog", "-s", "A=b")
    assert noted.read_text().strip().isdigit()


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Seventy links of which none was visited."""
    for number in range(70):
        url = f"https://many.example/{number}-{'x' * 200}"
        (tmp_path / f"{number:02}.md").write_text(article(web=url))
    take_everything_in(tmp_path)
    return tmp_path


@pytest.mark.process
def test_a_reader_that_goes_away_does_not_end_the_work(many: Path) -> None:
    command = shlex.join(
        [
            sys.executable,
            *("-u", "-m", "crawler", "ignore", "https://many.example/*", str(many)),
            *("--reason", "they move", "--until", "2026-09-01"),
        ]
    )
    piped = subprocess.run(
        ["bash", "-c", f"{command} | head -n 1; exit ${{PIPESTATUS[0]}}"],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(PROJECT), "LINKHEALTH_CLOCK": NOW.isoformat()},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert piped.returncode == 0, piped.stderr
    assert piped.stderr == ""
    assert len(piped.stdout.splitlines()) == 1
    with open_state(many, None) as state:
        assert len(list(state.decisions())) == 70


@pytest.mark.process
def test_what_a_terminal_cannot_show_is_escaped(tmp_path: Path) -> None:
    url = "https://many.example/a"
    (tmp_path / "größe-日本.md").write_text(article(web=url), encoding="utf-8")
    take_everything_in(tmp_path)
    ended = run("explain", url, str(tmp_path), PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ended.returncode == 0, ended.stderr
    assert "gr\\xf6\\xdfe-\\u65e5\\u672c.md" in ended.stdout


@pytest.mark.process
def test_a_report_before_any_audit_is_no_success(many: Path) -> None:
    ended = run("report", str(many))
    assert ended.returncode == ExitCode.CONFIGURATION
    assert "has never been audited: `linkhealth audit` comes first" in ended.stderr
    assert not (many / ".linkhealth" / "reports" / "report.html").exists()


@pytest.mark.process
def test_a_collection_of_which_nothing_can_be_read_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: [x\n---\n")
    audited = run("audit", str(tmp_path))
    assert audited.returncode == ExitCode.CONFIGURATION
    assert "no article could be read; the first problem of 1: a.md:" in audited.stderr
    assert len(audited.stderr.splitlines()) == 1, "and nothing of what has no link"
    assert (tmp_path / ".linkhealth" / "reports" / "report.html").exists()
    assert run("report", str(tmp_path)).returncode == ExitCode.CONFIGURATION

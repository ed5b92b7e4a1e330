"""The house keeps its shape: folders, layers, importable modules, nothing of one machine."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.time_limits import HANG

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = ("crawler", "spiders", "pipelines")
ALLOWED = {
    ".ci",
    ".editorconfig",
    ".git",
    ".gitattributes",
    ".gitignore",
    ".pre-commit-hooks.yaml",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "benchmarks",
    "crawler",
    "deploy",
    "docs",
    "examples",
    "pipelines",
    "pyproject.toml",
    "requirements-dev.lock",
    "requirements.lock",
    "scrapy.cfg",
    "scripts",
    "spiders",
    "tests",
}
MADE = {
    ".coverage",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".venv",
    ".venv-newest",
    ".venv-oldest",
    "__pycache__",
    "build",
    "dist",
    "linkhealth-demo",
    "linkhealth.egg-info",
    "setup.py",
}
DRAWERS = re.compile(r"(^|_)(utils?|helpers?|common|misc|manager)(_|$)")


def project_files() -> Iterator[Path]:
    """Every file that the project ships."""
    for folder, names, files in os.walk(PROJECT):
        names[:] = [name for name in names if name not in MADE and name != ".git"]
        yield from (Path(folder, file) for file in files if not file.startswith(".coverage"))


def modules() -> list[str]:
    """Every module of the three packages by its dotted name."""
    found = []
    for package in PACKAGES:
        for path in (PROJECT / package).rglob("*.py"):
            parts = path.relative_to(PROJECT).with_suffix("").parts
            found.append(".".join(parts).removesuffix(".__init__"))
    return sorted(found)


def test_the_top_level_holds_what_the_design_names() -> None:
    present = {path.name for path in PROJECT.iterdir() if not path.name.startswith(".coverage.")}
    assert present - ALLOWED - MADE == set()
    assert {"pyproject.toml", "scrapy.cfg", "tests", *PACKAGES} <= present


@pytest.mark.process
def test_layers_hold() -> None:
    # In a process of its own: modules that other tests have imported would be looked at too.
    command = "from importlinter.cli import lint_imports_command as main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--no-logo"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout


def test_every_package_is_a_package() -> None:
    folders = {path.parent for package in PACKAGES for path in (PROJECT / package).rglob("*.py")}
    assert folders
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


HEAVY = (
    "sqlalchemy",
    "lxml",
    "extruct",
    "htmldate",
    "jinja2",
    "markdown_it",
    "tldextract",
    "aiohttp",
    "apprise",
)


@pytest.mark.process
def test_a_command_loads_nothing_heavy_before_it_runs() -> None:
    """Issue 4, item 3: Scrapy imports every command at each start, for the sake of one."""
    commands = [name for name in modules() if name.startswith("crawler.commands")]
    code = (
        "import importlib, sys\nfrom scrapy.commands import ScrapyCommand\n"
        "before = set(sys.modules)\n"
        f"for name in {commands!r}: importlib.import_module(name)\n"
        f"print(sorted(set({HEAVY!r}) & (set(sys.modules) - before)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert (ended.stdout, ended.stderr) == ("[]\n", "")


@pytest.mark.process
def test_every_module_imports() -> None:
    """In a process of its own: a module may install a reactor."""
    # `__main__` modules are programs: importing one runs it.
    names = [name for name in modules() if not name.endswith("__main__")]
    code = (
        f"import importlib\nfor name in {names!r}: importlib.import_module(name)\nprint('all done')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert ended.stderr == ""
    assert ended.stdout == "all done\n"


def test_no_module_is_a_drawer() -> None:
    names = [part for module in modules() for part in module.split(".")]
    assert [name for name in names if DRAWERS.search(name)] == []


def test_settings_import_nothing_of_ours() -> None:
    source = (PROJECT / "crawler/settings.py").read_text(encoding="utf-8")
    assert not re.search(r"^\s*(from|import)\s", source, re.MULTILINE)


def test_no_file_names_this_machine() -> None:
    places = {str(PROJECT), str(Path.home()), socket.gethostname()}
    # A short name such as `/` or `ci` stands in many texts by chance.
    names = [re.escape(place) for place in places if len(place) > 4 and place != "localhost"]
    pattern = re.compile(rf"(?<![\w.-])(?:{'|'.join(names)})(?![\w.-])".encode())
    found = [
        str(path.relative_to(PROJECT))
        for path in project_files()
        if path.suffix != ".pyc" and pattern.search(path.read_bytes())
    ]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_file_names_versions_and_hashes_only(name: str) -> None:
    lock = (PROJECT / name).read_text(encoding="utf-8")
    entries = re.findall(
        r"^([a-z0-9-]+)==\S+ (?:; [^\\]+ )?\\\n((?: {4}--hash=\S+.*\n)+)", lock, re.MULTILINE
    )
    lines = [line for line in lock.splitlines() if not line.startswith("#")]
    assert len(lines) == sum(1 + hashes.count("\n") for _, hashes in entries)
    assert not re.search(r"://|@|index-url|find-links", lock)


def test_every_dependency_is_locked_and_justified() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    reasons = (PROJECT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    names = [re.split(r"[<>=\[]", entry)[0] for entry in project["dependencies"]]
    assert names
    assert [name for name in names if f"\n{name.lower()}==" not in lock] == []
    assert [name for name in names if f"\n| {name} |" not in reasons] == []


def test_every_dependency_is_imported() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for package in PACKAGES
        for path in (PROJECT / package).rglob("*.py")
    )
    for entry in project["dependencies"]:
        name = re.split(r"[<>=\[]", entry)[0]
        module = {"markdown-it-py": "markdown_it", "pyopenssl": "OpenSSL", "pyyaml": "yaml"}.get(
            name, name
        )
        assert re.search(rf"^\s*(from|import) {module}\b", source, re.MULTILINE), name


@pytest.mark.process
@pytest.mark.parametrize("name", ["tests/extractors/golden", "crawler/demonstration/collection"])
def test_files_that_count_byte_for_byte_survive_git(name: str, tmp_path: Path) -> None:
    """Even where git is told to rewrite line ends, as on Windows."""
    given, cloned = tmp_path / "given", tmp_path / "cloned"
    shutil.copytree(PROJECT / name, given / name)
    shutil.copy(PROJECT / ".gitattributes", given)

    def git(*arguments: str) -> None:
        options = ["-c", "core.autocrlf=true", "-c", "user.name=a", "-c", "user.email=a@b.example"]
        alone = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        subprocess.run(["git", *options, *arguments], check=True, env=alone)

    git("init", "--quiet", str(given))
    git("-C", str(given), "add", "--all", "--force")
    git("-C", str(given), "commit", "--quiet", "--message=all")
    git("clone", "--quiet", str(given), str(cloned))
    before = {path.relative_to(given): path for path in (given / name).rglob("*") if path.is_file()}
    assert before
    for path, original in before.items():
        assert (cloned / path).read_bytes() == original.read_bytes(), path

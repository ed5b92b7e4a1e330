"""What is built for PyPI: whole, by the checks of its own people, and at work where it is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

from crawler.commands.demo import as_typed
from crawler.demonstration.sample import COLLECTION
from tests.own_environment import environment_beside
from tests.time_limits import HANG

pytestmark = [
    pytest.mark.process,
    pytest.mark.server,
    pytest.mark.slow,
    pytest.mark.xdist_group("package"),
]

PACKAGES = ("crawler", "spiders", "pipelines")
BUILD = (
    "import sys; from setuptools import build_meta as built\n"
    "to = sys.argv[1]; built.build_sdist(to); built.build_wheel(to)"
)
CASES = {
    "package": ("spiders/__init__.py", ""),
    "module": ("pipelines.py", "class Pipeline: pass\n"),
}
"""What a project with Scrapy has, by what Python makes of it."""


@dataclass(frozen=True)
class Built:
    """What a build leaves."""

    wheel: Path
    sdist: Path


def typed(*command: str | Path, within: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """A command outside of this tree."""
    environment = {
        name: text for name, text in os.environ.items() if not name.startswith("PYTHONPATH")
    }
    return subprocess.run(
        command,
        cwd=within,
        env=environment | env,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )


def build(source: Path, target: Path) -> Built:
    """Build with the setuptools that is here; pip would fetch one."""
    target.mkdir()
    done = typed(sys.executable, "-c", BUILD, target, within=source)
    assert done.returncode == 0, done.stderr
    return Built(next(target.glob("*.whl")), next(target.glob("*.tar.gz")))


@pytest.fixture(scope="module")
def built(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("built")
    source = folder / "source"
    source.mkdir()
    for name in (*PACKAGES, "tests/project"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(project / name, source / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(project / name, source)
    return build(source, folder / "dist")


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script of a linkhealth that was installed from the wheel."""
    folder = tmp_path_factory.mktemp("installed") / "environment"
    python = environment_beside(folder)
    options = ("--quiet", "--no-deps", "--no-index", "--no-compile")
    done = typed(
        *(sys.executable, "-m", "pip", "--python", python, "install", *options, built.wheel),
        within=folder,
    )
    assert done.returncode == 0, done.stderr
    return python.with_name("linkhealth")


def names(wheel: Path) -> set[str]:
    with ZipFile(wheel) as files:
        return set(files.namelist())


def test_those_who_check_packages_find_nothing(project: Path, built: Built) -> None:
    for command in (
        ("twine", "check", "--strict", built.wheel, built.sdist),
        ("check_wheel_contents", "--config", project / "pyproject.toml", built.wheel),
    ):
        done = typed(sys.executable, "-m", *command, within=built.wheel.parent, NO_COLOR="1")
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_wheel_has_every_module_and_the_sample_and_nothing_else(
    project: Path, built: Built
) -> None:
    meant = {
        path.relative_to(project).as_posix()
        for package in PACKAGES
        for path in (project / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    found = {name for name in names(built.wheel) if ".dist-info/" not in name}
    assert found == meant
    assert any(name.startswith("crawler/demonstration/collection/.") for name in found)


def test_an_sdist_builds_the_same_wheel(built: Built, tmp_path: Path) -> None:
    with tarfile.open(built.sdist) as files:
        files.extractall(tmp_path, filter="data")
    again = build(next(tmp_path.iterdir()), tmp_path / "dist")
    assert names(again.wheel) == names(built.wheel)


@pytest.mark.parametrize("case", CASES)
def test_it_works_in_a_folder_that_has_such_a_package_itself(
    case: str, installed: Path, tmp_path: Path
) -> None:
    name, text = CASES[case]
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    (tmp_path / "a.md").write_text("---\ntitle: A\nwebUrl: https://a.example/\n---\n")
    done = typed(installed, "audit", "--offline", ".", within=tmp_path)
    assert (done.returncode, done.stderr.count("Error")) == (0, 0), done.stderr


@pytest.mark.parametrize("case", CASES)
def test_a_package_that_hides_ours_is_told(case: str, installed: Path, tmp_path: Path) -> None:
    name, text = CASES[case]
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    python = installed.with_name("python")
    for command, path in (([python, "-m", "crawler"], ""), ([installed], str(tmp_path))):
        done = typed(*command, "audit", ".", within=tmp_path, PYTHONPATH=path)
        assert done.returncode == 3, done.stderr
        assert done.stderr.startswith(f"linkhealth: `{name.partition('/')[0].partition('.')[0]}`")
        assert str(tmp_path / name) in done.stderr
        assert done.stderr.count("\n") == 1
    told = typed(python, "-m", "crawler", "--version", within=tmp_path)
    assert told.stdout.startswith("linkhealth ")


def test_a_folder_without_modules_hides_nothing(installed: Path, tmp_path: Path) -> None:
    """Python prefers a package to it, wherever that is: a near miss."""
    (tmp_path / "spiders").mkdir()
    (tmp_path / "spiders" / "tarantula.md").write_text("---\ntitle: A\n---\n")
    python = installed.with_name("python")
    done = typed(python, "-m", "crawler", "audit", "--offline", ".", within=tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_demonstration_ends_with_commands_that_work_as_typed(
    installed: Path, tmp_path: Path
) -> None:
    assert COLLECTION.is_dir()
    done = typed(installed, "demo", "--keep", "my demo", within=tmp_path)
    assert done.returncode == 0, done.stderr
    shown = done.stdout.split("What to type next\n")[1].split("\n\n")[0]
    commands = re.findall(r"^ {2}(\S.*)$", shown, re.MULTILINE)
    assert [command.split(" ")[1] for command in commands] == ["apply", "strip"]
    for command in commands:
        ended = typed("sh", "-c", command, within=tmp_path)
        assert ended.returncode == 0, ended.stderr


def test_the_script_is_named_as_it_can_be_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "an environment" / "linkhealth"
    script.parent.mkdir()
    script.touch(mode=0o755)
    monkeypatch.setattr(sys, "argv", [str(script)])
    assert as_typed() == f"'{script}'"
    monkeypatch.setenv("PATH", str(script.parent), prepend=os.pathsep)
    assert as_typed() == "linkhealth"
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "crawler" / "__main__.py")])
    assert as_typed() == f"{sys.executable} -m crawler"

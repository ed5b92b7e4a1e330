"""The files of deploy/: each is read by who would read it, and the command line in each of them is run."""

from __future__ import annotations

import ast
import configparser
import fnmatch
import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.end_to_end.collection import Collection, article
from tests.own_environment import environment_beside
from tests.time_limits import HANG
from tests.web.process import PROJECT
from tests.web.web import LoopbackWeb

DEPLOY = PROJECT / "deploy"
PROGRAM, FOLDER = "/opt/linkhealth/bin/linkhealth", "/srv/articles"
WORST_EXPOSURE = 3.0
"""Of ten, as `systemd-analyze security` counts."""


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def unit(name: str) -> configparser.ConfigParser:
    """A unit; of options that stand twice the last."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / name)
    return parser


def of_systemd() -> str:
    return unit("systemd/linkhealth.service")["Service"]["ExecStart"]


def of_cron() -> str:
    (line,) = (line for line in text("cron/linkhealth.cron").splitlines() if line[:1].isdigit())
    fields = line.split(maxsplit=6)
    assert fields[5] == "linkhealth", "the user"
    return fields[6]


def of_gitlab() -> str:
    job = yaml.safe_load(text("gitlab/linkhealth.gitlab-ci.yml"))["linkhealth"]
    lines: list[str] = job["script"]
    assert "pip install" in lines[1]
    known = lines[-1].replace("/tmp/linkhealth/bin/linkhealth", PROGRAM)
    return f"FOLDER={FOLDER}; {lines[-2]}; {known}"


def container() -> dict[str, Any]:
    """The container of the CronJob."""
    *_, job = yaml.safe_load_all(text("kubernetes/linkhealth.yaml"))
    found: dict[str, Any] = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
    return found


def of_kubernetes() -> str:
    arguments = shlex.join(container()["args"])
    return f"{PROGRAM} {arguments}".replace("/articles", FOLDER)


def of_container() -> str:
    found = dict(
        re.findall(r"^(ENTRYPOINT|CMD) (\[.*\])$", text("container/Containerfile"), re.MULTILINE)
    )
    parts = [*ast.literal_eval(found["ENTRYPOINT"]), *ast.literal_eval(found["CMD"])]
    assert parts[0] == "linkhealth"
    return shlex.join([PROGRAM, *parts[1:]]).replace("/articles", FOLDER)


def of_airflow() -> str:
    tree = ast.parse(text("airflow/linkhealth_dag.py"))
    given = [
        one for one in ast.walk(tree) if isinstance(one, ast.keyword) and one.arg == "bash_command"
    ]
    return str(ast.literal_eval(given[0].value))


def of_prefect() -> str:
    tree = ast.parse(text("prefect/linkhealth_flow.py"))
    values = [
        one.value
        for one in tree.body
        if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == "COMMAND"
    ]
    return shlex.join(ast.literal_eval(values[0]))


COMMANDS: tuple[Callable[[], str], ...] = (
    of_systemd,
    of_cron,
    of_gitlab,
    of_kubernetes,
    of_container,
    of_airflow,
    of_prefect,
)


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_each_command_line_is_a_run(
    command: Callable[[], str], web: LoopbackWeb, tmp_path: Path
) -> None:
    made = Collection(tmp_path / "articles")
    made.add("a.md", article(web="https://a.example/story"))
    line = command()
    assert line.count(PROGRAM) == 1
    assert line.count(FOLDER)
    program = tmp_path / "linkhealth"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m crawler "$@"\n')
    program.chmod(0o755)
    line = line.replace(PROGRAM, str(program)).replace(FOLDER, str(made.root))
    line = line.replace("/run/lock", str(tmp_path))
    done = web.run(["sh", "-c", line], cwd=tmp_path)
    assert done.code == 0, done.stderr
    assert [request.url for request in web.requests()] == ["https://a.example/story"]
    assert (made.root / ".linkhealth/reports/report.json").is_file()
    assert done.stderr.count("Traceback") == 0


@pytest.mark.process
@pytest.mark.skipif(shutil.which("flock") is None, reason="flock of util-linux is not here")
def test_a_second_line_of_cron_is_turned_away(tmp_path: Path) -> None:
    line = of_cron().replace("/run/lock", str(tmp_path)).replace(PROGRAM, "false")
    lock = str(tmp_path / "linkhealth.lock")
    assert lock in line
    held = subprocess.run(
        ["flock", lock, "sh", "-c", line], capture_output=True, timeout=HANG, check=False
    )
    assert (held.returncode, held.stdout, held.stderr) == (75, b"", b"")


@pytest.mark.process
@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here (Debian: systemd)"
)
def test_systemd_reads_its_units_and_finds_them_closed(tmp_path: Path) -> None:
    for name in ("linkhealth.service", "linkhealth.timer"):
        # It looks whether the program is there, which it is on no machine of a test.
        (tmp_path / name).write_text(text(f"systemd/{name}").replace(PROGRAM, "/bin/true"))
    options = {"cwd": tmp_path, "capture_output": True, "text": True, "timeout": HANG}
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "./linkhealth.service", "./linkhealth.timer"],
        check=False,
        **options,  # type: ignore[call-overload]
    )
    ours = [line for line in verified.stderr.splitlines() if "linkhealth" in line]
    assert (verified.returncode, ours) == (0, []), verified.stderr
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", "./linkhealth.service"],
        check=False,
        **options,  # type: ignore[call-overload]
    )
    exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", rated.stdout)
    assert exposure is not None, rated.stderr
    assert float(exposure[1]) < WORST_EXPOSURE


def test_the_service_takes_our_exit_codes_as_they_are_meant() -> None:
    service = unit("systemd/linkhealth.service")["Service"]
    assert service["SuccessExitStatus"].split() == ["2", "75"]
    assert service["ReadWritePaths"] == FOLDER
    assert unit("systemd/linkhealth.timer")["Timer"]["Persistent"] == "yes"


@pytest.mark.process
@pytest.mark.parametrize(
    "command",
    [
        ("hadolint", "container/Containerfile"),
        (
            "check-jsonschema",
            "--builtin-schema=vendor.gitlab-ci",
            "gitlab/linkhealth.gitlab-ci.yml",
        ),
    ],
    ids=lambda command: str(command[0]),
)
def test_those_who_read_such_files_find_nothing(command: tuple[str, ...]) -> None:
    program, *arguments = command
    done = subprocess.run(
        [Path(sys.executable).with_name(program), *arguments],
        cwd=DEPLOY,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.process
def test_what_the_container_file_copies_is_enough_to_install_from(tmp_path: Path) -> None:
    """Its own step, in a shell: an engine would need an image from a registry."""
    lines = text("container/Containerfile")
    context, kept = tmp_path / "context", text("container/Containerfile.dockerignore")
    allowed = [line[1:] for line in kept.splitlines() if line.startswith("!")]
    copied = [line.split()[1:] for line in lines.splitlines() if re.match(r"COPY [^-]", line)]
    context.mkdir()
    for *sources, target in copied:
        for source in sources:
            assert any(fnmatch.fnmatch(source, one) for one in allowed), source
            if (PROJECT / source).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(PROJECT / source, context / target, ignore=ignored)
            else:
                shutil.copy(PROJECT / source, context / target)
    (step,) = re.findall(
        r"pip install (--no-cache-dir --no-deps --no-build-isolation \.)$", lines, re.MULTILINE
    )
    python = environment_beside(tmp_path / "linkhealth")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index"]
    done = subprocess.run(
        [*pip, *step.split()],
        cwd=context,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    health = ast.literal_eval(lines.split("HEALTHCHECK")[1].split("CMD ")[1].splitlines()[0])
    assert health[0] == "linkhealth"
    said = subprocess.check_output(
        [python.with_name("linkhealth"), *health[1:]], cwd=tmp_path, text=True
    )
    assert said.startswith("linkhealth ")
    assert re.search(r"^USER 10001:10001$", lines, re.MULTILINE)


def test_the_pod_may_do_little() -> None:
    one = container()
    assert one["securityContext"]["readOnlyRootFilesystem"] is True
    assert one["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    *_, job = yaml.safe_load_all(text("kubernetes/linkhealth.yaml"))
    assert job["spec"]["concurrencyPolicy"] == "Forbid"
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsUser"] == 10001, "the user of the container file"
    assert {one["name"] for one in pod["volumes"]} == {
        one["name"] for one in container()["volumeMounts"]
    }


def test_kubernetes_reads_its_file() -> None:
    """By hand: `pip install kubernetes-validate`, whose schemas of all versions take 108 MB."""
    validate = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate has 108 MB")
    resources = list(yaml.safe_load_all(text("kubernetes/linkhealth.yaml")))
    assert [one["kind"] for one in resources] == ["PersistentVolumeClaim", "CronJob"]
    for resource in resources:
        validate.validate(resource, validate.latest_version(), strict=True)


@pytest.mark.process
@pytest.mark.parametrize(
    ("package", "name", "found"),
    [("airflow", "linkhealth_dag", "dag"), ("prefect", "linkhealth_flow", "linkhealth")],
)
def test_a_snippet_is_what_its_package_takes_it_for(package: str, name: str, found: str) -> None:
    """By hand: `pip install apache-airflow` or `prefect`."""
    pytest.importorskip(package, reason=f"{package} brings a hundred packages and more")
    spec = importlib.util.spec_from_file_location(name, DEPLOY / package / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = getattr(module, found)
    assert "linkhealth" in (getattr(made, "dag_id", None), getattr(made, "name", None))


def test_every_folder_has_a_page_that_names_its_files() -> None:
    pages = PROJECT / "docs/schedulers"
    index = (pages / "README.md").read_text(encoding="utf-8")
    # Not of the scheduler's kind: how docs/ becomes a site.
    folders = sorted(
        path.name for path in DEPLOY.iterdir() if path.is_dir() and path.name != "site"
    )
    assert folders == sorted(re.findall(r"`deploy/(\w+)`", index))
    for folder in folders:
        page = (pages / f"{folder}.md").read_text(encoding="utf-8")
        assert f"deploy/{folder}" in page
        assert f"]({folder}.md)" in index

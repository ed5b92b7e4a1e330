"""The scripts of the GitHub workflow: a real audit, real branches; a stand-in for `gh`, since GitHub itself is out of reach.

The workflow and the action are read by the schemas of check-jsonschema, and by zizmor, in the place where they are copied to.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.end_to_end.collection import Collection, Image, article
from tests.time_limits import HANG
from tests.web.pages import page
from tests.web.process import PROJECT
from tests.web.rules import Answer, redirect
from tests.web.web import LoopbackWeb

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("end-to-end-github")]

SHIPPED = PROJECT / "deploy/github"
OLD, NEW = "https://old.example/a-story", "https://new.example/a-story"
PICTURE = "https://old.example/one.png"
GONE = "https://gone.example/a-story"
GH = '''\
#!{python}
"""What `gh` would do at GitHub, in a file: requests, issues and how they were changed."""
import json, pathlib, shutil, sys
arguments, kept = sys.argv[1:], pathlib.Path({kept!r})
state = json.loads(kept.read_text()) if kept.exists() else {{"requests": [], "issues": [], "runs": {{}}}}
def given(name):
    return arguments[arguments.index(name) + 1] if name in arguments else None
def body():
    return pathlib.Path(given("--body-file")).read_text()
match arguments[:2]:
    case ["pr", "list"]:
        for one in state["requests"]:
            if one["head"] == given("--head") and one["open"] == (given("--state") == "open"): print(one["number"])
    case ["pr", "create"]:
        state["requests"].append({{"number": 7 + len(state["requests"]), "head": given("--head"), "open": True,
            "base": given("--base"), "title": given("--title"), "body": body(), "edits": 0}})
    case ["pr", "edit"]:
        one = next(one for one in state["requests"] if str(one["number"]) == arguments[2])
        one.update(title=given("--title"), body=body(), edits=one["edits"] + 1)
    case ["pr", "close"]:
        next(one for one in state["requests"] if str(one["number"]) == arguments[2])["open"] = False
    case ["label", "create"]: pass
    case ["issue", "list"]:
        for one in state["issues"]: print(one["number"])
    case ["issue", "create"]:
        state["issues"].append({{"number": 3, "title": given("--title"), "body": body(), "edits": 0}})
    case ["issue", "edit"]:
        one = state["issues"][0]
        one.update(body=body(), edits=one["edits"] + 1)
    case ["run", "list"]:
        print("\\n".join(state["runs"]))
    case ["run", "download"]:
        folder = state["runs"].get(arguments[2])
        if folder is None: sys.exit(1)
        shutil.copytree(folder, given("--dir"), dirs_exist_ok=True)
    case _: sys.exit(f"gh: {{arguments}}")
kept.write_text(json.dumps(state))
'''


@dataclass(frozen=True)
class Runner:
    """A checkout on a runner of GitHub, its repository, and what a step is given."""

    folder: Path
    web: LoopbackWeb

    @property
    def checkout(self) -> Path:
        return self.folder / "checkout"

    @property
    def repository(self) -> Path:
        return self.folder / "repository.git"

    def git(self, *arguments: str, within: Path | None = None) -> str:
        identity = ("-c", "user.name=a", "-c", "user.email=a@a.example")
        done = subprocess.run(
            ["git", *identity, *arguments],
            cwd=within or self.checkout,
            env=os.environ | {"GIT_CONFIG_NOSYSTEM": "1", "HOME": str(self.folder)},
            capture_output=True,
            text=True,
            timeout=HANG,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def step(self, script: str, **env: str) -> subprocess.CompletedProcess[str]:
        """A script of ours, as a step of a job runs it."""
        program = self.folder / "bin"
        return subprocess.run(
            ["bash", SHIPPED / "linkhealth" / script],
            cwd=self.checkout,
            env={
                **self.web.environment(HOME=str(self.folder)),
                "GIT_CONFIG_NOSYSTEM": "1",
                "PATH": f"{program}:{os.environ['PATH']}",
                "LINKHEALTH_PROGRAM": str(program / "linkhealth"),
                "RUNNER_TEMP": str(self.folder),
                "FOLDER": "content",
                "FAIL_ON": "new-broken",
                "ARGUMENTS": "-awrite_back=no\n",
                "KINDS": "moves image-sizes",
                "BASE": "main",
                "GITHUB_REPOSITORY": "an-owner/a-repository",
                "GITHUB_WORKFLOW_REF": "an-owner/a-repository/.github/workflows/linkhealth.yml@refs/heads/main",
                "GITHUB_REF_NAME": "main",
                "GITHUB_OUTPUT": str(self.folder / "output"),
                "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            }
            | env,
            capture_output=True,
            text=True,
            timeout=HANG,
            check=False,
        )

    def at_github(self) -> dict[str, list[dict[str, object]]]:
        """What the stand-in keeps."""
        told: dict[str, list[dict[str, object]]] = json.loads((self.folder / "gh.json").read_text())
        return told


@pytest.fixture
def runner(module_web: LoopbackWeb, tmp_path: Path) -> Runner:
    module_web.clean()
    module_web.set_rules(
        {
            OLD: redirect(NEW, 301),
            NEW: Answer(body=page("A title")),
            PICTURE: Answer(image=(1000, 500)),
            GONE: Answer(status=410),
        }
    )
    made = Runner(tmp_path, module_web)
    programs = tmp_path / "bin"
    programs.mkdir()
    texts = {
        "linkhealth": f'#!/bin/sh\nPYTHONPATH="{PROJECT}" exec "{sys.executable}" -P -m crawler "$@"\n',
        "gh": GH.format(python=sys.executable, kept=str(tmp_path / "gh.json")),
    }
    for name, text in texts.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    collection = Collection(made.checkout / "content")
    collection.add("moved.md", article(web=OLD))
    collection.add("sized.md", article(web=NEW, images=[Image(PICTURE, (10, 10))]))
    collection.add("gone.md", article(web=GONE))
    made.git("init", "--quiet", "--bare", "-b", "main", str(made.repository), within=tmp_path)
    made.git("init", "--quiet", "-b", "main")
    made.git("add", "--all")
    made.git("commit", "--quiet", "--message=first")
    made.git("remote", "add", "origin", str(made.repository))
    made.git("push", "--quiet", "origin", "main")
    return made


def test_a_night_is_told_and_its_repairs_are_offered_once(runner: Runner) -> None:
    audited = runner.step("audit.sh")
    assert audited.returncode == 0, audited.stderr
    assert "code=2\nreports=content/.linkhealth/reports\n" in (runner.folder / "output").read_text()
    assert (runner.folder / "summary").read_text().startswith("# ")
    assert re.search(r"^::(error|warning) file=content/gone\.md", audited.stdout, re.MULTILINE)
    assert (runner.checkout / "content/.linkhealth/reports/report.sarif").is_file()
    assert runner.git("status", "--porcelain") == "", "the files are left alone"

    offered = runner.step("repairs.sh")
    assert offered.returncode == 0, offered.stderr + offered.stdout
    told = runner.at_github()
    requests = {str(one["head"]): one for one in told["requests"]}
    assert set(requests) == {"linkhealth/moves", "linkhealth/image-sizes"}
    moves = str(requests["linkhealth/moves"]["body"])
    assert OLD in moves
    assert NEW in moves
    assert all(line.startswith("    ") or not line for line in moves.splitlines()[2:])
    assert len(told["issues"]) == 1
    assert str(told["issues"][0]["body"]).startswith("<!-- linkhealth -->")
    changed = runner.git("diff", "main", "linkhealth/moves", within=runner.repository)
    assert re.findall(r"^[-+][^-+].*", changed, re.MULTILINE) == [
        f'-webUrl: "{OLD}"',
        f'+webUrl: "{NEW}"',
    ]
    names = runner.git(
        "diff", "--name-only", "main", "linkhealth/image-sizes", within=runner.repository
    )
    assert names == "content/sized.md"
    heads = runner.git("rev-parse", "linkhealth/moves", within=runner.repository)

    again = runner.step("repairs.sh")
    assert again.returncode == 0, again.stderr
    told = runner.at_github()
    assert [one["edits"] for one in told["requests"]] == [1, 1]
    assert told["issues"][0]["edits"] == 1
    assert heads == runner.git("rev-parse", "linkhealth/moves", within=runner.repository)


def test_a_request_with_nothing_left_is_closed(runner: Runner) -> None:
    assert runner.step("audit.sh").returncode == 0
    assert runner.step("repairs.sh", KINDS="moves").returncode == 0
    runner.git("merge", "--quiet", "origin/linkhealth/moves")
    runner.git("checkout", "--quiet", "-B", "main")
    runner.git("push", "--quiet", "origin", "main")
    done = runner.step("repairs.sh", KINDS="moves")
    assert done.returncode == 0, done.stderr
    assert [one["open"] for one in runner.at_github()["requests"]] == [False]
    assert "linkhealth/moves" not in runner.git("branch", "--list", within=runner.repository)


def test_a_branch_that_cannot_be_pushed_is_told_and_the_others_are_offered(runner: Runner) -> None:
    assert runner.step("audit.sh").returncode == 0
    hook = runner.repository / "hooks/update"
    hook.write_text('#!/bin/sh\ntest "$1" != refs/heads/linkhealth/moves\n')
    hook.chmod(0o755)
    done = runner.step("repairs.sh", KINDS="moves nonsense image-sizes")
    assert done.returncode != 0
    failed = re.findall(r"::error::repairs of the kind (\S+) could not", done.stdout)
    assert failed == ["moves", "nonsense"]
    told = runner.at_github()
    assert [one["head"] for one in told["requests"]] == ["linkhealth/image-sizes"]
    assert len(told["issues"]) == 1


def test_what_was_refused_is_offered_again_when_it_changes(runner: Runner) -> None:
    assert runner.step("audit.sh").returncode == 0
    assert runner.step("repairs.sh", KINDS="moves").returncode == 0
    told = runner.at_github()
    told["requests"][0]["open"] = False
    (runner.folder / "gh.json").write_text(json.dumps(told))
    refused = runner.step("repairs.sh", KINDS="moves")
    assert refused.returncode == 0, refused.stderr
    assert "were refused" in refused.stdout
    assert len(runner.at_github()["requests"]) == 1

    runner.git("checkout", "--quiet", "-B", "main", "origin/main")
    Collection(runner.checkout / "content").add("also.md", article("Another", web=OLD))
    runner.git("add", "--all")
    runner.git("commit", "--quiet", "--message=second")
    runner.git("push", "--quiet", "origin", "main")
    assert runner.step("audit.sh").returncode == 0
    assert runner.step("repairs.sh", KINDS="moves").returncode == 0
    assert [one["open"] for one in runner.at_github()["requests"]] == [False, True]


def test_what_went_wrong_is_told_and_handed_on(runner: Runner) -> None:
    (runner.checkout / "content/.linkhealth.yml").write_text("retries: many\n")
    done = runner.step("audit.sh")
    assert done.returncode == 0
    assert "code=3\n" in (runner.folder / "output").read_text()
    assert "::error::linkhealth ended with exit code 3" in done.stdout
    assert not (runner.folder / "summary").exists()


def test_a_state_that_the_cache_forgot_comes_from_the_newest_run_that_has_one(
    runner: Runner, tmp_path: Path
) -> None:
    kept = tmp_path / "artifact"
    (kept / "reports").mkdir(parents=True)
    (kept / "state.sqlite3").write_text("a state")
    (tmp_path / "gh.json").write_text(
        json.dumps({"requests": [], "issues": [], "runs": {"13": None, "12": str(kept)}})
    )
    done = runner.step("fetch_state.sh")
    assert (done.returncode, done.stdout) == (0, "the state of run 12\n"), done.stderr
    assert (runner.checkout / "content/.linkhealth/state.sqlite3").read_text() == "a state"
    (tmp_path / "gh.json").unlink()
    shutil.rmtree(runner.checkout / "content/.linkhealth")
    none = runner.step("fetch_state.sh")
    assert (none.returncode, none.stdout.startswith("::notice::")) == (0, True), none.stderr


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository into which the files were copied as the page says."""
    root = tmp_path_factory.mktemp("copied")
    (root / ".github/workflows").mkdir(parents=True)
    shutil.copy(SHIPPED / "linkhealth.yml", root / ".github/workflows")
    shutil.copytree(SHIPPED / "linkhealth", root / ".github/actions/linkhealth")
    return root


@pytest.mark.parametrize(
    "command",
    [
        (
            "check-jsonschema",
            "--builtin-schema=vendor.github-workflows",
            ".github/workflows/linkhealth.yml",
        ),
        (
            "check-jsonschema",
            "--builtin-schema=vendor.github-actions",
            ".github/actions/linkhealth/action.yml",
        ),
        ("zizmor", "--offline", "--no-progress", "."),
    ],
    ids=["workflow", "action", "zizmor"],
)
def test_those_who_read_workflows_find_nothing(command: tuple[str, ...], copied: Path) -> None:
    program, *arguments = command
    done = subprocess.run(
        [Path(sys.executable).with_name(program), *arguments],
        cwd=copied,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_actions_are_pinned_and_rights_stand_apart(copied: Path) -> None:
    texts = [path.read_text() for path in copied.rglob("*.yml")]
    used = [one for text in texts for one in re.findall(r"uses: (\S+)(.*)", text)]
    assert used
    for name, comment in used:
        is_ours = name == "./.github/actions/linkhealth"
        is_pinned = re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", name) and re.fullmatch(
            r" # v[\d.]+", comment
        )
        assert is_ours or is_pinned, name
    workflow = yaml.safe_load((copied / ".github/workflows/linkhealth.yml").read_text())
    assert workflow["permissions"] == {}
    rights = {name: set(job["permissions"].values()) for name, job in workflow["jobs"].items()}
    assert rights == {"audit": {"read"}, "repairs": {"write"}}

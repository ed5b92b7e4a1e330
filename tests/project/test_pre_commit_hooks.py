"""The hooks of `.pre-commit-hooks.yaml`, run by the real pre-commit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.web.process import PROJECT

HOOKS = ".pre-commit-hooks.yaml"
ARTICLE = "---\ntitle: T\n---\n[other]({0})\n"


def run(folder: Path, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ
        | {
            "HOME": str(folder.parent),
            "GIT_CONFIG_NOSYSTEM": "1",
            "PRE_COMMIT_HOME": str(folder.parent / "cache"),
            "PATH": f"{folder.parent / 'bin'}:{os.environ['PATH']}",
            "LINKHEALTH_HOST_DELAY": "0",
        }
        | environ,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@a.example")
    done = run(folder, "git", *identity, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def commit_all(folder: Path) -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "x", "--no-verify")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A collection in a work tree that has the hooks, from a repository of theirs, and uses the linkhealth that is here.

    Installing it for itself, as `language: python` does, takes a network and a minute.
    """
    program = tmp_path / "bin/linkhealth"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH="{PROJECT}" exec "{sys.executable}" -m crawler "$@"\n'
    )
    program.chmod(0o755)
    hooks, root = tmp_path / "hooks", tmp_path / "tree"
    for folder in (hooks, root):
        folder.mkdir()
        git(folder, "init", "-q", "-b", "main")
    shutil.copy(PROJECT / HOOKS, hooks)
    used = {
        "repo": str(hooks),
        "rev": commit_all(hooks),
        "hooks": [
            {"id": name, "language": "system"} for name in ("linkhealth", "linkhealth-audit")
        ],
    }
    (root / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [used]}))
    (root / "site").mkdir()
    (root / "site/.linkhealth.yml").write_text("body: yes\n")
    (root / "site/a.md").write_text(ARTICLE.format("b.md"))
    (root / "site/b.md").write_text(ARTICLE.format("a.md"))
    (root / "README.md").write_text("# Read me\n")
    commit_all(root)
    return root


@pytest.mark.slow
@pytest.mark.process
def test_the_hooks_look_at_the_changed_articles(tree: Path) -> None:
    def pre_commit(*arguments: str) -> subprocess.CompletedProcess[str]:
        git(tree, "add", "-A")
        return run(tree, sys.executable, "-m", "pre_commit", "run", "--color=never", *arguments)

    untouched = pre_commit()
    assert (untouched.returncode, "(no files to check)Skipped" in untouched.stdout) == (0, True)
    (tree / "README.md").write_text("# Read me twice\n")
    (tree / "site/-rf.md").write_text(ARTICLE.format("a.md"))
    (tree / "site/é\nb.md").write_text(ARTICLE.format("a.md"))
    fine = pre_commit()
    assert fine.returncode == 0, fine.stdout
    assert "linkhealth (offline)" in fine.stdout
    assert "Passed" in fine.stdout
    assert "visits links" not in fine.stdout, "it belongs to another stage"
    (tree / "site/b.md").write_text(ARTICLE.format("missing.md"))
    broken = pre_commit()
    assert broken.returncode == 1
    assert "exit code: 2" in broken.stdout
    assert "b.md:4" in broken.stdout
    assert "files were modified by this hook" not in broken.stdout
    (tree / "site/b.md").write_text("---\ntitle: [\n---\n")
    unreadable = pre_commit("linkhealth", "--files", "site/a.md", "site/b.md")
    assert (unreadable.returncode, "exit code: 2" in unreadable.stdout) == (1, True)
    (tree / "site/b.md").write_text(ARTICLE.format("a.md"))
    visiting = pre_commit("linkhealth-audit", "--hook-stage", "manual", "--all-files")
    assert visiting.returncode == 0, visiting.stdout
    assert "linkhealth (visits links)" in visiting.stdout
    assert "Passed" in visiting.stdout
    assert not (tree / ".linkhealth").exists()
    assert git(tree, "status", "--porcelain", "--ignored=no", "site/a.md") == ""


def test_each_hook_ends_its_options() -> None:
    """Behind them come names of files, which may begin with a dash."""
    hooks = yaml.safe_load((PROJECT / HOOKS).read_text())
    assert [one["id"] for one in hooks] == ["linkhealth", "linkhealth-audit"]
    for hook in hooks:
        assert hook["args"][-1] == "--"
        assert hook["require_serial"], "one run at a time holds the state"
        assert "write_back=no" in hook["entry"]

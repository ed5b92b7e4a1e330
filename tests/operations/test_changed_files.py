"""What Git says has changed, also in a stranger's repository (rule K9)."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from crawler.configuration import ConfigurationError
from crawler.operations.changed_files import HEAD, changed_files

pytestmark = pytest.mark.process

ENVIRON = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@a.example",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@a.example",
}


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=ENVIRON, capture_output=True, check=True
    )
    return os.fsdecode(done.stdout)


def commit(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{name}\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "x")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path.resolve() / "tree"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    commit(root, "a.md", "b.md", "c.md", "docs/d.md", ".gitignore")
    (root / ".gitignore").write_text("ignored*\n")
    commit(root)
    return root


def found(folder: Path, base: str = HEAD, **environ: str) -> list[str]:
    return [str(one.relative_to(folder)) for one in changed_files(folder, base, ENVIRON | environ)]


HOSTILE = [
    "-rf.md",
    "new\nline.md",
    'quo"te.md',
    "é.md",
    "back\\slash.md",
    "\x1b[1m.md",
    " .md",
    ":(top)x.md",
]


def test_the_work_tree_is_compared_with_the_last_commit(tree: Path) -> None:
    assert found(tree) == []
    (tree / "a.md").write_text("changed, and longer\n")
    (tree / "b.md").unlink()
    (tree / "c.md").write_text("staged, and longer\n")
    git(tree, "add", "c.md")
    (tree / "ignored.md").touch()
    for name in ("new.md", "docs/new.md", *HOSTILE):
        (tree / name).touch()
    assert found(tree) == sorted(["a.md", "b.md", "c.md", "new.md", "docs/new.md", *HOSTILE])
    assert found(tree / "docs") == ["new.md"]
    git(tree, "add", "-A")
    git(tree, "commit", "-qm", "x")
    assert found(tree) == []
    git(tree, "mv", "a.md", "moved.md")
    assert found(tree) == ["a.md", "moved.md"]


def test_a_branch_is_compared_with_where_it_left_its_base(tree: Path) -> None:
    git(tree, "checkout", "-qb", "feature")
    commit(tree, "mine.md", "docs/mine.md")
    git(tree, "checkout", "-q", "main")
    commit(tree, "theirs.md")
    git(tree, "checkout", "-q", "feature")
    (tree / "new.md").touch()
    assert found(tree, "main") == ["docs/mine.md", "mine.md", "new.md"]
    assert found(tree) == ["new.md"]
    assert found(tree, "HEAD~1") == ["docs/mine.md", "mine.md", "new.md"]


def test_before_the_first_commit_all_is_new(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.md").touch()
    (tmp_path / "b.md").touch()
    git(tmp_path, "add", "a.md")
    assert found(tmp_path.resolve()) == ["a.md", "b.md"]


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("", "is no revision"),
        ("-x", "is no revision"),
        ("--output=/tmp/x", "is no revision"),
        ("nope", "no commit 'nope'; `git fetch`"),
        ("docs", "no commit 'docs'; PATH comes before"),
        ("HEAD:a.md", "no commit"),
        ("a..b", "no commit"),
        ("x\ny", "no commit"),
        ("nul\x00", "no commit|cannot be asked"),
        ("other", "no commit that 'other' and this branch share"),
    ],
)
def test_a_base_that_is_none(tree: Path, base: str, said: str) -> None:
    git(tree, "checkout", "-q", "--orphan", "other")
    git(tree, "commit", "-qm", "x")
    git(tree, "checkout", "-q", "main")
    with pytest.raises(ConfigurationError, match=said):
        found(tree, base)


def test_without_git_or_a_work_tree(tree: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="git is not installed"):
        found(tree, PATH="/nonexistent")
    with pytest.raises(ConfigurationError, match="in no Git work tree"):
        found(tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    with pytest.raises(ConfigurationError, match="in no Git work tree"):
        found(tree / ".git")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_repository_of_another_user_is_not_believed(tree: Path) -> None:
    for path in (tree, tree / ".git"):
        os.chown(path, 12_345, 12_345)
    with pytest.raises(ConfigurationError, match="dubious ownership"):
        found(tree)


def test_the_environment_of_a_hook_names_no_other_repository(tree: Path, tmp_path: Path) -> None:
    (tree / "new.md").touch()
    hook = {name: str(tmp_path / "none") for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")}
    assert found(tree, **hook, GIT_PREFIX="docs/") == ["new.md"]


def test_a_repository_within_is_not_looked_into(tree: Path) -> None:
    module = tree / "module"
    git(tree, "init", "-q", "module")
    commit(module, "m.md")
    commit(tree)
    commit(module, "n.md")
    (module / "m.md").write_text("changed, and longer\n")
    assert "module" in git(tree, "diff-index", "--name-only", HEAD)
    assert found(tree) == []


def test_a_hostile_configuration_runs_nothing(tree: Path, tmp_path: Path) -> None:
    """Each of these runs a program in one of Git's commands; the first assertion shows that the trap is one."""
    ran = tmp_path / "ran"
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\necho $0 $* >> {ran}\ncat\n")
    trap.chmod(0o755)
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("post-index-change", "reference-transaction", "pre-commit"):
        (hooks / name).symlink_to(trap)
    module = tree / "module"
    git(tree, "init", "-q", "module")
    git(module, "config", "core.fsmonitor", str(trap))
    commit(module, "m.md")
    ran.unlink(missing_ok=True)
    (tree / ".gitattributes").write_text("*.md filter=evil diff=evil\n")
    commit(tree)
    for name, value in {
        "core.fsmonitor": trap,
        "core.hooksPath": hooks,
        "core.pager": trap,
        "core.editor": trap,
        "core.sshCommand": trap,
        "core.askPass": trap,
        "diff.external": trap,
        "diff.evil.textconv": trap,
        "diff.evil.command": trap,
        "filter.evil.clean": trap,
        "filter.evil.smudge": trap,
        "filter.evil.required": "true",
        "pager.diff-index": trap,
        "pager.ls-files": trap,
        "alias.ls-files": f"!{trap}",
        "remote.origin.url": f"ext::{trap}",
        "remote.origin.promisor": "true",
        "remote.origin.uploadpack": trap,
        "extensions.partialClone": "origin",
        "protocol.ext.allow": "always",
        "protocol.allow": "always",
        "credential.helper": trap,
    }.items():
        git(tree, "config", name, str(value))
    (tree / "a.md").write_text("changed, and longer\n")
    (tree / "b.md").touch()
    (module / "m.md").write_text("changed, and longer\n")
    git(tree, "status")
    assert ran.exists()
    ran.unlink()
    assert "a.md" in found(tree)
    assert "a.md" in found(tree, "HEAD~1")
    # A commit whose tree is not there would have to be fetched.
    tip = git(tree, "rev-parse", "HEAD^{tree}").strip()
    (tree / ".git/objects" / tip[:2] / tip[2:]).unlink()
    ran.unlink(missing_ok=True)
    with pytest.raises(ConfigurationError, match="git diff-index"):
        found(tree)
    assert not ran.exists()

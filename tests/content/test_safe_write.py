from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from crawler.content import WriteRefused, create, read_bytes, remove, replace, sha256_of, sweep
from crawler.model.article import ProblemCode

OLD, NEW = b"old content", b"new content, longer"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "news").mkdir(parents=True)
    (root / "news" / "a.md").write_bytes(OLD)
    (root / "news" / "a.md").chmod(0o640)
    return root


def names(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def refusal(root: Path, path: str, expected: bytes = OLD) -> WriteRefused:
    with pytest.raises(WriteRefused) as caught:
        replace(root, path, sha256_of(expected), NEW)
    assert not [name for name in names(root) if ".tmp" in name]
    assert caught.value.problem().path == path
    return caught.value


def test_replaces_content_and_keeps_the_rest(root: Path) -> None:
    target = root / "news" / "a.md"
    has_attributes = True
    try:
        os.setxattr(target, "user.note", b"kept")
    except OSError:
        has_attributes = False
    before = target.stat()
    stamp = replace(root, "news/a.md", sha256_of(OLD), NEW)
    after = target.stat()
    assert target.read_bytes() == NEW == read_bytes(root, "news/a.md")
    assert stat.S_IMODE(after.st_mode) == 0o640
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
    assert (stamp.size, stamp.sha256, stamp.inode) == (len(NEW), sha256_of(NEW), after.st_ino)
    assert stamp.ctime_ns == after.st_ctime_ns
    assert names(root) == ["news/a.md"]
    if has_attributes:
        assert os.getxattr(target, "user.note") == b"kept"


def test_a_file_that_was_just_written_is_looked_at_again(root: Path) -> None:
    """A same-size write within one tick of the clock would leave the same facts."""
    stamp = replace(root, "news/a.md", sha256_of(OLD), NEW)
    facts = (root / "news" / "a.md").stat()
    assert not stamp.same_stat(facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino)


def test_a_link_inside_is_written_through(root: Path) -> None:
    (root / "link.md").symlink_to("news/a.md")
    replace(root, "link.md", sha256_of(OLD), NEW)
    assert (root / "link.md").is_symlink()
    assert (root / "news" / "a.md").read_bytes() == NEW


def test_refusals(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_bytes(OLD)
    (root / "out.md").symlink_to(outside)
    (root / "loop.md").symlink_to("loop.md")
    os.mkfifo(root / "pipe.md")
    (root / "one.md").write_bytes(OLD)
    os.link(root / "one.md", root / "two.md")
    assert refusal(root, "out.md").code is ProblemCode.LEADS_OUTSIDE
    assert refusal(root, "../outside.md").code is ProblemCode.LEADS_OUTSIDE
    for path in ("loop.md", "pipe.md", "one.md", "missing.md", "news", "a\0b"):
        assert refusal(root, path).code is ProblemCode.WRITE_REFUSED
    assert refusal(root, "news/a.md", b"something else").reason == "it changed since it was read"
    assert outside.read_bytes() == (root / "one.md").read_bytes() == OLD
    for path in ("out.md", "loop.md", "pipe.md", "missing.md", "a\0b"):
        with pytest.raises(WriteRefused):
            read_bytes(root, path)


def test_a_read_only_file_is_left_alone(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everything
    assert refusal(root, "news/a.md").reason == "it is read-only"


def test_a_full_disk_leaves_the_original(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real_write = os.write

    def write(descriptor: int, data: bytes) -> int:
        if len(data) < 10:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real_write(descriptor, data[:10])

    monkeypatch.setattr(os, "write", write)
    assert refusal(root, "news/a.md").reason == os.strerror(errno.ENOSPC)
    assert (root / "news" / "a.md").read_bytes() == OLD


def fail(*_: object) -> None:
    raise OSError(errno.EROFS, os.strerror(errno.EROFS))


@pytest.mark.parametrize("name", ["mkstemp", "fsync", "fchmod"])
def test_any_failure_leaves_the_original(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(tempfile if name == "mkstemp" else os, name, fail)
    assert refusal(root, "news/a.md").reason == os.strerror(errno.EROFS)
    assert (root / "news" / "a.md").read_bytes() == OLD


def test_somebody_elses_file_stays_theirs(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = root / "news" / "a.md"
    try:
        os.chown(target, 12_345, 12_346)
    except PermissionError:
        pytest.skip("only root can give a file away")
    replace(root, "news/a.md", sha256_of(OLD), NEW)
    assert (target.stat().st_uid, target.stat().st_gid) == (12_345, 12_346)
    monkeypatch.setattr(os, "fchown", fail)
    assert refusal(root, "news/a.md", NEW).reason == os.strerror(errno.EROFS)
    assert target.read_bytes() == NEW


@pytest.mark.parametrize("rename", [False, True])
def test_who_saves_in_the_meantime_keeps_what_they_wrote(
    root: Path, monkeypatch: pytest.MonkeyPatch, rename: bool
) -> None:
    target = root / "news" / "a.md"
    real_fsync = os.fsync

    def fsync(descriptor: int) -> None:
        real_fsync(descriptor)
        if rename:
            (root / "editor").write_bytes(OLD)
            (root / "editor").replace(target)
        else:
            target.write_bytes(b"edited")

    monkeypatch.setattr(os, "fsync", fsync)
    reason = "it was replaced meanwhile" if rename else "it changed since it was read"
    assert refusal(root, "news/a.md").reason == reason
    assert target.read_bytes() == (OLD if rename else b"edited")


def test_a_new_file_and_its_folders(root: Path) -> None:
    mask = os.umask(0o027)
    try:
        create(root, "data/links/a.json", NEW)
    finally:
        os.umask(mask)
    target = root / "data" / "links" / "a.json"
    assert target.read_bytes() == NEW
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert names(root) == ["data/links/a.json", "news/a.md"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("news/a.md", ProblemCode.WRITE_REFUSED),
        ("news/a.md/b", ProblemCode.WRITE_REFUSED),
        ("dangling", ProblemCode.WRITE_REFUSED),
        ("dead-end/a", ProblemCode.WRITE_REFUSED),
        ("out/a", ProblemCode.LEADS_OUTSIDE),
        ("out/deeper/a", ProblemCode.LEADS_OUTSIDE),
        ("../a", ProblemCode.LEADS_OUTSIDE),
        ("a\0/b", ProblemCode.WRITE_REFUSED),
    ],
)
def test_no_new_file(root: Path, tmp_path: Path, path: str, code: ProblemCode) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / "out").symlink_to(outside)
    (root / "dead-end").symlink_to(tmp_path / "missing")
    (root / "dangling").symlink_to("missing")
    with pytest.raises(WriteRefused) as caught:
        create(root, path, NEW)
    assert caught.value.code is code
    assert list(outside.iterdir()) == []
    assert names(root) == ["news/a.md"]
    assert (root / "news" / "a.md").read_bytes() == OLD
    assert not (tmp_path / "missing").exists()


def test_a_new_file_inside_by_a_link(root: Path) -> None:
    (root / "link").symlink_to("news")
    create(root, "link/b.md", NEW)
    assert (root / "news" / "b.md").read_bytes() == NEW


def test_a_file_that_comes_up_meanwhile_stays(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real_fsync = os.fsync

    def fsync(descriptor: int) -> None:
        real_fsync(descriptor)
        (root / "new.md").write_bytes(OLD)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(WriteRefused, match="come up meanwhile"):
        create(root, "new.md", NEW)
    assert (root / "new.md").read_bytes() == OLD


def test_removed_with_the_folders_that_are_empty_then(root: Path) -> None:
    for path in ("data/links/a.json", "data/links/b.json", "data/other.json"):
        create(root, path, NEW)
    remove(root, "data/links/a.json", sha256_of(NEW))
    assert names(root) == ["data/links/b.json", "data/other.json", "news/a.md"]
    remove(root, "data/links/b.json", sha256_of(NEW))
    assert sorted(path.name for path in (root / "data").iterdir()) == ["other.json"]
    remove(root, "data/other.json", sha256_of(NEW))
    assert sorted(path.name for path in root.iterdir()) == ["news"]
    remove(root, "news/a.md", sha256_of(OLD))
    assert list(root.iterdir()) == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("out/b.md", ProblemCode.LEADS_OUTSIDE),
        ("out.md", ProblemCode.LEADS_OUTSIDE),
        ("link.md", ProblemCode.WRITE_REFUSED),
        ("link/a.md", ProblemCode.WRITE_REFUSED),
        ("other.md", ProblemCode.WRITE_REFUSED),
        ("missing.md", ProblemCode.WRITE_REFUSED),
        ("news", ProblemCode.WRITE_REFUSED),
    ],
)
def test_not_removed(root: Path, tmp_path: Path, path: str, code: ProblemCode) -> None:
    (tmp_path / "b.md").write_bytes(OLD)
    (root / "out").symlink_to(tmp_path)
    (root / "out.md").symlink_to(tmp_path / "b.md")
    (root / "link").symlink_to("news")
    (root / "link.md").symlink_to("news/a.md")
    (root / "other.md").write_bytes(NEW)
    before = names(root)
    with pytest.raises(WriteRefused) as caught:
        remove(root, path, sha256_of(OLD))
    assert caught.value.code is code
    assert names(root) == before
    assert (tmp_path / "b.md").read_bytes() == OLD


KILLED_AT_EVERY_STEP = """
import os, signal, sys
from pathlib import Path
from crawler.content import replace, sha256_of, sweep

root = Path(sys.argv[1])
target = root / "news" / "a.md"
calls = 0

def killed_at(step, real):
    def call(*arguments, **named):
        global calls
        calls += 1
        if calls == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **named)
    return call

for step in range(1, 100):
    target.write_bytes(b"old")
    child = os.fork()
    if not child:
        for name in "open write fsync fchmod close read rename replace unlink".split():
            setattr(os, name, killed_at(step, getattr(os, name)))
        replace(root, "news/a.md", sha256_of(b"old"), b"new")
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(status, target.read_bytes().decode(), sweep(root), len(list(root.rglob("*"))))
    if status == 0:
        break
"""


def test_a_kill_at_any_step_leaves_the_old_or_the_new(root: Path, project: Path) -> None:
    command = [sys.executable, "-c", KILLED_AT_EVERY_STEP, str(root)]
    run = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    *killed, finished = [line.split() for line in run.stdout.splitlines()]
    assert finished == ["0", "new", "0", "2"]
    assert len(killed) > 10
    assert {status for status, *_ in killed} == {"-9"}
    assert [content for _, content, *_ in killed] == sorted(
        (content for _, content, *_ in killed), reverse=True
    )
    assert {content for _, content, *_ in killed} == {"old", "new"}
    assert {swept for _, _, swept, _ in killed} == {"0", "1"}
    assert {left for *_, left in killed} == {"2"}


def test_sweep_takes_only_its_own(root: Path) -> None:
    (root / ".git").mkdir()
    for name in (".linkhealth-x.tmp", "news/.linkhealth-y.tmp", ".git/.linkhealth-z.tmp", "x.tmp"):
        (root / name).write_bytes(b"")
    (root / ".linkhealth-dir.tmp").mkdir()
    assert sweep(root) == 2
    assert names(root) == [".git/.linkhealth-z.tmp", "news/a.md", "x.tmp"]

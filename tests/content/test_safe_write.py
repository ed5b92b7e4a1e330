from __future__ import annotations

import errno
import fcntl
import os
import stat
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.content import (
    WriteRefused,
    create,
    read_bytes,
    remove,
    replace,
    safe_write,
    sha256_of,
    sweep,
)
from crawler.content.exchange import exchange
from crawler.files import Folder
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
    monkeypatch.setattr(os, "access", lambda *_, **__: False)  # root may write everything
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


@pytest.mark.parametrize("name", ["new_file", "fsync", "fchmod"])
def test_any_failure_leaves_the_original(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(Folder if name == "new_file" else os, name, fail)
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


def saved_between(root: Path, monkeypatch: pytest.MonkeyPatch, *, times: int, rename: bool) -> None:
    """Somebody saves in the moment before each of the first exchanges of names."""
    saves = iter(range(times))

    def late(folder: int, one: str, other: str) -> bool:
        number = next(saves, None)
        if number is not None:
            text = b"edited %d" % number
            if rename:
                (root / "editor").write_bytes(text)
                (root / "editor").replace(root / "news" / other)
            else:
                (root / "news" / other).write_bytes(text)
        return exchange(folder, one, other)

    monkeypatch.setattr(safe_write, "exchange", late)


@pytest.mark.skipif(sys.platform != "linux", reason="renameat2 is Linux's")
@pytest.mark.parametrize("rename", [False, True])
@pytest.mark.parametrize("times", [1, 2])
def test_who_saves_after_the_last_look_gets_it_back(
    root: Path, monkeypatch: pytest.MonkeyPatch, times: int, rename: bool
) -> None:
    saved_between(root, monkeypatch, times=times, rename=rename)
    assert refusal(root, "news/a.md").reason == "it changed since it was read"
    assert (root / "news" / "a.md").read_bytes() == b"edited %d" % (times - 1)


def test_where_names_cannot_be_exchanged_the_new_file_is_renamed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safe_write, "exchange", lambda *_: False)
    replace(root, "news/a.md", sha256_of(OLD), NEW)
    assert (root / "news" / "a.md").read_bytes() == NEW
    assert names(root) == ["news/a.md"]


def test_an_exchange_that_cannot_be_undone_still_gives_the_old_one_back(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = iter((True, False))

    def once(folder: int, one: str, other: str) -> bool:
        if next(tries):
            (root / "news" / other).write_bytes(b"edited")
            return exchange(folder, one, other)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(safe_write, "exchange", once)
    assert refusal(root, "news/a.md").reason == "it changed since it was read"
    assert (root / "news" / "a.md").read_bytes() == b"edited"


def test_exchange(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_bytes(b"1")
    folder = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    with pytest.raises(FileNotFoundError):
        exchange(folder, "one", "other")
    other.write_bytes(b"2")
    assert exchange(folder, "one", "other")
    assert (one.read_bytes(), other.read_bytes()) == (b"2", b"1")
    assert not exchange(folder, f"../{tmp_path.name}", "one"), (
        "what the kernel refuses (a folder and its own file) is told"
    )


def access_list() -> bytes:
    """A POSIX access list as the kernel keeps it: owner rw, user 12345 rw, group r, mask rw, others none."""
    entries = [(1, 6, -1), (2, 6, 12_345), (4, 4, -1), (16, 6, -1), (32, 0, -1)]
    packed = (struct.pack("<HHi", tag, rights, who) for tag, rights, who in entries)
    return struct.pack("<I", 2) + b"".join(packed)


def test_an_access_list_is_kept(root: Path) -> None:
    target = root / "news" / "a.md"
    try:
        os.setxattr(target, "system.posix_acl_access", access_list())
    except OSError as error:
        pytest.skip(f"no access lists here: {error.strerror}")
    mode = target.stat().st_mode
    replace(root, "news/a.md", sha256_of(OLD), NEW)
    assert os.getxattr(target, "system.posix_acl_access") == access_list()
    assert target.stat().st_mode == mode


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755, 0o4755, 0o2640, 0o444])
def test_every_mode_is_kept(root: Path, mode: int) -> None:
    target = root / "news" / "a.md"
    target.chmod(mode)
    if not os.access(target, os.W_OK):
        assert refusal(root, "news/a.md").reason == "it is read-only"
        return
    replace(root, "news/a.md", sha256_of(OLD), NEW)
    assert stat.S_IMODE(target.stat().st_mode) == mode


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes here")
@pytest.mark.parametrize(
    ("name", "kept"),
    [("user.note", True), ("system.posix_acl_access", True), ("security.x", False)],
)
def test_an_attribute_that_cannot_be_kept(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str, kept: bool
) -> None:
    """Attributes of a person are kept; those that the system sets on a new file do no harm."""
    monkeypatch.setattr(os, "listxattr", lambda _: [name])
    monkeypatch.setattr(os, "getxattr", lambda *_: b"x")
    monkeypatch.setattr(os, "setxattr", fail)
    if kept:
        assert refusal(root, "news/a.md").may_pass
    else:
        replace(root, "news/a.md", sha256_of(OLD), NEW)


@pytest.mark.parametrize(("code", "refused"), [(errno.ENOTSUP, False), (errno.EIO, True)])
def test_a_file_system_without_attributes(
    root: Path, monkeypatch: pytest.MonkeyPatch, code: int, refused: bool
) -> None:
    def none(_: object) -> list[str]:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "listxattr", none)
    if refused:
        assert refusal(root, "news/a.md").reason == os.strerror(code)
    else:
        replace(root, "news/a.md", sha256_of(OLD), NEW)


def test_what_may_pass_and_what_may_not(root: Path, tmp_path: Path) -> None:
    (root / "one.md").write_bytes(OLD)
    os.link(root / "one.md", root / "two.md")
    (tmp_path / "outside.md").write_bytes(OLD)
    (root / "out.md").symlink_to(tmp_path / "outside.md")
    for path in ("one.md", "out.md", "missing.md", "news", "a\0b"):
        assert not refusal(root, path).may_pass
    assert not refusal(root, "news/a.md", b"other").may_pass


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


@pytest.mark.process
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


def test_sweep_leaves_what_is_being_written(root: Path) -> None:
    """Another run may be at work on a collection that holds this one, with a lock of its own."""
    busy, stale = root / ".linkhealth-busy.tmp", root / ".linkhealth-stale.tmp"
    for path in (busy, stale):
        path.write_bytes(b"")
    with busy.open("wb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        assert sweep(root) == 1
    assert names(root) == [".linkhealth-busy.tmp", "news/a.md"]
    assert sweep(root) == 1


def test_sweep_of_one_folder_alone(root: Path) -> None:
    for name in (".linkhealth-x.tmp", "news/.linkhealth-y.tmp"):
        (root / name).write_bytes(b"")
    assert sweep(root, below=False) == 1
    assert names(root) == ["news/.linkhealth-y.tmp", "news/a.md"]


def test_a_file_being_replaced_is_not_swept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real_fsync = os.fsync
    swept = []

    def fsync(descriptor: int) -> None:
        swept.append(sweep(root))
        real_fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    replace(root, "news/a.md", sha256_of(OLD), NEW)
    assert swept[0] == 0, "only the old file, which has the temporary name at the end, may go"
    assert (root / "news" / "a.md").read_bytes() == NEW

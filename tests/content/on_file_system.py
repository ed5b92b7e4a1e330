"""Replacing files on real file systems: a full one, a read-only one, a folder that nobody may write.

    unshare --mount … python -m tests.content.on_file_system CASE FOLDER

Each case is run in a process of its own, in a mount namespace of its own where it mounts something, and
tells what it saw in one line of JSON.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from crawler.content import WriteRefused, replace, sha256_of
from crawler.content.collection_root import root_above

OLD, NEW = b"old " * 2_000, b"new content " * 2_000


def outcome(root: Path, path: str = "a.md") -> dict[str, object]:
    """The result of a replacement, and what the folder holds then."""
    reason, may_pass = "", False
    try:
        replace(root, path, sha256_of(OLD), NEW)
    except WriteRefused as refused:
        reason, may_pass = refused.reason, refused.may_pass
    content = (root / path).read_bytes()
    return {
        "reason": reason,
        "may_pass": may_pass,
        "content": {OLD: "old", NEW: "new"}.get(content, "torn"),
        "names": names(root),
    }


def mounted(folder: Path, size: str) -> Path:
    """A new tmpfs with an article; needs a mount namespace."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0777", "tmpfs", str(folder)]
    subprocess.run(command, check=True)
    (folder / "a.md").write_bytes(OLD)
    return folder


def full_disk(folder: Path) -> list[dict[str, object]]:
    """No room for the new file; then some."""
    root = mounted(folder, "64k")
    filler = root / "filler"
    with filler.open("wb", buffering=0) as stream:
        try:
            while stream.write(b"x" * 4_096):
                pass
        except OSError:
            pass
    found = [outcome(root)]
    filler.unlink()
    return [*found, outcome(root)]


def read_only(folder: Path) -> list[dict[str, object]]:
    """A file system that was made read-only; then writable again."""
    root = mounted(folder, "1m")
    subprocess.run(["mount", "-o", "remount,ro", str(root)], check=True)
    found = [outcome(root)]
    subprocess.run(["mount", "-o", "remount,rw", str(root)], check=True)
    return [*found, outcome(root)]


def closed_folder(folder: Path) -> list[dict[str, object]]:
    """A folder in which an ordinary user may write the file but make no other; then one that is open."""
    root = mounted(Path("/mnt"), "1m") if os.getuid() == 0 else folder
    (root / "a.md").write_bytes(OLD)
    (root / "a.md").chmod(0o666)
    root.chmod(0o555)
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(65_534, 65_534, 65_534)
        os.setresuid(65_534, 65_534, 0)
    found = [outcome(root)]
    if os.getresuid()[2] == 0:
        os.setresuid(0, 0, 0)
    root.chmod(0o777)
    return [*found, outcome(root)]


def mark_on_another(folder: Path) -> list[dict[str, object]]:
    """A mark above the top of a file system, without it and with it at the top."""
    root = folder / "mounted"
    root.mkdir()
    (folder / ".linkhealth.yml").touch()
    before = root_above(root).root
    posts = mounted(root, "1m") / "posts"
    posts.mkdir()
    above = root_above(posts).root
    (root / ".linkhealth.yml").touch()
    at_top = root_above(posts).root
    return [{"root": one and one.folder.name} for one in (before, above, at_top)]


def size_limit(folder: Path) -> list[dict[str, object]]:
    """A limit on the size of files in the middle of the new file; then none."""
    (folder / "a.md").write_bytes(OLD)
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(NEW) // 2, most))
    found = [outcome(folder)]
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    return [*found, outcome(folder)]


class Opponent:
    """A child process that does one thing at each request, and answers with one byte."""

    def __init__(self, act: Callable[[int], bytes]) -> None:
        orders, self._orders = os.pipe()
        self._answers, answers = os.pipe()
        self._pid = os.fork()
        if self._pid:
            os.close(orders)
            os.close(answers)
            return
        os.close(self._orders)
        number = 0
        while os.read(orders, 1):
            os.write(answers, act(number))
            number += 1
        os._exit(0)

    def start(self) -> None:
        """Let it act now."""
        os.write(self._orders, b".")

    def answer(self) -> bytes:
        """Wait until it has acted."""
        return os.read(self._answers, 1)

    def end(self) -> None:
        """Let it go."""
        os.close(self._orders)
        os.close(self._answers)
        os.waitpid(self._pid, 0)


def a_person_saves(folder: Path, rounds: int = 500) -> list[dict[str, object]]:
    """Somebody saves the file while it is replaced, by a new file or in place: their version stays."""
    target = folder / "a.md"
    chance = random.Random(1)
    target.write_bytes(OLD)
    began = time.perf_counter()
    replace(folder, "a.md", sha256_of(OLD), NEW)
    longest = 1.5 * (time.perf_counter() - began)

    def save(number: int) -> bytes:
        end = time.perf_counter() + chance.random() * longest
        while time.perf_counter() < end:
            pass
        text = b"edited %d" % number
        if number % 2:
            target.write_bytes(text)
        else:
            (folder / "editor.swp").write_bytes(text)
            (folder / "editor.swp").replace(target)
        return b"."

    person = Opponent(save)
    lost = refused = 0
    for number in range(rounds):
        target.write_bytes(OLD)
        person.start()
        try:
            replace(folder, "a.md", sha256_of(OLD), NEW)
        except WriteRefused:
            refused += 1
        person.answer()
        lost += target.read_bytes() != b"edited %d" % number
    person.end()
    return [{"lost": lost, "refused": refused, "rounds": rounds, "names": names(folder)}]


def two_writers(folder: Path, rounds: int = 300) -> list[dict[str, object]]:
    """Two runs without a common lock replace the same file: one of them succeeds, the other is refused."""
    target = folder / "a.md"
    other_text = NEW + b"of the other"

    def write(data: bytes) -> bytes:
        try:
            replace(folder, "a.md", sha256_of(OLD), data)
        except WriteRefused:
            return b"r"
        return b"w"

    other = Opponent(lambda _: write(other_text))
    counts = {"ours": 0, "theirs": 0, "neither": 0, "wrong": 0}
    for _ in range(rounds):
        target.write_bytes(OLD)
        other.start()
        here = write(NEW)
        answers = here + other.answer()
        expected = {b"wr": ("ours", NEW), b"rw": ("theirs", other_text), b"rr": ("neither", OLD)}
        who, content = expected.get(answers, ("wrong", b""))
        counts[who if target.read_bytes() == content else "wrong"] += 1
    other.end()
    return [{**counts, "names": names(folder)}]


def names(folder: Path) -> list[str]:
    """The names in a folder."""
    return sorted(found.name for found in folder.iterdir())


CASES = {
    case.__name__: case
    for case in (
        full_disk,
        read_only,
        closed_folder,
        mark_on_another,
        size_limit,
        a_person_saves,
        two_writers,
    )
}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(CASES[sys.argv[1]](Path(sys.argv[2]))))

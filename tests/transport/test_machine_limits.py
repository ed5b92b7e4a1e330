from __future__ import annotations

import resource
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.transport import machine_limits
from crawler.transport.machine_limits import (
    FEWEST,
    MOST_IDLE,
    PER_REQUEST,
    RESERVED,
    SMALLEST_MEMORY,
    WANTED,
    MachineLimitError,
    Room,
    check_limits,
    room_for,
)

OPEN = 10
SMALLEST = OPEN + RESERVED + FEWEST
INFINITE = resource.RLIM_INFINITY


class Limits:
    """The limits of a made-up process."""

    def __init__(self) -> None:
        self.files = (1024, 4096)
        self.space = (INFINITE, INFINITE)

    def get(self, which: int) -> tuple[int, int]:
        return self.files if which == resource.RLIMIT_NOFILE else self.space

    def set(self, which: int, limits: tuple[int, int]) -> None:
        assert which == resource.RLIMIT_NOFILE
        if limits[0] > limits[1] and limits[1] != INFINITE:
            raise ValueError
        self.files = limits


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[Limits]:
    made = Limits()
    monkeypatch.setattr(resource, "getrlimit", made.get)
    monkeypatch.setattr(resource, "setrlimit", made.set)
    monkeypatch.setattr(machine_limits, "_open_descriptors", lambda _limit: OPEN)
    before = threading.stack_size()
    yield made
    threading.stack_size(before)


@pytest.mark.parametrize(
    ("soft", "hard", "after"),
    [
        (256, 256, 256),
        (256, 1024, 1024),
        (1024, 1_048_576, WANTED),
        (1024, INFINITE, WANTED),
        (65_536, 65_536, 65_536),
        (INFINITE, INFINITE, INFINITE),
    ],
)
def test_the_soft_limit_is_raised_to_what_a_crawl_may_use(
    limits: Limits, tmp_path: Path, soft: int, hard: int, after: int
) -> None:
    limits.files = (soft, hard)
    check_limits(tmp_path)
    assert limits.files == (after, hard)


@pytest.mark.parametrize("files", [SMALLEST, SMALLEST + 1, 200, 256, 300, 1024, 20_000])
@pytest.mark.parametrize("workers", [1, 4, 32, 256])
def test_connections_never_take_what_is_reserved(limits: Limits, files: int, workers: int) -> None:
    limits.files = (files, files)
    room = room_for(workers)
    assert 1 <= room.in_flight <= workers
    assert 1 <= room.idle <= MOST_IDLE
    assert OPEN + RESERVED + PER_REQUEST * room.in_flight + room.idle <= files


def test_a_small_limit_makes_a_slow_crawl_and_a_smaller_one_none(
    limits: Limits, tmp_path: Path
) -> None:
    limits.files = (SMALLEST, SMALLEST)
    assert room_for(32) == Room(4, 4)
    limits.files = (SMALLEST - 1, SMALLEST - 1)
    with pytest.raises(
        MachineLimitError, match=rf"may open {SMALLEST - 1} files .* at least {SMALLEST}"
    ):
        check_limits(tmp_path)
    # What the run itself has opened since is in the reserve.
    assert room_for(32) == Room(4, 4)
    limits.files = (INFINITE, INFINITE)
    assert room_for(32) == Room(32, MOST_IDLE)


def test_address_space(limits: Limits, tmp_path: Path) -> None:
    limits.space = (SMALLEST_MEMORY, INFINITE)
    check_limits(tmp_path)
    limits.space = (SMALLEST_MEMORY - 1, INFINITE)
    with pytest.raises(MachineLimitError, match="of memory"):
        check_limits(tmp_path)


@pytest.mark.parametrize(
    ("membership", "files", "fits"),
    [
        # Version 2: the group, one above it, and what says `max`.
        ("0::/user/run\n", {"user/run/memory.max": "150000000"}, False),
        ("0::/user/run\n", {"user/memory.max": "150000000", "user/run/memory.max": "max"}, False),
        ("0::/user/run\n", {"user/run/memory.max": "max"}, True),
        ("0::/user/run\n", {"user/run/memory.max": "300000000"}, True),
        ("0::/user/run\n", {"user/other/memory.max": "1"}, True),
        # In a container the path is the host's, and the group is mounted at the top.
        ("0::/docker/abc\n", {"memory.max": "150000000"}, False),
        # Version 1: the line of the memory controller alone.
        ("9:memory:/job\n4:cpu:/\n", {"memory/job/memory.limit_in_bytes": "150000000"}, False),
        ("9:memory:/job\n", {"memory/job/memory.limit_in_bytes": "9223372036854771712"}, True),
        ("4:cpu,cpuacct:/job\n", {"memory/job/memory.limit_in_bytes": "1"}, True),
        ("3:name=systemd:/memory\n", {"memory/memory.limit_in_bytes": "1"}, True),
        ("nothing of the kind\n", {"memory.max": "1"}, True),
        ("", {}, True),
    ],
)
def test_control_groups(
    limits: Limits, tmp_path: Path, membership: str, files: dict[str, str], fits: bool
) -> None:
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/cgroup").write_text(membership)
    for name, text in files.items():
        file = tmp_path / "sys/fs/cgroup" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{text}\n")
    if fits:
        check_limits(tmp_path)
    else:
        with pytest.raises(MachineLimitError, match="143 MB"):
            check_limits(tmp_path)


def test_open_descriptors_are_counted() -> None:
    before = machine_limits._open_descriptors(1024)
    with Path(__file__).open(), Path(__file__).open():
        assert machine_limits._open_descriptors(1024) == before + 2

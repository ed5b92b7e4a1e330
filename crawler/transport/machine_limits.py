"""What this process may have of its machine: descriptors and memory, and how many connections fit into that.

A crawl that runs out of descriptors half way can neither look names up nor commit what it has seen. So connections
get what is left when the state, the reports and the threads that look names up have theirs, and a limit that is too
small for any crawl is said before it begins.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FULL = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
"""The errno of an OSError that says that our machine has no descriptor or no memory left."""

WANTED = 4096
"""Descriptors: the soft limit is raised to so many, where the hard one allows it. No run needs more."""
RESERVED = 120
"""Descriptors that are never a connection's. 24 look-ups at a time have 3 each (two sockets, a file), 8 probes of certificates
one each; state, lock, reports, thumbnails' pipes and logs take some 30."""
FEWEST = 12
"""Connections without which a crawl does not begin."""
MOST_IDLE = 512
"""Idle connections that are kept. A host's next request mostly comes within its delay: then some hundred are under way."""
PER_REQUEST = 2
"""Descriptors for each request under way: a name with several addresses is tried at two at once, mostly."""

SMALLEST_MEMORY = 200 * 1024 * 1024
"""Bytes. A crawl of 3,000 hosts has a peak of 160 MB (benchmarks/many_hosts.py), and reports need some more."""
STACK_BYTES = 1024 * 1024
"""Of a thread. The default is 8 MB of address space each: 40 threads fill a small machine's with nothing."""

ARENAS = 2
_M_ARENA_MAX = -8
"""glibc's malloc.h."""

_CGROUP_FILES = ("memory.max", "memory.limit_in_bytes")


class MachineLimitError(Exception):
    """A limit of this process is too small for a crawl; the text says which, and how to raise it."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many requests may be under way at a time, and how many idle connections are kept beside them."""

    in_flight: int
    idle: int


def check_limits(root: Path = Path("/")) -> None:
    """Raise the soft limit of descriptors to what a crawl may use. Raises MachineLimitError where no crawl is possible.

    `root` is where /proc and /sys are.
    """
    threading.stack_size(STACK_BYTES)
    _share_arenas()
    _raise_descriptors()
    _check_descriptors()
    _check_memory(root)


def room_for(wanted: int) -> Room:
    """The room for connections, with `wanted` requests under way at most."""
    free = _free()
    if free is None:
        return Room(wanted, MOST_IDLE)
    # What was opened since the limits were checked has its place in the reserve.
    free = max(free, FEWEST)
    in_flight = min(wanted, free // (PER_REQUEST + 1))
    return Room(in_flight, min(MOST_IDLE, free - PER_REQUEST * in_flight))


def _free() -> int | None:
    """Descriptors that connections may have; None for any number."""
    soft = _soft_limit()
    return None if soft is None else soft - _open_descriptors(soft) - RESERVED


def _check_descriptors() -> None:
    free, soft = _free(), _soft_limit()
    if free is not None and soft is not None and free < FEWEST:
        raise MachineLimitError(
            f"this process may open {soft:,} files at a time, and a crawl needs at least "
            f"{soft - free + FEWEST:,}: raise the limit (ulimit -n 1024, LimitNOFILE=)"
        )


def has_no_descriptor() -> bool:
    """Whether no file can be opened at this moment."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return error.errno in FULL
    return False


def _share_arenas() -> None:
    """Let all threads allocate from few arenas: glibc gives each its own, with 64 MB of address space (mallopt(3))."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS)


def _soft_limit() -> int | None:
    """Descriptors that this process may have; None for any number."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return None if soft == resource.RLIM_INFINITY else soft


def _raise_descriptors() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= WANTED:
        return
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    # macOS has a second limit, which it does not tell.
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(wanted, soft), hard))


def _open_descriptors(limit: int) -> int:
    """How many are open now, inherited ones included."""
    for listing in ("/proc/self/fd", "/dev/fd"):
        with suppress(OSError):
            # The listing itself has one.
            return max(0, len(os.listdir(listing)) - 1)  # noqa: PTH208 - names, not paths
    return sum(map(_is_open, range(min(limit, WANTED))))


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _check_memory(root: Path) -> None:
    limits = [limit for limit in (_address_space(), *_cgroup_limits(root)) if limit is not None]
    smallest = min(limits, default=None)
    if smallest is not None and smallest < SMALLEST_MEMORY:
        raise MachineLimitError(
            f"this process may have {smallest // 2**20:,} MB of memory, and a crawl needs at least "
            f"{SMALLEST_MEMORY // 2**20:,} MB: raise the limit (ulimit -v, MemoryMax=, docker --memory)"
        )


def _address_space() -> int | None:
    soft = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if soft == resource.RLIM_INFINITY else soft


def _cgroup_limits(root: Path) -> Iterator[int | None]:
    """The limits of the control groups that this process is in, and of those above them (cgroups(7), both versions)."""
    with suppress(OSError):
        for line in (root / "proc/self/cgroup").read_text("utf-8", "replace").splitlines():
            number, _, rest = line.partition(":")
            controllers, _, path = rest.partition(":")
            if not number.isdecimal() or (controllers and "memory" not in controllers.split(",")):
                continue
            top = root / "sys/fs/cgroup" / ("memory" if controllers else "")
            # In a container the path may be the host's: then only the top is there.
            group = Path(path.lstrip("/"))
            for folder in (group, *group.parents):
                yield from (_bytes_in(top / folder / name) for name in _CGROUP_FILES)


def _bytes_in(file: Path) -> int | None:
    """The number in a file of a control group; None for `max`, and where there is none."""
    try:
        text = file.read_text("ascii").strip()
        return int(text)
    except (OSError, ValueError):
        return None

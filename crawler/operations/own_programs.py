"""Programs of ours in processes of their own: how one is started, and what it is given."""

from __future__ import annotations

import contextlib
import json
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def started(
    program: Path,
    task: object,
    *arguments: str,
    made: int | IO[bytes],
    pass_fds: Sequence[int] = (),
) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of our program files with this process's import path and a task, which is pickled; its stdin stays open, and
    its stdout is `made`. At the end of the block it is killed. Raises OSError."""
    process = subprocess.Popen(  # noqa: S603 - our own program, and no shell
        [sys.executable, "-I", program, *arguments],
        stdin=subprocess.PIPE,
        stdout=made,
        stderr=subprocess.DEVNULL,
        pass_fds=pass_fds,
    )
    try:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(sys.path).encode() + b"\n" + pickle.dumps(task))
            process.stdin.flush()
        yield process
    finally:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        process.wait()

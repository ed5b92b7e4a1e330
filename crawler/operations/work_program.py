"""The program of `crawler.operations.other_process`, which is run by its path.

On stdin it is given the import path as a line of JSON and a pickled function, then one pickled item after the other. To stdout
it writes for each, in the same order, what the function makes of it: pickled, behind its length in bytes. It ends with its
stdin.
"""

from __future__ import annotations

import gc
import json
import pickle
import signal
import sys
from typing import BinaryIO

LENGTH = 8
"""Bytes of the number before each result: how many bytes it has."""
_ALLOCATIONS = 100_000
"""Objects until Python looks for cycles, of which results have none: by default 700 in this version."""


def refuse_sockets(event: str, _arguments: object) -> None:
    """An audit hook: nothing that is done here needs the network, whatever a page or a file makes a library do."""
    if event.startswith("socket."):
        raise PermissionError("a process that works for another opens no socket")


def main(given: BinaryIO, made: BinaryIO) -> None:
    """Do the work for every item of which this process is told."""
    # A signal from the terminal is meant for the process that started this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.path[:] = json.loads(given.readline())
    work = pickle.load(given)  # noqa: S301 - from the process that started this one
    sys.addaudithook(refuse_sockets)
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS)
    while True:
        try:
            item = pickle.load(given)  # noqa: S301 - see above
        except EOFError:
            return
        packed = pickle.dumps(work(item), pickle.HIGHEST_PROTOCOL)
        made.write(len(packed).to_bytes(LENGTH))
        made.write(packed)
        made.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)

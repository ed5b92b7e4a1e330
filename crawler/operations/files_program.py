"""A process of `crawler.operations.files_apart`, which runs this file by its path.

On stdin it is given the import path as a line of JSON and a pickled `Repository`, then one pickled `Candidate` after the
other. To stdout it writes for each, in the same order, what the file is: pickled, behind its length in bytes. It ends with
its stdin.
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
"""Objects until Python looks for cycles, of which articles have none: by default 700 in this version."""


def main(given: BinaryIO, made: BinaryIO) -> None:
    """Read every file of which this process is told."""
    # A signal from the terminal is meant for the process that started this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.path[:] = json.loads(given.readline())
    from crawler.content import Read
    from crawler.state import stored_article

    repository = pickle.load(given)  # noqa: S301 - from the process that started this one
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS)
    while True:
        try:
            candidate = pickle.load(given)  # noqa: S301 - see above
        except EOFError:
            return
        found = repository.look_at(candidate)
        if isinstance(found, Read):
            found = stored_article(found.article, found.stamp)
        packed = pickle.dumps(found, pickle.HIGHEST_PROTOCOL)
        made.write(len(packed).to_bytes(LENGTH))
        made.write(packed)
        made.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)

"""The other process of `crawler.operations.articles_apart`, which runs this file by its path.

On stdin it is given the import path as a line of JSON and a pickled `ArticlesTask`. Into the file that is its stdout it writes
batches of pickled articles, each behind its length in bytes, and into the pipe whose descriptor is its argument a byte for
each. Any failure ends it with another code than 0; then the last byte is missing.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import sys
from itertools import islice
from typing import BinaryIO

LENGTH = 8
"""Bytes of the number before each batch: how many bytes it has."""
ONE_BATCH, THE_END = b".", b"!"
"""What is said in the pipe: that a batch more is in the file, that there are no more."""
_AT_ONCE = 50
"""Articles of a batch: some 60 KB."""
_ALLOCATIONS = 100_000
"""Objects until Python looks for cycles, of which articles and checks have none: by default 700 in this version."""


def main(given: BinaryIO, made: BinaryIO, pipe: int) -> None:
    """Check all articles of the task."""
    sys.path[:] = json.loads(given.readline())
    from crawler.operations.checked_articles import ArticlesTask, checked_articles
    from crawler.state import open_state

    task: ArticlesTask = pickle.load(given)  # noqa: S301 - from the process that started this one
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS)
    with open_state(task.root, task.database_url) as state:
        articles = checked_articles(state, task.scope)
        while batch := list(islice(articles, _AT_ONCE)):
            packed = pickle.dumps(batch, pickle.HIGHEST_PROTOCOL)
            made.write(len(packed).to_bytes(LENGTH))
            made.write(packed)
            made.flush()
            os.write(pipe, ONE_BATCH)
    os.write(pipe, THE_END)


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]))

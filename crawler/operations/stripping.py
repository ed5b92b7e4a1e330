"""Removing every block from the files, and the sidecar, whether the state knows of them or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from crawler.content import (
    BLOCK_KEY,
    SpliceRefused,
    WriteRefused,
    read_bytes,
    replace,
    sha256_of,
    splice,
)
from crawler.model.article import Problem
from crawler.session import Session
from crawler.sidecar import updating as sidecar


@dataclass(slots=True)
class Stripped:
    """The result for the files: paths restored, how many had no block, problems of those left as they are.

    `removed` are the files of the sidecar that are gone.
    """

    written: list[str] = field(default_factory=list)
    without: int = 0
    removed: list[str] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)


def strip_files(session: Session, tick: Callable[[int], None] | None = None) -> Stripped:
    """Restore every article file of the session's content. `tick(done)` is called for each."""
    outcome = Stripped()
    root = session.content.root
    for done, path in enumerate(session.repository.paths(), start=1):
        if tick is not None:
            tick(done)
        try:
            data = read_bytes(root, path)
            if BLOCK_KEY.encode() not in data:
                outcome.without += 1
                continue
            result = splice(data, None)
            if result.data == data:
                outcome.without += 1
                continue
            stamp = replace(root, path, sha256_of(data), result.data)
        except SpliceRefused as refused:
            outcome.refused.append(refused.problem(path))
        except WriteRefused as refused:
            outcome.refused.append(refused.problem())
        else:
            session.state.complete_write(path, stamp, None, result.line, result.shift)
            outcome.written.append(path)
    beside = sidecar.withdraw(session)
    outcome.removed += beside.changed
    outcome.refused += beside.refused
    return outcome

"""The checks of articles in a process of their own, while this one reads the URLs of a report (ADR 36).

Both take about as long, and nothing of the one follows from the other. The other process opens the state for itself, so
that it sees what is committed, as this one does. It is only faster: where it ends for whatever reason, this process goes
on from where the other came to, with the same results.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Final, Self

from crawler.operations.articles_program import LENGTH, ONE_BATCH, THE_END
from crawler.operations.checked_articles import (
    ArticlesTask,
    CheckedArticle,
    checked_articles,
    related_image_sizes,
)
from crawler.operations.checking import CheckScope
from crawler.operations.own_programs import started
from crawler.session import Session

WORTH_IT: Final = 1000
"""Articles from which on another process is faster: it takes half a second to start."""
_PROGRAM: Final = Path(__file__).with_name("articles_program.py")


class ArticlesApart:
    """The checked articles of a session, for one reading. To be used as a context: at its end the other process ends.

    `program` is what the other process runs, None for no other process at all.
    """

    def __init__(self, session: Session, program: Path | None = _PROGRAM) -> None:
        self._session = session
        self._scope = CheckScope.of(session)
        self._program = program
        self._held = contextlib.ExitStack()
        self._other: _Other | None = None
        self._is_begun = False
        self._sizes: Mapping[str, int] | None = None
        self.process: subprocess.Popen[bytes] | None = None
        """The other process, once it was started."""

    def begin(self, articles: int) -> None:
        """Start the other process, where that is worth it for so many articles, and has not been done."""
        program = None if self._is_begun else self._program
        self._is_begun = True
        if program is not None and self._is_worth_it(articles):
            configuration = self._session.configuration
            task = ArticlesTask(self._session.content.root, configuration.database_url, self._scope)
            with contextlib.suppress(OSError):
                self._other = self._held.enter_context(_Other(program, task))
                self.process = self._other.process

    def __call__(self) -> Iterator[CheckedArticle]:
        """Every article, by path, each time from the first one. Raises StateError."""
        other, self._other, self._is_begun = self._other, None, True
        done: dict[str, int] = {}
        if other is not None:
            for one in other.articles():
                done[one.path] = one.related_image_sizes
                yield one
            if other.is_complete:
                self._sizes = done
                return
        if self._sizes is None:
            self._sizes = related_image_sizes(self._session.state, self._scope)
        articles = checked_articles(self._session.state, self._scope, self._sizes)
        yield from islice(articles, len(done), None)

    def _is_worth_it(self, articles: int) -> bool:
        processes = self._session.configuration.processes
        return self._scope.asked is None and articles >= WORTH_IT and processes > 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._other = None
        self._held.close()


class _Other:
    """The other process. It writes batches into a file that has no name, and a byte for each into a pipe: a pipe alone
    would hold it up until somebody reads."""

    def __init__(self, program: Path, task: ArticlesTask) -> None:
        self.is_complete = False
        self._stack = contextlib.ExitStack()
        with contextlib.ExitStack() as stack:
            self._file: IO[bytes] = stack.enter_context(TemporaryFile())
            read, write = os.pipe()
            self._pipe = stack.enter_context(os.fdopen(read, "rb", buffering=0))
            with os.fdopen(write, "wb", buffering=0):
                self.process = stack.enter_context(
                    started(program, task, str(write), made=self._file, pass_fds=(write,))
                )
            self._stack = stack.pop_all()

    def articles(self) -> Iterator[CheckedArticle]:
        """The articles as they come. They end early where the process does; `is_complete` says whether they are all."""
        at = 0
        while (said := self._pipe.read(1)) == ONE_BATCH:
            # By position: the process writes at the place that both share.
            length = int.from_bytes(os.pread(self._file.fileno(), LENGTH, at))
            batch = os.pread(self._file.fileno(), length, at + LENGTH)
            at += LENGTH + length
            yield from pickle.loads(batch)  # noqa: S301 - from our own program, in a file without a name
        self.is_complete = said == THE_END

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()
